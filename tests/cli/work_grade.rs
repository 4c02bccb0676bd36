//! How right a plan was, by what landed: in the list of runs, and told to the expert who made it the next time.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::harness::text;
use crate::programs::{REQUEST, Stage, edits};

/// Changes one of the two files that the plan names, and one that it does not.
const WRITER: &str = r#"#!/bin/sh
cat >/dev/null
echo 'greet()  # please' >main.py
echo 'WORDS = []' >words.py
echo '{"schemaVersion": 1, "outcome": "done", "summary": "it says please"}'
"#;

/// Writes down what it is given, and says the same as before.
const LISTENER: &str = r#"cat >"$1/given-$POAG_EXPERT"
cat "$1/say/app-1"
"#;

#[test]
fn a_plan_is_graded_by_what_landed_and_its_expert_is_told_the_next_time() {
    let stage = Stage::new();
    let repository = &stage.repository;
    repository.git(&["config", "user.name", "Ada"]);
    repository.git(&["config", "user.email", "ada@example.org"]);
    let role = "role = \"Owns app.\";";
    let proven = format!("{role}\n    checks = [ \"grep -q please main.py\" ];");
    repository.edit("app/flake.nix", role, &proven);
    repository
        .poag("app")
        .args(["learn", "--all"])
        .assert()
        .success();
    repository.commit("learn");
    let mut turn = edits("main.py", "say please");
    let other = edits("api.py", "take a word for please");
    let more = other["edits"][0].clone();
    turn["edits"].as_array_mut().unwrap().push(more);
    stage.says("app-1", &turn);
    let asked = stage.ask(&[REQUEST]).output().unwrap();
    assert!(asked.status.success(), "{}", text(&asked.stderr));

    let runs = || -> Value {
        let output = repository.poag("app").args(["runs", "--json"]).output();
        serde_json::from_slice(&output.unwrap().stdout).unwrap()
    };
    assert_eq!(runs()[0].get("grade"), None);
    let writer = stage.folder.join("writer");
    fs::write(&writer, WRITER).unwrap();
    fs::set_permissions(&writer, fs::Permissions::from_mode(0o755)).unwrap();
    let mut start = repository.poag("app");
    start.args([
        "work",
        "start",
        "--approvals",
        "0",
        "--yes",
        "--agent-command",
    ]);
    let started = start.arg(&writer).output().unwrap();
    let said = text(&started.stderr);
    assert!(started.status.success(), "{said}");
    let grade = json!({
        "hit": ["app/main.py"], "unneeded": ["app/api.py"], "missed": ["app/words.py"],
    });
    assert_eq!(runs()[0]["grade"], grade, "{said}");
    let list = repository.poag("app").arg("runs").output().unwrap();
    let list = text(&list.stdout);
    assert!(
        list.contains("[1 of 2 files named changed, 1 not named]"),
        "{list}"
    );

    // Not before a person has taken it.
    let given = |again: &str| -> Value {
        fs::write(stage.folder.join("program"), LISTENER).unwrap();
        let asked = stage.ask(&[again]).output().unwrap();
        assert!(asked.status.success(), "{}", text(&asked.stderr));
        let given = fs::read(stage.folder.join("given-app")).unwrap();
        let given: Value = serde_json::from_slice(&given).unwrap();
        given
    };
    assert_eq!(earlier(&given("Say it twice")), None);
    repository
        .poag("app")
        .args(["work", "land"])
        .assert()
        .success();
    let input = given("Say it three times");
    let told = json!([{
        "request": REQUEST, "changedAsNamed": ["main.py"], "namedInVain": ["api.py"],
        "changedUnnamed": ["words.py"],
    }]);
    assert_eq!(earlier(&input), Some(&told), "{input:#}");
}

/// What an expert is told of earlier plans, wherever its turn stands in what a program is given.
fn earlier(given: &Value) -> Option<&Value> {
    match given {
        Value::Object(fields) => {
            let found = fields.get("earlierPlans");
            found.or_else(|| fields.values().find_map(earlier))
        }
        Value::Array(values) => values.iter().find_map(earlier),
        _ => None,
    }
}

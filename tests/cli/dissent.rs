//! Experts that disagree: objections are heard, owners decide about their own flakes, and what stays is shown.

use std::process::Output;

use serde_json::{Value, json};

use crate::harness::text;
use crate::programs::{REQUEST, Stage, asks, edits, objecting};

fn plan(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)))
}

/// app asks py and web, which ask lib; lib changes its api so.
fn stage(instruction: &str) -> Stage {
    let stage = Stage::new();
    stage.says("app-1", &asks(&["py", "web"]));
    stage.says("py-1", &asks(&["lib"]));
    stage.says("web-1", &asks(&["lib"]));
    stage.says("lib-1", &edits("api.py", instruction));
    stage
}

#[test]
fn an_objection_that_the_owner_meets_leaves_its_new_version_and_no_dissent() {
    let stage = stage("rename greet");
    let objection = objecting(edits("main.py", "call it"), "lib", "keep the old name too");
    for turn in ["py-2", "py-3"] {
        stage.says(turn, &objection);
    }
    stage.says("lib-2", &edits("api.py", "add polite beside greet"));
    for turn in ["lib-3", "lib-4"] {
        stage.says(turn, &edits("api.py", "add polite beside greet"));
    }
    for turn in ["py-4", "py-5", "web-2", "web-3", "web-4"] {
        stage.says(turn, &edits("main.py", "call polite"));
    }
    // py accepts as soon as it has heard of the amendment, whichever of its turns that is.
    let heard = r#"
        input=$(cat)
        if [ "$POAG_EXPERT" = py ] && printf %s "$input" | grep -q 'add polite beside greet'; then
            exec cat "$1/say/py-5"
        fi
    "#;
    let program = stage.folder.join("program");
    let usual = std::fs::read_to_string(&program).unwrap();
    std::fs::write(&program, format!("{heard}{usual}")).unwrap();
    let output = stage.ask(&[REQUEST]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let plan = plan(&output);
    assert_eq!(
        plan["subflakes"]["lib"]["./api.py"],
        "add polite beside greet"
    );
    assert_eq!(plan["subflakes"]["py"]["./main.py"], "call polite");
    assert_eq!(plan["council"]["dissent"], json!([]));
    let story = stage
        .repository
        .poag("app")
        .args(["run", "show", "last"])
        .output()
        .unwrap();
    let story = text(&story.stdout);
    assert!(
        story.contains("objects  to lib: keep the old name too"),
        "{story}"
    );
    assert!(
        story.contains("py objects: keep the old name too"),
        "{story}"
    );
}

#[test]
fn an_objection_that_stays_is_shown_with_an_exit_code_of_its_own() {
    let stage = stage("rename greet");
    for turn in ["lib-2", "lib-3", "lib-4"] {
        stage.says(turn, &edits("api.py", "rename greet"));
    }
    for turn in ["py-2", "py-3", "py-4"] {
        stage.says(turn, &objecting(asks(&[]), "lib", "keep the old name too"));
    }
    let output = stage.ask(&[REQUEST]).output().unwrap();
    assert_eq!(output.status.code(), Some(8), "{}", text(&output.stderr));
    let plan = plan(&output);
    assert_eq!(plan["subflakes"]["lib"]["./api.py"], "rename greet");
    let dissent = json!([{"from": "py", "to": "lib", "reason": "keep the old name too"}]);
    assert_eq!(plan["council"]["dissent"], dissent);
    let first = plan["plan"][0].as_str().unwrap();
    assert!(first.contains("settle what py objects to"), "{first}");
    let story = stage
        .repository
        .poag("app")
        .args(["run", "show", "last"])
        .output()
        .unwrap();
    let story = text(&story.stdout);
    assert!(
        story.contains("dissent  py objects to lib: keep the old name too"),
        "{story}"
    );
}

#[test]
fn an_owner_is_not_outvoted_in_its_own_flake_by_all_its_consumers() {
    let stage = stage("rename greet");
    for turn in ["lib-2", "lib-3", "lib-4", "lib-5"] {
        stage.says(turn, &edits("api.py", "rename greet"));
    }
    for (name, reason) in [("py", "py needs it"), ("web", "web needs it")] {
        for turn in 2..6 {
            stage.says(
                &format!("{name}-{turn}"),
                &objecting(asks(&[]), "lib", reason),
            );
        }
    }
    let output = stage.ask(&[REQUEST]).output().unwrap();
    assert_eq!(output.status.code(), Some(8), "{}", text(&output.stderr));
    let plan = plan(&output);
    assert_eq!(plan["subflakes"]["lib"]["./api.py"], "rename greet");
    let mut from: Vec<&str> = plan["council"]["dissent"]
        .as_array()
        .unwrap()
        .iter()
        .map(|dissent| dissent["from"].as_str().unwrap())
        .collect();
    from.sort_unstable();
    assert_eq!(from, ["py", "web"]);
}

#[test]
fn a_provider_that_objects_to_its_consumer_does_not_change_the_consumers_flake() {
    let stage = Stage::new();
    let mut first = asks(&["py"]);
    first["edits"] = edits("main.py", "greet everybody")["edits"].take();
    for turn in ["app-1", "app-2", "app-3", "app-4"] {
        stage.says(turn, &first);
    }
    for turn in ["py-1", "py-2", "py-3"] {
        stage.says(turn, &objecting(asks(&[]), "app", "greet one at a time"));
    }
    let output = stage.ask(&[REQUEST]).output().unwrap();
    assert_eq!(output.status.code(), Some(8), "{}", text(&output.stderr));
    let plan = plan(&output);
    assert_eq!(plan["subflakes"]["app"]["./main.py"], "greet everybody");
    assert!(plan["subflakes"].get("py").is_none());
}

//! Dissent on the command line: an exit code of its own, and the story of it; how experts decide is shown in tests/engine.

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

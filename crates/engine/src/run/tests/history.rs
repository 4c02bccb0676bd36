//! What the ledger holds of a run tells its history, and replays to the same bytes.

use std::sync::Mutex;

use serde_json::json;

use super::{Scripted, hold, stage, usual};
use crate::run::{Artifacts, history};
use poag_core::council::assemble;
use poag_core::council::event::Event;
use poag_core::council::limits::Limits;
use poag_core::council::message::TurnInput;
use poag_ledger::Ledger;

#[test]
fn a_replay_of_the_story_gives_the_plan_byte_for_byte() {
    let stage = stage();
    let agent = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
    let outcome = hold(&stage, &agent, Limits::default()).unwrap();
    let history = history(&stage.ledger, &outcome.run).unwrap();
    let council = history.council().unwrap();
    let expected = outcome.plan.to_json().unwrap();
    assert_eq!(assemble(&council).to_json().unwrap(), expected);
    let Event::RunFinished { plan } = &history.events.last().unwrap().event else {
        panic!("the run did not end");
    };
    assert_eq!(plan.to_json().unwrap(), expected);
}

#[test]
fn the_story_says_why_somebody_was_asked() {
    let stage = stage();
    let agent = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
    let outcome = hold(&stage, &agent, Limits::default()).unwrap();
    let history = history(&stage.ledger, &outcome.run).unwrap();
    let report = assemble(&history.council().unwrap()).council;
    let lib: Vec<_> = report.asked.iter().filter(|ask| ask.to == "lib").collect();
    let from: Vec<_> = lib.iter().map(|ask| ask.from.as_str()).collect();
    assert_eq!(from, ["web", "py"]);
    assert_eq!(lib[0].reason, "it provides what is asked for");
}

#[test]
fn every_event_and_artifact_of_a_turn_has_its_place() {
    let stage = stage();
    let agent = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
    let outcome = hold(&stage, &agent, Limits::default()).unwrap();
    let kinds: Vec<String> = stage
        .ledger
        .events(&outcome.run, 0)
        .unwrap()
        .into_iter()
        .map(|event| event.kind)
        .collect();
    let begin = ["runStarted", "turnStarted", "joined", "turnFinished"];
    assert_eq!(kinds[..4], begin);
    assert_eq!(kinds.last().unwrap(), "runFinished");
    let artifacts = Artifacts::of(&stage.ledger, &outcome.run).unwrap();
    let request = artifacts.read("turn/lib/1/1/request").unwrap().unwrap();
    let request: serde_json::Value = serde_json::from_slice(&request).unwrap();
    assert_eq!(request["unread"].as_array().unwrap().len(), 2);
    let answer = stage.ledger.artifact(&outcome.run, "turn/lib/1/1/answer");
    assert!(answer.unwrap().unwrap().starts_with(b"{"));
}

#[test]
fn what_a_turn_was_given_follows_from_the_events_word_by_word() {
    let stage = stage();
    let tries = Mutex::new(0);
    let agent = Scripted::new(move |expert, turn| {
        if (expert, turn) == ("lib", 1) {
            let mut tries = tries.lock().unwrap();
            *tries += 1;
            if *tries == 1 {
                return Ok(json!({"schemaVersion": 1, "edits": "none"}));
            }
        }
        Ok(usual(expert, turn))
    });
    let outcome = hold(&stage, &agent, Limits::default()).unwrap();
    let artifacts = Artifacts::of(&stage.ledger, &outcome.run).unwrap();
    let requests = artifacts.names().filter(|name| name.ends_with("/request"));
    let read = |name: &str| artifacts.read(name).unwrap().unwrap();
    let mut followed: Vec<String> = requests
        .map(|name| String::from_utf8(read(name)).unwrap())
        .collect();
    followed.sort();
    let given = agent.inputs.lock().unwrap();
    let given = given.iter().map(|input| {
        let input: TurnInput = serde_json::from_value(input.clone()).unwrap();
        serde_json::to_string(&input).unwrap()
    });
    let mut given: Vec<String> = given.collect();
    given.sort();
    assert_eq!(followed, given);
    assert!(given.iter().any(|input| input.contains("\"retry\":{")));
    // Nothing of it is kept a second time.
    let kept = stage.ledger.artifacts(&outcome.run).unwrap();
    assert!(kept.iter().all(|(name, _)| !name.ends_with("/request")));
}

#[test]
fn a_large_answer_is_kept_once_and_read_back_as_it_was_said() {
    let stage = stage();
    let large = "so ".repeat(3_000);
    let said = move |expert: &str, turn| {
        let mut said = usual(expert, turn);
        match expert {
            // Word by word what its event says; and the same in other words, which the event does not keep.
            "lib" => said["edits"][0]["instruction"] = json!(large),
            "py" if turn > 1 => {
                said["edits"][0]["instruction"] = json!(large);
                said["edits"][0]["path"] = json!("./main");
            }
            _ => {}
        }
        said
    };
    let script = said.clone();
    let agent = Scripted::new(move |expert, turn| Ok(script(expert, turn)));
    let outcome = hold(&stage, &agent, Limits::default()).unwrap();
    let kept = stage.ledger.artifacts(&outcome.run).unwrap();
    let kept = |name: &str| kept.iter().any(|(kept, _)| kept == name);
    let artifacts = Artifacts::of(&stage.ledger, &outcome.run).unwrap();
    for (expert, turn, is_kept) in [("lib", 1, false), ("py", 2, true), ("app", 1, true)] {
        let name = format!("turn/{expert}/{turn}/1/answer");
        assert_eq!(kept(&name), is_kept, "{name}");
        let answer = artifacts.read(&name).unwrap().unwrap();
        let expected = serde_json::to_vec(&said(expert, turn)).unwrap();
        assert_eq!(answer, expected, "{name}");
    }
}

//! What the ledger holds of a run tells its story, and replays to the same bytes.

use super::{Scripted, hold, stage, usual};
use crate::council::event::Event;
use crate::council::limits::Limits;
use crate::council::plan;
use crate::council::runner::story;
use crate::ledger::Ledger;

#[test]
fn a_replay_of_the_story_gives_the_plan_byte_for_byte() {
    let stage = stage();
    let agent = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
    let outcome = hold(&stage, &agent, Limits::default()).unwrap();
    let story = story(&stage.ledger, &outcome.run).unwrap();
    let council = story.council().unwrap();
    let expected = outcome.plan.to_json().unwrap();
    assert_eq!(plan::assemble(&council).to_json().unwrap(), expected);
    let Event::RunFinished { plan } = &story.moments.last().unwrap().event else {
        panic!("the run did not end");
    };
    assert_eq!(plan.to_json().unwrap(), expected);
}

#[test]
fn the_story_says_why_somebody_was_asked() {
    let stage = stage();
    let agent = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
    let outcome = hold(&stage, &agent, Limits::default()).unwrap();
    let story = story(&stage.ledger, &outcome.run).unwrap();
    let report = plan::assemble(&story.council().unwrap()).council;
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
    let request = stage.ledger.artifact(&outcome.run, "turn/lib/1/1/request");
    let request: serde_json::Value = serde_json::from_slice(&request.unwrap().unwrap()).unwrap();
    assert_eq!(request["unread"].as_array().unwrap().len(), 2);
    let answer = stage.ledger.artifact(&outcome.run, "turn/lib/1/1/answer");
    assert!(answer.unwrap().unwrap().starts_with(b"{"));
}

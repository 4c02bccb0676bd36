//! Objections, amendments, and dissent that stays.

use crate::council::assemble;
use crate::council::machine::NextStep;
use crate::council::message::Body;
use crate::testing::{asks, council, due, edits, flake, graph, objects, said, start, take};

#[test]
fn an_owner_that_amends_is_judged_again_and_the_objection_is_gone() {
    let graph = graph(vec![flake("app", &["lib"]), flake("lib", &[])]);
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["lib"]));
    take(&mut council, "lib", edits(&["src/a"]));
    take(&mut council, "app", objects("lib", "not a, b"));
    let (turn, messages) = start(&mut council, "lib");
    assert!(matches!(
        &council.message(messages[0]).unwrap().body,
        Body::Objection { reason } if reason == "not a, b"
    ));
    let amended = crate::testing::finished(&turn, edits(&["src/b"]));
    council.apply(&amended).unwrap();
    assert_eq!(due(&council), ["app"]);
    take(&mut council, "app", said());
    assert_eq!(council.actions(), [NextStep::Finish]);
    let plan = assemble(&council);
    assert!(!plan.has_dissent());
    assert!(plan.subflakes["lib"].contains_key("./src/b"));
    assert!(!plan.subflakes["lib"].contains_key("./src/a"));
}

#[test]
fn an_owner_that_insists_is_not_outvoted_and_the_dissent_is_shown() {
    let graph = graph(vec![flake("app", &["lib"]), flake("lib", &[])]);
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["lib"]));
    take(&mut council, "lib", edits(&["src/a"]));
    take(&mut council, "app", objects("lib", "not a, b"));
    take(&mut council, "lib", edits(&["src/a"]));
    assert_eq!(council.actions(), [NextStep::Finish]);
    let plan = assemble(&council);
    assert_eq!(plan.council.dissent[0].reason, "not a, b");
    assert!(plan.subflakes["lib"].contains_key("./src/a"));
    assert!(plan.plan[0].starts_with("Before anything else, settle what app objects to"));
}

#[test]
fn an_objection_that_an_amendment_does_not_meet_is_sent_again() {
    let graph = graph(vec![flake("app", &["lib"]), flake("lib", &[])]);
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["lib"]));
    take(&mut council, "lib", edits(&["src/a"]));
    take(&mut council, "app", objects("lib", "not so"));
    take(&mut council, "lib", edits(&["src/b"]));
    take(&mut council, "app", objects("lib", "not so"));
    assert_eq!(due(&council), ["lib"]);
}

#[test]
fn a_provider_may_object_to_its_consumer() {
    let graph = graph(vec![flake("app", &["lib"]), flake("lib", &[])]);
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["lib"]));
    take(&mut council, "lib", objects("app", "ask for less"));
    let (_, messages) = start(&mut council, "app");
    assert_eq!(messages.len(), 2, "the objection and the reply together");
}

#[test]
fn an_objection_to_a_stranger_reaches_nobody_and_is_shown() {
    let graph = graph(vec![
        flake("app", &["mid"]),
        flake("mid", &["base"]),
        flake("base", &[]),
    ]);
    let mut council = council(&graph);
    take(&mut council, "app", objects("base", "no"));
    assert_eq!(council.actions(), [NextStep::Finish]);
    let plan = assemble(&council);
    assert!(plan.has_dissent());
    assert!(
        plan.council.notes[0]
            .text
            .contains("'base', which is not its neighbour")
    );
}

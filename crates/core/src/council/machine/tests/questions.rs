//! Asks, replies, and when a turn begins.

use crate::council::assemble;
use crate::council::event::{Event, Failure, FailureKind};
use crate::council::machine::{Council, NextStep};
use crate::council::message::Body;
use crate::testing::{asks, council, due, edits, flake, graph, said, start, take};

fn kinds(council: &Council<'_>, to: &str) -> Vec<&'static str> {
    let messages = council.messages().iter().filter(|message| message.to == to);
    messages
        .map(|message| match message.body {
            Body::Ask { .. } => "ask",
            Body::Reply { .. } => "reply",
            Body::NoReply { .. } => "no reply",
            Body::Objection { .. } => "objection",
            Body::Notice { .. } => "notice",
        })
        .collect()
}

#[test]
fn a_root_that_asks_nobody_ends_the_council_with_its_turn() {
    let graph = graph(vec![flake("app", &["lib"]), flake("lib", &[])]);
    let mut council = council(&graph);
    assert_eq!(due(&council), ["app"]);
    take(&mut council, "app", said());
    assert_eq!(council.actions(), [NextStep::Finish]);
}

#[test]
fn a_reply_comes_only_after_the_provider_has_its_own_answers() {
    let graph = graph(vec![
        flake("app", &["mid"]),
        flake("mid", &["base"]),
        flake("base", &[]),
    ]);
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["mid"]));
    take(&mut council, "mid", asks(&["base"]));
    assert_eq!(due(&council), ["base"]);
    take(&mut council, "base", edits(&["src"]));
    assert_eq!(due(&council), ["mid"], "mid revises before it replies");
    take(&mut council, "mid", edits(&["src"]));
    assert_eq!(due(&council), ["app"]);
    assert_eq!(kinds(&council, "app"), ["ask", "reply"]);
}

#[test]
fn a_fast_branch_is_not_kept_waiting_by_a_slow_one() {
    let graph = graph(vec![
        flake("app", &["fast", "slow"]),
        flake("fast", &[]),
        flake("slow", &[]),
    ]);
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["fast", "slow"]));
    start(&mut council, "slow");
    take(&mut council, "fast", said());
    assert_eq!(due(&council), ["app"]);
}

#[test]
fn several_unread_messages_are_one_turn() {
    let graph = graph(vec![
        flake("app", &["a", "b"]),
        flake("a", &["base"]),
        flake("b", &["base"]),
        flake("base", &[]),
    ]);
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["a", "b"]));
    take(&mut council, "a", asks(&["base"]));
    take(&mut council, "b", asks(&["base"]));
    let (_, messages) = start(&mut council, "base");
    assert_eq!(messages.len(), 2);
    let input = council.input(
        &crate::council::TurnId {
            expert: "base".into(),
            turn: 1,
            attempt: 1,
        },
        &messages,
    );
    let from: Vec<_> = input.unread.iter().filter_map(|m| m.from.clone()).collect();
    assert_eq!(from, ["a", "b"]);
}

#[test]
fn an_ask_to_somebody_who_is_no_neighbour_is_refused_and_noted() {
    let graph = graph(vec![
        flake("app", &["mid"]),
        flake("mid", &["base"]),
        flake("base", &[]),
    ]);
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["base", "ghost", "app", "mid"]));
    assert_eq!(due(&council), ["mid"]);
    let refused: Vec<_> = assemble(&council)
        .council
        .refused
        .into_iter()
        .map(|refused| (refused.to, refused.why))
        .collect();
    let why = |name: &str| {
        (
            name.to_owned(),
            format!("'{name}' is not a neighbour of 'app'"),
        )
    };
    assert_eq!(refused, [why("base"), why("ghost"), why("app")]);
}

#[test]
fn the_same_question_is_not_asked_twice() {
    let graph = graph(vec![flake("app", &["lib"]), flake("lib", &[])]);
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["lib"]));
    take(&mut council, "lib", said());
    take(&mut council, "app", asks(&["lib"]));
    assert_eq!(council.actions(), [NextStep::Finish]);
    assert_eq!(kinds(&council, "lib"), ["ask"]);
}

#[test]
fn an_expert_that_failed_answers_nobody_and_its_askers_go_on_without() {
    let graph = graph(vec![flake("app", &["lib"]), flake("lib", &[])]);
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["lib"]));
    let (turn, _) = start(&mut council, "lib");
    let failed = Event::TurnFailed {
        turn,
        backend: "scripted".into(),
        failure: Failure {
            kind: FailureKind::Unavailable,
            reason: "no key\nrepair: get one".into(),
            retry: false,
        },
        usage: Default::default(),
    };
    council.apply(&failed).unwrap();
    assert_eq!(kinds(&council, "app"), ["ask", "no reply"]);
    take(&mut council, "app", edits(&["src"]));
    let plan = assemble(&council);
    let ask = &plan.council.asked[0];
    assert!(!ask.answered);
    assert_eq!(ask.why_not.as_deref(), Some("'lib' failed: no key"));
    assert!(plan.council.failures[0].last);
    assert!(!plan.subflakes.contains_key("lib"));
}

#[test]
fn a_failed_turn_is_taken_again_once_where_that_can_help() {
    let graph = graph(vec![flake("app", &[])]);
    let mut council = council(&graph);
    for attempt in 1..=2 {
        let (turn, _) = start(&mut council, "app");
        assert_eq!((turn.turn, turn.attempt), (1, attempt));
        let failed = Event::TurnFailed {
            turn,
            backend: "scripted".into(),
            failure: Failure {
                kind: FailureKind::Invalid,
                reason: "no turn".into(),
                retry: true,
            },
            usage: Default::default(),
        };
        council.apply(&failed).unwrap();
    }
    assert_eq!(council.actions(), [NextStep::Finish]);
    let plan = assemble(&council);
    let last: Vec<bool> = plan.council.failures.iter().map(|f| f.last).collect();
    assert_eq!(last, [false, true]);
    assert!(plan.root_failure().is_some());
}

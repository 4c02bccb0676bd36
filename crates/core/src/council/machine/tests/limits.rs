//! Limits: what stops, what is finished, what the plan says.

use serde_json::json;

use crate::agent::Usage;
use crate::council::assemble;
use crate::council::event::{Event, Failure, FailureKind};
use crate::council::limits::{Limits, Reached};
use crate::council::machine::{Council, NextStep};
use crate::council::message::Body;
use crate::testing::{asks, due, edits, finished, flake, graph, said, start, started, take};

#[test]
fn the_last_turn_allowed_waits_for_every_answer() {
    let graph = graph(vec![
        flake("app", &["a", "b"]),
        flake("a", &[]),
        flake("b", &[]),
    ]);
    let limits = Limits {
        turns_per_expert: 2,
        ..Limits::default()
    };
    let mut council = Council::new(&graph, started(&graph, limits));
    take(&mut council, "app", asks(&["a", "b"]));
    take(&mut council, "a", said());
    assert_eq!(due(&council), ["b"]);
    take(&mut council, "b", said());
    take(&mut council, "app", asks(&["a"]));
    assert_eq!(council.actions(), [NextStep::Finish]);
    let report = assemble(&council).council;
    assert!(
        report.limits.is_empty(),
        "that question was asked before: nothing was lost"
    );
}

#[test]
fn an_expert_without_turns_left_answers_what_it_has_and_nothing_new() {
    let graph = graph(vec![
        flake("app", &["a", "b"]),
        flake("a", &["base"]),
        flake("b", &["base"]),
        flake("base", &[]),
    ]);
    let mut one_turn = started(&graph, Limits::default());
    one_turn.limits.turns_per_expert = 1;
    let mut council = Council::new(&graph, one_turn);
    take(&mut council, "app", asks(&["a"]));
    assert_eq!(council.actions(), [NextStep::Finish]);
    let report = assemble(&council).council;
    assert_eq!(
        report.limits,
        [Reached::Turns {
            expert: "app".into(),
            allowed: 1
        }]
    );
    assert!(report.refused[0].why.contains("no turn left"));
}

#[test]
fn no_turn_begins_beyond_the_tokens_but_those_under_way_count() {
    let graph = graph(vec![
        flake("app", &["a", "b"]),
        flake("a", &[]),
        flake("b", &[]),
    ]);
    let limits = Limits {
        tokens: 200,
        ..Limits::default()
    };
    let mut council = Council::new(&graph, started(&graph, limits));
    take(&mut council, "app", asks(&["a", "b"]));
    let (a, _) = start(&mut council, "a");
    let (b, _) = start(&mut council, "b");
    council.apply(&finished(&a, edits(&["x"]))).unwrap();
    assert!(
        council.actions().is_empty(),
        "b is under way, app may not begin"
    );
    council.apply(&finished(&b, edits(&["y"]))).unwrap();
    assert_eq!(council.actions(), [NextStep::Finish]);
    let plan = assemble(&council);
    assert_eq!(plan.council.limits, [Reached::Tokens { allowed: 200 }]);
    assert!(plan.subflakes.contains_key("b"));
    assert!(plan.is_cut_short());
}

#[test]
fn an_expert_that_cost_what_its_flake_allows_takes_no_more_turns() {
    let mut costly = flake("app", &["a", "b"]);
    costly["agent"] = json!({"maxCostUsd": 0.002});
    let graph = graph(vec![costly, flake("a", &[]), flake("b", &[])]);
    let mut council = Council::new(&graph, started(&graph, Limits::default()));
    take(&mut council, "app", asks(&["a"]));
    take(&mut council, "a", said());
    assert_eq!(due(&council), ["app"], "one turn cost half of it");
    take(&mut council, "app", asks(&["b"]));
    assert_eq!(council.actions(), [NextStep::Finish]);
    let plan = assemble(&council);
    let reached = Reached::ExpertMoney {
        expert: "app".into(),
        allowed: "0.002".into(),
    };
    assert_eq!(reached.to_string(), "money of app: 0.002 USD");
    assert_eq!(plan.council.limits, [reached]);
    assert_eq!(plan.council.refused[0].to, "b");
    assert!(plan.is_cut_short());
}

#[test]
fn a_failure_that_used_up_what_an_expert_may_cost_is_not_tried_again() {
    for (cost_usd, again) in [(0.001, true), (0.002, false)] {
        let mut costly = flake("app", &[]);
        costly["agent"] = json!({"maxCostUsd": 0.002});
        let graph = graph(vec![costly]);
        let mut council = Council::new(&graph, started(&graph, Limits::default()));
        let (turn, _) = start(&mut council, "app");
        let failed = Event::TurnFailed {
            turn,
            backend: "scripted".into(),
            failure: Failure {
                kind: FailureKind::Invalid,
                reason: "no turn\nrepair: follow the schema".into(),
                retry: true,
            },
            usage: Usage {
                cost_usd,
                ..Usage::default()
            },
        };
        council.apply(&failed).unwrap();
        assert_eq!(due(&council) == ["app"], again);
        assert_eq!(assemble(&council).is_cut_short(), !again);
    }
}

#[test]
fn what_one_expert_may_cost_stops_nobody_else() {
    let mut costly = flake("a", &[]);
    costly["agent"] = json!({"maxCostUsd": 0.001});
    let graph = graph(vec![flake("app", &["a", "b"]), costly, flake("b", &[])]);
    let mut council = Council::new(&graph, started(&graph, Limits::default()));
    take(&mut council, "app", asks(&["a", "b"]));
    take(&mut council, "a", said());
    take(&mut council, "b", said());
    take(&mut council, "app", said());
    assert_eq!(council.actions(), [NextStep::Finish]);
    let report = assemble(&council).council;
    assert!(
        report.limits.is_empty() && report.asked.iter().all(|ask| ask.answered),
        "nobody wanted another turn of it: {report:?}"
    );
}

#[test]
fn when_the_time_is_up_turns_under_way_are_dropped_and_named() {
    let graph = graph(vec![flake("app", &["lib"]), flake("lib", &[])]);
    let mut council = Council::new(&graph, started(&graph, Limits::default()));
    take(&mut council, "app", asks(&["lib"]));
    let (turn, _) = start(&mut council, "lib");
    council.apply(&Event::TimeIsUp {}).unwrap();
    council.apply(&finished(&turn, said())).unwrap_err();
    assert_eq!(council.actions(), [NextStep::Finish]);
    let report = assemble(&council).council;
    assert_eq!(report.limits, [Reached::Time { allowed: 3600 }]);
    assert_eq!(report.dropped[0].expert, "lib");
    assert!(!report.asked[0].answered);
}

#[test]
fn messages_and_depth_are_bounded_by_name() {
    let graph = graph(vec![
        flake("app", &["mid"]),
        flake("mid", &["base"]),
        flake("base", &[]),
    ]);
    let limits = Limits {
        depth: 1,
        ..Limits::default()
    };
    let mut shallow = Council::new(&graph, started(&graph, limits));
    take(&mut shallow, "app", asks(&["mid"]));
    take(&mut shallow, "mid", asks(&["base"]));
    let report = assemble(&shallow).council;
    assert_eq!(report.limits, [Reached::Depth { allowed: 1 }]);

    let limits = Limits {
        messages: 2,
        ..Limits::default()
    };
    let mut terse = Council::new(&graph, started(&graph, limits));
    take(&mut terse, "app", asks(&["mid"]));
    take(&mut terse, "mid", asks(&["base"]));
    let last = terse.messages().last().unwrap();
    assert!(
        matches!(last.body, Body::Reply { .. }),
        "what was asked is answered"
    );
    let report = assemble(&terse).council;
    assert_eq!(report.limits, [Reached::Messages { allowed: 2 }]);
}

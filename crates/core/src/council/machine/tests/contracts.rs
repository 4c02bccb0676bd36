//! Who must judge an edit to a file that a contract names.

use crate::council::assemble;
use crate::council::event::TurnId;
use crate::council::machine::NextStep;
use crate::council::message::Body;
use crate::plan::Judgement;
use crate::testing::{asks, council, due, edits, flake, graph, said, start, take};

fn diamond() -> crate::expert::Graph {
    graph(vec![
        flake("app", &["a", "b"]),
        flake("a", &["base"]),
        flake("b", &["base"]),
        flake("base", &[]),
    ])
}

#[test]
fn a_consumer_that_did_not_ask_is_told_of_an_edit_to_its_contract() {
    let graph = diamond();
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["a"]));
    take(&mut council, "a", asks(&["base"]));
    take(
        &mut council,
        "base",
        edits(&["api/greet.rs", "src/inner.rs"]),
    );
    assert_eq!(due(&council), ["a", "b"]);
    let (_, messages) = start(&mut council, "b");
    let Body::Notice { contracts, result } = &council.message(messages[0]).unwrap().body else {
        panic!("no notice");
    };
    assert_eq!(contracts, &["api"]);
    assert_eq!(result.edits.len(), 2);
}

#[test]
fn an_edit_to_no_contract_concerns_nobody_who_did_not_ask() {
    let graph = diamond();
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["a"]));
    take(&mut council, "a", asks(&["base"]));
    take(&mut council, "base", edits(&["src/inner.rs", "apiary/x"]));
    assert_eq!(due(&council), ["a"]);
}

#[test]
fn nobody_is_told_the_same_edit_twice_and_everybody_a_different_one() {
    let graph = diamond();
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["a"]));
    take(&mut council, "a", asks(&["base"]));
    take(&mut council, "base", edits(&["api/x"]));
    take(&mut council, "b", asks(&["base"]));
    take(&mut council, "base", edits(&["api/x", "src/more"]));
    take(&mut council, "a", said());
    assert_eq!(due(&council), ["app", "b"], "a knows api/x already");
    take(&mut council, "b", said());
    take(&mut council, "app", said());
    assert_eq!(council.actions(), [NextStep::Finish]);
    let verdicts = assemble(&council).council.verdicts;
    assert!(verdicts.iter().all(|v| v.verdict == Judgement::Accept));
    assert_eq!(verdicts.len(), 4);
}

#[test]
fn a_verdict_that_a_failure_keeps_away_is_shown_as_missing() {
    let graph = graph(vec![flake("app", &["lib"]), flake("lib", &[])]);
    let mut council = council(&graph);
    take(&mut council, "app", asks(&["lib"]));
    take(&mut council, "lib", edits(&["api"]));
    let (turn, _) = start(&mut council, "app");
    let failed = crate::council::Event::TurnFailed {
        turn,
        backend: "scripted".into(),
        failure: crate::council::Failure {
            kind: crate::council::FailureKind::Failed,
            reason: "gone".into(),
            retry: false,
        },
        usage: Default::default(),
    };
    council.apply(&failed).unwrap();
    let plan = assemble(&council);
    let missing: Vec<_> = plan
        .council
        .verdicts
        .iter()
        .filter(|opinion| opinion.verdict == Judgement::Missing)
        .map(|opinion| (opinion.expert.as_str(), opinion.about.as_deref()))
        .collect();
    assert_eq!(missing, [("app", Some("lib"))]);
    assert!(
        plan.plan
            .iter()
            .any(|step| step.contains("app has not judged it"))
    );
}

#[test]
fn a_turn_says_what_is_needed_of_whom_and_who_needs_what_even_where_an_edge_names_nothing() {
    let mut app = flake("app", &["a", "base"]);
    app["neighbors"]["base"]["needs"] = serde_json::json!({});
    let graph = graph(vec![app, flake("a", &["base"]), flake("base", &[])]);
    let council = council(&graph);
    let turn = |expert: &str| TurnId {
        expert: expert.into(),
        turn: 1,
        attempt: 1,
    };
    let input = council.input(&turn("app"), &[]);
    assert_eq!(input.neighbors["a"].needs["api"], "to work");
    assert_eq!(
        input.neighbors["base"].needs["api"],
        "taken with everything else it provides"
    );
    assert!(input.consumers.is_empty());
    let input = council.input(&turn("base"), &[]);
    let takes: Vec<_> = input
        .consumers
        .iter()
        .map(|(name, view)| (name.as_str(), view.takes["api"].as_str()))
        .collect();
    assert_eq!(
        takes,
        [
            ("a", "to work"),
            ("app", "taken with everything else you provide")
        ]
    );
}

//! A debate that dies goes on from its ledger: nobody is asked twice, and nothing is seen early.

use poag_core::debate::{DebateEvent, DebateResult};
use poag_ledger::Recorded;

use super::*;
use crate::testing::DyingLedger;

const NAMES: [&str; 3] = ["ada", "bob", "cleo"];

/// A result without what differs from run to run: labels are drawn anew in each.
fn essence(result: &DebateResult) -> (Vec<(String, String)>, usize, u32) {
    let choices = result.choices.iter();
    let mut said: Vec<_> = choices
        .map(|one| (one.by.clone(), one.position.clone()))
        .collect();
    said.sort();
    let votes = result
        .participants
        .values()
        .filter(|one| one.ranking.is_some());
    (said, votes.count(), result.turns)
}

#[test]
fn a_debate_that_dies_at_any_write_goes_on_and_asks_nobody_twice() {
    let whole = Scene::new();
    let (start, panel) = whole.start(&NAMES, 2);
    let expected = essence(&whole.hold(start, &panel, &Cast::usual()).result.unwrap());
    assert_eq!((expected.0.len(), expected.1, expected.2), (3, 3, 9));
    let mut deaths = 0;
    for writes in 0.. {
        let scene = Scene::new();
        let (start, panel) = scene.start(&NAMES, 2);
        let run = start.run.clone();
        let mortal = DyingLedger::new(&scene.ledger, writes).with_a_jumping_clock();
        let first = Cast::usual();
        let mut observer = ();
        let parts = scene.parts(&mortal, &panel, &first, &mut observer);
        let ended = block(hold(start, "/some/flake", parts));
        if ended.is_ok() {
            break;
        }
        deaths += 1;
        // What was written down of turns that ended stays; only those are not asked again.
        let before = scene.debate(&run);
        let said: Vec<(String, u64)> = ended_turns(&scene, &run);
        let second = Cast::usual();
        let result = scene.resume(&run, &panel, &second).result.unwrap();
        assert_eq!(essence(&result), expected, "dead at write {writes}");
        for turn in second.taken() {
            assert!(
                !said.contains(&turn),
                "{turn:?} was asked twice, dead at write {writes}"
            );
        }
        for (name, input) in second
            .inputs
            .lock()
            .unwrap()
            .iter()
            .chain(first.inputs.lock().unwrap().iter())
        {
            let round = input["round"].as_u64().unwrap();
            let seen = input["submissions"].as_array().unwrap();
            let early = seen
                .iter()
                .any(|one| one["round"].as_u64().unwrap() >= round);
            assert!(
                !early,
                "{name} saw round {round} early, dead at write {writes}"
            );
        }
        assert!(before.result().is_none());
    }
    // Three rounds of three turns: opened, asked, ended, closed; and the end.
    assert_eq!(deaths, 3 * (1 + 3 + 3 + 1) + 1);
}

/// The turns whose end stands in the ledger.
fn ended_turns(scene: &Scene, run: &str) -> Vec<(String, u64)> {
    let events = scene.ledger.events(run, 0).unwrap();
    let ended = |event: &Recorded| match super::super::event(event).unwrap() {
        DebateEvent::Submitted { turn, .. } | DebateEvent::Voted { turn, .. } => {
            Some((turn.expert, u64::from(turn.turn)))
        }
        _ => None,
    };
    events.iter().filter_map(ended).collect()
}

#[test]
fn what_is_over_gives_its_result_again_and_takes_no_turn() {
    let scene = Scene::new();
    let (start, panel) = scene.start(&NAMES, 1);
    let run = start.run.clone();
    let cast = Cast::usual();
    let whole = scene.hold(start, &panel, &cast);
    let again = scene.resume(&run, &panel, &cast);
    assert_eq!((again.result, again.taken), (whole.result, 0));
    assert!(times(&[&cast]).values().all(|times| *times == 1));
    assert!(scene.ledger.stream(&run).unwrap().closed);
}

#[test]
fn two_processes_do_not_drive_one_debate() {
    let scene = Scene::new();
    let (start, panel) = scene.start(&NAMES, 1);
    let other = SqliteLedger::open(scene.ledger.path()).unwrap();
    let claim = other.claim(&start.run).unwrap();
    let mut observer = ();
    let cast = Cast::usual();
    let parts = scene.parts(&scene.ledger, &panel, &cast, &mut observer);
    let refused = block(hold(start, "/some/flake", parts)).unwrap_err();
    assert!(matches!(refused, DebateError::Ledger(_)), "{refused}");
    drop(claim);
}

//! Events that do not fit are refused and change nothing.

use crate::council::event::{Event, TurnId};
use crate::council::machine::Refused;
use crate::testing::{asks, council, finished, flake, graph, said, start, take};

#[test]
fn a_late_or_duplicate_answer_is_refused_by_its_identity() {
    let graph = graph(vec![flake("app", &["lib"]), flake("lib", &[])]);
    let mut council = council(&graph);
    let (first, _) = start(&mut council, "app");
    council
        .apply(&Event::Resumed {
            selection: Box::default(),
        })
        .unwrap();
    let (second, _) = start(&mut council, "app");
    assert_eq!((second.turn, second.attempt), (1, 2));
    let before = council.clone();
    let late = council.apply(&finished(&first, said())).unwrap_err();
    assert_eq!(late, Refused::Late { turn: first });
    assert_eq!(council, before);
    council.apply(&finished(&second, asks(&["lib"]))).unwrap();
    let before = council.clone();
    council.apply(&finished(&second, said())).unwrap_err();
    assert_eq!(council, before);
}

#[test]
fn a_turn_that_is_not_due_cannot_start() {
    let graph = graph(vec![flake("app", &["lib"]), flake("lib", &[])]);
    let mut council = council(&graph);
    for (expert, turn, messages) in [("lib", 1, vec![1]), ("app", 2, vec![1]), ("app", 1, vec![])] {
        let turn = TurnId {
            expert: expert.into(),
            turn,
            attempt: 1,
        };
        let event = Event::TurnStarted { turn, messages };
        let refused = council.apply(&event).unwrap_err();
        assert!(matches!(refused, Refused::NotDue { .. }));
    }
}

#[test]
fn a_run_cannot_end_while_something_is_left_to_do_nor_go_on_after_its_end() {
    let graph = graph(vec![flake("app", &[])]);
    let mut council = council(&graph);
    let plan = Box::new(crate::council::assemble(&council));
    let end = Event::RunFinished { plan };
    assert_eq!(council.apply(&end), Err(Refused::NotOver));
    take(&mut council, "app", said());
    council.apply(&end).unwrap();
    assert!(council.actions().is_empty());
    assert!(matches!(
        council.apply(&Event::TimeIsUp {}),
        Err(Refused::Misplaced { .. })
    ));
}

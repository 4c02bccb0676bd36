//! Questions that are asked and heard while a turn is under way.

use crate::council::event::{Event, Failure, FailureKind, TurnId};
use crate::council::limits::Limits;
use crate::council::machine::{Council, Refused, Standing};
use crate::council::message::{Ask, Body};
use crate::expert::Graph;
use crate::testing::{
    asks, council, due, edits, finished, flake, graph, said, start, started, take,
};

fn family() -> Graph {
    graph(vec![
        flake("app", &["lib"]),
        flake("lib", &["base"]),
        flake("base", &[]),
    ])
}

fn question(to: &str) -> Ask {
    asks(&[to]).asks.remove(0)
}

fn ask(council: &mut Council<'_>, turn: &TurnId, to: &str) {
    let event = Event::Asked {
        turn: turn.clone(),
        ask: question(to),
    };
    council.apply(&event).unwrap();
}

fn hear(council: &mut Council<'_>, turn: &TurnId, messages: &[u64]) -> Result<(), Refused> {
    council.apply(&Event::Heard {
        turn: turn.clone(),
        messages: messages.to_vec(),
    })
}

/// The answer that waits for a question of `app` to `lib`.
fn answer(council: &Council<'_>) -> u64 {
    match council.standing("app", &question("lib")) {
        Standing::Answered(message, true) => message.id,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_answer_that_was_heard_needs_no_second_turn() {
    let graph = family();
    let mut council = council(&graph);
    let (turn, _) = start(&mut council, "app");
    assert_eq!(council.standing("app", &question("lib")), Standing::Unasked);
    ask(&mut council, &turn, "lib");
    assert_eq!(council.standing("app", &question("lib")), Standing::Waiting);
    assert_eq!(due(&council), ["lib"]);
    take(&mut council, "lib", edits(&["main"]));
    let id = answer(&council);
    hear(&mut council, &turn, &[id]).unwrap();
    let heard = council.standing("app", &question("lib"));
    assert!(matches!(heard, Standing::Answered(_, false)), "{heard:?}");
    council.apply(&finished(&turn, said())).unwrap();
    assert!(council.is_over());
    assert_eq!(council.seats()["app"].turns, 1);
    assert!(council.seats()["app"].read.contains(&id));
}

#[test]
fn an_answer_that_was_not_heard_stays_unread() {
    let graph = family();
    let mut council = council(&graph);
    let (turn, _) = start(&mut council, "app");
    ask(&mut council, &turn, "lib");
    take(&mut council, "lib", said());
    council.apply(&finished(&turn, said())).unwrap();
    let (_, messages) = start(&mut council, "app");
    assert!(matches!(
        council.message(messages[0]).map(|message| &message.body),
        Some(Body::Reply { .. })
    ));
}

#[test]
fn a_second_attempt_is_given_what_the_first_one_heard_and_finds_what_it_asked() {
    let graph = family();
    let mut council = council(&graph);
    let (turn, given) = start(&mut council, "app");
    ask(&mut council, &turn, "lib");
    take(&mut council, "lib", said());
    let id = answer(&council);
    hear(&mut council, &turn, &[id]).unwrap();
    let failed = Event::TurnFailed {
        turn: turn.clone(),
        backend: "scripted".into(),
        failure: Failure {
            kind: FailureKind::Failed,
            reason: "it fell over".into(),
            retry: true,
        },
        usage: Default::default(),
    };
    council.apply(&failed).unwrap();
    let (again, messages) = start(&mut council, "app");
    assert_eq!(again.attempt, 2);
    assert_eq!(messages, [given, vec![id]].concat());
    // The same words are the same question: nothing is sent again.
    let before = council.messages().len();
    ask(&mut council, &again, "lib");
    assert_eq!(council.messages().len(), before);
    assert!(matches!(
        council.standing("app", &question("lib")),
        Standing::Answered(_, false)
    ));
}

#[test]
fn what_was_asked_before_a_death_stays_asked() {
    let graph = family();
    let mut council = council(&graph);
    let (turn, _) = start(&mut council, "app");
    ask(&mut council, &turn, "lib");
    council
        .apply(&Event::Resumed {
            selection: Box::default(),
        })
        .unwrap();
    assert_eq!(due(&council), ["app", "lib"]);
    take(&mut council, "lib", said());
    let id = answer(&council);
    // Only the attempt that is under way hears it.
    let late = hear(&mut council, &turn, &[id]).unwrap_err();
    assert!(matches!(late, Refused::Late { .. }));
    let (again, _) = start(&mut council, "app");
    hear(&mut council, &again, &[id]).unwrap();
    council.apply(&finished(&again, said())).unwrap();
    assert!(council.is_over());
}

#[test]
fn a_question_of_a_turn_that_is_not_under_way_is_refused() {
    let graph = family();
    let mut council = council(&graph);
    let (turn, _) = start(&mut council, "app");
    council.apply(&finished(&turn, said())).unwrap();
    let before = council.clone();
    let late = council.apply(&Event::Asked {
        turn: turn.clone(),
        ask: question("lib"),
    });
    assert_eq!(late, Err(Refused::Late { turn }));
    assert_eq!(council, before);
}

#[test]
fn only_answers_that_are_unread_are_heard_and_each_once() {
    let graph = family();
    let mut council = council(&graph);
    let (turn, given) = start(&mut council, "app");
    ask(&mut council, &turn, "lib");
    let sent = council.messages().len() as u64;
    take(&mut council, "lib", said());
    let id = answer(&council);
    for wrong in [
        vec![given[0]],
        vec![sent],
        vec![99],
        vec![id, id],
        vec![id, 0],
    ] {
        let before = council.clone();
        let refused = hear(&mut council, &turn, &wrong).unwrap_err();
        assert!(matches!(refused, Refused::NotUnread { .. }), "{wrong:?}");
        assert_eq!(council, before);
    }
    hear(&mut council, &turn, &[id]).unwrap();
    hear(&mut council, &turn, &[id]).unwrap_err();
}

#[test]
fn a_question_to_a_stranger_or_beyond_a_limit_is_refused_with_its_reason() {
    let graph = family();
    let mut council = Council::new(
        &graph,
        started(
            &graph,
            Limits {
                messages: 2,
                ..Limits::default()
            },
        ),
    );
    let (turn, _) = start(&mut council, "app");
    for (to, why) in [("base", "not a neighbour"), ("nobody", "not a neighbour")] {
        ask(&mut council, &turn, to);
        match council.standing("app", &question(to)) {
            Standing::Refused(reason) => assert!(reason.contains(why), "{reason}"),
            other => panic!("{other:?}"),
        }
    }
    ask(&mut council, &turn, "lib");
    let another = Ask {
        text: "and what else?".into(),
        ..question("lib")
    };
    let event = Event::Asked {
        turn,
        ask: another.clone(),
    };
    council.apply(&event).unwrap();
    match council.standing("app", &another) {
        Standing::Refused(reason) => assert!(reason.contains("no more are allowed"), "{reason}"),
        other => panic!("{other:?}"),
    }
}

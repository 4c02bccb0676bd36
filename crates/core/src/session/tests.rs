//! What may follow what in a session.

use super::*;
use crate::council::event::AgentSelection;
use crate::council::message::Verdict;

fn session() -> Session {
    Session::new(SessionStart {
        name: "talk".into(),
        flake: "path:/x".into(),
        expert: "core".into(),
        identity: "1".into(),
        agents: AgentSelection::default(),
        by: "ada".into(),
    })
    .unwrap()
}

fn said(number: u32) -> SessionEvent {
    SessionEvent::Said {
        number,
        text: format!("question {number}"),
        by: "ada".into(),
    }
}

fn replied(number: u32) -> SessionEvent {
    SessionEvent::Replied {
        number,
        result: Box::new(TurnResult {
            schema_version: 1,
            edits: Vec::new(),
            answer: None,
            asks: Vec::new(),
            verdict: Verdict::Accept,
            notes: vec![format!("answer {number}")],
            steps: Vec::new(),
            decisions: Vec::new(),
        }),
        usage: Usage::default(),
        conversation: None,
    }
}

#[test]
fn messages_are_answered_in_order_and_the_last_answer_stays() {
    let mut session = session();
    assert_eq!(session.status(), SessionStatus::Idle);
    session.apply(&said(1)).unwrap();
    session.apply(&said(2)).unwrap();
    assert_eq!(session.status(), SessionStatus::Running);
    let second = SessionEvent::Thinking { number: 2 };
    assert!(session.apply(&second).is_err(), "the first is first");
    session
        .apply(&SessionEvent::Thinking { number: 1 })
        .unwrap();
    assert!(session.apply(&replied(2)).is_err(), "nobody thinks of it");
    session.apply(&replied(1)).unwrap();
    assert_eq!(session.status(), SessionStatus::Running);
    assert_eq!(session.output().unwrap().1.notes, ["answer 1"]);
    session.apply(&second).unwrap();
    let failed = SessionEvent::Unanswered {
        number: 2,
        reason: "it is away".into(),
        usage: Usage::default(),
    };
    session.apply(&failed).unwrap();
    assert_eq!(session.status(), SessionStatus::Failed);
    assert_eq!(session.output().unwrap().0.number, 1);
}

#[test]
fn what_is_interrupted_has_no_answer_and_comes_too_late() {
    let mut session = session();
    session.apply(&said(1)).unwrap();
    session
        .apply(&SessionEvent::Thinking { number: 1 })
        .unwrap();
    let by = || "ada".to_owned();
    session
        .apply(&SessionEvent::Interrupted { by: by() })
        .unwrap();
    assert_eq!(session.status(), SessionStatus::Idle);
    assert!(session.apply(&replied(1)).is_err());
    assert!(session.output().is_none());
    session.apply(&SessionEvent::Ended { by: by() }).unwrap();
    assert_eq!(
        session.apply(&said(2)),
        Err(SessionRefusal::Closed {
            name: "talk".into()
        })
    );
}

#[test]
fn messages_and_names_are_bounded() {
    let mut session = session();
    for text in ["", "  ", &"x".repeat(MESSAGE_BYTES + 1)] {
        let event = SessionEvent::Said {
            number: 1,
            text: (*text).to_owned(),
            by: "ada".into(),
        };
        assert!(matches!(
            session.apply(&event),
            Err(SessionRefusal::Size { .. })
        ));
    }
    for number in 1..=WAITING {
        session
            .apply(&said(u32::try_from(number).unwrap()))
            .unwrap();
    }
    let more = said(u32::try_from(WAITING + 1).unwrap());
    assert!(matches!(
        session.apply(&more),
        Err(SessionRefusal::Full { .. })
    ));
    for bad in ["", "a/b", "..", "-x", "ü", "a b", &"x".repeat(65)] {
        assert!(check_name(bad).is_err(), "{bad}");
    }
    assert!(check_name("a_B-9").is_ok());
}

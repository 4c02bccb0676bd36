//! Debates, event by event.

mod answers;
mod rounds;
mod simulation;
mod votes;

use std::collections::BTreeMap;

use super::{
    Debate, DebateEvent, DebateStart, DebateStep, Debater, DebaterTurn, Submission, TieRule,
};
use crate::agent::Usage;
use crate::council::event::{AgentSelection, Failure, FailureKind, TurnId};

/// A debate of these participants, with labels in their order; nothing has happened.
fn debate(names: &[&str], rounds: u32) -> Debate {
    Debate::new(start(names, rounds))
}

fn start(names: &[&str], rounds: u32) -> DebateStart {
    let debater = |(at, name): (usize, &&str)| {
        let debater = Debater {
            label: char::from(b'A' + u8::try_from(at).unwrap()).to_string(),
            expert: "app".into(),
            role: None,
            capabilities: Vec::new(),
        };
        ((*name).to_owned(), debater)
    };
    DebateStart {
        run: "a-run".into(),
        topic: "How should it greet?".into(),
        root: "app".into(),
        graph: String::new(),
        panel: names.iter().enumerate().map(debater).collect(),
        selection: AgentSelection {
            backends: names
                .iter()
                .map(|name| ((*name).to_owned(), format!("backend of {name}")))
                .collect(),
            models: BTreeMap::from([(names[0].to_owned(), "grand-model".to_owned())]),
            ..AgentSelection::default()
        },
        rounds,
        deadline: 600,
        choices: None,
        retries: 1,
        max_tokens: None,
        max_cost_usd: None,
        tie: TieRule::Ask,
        out: None,
        live: false,
    }
}

fn says(position: &str) -> Submission {
    Submission {
        position: position.into(),
        arguments: Vec::new(),
        supports: Vec::new(),
        withdraws: false,
    }
}

fn taken() -> DebaterTurn {
    DebaterTurn {
        backend: "scripted".into(),
        usage: Usage {
            input_tokens: 10,
            output_tokens: 2,
            cost_usd: 0.5,
            ..Usage::default()
        },
    }
}

fn failed(turn: &TurnId, retry: bool) -> DebateEvent {
    DebateEvent::AnswerRefused {
        turn: turn.clone(),
        taken: taken(),
        failure: Failure {
            kind: FailureKind::Failed,
            reason: "it broke\nrepair: mend it".into(),
            retry,
        },
    }
}

fn submitted(turn: &TurnId, submission: Submission) -> DebateEvent {
    DebateEvent::Submitted {
        turn: turn.clone(),
        taken: taken(),
        submission: Box::new(submission),
    }
}

fn voted(turn: &TurnId, ranking: &[&[&str]]) -> DebateEvent {
    let rank = |rank: &&[&str]| rank.iter().map(|label| (*label).to_owned()).collect();
    DebateEvent::Voted {
        turn: turn.clone(),
        taken: taken(),
        ranking: ranking.iter().map(rank).collect(),
    }
}

/// Opens what is next, and starts every turn that is due.
fn open(debate: &mut Debate) -> Vec<TurnId> {
    if let DebateStep::Open { round, choices } = debate.next_step() {
        debate
            .apply(&DebateEvent::RoundOpened { round, choices })
            .unwrap();
    }
    let DebateStep::Ask(turns) = debate.next_step() else {
        panic!("nobody is due: {:?}", debate.next_step());
    };
    for turn in &turns {
        let turn = turn.clone();
        debate.apply(&DebateEvent::DebaterAsked { turn }).unwrap();
    }
    turns
}

fn close(debate: &mut Debate, late: Vec<TurnId>) {
    let round = debate.open_round().unwrap();
    debate
        .apply(&DebateEvent::RoundClosed { round, late })
        .unwrap();
}

/// One round in which each participant submits what `says` has for it; the others fail for good.
fn round(debate: &mut Debate, says: &[(&str, Submission)]) {
    for turn in open(debate) {
        let said = says.iter().find(|(name, _)| *name == turn.expert);
        let event = match said {
            Some((_, submission)) => submitted(&turn, submission.clone()),
            None => failed(&turn, false),
        };
        debate.apply(&event).unwrap();
    }
    assert_eq!(debate.next_step(), DebateStep::Close);
    close(debate, Vec::new());
}

/// The vote, with the ballots of those that have one.
fn vote(debate: &mut Debate, ballots: &[(&str, &[&[&str]])]) {
    for turn in open(debate) {
        let ballot = ballots.iter().find(|(name, _)| *name == turn.expert);
        let event = match ballot {
            Some((_, ranking)) => voted(&turn, ranking),
            None => failed(&turn, false),
        };
        debate.apply(&event).unwrap();
    }
    close(debate, Vec::new());
}

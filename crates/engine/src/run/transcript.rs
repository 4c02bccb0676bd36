//! The transcript of a run: who was asked by whom and why, what each turn was given, said and cost, and how it
//! all ended. Made from events alone.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RunEvent;
use poag_agent::Usage;
use poag_core::council::assemble;
use poag_core::council::event::{Event, Failure, Joined, TurnId};
use poag_core::council::machine::Council;
use poag_core::council::message::{Body, Message, TurnResult};
use poag_core::plan::Plan;

/// A run as it is told.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Transcript {
    /// The run's id.
    pub run: String,
    /// The person's request.
    pub request: String,
    /// The expert it went to.
    pub root: String,
    /// When it began, in milliseconds since 1970 in UTC.
    pub began: i64,
    /// When something happened last.
    pub last: i64,
    /// Whether it came to its end.
    pub finished: bool,
    /// When another process went on with it.
    pub resumed: Vec<i64>,
    /// Every message, by id from 1.
    pub messages: Vec<Message>,
    /// The experts that were addressed, each after whoever addressed it first.
    pub parts: Vec<TranscriptPart>,
    /// What came of it, or would if it ended here.
    pub plan: Plan,
}

/// One expert's part.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TranscriptPart {
    /// The expert.
    pub expert: String,
    /// Who addressed it first; none is the person.
    pub under: Option<String>,
    /// How many stand between it and the person.
    pub depth: usize,
    /// Who spoke for it, and how that came to know the flake.
    pub members: Vec<Joined>,
    /// Its turns, every attempt.
    pub turns: Vec<TranscriptTurn>,
}

/// One attempt at a turn.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TranscriptTurn {
    /// Which.
    pub id: TurnId,
    /// When it began, in milliseconds since 1970 in UTC.
    pub began: i64,
    /// How long it took, in milliseconds, the joining of its expert included.
    pub millis: Option<u64>,
    /// The messages it was given.
    pub given: Vec<u64>,
    /// How it ended.
    pub end: TranscriptEnd,
}

/// How a turn ended.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(tag = "end", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum TranscriptEnd {
    /// With a result.
    Finished {
        /// What was said.
        result: Box<TurnResult>,
        /// What it cost.
        usage: Usage,
    },
    /// With none.
    Failed {
        /// Why.
        failure: Failure,
        /// Whether it was taken again.
        again: bool,
        /// What it cost.
        usage: Usage,
    },
    /// The process that was at it ended; it was taken again.
    Interrupted {},
    /// The time was up.
    Dropped {},
    /// Not at all, so far.
    Open {},
}

impl Transcript {
    /// The transcript of a council that these events led to.
    #[must_use]
    pub fn of(council: &Council<'_>, events: &[RunEvent]) -> Self {
        let turns = turns(events);
        let mut parts = Vec::new();
        let root = council.started().root.clone();
        let first = first_addressed(council.messages());
        gather(&root, 0, &first, &mut parts);
        for part in &mut parts {
            let of = |(name, _): &&(String, Joined)| *name == part.expert;
            let members = council.participants().iter().filter(of);
            part.members = members.map(|(_, member)| member.clone()).collect();
            let own = turns.iter().filter(|turn| turn.id.expert == part.expert);
            part.turns = own.cloned().collect();
        }
        let at = |event: Option<&RunEvent>| event.map_or(0, |event| event.at);
        let resumed = |event: &&RunEvent| matches!(event.event, Event::Resumed { .. });
        Self {
            run: council.started().run.clone(),
            request: council.started().request.clone(),
            root,
            began: at(events.first()),
            last: at(events.last()),
            finished: events
                .last()
                .is_some_and(|event| matches!(event.event, Event::RunFinished { .. })),
            resumed: events.iter().filter(resumed).map(|m| m.at).collect(),
            messages: council.messages().to_vec(),
            parts,
            plan: assemble(council),
        }
    }

    /// The message of that id.
    #[must_use]
    pub fn message(&self, id: u64) -> Option<&Message> {
        let at = usize::try_from(id).ok()?.checked_sub(1)?;
        self.messages.get(at)
    }

    /// Why an ask was sent.
    #[must_use]
    pub fn reason(&self, ask: &Message) -> Option<&str> {
        let Body::Ask { text, contract } = &ask.body else {
            return None;
        };
        let from = ask.from.as_deref()?;
        let found = self.plan.council.asked.iter().find(|question| {
            (question.from.as_str(), &question.to) == (from, &ask.to)
                && (&question.text, &question.contract) == (text, contract)
        });
        found.map(|question| question.reason.as_str())
    }
}

/// Expert → the id of the first message to it, and its sender.
fn first_addressed(messages: &[Message]) -> BTreeMap<&str, (u64, Option<&str>)> {
    let mut first = BTreeMap::new();
    for message in messages {
        first
            .entry(message.to.as_str())
            .or_insert((message.id, message.from.as_deref()));
    }
    first
}

/// Puts an expert and those that it addressed first, and so on, in the order of the messages. Each stands
/// once, since each was addressed first by one.
fn gather(
    name: &str,
    depth: usize,
    first: &BTreeMap<&str, (u64, Option<&str>)>,
    into: &mut Vec<TranscriptPart>,
) {
    into.push(TranscriptPart {
        expert: name.to_owned(),
        under: first
            .get(name)
            .and_then(|(_, from)| from.map(str::to_owned)),
        depth,
        members: Vec::new(),
        turns: Vec::new(),
    });
    let mut below: Vec<(u64, &str)> = first
        .iter()
        .filter(|(_, (_, from))| *from == Some(name))
        .map(|(to, (id, _))| (*id, *to))
        .collect();
    below.sort_unstable();
    for (_, to) in below {
        gather(to, depth + 1, first, into);
    }
}

/// Every attempt at a turn, in the order in which they began.
fn turns(events: &[RunEvent]) -> Vec<TranscriptTurn> {
    let mut turns: Vec<TranscriptTurn> = Vec::new();
    for event in events {
        match &event.event {
            Event::TurnStarted { turn, messages } => {
                let before = turns.iter_mut().rev().find(|before| {
                    (&before.id.expert, before.id.turn) == (&turn.expert, turn.turn)
                });
                if let Some(TranscriptEnd::Failed { again, .. }) =
                    before.map(|before| &mut before.end)
                {
                    *again = true;
                }
                turns.push(TranscriptTurn {
                    id: turn.clone(),
                    began: event.at,
                    millis: None,
                    given: messages.clone(),
                    end: TranscriptEnd::Open {},
                });
            }
            Event::TurnFinished {
                turn,
                result,
                usage,
                ..
            } => ended(&mut turns, turn, event.at, || TranscriptEnd::Finished {
                result: result.clone(),
                usage: *usage,
            }),
            Event::TurnFailed {
                turn,
                failure,
                usage,
                ..
            } => ended(&mut turns, turn, event.at, || TranscriptEnd::Failed {
                failure: failure.clone(),
                again: false,
                usage: *usage,
            }),
            Event::Resumed { .. } => all_open(&mut turns, &TranscriptEnd::Interrupted {}),
            Event::TimeIsUp {} => all_open(&mut turns, &TranscriptEnd::Dropped {}),
            Event::Heard { turn, messages } => {
                for under_way in turns.iter_mut().filter(|other| other.id == *turn) {
                    under_way.given.extend(messages);
                }
            }
            Event::RunStarted(_)
            | Event::Joined { .. }
            | Event::Asked { .. }
            | Event::RunFinished { .. } => {}
        }
    }
    turns
}

fn ended(turns: &mut [TranscriptTurn], id: &TurnId, at: i64, end: impl Fn() -> TranscriptEnd) {
    for turn in turns.iter_mut().filter(|turn| turn.id == *id) {
        turn.millis = u64::try_from(at - turn.began).ok();
        turn.end = end();
    }
}

fn all_open(turns: &mut [TranscriptTurn], end: &TranscriptEnd) {
    let open = |turn: &&mut TranscriptTurn| matches!(turn.end, TranscriptEnd::Open {});
    for turn in turns.iter_mut().filter(open) {
        turn.end = end.clone();
    }
}

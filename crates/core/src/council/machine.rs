//! The council as a pure state machine: events in, actions out. No I/O, no clock, no chance: the same
//! events give the same state.

mod actions;
mod contracts;
mod live;
mod notices;
mod objections;
mod replies;
mod seat;
mod turns;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

pub use actions::{NextStep, neighbor_views};
pub(super) use contracts::changes;
pub use live::Standing;
pub use seat::{Seat, Spent};

use super::event::{Event, Failure, Joined, Started, TurnId};
use super::limits::Reached;
use super::message::{Body, Message};
use crate::agent::Usage;
use crate::expert::Graph;

/// One discussion of one request, as far as it has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Council<'g> {
    graph: Shared<'g>,
    pub(super) started: Started,
    /// Experts that were addressed at least once.
    pub(super) seats: BTreeMap<String, Seat>,
    /// Those of them that have something unread or a turn begun.
    awake: BTreeSet<String>,
    /// Message 1 stands first.
    pub(super) messages: Vec<Message>,
    /// Asks between experts, by message.
    pub(super) asked: BTreeMap<u64, AskRecord>,
    pub(super) refused: Vec<RefusedAsk>,
    /// (speaker, listener) → the reply or notice that told the listener last.
    pub(super) told: BTreeMap<(String, String), u64>,
    /// (objector, owner) → the reason, and the version of the owner's result it was about.
    objected: BTreeMap<(String, String), (String, u32)>,
    pub(super) reached: BTreeSet<Reached>,
    /// Turns that were dropped when the time was up.
    pub(super) dropped: Vec<TurnId>,
    pub(super) turns: Vec<TurnRecord>,
    /// (expert, who speaks for it), in the order in which they joined.
    pub(super) joined: Vec<(String, Joined)>,
    pub(super) spent: Spent,
    /// What the chair has to say, beside the experts' own notes.
    pub(super) notes: Vec<String>,
    /// No turn begins any more.
    closing: bool,
    finished: bool,
}

/// The graph, with its edges backwards; two councils on one graph are equal by their events.
#[derive(Clone, Debug)]
struct Shared<'g> {
    graph: &'g Graph,
    consumers: BTreeMap<&'g str, Vec<&'g str>>,
}

impl PartialEq for Shared<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.graph, other.graph)
    }
}

impl<'g> Shared<'g> {
    fn new(graph: &'g Graph) -> Self {
        let mut consumers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, expert) in &graph.experts {
            for provider in expert.neighbors.keys() {
                consumers.entry(provider).or_default().push(name);
            }
        }
        Self { graph, consumers }
    }
}

/// An ask that was sent, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AskRecord {
    pub reason: String,
    /// The asker's turn that sent it.
    pub turn: u32,
    pub outcome: AskOutcome,
}

/// What came of an ask.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum AskOutcome {
    Open,
    Replied,
    NoReply(String),
}

/// An ask that was not sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RefusedAsk {
    pub from: String,
    pub to: String,
    pub text: String,
    pub why: String,
}

/// A turn that ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TurnRecord {
    pub turn: TurnId,
    pub backend: String,
    pub usage: Usage,
    pub failure: Option<Failure>,
}

/// Why an event is not one of this council now. The state is as before.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum Refused {
    /// The run has ended, or has not begun with this event.
    #[error(
        "'{event}' does not belong here: a run starts once and nothing follows its end\nrepair: start a new run"
    )]
    Misplaced {
        /// The event's name.
        event: &'static str,
    },
    /// Nobody waits for the end of this turn.
    #[error(
        "turn {turn} is not under way: its answer is late or a duplicate\nrepair: nothing to do, the run goes on without it"
    )]
    Late {
        /// The turn.
        turn: TurnId,
    },
    /// The turn may not start now, or with these messages.
    #[error("turn {turn} is not due\nrepair: start the turns that the council names")]
    NotDue {
        /// The turn.
        turn: TurnId,
    },
    /// Nobody asked this expert.
    #[error(
        "'{expert}' was not addressed in this council\nrepair: let those speak that the council names"
    )]
    Stranger {
        /// The expert.
        expert: String,
    },
    /// No answer to this expert, or one that it has had.
    #[error(
        "message {message} is no answer that waits for turn {turn}\nrepair: hand it the answers that are unread"
    )]
    NotUnread {
        /// The turn.
        turn: TurnId,
        /// The message.
        message: u64,
    },
    /// There is something left to do.
    #[error(
        "the council is not over: turns are under way or due\nrepair: take them, or say that the time is up"
    )]
    NotOver,
}

impl<'g> Council<'g> {
    /// A council at its beginning: the root has the person's request before it.
    #[must_use]
    pub fn new(graph: &'g Graph, started: Started) -> Self {
        let mut council = Self {
            graph: Shared::new(graph),
            seats: BTreeMap::new(),
            awake: BTreeSet::new(),
            messages: Vec::new(),
            asked: BTreeMap::new(),
            refused: Vec::new(),
            told: BTreeMap::new(),
            objected: BTreeMap::new(),
            reached: BTreeSet::new(),
            dropped: Vec::new(),
            turns: Vec::new(),
            joined: Vec::new(),
            spent: Spent::default(),
            notes: Vec::new(),
            closing: false,
            finished: false,
            started,
        };
        let root = council.started.root.clone();
        let text = council.started.request.clone();
        let id = council.send(
            None,
            &root,
            Body::Ask {
                text,
                contract: None,
            },
        );
        council.hand(&root, id, 0);
        council
    }

    /// The graph it is about.
    #[must_use]
    pub fn graph(&self) -> &'g Graph {
        self.graph.graph
    }

    /// Names of the experts that depend on `name` directly, sorted.
    pub(super) fn consumers(&self, name: &str) -> &[&'g str] {
        self.graph.consumers.get(name).map_or(&[], Vec::as_slice)
    }

    /// What the run started from.
    #[must_use]
    pub fn started(&self) -> &Started {
        &self.started
    }

    /// Who speaks for each expert: (expert, participant), in the order in which they joined.
    #[must_use]
    pub fn participants(&self) -> &[(String, Joined)] {
        &self.joined
    }

    /// Every message sent so far, by id from 1.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The experts that were addressed so far.
    #[must_use]
    pub fn seats(&self) -> &BTreeMap<String, Seat> {
        &self.seats
    }

    /// Takes in one event.
    ///
    /// # Errors
    /// When the event does not fit the state, which then stays as it was.
    pub fn apply(&mut self, event: &Event) -> Result<(), Refused> {
        if self.finished {
            return Err(Refused::Misplaced {
                event: event.kind(),
            });
        }
        match event {
            Event::RunStarted(_) => {
                return Err(Refused::Misplaced {
                    event: event.kind(),
                });
            }
            Event::Resumed { selection } => {
                self.started.selection = selection.as_ref().clone();
                self.interrupt();
            }
            Event::Joined { expert, member } => self.join(expert, member)?,
            Event::TurnStarted { turn, messages } => self.start(turn, messages)?,
            Event::Asked { turn, ask } => {
                self.under_way(turn)?;
                self.send_asks(turn, std::slice::from_ref(ask));
            }
            Event::Heard { turn, messages } => self.hear(turn, messages)?,
            Event::TurnFinished {
                turn,
                backend,
                result,
                usage,
            } => {
                self.under_way(turn)?;
                self.record(turn, backend, *usage, None);
                self.finish(turn, result);
            }
            Event::TurnFailed {
                turn,
                backend,
                failure,
                usage,
            } => {
                self.under_way(turn)?;
                self.record(turn, backend, *usage, Some(failure));
                self.fail(turn, failure);
            }
            Event::TimeIsUp {} => self.time_is_up(),
            Event::RunFinished { .. } => {
                if !self.is_over() {
                    return Err(Refused::NotOver);
                }
                self.finished = true;
            }
        }
        Ok(())
    }

    /// Writes a message down; its id is new.
    fn send(&mut self, from: Option<&str>, to: &str, body: Body) -> u64 {
        let id = self.messages.len() as u64 + 1;
        self.messages.push(Message {
            id,
            from: from.map(str::to_owned),
            to: to.to_owned(),
            body,
        });
        id
    }

    /// Puts a message before an expert, who takes a seat `depth` edges from the root if it has none.
    fn hand(&mut self, to: &str, id: u64, depth: u32) {
        let seat = self.seats.entry(to.to_owned()).or_insert_with(|| Seat {
            depth,
            ..Seat::default()
        });
        seat.unread.push(id);
        if !self.awake.contains(to) {
            self.awake.insert(to.to_owned());
        }
    }

    /// The message of that id.
    pub(super) fn message(&self, id: u64) -> Option<&Message> {
        let at = usize::try_from(id).ok()?.checked_sub(1)?;
        self.messages.get(at)
    }

    /// Whether another message may be sent that is no answer; says so when not.
    fn may_send(&mut self) -> Result<(), String> {
        let allowed = self.started.limits.messages;
        if self.closing {
            return Err("a limit of the run was reached".into());
        }
        if self.messages.len() >= allowed as usize {
            self.reached.insert(Reached::Messages { allowed });
            return Err(format!("{allowed} messages were sent, no more are allowed"));
        }
        Ok(())
    }
}

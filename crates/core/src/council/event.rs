//! What happens in a council, as the ledger holds it: replayed in order, it gives the same state.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::limits::Limits;
use super::message::{Ask, TurnResult};
pub use crate::agent::Fault as FailureKind;
use crate::agent::Usage;
use crate::plan::Plan;

/// Version of [`Event`].
pub const EVENT_VERSION: u32 = 2;

/// One event. Everything else (messages, limits of turns, tokens and messages) follows from these.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(
    tag = "event",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Event {
    /// The first event.
    RunStarted(Box<Started>),
    /// Another process goes on: turns that were under way start again.
    Resumed {
        /// Who thinks for each expert from now on.
        selection: Box<AgentSelection>,
    },
    /// Somebody speaks for an expert from now on.
    Joined {
        /// The expert.
        expert: String,
        /// Who, and how it came to know its flake.
        member: Box<Joined>,
    },
    /// A turn is about to start.
    TurnStarted {
        /// Which.
        turn: TurnId,
        /// The messages it is given.
        messages: Vec<u64>,
    },
    /// A turn under way asks a neighbour and waits for the answer.
    Asked {
        /// Which turn.
        turn: TurnId,
        /// The question.
        ask: Ask,
    },
    /// A turn under way is handed answers: they count as given to it.
    Heard {
        /// Which turn.
        turn: TurnId,
        /// The answers.
        messages: Vec<u64>,
    },
    /// A turn came to a valid result.
    TurnFinished {
        /// Which.
        turn: TurnId,
        /// The backend that took it.
        backend: String,
        /// What the expert says.
        result: Box<TurnResult>,
        /// What it cost.
        usage: Usage,
    },
    /// A turn came to none.
    TurnFailed {
        /// Which.
        turn: TurnId,
        /// The backend that took it.
        backend: String,
        /// Why.
        failure: Failure,
        /// What it cost nevertheless.
        usage: Usage,
    },
    /// The wall clock ran out; other limits follow from the events themselves.
    TimeIsUp {},
    /// The last event.
    RunFinished {
        /// What came of it.
        plan: Box<Plan>,
    },
}

impl Event {
    /// Its name, as the ledger lists it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::RunStarted(_) => "runStarted",
            Self::Resumed { .. } => "resumed",
            Self::Joined { .. } => "joined",
            Self::TurnStarted { .. } => "turnStarted",
            Self::Asked { .. } => "asked",
            Self::Heard { .. } => "heard",
            Self::TurnFinished { .. } => "turnFinished",
            Self::TurnFailed { .. } => "turnFailed",
            Self::TimeIsUp {} => "timeIsUp",
            Self::RunFinished { .. } => "runFinished",
        }
    }
}

/// What a run starts from.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Started {
    /// The run's id.
    pub run: String,
    /// The person's request, as it was typed.
    pub request: String,
    /// The expert whose flake was asked.
    pub root: String,
    /// Identity of the graph, from [`super::identity::of`].
    pub graph: String,
    /// How far it may go.
    pub limits: Limits,
    /// Who thinks for each expert.
    pub selection: AgentSelection,
    /// Experts that did not know their flake as it was then → the command that repairs it.
    pub stale: BTreeMap<String, String>,
}

/// Who thinks for each expert of a run, as it was chosen when a process began to drive it: the same run is gone on with
/// alike, whatever the next process is told.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentSelection {
    /// Expert → name of its backend.
    pub backends: BTreeMap<String, String>,
    /// Expert → its model, where one was named.
    pub models: BTreeMap<String, String>,
    /// Expert → the program that its agent may be, with its arguments, where a person gave or allowed one.
    pub commands: BTreeMap<String, Vec<String>>,
    /// Whether the dev shells of flakes lend their programs to agents.
    pub dev_shells: bool,
}

/// Who speaks for an expert, and how it came to know its flake.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Joined {
    /// The backend.
    pub backend: String,
    /// The backend's version, as it says.
    pub version: String,
    /// The model, where one was named.
    pub model: Option<String>,
    /// Where its turns start.
    pub opening: Opening,
    /// Key of the checkpoint its turns are forked from, where they are.
    pub checkpoint: Option<String>,
    /// Why it was opened so, in a few words.
    pub why: String,
    /// What it cost before its first turn; nothing where a checkpoint was used again.
    pub usage: Usage,
}

/// How a member came to know its flake.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Opening {
    /// It is given its pack with every turn, or reads its files itself.
    New,
    /// Its checkpoint was there already.
    Reused,
    /// It was primed for this question, and sealed for the next.
    Primed,
    /// It was told what changed, on top of an older checkpoint, and sealed anew.
    Told,
}

/// A turn's identity in its run. An answer under any other is late or a duplicate.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TurnId {
    /// Whose.
    pub expert: String,
    /// Its turn in this council, from 1.
    pub turn: u32,
    /// How often this turn was started, from 1.
    pub attempt: u32,
}

impl std::fmt::Display for TurnId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.expert, self.turn, self.attempt)
    }
}

/// Why a turn came to no result.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// What sort of failure.
    pub kind: FailureKind,
    /// What happened, ending in what to do.
    pub reason: String,
    /// Whether taking the turn again can help.
    pub retry: bool,
}

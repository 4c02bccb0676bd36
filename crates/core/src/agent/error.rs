//! Why a backend gave no answer. Never taken for one.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a turn gave no answer, and what to do.
#[derive(Debug, Error)]
#[error("backend '{backend}': {reason}\nrepair: {repair}")]
pub struct AgentError {
    /// What sort of failure.
    pub fault: Fault,
    /// The backend's name.
    pub backend: String,
    /// What happened, in one line or a few.
    pub reason: String,
    /// What to do, in one line.
    pub repair: String,
    /// How long it asked to be left alone.
    pub wait: Option<Duration>,
}

impl AgentError {
    /// A failure of that sort.
    pub fn new(
        fault: Fault,
        backend: &str,
        reason: impl Into<String>,
        repair: impl Into<String>,
    ) -> Self {
        Self {
            fault,
            backend: backend.to_owned(),
            reason: reason.into(),
            repair: repair.into(),
            wait: None,
        }
    }

    /// A failure of that sort, with the repair that usually helps.
    pub fn usual(fault: Fault, backend: &str, reason: impl Into<String>) -> Self {
        Self::new(fault, backend, reason, fault.usual_repair())
    }

    /// The same, to be tried again after that time at the earliest.
    #[must_use]
    pub fn after(mut self, wait: Option<Duration>) -> Self {
        self.wait = wait;
        self
    }

    /// No answer within the time of the turn.
    #[must_use]
    pub fn timeout(backend: &str, allowed: Duration) -> Self {
        Self::usual(
            Fault::Timeout,
            backend,
            format!("no answer within {}", crate::duration::shown(allowed)),
        )
    }
}

/// What sort of failure it was, which decides whether the turn is taken again.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Fault {
    /// The backend cannot be used here: not installed, or not the version it must be.
    Unavailable,
    /// The model's provider refuses who asks: no key, a wrong one, no credit.
    Denied,
    /// The provider has too much to do, or too many requests of ours.
    Busy,
    /// The provider could not be reached, or failed itself.
    Unreachable,
    /// What was asked is longer than the model can read.
    TooLong,
    /// A limit of the backend's own ended the turn: its turns, its budget.
    Limit,
    /// The answer broke off in the middle.
    Cut,
    /// It ended without an answer.
    Silent,
    /// It took longer than allowed.
    Timeout,
    /// It ran and failed in another way.
    Failed,
    /// It answered something that is not what was asked for.
    Invalid,
}

impl Fault {
    /// Whether taking the turn again can help.
    #[must_use]
    pub fn retry(self) -> bool {
        match self {
            Self::Unavailable | Self::Denied | Self::TooLong | Self::Limit => false,
            Self::Busy
            | Self::Unreachable
            | Self::Cut
            | Self::Silent
            | Self::Timeout
            | Self::Failed
            | Self::Invalid => true,
        }
    }

    /// Whether the same turn is better taken a little later than at once.
    #[must_use]
    pub fn wants_patience(self) -> bool {
        matches!(self, Self::Busy | Self::Unreachable)
    }

    /// The repair that usually helps, in one line.
    #[must_use]
    pub fn usual_repair(self) -> &'static str {
        match self {
            Self::Unavailable => "install it, or ask again with --backend librarian",
            Self::Denied => "see that its key or login is valid, then ask again",
            Self::Busy => "ask again later, or with fewer turns at a time (--max-parallel)",
            Self::Unreachable => "see that its provider can be reached from here, then ask again",
            Self::TooLong => {
                "make the pack smaller (knowledge.maxTokens) or take a model that reads more"
            }
            Self::Limit => "raise the limit, or ask for less at once",
            Self::Timeout => "ask again with a longer --turn-timeout",
            Self::Cut | Self::Silent | Self::Failed | Self::Invalid => {
                "ask again; `poag run show` has its words"
            }
        }
    }
}

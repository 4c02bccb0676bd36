//! How far one generation of a task has come.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far a generation of a task has come. `Landed` and `Abandoned` are its ends: a redo is another generation.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(tag = "phase", rename_all = "camelCase", deny_unknown_fields)]
pub enum TaskPhase {
    /// Something that it depends on has not landed.
    Waiting {},
    /// It can be claimed.
    Ready {},
    /// Somebody has a lease on it.
    Leased {},
    /// It is proven, and others look at it.
    InReview {},
    /// It is approved, and waits to be merged.
    Queued {},
    /// It is on the work's branch.
    Landed {},
    /// It failed too often, and waits for a person.
    Parked {
        /// Why.
        reason: String,
    },
    /// Nobody will do it.
    Abandoned {
        /// Why.
        reason: String,
    },
    /// A person has to decide something.
    Asking {
        /// What.
        question: String,
    },
}

/// What can happen to a generation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TaskStep<'a> {
    /// What it depended on has landed.
    Free,
    /// It is claimed.
    Claim,
    /// It is claimed with what it depends on, by the same actor.
    ClaimAhead,
    /// The lease ended without a result; the bool is whether it can be claimed at once.
    Return(bool),
    /// An attempt is proven.
    Prove,
    /// Reviewers or the merge queue send it back.
    SendBack,
    /// Enough approve.
    Queue,
    /// The work's branch holds it.
    Land,
    /// It failed too often.
    Park(&'a str),
    /// Nobody will do it.
    Abandon(&'a str),
    /// A person has to decide something.
    Ask(&'a str),
    /// A person did.
    Answer,
    /// A person lets it be tried again.
    Retry,
}

impl TaskPhase {
    /// Its name, as people read it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Waiting {} => "waiting",
            Self::Ready {} => "ready",
            Self::Leased {} => "leased",
            Self::InReview {} => "in review",
            Self::Queued {} => "queued",
            Self::Landed {} => "landed",
            Self::Parked { .. } => "parked",
            Self::Abandoned { .. } => "abandoned",
            Self::Asking { .. } => "asking",
        }
    }

    /// Whether nothing more happens in this generation.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        matches!(self, Self::Landed {} | Self::Abandoned { .. })
    }

    /// Where a step leads; none where it may not be taken from here.
    #[must_use]
    pub fn step(&self, step: TaskStep<'_>) -> Option<Self> {
        let text = str::to_owned;
        Some(match (self, step) {
            (Self::Waiting {}, TaskStep::Free) => Self::Ready {},
            (Self::Ready {}, TaskStep::Claim | TaskStep::ClaimAhead)
            | (Self::Waiting {}, TaskStep::ClaimAhead) => Self::Leased {},
            (Self::Leased {}, TaskStep::Return(true)) => Self::Ready {},
            (Self::Leased {}, TaskStep::Return(false)) => Self::Waiting {},
            (Self::Leased {}, TaskStep::Prove) => Self::InReview {},
            (Self::InReview {} | Self::Queued {}, TaskStep::SendBack) => Self::Ready {},
            (Self::InReview {}, TaskStep::Queue) => Self::Queued {},
            (Self::Queued {}, TaskStep::Land) => Self::Landed {},
            (
                Self::Ready {} | Self::Leased {} | Self::InReview {} | Self::Queued {},
                TaskStep::Park(reason),
            ) => Self::Parked {
                reason: text(reason),
            },
            (
                Self::Ready {} | Self::Leased {} | Self::InReview {} | Self::Queued {},
                TaskStep::Ask(question),
            ) => Self::Asking {
                question: text(question),
            },
            (Self::Landed {} | Self::Abandoned { .. }, TaskStep::Abandon(_)) => return None,
            (_, TaskStep::Abandon(reason)) => Self::Abandoned {
                reason: text(reason),
            },
            (Self::Asking { .. }, TaskStep::Answer) => Self::Ready {},
            (Self::Parked { .. } | Self::Asking { .. }, TaskStep::Retry) => Self::Ready {},
            _ => return None,
        })
    }
}

//! How one try went.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How one try went.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(tag = "phase", rename_all = "camelCase", deny_unknown_fields)]
pub enum AttemptPhase {
    /// Its worktree is being made.
    Starting {},
    /// Its actor works.
    Working {},
    /// Its actor says that it is done.
    ClaimedDone {},
    /// That is true.
    Proven {},
    /// It is not done, or not as it must be.
    Failed {
        /// Why.
        reason: String,
    },
    /// It took longer than allowed.
    TimedOut {},
    /// Its actor, or who drove it, died.
    Crashed {},
    /// A person stopped it, or its lease was given back.
    Cancelled {},
    /// It wrote after its lease had ended: evidence only.
    Late {},
}

/// What can happen to an attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AttemptStep<'a> {
    /// Its actor begins.
    Work,
    /// Its actor says that it is done.
    ClaimDone,
    /// That is true.
    Prove,
    /// It failed.
    Fail(&'a str),
    /// It took too long.
    TimeOut,
    /// It died.
    Crash,
    /// It was stopped.
    Cancel,
    /// It wrote after its lease had ended.
    WriteLate,
}

impl AttemptPhase {
    /// Its name, as people read it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Starting {} => "starting",
            Self::Working {} => "working",
            Self::ClaimedDone {} => "claimed done",
            Self::Proven {} => "proven",
            Self::Failed { .. } => "failed",
            Self::TimedOut {} => "timed out",
            Self::Crashed {} => "crashed",
            Self::Cancelled {} => "cancelled",
            Self::Late {} => "late",
        }
    }

    /// Whether its actor may still do something.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(
            self,
            Self::Starting {} | Self::Working {} | Self::ClaimedDone {}
        )
    }

    /// Where a step leads; none where it may not be taken from here.
    #[must_use]
    pub fn step(&self, step: AttemptStep<'_>) -> Option<Self> {
        Some(match (self, step) {
            (Self::Starting {}, AttemptStep::Work) => Self::Working {},
            (Self::Working {}, AttemptStep::ClaimDone) => Self::ClaimedDone {},
            (Self::ClaimedDone {}, AttemptStep::Prove) => Self::Proven {},
            (open, AttemptStep::Fail(reason)) if open.is_open() => Self::Failed {
                reason: reason.to_owned(),
            },
            (open, AttemptStep::TimeOut) if open.is_open() => Self::TimedOut {},
            (open, AttemptStep::Crash) if open.is_open() => Self::Crashed {},
            (open, AttemptStep::Cancel) if open.is_open() => Self::Cancelled {},
            (Self::TimedOut {} | Self::Crashed {} | Self::Cancelled {}, AttemptStep::WriteLate) => {
                Self::Late {}
            }
            _ => return None,
        })
    }
}

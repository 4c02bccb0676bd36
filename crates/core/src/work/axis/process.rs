//! The process of an attempt's actor.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The process of an attempt's actor.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(tag = "phase", rename_all = "camelCase", deny_unknown_fields)]
pub enum ProcessPhase {
    /// It has none, or poag did not start it.
    None {},
    /// It runs.
    Running {
        /// Its id, on the machine that started it.
        pid: u32,
        /// When it began, in milliseconds since 1970 in UTC: an id may be given twice.
        started: i64,
    },
    /// It ended.
    Ended {
        /// Its exit code; none where a signal ended it.
        code: Option<i32>,
    },
}

/// What can happen to a process.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProcessStep {
    /// It runs, with its id and beginning.
    Start(u32, i64),
    /// It ended, with its code.
    End(Option<i32>),
}

impl Default for ProcessPhase {
    fn default() -> Self {
        Self::None {}
    }
}

impl ProcessPhase {
    /// Where a step leads; none where it may not be taken from here.
    #[must_use]
    pub fn step(&self, step: ProcessStep) -> Option<Self> {
        Some(match (self, step) {
            (Self::None {}, ProcessStep::Start(pid, started)) => Self::Running { pid, started },
            (Self::Running { .. }, ProcessStep::End(code)) => Self::Ended { code },
            _ => return None,
        })
    }
}

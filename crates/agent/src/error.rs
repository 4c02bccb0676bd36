//! Why a turn gave no answer. Never taken for one.

use std::time::Duration;

use poag_core::Fault;
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
            format!("no answer within {}", poag_core::duration::shown(allowed)),
        )
    }
}

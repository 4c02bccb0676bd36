//! A debate as a state of a stream.

use poag_core::debate::{DEBATE_EVENT_VERSION, Debate, DebateEvent, DebateRefusal};
use poag_ledger::{NewEvent, Recorded, Replayed};
use thiserror::Error;

use super::DebateError;

/// A debate that follows from the events of a stream.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DebateState(pub Debate);

/// Why an event does not fit a debate.
#[derive(Debug, Error)]
pub enum DebateMisfit {
    /// The debate refuses it.
    #[error(transparent)]
    Refused(#[from] DebateRefusal),
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(String),
}

/// An event as it was recorded, read.
pub(crate) fn event(recorded: &Recorded) -> Result<DebateEvent, DebateMisfit> {
    if recorded.version != DEBATE_EVENT_VERSION {
        let found = recorded.version;
        let problem = format!("it has version {found}, this poag reads {DEBATE_EVENT_VERSION}");
        return Err(DebateMisfit::Unreadable(problem));
    }
    recorded
        .value()
        .map_err(|error| DebateMisfit::Unreadable(error.to_string()))
}

/// An event as it is written.
pub(super) fn new_event(event: &DebateEvent) -> Result<NewEvent, DebateError> {
    Ok(NewEvent::new(DEBATE_EVENT_VERSION, event.kind(), event)?)
}

impl Replayed for DebateState {
    type Refusal = DebateMisfit;

    fn begin(first: &Recorded) -> Result<Self, DebateMisfit> {
        match event(first)? {
            DebateEvent::DebateStarted(start) => Ok(Self(Debate::new(*start))),
            other => Err(DebateMisfit::Unreadable(format!(
                "a debate begins with its start, not with '{}'",
                other.kind()
            ))),
        }
    }

    fn take(&mut self, recorded: &Recorded) -> Result<(), DebateMisfit> {
        Ok(self.0.apply(&event(recorded)?)?)
    }
}

//! The board as a state of a stream.

use poag_core::work::{Board, BoardRefusal, WORK_EVENT_VERSION, WorkEvent};
use poag_ledger::{Recorded, Replayed};
use thiserror::Error;

/// A board that follows from the events of a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkState(pub Board);

/// Why an event does not fit a board.
#[derive(Debug, Error)]
pub enum Misfit {
    /// The board refuses it.
    #[error(transparent)]
    Refused(#[from] BoardRefusal),
    /// It cannot be read.
    #[error("{0}\nrepair: read it with the poag that wrote it")]
    Unreadable(String),
}

/// An event as it was recorded, read.
pub(super) fn event(recorded: &Recorded) -> Result<WorkEvent, Misfit> {
    if recorded.version != WORK_EVENT_VERSION {
        let found = recorded.version;
        let problem = format!("it has version {found}, this poag reads {WORK_EVENT_VERSION}");
        return Err(Misfit::Unreadable(problem));
    }
    recorded
        .value()
        .map_err(|error| Misfit::Unreadable(error.to_string()))
}

impl Replayed for WorkState {
    type Refusal = Misfit;

    fn begin(first: &Recorded) -> Result<Self, Misfit> {
        match event(first)? {
            WorkEvent::WorkStarted(start) => Ok(Self(Board::new(*start)?)),
            other => Err(Misfit::Unreadable(format!(
                "a work begins with its start, not with '{}'",
                other.kind()
            ))),
        }
    }

    fn take(&mut self, recorded: &Recorded) -> Result<(), Misfit> {
        Ok(self.0.apply(&event(recorded)?)?)
    }
}

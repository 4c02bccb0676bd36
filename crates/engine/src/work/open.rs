//! One work, as any worker changes it: each change by compare-and-swap, under the epoch of its lease.

use poag_core::expert::Graph;
use poag_core::work::view::WorkView;
use poag_core::work::{Board, WorkEvent};
use poag_ledger::{Batch, Ledger, LedgerError, Replica};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::WorkError;
use super::ledger::{GRAPH, new_event};
use super::state::{self, WorkState};

/// A work that was opened.
pub struct OpenWork<'l> {
    pub(super) ledger: &'l dyn Ledger,
    replica: Replica<WorkState>,
}

/// An event with its place in the work.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkEntry {
    /// Its number, from 1.
    pub seq: u64,
    /// When, in milliseconds since 1970 in UTC.
    pub at: i64,
    /// What happened.
    pub event: WorkEvent,
}

impl<'l> OpenWork<'l> {
    /// A work of a ledger.
    ///
    /// # Errors
    /// When there is no such work, or it cannot be read.
    pub fn open(ledger: &'l dyn Ledger, work: &str) -> Result<Self, WorkError> {
        let replica = Replica::open(ledger, work)?;
        Ok(Self { ledger, replica })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.replica.stream()
    }

    /// The board, as far as it was read.
    #[must_use]
    pub fn board(&self) -> &Board {
        &self.replica.state().0
    }

    /// What a person sees of it now.
    #[must_use]
    pub fn view(&self) -> WorkView {
        self.board().view(self.now())
    }

    /// The time as the ledger counts it, in milliseconds since 1970 in UTC.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.ledger.now()
    }

    /// When it began, as the ledger counts time, in milliseconds since 1970 in UTC.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn began(&self) -> Result<i64, WorkError> {
        Ok(self.ledger.stream(self.id())?.created)
    }

    /// Takes in what others wrote meanwhile, and gives it.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn catch_up(&mut self) -> Result<Vec<WorkEntry>, WorkError> {
        let events = self.replica.catch_up(self.ledger)?;
        events.iter().map(entry).collect()
    }

    /// Every event, in order.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn events(&self) -> Result<Vec<WorkEntry>, WorkError> {
        let events = self.ledger.events(self.id(), 0)?;
        events.iter().map(entry).collect()
    }

    /// Writes an event that fits.
    ///
    /// # Errors
    /// When the board refuses it, or the ledger fails; then nothing is written.
    pub fn note(&mut self, event: &WorkEvent) -> Result<(), WorkError> {
        self.propose(|_| Ok(vec![event.clone()]))
    }

    /// Writes the events that `decide` makes of the board as it is, all or none; asked again where somebody else was first.
    ///
    /// # Errors
    /// When `decide` or the board refuses, or the ledger fails.
    pub fn propose(
        &mut self,
        mut decide: impl FnMut(&Board) -> Result<Vec<WorkEvent>, WorkError>,
    ) -> Result<(), WorkError> {
        self.replica.propose(self.ledger, |state| {
            let events = decide(&state.0)?;
            let events: Result<_, WorkError> = events.iter().map(new_event).collect();
            Ok::<_, WorkError>(Batch {
                events: events?,
                ..Batch::default()
            })
        })
    }

    /// Writes events and keeps things beside them, each under a name of its own that is new: all or nothing.
    ///
    /// # Errors
    /// When the board refuses one of them, or the ledger fails; then nothing is written.
    pub fn note_with(
        &mut self,
        events: &[WorkEvent],
        keep: &[(String, Vec<u8>)],
    ) -> Result<(), WorkError> {
        let kept = keep.iter();
        let kept: Vec<_> = kept
            .map(|(name, bytes)| (name.clone(), Some(bytes.clone())))
            .collect();
        self.replica.propose(self.ledger, |_| {
            let events: Result<_, WorkError> = events.iter().map(new_event).collect();
            Ok::<_, WorkError>(Batch {
                events: events?,
                reserve: kept.clone(),
                ..Batch::default()
            })
        })
    }

    /// Keeps something beside the events, under a name of its own: once, and what is there already stays.
    ///
    /// # Errors
    /// When it is too large, or the ledger fails.
    pub fn keep(&mut self, name: &str, bytes: &[u8]) -> Result<(), WorkError> {
        loop {
            if self.ledger.artifact(self.id(), name)?.is_some() {
                return Ok(());
            }
            let batch = Batch {
                reserve: vec![(name.to_owned(), Some(bytes.to_vec()))],
                ..Batch::default()
            };
            match self.ledger.append(self.id(), self.replica.last(), &batch) {
                Ok(_) => return Ok(()),
                Err(LedgerError::Conflict { .. }) => drop(self.catch_up()?),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// What was kept under a name.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn kept(&self, name: &str) -> Result<Option<Vec<u8>>, WorkError> {
        Ok(self.ledger.artifact(self.id(), name)?)
    }

    /// The graph as it was when the work began.
    ///
    /// # Errors
    /// When it was not kept, or cannot be read.
    pub fn graph(&self) -> Result<Graph, WorkError> {
        let bytes = self.kept(GRAPH)?;
        let bytes = bytes.ok_or_else(|| WorkError::Replay("its graph was not kept".into()))?;
        Graph::from_json(&bytes).map_err(|error| WorkError::Replay(error.to_string()))
    }
}

fn entry(recorded: &poag_ledger::Recorded) -> Result<WorkEntry, WorkError> {
    let event = state::event(recorded).map_err(|misfit| WorkError::Replay(misfit.to_string()))?;
    Ok(WorkEntry {
        seq: recorded.seq,
        at: recorded.at,
        event,
    })
}

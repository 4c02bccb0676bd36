//! A run's stream in the ledger: events are gathered and written at once, before their effects.

use super::ended::EndedTurn;
use super::quota::{ArtifactQuota, ArtifactUse};
use crate::run::error::CouncilError;
use poag_core::council::event::{EVENT_VERSION, Event, Started, TurnId};
use poag_core::expert::Graph;
use poag_ledger::{Batch, Ledger, LedgerError, NewEvent, NewStream};

/// The kind of stream that holds a run.
pub(crate) const KIND: &str = "council";
/// The artifact that holds the graph as it was when the run began.
pub(crate) const GRAPH: &str = "graph";

/// The pen of one run.
pub(super) struct RunLog<'a> {
    ledger: &'a dyn Ledger,
    pub run: String,
    last: u64,
    batch: Batch,
    artifacts: ArtifactUse,
}

impl<'a> RunLog<'a> {
    /// Makes the stream of a new run.
    pub fn begin(
        ledger: &'a dyn Ledger,
        graph: &Graph,
        flake: &str,
        started: &Started,
    ) -> Result<Self, CouncilError> {
        let run = started.run.clone();
        let artifacts = ArtifactUse::new(ArtifactQuota::of(graph));
        let mut log = Self::at(ledger, &run, 0, artifacts);
        log.note(&Event::RunStarted(Box::new(started.clone())))?;
        log.place(GRAPH.into(), Some(json(graph)));
        let stream = NewStream {
            id: &run,
            kind: KIND,
            subject: flake,
        };
        let batch = std::mem::take(&mut log.batch);
        log.last = ledger
            .create(&stream, &batch)
            .map_err(CouncilError::ledger(&run))?;
        Ok(log)
    }

    /// Goes on with a stream whose last event is `last`.
    pub fn again(
        ledger: &'a dyn Ledger,
        graph: &Graph,
        run: &str,
        last: u64,
    ) -> Result<Self, CouncilError> {
        let artifacts = ArtifactUse::of(ArtifactQuota::of(graph), ledger, run);
        let artifacts = artifacts.map_err(CouncilError::ledger(run))?;
        Ok(Self::at(ledger, run, last, artifacts))
    }

    fn at(ledger: &'a dyn Ledger, run: &str, last: u64, artifacts: ArtifactUse) -> Self {
        Self {
            ledger,
            run: run.to_owned(),
            last,
            batch: Batch::default(),
            artifacts,
        }
    }

    /// Gathers an event.
    pub fn note(&mut self, event: &Event) -> Result<(), CouncilError> {
        let event = NewEvent::new(EVENT_VERSION, event.kind(), event).map_err(self.failed())?;
        self.batch.events.push(event);
        Ok(())
    }

    /// Gathers the place of a turn's artifacts. What it is asked follows from the events before it, see
    /// [`super::artifacts`].
    pub fn turn_starts(&mut self, turn: &TurnId) {
        self.place(name(turn, ""), None);
    }

    /// Gathers what a turn left behind.
    ///
    /// # Errors
    /// Why it leaves too much: nothing of it is then kept but that.
    pub fn turn_ends(&mut self, turn: &TurnId, left: EndedTurn) -> Result<(), String> {
        let kept = left.kept();
        let admitted = self.artifacts.admit(&turn.expert, &kept);
        let kept = match &admitted {
            Ok(()) => kept,
            Err(reason) => vec![("error", reason.clone().into_bytes())],
        };
        let named = kept.into_iter();
        let named = named.map(|(what, bytes)| (name(turn, what), bytes));
        self.batch.fill.extend(named);
        admitted
    }

    /// Says that nothing follows what was gathered.
    pub fn close(&mut self) {
        self.batch.close = true;
    }

    /// Writes what was gathered, all or nothing.
    pub fn commit(&mut self) -> Result<(), CouncilError> {
        if self.batch.events.is_empty() {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.batch);
        self.last = self
            .ledger
            .append(&self.run, self.last, &batch)
            .map_err(self.failed())?;
        Ok(())
    }

    fn place(&mut self, name: String, bytes: Option<Vec<u8>>) {
        self.batch.reserve.push((name, bytes));
    }

    fn failed(&self) -> impl Fn(LedgerError) -> CouncilError {
        |source| CouncilError::Ledger {
            run: self.run.clone(),
            source: Box::new(source),
        }
    }
}

/// The name of an artifact of a turn.
pub(crate) fn name(turn: &TurnId, what: &str) -> String {
    format!("turn/{turn}/{what}")
}

pub(crate) fn json(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

//! A state that follows from the events of one stream, kept by everybody who cares, and changed by compare-and-swap.
//!
//! Who wants to change it asks the state what to write, applies that to the own copy, and appends it behind the last event
//! that it has seen. Of two who do so at once one is refused by the ledger: it takes in what the other wrote, and asks again.
//! So exactly one of many who want the same thing gets it, on one machine or on several: nothing here needs a common clock, a
//! file lock, or a word from the others. A right that is given by an event is fenced by a number in that event, which every
//! later event of its holder carries and the state compares.

use thiserror::Error;

use super::{Batch, Ledger, LedgerError, Recorded};

/// A state that follows from events.
pub trait Replayed: Sized {
    /// Why an event does not fit.
    type Refusal: std::error::Error + Send + Sync + 'static;

    /// The state after the first event of its stream.
    ///
    /// # Errors
    /// When the event is not one to begin with.
    fn begin(first: &Recorded) -> Result<Self, Self::Refusal>;

    /// Takes in the next event.
    ///
    /// # Errors
    /// When it does not fit; the state is then as before.
    fn take(&mut self, event: &Recorded) -> Result<(), Self::Refusal>;
}

/// Why a state could not be read or changed.
#[derive(Debug, Error)]
pub enum ReplicaError<R: std::error::Error + Send + Sync + 'static> {
    /// The ledger refused or failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The state does not allow it.
    #[error(transparent)]
    Refused(R),
    /// The ledger holds an event that does not fit.
    #[error(
        "event {seq} of '{stream}' does not fit those before it: {source}\nrepair: read it with the poag that wrote it"
    )]
    Replay {
        /// The stream.
        stream: String,
        /// The event's number.
        seq: u64,
        /// Why.
        source: R,
    },
    /// The stream has no events.
    #[error("'{stream}' has no beginning\nrepair: start a new one")]
    Empty {
        /// The stream.
        stream: String,
    },
}

/// One's own copy of a state.
#[derive(Clone, Debug)]
pub struct Replica<S> {
    stream: String,
    last: u64,
    state: S,
}

impl<S: Replayed> Replica<S> {
    /// The state as it is.
    ///
    /// # Errors
    /// When there is no such stream, or its events do not fit each other.
    pub fn open(ledger: &dyn Ledger, stream: &str) -> Result<Self, ReplicaError<S::Refusal>> {
        let events = ledger.events(stream, 0)?;
        Self::replay(stream, &events)
    }

    /// The state that some events lead to, the first one first.
    ///
    /// # Errors
    /// When they do not fit each other.
    pub fn replay(stream: &str, events: &[Recorded]) -> Result<Self, ReplicaError<S::Refusal>> {
        let (first, rest) = events.split_first().ok_or_else(|| ReplicaError::Empty {
            stream: stream.to_owned(),
        })?;
        let mut replica = Self {
            last: first.seq,
            state: S::begin(first).map_err(misfit(stream, first))?,
            stream: stream.to_owned(),
        };
        replica.take_in(rest)?;
        Ok(replica)
    }

    /// The stream.
    #[must_use]
    pub fn stream(&self) -> &str {
        &self.stream
    }

    /// The number of the last event that is in it.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last
    }

    /// The state, as far as it was read.
    #[must_use]
    pub fn state(&self) -> &S {
        &self.state
    }

    /// Takes in what others wrote meanwhile, and gives it.
    ///
    /// # Errors
    /// When the ledger cannot be read, or holds what does not fit.
    pub fn catch_up(
        &mut self,
        ledger: &dyn Ledger,
    ) -> Result<Vec<Recorded>, ReplicaError<S::Refusal>> {
        let events = ledger.events(&self.stream, self.last)?;
        self.take_in(&events)?;
        Ok(events)
    }

    /// Changes the state by what `decide` makes of it as it is, all or nothing. `decide` is asked again where somebody else
    /// was first; with an empty batch nothing is written.
    ///
    /// # Errors
    /// When `decide` or the state refuses, or the ledger fails. Nothing is written then.
    pub fn propose<E>(
        &mut self,
        ledger: &dyn Ledger,
        mut decide: impl FnMut(&S) -> Result<Batch, E>,
    ) -> Result<(), E>
    where
        E: From<ReplicaError<S::Refusal>>,
    {
        loop {
            self.catch_up(ledger)?;
            let batch = decide(&self.state)?;
            if batch.events.is_empty() {
                return Ok(());
            }
            match self.try_append(ledger, &batch) {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Applies a batch and writes it; false where somebody else wrote first.
    fn try_append(
        &mut self,
        ledger: &dyn Ledger,
        batch: &Batch,
    ) -> Result<bool, ReplicaError<S::Refusal>> {
        let mut refused = None;
        for (at, event) in batch.events.iter().enumerate() {
            // As it will be read: the own copy is what every other one becomes.
            let recorded = Recorded {
                seq: self.last + 1 + at as u64,
                version: event.version,
                kind: event.kind.clone(),
                at: 0,
                body: event.body.clone(),
            };
            if let Err(refusal) = self.state.take(&recorded) {
                refused = Some((at, refusal));
                break;
            }
        }
        if let Some((at, refusal)) = refused {
            // Those before it were taken, and are not written.
            if at > 0 {
                *self = Self::open(ledger, &self.stream)?;
            }
            return Err(ReplicaError::Refused(refusal));
        }
        match ledger.append(&self.stream, self.last, batch) {
            Ok(last) => {
                self.last = last;
                Ok(true)
            }
            Err(LedgerError::Conflict { .. }) => {
                *self = Self::open(ledger, &self.stream)?;
                Ok(false)
            }
            Err(error) => {
                *self = Self::open(ledger, &self.stream)?;
                Err(error.into())
            }
        }
    }

    fn take_in(&mut self, events: &[Recorded]) -> Result<(), ReplicaError<S::Refusal>> {
        for event in events {
            self.state
                .take(event)
                .map_err(misfit(&self.stream, event))?;
            self.last = event.seq;
        }
        Ok(())
    }
}

fn misfit<R: std::error::Error + Send + Sync + 'static>(
    stream: &str,
    event: &Recorded,
) -> impl FnOnce(R) -> ReplicaError<R> {
    let (stream, seq) = (stream.to_owned(), event.seq);
    move |source| ReplicaError::Replay {
        stream,
        seq,
        source,
    }
}

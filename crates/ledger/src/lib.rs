//! The append-only log. It knows streams of versioned events, claims on streams and artifacts
//! beside them, and nothing of what they mean.

#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "a test makes and starts what it needs"
    )
)]
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod artifacts;
mod changes;
mod claim;
mod damaged;
mod error;
mod events;
mod feed;
mod names;
#[cfg(feature = "nats")]
mod nats;
mod packed;
mod places;
mod prune;
mod replica;
mod row;
mod schema;
mod sqlite;
mod standing;
mod streams;
mod types;

#[cfg(test)]
mod tests;

pub use changes::Changes;
pub use claim::{Claim, Holder};
pub use error::LedgerError;
pub use feed::{FeedEntry, FeedPart};
#[cfg(feature = "nats")]
pub use nats::{NatsAddress, NatsLedger};
pub use prune::Weight;
pub use replica::{Replayed, Replica, ReplicaError};
pub use sqlite::SqliteLedger;
pub use types::{
    ARTIFACT_BYTES, Batch, EVENT_BYTES, Filter, NAME_BYTES, NewEvent, NewStream, Recorded, Stream,
};

/// A log of events in streams.
///
/// Calls block for microseconds on one machine; an implementation over a network keeps its own
/// thread behind them.
pub trait Ledger {
    /// Makes a stream together with its first events, so that an empty stream is never seen.
    /// Returns the sequence number of the last event.
    ///
    /// # Errors
    /// When the stream is there already, or the batch cannot be written.
    fn create(&self, stream: &NewStream<'_>, batch: &Batch) -> Result<u64, LedgerError>;

    /// Appends to a stream whose last event has the sequence number `expected`, all or nothing.
    /// Returns the new last sequence number; the first event of a stream has 1.
    ///
    /// # Errors
    /// When somebody else appended meanwhile, the stream is closed, or the batch cannot be written.
    fn append(&self, stream: &str, expected: u64, batch: &Batch) -> Result<u64, LedgerError>;

    /// What is known of one stream.
    ///
    /// # Errors
    /// When there is none of that id, or the ledger cannot be read.
    fn stream(&self, id: &str) -> Result<Stream, LedgerError>;

    /// The streams that pass the filter, newest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    fn streams(&self, filter: &Filter<'_>) -> Result<Vec<Stream>, LedgerError>;

    /// The events of a stream after sequence number `after`, in order.
    ///
    /// # Errors
    /// When there is no such stream, or the ledger cannot be read.
    fn events(&self, stream: &str, after: u64) -> Result<Vec<Recorded>, LedgerError>;

    /// The names of a stream's artifacts in bytewise order, with their size; none where the place
    /// is reserved and nothing has come yet.
    ///
    /// # Errors
    /// When there is no such stream, or the ledger cannot be read.
    fn artifacts(&self, stream: &str) -> Result<Vec<(String, Option<u64>)>, LedgerError>;

    /// The content of one artifact; none where its place is empty or was never reserved.
    ///
    /// # Errors
    /// When there is no such stream, or the ledger cannot be read.
    fn artifact(&self, stream: &str, name: &str) -> Result<Option<Vec<u8>>, LedgerError>;

    /// The time as the ledger counts it, in milliseconds since 1970 in UTC: that of its server where it has one. Times of
    /// different writers are compared by this alone, so that their clocks may differ.
    fn now(&self) -> i64;

    /// Claims a stream for this process until the claim is dropped or the process ends, however
    /// it ends; over a network, until its server heard nothing of it for the time of a lease. The
    /// stream need not be there yet.
    ///
    /// # Errors
    /// When another holder has it, who is named, or claims cannot be made.
    fn claim(&self, stream: &str) -> Result<Claim, LedgerError>;

    /// Who drives a stream now, so far as anybody does.
    ///
    /// # Errors
    /// When the name cannot be one, or its claim cannot be looked at.
    fn holder(&self, stream: &str) -> Result<Option<Holder>, LedgerError>;

    /// What a stream weighs, counting the artifacts whose name begins with `prefix`.
    ///
    /// # Errors
    /// When there is no such stream, or the ledger cannot be read.
    fn weight(&self, stream: &str, prefix: &str) -> Result<Weight, LedgerError>;

    /// Removes a closed stream with its events and artifacts.
    ///
    /// # Errors
    /// When there is no such stream, it takes events still, or the ledger cannot be written.
    fn remove(&self, stream: &str) -> Result<(), LedgerError>;

    /// Removes the artifacts of a closed stream whose names begin with `prefix`.
    ///
    /// # Errors
    /// When there is no such stream, it takes events still, or the ledger cannot be written.
    fn remove_artifacts(&self, stream: &str, prefix: &str) -> Result<(), LedgerError>;
}

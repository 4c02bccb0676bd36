//! What tests of several modules need: a ledger whose process dies, and a runtime.

use std::cell::Cell;
use std::time::Duration;

use poag_ledger::{
    Batch, Claim, Filter, Holder, Ledger, LedgerError, NewStream, Recorded, SqliteLedger, Stream,
    Weight,
};

/// A ledger whose process dies when it is about to write for the n-th time.
pub struct DyingLedger<'a> {
    ledger: &'a SqliteLedger,
    left: Cell<u32>,
    jumps: bool,
}

impl<'a> DyingLedger<'a> {
    /// Dies after so many writes.
    pub fn new(ledger: &'a SqliteLedger, writes: u32) -> Self {
        Self {
            ledger,
            left: Cell::new(writes),
            jumps: false,
        }
    }

    /// The times of its events jump back and forth.
    pub fn with_a_jumping_clock(self) -> Self {
        Self {
            jumps: true,
            ..self
        }
    }
}

impl Ledger for DyingLedger<'_> {
    fn append(&self, stream: &str, expected: u64, batch: &Batch) -> Result<u64, LedgerError> {
        if self.left.get() == 0 {
            return Err(LedgerError::Unknown {
                stream: "the process is dead".into(),
            });
        }
        self.left.set(self.left.get() - 1);
        self.ledger.append(stream, expected, batch)
    }
    fn create(&self, stream: &NewStream<'_>, batch: &Batch) -> Result<u64, LedgerError> {
        self.ledger.create(stream, batch)
    }
    fn stream(&self, id: &str) -> Result<Stream, LedgerError> {
        self.ledger.stream(id)
    }
    fn streams(&self, filter: &Filter<'_>) -> Result<Vec<Stream>, LedgerError> {
        self.ledger.streams(filter)
    }
    fn events(&self, stream: &str, after: u64) -> Result<Vec<Recorded>, LedgerError> {
        let mut events = self.ledger.events(stream, after)?;
        for event in events.iter_mut().filter(|_| self.jumps) {
            event.at = if event.seq % 2 == 0 {
                i64::MAX
            } else {
                i64::MIN
            };
        }
        Ok(events)
    }
    fn artifacts(&self, stream: &str) -> Result<Vec<(String, Option<u64>)>, LedgerError> {
        self.ledger.artifacts(stream)
    }
    fn artifact(&self, stream: &str, name: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        self.ledger.artifact(stream, name)
    }
    fn now(&self) -> i64 {
        self.ledger.now()
    }
    fn claim(&self, stream: &str) -> Result<Claim, LedgerError> {
        self.ledger.claim(stream)
    }
    fn holder(&self, stream: &str) -> Result<Option<Holder>, LedgerError> {
        self.ledger.holder(stream)
    }
    fn weight(&self, stream: &str, prefix: &str) -> Result<Weight, LedgerError> {
        self.ledger.weight(stream, prefix)
    }
    fn remove(&self, stream: &str) -> Result<(), LedgerError> {
        self.ledger.remove(stream)
    }
    fn remove_artifacts(&self, stream: &str, prefix: &str) -> Result<(), LedgerError> {
        self.ledger.remove_artifacts(stream, prefix)
    }
}

/// Runs a future to its end on a runtime of its own.
pub fn block<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let result = runtime.block_on(future);
    runtime.shutdown_timeout(Duration::from_secs(1));
    result
}

//! The ledger on a server of NATS JetStream: several machines on one.
//!
//! All streams of a ledger are subjects of one JetStream stream, `PREFIX.ledger.ID`. What is written at once is one message,
//! added behind the last one of its subject or refused by the server, so that it is there whole or not at all. Claims are
//! entries of a key-value bucket, larger artifacts are objects that are written before the message that names them. Times are
//! those of the server.

mod address;
mod body;
mod clock;
mod commit;
mod known;
mod lease;
mod link;
mod read;
mod rows;
mod write;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::{Handle, Runtime};

use super::{
    Batch, Claim, Filter, Holder, Ledger, LedgerError, NewStream, Recorded, Stream, Weight,
    artifacts, streams,
};
pub use address::NatsAddress;
use known::KnownStream;
pub(crate) use lease::Lease;
use link::NatsLink;

/// Streams that are known at a time.
const STREAMS: usize = 256;

/// A ledger on NATS. It can be shared by threads, and called from within another runtime. While the server is away, calls
/// wait for it.
#[derive(Debug)]
pub struct NatsLedger {
    // None only while it is dropped.
    runtime: Option<Runtime>,
    inner: NatsCalls,
}

/// What its calls need.
#[derive(Debug)]
struct NatsCalls {
    link: Arc<NatsLink>,
    clock: clock::ServerClock,
    known: Mutex<HashMap<String, KnownStream>>,
    ends: Mutex<HashMap<String, read::ReadEnd>>,
}

impl NatsLedger {
    /// Connects to the server, and makes what the ledger needs there where it is not there yet.
    ///
    /// # Errors
    /// When no server answers within five seconds, it refuses the credentials, or has no JetStream.
    pub fn open(address: &NatsAddress) -> Result<Self, LedgerError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("poag-ledger")
            .enable_all()
            .build()
            .map_err(|source| LedgerError::Nats {
                doing: "start",
                address: address.to_string(),
                source: source.into(),
            })?;
        let opened = run(runtime.handle(), async {
            let link = NatsLink::open(address).await?;
            Ok((clock::ServerClock::of(&link).await, link))
        });
        let (clock, link) = opened?;
        Ok(Self {
            runtime: Some(runtime),
            inner: NatsCalls {
                link: Arc::new(link),
                clock,
                known: Mutex::default(),
                ends: Mutex::default(),
            },
        })
    }

    fn run<T: Send>(&self, work: impl Future<Output = T> + Send) -> T {
        match &self.runtime {
            Some(runtime) => run(runtime.handle(), work),
            None => unreachable!("it is taken in drop alone"),
        }
    }
}

/// Runs a future to its end, from within another runtime too, where a thread may not wait for one.
fn run<T: Send>(handle: &Handle, work: impl Future<Output = T> + Send) -> T {
    if Handle::try_current().is_err() {
        return handle.block_on(work);
    }
    let waited = std::thread::scope(|scope| scope.spawn(|| handle.block_on(work)).join());
    match waited {
        Ok(done) => done,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

impl Drop for NatsLedger {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl NatsCalls {
    fn unknown(stream: &str) -> LedgerError {
        LedgerError::Unknown {
            stream: stream.to_owned(),
        }
    }
}

/// What a lock guards is whole whenever it is free.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ledger for NatsLedger {
    fn create(&self, stream: &NewStream<'_>, batch: &Batch) -> Result<u64, LedgerError> {
        streams::check(stream)?;
        artifacts::check(batch)?;
        self.run(self.inner.create(stream, batch))
    }

    fn append(&self, stream: &str, expected: u64, batch: &Batch) -> Result<u64, LedgerError> {
        artifacts::check(batch)?;
        known_id(stream)?;
        self.run(self.inner.append(stream, expected, batch))
    }

    fn stream(&self, id: &str) -> Result<Stream, LedgerError> {
        known_id(id)?;
        self.run(self.inner.stream(id))
    }

    fn streams(&self, filter: &Filter<'_>) -> Result<Vec<Stream>, LedgerError> {
        self.run(self.inner.streams(filter))
    }

    fn events(&self, stream: &str, after: u64) -> Result<Vec<Recorded>, LedgerError> {
        known_id(stream)?;
        self.run(self.inner.events(stream, after))
    }

    fn artifacts(&self, stream: &str) -> Result<Vec<(String, Option<u64>)>, LedgerError> {
        known_id(stream)?;
        self.run(self.inner.artifacts(stream))
    }

    fn artifact(&self, stream: &str, name: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        known_id(stream)?;
        self.run(self.inner.artifact(stream, name))
    }

    fn now(&self) -> i64 {
        self.run(self.inner.clock.now(&self.inner.link))
    }

    fn claim(&self, stream: &str) -> Result<Claim, LedgerError> {
        streams::check_id(stream)?;
        let lease = self.run(async {
            let now = self.inner.clock.now(&self.inner.link).await;
            Lease::take(&self.inner.link, stream, now).await
        });
        lease.map(Claim::leased)
    }

    fn holder(&self, stream: &str) -> Result<Option<Holder>, LedgerError> {
        streams::check_id(stream)?;
        self.run(lease::holder(&self.inner.link, stream))
    }

    fn weight(&self, stream: &str, prefix: &str) -> Result<Weight, LedgerError> {
        known_id(stream)?;
        self.run(self.inner.weight(stream, prefix))
    }

    fn remove(&self, stream: &str) -> Result<(), LedgerError> {
        // Nobody drives it meanwhile.
        let _claim = self.claim(stream)?;
        self.run(self.inner.remove(stream))
    }

    // The room of those of less than 8 KiB, which stand in messages, is given back with the stream.
    fn remove_artifacts(&self, stream: &str, prefix: &str) -> Result<(), LedgerError> {
        let _claim = self.claim(stream)?;
        self.run(self.inner.remove_artifacts(stream, prefix))
    }
}

/// What cannot name a stream names none.
fn known_id(stream: &str) -> Result<(), LedgerError> {
    streams::check_id(stream).map_err(|_| NatsCalls::unknown(stream))
}

//! A claim as an entry of a key-value bucket that ends by the server's clock unless its holder renews it. The truth is the
//! compare-and-swap on the entry's number; the number under which it was made is the epoch.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use async_nats::jetstream::kv::{CreateErrorKind, Operation, UpdateErrorKind};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use super::super::{Holder, LedgerError};
use super::link::{NatsLink, key};

/// How long giving a claim back may take; it ends by itself then.
const RELEASE: Duration = Duration::from_secs(5);

/// A claim that is being renewed.
#[derive(Debug)]
pub(crate) struct Lease {
    epoch: u64,
    held: Arc<AtomicBool>,
    stop: Option<oneshot::Sender<()>>,
    stopped: mpsc::Receiver<()>,
}

/// What stands in the bucket.
#[derive(Deserialize, Serialize)]
struct LeaseEntry {
    #[serde(flatten)]
    holder: Holder,
    /// Unique to this claim.
    token: String,
}

/// The entry of one claim.
struct Renewal {
    link: Arc<NatsLink>,
    key: String,
    token: String,
    value: Bytes,
    revision: u64,
}

impl Lease {
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    pub fn is_held(&self) -> bool {
        self.held.load(Ordering::SeqCst)
    }

    /// Takes the claim on a stream; it is renewed by the runtime that this runs on.
    pub(super) async fn take(
        link: &Arc<NatsLink>,
        stream: &str,
        now: i64,
    ) -> Result<Self, LedgerError> {
        let holder = Holder {
            pid: std::process::id(),
            since: now,
        };
        let token = link.unique();
        let entry = LeaseEntry {
            holder,
            token: token.clone(),
        };
        let mut renewal = Renewal {
            link: link.clone(),
            key: key(stream),
            token,
            value: serde_json::json!(entry).to_string().into(),
            revision: 0,
        };
        renewal.revision = renewal.create(stream).await?;
        let (stop, stopping) = oneshot::channel();
        let (done, stopped) = mpsc::channel();
        let held = Arc::new(AtomicBool::new(true));
        let lease = Self {
            epoch: renewal.revision,
            held: held.clone(),
            stop: Some(stop),
            stopped,
        };
        tokio::spawn(async move {
            renewal.keep(&held, stopping).await;
            let _ = done.send(());
        });
        Ok(lease)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        // A claim that cannot be given back ends by the server's clock.
        let _ = self.stopped.recv_timeout(RELEASE);
    }
}

impl Renewal {
    async fn create(&self, stream: &str) -> Result<u64, LedgerError> {
        loop {
            let error = match self.link.claims.create(&self.key, self.value.clone()).await {
                Ok(revision) => return Ok(revision),
                Err(error) => error,
            };
            if !matches!(error.kind(), CreateErrorKind::AlreadyExists) && !self.link.passes(&error)
            {
                return Err(self.link.failed("claim a stream", error));
            }
            match entry(&self.link, stream).await? {
                // The answer to an earlier attempt was lost.
                Some((mine, revision)) if mine.token == self.token => return Ok(revision),
                Some((other, _)) => {
                    return Err(LedgerError::Claimed {
                        stream: stream.to_owned(),
                        holder: other.holder,
                    });
                }
                // It ended meanwhile.
                None => {}
            }
        }
    }

    /// Renews it until it is to stop, and gives it back; or until it is lost.
    async fn keep(mut self, held: &AtomicBool, mut stopping: oneshot::Receiver<()>) {
        let lease = Duration::from_secs(self.link.address.lease);
        loop {
            let stop = tokio::time::timeout(lease / 4, &mut stopping).await.is_ok();
            if stop {
                let _ = self
                    .link
                    .claims
                    .delete_expect_revision(&self.key, Some(self.revision))
                    .await;
                return;
            }
            if !self.renew().await {
                held.store(false, Ordering::SeqCst);
                return;
            }
        }
    }

    /// False where somebody else may have it.
    async fn renew(&mut self) -> bool {
        let updated = self
            .link
            .claims
            .update(&self.key, self.value.clone(), self.revision)
            .await;
        match updated {
            Ok(revision) => self.revision = revision,
            Err(error) if error.kind() == UpdateErrorKind::WrongLastRevision => {
                // Either the answer to the last renewal was lost, or the claim was.
                let asked = self.link.claims.entry(&self.key).await;
                match asked
                    .ok()
                    .flatten()
                    .and_then(|entry| Some((read(&entry.value)?, entry.revision)))
                {
                    Some((entry, revision)) if entry.token == self.token => {
                        self.revision = revision
                    }
                    _ => return false,
                }
            }
            // Not heard is not lost: the server says so at the next renewal.
            Err(_) => {}
        }
        true
    }
}

fn read(value: &[u8]) -> Option<LeaseEntry> {
    serde_json::from_slice(value).ok()
}

async fn entry(link: &NatsLink, stream: &str) -> Result<Option<(LeaseEntry, u64)>, LedgerError> {
    let key = key(stream);
    let found = link
        .patiently("look at a claim", || link.claims.entry(key.as_str()))
        .await?;
    let found = found.filter(|entry| matches!(entry.operation, Operation::Put));
    Ok(found.map(|found| {
        let unknown = || LeaseEntry {
            holder: Holder { pid: 0, since: 0 },
            token: String::new(),
        };
        (read(&found.value).unwrap_or_else(unknown), found.revision)
    }))
}

/// Who has the claim on a stream, if anybody.
pub(super) async fn holder(link: &NatsLink, stream: &str) -> Result<Option<Holder>, LedgerError> {
    Ok(entry(link, stream).await?.map(|(entry, _)| entry.holder))
}

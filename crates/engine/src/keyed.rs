//! A question that is asked once, however often a client that lost the answer sends it: under a key of the client's own,
//! the ledger keeps the id of its run before the run begins.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::runs::RunLedger;
use super::{EngineError, run};
use poag_core::hex;
use poag_ledger::{Batch, Filter, Ledger as _, LedgerError, NewStream};

/// The kind of stream that holds a key.
const KIND: &str = "asked-once";
/// The artifact that it is.
const KEPT: &str = "asked";

/// What a key stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyedAsk {
    /// The id that the run has, or will have.
    pub run: String,
    /// Whether the key stands for the same question; one key does not stand for two.
    pub same: bool,
}

/// What is kept of it.
#[derive(Debug, Deserialize, Serialize)]
struct Kept {
    run: String,
    /// Hex SHA-256 of what is asked.
    digest: String,
}

impl RunLedger {
    /// What a key of a client stands for: what it was given first, by whatever process, else a new run for `question`.
    ///
    /// # Errors
    /// When the ledger cannot be read or written.
    pub fn keyed(
        &self,
        (client, key): (&str, &str),
        question: &[u8],
    ) -> Result<KeyedAsk, EngineError> {
        let mut name = Sha256::new();
        name.update(client.len().to_le_bytes());
        name.update(client);
        name.update(key);
        let name = format!("key.{}", hex(&name.finalize()));
        let asked = Kept {
            run: run::new_id(),
            digest: hex(&Sha256::digest(question)),
        };
        let stream = NewStream {
            id: &name,
            kind: KIND,
            subject: "",
        };
        let batch = Batch {
            // No event: it is nothing that happened, and takes no number of the feed.
            reserve: vec![(KEPT.to_owned(), Some(serde_json::to_vec(&asked)?))],
            close: true,
            ..Batch::default()
        };
        match self.ledger.create(&stream, &batch) {
            Ok(_) => Ok(KeyedAsk {
                run: asked.run,
                same: true,
            }),
            Err(LedgerError::Exists { .. }) => {
                let kept = self.ledger.artifact(&name, KEPT)?;
                let kept = kept.ok_or(LedgerError::Unknown { stream: name })?;
                let kept: Kept = serde_json::from_slice(&kept)?;
                Ok(KeyedAsk {
                    run: kept.run,
                    same: kept.digest == asked.digest,
                })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Forgets the keys that were given before that time, in milliseconds since 1970 in UTC; gives how many.
    ///
    /// # Errors
    /// When the ledger cannot be read or written.
    pub fn forget_keys(&self, before: i64) -> Result<usize, EngineError> {
        let mut gone = 0;
        let keys = self.ledger.streams(&Filter {
            kind: Some(KIND),
            ..Filter::default()
        })?;
        for key in keys.iter().filter(|key| key.created < before) {
            match self.ledger.remove(&key.id) {
                Ok(()) => gone += 1,
                // Another server forgets it, too.
                Err(LedgerError::Unknown { .. } | LedgerError::Claimed { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(gone)
    }
}

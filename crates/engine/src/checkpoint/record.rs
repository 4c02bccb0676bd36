//! The story of each checkpoint, in the ledger: a stream of kind `checkpoint`, whose subject is the expert.

use serde::{Deserialize, Serialize};

use super::meta::stream;
use super::store::Store;
use poag_agent::Usage;
use poag_ledger::{Batch, Ledger as _, LedgerError, NewEvent, NewStream};

/// The kind of stream.
pub const KIND: &str = "checkpoint";
/// Version of [`CheckpointEvent`].
const VERSION: u32 = 1;

/// What happened to a checkpoint.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "camelCase")]
pub enum CheckpointEvent {
    /// It was made from the whole pack.
    Primed {
        /// What that cost.
        usage: Usage,
    },
    /// It was made on top of another.
    Told {
        /// The other's key.
        on: String,
        /// What that cost.
        usage: Usage,
    },
    /// It came from elsewhere.
    Imported {},
    /// A turn was forked from it.
    Used {
        /// What the turn cost.
        usage: Usage,
    },
    /// It was taken away.
    Pruned {},
}

impl CheckpointEvent {
    fn kind(&self) -> &'static str {
        match self {
            Self::Primed { .. } => "primed",
            Self::Told { .. } => "told",
            Self::Imported {} => "imported",
            Self::Used { .. } => "used",
            Self::Pruned {} => "pruned",
        }
    }
}

/// How a checkpoint was used since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Uses {
    /// Turns forked from it.
    pub uses: u64,
    /// When the latest of them ended, in milliseconds since 1970 in UTC.
    pub last: Option<i64>,
    /// What they cost together, the tokens that they read from the prompt cache among it.
    pub usage: Usage,
}

impl Store {
    /// Writes down what happened to a checkpoint.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub(super) fn note(
        &self,
        key: &str,
        expert: &str,
        line: &CheckpointEvent,
    ) -> Result<(), LedgerError> {
        let id = stream(key);
        let stream = NewStream {
            id: &id,
            kind: KIND,
            subject: expert,
        };
        let batch = Batch {
            events: vec![NewEvent::new(VERSION, line.kind(), line)?],
            ..Batch::default()
        };
        self.with_ledger(|ledger| {
            let mut last = 0;
            loop {
                match ledger.append(&id, last, &batch) {
                    // Another process was faster.
                    Err(LedgerError::Conflict { found, .. }) => last = found,
                    Err(LedgerError::Unknown { .. }) => match ledger.create(&stream, &batch) {
                        Err(LedgerError::Exists { .. }) => {}
                        done => return done.map(drop),
                    },
                    done => return done.map(drop),
                }
            }
        })
    }

    /// How a checkpoint was used since it was made.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn uses(&self, key: &str) -> Result<Uses, LedgerError> {
        let events = match self.with_ledger(|ledger| ledger.events(&stream(key), 0)) {
            Err(LedgerError::Unknown { .. }) => Vec::new(),
            events => events?,
        };
        let mut sum = Uses::default();
        for event in events {
            match event.value::<CheckpointEvent>()? {
                CheckpointEvent::Used { usage } => {
                    sum.uses += 1;
                    sum.last = Some(event.at);
                    sum.usage += usage;
                }
                CheckpointEvent::Primed { .. }
                | CheckpointEvent::Told { .. }
                | CheckpointEvent::Imported {}
                | CheckpointEvent::Pruned {} => {
                    sum = Uses::default();
                }
            }
        }
        Ok(sum)
    }
}

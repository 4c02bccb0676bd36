//! The ledgers on real files, real servers and real processes.

mod bounds;
mod claims;
mod conformance;
mod feed;
mod room;
mod versions;

use tempfile::TempDir;

use super::{Batch, NewEvent, NewStream, SqliteLedger};

pub(super) fn ledger() -> (TempDir, SqliteLedger) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(&folder.path().join("ledger.db")).unwrap();
    (folder, ledger)
}

pub(super) fn stream(id: &str) -> NewStream<'_> {
    NewStream {
        id,
        kind: "story",
        subject: "a subject",
    }
}

pub(super) fn batch(texts: &[&str]) -> Batch {
    let events = texts
        .iter()
        .map(|text| NewEvent::new(1, "said", text).unwrap())
        .collect();
    Batch {
        events,
        ..Batch::default()
    }
}

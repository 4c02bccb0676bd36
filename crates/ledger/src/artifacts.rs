//! Artifacts: a place first, its content later, once.
//!
//! A place whose name ends in `/` is one for every name below it, so that what may come is said in one.

use super::packed::{PackedCache, unpack};
use super::row::{self, Rows};
use super::standing::{ArtifactSpots, Spot};
use super::types::{ARTIFACT_BYTES, NAME_BYTES, bounded};
use super::{Batch, LedgerError};

/// Refuses names and contents beyond their bounds before anything is written.
pub(super) fn check(batch: &Batch) -> Result<(), LedgerError> {
    let reserve = batch
        .reserve
        .iter()
        .map(|(name, bytes)| (name, bytes.as_ref()));
    let fill = batch.fill.iter().map(|(name, bytes)| (name, Some(bytes)));
    for (name, bytes) in reserve.chain(fill) {
        bounded("the name of an artifact", name.len(), NAME_BYTES)?;
        let size = bytes.map_or(0, Vec::len);
        if size > ARTIFACT_BYTES {
            bounded(&format!("artifact '{name}'"), size, ARTIFACT_BYTES)?;
        }
    }
    Ok(())
}

/// Puts the artifacts of a batch into rows.
pub(super) fn put(rows: &mut Rows, batch: &Batch, memory: &mut PackedCache) {
    for (name, bytes) in &batch.reserve {
        let packed = bytes.as_ref().map(|bytes| memory.pack(bytes));
        rows.artifact(name, packed.as_ref());
    }
    for (name, bytes) in &batch.fill {
        rows.artifact(name, Some(&memory.pack(bytes)));
    }
}

/// Names in bytewise order, with the size of what is there.
pub(super) fn list(places: &ArtifactSpots) -> Vec<(String, Option<u64>)> {
    let size = |spot: &Option<Spot>| spot.map(|spot| spot.span.size as u64);
    let mut all: Vec<_> = places
        .iter()
        .map(|(name, spot)| (name.clone(), size(spot)))
        .collect();
    all.sort_unstable();
    all
}

pub(super) fn read(
    at: &rusqlite::Connection,
    stream: i64,
    spot: Spot,
) -> rusqlite::Result<Vec<u8>> {
    row::read_content(at, stream, spot.row, spot.span, |bytes| {
        Ok(unpack(bytes, spot.span.size)?)
    })
}

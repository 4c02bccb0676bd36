//! The table of artifacts: a place first, its content later, once.

use rusqlite::{Connection, OptionalExtension, params};

use super::types::{ARTIFACT_BYTES, NAME_BYTES, bounded};
use super::{Batch, LedgerError};

/// An artifact and what is wrong with its place.
type Problem<'a> = Option<(&'a str, &'static str)>;

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

/// Makes places.
pub(super) fn reserve<'a>(
    at: &Connection,
    stream: i64,
    now: i64,
    places: &'a [(String, Option<Vec<u8>>)],
) -> rusqlite::Result<Problem<'a>> {
    let mut insert = at.prepare_cached(
        "INSERT INTO artifacts (stream, name, at, bytes) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )?;
    for (name, bytes) in places {
        if insert.execute(params![stream, name, now, bytes])? == 0 {
            return Ok(Some((name, "has its place already")));
        }
    }
    Ok(None)
}

/// Puts contents into empty places.
pub(super) fn fill<'a>(
    at: &Connection,
    stream: i64,
    now: i64,
    contents: &'a [(String, Vec<u8>)],
) -> rusqlite::Result<Problem<'a>> {
    let mut update = at.prepare_cached(
        "UPDATE artifacts SET bytes = ?, at = ? WHERE stream = ? AND name = ? AND bytes IS NULL",
    )?;
    for (name, bytes) in contents {
        if update.execute(params![bytes, now, stream, name])? == 0 {
            return Ok(Some((name, "has no empty place")));
        }
    }
    Ok(None)
}

pub(super) fn list(at: &Connection, stream: i64) -> rusqlite::Result<Vec<(String, Option<u64>)>> {
    at.prepare_cached("SELECT name, length(bytes) FROM artifacts WHERE stream = ? ORDER BY name")?
        .query_map([stream], |row| {
            let size: Option<i64> = row.get(1)?;
            Ok((row.get(0)?, size.map(i64::cast_unsigned)))
        })?
        .collect()
}

pub(super) fn read(at: &Connection, stream: i64, name: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    Ok(at
        .prepare_cached("SELECT bytes FROM artifacts WHERE stream = ? AND name = ?")?
        .query_row(params![stream, name], |row| {
            row.get::<_, Option<Vec<u8>>>(0)
        })
        .optional()?
        .flatten())
}

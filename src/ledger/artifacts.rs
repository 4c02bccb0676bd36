//! The table of artifacts: a place first, its content later, once.
//!
//! A place whose name ends in `/` is one for every name below it, so that what may come costs one row.

use rusqlite::{Connection, OptionalExtension, params};

use super::packed::Packed;
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
        "INSERT INTO artifacts (stream, name, at, bytes, size) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING",
    )?;
    for (name, bytes) in places {
        let packed = bytes.as_deref().map(Packed::of);
        let size = packed.as_ref().and_then(|packed| packed.size);
        let bytes = packed.as_ref().map(|packed| packed.bytes.as_ref());
        if insert.execute(params![stream, name, now, bytes, size])? == 0 {
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
        "UPDATE artifacts SET bytes = ?, size = ?, at = ?
         WHERE stream = ? AND name = ? AND bytes IS NULL",
    )?;
    let mut insert = at.prepare_cached(
        "INSERT INTO artifacts (bytes, size, at, stream, name) SELECT ?1, ?2, ?3, ?4, ?5
         WHERE EXISTS (SELECT 1 FROM artifacts WHERE stream = ?4 AND name = ?6)
         ON CONFLICT DO NOTHING",
    )?;
    for (name, bytes) in contents {
        let Packed { bytes, size } = Packed::of(bytes);
        let folder = name.rfind('/').map(|at| &name[..=at]);
        let mut filled = 0;
        if let Some(folder) = folder {
            filled = insert.execute(params![bytes, size, now, stream, name, folder])?;
        }
        if filled == 0 {
            filled = update.execute(params![bytes, size, now, stream, name])?;
        }
        if filled == 0 {
            return Ok(Some((name, "has no empty place")));
        }
    }
    Ok(None)
}

pub(super) fn list(at: &Connection, stream: i64) -> rusqlite::Result<Vec<(String, Option<u64>)>> {
    let sql =
        "SELECT name, coalesce(size, length(bytes)) FROM artifacts WHERE stream = ? ORDER BY name";
    at.prepare_cached(sql)?
        .query_map([stream], |row| {
            let size: Option<i64> = row.get(1)?;
            Ok((row.get(0)?, size.map(i64::cast_unsigned)))
        })?
        .collect()
}

pub(super) fn read(at: &Connection, stream: i64, name: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    let found = at
        .prepare_cached("SELECT bytes, size FROM artifacts WHERE stream = ? AND name = ?")?
        .query_row(params![stream, name], |row| {
            Ok((row.get::<_, Option<Vec<u8>>>(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((Some(bytes), size)) = found else {
        return Ok(None);
    };
    super::packed::unpack(bytes, size).map(Some)
}

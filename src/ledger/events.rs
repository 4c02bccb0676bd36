//! The table of events: only ever added to.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{NewEvent, Recorded};

/// Adds events after `last`; returns the new last.
pub(super) fn append(
    at: &Connection,
    stream: i64,
    mut last: u64,
    now: i64,
    events: &[NewEvent],
) -> rusqlite::Result<u64> {
    let mut insert = at.prepare_cached(
        "INSERT INTO events (stream, seq, version, kind, at, body) VALUES (?, ?, ?, ?, ?, ?)",
    )?;
    for event in events {
        last += 1;
        insert.execute(params![
            stream,
            last.cast_signed(),
            event.version,
            event.kind,
            now,
            event.body
        ])?;
    }
    Ok(last)
}

pub(super) fn after(at: &Connection, stream: i64, after: u64) -> rusqlite::Result<Vec<Recorded>> {
    at.prepare_cached(
        "SELECT seq, version, kind, at, body FROM events WHERE stream = ? AND seq > ? ORDER BY seq",
    )?
    .query_map(params![stream, after.cast_signed()], read)?
    .collect()
}

pub(super) fn first(at: &Connection, stream: i64) -> rusqlite::Result<Option<Recorded>> {
    at.prepare_cached(
        "SELECT seq, version, kind, at, body FROM events WHERE stream = ? AND seq = 1",
    )?
    .query_row([stream], read)
    .optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Recorded> {
    Ok(Recorded {
        seq: row.get::<_, i64>(0)?.cast_unsigned(),
        version: row.get(1)?,
        kind: row.get(2)?,
        at: row.get(3)?,
        body: row.get(4)?,
    })
}

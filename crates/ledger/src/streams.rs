//! The table of streams.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::types::{NAME_BYTES, bounded};
use super::{Filter, LedgerError, NewStream, Stream};

const COLUMNS: &str = "name, kind, subject, created, closed";

/// Refuses an id that could not name a file, and names that are too long.
pub(super) fn check(stream: &NewStream<'_>) -> Result<(), LedgerError> {
    check_id(stream.id)?;
    bounded("the kind of a stream", stream.kind.len(), NAME_BYTES)?;
    bounded(
        "the subject of a stream",
        stream.subject.len(),
        8 * NAME_BYTES,
    )
}

/// Refuses an id that could not name a file.
pub(super) fn check_id(id: &str) -> Result<(), LedgerError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if id.is_empty() || id.len() > 128 || id.starts_with('.') || !id.chars().all(allowed) {
        return Err(LedgerError::Name {
            name: id.chars().take(128).collect(),
        });
    }
    Ok(())
}

/// Adds a stream; none where its id is taken.
pub(super) fn create(
    at: &Connection,
    stream: &NewStream<'_>,
    now: i64,
) -> rusqlite::Result<Option<i64>> {
    at.prepare_cached(
        "INSERT INTO streams (name, kind, subject, created) VALUES (?, ?, ?, ?)
         ON CONFLICT DO NOTHING RETURNING id",
    )?
    .query_row(
        params![stream.id, stream.kind, stream.subject, now],
        |row| row.get(0),
    )
    .optional()
}

/// The inner key of a stream and whether it is closed.
pub(super) fn key(at: &Connection, name: &str) -> rusqlite::Result<Option<(i64, bool)>> {
    at.prepare_cached("SELECT id, closed FROM streams WHERE name = ?")?
        .query_row([name], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

pub(super) fn close(at: &Connection, key: i64) -> rusqlite::Result<()> {
    at.prepare_cached("UPDATE streams SET closed = 1 WHERE id = ?")?
        .execute([key])?;
    Ok(())
}

pub(super) fn remove(at: &Connection, key: i64) -> rusqlite::Result<()> {
    at.execute("DELETE FROM streams WHERE id = ?", [key])?;
    Ok(())
}

pub(super) fn one(at: &Connection, name: &str) -> rusqlite::Result<Option<Stream>> {
    at.prepare_cached(&format!("SELECT {COLUMNS} FROM streams WHERE name = ?"))?
        .query_row([name], read)
        .optional()
}

/// Newest first: ids are given in order of making.
pub(super) fn list(at: &Connection, filter: &Filter<'_>) -> rusqlite::Result<Vec<Stream>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM streams
         WHERE (?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR subject = ?2) AND (?3 IS NULL OR closed = ?3)
           AND (?5 IS NULL OR id < (SELECT id FROM streams WHERE name = ?5))
         ORDER BY id DESC LIMIT ?4"
    );
    let limit = filter.limit.map_or(-1, i64::from);
    at.prepare_cached(&sql)?
        .query_map(
            params![
                filter.kind,
                filter.subject,
                filter.closed,
                limit,
                filter.before
            ],
            read,
        )?
        .collect()
}

/// The stream of that inner key; none where it was removed.
pub(super) fn by_key(at: &Connection, key: i64) -> rusqlite::Result<Option<Stream>> {
    at.prepare_cached(&format!("SELECT {COLUMNS} FROM streams WHERE id = ?"))?
        .query_row([key], read)
        .optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Stream> {
    Ok(Stream {
        id: row.get(0)?,
        kind: row.get(1)?,
        subject: row.get(2)?,
        created: row.get(3)?,
        closed: row.get(4)?,
    })
}

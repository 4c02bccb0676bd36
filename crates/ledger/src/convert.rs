//! Ledgers of older versions: those had a table of events and one of artifacts, with a row for each. All that
//! they hold is taken over, in one transaction.

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::NewEvent;
use super::packed::Packed;
use super::row::{self, EventRow, Rows};
use super::schema::{APPLICATION, marks, tables};

const ASIDE: &str = "
ALTER TABLE artifacts RENAME TO old_artifacts;
ALTER TABLE events RENAME TO old_events;
ALTER TABLE streams RENAME TO old_streams;
DROP INDEX streams_by_subject;
";

const DONE: &str = "
DROP TABLE old_artifacts;
DROP TABLE old_events;
DROP TABLE old_streams;
";

/// Brings the tables of version 1 or 2 to this one.
pub(super) fn convert(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done it while this one waited for its turn.
    if let (APPLICATION, version @ (1 | 2)) = marks(&transaction)? {
        transaction.execute_batch(ASIDE)?;
        tables(&transaction)?;
        take_over(&transaction, version)?;
        transaction.execute_batch(DONE)?;
    }
    transaction.commit()
}

fn take_over(at: &Transaction<'_>, version: i64) -> rusqlite::Result<()> {
    at.execute_batch(
        "INSERT INTO streams (id, name, kind, subject, created, closed)
         SELECT id, name, kind, subject, created, closed FROM old_streams",
    )?;
    let mut streams = at.prepare("SELECT id, created FROM streams ORDER BY id")?;
    let streams = streams.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for stream in streams {
        let (id, created): (i64, i64) = stream?;
        let mut sink = Sink {
            at,
            stream: id,
            number: 0,
            rows: Rows::after(0),
            when: created,
        };
        sink.events()?;
        sink.artifacts(version)?;
        sink.end()?;
    }
    Ok(())
}

/// Where one stream goes.
struct Sink<'t> {
    at: &'t Transaction<'t>,
    stream: i64,
    /// Rows written.
    number: u32,
    rows: Rows,
    /// When what is gathered happened.
    when: i64,
}

impl Sink<'_> {
    fn events(&mut self) -> rusqlite::Result<()> {
        let mut select = self.at.prepare_cached(
            "SELECT version, kind, body, at FROM old_events WHERE stream = ? ORDER BY seq",
        )?;
        let mut old = select.query([self.stream])?;
        while let Some(old) = old.next()? {
            let when = old.get(3)?;
            // A row has one time.
            if when != self.when {
                self.rows.cut();
                self.write()?;
                self.when = when;
            }
            self.rows.event(&NewEvent {
                version: old.get(0)?,
                kind: old.get(1)?,
                body: old.get(2)?,
            });
            self.write()?;
        }
        Ok(())
    }

    /// Version 1 packed none, and noted no size.
    fn artifacts(&mut self, version: i64) -> rusqlite::Result<()> {
        let size = match version {
            1 => "NULL",
            _ => "size",
        };
        let mut select = self.at.prepare_cached(&format!(
            "SELECT name, bytes, {size} FROM old_artifacts WHERE stream = ? ORDER BY name"
        ))?;
        let mut old = select.query([self.stream])?;
        while let Some(old) = old.next()? {
            let name: String = old.get(0)?;
            let bytes: Option<Vec<u8>> = old.get(1)?;
            let size: Option<i64> = old.get(2)?;
            let content = bytes.map(|bytes| Packed {
                size: size.map_or(bytes.len(), |size| {
                    usize::try_from(size).unwrap_or(usize::MAX)
                }),
                bytes: bytes.into(),
            });
            self.rows.artifact(&name, content.as_ref());
            self.write()?;
        }
        Ok(())
    }

    fn end(mut self) -> rusqlite::Result<()> {
        self.rows.cut();
        self.write()
    }

    /// Writes the rows that are full.
    fn write(&mut self) -> rusqlite::Result<()> {
        let full = std::mem::take(&mut self.rows.done);
        for row in full.iter().filter(|row| row.bytes() > 0) {
            self.number += 1;
            self.insert(row)?;
        }
        Ok(())
    }

    fn insert(&self, row: &EventRow) -> rusqlite::Result<()> {
        let key = row::key(self.stream, self.number);
        let last = row.last.cast_signed();
        self.at
            .prepare_cached("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?)")?
            .execute(params![
                key,
                last,
                self.when,
                row.events,
                row.names,
                row.contents
            ])?;
        Ok(())
    }
}

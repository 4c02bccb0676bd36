//! The table of rows: what was written at once, in one row where it is not large.

use rusqlite::{Connection, OptionalExtension, params};

use super::damaged::Damaged;
use super::names::{self, Span};
use super::packed::Packed;
use super::{NewEvent, Recorded, events};

/// Most bytes in a row, unless one event or artifact alone takes more.
const ROW_BYTES: usize = 1 << 20;

/// A row to add.
#[derive(Default)]
pub(super) struct EventRow {
    /// The number of the last event up to here.
    pub last: u64,
    pub events: String,
    pub names: String,
    pub contents: Vec<u8>,
}

impl EventRow {
    pub fn bytes(&self) -> usize {
        self.events.len() + self.names.len() + self.contents.len()
    }
}

/// Rows to add, in the making.
pub(super) struct Rows {
    pub done: Vec<EventRow>,
    now: EventRow,
}

impl Rows {
    /// None yet, after the event of that number.
    pub fn after(last: u64) -> Self {
        Self {
            done: Vec::new(),
            now: EventRow {
                last,
                ..EventRow::default()
            },
        }
    }

    pub fn event(&mut self, event: &NewEvent) {
        self.room_for(event.body.len());
        events::put(&mut self.now.events, event);
        self.now.last += 1;
    }

    pub fn artifact(&mut self, name: &str, content: Option<&Packed<'_>>) {
        let stored = content.map_or(0, |content| content.bytes.len());
        self.room_for(stored);
        let sizes = content.map(|content| (stored, content.size));
        names::put(&mut self.now.names, name, sizes);
        if let Some(content) = content {
            self.now.contents.extend_from_slice(&content.bytes);
        }
    }

    /// What comes next stands in another row.
    pub fn cut(&mut self) {
        let next = EventRow {
            last: self.now.last,
            ..EventRow::default()
        };
        self.done.push(std::mem::replace(&mut self.now, next));
    }

    /// All of them; at least one where `one` is set.
    pub fn end(mut self, one: bool) -> Vec<EventRow> {
        if self.now.bytes() > 0 || (one && self.done.is_empty()) {
            self.cut();
        }
        self.done
    }

    fn room_for(&mut self, bytes: usize) {
        let now = self.now.bytes();
        if now > 0 && now + bytes > ROW_BYTES {
            self.cut();
        }
    }
}

/// The key of a stream's row of that number.
pub(super) fn key(stream: i64, number: u32) -> i64 {
    (stream << 32) | i64::from(number)
}

/// The stream of a row.
pub(super) fn stream_of(key: i64) -> i64 {
    key >> 32
}

/// The number of a row in its stream.
fn number(key: i64) -> u32 {
    u32::try_from(key & i64::from(u32::MAX)).unwrap_or(u32::MAX)
}

/// Adds a row to a stream that takes events; false where it takes none, or has a row of that number.
pub(super) fn append(
    at: &Connection,
    stream: i64,
    number: u32,
    now: i64,
    row: &EventRow,
) -> rusqlite::Result<bool> {
    let added = at
        .prepare_cached(
            "INSERT INTO rows (key, last, at, events, names, contents)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6 FROM streams WHERE id = ?7 AND closed = 0
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            key(stream, number),
            row.last.cast_signed(),
            now,
            row.events,
            row.names,
            row.contents,
            stream
        ])?;
    Ok(added == 1)
}

/// The number of a stream's last row and of its last event; 0 where there is none.
pub(super) fn end(at: &Connection, stream: i64) -> rusqlite::Result<(u32, u64)> {
    let end = at
        .prepare_cached(
            "SELECT key, last FROM rows WHERE key BETWEEN ? AND ? ORDER BY key DESC LIMIT 1",
        )?
        .query_row([key(stream, 0), key(stream, u32::MAX)], |row| {
            Ok((number(row.get(0)?), row.get::<_, i64>(1)?.cast_unsigned()))
        })
        .optional()?;
    Ok(end.unwrap_or_default())
}

/// The events of a stream after number `after`; of the first row that has any, where only that is wanted.
pub(super) fn read_events(
    at: &Connection,
    stream: i64,
    after: u64,
    first_row: bool,
) -> rusqlite::Result<Vec<Recorded>> {
    let mut select = at.prepare_cached(
        "SELECT last, at, events FROM rows
         WHERE key BETWEEN ? AND ? AND last > ? AND events <> '' ORDER BY key LIMIT ?",
    )?;
    let mut rows = select.query(params![
        key(stream, 0),
        key(stream, u32::MAX),
        after.cast_signed(),
        if first_row { 1 } else { -1 }
    ])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let last: i64 = row.get(0)?;
        let text = row.get_ref(2)?.as_str()?;
        all.extend(events::read(text, last.cast_unsigned(), row.get(1)?)?);
    }
    all.retain(|event| event.seq > after);
    Ok(all)
}

/// Shows the artifacts of each row of a stream that has any, with the row's number.
pub(super) fn each_names(
    at: &Connection,
    stream: i64,
    mut show: impl FnMut(u32, &str) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut select = at.prepare_cached(
        "SELECT key, names FROM rows WHERE key BETWEEN ? AND ? AND names <> '' ORDER BY key",
    )?;
    let mut rows = select.query([key(stream, 0), key(stream, u32::MAX)])?;
    while let Some(row) = rows.next()? {
        show(number(row.get(0)?), row.get_ref(1)?.as_str()?)?;
    }
    Ok(())
}

/// A part of the contents of one row, as it stands there.
pub(super) fn read_content<T>(
    at: &Connection,
    stream: i64,
    number: u32,
    span: Span,
    take: impl FnOnce(&[u8]) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    at.prepare_cached("SELECT contents FROM rows WHERE key = ?")?
        .query_row([key(stream, number)], |row| {
            let contents = row.get_ref(0)?.as_blob()?;
            let content = span
                .from
                .checked_add(span.stored)
                .and_then(|to| contents.get(span.from..to));
            take(content.ok_or(Damaged("its artifacts are longer than their contents"))?)
        })
}

/// The artifacts of a row less those whose names begin with `prefix`; `names` are all that it has.
pub(super) fn without(
    at: &Connection,
    stream: i64,
    number: u32,
    names: &str,
    prefix: &str,
) -> rusqlite::Result<EventRow> {
    let mut row = EventRow::default();
    for entry in names::read(names)? {
        if entry.name.starts_with(prefix) {
            continue;
        }
        let sizes = entry.content.map(|span| (span.stored, span.size));
        names::put(&mut row.names, entry.name, sizes);
        if let Some(span) = entry.content {
            read_content(at, stream, number, span, |bytes| {
                row.contents.extend_from_slice(bytes);
                Ok(())
            })?;
        }
    }
    Ok(row)
}

/// Puts other artifacts into a row.
pub(super) fn replace(
    at: &Connection,
    stream: i64,
    number: u32,
    row: &EventRow,
) -> rusqlite::Result<()> {
    at.prepare_cached("UPDATE rows SET names = ?, contents = ? WHERE key = ?")?
        .execute(params![row.names, row.contents, key(stream, number)])?;
    Ok(())
}

/// Removes all rows of a stream.
pub(super) fn remove(at: &Connection, stream: i64) -> rusqlite::Result<()> {
    at.execute(
        "DELETE FROM rows WHERE key BETWEEN ? AND ?",
        [key(stream, 0), key(stream, u32::MAX)],
    )?;
    Ok(())
}

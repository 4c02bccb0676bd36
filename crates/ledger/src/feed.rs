//! Every event of the ledger in the order in which it was written, whatever stream it is in: to follow them all, and to
//! go on where one stopped.

use rusqlite::{OptionalExtension as _, params};

use super::{LedgerError, Recorded, SqliteLedger, Stream, row, streams};

/// An event with its place among all events of the ledger.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FeedEntry {
    /// Its number over all streams, from 1. Numbers are never given twice; one that is missing was removed with its
    /// stream.
    pub number: u64,
    /// Its stream.
    pub stream: Stream,
    /// The event.
    pub event: Recorded,
}

/// A part of the feed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct FeedPart {
    /// Events, in order.
    pub entries: Vec<FeedEntry>,
    /// Numbers, from and to, of events that were removed with their stream.
    pub removed: Vec<(u64, u64)>,
    /// The number up to which the feed was read; that after which it was to be read where there is nothing more.
    pub end: u64,
}

impl SqliteLedger {
    /// The number of the last event of all; 0 where there was none yet.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn feed_end(&self) -> Result<u64, LedgerError> {
        let end: Option<i64> = self
            .connection()
            .prepare_cached("SELECT max(last) FROM feed")
            .and_then(|mut select| select.query_row([], |row| row.get(0)))
            .map_err(self.failed("read the feed"))?;
        Ok(end.unwrap_or(0).cast_unsigned())
    }

    /// Events after number `after`, in order: those of at most `most` writes.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn feed(&self, after: u64, most: u32) -> Result<FeedPart, LedgerError> {
        let read = || {
            let at = self.connection();
            let mut select = at.prepare_cached(
                "SELECT feed.last, feed.count, feed.key, rows.last, rows.at, rows.events
                 FROM feed LEFT JOIN rows ON rows.key = feed.key
                 WHERE feed.last > ? ORDER BY feed.last LIMIT ?",
            )?;
            let mut found = select.query(params![after.cast_signed(), most])?;
            let mut part = FeedPart {
                end: after,
                ..FeedPart::default()
            };
            while let Some(line) = found.next()? {
                let end = line.get::<_, i64>(0)?.cast_unsigned();
                part.end = end;
                let count = line.get::<_, i64>(1)?.cast_unsigned();
                let stream = streams::by_key(at, row::stream_of(line.get(2)?))?;
                let (Some(stream), Some(last)) = (stream, line.get::<_, Option<i64>>(3)?) else {
                    let first = (end + 1).saturating_sub(count).max(after + 1);
                    part.removed.push((first, end));
                    continue;
                };
                let text = line.get_ref(5)?.as_str()?;
                let events = super::events::read(text, last.cast_unsigned(), line.get(4)?)?;
                let first = (end + 1).saturating_sub(count);
                let numbered = (first..).zip(events).filter(|(number, _)| *number > after);
                part.entries
                    .extend(numbered.map(|(number, event)| FeedEntry {
                        number,
                        stream: stream.clone(),
                        event,
                    }));
            }
            Ok(part)
        };
        read().map_err(self.failed("read the feed"))
    }

    /// A number that is another one whenever another connection wrote since; to ask for it costs a microsecond.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn data_version(&self) -> Result<i64, LedgerError> {
        self.connection()
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut select| select.query_row([], |row| row.get(0)).optional())
            .map(Option::unwrap_or_default)
            .map_err(self.failed("read the feed"))
    }
}

//! The ledger in one SQLite file: write-ahead log, no daemon, several processes.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::packed::PackedCache;
use super::row::{self, EventRow, Rows};
use super::standing::{StreamCache, StreamState};
use super::{
    Batch, Claim, Filter, Holder, Ledger, LedgerError, NewStream, Recorded, Stream, Weight,
    artifacts, claim, schema, streams,
};

/// A ledger in one SQLite file, with a folder `<file>-claims` beside it.
#[derive(Debug)]
pub struct SqliteLedger {
    path: PathBuf,
    connection: Connection,
    known: RefCell<StreamCache>,
    packed: RefCell<PackedCache>,
}

/// What came of an attempt to write.
enum Tried {
    Written(u64),
    Refused(LedgerError),
    /// Somebody else wrote first.
    Late,
}

impl SqliteLedger {
    /// Opens the ledger at `path`; makes it, and its folder, where there is none.
    ///
    /// # Errors
    /// When the file cannot be opened or made, is no ledger, or is one of another version.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            claim::private_folder(folder)?;
        }
        Ok(Self {
            connection: schema::open(path)?,
            path: path.to_owned(),
            known: RefCell::default(),
            packed: RefCell::default(),
        })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(super) fn failed(&self, doing: &'static str) -> impl Fn(rusqlite::Error) -> LedgerError {
        move |source| LedgerError::Sqlite {
            doing,
            path: self.path.clone(),
            source,
        }
    }

    /// The first event of a stream, without reading the others.
    ///
    /// # Errors
    /// When there is no such stream, or the ledger cannot be read.
    pub fn first(&self, stream: &str) -> Result<Option<Recorded>, LedgerError> {
        let (key, _) = self.key(&self.connection, stream)?;
        let events = row::read_events(&self.connection, key, 0, true);
        Ok(events
            .map_err(self.failed("read events"))?
            .into_iter()
            .next())
    }

    /// A transaction that already has the right to write, so that it cannot fail half-way.
    pub(super) fn write(&self) -> Result<Write<'_>, LedgerError> {
        Write::begin(&self.connection).map_err(self.failed("begin writing"))
    }

    pub(super) fn key(&self, at: &Connection, name: &str) -> Result<(i64, bool), LedgerError> {
        streams::key(at, name)
            .map_err(self.failed("find a stream"))?
            .ok_or_else(|| unknown(name))
    }

    /// Nothing that was known of a stream holds any more.
    pub(super) fn forget(&self, stream: &str) {
        self.known.borrow_mut().forget(stream);
    }

    /// What is wrong with the places of a batch.
    fn misplaced(
        &self,
        name: &str,
        standing: &mut StreamState,
        batch: &Batch,
    ) -> Result<Option<LedgerError>, LedgerError> {
        let problem = standing
            .problem(&self.connection, batch)
            .map_err(self.failed("list artifacts"))?;
        Ok(problem.map(|(artifact, problem)| LedgerError::Place {
            stream: name.to_owned(),
            name: artifact.to_owned(),
            problem,
        }))
    }

    /// Writes a batch behind what is known of its stream.
    fn attempt(
        &self,
        name: &str,
        standing: &mut StreamState,
        expected: u64,
        batch: &Batch,
    ) -> Result<Tried, LedgerError> {
        let stream = || name.to_owned();
        if standing.closed {
            return Ok(Tried::Refused(LedgerError::Closed { stream: stream() }));
        }
        if standing.last != expected {
            return Ok(Tried::Refused(LedgerError::Conflict {
                stream: stream(),
                expected,
                found: standing.last,
            }));
        }
        if let Some(problem) = self.misplaced(name, standing, batch)? {
            return Ok(Tried::Refused(problem));
        }
        let rows = self.rows(expected, batch);
        let failed = self.failed("append to a stream");
        let written = match (&rows[..], batch.close) {
            // One statement is a transaction of its own.
            ([row], false) => add(&self.connection, standing, row),
            _ => self.write()?.all(standing, &rows, batch.close),
        };
        if !written.map_err(&failed)? {
            return Ok(Tried::Late);
        }
        for row in &rows {
            standing.added(row).map_err(&failed)?;
        }
        Ok(Tried::Written(standing.last))
    }

    fn rows(&self, last: u64, batch: &Batch) -> Vec<EventRow> {
        let mut rows = Rows::after(last);
        for event in &batch.events {
            rows.event(event);
        }
        artifacts::put(&mut rows, batch, &mut self.packed.borrow_mut());
        // A stream that is closed has a row that says so to those who know it as open.
        rows.end(batch.close)
    }

    /// Where a stream stands after nobody else wrote since.
    fn reading<T>(
        &self,
        name: &str,
        doing: &'static str,
        read: impl FnOnce(&mut StreamState) -> rusqlite::Result<T>,
    ) -> Result<T, LedgerError> {
        let mut known = self.known.borrow_mut();
        let standing = known.now(&self.connection, name);
        let standing = standing.map_err(self.failed(doing))?;
        read(standing.ok_or_else(|| unknown(name))?).map_err(self.failed(doing))
    }
}

impl Ledger for SqliteLedger {
    fn create(&self, stream: &NewStream<'_>, batch: &Batch) -> Result<u64, LedgerError> {
        streams::check(stream)?;
        artifacts::check(batch)?;
        let write = self.write()?;
        let now = self.now();
        let key = streams::create(&write, stream, now)
            .map_err(self.failed("make a stream"))?
            .ok_or_else(|| LedgerError::Exists {
                stream: stream.id.to_owned(),
            })?;
        let mut standing = StreamState::new(key);
        if let Some(problem) = self.misplaced(stream.id, &mut standing, batch)? {
            return Err(problem);
        }
        let rows = self.rows(0, batch);
        let failed = self.failed("make a stream");
        write.all(&standing, &rows, batch.close).map_err(&failed)?;
        for row in &rows {
            standing.added(row).map_err(&failed)?;
        }
        let last = standing.last;
        if !batch.close {
            self.known.borrow_mut().put(stream.id, standing);
        }
        Ok(last)
    }

    fn append(&self, stream: &str, expected: u64, batch: &Batch) -> Result<u64, LedgerError> {
        artifacts::check(batch)?;
        let mut known = self.known.borrow_mut();
        loop {
            let from_memory = known.knows(stream);
            let standing = known.get(&self.connection, stream);
            let standing = standing.map_err(self.failed("find a stream"))?;
            let standing = standing.ok_or_else(|| unknown(stream))?;
            let tried = self.attempt(stream, standing, expected, batch);
            if !matches!(tried, Ok(Tried::Written(_))) || batch.close {
                known.forget(stream);
            }
            match tried? {
                Tried::Written(last) => return Ok(last),
                Tried::Refused(error) if !from_memory => return Err(error),
                // What was known may be out of date.
                Tried::Refused(_) | Tried::Late => {}
            }
        }
    }

    fn stream(&self, id: &str) -> Result<Stream, LedgerError> {
        streams::one(&self.connection, id)
            .map_err(self.failed("find a stream"))?
            .ok_or_else(|| unknown(id))
    }

    fn streams(&self, filter: &Filter<'_>) -> Result<Vec<Stream>, LedgerError> {
        streams::list(&self.connection, filter).map_err(self.failed("list streams"))
    }

    fn events(&self, stream: &str, after: u64) -> Result<Vec<Recorded>, LedgerError> {
        let (key, _) = self.key(&self.connection, stream)?;
        row::read_events(&self.connection, key, after, false).map_err(self.failed("read events"))
    }

    fn artifacts(&self, stream: &str) -> Result<Vec<(String, Option<u64>)>, LedgerError> {
        self.reading(stream, "list artifacts", |standing| {
            Ok(artifacts::list(standing.places(&self.connection)?))
        })
    }

    fn artifact(&self, stream: &str, name: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        self.reading(stream, "read an artifact", |standing| {
            let id = standing.id;
            let spot = standing.places(&self.connection)?.get(name).copied();
            let spot = spot.flatten();
            spot.map(|spot| artifacts::read(&self.connection, id, spot))
                .transpose()
        })
    }

    fn now(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }

    fn claim(&self, stream: &str) -> Result<Claim, LedgerError> {
        claim::take(&self.path, stream)
    }

    fn holder(&self, stream: &str) -> Result<Option<Holder>, LedgerError> {
        claim::holder_of(&self.path, stream)
    }

    fn weight(&self, stream: &str, prefix: &str) -> Result<Weight, LedgerError> {
        self.weigh(stream, prefix)
    }

    fn remove(&self, stream: &str) -> Result<(), LedgerError> {
        self.of_closed(stream, |at, key| {
            row::remove(at, key)?;
            streams::remove(at, key)
        })
    }

    fn remove_artifacts(&self, stream: &str, prefix: &str) -> Result<(), LedgerError> {
        self.without_artifacts(stream, prefix)
    }
}

fn unknown(stream: &str) -> LedgerError {
    LedgerError::Unknown {
        stream: stream.to_owned(),
    }
}

/// Adds the next row of a stream; false where somebody else did, or closed it.
fn add(at: &Connection, standing: &StreamState, row: &EventRow) -> rusqlite::Result<bool> {
    let now = jiff::Timestamp::now().as_millisecond();
    row::append(at, standing.id, standing.rows + 1, now, row)
}

/// A transaction whose beginning and end are statements that are prepared once. Dropped, it is undone.
pub(super) struct Write<'c>(&'c Connection);

impl<'c> Write<'c> {
    fn begin(at: &'c Connection) -> rusqlite::Result<Self> {
        at.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(Self(at))
    }

    pub(super) fn commit(self) -> rusqlite::Result<()> {
        self.0.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }

    /// Adds rows to a stream, and closes it if nothing follows; false where somebody else was first.
    fn all(self, standing: &StreamState, rows: &[EventRow], close: bool) -> rusqlite::Result<bool> {
        let now = jiff::Timestamp::now().as_millisecond();
        for (number, row) in (standing.rows + 1..).zip(rows) {
            if !row::append(&self, standing.id, number, now, row)? {
                return Ok(false);
            }
        }
        if close {
            streams::close(&self, standing.id)?;
        }
        self.commit()?;
        Ok(true)
    }
}

impl std::ops::Deref for Write<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        self.0
    }
}

impl Drop for Write<'_> {
    fn drop(&mut self) {
        // Committed, or undone by SQLite itself.
        if !self.0.is_autocommit() {
            let _ = self.0.execute_batch("ROLLBACK");
        }
    }
}

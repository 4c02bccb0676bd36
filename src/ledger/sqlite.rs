//! The ledger in one SQLite file: write-ahead log, no daemon, several processes.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{
    Batch, Claim, Filter, Holder, Ledger, LedgerError, NewStream, Recorded, Stream, artifacts,
    claim, events, schema, streams,
};

/// A ledger in one SQLite file, with a folder `<file>-claims` beside it.
#[derive(Debug)]
pub struct SqliteLedger {
    path: PathBuf,
    connection: Connection,
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
        let path = self.path.clone();
        move |source| LedgerError::Sqlite {
            doing,
            path: path.clone(),
            source,
        }
    }

    /// Who drives a stream now, so far as anybody does.
    ///
    /// # Errors
    /// When the name cannot be one, or its claim cannot be looked at.
    pub fn holder(&self, stream: &str) -> Result<Option<Holder>, LedgerError> {
        claim::holder_of(&self.path, stream)
    }

    /// The first event of a stream, without reading the others.
    ///
    /// # Errors
    /// When there is no such stream, or the ledger cannot be read.
    pub fn first(&self, stream: &str) -> Result<Option<Recorded>, LedgerError> {
        let (key, _) = self.key(&self.connection, stream)?;
        events::first(&self.connection, key).map_err(self.failed("read events"))
    }

    /// A transaction that already has the right to write, so that it cannot fail half-way.
    pub(super) fn write(&self) -> Result<Write<'_>, LedgerError> {
        Write::begin(&self.connection).map_err(self.failed("begin writing"))
    }

    fn put(
        &self,
        at: &Connection,
        key: i64,
        name: &str,
        last: u64,
        batch: &Batch,
    ) -> Result<u64, LedgerError> {
        let now = jiff::Timestamp::now().as_millisecond();
        let last = events::append(at, key, last, now, &batch.events)
            .map_err(self.failed("append events"))?;
        let problem = artifacts::reserve(at, key, now, &batch.reserve)
            .and_then(|problem| match problem {
                Some(found) => Ok(Some(found)),
                None => artifacts::fill(at, key, now, &batch.fill),
            })
            .map_err(self.failed("write artifacts"))?;
        if let Some((artifact, problem)) = problem {
            return Err(LedgerError::Place {
                stream: name.to_owned(),
                name: artifact.to_owned(),
                problem,
            });
        }
        if batch.close {
            streams::close(at, key).map_err(self.failed("close a stream"))?;
        }
        Ok(last)
    }

    pub(super) fn key(&self, at: &Connection, name: &str) -> Result<(i64, bool), LedgerError> {
        streams::key(at, name)
            .map_err(self.failed("find a stream"))?
            .ok_or_else(|| LedgerError::Unknown {
                stream: name.to_owned(),
            })
    }
}

impl Ledger for SqliteLedger {
    fn create(&self, stream: &NewStream<'_>, batch: &Batch) -> Result<u64, LedgerError> {
        streams::check(stream)?;
        artifacts::check(batch)?;
        let write = self.write()?;
        let now = jiff::Timestamp::now().as_millisecond();
        let key = streams::create(&write, stream, now)
            .map_err(self.failed("make a stream"))?
            .ok_or_else(|| LedgerError::Exists {
                stream: stream.id.to_owned(),
            })?;
        let last = self.put(&write, key, stream.id, 0, batch)?;
        write.commit().map_err(self.failed("commit"))?;
        Ok(last)
    }

    fn append(&self, stream: &str, expected: u64, batch: &Batch) -> Result<u64, LedgerError> {
        artifacts::check(batch)?;
        let write = self.write()?;
        let found = streams::end(&write, stream).map_err(self.failed("find the last event"))?;
        let Some((key, closed, found)) = found else {
            return Err(LedgerError::Unknown {
                stream: stream.to_owned(),
            });
        };
        if closed {
            return Err(LedgerError::Closed {
                stream: stream.to_owned(),
            });
        }
        if found != expected {
            return Err(LedgerError::Conflict {
                stream: stream.to_owned(),
                expected,
                found,
            });
        }
        let last = self.put(&write, key, stream, found, batch)?;
        write.commit().map_err(self.failed("commit"))?;
        Ok(last)
    }

    fn stream(&self, id: &str) -> Result<Stream, LedgerError> {
        streams::one(&self.connection, id)
            .map_err(self.failed("find a stream"))?
            .ok_or_else(|| LedgerError::Unknown { stream: id.into() })
    }

    fn streams(&self, filter: &Filter<'_>) -> Result<Vec<Stream>, LedgerError> {
        streams::list(&self.connection, filter).map_err(self.failed("list streams"))
    }

    fn events(&self, stream: &str, after: u64) -> Result<Vec<Recorded>, LedgerError> {
        let (key, _) = self.key(&self.connection, stream)?;
        events::after(&self.connection, key, after).map_err(self.failed("read events"))
    }

    fn artifacts(&self, stream: &str) -> Result<Vec<(String, Option<u64>)>, LedgerError> {
        let (key, _) = self.key(&self.connection, stream)?;
        artifacts::list(&self.connection, key).map_err(self.failed("list artifacts"))
    }

    fn artifact(&self, stream: &str, name: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        let (key, _) = self.key(&self.connection, stream)?;
        artifacts::read(&self.connection, key, name).map_err(self.failed("read an artifact"))
    }

    fn claim(&self, stream: &str) -> Result<Claim, LedgerError> {
        claim::take(&self.path, stream)
    }
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

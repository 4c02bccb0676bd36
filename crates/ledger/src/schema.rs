//! The tables of the SQLite ledger, and the refusal of files that are not of this version.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::LedgerError;

/// Version of these tables, kept in the file's `user_version`.
pub(super) const VERSION: i64 = 4;
/// The letters `poag`, kept in the file's `application_id`.
pub(super) const APPLICATION: i64 = 0x706f_6167;

/// Ids are never given twice, so that whoever still knows a stream that was removed cannot add to another.
const STREAMS: &str = "
CREATE TABLE streams (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  name    TEXT NOT NULL UNIQUE,
  kind    TEXT NOT NULL,
  subject TEXT NOT NULL,
  created INTEGER NOT NULL,
  closed  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX streams_by_subject ON streams (kind, subject, closed);
";

/// What is written at once is one row, and has no other index than its number: a commit changes one page, or
/// few. `key` is the stream's id times 2^32 plus the row's number in its stream, from 1 without gaps, so that
/// of two who write the same number one is refused. `last` is the number of the last event so far, `at` is in
/// milliseconds since 1970 in UTC. What the texts hold is said in `events.rs` and `names.rs`; `contents` are
/// those of the artifacts in `names`, one after the other.
pub(super) const ROWS: &str = "
CREATE TABLE rows (
  key      INTEGER PRIMARY KEY,
  last     INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  events   TEXT NOT NULL,
  names    TEXT NOT NULL,
  contents BLOB NOT NULL
) STRICT;
";

/// The order of all events of the ledger. Each row of `rows` that holds events has one here: `last` is the number of its
/// last event, counted over all streams from 1 without gaps, `count` how many events it holds. It is written by a
/// trigger, so that it is one statement with the row itself; a row here stays where its stream is removed, since numbers
/// are never given twice. Making it costs a commit one page more.
const FEED: &str = "
CREATE TABLE feed (
  last  INTEGER PRIMARY KEY,
  count INTEGER NOT NULL,
  key   INTEGER NOT NULL
) STRICT;
CREATE TRIGGER feed_of_rows AFTER INSERT ON rows WHEN NEW.events <> '' BEGIN
  INSERT INTO feed (last, count, key)
  SELECT coalesce((SELECT max(last) FROM feed), 0) + added, added, NEW.key FROM (
    SELECT NEW.last - coalesce((SELECT last FROM rows WHERE key = NEW.key - 1), 0) AS added
  );
END;
";

/// Opens the file, makes the tables in an empty one, and refuses a file of any other version.
pub(super) fn open(path: &Path) -> Result<Connection, LedgerError> {
    let failed = |source| match source {
        rusqlite::Error::SqliteFailure(error, _) if error.code == ErrorCode::NotADatabase => {
            LedgerError::Foreign { path: path.into() }
        }
        source => LedgerError::Sqlite {
            doing: "open",
            path: path.into(),
            source,
        },
    };
    let mut connection = Connection::open(path).map_err(failed)?;
    connection
        .busy_timeout(Duration::from_secs(10))
        .map_err(failed)?;
    if marks(&connection).map_err(failed)? == (0, 0) && is_empty(&connection).map_err(failed)? {
        create(&mut connection).map_err(failed)?;
    }
    // Read again even when it was not empty: another process may have made it in between.
    match marks(&connection).map_err(failed)? {
        (APPLICATION, VERSION) => {}
        (APPLICATION, found) => {
            let path = path.into();
            return Err(LedgerError::Version { path, found });
        }
        _ => return Err(LedgerError::Foreign { path: path.into() }),
    }
    // A commit in WAL mode is a write to the log file: with NORMAL it outlives the process that
    // made it (SIGKILL included); only a power cut can take the last ones, never break the file.
    connection
        .pragma_update(None, "synchronous", "NORMAL")
        .map_err(failed)?;
    // Copying the log back costs fsyncs, milliseconds each: SQLite's own rhythm of once in 1,000 pages
    // is right, since whoever opens the ledger first reads the whole log, and once at every closing, its
    // default too, is not.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// The file's `application_id` and `user_version`.
pub(super) fn marks(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let application = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok((application, version))
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| {
        row.get(0)
    })
}

fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    // Room that `prune` frees can then be given back without writing the whole file anew. It holds from
    // the first table on.
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    to_wal(connection)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have made them while this one waited for its turn.
    if is_empty(&transaction)? {
        tables(&transaction)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
    }
    transaction.commit()
}

/// Makes the tables of this version.
pub(super) fn tables(at: &Connection) -> rusqlite::Result<()> {
    at.execute_batch(STREAMS)?;
    at.execute_batch(ROWS)?;
    at.execute_batch(FEED)?;
    at.pragma_update(None, "user_version", VERSION)
}

/// SQLite does not wait for others when it changes the journal mode, so this does.
fn to_wal(connection: &Connection) -> rusqlite::Result<()> {
    let mut tries = 0;
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(rusqlite::Error::SqliteFailure(error, _))
                if error.code == ErrorCode::DatabaseBusy && tries < 500 =>
            {
                tries += 1;
                std::thread::sleep(Duration::from_millis(10));
            }
            other => return other,
        }
    }
}

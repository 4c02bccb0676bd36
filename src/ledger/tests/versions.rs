//! Files of other versions and other programs, and many processes at the first opening.

use rusqlite::Connection;

use super::{batch, ledger, stream};
use crate::ledger::{Batch, Ledger, LedgerError, SqliteLedger};

#[test]
fn a_ledger_of_a_newer_poag_is_refused_with_both_versions_and_a_repair() {
    let (_folder, ledger) = ledger();
    let path = ledger.path().to_owned();
    drop(ledger);
    let raw = Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", 7).unwrap();
    drop(raw);
    let error = SqliteLedger::open(&path).unwrap_err().to_string();
    assert!(
        error.contains("schema version 7, this poag has 2") && error.contains("repair:"),
        "{error}"
    );
}

#[test]
fn files_that_are_no_ledger_are_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text");
    std::fs::write(
        &text,
        "not a database, but long enough to look at ".repeat(50),
    )
    .unwrap();
    let other = folder.path().join("other.db");
    let raw = Connection::open(&other).unwrap();
    raw.execute_batch("CREATE TABLE t (x)").unwrap();
    drop(raw);
    for path in [&text, &other] {
        let before = std::fs::read(path).unwrap();
        let error = SqliteLedger::open(path).unwrap_err();
        assert!(matches!(error, LedgerError::Foreign { .. }), "{error}");
        assert_eq!(std::fs::read(path).unwrap(), before);
    }
}

#[test]
fn many_can_open_a_ledger_that_is_not_there_yet_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/ledger.db");
    std::thread::scope(|scope| {
        for n in 0..8 {
            let path = &path;
            scope.spawn(move || {
                let ledger = SqliteLedger::open(path).unwrap();
                let id = format!("s{n}");
                ledger.create(&stream(&id), &batch(&["x"])).unwrap();
            });
        }
    });
    let ledger = SqliteLedger::open(&path).unwrap();
    assert_eq!(ledger.streams(&Default::default()).unwrap().len(), 8);
}

/// The tables as version 1 made them.
const VERSION_1: &str = "
PRAGMA journal_mode = WAL;
CREATE TABLE streams (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, subject TEXT NOT NULL,
  created INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX streams_by_subject ON streams (kind, subject, closed);
CREATE TABLE events (
  stream INTEGER NOT NULL REFERENCES streams (id), seq INTEGER NOT NULL, version INTEGER NOT NULL,
  kind TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (stream, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE artifacts (
  stream INTEGER NOT NULL REFERENCES streams (id), name TEXT NOT NULL, at INTEGER NOT NULL, bytes BLOB,
  PRIMARY KEY (stream, name)
) STRICT, WITHOUT ROWID;
PRAGMA application_id = 1886347623;
PRAGMA user_version = 1;
INSERT INTO streams VALUES (1, 's', 'story', 'a subject', 5, 0), (2, 'old', 'story', 'a subject', 4, 1);
INSERT INTO events VALUES (1, 1, 1, 'said', 5, '\"one\"'), (2, 1, 1, 'said', 4, '\"one\"');
INSERT INTO artifacts VALUES (1, 'full', 5, x'313233'), (1, 'empty', 5, NULL);
";

#[test]
fn a_ledger_of_the_first_version_goes_on_with_all_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let raw = Connection::open(&path).unwrap();
    raw.execute_batch(VERSION_1).unwrap();
    drop(raw);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| SqliteLedger::open(&path).unwrap());
        }
    });
    let ledger = SqliteLedger::open(&path).unwrap();
    assert_eq!(ledger.artifact("s", "full").unwrap(), Some(b"123".to_vec()));
    let said = "again and again ".repeat(100).into_bytes();
    let more = Batch {
        fill: vec![("empty".into(), said.clone())],
        ..batch(&["two"])
    };
    ledger.append("s", 1, &more).unwrap();
    assert_eq!(ledger.artifact("s", "empty").unwrap(), Some(said));
    ledger.remove("old").unwrap();
    ledger.shrink().unwrap();
    let again = SqliteLedger::open(&path).unwrap();
    assert_eq!(again.events("s", 0).unwrap().len(), 2);
}

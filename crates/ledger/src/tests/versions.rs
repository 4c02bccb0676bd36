//! Files of other versions and other programs, and many processes at the first opening.

use rusqlite::Connection;

use super::{batch, ledger, stream};
use crate::{Batch, Ledger, LedgerError, SqliteLedger};

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
        error.contains("schema version 7, this poag has 3") && error.contains("repair:"),
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

/// The tables as version 2 made them, with what a poag of that version wrote; `packed` is raw DEFLATE of
/// three thousand times `a`.
const VERSION_2: &str = "
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
CREATE TABLE streams (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, subject TEXT NOT NULL,
  created INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX streams_by_subject ON streams (kind, subject, closed);
CREATE TABLE events (
  stream INTEGER NOT NULL REFERENCES streams (id), seq INTEGER NOT NULL, version INTEGER NOT NULL,
  kind TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (stream, seq)
) STRICT;
CREATE TABLE artifacts (
  stream INTEGER NOT NULL REFERENCES streams (id), name TEXT NOT NULL, at INTEGER NOT NULL, bytes BLOB,
  size INTEGER, PRIMARY KEY (stream, name)
) STRICT;
PRAGMA application_id = 1886347623;
PRAGMA user_version = 2;
INSERT INTO streams VALUES (3, 'open', 'story', 'a subject', 5, 0), (7, 'ended', 'story', 'another', 6, 1);
INSERT INTO events VALUES
  (3, 1, 1, 'said', 5, '\"one\"'), (3, 2, 1, 'said', 5, '{ \"two\":\n 2}'), (3, 3, 2, 'two words', 8, 'null'),
  (7, 1, 1, 'said', 6, '\"ö\"');
INSERT INTO artifacts VALUES
  (3, 'turn/1/', 8, NULL, NULL), (3, 'turn/1/said', 8, x'00ff', NULL), (3, 'none', 5, x'', NULL),
  (3, 'packed', 5, $packed, 3000);
";

fn of_version_2(path: &std::path::Path) {
    let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(4));
    std::io::Write::write_all(&mut packed, &[b'a'; 3000]).unwrap();
    let packed = packed.finish().unwrap();
    let hex: String = packed.iter().map(|byte| format!("{byte:02x}")).collect();
    let raw = Connection::open(path).unwrap();
    raw.execute_batch(&VERSION_2.replace("$packed", &format!("x'{hex}'")))
        .unwrap();
}

#[test]
fn a_ledger_of_the_second_version_is_taken_over_to_the_last_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    of_version_2(&path);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| SqliteLedger::open(&path).unwrap());
        }
    });
    let ledger = SqliteLedger::open(&path).unwrap();
    let events = ledger.events("open", 0).unwrap();
    let seen: Vec<_> = events
        .iter()
        .map(|event| {
            let (kind, body) = (event.kind.as_str(), event.body.as_str());
            (event.seq, event.version, kind, event.at, body)
        })
        .collect();
    let expected = [
        (1, 1, "said", 5, "\"one\""),
        (2, 1, "said", 5, "{ \"two\":\n 2}"),
        (3, 2, "two words", 8, "null"),
    ];
    assert_eq!(seen, expected);
    assert_eq!(ledger.events("ended", 0).unwrap()[0].body, "\"ö\"");
    let listed = [
        ("none".to_owned(), Some(0)),
        ("packed".to_owned(), Some(3000)),
        ("turn/1/".to_owned(), None),
        ("turn/1/said".to_owned(), Some(2)),
    ];
    assert_eq!(ledger.artifacts("open").unwrap(), listed);
    let packed = ledger.artifact("open", "packed").unwrap();
    assert_eq!(packed, Some(vec![b'a'; 3000]));
    let said = ledger.artifact("open", "turn/1/said").unwrap();
    assert_eq!(said, Some(vec![0, 255]));
    let ended = ledger.stream("ended").unwrap();
    assert_eq!(
        (ended.subject.as_str(), ended.created, ended.closed),
        ("another", 6, true)
    );
    let more = Batch {
        fill: vec![("turn/1/more".into(), b"x".to_vec())],
        close: true,
        ..batch(&["four"])
    };
    assert_eq!(ledger.append("open", 3, &more).unwrap(), 4);
    ledger.create(&stream("new"), &batch(&["one"])).unwrap();
    ledger.remove("ended").unwrap();
    ledger.shrink().unwrap();
    let again = SqliteLedger::open(&path).unwrap();
    assert_eq!(again.events("open", 0).unwrap().len(), 4);
    assert_eq!(again.events("new", 0).unwrap().len(), 1);
}

#[test]
fn a_ledger_that_somebody_writes_to_is_converted_when_that_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    of_version_2(&path);
    // Whoever else holds the right to write keeps the conversion from its end.
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| SqliteLedger::open(&path).unwrap());
        std::thread::sleep(std::time::Duration::from_millis(50));
        let version = |raw: &Connection| -> i64 {
            raw.pragma_query_value(None, "user_version", |row| row.get(0))
                .unwrap()
        };
        assert_eq!(version(&other), 2);
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(waits.join().unwrap().events("open", 0).unwrap().len(), 3);
        assert_eq!(version(&other), 3);
    });
}

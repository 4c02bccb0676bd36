//! Files of other versions and other programs, and many processes at the first opening.

use rusqlite::Connection;

use super::{batch, ledger, stream};
use crate::{Ledger, LedgerError, SqliteLedger};

#[test]
fn a_ledger_of_another_version_is_refused_with_both_versions_and_a_repair() {
    let (_folder, ledger) = ledger();
    let path = ledger.path().to_owned();
    drop(ledger);
    for version in [3, 7] {
        let raw = Connection::open(&path).unwrap();
        raw.pragma_update(None, "user_version", version).unwrap();
        drop(raw);
        let before = std::fs::read(&path).unwrap();
        let error = SqliteLedger::open(&path).unwrap_err().to_string();
        let both = format!("schema version {version}, this poag has 4");
        assert!(
            error.contains(&both) && error.contains("repair:"),
            "{error}"
        );
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
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

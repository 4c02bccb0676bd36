//! Room of a file, and rows that somebody tampered with.

use super::conformance::room::{with_artifact, wordy};
use super::ledger;
use crate::{ARTIFACT_BYTES, Ledger};

#[test]
fn an_artifact_that_was_tampered_with_cannot_grow_beyond_what_is_noted() {
    let (_folder, ledger) = ledger();
    with_artifact(&ledger, "s", &wordy(10_000));
    let size = wordy(10_000).len();
    let raw = rusqlite::Connection::open(ledger.path()).unwrap();
    let names: String = raw
        .query_row("SELECT names FROM rows WHERE last = 1", [], |row| {
            row.get(0)
        })
        .unwrap();
    let most = (ARTIFACT_BYTES + 1).to_string();
    let max = i64::MAX.to_string();
    let sizes = ["1", "600", &most, "-1", &max, "+1", "", "x", "1 1"];
    for other in sizes {
        let names = names.replace(&format!(" {size}\n"), &format!(" {other}\n"));
        raw.execute("UPDATE rows SET names = ? WHERE last = 1", [names])
            .unwrap();
        let error = ledger.artifact("s", "graph").unwrap_err().to_string();
        assert!(
            error.contains("damaged") && error.contains("repair:"),
            "{error}"
        );
    }
}

#[test]
fn rows_that_were_tampered_with_are_refused() {
    let (_folder, ledger) = ledger();
    with_artifact(&ledger, "s", b"said");
    let raw = rusqlite::Connection::open(ledger.path()).unwrap();
    for change in [
        "events = '1 4 5\nsaid\"one\"'",
        "events = '1 4 99\nsaid\"one\"\n'",
        "events = 'one'",
        "names = '5 4 4\ngraph'",
        "names = '5 5 5\ngraph\n'",
        "names = '5 18446744073709551615 4\ngraph\n1 9 9\na\n'",
        "names = '99 4 4\ngraph\n'",
    ] {
        raw.execute_batch(&format!(
            "CREATE TABLE kept AS SELECT * FROM rows; UPDATE rows SET {change} WHERE last = 1"
        ))
        .unwrap();
        let read = ledger.events("s", 0).map(drop);
        let error = read.and_then(|()| ledger.artifact("s", "graph").map(drop));
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("damaged") && error.contains("repair:"),
            "{change}: {error}"
        );
        raw.execute_batch("DELETE FROM rows; INSERT INTO rows SELECT * FROM kept; DROP TABLE kept")
            .unwrap();
    }
}

#[test]
fn room_that_is_free_is_given_back() {
    let (_folder, ledger) = ledger();
    let mut random = fastrand::Rng::with_seed(7);
    let noise: Vec<u8> = std::iter::repeat_with(|| random.u8(..))
        .take(900_000)
        .collect();
    with_artifact(&ledger, "s", &noise);
    let before = ledger.bytes().unwrap();
    ledger.remove("s").unwrap();
    ledger.shrink().unwrap();
    let after = ledger.bytes().unwrap();
    assert!(before > 1_800_000 && after < 100_000, "{before} → {after}");
}

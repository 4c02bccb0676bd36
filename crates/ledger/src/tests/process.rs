//! Processes that die: each test runs itself again as a child and kills it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::{batch, stream};
use crate::{Ledger, LedgerError, SqliteLedger};

const CHILD: &str = "POAG_TEST_LEDGER";

/// Runs the named test again in a process of its own, with the ledger's path in its environment.
fn child(test: &str, path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_process_killed_while_appending_loses_nothing_it_was_told_is_written() {
    if let Some(path) = std::env::var_os(CHILD) {
        let ledger = SqliteLedger::open(Path::new(&path)).unwrap();
        let mut last = ledger.create(&stream("s"), &batch(&["1"])).unwrap();
        loop {
            println!("\nwritten {last}");
            let text = (last + 1).to_string();
            last = ledger.append("s", last, &batch(&[&text])).unwrap();
        }
    }
    let test =
        "tests::process::a_process_killed_while_appending_loses_nothing_it_was_told_is_written";
    for kill_after in [1, 17, 400] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let mut child = child(test, &path);
        let mut told = 0;
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(number) = line.strip_prefix("written ") {
                told = number.parse().unwrap();
            }
            if told == kill_after {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        let ledger = SqliteLedger::open(&path).unwrap();
        let events = ledger.events("s", 0).unwrap();
        assert!(events.len() as u64 >= told && told >= kill_after);
        for (at, event) in events.iter().enumerate() {
            assert_eq!(event.value::<String>().unwrap(), (at + 1).to_string());
        }
    }
}

#[test]
fn a_claim_ends_with_the_process_that_was_killed_and_not_before() {
    if let Some(path) = std::env::var_os(CHILD) {
        let ledger = SqliteLedger::open(Path::new(&path)).unwrap();
        let _claim = ledger.claim("run").unwrap();
        println!("\nclaimed");
        loop {
            std::thread::park();
        }
    }
    let test = "tests::process::a_claim_ends_with_the_process_that_was_killed_and_not_before";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut child = child(test, &path);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "claimed"));
    let ledger = SqliteLedger::open(&path).unwrap();
    let error = ledger.claim("run").unwrap_err();
    let LedgerError::Claimed { holder, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(holder.pid, child.id());
    child.kill().unwrap();
    child.wait().unwrap();
    ledger.claim("run").unwrap();
}

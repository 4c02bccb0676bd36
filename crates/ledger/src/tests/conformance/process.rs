//! Processes that die: each case runs itself again as a child and kills it.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::super::{batch, stream};
use super::Place;
use crate::LedgerError;

/// Names the stream to a process of these cases.
const CHILD: &str = "POAG_TEST_LEDGER_CHILD";

pub(super) fn a_process_killed_while_appending_loses_nothing_it_was_told_is_written(
    place: &impl Place,
) {
    if let Ok(id) = std::env::var(CHILD) {
        let ledger = place.open();
        let mut last = ledger.create(&stream(&id), &batch(&["1"])).unwrap();
        loop {
            println!("\nwritten {last}");
            let text = (last + 1).to_string();
            last = ledger.append(&id, last, &batch(&[&text])).unwrap();
        }
    }
    let case = "a_process_killed_while_appending_loses_nothing_it_was_told_is_written";
    for kill_after in [1, 17, 400] {
        let id = format!("s{kill_after}");
        let mut again = place.again(case);
        let again = again.env(CHILD, &id).stdout(Stdio::piped());
        let mut child = again.spawn().unwrap();
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
        let events = place.open().events(&id, 0).unwrap();
        assert!(events.len() as u64 >= told && told >= kill_after);
        for (at, event) in events.iter().enumerate() {
            assert_eq!(event.value::<String>().unwrap(), (at + 1).to_string());
        }
    }
}

pub(super) fn a_claim_ends_with_the_process_that_was_killed_and_not_before(place: &impl Place) {
    let ledger = place.open();
    if std::env::var_os(CHILD).is_some() {
        let _claim = ledger.claim("run").unwrap();
        println!("\nclaimed");
        loop {
            std::thread::park();
        }
    }
    let case = "a_claim_ends_with_the_process_that_was_killed_and_not_before";
    let mut again = place.again(case);
    let again = again.env(CHILD, "run").stdout(Stdio::piped());
    let mut child = again.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "claimed"));
    // It outlives its lease, as it is renewed.
    std::thread::sleep(place.lease() * 2);
    let error = ledger.claim("run").unwrap_err();
    let LedgerError::Claimed { holder, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(holder.pid, child.id());
    child.kill().unwrap();
    child.wait().unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    while ledger.claim("run").is_err() {
        assert!(!place.lease().is_zero(), "a lock ends with its process");
        assert!(Instant::now() < until, "the claim does not end");
        std::thread::sleep(Duration::from_millis(50));
    }
}

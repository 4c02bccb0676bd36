//! All events in one order, whoever writes them.

use std::time::{Duration, Instant};

use super::{batch, ledger, stream};
use crate::{Batch, Changes, FeedPart, Ledger, SqliteLedger};

fn numbers(ledger: &SqliteLedger, after: u64) -> Vec<(u64, String, u64)> {
    let all = ledger.feed(after, 1000).unwrap().entries.into_iter();
    all.map(|one| (one.number, one.stream.id, one.event.seq))
        .collect()
}

fn row(number: u64, stream: &str, seq: u64) -> (u64, String, u64) {
    (number, stream.to_owned(), seq)
}

#[test]
fn events_of_all_streams_have_one_order_without_gaps() {
    let (_folder, one) = ledger();
    let other = SqliteLedger::open(one.path()).unwrap();
    assert_eq!(one.feed_end().unwrap(), 0);
    one.create(&stream("a"), &batch(&["1", "2"])).unwrap();
    other.create(&stream("b"), &batch(&["1"])).unwrap();
    one.append("a", 2, &batch(&["3"])).unwrap();
    // What holds no event has no place in it.
    let kept = Batch {
        reserve: vec![("graph".into(), Some(vec![1]))],
        ..Batch::default()
    };
    one.append("a", 3, &kept).unwrap();
    other.append("b", 1, &batch(&["2", "3"])).unwrap();
    let all = [
        row(1, "a", 1),
        row(2, "a", 2),
        row(3, "b", 1),
        row(4, "a", 3),
        row(5, "b", 2),
        row(6, "b", 3),
    ];
    assert_eq!(numbers(&one, 0), all);
    for after in 0..=6 {
        let at = usize::try_from(after).unwrap();
        assert_eq!(numbers(&other, after), all[at..], "after {after}");
    }
    assert_eq!(one.feed_end().unwrap(), 6);
    let nothing = FeedPart {
        end: 6,
        ..FeedPart::default()
    };
    assert_eq!(one.feed(6, 10).unwrap(), nothing);
}

#[test]
fn the_feed_is_read_in_parts_that_tell_where_they_end() {
    let (_folder, ledger) = ledger();
    ledger.create(&stream("a"), &batch(&["1", "2"])).unwrap();
    for last in 2..10 {
        ledger.append("a", last, &batch(&["more"])).unwrap();
    }
    let (mut after, mut seen) = (0, Vec::new());
    loop {
        let part = ledger.feed(after, 3).unwrap();
        if part.end == after {
            break;
        }
        after = part.end;
        seen.extend(part.entries.into_iter().map(|one| one.number));
    }
    assert_eq!(seen, (1..=10).collect::<Vec<u64>>());
}

#[test]
fn numbers_of_what_was_removed_are_missing_and_never_given_again() {
    let (_folder, ledger) = ledger();
    ledger.create(&stream("a"), &batch(&["1"])).unwrap();
    let closed = Batch {
        close: true,
        ..batch(&["1", "2"])
    };
    ledger.create(&stream("b"), &closed).unwrap();
    ledger.remove("b").unwrap();
    let gone = |removed| FeedPart {
        removed: vec![removed],
        end: 3,
        ..FeedPart::default()
    };
    assert_eq!(ledger.feed(1, 10).unwrap(), gone((2, 3)));
    assert_eq!(ledger.feed(2, 10).unwrap(), gone((3, 3)));
    ledger.append("a", 1, &batch(&["2"])).unwrap();
    assert_eq!(numbers(&ledger, 0), [row(1, "a", 1), row(4, "a", 2)]);
}

#[test]
fn what_another_connection_writes_ends_the_wait() {
    let (_folder, ledger) = ledger();
    let mut changes = Changes::of(ledger.path());
    let before = ledger.data_version().unwrap();
    let path = ledger.path().to_owned();
    let writer = std::thread::spawn(move || {
        let other = SqliteLedger::open(&path).unwrap();
        other.create(&stream("a"), &batch(&["1"])).unwrap();
    });
    let until = Instant::now() + Duration::from_secs(30);
    let mut told = false;
    while ledger.data_version().unwrap() == before {
        assert!(Instant::now() < until, "nothing came within 30 s");
        // Told, it may be too early to see it.
        told |= changes.wait(Duration::from_millis(50));
    }
    let told = told || changes.wait(Duration::from_secs(30));
    assert!(told || cfg!(not(target_os = "linux")));
    assert_eq!(numbers(&ledger, 0), [row(1, "a", 1)]);
    writer.join().unwrap();
}

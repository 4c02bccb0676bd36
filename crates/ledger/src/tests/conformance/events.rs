//! Streams, events and artifacts.

use super::super::{batch, stream};
use super::Place;
use crate::{Batch, Filter, LedgerError};

pub(super) fn events_come_back_in_order_with_their_numbers_after_opening_anew(place: &impl Place) {
    let ledger = place.open();
    assert_eq!(ledger.create(&stream("s"), &batch(&["one"])).unwrap(), 1);
    assert_eq!(ledger.append("s", 1, &batch(&["two", "three"])).unwrap(), 3);
    let again = place.open();
    let events = again.events("s", 1).unwrap();
    let seen: Vec<(u64, String)> = events
        .iter()
        .map(|event| (event.seq, event.value().unwrap()))
        .collect();
    assert_eq!(seen, [(2, "two".into()), (3, "three".into())]);
}

pub(super) fn a_second_writer_with_an_old_view_is_refused_and_writes_nothing(place: &impl Place) {
    let first = place.open();
    let second = place.open();
    first.create(&stream("s"), &batch(&["one"])).unwrap();
    first.append("s", 1, &batch(&["two"])).unwrap();
    let error = second.append("s", 1, &batch(&["other"])).unwrap_err();
    assert!(
        matches!(
            error,
            LedgerError::Conflict {
                expected: 1,
                found: 2,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(second.events("s", 0).unwrap().len(), 2);
}

pub(super) fn a_closed_stream_takes_no_more_events(place: &impl Place) {
    let ledger = place.open();
    let last = Batch {
        close: true,
        ..batch(&["end"])
    };
    ledger.create(&stream("s"), &last).unwrap();
    let error = ledger.append("s", 1, &batch(&["more"])).unwrap_err();
    assert!(matches!(error, LedgerError::Closed { .. }), "{error}");
}

pub(super) fn streams_are_found_by_kind_subject_and_state_newest_first(place: &impl Place) {
    let ledger = place.open();
    for id in ["a", "b", "c"] {
        ledger.create(&stream(id), &batch(&["x"])).unwrap();
    }
    let close = Batch {
        close: true,
        ..Batch::default()
    };
    ledger.append("c", 1, &close).unwrap();
    let ids = |filter: Filter<'_>| -> Vec<String> {
        let found = ledger.streams(&filter).unwrap();
        found.into_iter().map(|stream| stream.id).collect()
    };
    assert_eq!(ids(Filter::default()), ["c", "b", "a"]);
    let open = Filter {
        kind: Some("story"),
        subject: Some("a subject"),
        closed: Some(false),
        limit: Some(1),
        ..Filter::default()
    };
    assert_eq!(ids(open), ["b"]);
    let other = Filter {
        subject: Some("another"),
        ..Filter::default()
    };
    assert!(ids(other).is_empty());
}

pub(super) fn an_artifact_has_its_place_first_and_its_content_once(place: &impl Place) {
    let ledger = place.open();
    let place = Batch {
        reserve: vec![("turn/1/output".into(), None)],
        ..batch(&["started"])
    };
    ledger.create(&stream("s"), &place).unwrap();
    assert_eq!(
        ledger.artifacts("s").unwrap(),
        [("turn/1/output".to_owned(), None)]
    );
    assert_eq!(ledger.artifact("s", "turn/1/output").unwrap(), None);
    let content = Batch {
        fill: vec![("turn/1/output".into(), b"said".to_vec())],
        ..batch(&["finished"])
    };
    ledger.append("s", 1, &content).unwrap();
    assert_eq!(
        ledger.artifact("s", "turn/1/output").unwrap().as_deref(),
        Some(&b"said"[..])
    );
    let error = ledger.append("s", 2, &content).unwrap_err();
    assert!(matches!(error, LedgerError::Place { .. }), "{error}");
    assert_eq!(
        ledger.events("s", 0).unwrap().len(),
        2,
        "the event of the refused batch is not there either"
    );
}

pub(super) fn a_stream_that_is_not_there_or_there_twice_is_refused_by_name(place: &impl Place) {
    let ledger = place.open();
    ledger.create(&stream("s"), &batch(&["x"])).unwrap();
    let twice = ledger.create(&stream("s"), &batch(&["x"])).unwrap_err();
    assert!(matches!(twice, LedgerError::Exists { .. }), "{twice}");
    let missing = ledger.events("ghost", 0).unwrap_err().to_string();
    assert!(
        missing.contains("'ghost'") && missing.contains("repair:"),
        "{missing}"
    );
}

pub(super) fn of_many_writers_each_says_what_it_said_once_and_no_event_is_lost(place: &impl Place) {
    let ledger = place.open();
    ledger.create(&stream("s"), &batch(&["begin"])).unwrap();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            scope.spawn(move || {
                let ledger = place.open();
                let mut last = 1;
                for at in 0..50 {
                    let said = Batch {
                        reserve: vec![(format!("{writer}/{at}"), Some(vec![writer, at]))],
                        ..batch(&[&format!("{writer}/{at}"), "and"])
                    };
                    last = loop {
                        match ledger.append("s", last, &said) {
                            Err(LedgerError::Conflict { found, .. }) => last = found,
                            done => break done.unwrap(),
                        }
                    };
                }
            });
        }
    });
    let events = ledger.events("s", 0).unwrap();
    let seqs: Vec<u64> = events.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=401).collect::<Vec<u64>>());
    let artifacts = ledger.artifacts("s").unwrap();
    assert_eq!(artifacts.len(), 200);
    for (name, _) in artifacts {
        let mut said = events
            .iter()
            .filter(|event| event.body == format!("\"{name}\""));
        assert!(said.next().is_some() && said.next().is_none(), "{name}");
        let (writer, at) = name.split_once('/').unwrap();
        let content = vec![writer.parse().unwrap(), at.parse().unwrap()];
        assert_eq!(ledger.artifact("s", &name).unwrap(), Some(content));
    }
}

pub(super) fn what_another_process_wrote_closed_or_removed_meanwhile_is_seen_at_once(
    place: &impl Place,
) {
    let one = place.open();
    let other = place.open();
    let place = Batch {
        reserve: vec![("a/".into(), None)],
        ..batch(&["one"])
    };
    one.create(&stream("s"), &place).unwrap();
    assert_eq!(one.artifacts("s").unwrap().len(), 1);
    let fill = Batch {
        fill: vec![("a/x".into(), b"x".to_vec())],
        ..batch(&["two"])
    };
    other.append("s", 1, &fill).unwrap();
    assert_eq!(one.artifact("s", "a/x").unwrap(), Some(b"x".to_vec()));
    let error = one.append("s", 2, &fill).unwrap_err();
    assert!(matches!(error, LedgerError::Place { .. }), "{error}");
    let close = Batch {
        close: true,
        ..Batch::default()
    };
    other.append("s", 2, &close).unwrap();
    let error = one.append("s", 2, &batch(&["three"])).unwrap_err();
    assert!(matches!(error, LedgerError::Closed { .. }), "{error}");
    one.create(&stream("t"), &place).unwrap();
    other.append("t", 1, &close).unwrap();
    other.remove("t").unwrap();
    let error = one.append("t", 1, &batch(&["two"])).unwrap_err();
    assert!(matches!(error, LedgerError::Unknown { .. }), "{error}");
    other.create(&stream("t"), &place).unwrap();
    assert_eq!(one.append("t", 1, &batch(&["two"])).unwrap(), 2);
    other.remove_artifacts("s", "a/").unwrap();
    assert_eq!(one.artifact("s", "a/x").unwrap(), None);
    assert!(one.artifacts("s").unwrap().is_empty());
}

pub(super) fn streams_are_listed_page_by_page(place: &impl Place) {
    let ledger = place.open();
    for id in ["a", "b", "c"] {
        ledger.create(&stream(id), &batch(&["1"])).unwrap();
    }
    let ids = |before| {
        let filter = crate::Filter {
            before,
            limit: Some(2),
            ..Default::default()
        };
        let streams = ledger.streams(&filter).unwrap().into_iter();
        streams.map(|stream| stream.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(None), ["c", "b"]);
    assert_eq!(ids(Some("b")), ["a"]);
    assert!(ids(Some("nowhere")).is_empty());
}

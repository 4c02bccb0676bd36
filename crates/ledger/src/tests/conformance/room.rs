//! What is packed comes back as it was, and what is removed is gone.

use super::super::{batch, stream};
use super::Place;
use crate::{Batch, Filter, Ledger, LedgerError};

/// Text that repeats itself, as what experts are given does.
pub(in crate::tests) fn wordy(lines: usize) -> Vec<u8> {
    "the same again, as it was said before\n"
        .repeat(lines)
        .into_bytes()
}

pub(in crate::tests) fn with_artifact(ledger: &dyn Ledger, id: &str, content: &[u8]) {
    let first = Batch {
        reserve: vec![("graph".into(), Some(content.to_vec()))],
        ..batch(&["one"])
    };
    ledger.create(&stream(id), &first).unwrap();
    let last = Batch {
        reserve: vec![("turn/1".into(), Some(content.to_vec()))],
        close: true,
        ..batch(&["two"])
    };
    ledger.append(id, 1, &last).unwrap();
}

pub(super) fn an_artifact_of_any_sort_comes_back_as_it_was_with_its_size(place: &impl Place) {
    let ledger = place.open();
    let mut random = fastrand::Rng::with_seed(7);
    let noise: Vec<u8> = std::iter::repeat_with(|| random.u8(..))
        .take(70_000)
        .collect();
    for (at, content) in [vec![], vec![0], wordy(1), wordy(10_000), noise]
        .into_iter()
        .enumerate()
    {
        let id = format!("s{at}");
        with_artifact(&*ledger, &id, &content);
        let size = Some(content.len() as u64);
        let listed = [("graph".to_owned(), size), ("turn/1".to_owned(), size)];
        assert_eq!(ledger.artifacts(&id).unwrap(), listed);
        assert_eq!(ledger.artifact(&id, "turn/1").unwrap(), Some(content));
    }
}

pub(super) fn what_repeats_itself_takes_a_fraction_of_its_size(place: &impl Place) {
    let ledger = place.open();
    with_artifact(&*ledger, "s", &wordy(10_000));
    let weight = ledger.weight("s", "turn/").unwrap();
    assert!(
        weight.artifacts * 20 < wordy(10_000).len() as u64,
        "{weight:?}"
    );
}

pub(super) fn a_place_for_a_folder_takes_each_name_below_it_once_and_no_other(place: &impl Place) {
    let ledger = place.open();
    let place = Batch {
        reserve: vec![("turn/1/".into(), None)],
        ..batch(&["started"])
    };
    ledger.create(&stream("s"), &place).unwrap();
    let fill = |names: &[&str]| Batch {
        fill: names
            .iter()
            .map(|name| ((*name).into(), b"x".to_vec()))
            .collect(),
        ..batch(&["ended"])
    };
    ledger
        .append("s", 1, &fill(&["turn/1/a", "turn/1/b"]))
        .unwrap();
    for name in ["turn/1/a", "turn/2/a", "turn/1/deep/a", "turn/1", "a"] {
        let error = ledger
            .append("s", 2, &fill(&["turn/1/c", name]))
            .unwrap_err();
        assert!(
            matches!(error, LedgerError::Place { .. }),
            "{name}: {error}"
        );
    }
    assert_eq!(ledger.artifact("s", "turn/1/c").unwrap(), None);
    assert_eq!(
        ledger.artifact("s", "turn/1/b").unwrap(),
        Some(b"x".to_vec())
    );
}

pub(super) fn a_closed_stream_can_be_removed_or_keep_its_events_and_others_stay(
    place: &impl Place,
) {
    let ledger = place.open();
    for id in ["a", "b", "c"] {
        with_artifact(&*ledger, id, &wordy(20_000));
    }
    ledger.remove("a").unwrap();
    ledger.remove_artifacts("b", "turn/").unwrap();
    let left = ledger.streams(&Filter::default()).unwrap();
    let left: Vec<&str> = left.iter().map(|stream| stream.id.as_str()).collect();
    assert_eq!(left, ["c", "b"]);
    assert_eq!(ledger.events("b", 0).unwrap().len(), 2);
    assert_eq!(ledger.artifact("b", "turn/1").unwrap(), None);
    assert_eq!(ledger.artifact("b", "graph").unwrap(), Some(wordy(20_000)));
    assert_eq!(ledger.artifact("c", "turn/1").unwrap(), Some(wordy(20_000)));
}

pub(super) fn a_stream_that_takes_events_or_is_driven_stays(place: &impl Place) {
    let ledger = place.open();
    ledger.create(&stream("open"), &batch(&["one"])).unwrap();
    with_artifact(&*ledger, "closed", b"x");
    let error = ledger.remove("open").unwrap_err();
    assert!(matches!(error, LedgerError::Unfinished { .. }), "{error}");
    let _claim = ledger.claim("closed").unwrap();
    let error = ledger.remove("closed").unwrap_err();
    assert!(matches!(error, LedgerError::Claimed { .. }), "{error}");
    assert_eq!(ledger.streams(&Filter::default()).unwrap().len(), 2);
}

pub(super) fn a_batch_larger_than_a_row_is_written_all_or_nothing(place: &impl Place) {
    let ledger = place.open();
    let mut random = fastrand::Rng::with_seed(7);
    let mut noise = || -> Vec<u8> {
        std::iter::repeat_with(|| random.u8(..))
            .take(700_000)
            .collect()
    };
    let contents = [noise(), noise(), noise()];
    let large = "x".repeat(900_000);
    let first = Batch {
        reserve: vec![("a/".into(), None)],
        ..batch(&["one"])
    };
    ledger.create(&stream("s"), &first).unwrap();
    let fill = |names: [&str; 3]| Batch {
        fill: names
            .iter()
            .zip(&contents)
            .map(|(name, content)| ((*name).into(), content.clone()))
            .collect(),
        ..batch(&["two", &large, &large, "five"])
    };
    let error = ledger.append("s", 1, &fill(["a/1", "a/2", "b"]));
    assert!(matches!(error, Err(LedgerError::Place { .. })));
    assert_eq!(ledger.events("s", 0).unwrap().len(), 1);
    assert_eq!(
        ledger.append("s", 1, &fill(["a/1", "a/2", "a/3"])).unwrap(),
        5
    );
    let after = ledger.events("s", 2).unwrap();
    let seqs: Vec<u64> = after.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, [3, 4, 5]);
    let other = place.open();
    for (at, content) in (1..).zip(contents) {
        let name = format!("a/{at}");
        assert_eq!(other.artifact("s", &name).unwrap(), Some(content));
    }
    assert_eq!(other.append("s", 5, &batch(&["six"])).unwrap(), 6);
}

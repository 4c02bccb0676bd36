//! What is too large or misnamed is refused before it is written.

use super::{batch, ledger, stream};
use crate::{ARTIFACT_BYTES, Batch, EVENT_BYTES, Ledger, LedgerError, NewEvent};

#[test]
fn an_event_beyond_its_bound_is_refused_with_both_sizes() {
    let error = NewEvent::new(1, "said", &"x".repeat(EVENT_BYTES)).unwrap_err();
    assert!(
        error.to_string().contains(&EVENT_BYTES.to_string()),
        "{error}"
    );
}

#[test]
fn an_artifact_beyond_its_bound_is_refused_and_its_place_stays_empty() {
    let (_folder, ledger) = ledger();
    let place = Batch {
        reserve: vec![("a".into(), None)],
        ..batch(&["x"])
    };
    ledger.create(&stream("s"), &place).unwrap();
    let large = Batch {
        fill: vec![("a".into(), vec![0; ARTIFACT_BYTES + 1])],
        ..Batch::default()
    };
    let error = ledger.append("s", 1, &large).unwrap_err();
    assert!(matches!(error, LedgerError::TooLarge { .. }), "{error}");
    assert_eq!(ledger.artifact("s", "a").unwrap(), None);
}

#[test]
fn an_id_that_could_leave_its_folder_is_refused_for_streams_and_claims() {
    let (_folder, ledger) = ledger();
    for id in ["", "..", "../x", "a/b", ".hidden", "a b", &"x".repeat(129)] {
        let made = ledger.create(&stream(id), &batch(&["x"])).unwrap_err();
        assert!(matches!(made, LedgerError::Name { .. }), "{id}: {made}");
        let claimed = ledger.claim(id).unwrap_err();
        assert!(matches!(claimed, LedgerError::Name { .. }), "{id}");
    }
}

//! What is too large or misnamed is refused before it is written.

use super::super::{batch, stream};
use super::Place;
use crate::{ARTIFACT_BYTES, Batch, LedgerError};

pub(super) fn an_artifact_beyond_its_bound_is_refused_and_its_place_stays_empty(
    place: &impl Place,
) {
    let ledger = place.open();
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

pub(super) fn an_id_that_could_leave_its_folder_is_refused_for_streams_and_claims(
    place: &impl Place,
) {
    let ledger = place.open();
    for id in ["", "..", "../x", "a/b", ".hidden", "a b", &"x".repeat(129)] {
        let made = ledger.create(&stream(id), &batch(&["x"])).unwrap_err();
        assert!(matches!(made, LedgerError::Name { .. }), "{id}: {made}");
        let claimed = ledger.claim(id).unwrap_err();
        assert!(matches!(claimed, LedgerError::Name { .. }), "{id}");
    }
}

//! One process drives a stream.

use super::Place;
use crate::LedgerError;

pub(super) fn a_claimed_stream_is_refused_to_others_who_are_told_the_holder(place: &impl Place) {
    let first = place.open();
    let second = place.open();
    let claim = first.claim("run").unwrap();
    assert!(claim.is_held());
    let error = second.claim("run").unwrap_err();
    let LedgerError::Claimed { holder, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(second.holder("run").unwrap().as_ref(), Some(holder));
    assert_eq!(second.holder("another-run").unwrap(), None);
    assert_eq!(holder.pid, std::process::id());
    assert!(
        error
            .to_string()
            .contains(&format!("process {} since 20", holder.pid)),
        "{error}"
    );
    second.claim("another-run").unwrap();
    drop(claim);
    second.claim("run").unwrap();
}

pub(super) fn of_many_who_claim_at_once_again_and_again_one_has_it_at_a_time(place: &impl Place) {
    let inside = std::sync::atomic::AtomicU32::new(0);
    let had = std::sync::atomic::AtomicU32::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let ledger = place.open();
                for _ in 0..200 {
                    let Ok(claim) = ledger.claim("run") else {
                        continue;
                    };
                    let others = inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    assert_eq!(others, 0);
                    inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                    had.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    drop(claim);
                }
            });
        }
    });
    assert!(had.into_inner() > 0);
}

//! What is taken away, and what stays.

use super::*;
use crate::checkpoint::Which;

const MONTH: Duration = Duration::from_secs(30 * 86_400);

#[tokio::test]
async fn what_is_used_stays_and_what_is_idle_goes() {
    let place = Place::new();
    let key = place.open("pack").await.unwrap().stored.meta.key;
    assert!(
        place
            .store
            .prune(Which::Idle(MONTH), false)
            .unwrap()
            .is_empty()
    );
    let gone = place
        .store
        .prune(Which::Idle(Duration::ZERO), true)
        .unwrap();
    assert!(gone[0].goes && gone[0].key == key);
    assert!(
        place.store.find(&key).unwrap().is_some(),
        "it was only said"
    );
    let gone = place
        .store
        .prune(Which::Idle(Duration::ZERO), false)
        .unwrap();
    assert!(gone[0].goes);
    assert!(place.store.names().unwrap().is_empty());
    assert!(place.open("pack").await.unwrap().how.is_some());
}

#[tokio::test]
async fn one_that_turns_are_forked_from_stays_until_they_are_done() {
    let place = Place::new();
    let opened = place.open("pack").await.unwrap();
    let gone = place.store.prune(Which::All, false).unwrap();
    assert_eq!((gone[0].goes, gone[0].why.as_str()), (false, "in use"));
    drop(opened);
    assert!(place.store.prune(Which::All, false).unwrap()[0].goes);
}

#[tokio::test]
async fn damaged_ones_go_whenever_anything_is_pruned() {
    let place = Place::new();
    for _ in 0..2 {
        let folder = place.open("pack").await.unwrap().stored.folder;
        std::fs::remove_file(folder.join("meta.json")).unwrap();
    }
    let gone = place.store.prune(Which::Idle(MONTH), false).unwrap();
    assert_eq!(gone.len(), 2, "{gone:?}");
    assert!(place.store.names().unwrap().is_empty());
}

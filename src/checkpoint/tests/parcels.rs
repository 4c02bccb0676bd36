//! Checkpoints on their way to another machine.

use serde_json::{Value, json};

use super::*;
use crate::checkpoint::CheckpointError;

async fn parcel(place: &Place) -> Value {
    let key = place.open("pack").await.unwrap().stored.meta.key;
    serde_json::to_value(place.store.export(&key).unwrap()).unwrap()
}

fn import(store: &Store, parcel: &Value) -> Result<bool, CheckpointError> {
    let bytes = serde_json::to_vec(parcel).unwrap();
    let portable = |backend: &str| (backend == "forks").then_some(true);
    store.import(&bytes, portable).map(|(_, new)| new)
}

#[tokio::test]
async fn what_was_handed_out_is_used_elsewhere_without_priming() {
    let (here, there) = (Place::new(), Place::new());
    let parcel = parcel(&here).await;
    assert!(import(&there.store, &parcel).unwrap());
    assert!(
        !import(&there.store, &parcel).unwrap(),
        "it is there already"
    );
    let opened = there.open("pack").await.unwrap();
    assert_eq!((opened.how, there.forks.calls()), (None, 0));
    let talk = opened.stored.checkpoint().folder.join("deep/talk.txt");
    assert_eq!(std::fs::read_to_string(talk).unwrap(), "{\"prime\":true}\n");
}

#[tokio::test]
async fn a_parcel_that_somebody_changed_is_refused_and_leaves_nothing() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 14] = [
        ("of version 2", |parcel| parcel["poagCheckpoint"] = json!(2)),
        ("no such JSON", |parcel| parcel["more"] = json!(1)),
        ("no such JSON", |parcel| {
            parcel["meta"]["mould"]["more"] = json!(1)
        }),
        ("pack", |parcel| parcel["pack"] = json!("another")),
        ("key", |parcel| {
            parcel["meta"]["key"] = json!("0".repeat(64))
        }),
        ("key", |parcel| {
            parcel["meta"]["key"] = json!("../../../etc/x")
        }),
        ("key", |parcel| {
            parcel["meta"]["mould"]["model"] = json!("large")
        }),
        ("key", |parcel| {
            parcel["meta"]["mould"]["expert"] = json!("b")
        }),
        ("conversation", |parcel| {
            parcel["meta"]["id"] = json!("--dangerously")
        }),
        ("conversation", |parcel| {
            parcel["meta"]["id"] = json!("../up")
        }),
        ("not the file", |parcel| {
            parcel["files"]["deep/talk.txt"] = json!("eA==")
        }),
        ("files are not", |parcel| {
            parcel["files"]["more"] = json!("eA==")
        }),
        ("inside", |parcel| rename(parcel, "../../up.txt")),
        ("inside", |parcel| rename(parcel, "/tmp/up.txt")),
    ];
    let here = Place::new();
    let good = parcel(&here).await;
    for (word, change) in changes {
        let there = Place::new();
        let mut parcel = good.clone();
        change(&mut parcel);
        let text = import(&there.store, &parcel).unwrap_err().to_string();
        assert!(text.contains(word), "{word}: {text}");
        assert!(text.contains("\nrepair: "), "{text}");
        assert!(there.store.names().unwrap().is_empty(), "{word}");
    }
    import(&Place::new().store, &good).unwrap();
}

/// Gives the only file another path, everywhere.
fn rename(parcel: &mut Value, path: &str) {
    let content = parcel["files"]["deep/talk.txt"].take();
    parcel["files"] = json!({ path: content });
    parcel["meta"]["files"][0]["path"] = json!(path);
}

#[tokio::test]
async fn only_backends_that_are_here_and_portable_are_taken_in() {
    let here = Place::new();
    let bytes = serde_json::to_vec(&parcel(&here).await).unwrap();
    let there = Place::new();
    let error = there.store.import(&bytes, |_| Some(false)).unwrap_err();
    assert!(
        matches!(error, CheckpointError::NotPortable { .. }),
        "{error}"
    );
    let error = there.store.import(&bytes, |_| None).unwrap_err();
    assert!(error.to_string().contains("no backend 'forks'"), "{error}");
}

#[tokio::test]
async fn a_checkpoint_is_found_by_its_expert_and_by_the_beginning_of_its_key() {
    let place = Place::new();
    let key = place.open("pack").await.unwrap().stored.meta.key;
    assert_eq!(place.store.named("a").unwrap(), key);
    assert_eq!(place.store.named(&key[..8]).unwrap(), key);
    let error = place.store.named("nobody").unwrap_err();
    assert!(matches!(error, CheckpointError::None { .. }), "{error}");
}

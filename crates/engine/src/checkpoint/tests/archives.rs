//! Checkpoints on their way to another machine.

use serde_json::{Value, json};

use super::*;
use crate::checkpoint::CheckpointError;

async fn archive(place: &Place) -> Value {
    let key = place.open("pack").await.unwrap().stored.meta.key;
    serde_json::to_value(place.store.export(&key).unwrap()).unwrap()
}

fn import(store: &Store, archive: &Value) -> Result<bool, CheckpointError> {
    let bytes = serde_json::to_vec(archive).unwrap();
    let portable = |backend: &str| (backend == "forks").then_some(true);
    store.import(&bytes, portable).map(|(_, new)| new)
}

#[tokio::test]
async fn what_was_handed_out_is_used_elsewhere_without_priming() {
    let (here, there) = (Place::new(), Place::new());
    let archive = archive(&here).await;
    assert!(import(&there.store, &archive).unwrap());
    assert!(
        !import(&there.store, &archive).unwrap(),
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
        ("of version 2", |archive| {
            archive["poagCheckpoint"] = json!(2)
        }),
        ("no such JSON", |archive| archive["more"] = json!(1)),
        ("no such JSON", |archive| {
            archive["meta"]["mould"]["more"] = json!(1)
        }),
        ("pack", |archive| archive["pack"] = json!("another")),
        ("key", |archive| {
            archive["meta"]["key"] = json!("0".repeat(64))
        }),
        ("key", |archive| {
            archive["meta"]["key"] = json!("../../../etc/x")
        }),
        ("key", |archive| {
            archive["meta"]["mould"]["model"] = json!("large")
        }),
        ("key", |archive| {
            archive["meta"]["mould"]["expert"] = json!("b")
        }),
        ("conversation", |archive| {
            archive["meta"]["id"] = json!("--dangerously")
        }),
        ("conversation", |archive| {
            archive["meta"]["id"] = json!("../up")
        }),
        ("not the file", |archive| {
            archive["files"]["deep/talk.txt"] = json!("eA==")
        }),
        ("files are not", |archive| {
            archive["files"]["more"] = json!("eA==")
        }),
        ("inside", |archive| rename(archive, "../../up.txt")),
        ("inside", |archive| rename(archive, "/tmp/up.txt")),
    ];
    let here = Place::new();
    let good = archive(&here).await;
    for (word, change) in changes {
        let there = Place::new();
        let mut archive = good.clone();
        change(&mut archive);
        let text = import(&there.store, &archive).unwrap_err().to_string();
        assert!(text.contains(word), "{word}: {text}");
        assert!(text.contains("\nrepair: "), "{text}");
        assert!(there.store.names().unwrap().is_empty(), "{word}");
    }
    import(&Place::new().store, &good).unwrap();
}

/// Gives the only file another path, everywhere.
fn rename(archive: &mut Value, path: &str) {
    let content = archive["files"]["deep/talk.txt"].take();
    archive["files"] = json!({ path: content });
    archive["meta"]["files"][0]["path"] = json!(path);
}

#[tokio::test]
async fn only_backends_that_are_here_and_portable_are_taken_in() {
    let here = Place::new();
    let bytes = serde_json::to_vec(&archive(&here).await).unwrap();
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

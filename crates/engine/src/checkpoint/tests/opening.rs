//! How a checkpoint is come by.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use super::*;
use crate::checkpoint::{Forked, How, KeyParts};

#[tokio::test]
async fn the_first_who_asks_primes_and_the_next_finds_it() {
    let place = Place::new();
    let first = place.open("pack").await.unwrap();
    assert_eq!(first.how, Some(How::Primed));
    assert_eq!(first.usage.input_tokens, 100);
    assert!(
        first.why.contains("no checkpoint on this backend yet"),
        "{}",
        first.why
    );
    let second = place.open("pack").await.unwrap();
    assert_eq!((second.how, second.usage), (None, Usage::default()));
    assert_eq!(place.forks.calls(), 1);
    assert_eq!(first.stored.meta, second.stored.meta);
    let from = second.stored.checkpoint();
    assert_eq!(from.id, "talk");
    let talk = std::fs::read_to_string(from.folder.join("deep/talk.txt")).unwrap();
    assert_eq!(talk, "{\"prime\":true}\n");
}

#[tokio::test]
async fn it_is_private_and_read_only_and_nothing_else_is_left() {
    let place = Place::new();
    let opened = place.open("pack").await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&opened.stored.folder), 0o700);
    for file in ["meta.json", "pack.txt", "session/deep/talk.txt"] {
        assert_eq!(mode(&opened.stored.folder.join(file)), 0o400, "{file}");
    }
    let names = place.store.names().unwrap();
    assert_eq!(names, std::slice::from_ref(&opened.stored.meta.key));
}

#[tokio::test]
async fn two_who_want_the_same_prime_it_once() {
    let place = Place::new();
    // Of its own, as another process has it.
    let other = store(place.temp.path());
    let beside = Place {
        store: Arc::new(other),
        forks: Arc::clone(&place.forks),
        temp: tempfile::tempdir().unwrap(),
    };
    let (one, two) = tokio::join!(place.open("pack"), beside.open("pack"));
    let hows = [one.unwrap(), two.unwrap()].map(|opened| (opened.how, opened.why));
    assert_eq!(place.forks.calls(), 1, "{hows:?}");
    let waited = hows.iter().find(|(how, _)| how.is_none()).unwrap();
    assert!(waited.1.contains("another poag"), "{waited:?}");
}

#[tokio::test]
async fn whatever_it_depends_on_makes_another_one() {
    let place = Place::new();
    let key = |key_parts: &KeyParts| key_parts.key("pack");
    let base = KeyParts::of(place.forks.as_ref(), &persona("pack"), "1");
    let others = [
        KeyParts {
            expert: "b".into(),
            ..base.clone()
        },
        KeyParts {
            backend: "spoons".into(),
            ..base.clone()
        },
        KeyParts {
            model: None,
            ..base.clone()
        },
        KeyParts {
            model: Some(String::new()),
            ..base.clone()
        },
        KeyParts {
            version: "2".into(),
            ..base.clone()
        },
        KeyParts {
            frozen: Vec::new(),
            ..base.clone()
        },
        KeyParts {
            frozen: vec!["--".into(), "quiet".into()],
            ..base.clone()
        },
        KeyParts {
            instructions: "x".into(),
            ..base.clone()
        },
        KeyParts {
            schema: "x".into(),
            ..base.clone()
        },
    ];
    let mut keys: Vec<String> = others.iter().map(key).collect();
    keys.push(key(&base));
    keys.push(base.key("pack "));
    let all = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), all);
    assert_eq!(key(&base), key(&base.clone()));
}

#[tokio::test]
async fn a_damaged_one_is_set_aside_and_made_anew_with_a_note() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 5] = [
        ("talk.txt is missing or not as it was", |folder| {
            std::fs::remove_file(folder.join("session/deep/talk.txt")).unwrap();
        }),
        ("not as it was", |folder| {
            rewrite(&folder.join("session/deep/talk.txt"), "x")
        }),
        ("not sealed", |folder| {
            rewrite(&folder.join("session/more.txt"), "x")
        }),
        ("not that of what it holds", |folder| {
            rewrite(&folder.join("pack.txt"), "x")
        }),
        ("meta.json", |folder| {
            rewrite(&folder.join("meta.json"), "{")
        }),
    ];
    for (word, damage) in damages {
        let place = Place::new();
        let folder = place.open("pack").await.unwrap().stored.folder;
        damage(&folder);
        let again = place.open("pack").await.unwrap();
        assert_eq!(again.how, Some(How::Primed));
        assert!(again.why.contains(word), "{}", again.why);
        assert!(again.why.contains("set aside"), "{}", again.why);
        assert_eq!(place.forks.calls(), 2);
        assert_eq!(place.open("pack").await.unwrap().how, None);
    }
}

fn rewrite(path: &Path, text: &str) {
    let _ = std::fs::remove_file(path);
    std::fs::write(path, text).unwrap();
}

#[tokio::test]
async fn half_a_checkpoint_of_somebody_who_was_ended_is_cleared_away() {
    let place = Place::new();
    let key = KeyParts::of(place.forks.as_ref(), &persona("pack"), "1").key("pack");
    let left = place.folder().join(format!(".making-{key}/session"));
    std::fs::create_dir_all(&left).unwrap();
    std::fs::write(left.join("half"), "x").unwrap();
    let opened = place.open("pack").await.unwrap();
    assert_eq!(opened.stored.meta.files.len(), 1);
    assert_eq!(place.store.names().unwrap(), [key]);
}

#[tokio::test]
async fn a_failure_leaves_nothing_and_says_what_it_cost() {
    let place = Place::new();
    place.forks.failing.lock().unwrap().push(Fault::Denied);
    let output = place.open("pack").await.unwrap_err();
    assert_eq!(output.outcome.unwrap_err().fault, Fault::Denied);
    assert_eq!(output.usage.input_tokens, 100);
    assert!(place.store.names().unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_that_is_none_makes_no_checkpoint() {
    let place = Place::new();
    *place.forks.answer.lock().unwrap() = Some(json!("I would rather talk"));
    let error = place.open("pack").await.unwrap_err().outcome.unwrap_err();
    assert_eq!(error.fault, Fault::Invalid);
    assert!(error.reason.contains("no object"), "{error}");
    assert!(place.store.names().unwrap().is_empty());
}

#[tokio::test]
async fn a_small_change_is_told_on_top_of_the_older_one() {
    let place = Place::new();
    place.open(&pack("fn greet() {}")).await.unwrap();
    let told = place.open(&pack("fn greet_politely() {}")).await.unwrap();
    assert_eq!(told.how, Some(How::Told), "{}", told.why);
    assert!(told.why.contains("input tokens against"), "{}", told.why);
    let (input, before) = place.forks.sealed.lock().unwrap()[1].clone();
    assert_eq!(before.as_deref(), Some("{\"prime\":true}\n"));
    let difference = input["tell"].as_str().unwrap();
    assert!(
        difference.contains("-fn greet() {}\n+fn greet_politely() {}\n"),
        "{difference}"
    );
    assert!(!difference.contains("number_7("), "{difference}");
    let again = place.open(&pack("fn greet_politely() {}")).await.unwrap();
    assert_eq!(again.how, None);
    assert_eq!(again.stored.pack().unwrap(), pack("fn greet_politely() {}"));
}

#[tokio::test]
async fn a_great_change_is_primed_anew_and_says_why() {
    let place = Place::new();
    place.open(&pack("fn greet() {}")).await.unwrap();
    let anew = place.open("something else altogether").await.unwrap();
    assert_eq!(anew.how, Some(How::Primed));
    assert!(anew.why.contains("more than a quarter"), "{}", anew.why);
}

#[tokio::test]
async fn no_more_than_three_differences_are_told_on_top_of_each_other() {
    let place = Place::new();
    let mut hows = Vec::new();
    for line in ["a", "b", "c", "d", "e"] {
        hows.push(place.open(&pack(line)).await.unwrap());
        // Only the latest is left to tell anything on top of.
        let keep = hows.last().unwrap().stored.meta.key.clone();
        for entry in place.store.list().unwrap() {
            if entry.key != keep {
                std::fs::remove_dir_all(place.folder().join(entry.key)).unwrap();
            }
        }
    }
    let told = Some(How::Told);
    let primed = Some(How::Primed);
    let found: Vec<_> = hows.iter().map(|opened| opened.how).collect();
    assert_eq!(found, [primed, told, told, told, primed]);
    assert!(hows[4].why.contains("3 differences"), "{}", hows[4].why);
}

#[tokio::test]
async fn a_newer_backend_is_told_nothing_on_top_of_an_older_ones_conversation() {
    let place = Place::new();
    place.open(&pack("a")).await.unwrap();
    let anew = place.open_at(&pack("b"), "2").await.unwrap();
    assert_eq!(anew.how, Some(How::Primed));
    assert_eq!(anew.why, "forks was 1 and is 2");
}

#[tokio::test]
async fn where_telling_fails_it_is_primed_and_both_are_paid_for() {
    let place = Place::new();
    place.open(&pack("a")).await.unwrap();
    place.forks.failing.lock().unwrap().push(Fault::Failed);
    let anew = place.open(&pack("b")).await.unwrap();
    assert_eq!(anew.how, Some(How::Primed));
    assert!(
        anew.why.starts_with("telling the difference failed"),
        "{}",
        anew.why
    );
    assert_eq!(anew.usage.input_tokens, 200);
}

#[tokio::test]
async fn turns_that_are_forked_from_it_are_counted_and_it_stays_as_it_was() {
    let place = Place::new();
    let opened = place.open("pack").await.unwrap();
    let (key, start) = (
        opened.stored.meta.key.clone(),
        Start::Checkpoint(opened.stored.checkpoint()),
    );
    let inner = Arc::clone(&place.forks) as Arc<dyn Agent>;
    let forked = Forked::new(inner, Arc::clone(&place.store), opened.stored);
    for start in [start.clone(), start, Start::New] {
        let request = TurnRequest {
            persona: persona("pack"),
            start,
            input: json!({}),
            timeout: Duration::from_secs(60),
            correlation: Vec::new(),
            tools: None,
            writing: None,
        };
        assert!(forked.turn(request).await.outcome.is_ok());
    }
    let uses = place.store.uses(&key).unwrap();
    assert_eq!((uses.uses, uses.usage.cached_tokens), (2, 180));
    assert!(uses.last.is_some());
    assert!(place.store.find(&key).unwrap().is_some());
}

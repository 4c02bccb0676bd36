//! The backend `codex`, with the real program.

mod surroundings;

use std::time::Duration;

use poag::agent::Fault;
use serde_json::json;

use crate::spoken::{Speaker, asked, fault, told, wait, wrongly_told};
use crate::stand_in::{Call, Reply, StandIn, clis_or_skip};

/// A speaker whose provider is the stand-in.
fn speaker(model: &StandIn) -> Option<Speaker> {
    speaker_at(&format!("{}/v1", model.url()))
}

fn speaker_at(address: &str) -> Option<Speaker> {
    let program = clis_or_skip()?.join("codex");
    let set = [
        format!("model_providers.poag.base_url=\"{address}\""),
        "model_providers.poag.requires_openai_auth=false".into(),
        "model_providers.poag.experimental_bearer_token=\"none\"".into(),
    ];
    let mut command = vec![program.to_str().unwrap().to_owned()];
    command.extend(set.into_iter().flat_map(|set| ["-c".into(), set]));
    Some(Speaker::new("codex", command))
}

fn said(text: &str) -> Reply {
    Reply::Structured(json!({ "said": text }))
}

/// Answers with what was asked.
fn echo(call: &Call) -> Reply {
    said(&asked(&call.last_user()))
}

#[test]
fn it_is_found_and_its_version_is_known() {
    let Some(speaker) = speaker_at("http://127.0.0.1:1/v1") else {
        return;
    };
    let version = wait(speaker.agent.probe(&speaker.settings)).unwrap();
    assert!(version.starts_with("0."), "{version}");
    let nowhere = poag::agent::Settings {
        command: Some(vec!["no-such-codex".into()]),
        model: None,
        server: None,
    };
    let error = wait(speaker.agent.probe(&nowhere)).unwrap_err();
    assert_eq!(error.fault, Fault::Unavailable);
    assert!(
        error.to_string().contains("\nrepair: install it"),
        "{error}"
    );
}

#[test]
fn a_turn_gives_one_object_and_says_what_it_cost() {
    let model = StandIn::start(echo);
    let Some(mut speaker) = speaker(&model) else {
        return;
    };
    speaker.settings.model = Some("gpt-5.5".into());
    let output = speaker.turn("moo?", None);
    assert_eq!(output.outcome.as_ref().unwrap(), &json!({ "said": "moo?" }));
    let calls = model.calls();
    assert_eq!(calls.len(), 1, "{}", told(&output));
    assert_eq!(calls[0].model, "gpt-5.5");
    assert!(calls[0].last_user().contains("The pack says moo."));
    // The provider holds to the schema: it is not told in words.
    assert!(!calls[0].last_user().contains("\"properties\""));
    assert_eq!(calls[0].body["text"]["format"]["strict"], true);
    assert_eq!(
        calls[0].body["text"]["format"]["schema"]["required"],
        json!(["said"])
    );
    assert_eq!(output.usage.input_tokens as usize, calls[0].usage.input);
    assert_eq!(output.usage.output_tokens as usize, calls[0].usage.output);
}

#[test]
fn forks_of_a_sealed_conversation_read_it_from_the_cache_and_each_pays_for_itself() {
    let model = StandIn::start(echo);
    let Some(mut speaker) = speaker(&model) else {
        return;
    };
    speaker.pack = "A cow says moo. ".repeat(6000);
    let place = speaker.place("sealed");
    let (output, sealed) = speaker.seal("ready?", None, &place);
    let sealed = sealed.unwrap_or_else(|| panic!("{}", told(&output)));
    let before = tree(&place);

    let forks = speaker.turns(&["alpha", "bravo", "delta"], &sealed);
    for (fork, word) in forks.iter().zip(["alpha", "bravo", "delta"]) {
        assert_eq!(
            fork.outcome.as_ref().unwrap()["said"],
            word,
            "{}",
            told(fork)
        );
        let share = fork.usage.cached_tokens as f64 / fork.usage.input_tokens as f64;
        assert!(share > 0.9, "{:?}", fork.usage);
    }
    // One upon another, from the copy alone: this one holds two files.
    let upper = speaker.place("upper");
    let (output, higher) = speaker.seal("again?", Some(&sealed), &upper);
    let higher = higher.unwrap_or_else(|| panic!("{}", told(&output)));
    let last = speaker.turn("omega", Some(&higher));
    assert_eq!(
        last.outcome.as_ref().unwrap()["said"],
        "omega",
        "{}",
        told(&last)
    );
    assert_eq!(tree(&place), before, "a checkpoint is only read");

    let calls = model.calls();
    assert_eq!(calls.len(), 6);
    let spoken: Vec<String> = calls[5]
        .messages
        .iter()
        .map(|(_, text)| text.clone())
        .collect();
    let spoken = spoken.join("\n");
    for word in ["ready?", "again?", "omega"] {
        assert!(spoken.contains(word), "{word}");
    }
    assert!(!spoken.contains("bravo"));
    assert_eq!(last.usage.input_tokens as usize, calls[5].usage.input);
    assert_eq!(last.usage.cached_tokens as usize, calls[5].usage.cached);
    // They ask the provider for its cache by the name of the sealed conversation.
    let key = |call: &Call| call.body["prompt_cache_key"].clone();
    let forks = calls[1..4].iter();
    assert!(forks.map(key).all(|of_fork| of_fork == key(&calls[0])));
}

/// Files and their sizes.
fn tree(folder: &std::path::Path) -> Vec<(String, u64)> {
    let all = walkdir::WalkDir::new(folder).sort_by_file_name();
    all.into_iter()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (
                entry.path().display().to_string(),
                entry.metadata().unwrap().len(),
            )
        })
        .collect()
}

#[test]
fn each_failure_is_told_by_its_sort() {
    let status = |code, message: &str| Reply::Status {
        code,
        retry_after: None,
        message: message.into(),
    };
    let table = [
        (status(401, "Incorrect API key provided"), Fault::Denied),
        (status(403, "Not for you"), Fault::Denied),
        (status(429, "Too many requests"), Fault::Busy),
        (status(500, "Oh no"), Fault::Unreachable),
        (status(503, "Overloaded"), Fault::Unreachable),
        (
            status(400, "Your input exceeds the context window of this model"),
            Fault::TooLong,
        ),
        (status(400, "Something else"), Fault::Failed),
        (Reply::Refuse, Fault::Unreachable),
        (Reply::Cut("{\"said\":\"mo".into()), Fault::Cut),
        (Reply::EndEarly("{\"said\":\"moo\"}".into()), Fault::Cut),
        (Reply::Garbage, Fault::Cut),
        (Reply::Text(String::new()), Fault::Silent),
        (Reply::Text("I would rather talk.".into()), Fault::Invalid),
        (Reply::Text("{\"said\":\"mo".into()), Fault::Invalid),
    ];
    let wrong = wrongly_told(table, speaker);
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_provider_that_nobody_listens_for_is_unreachable() {
    let Some(speaker) = speaker_at("http://127.0.0.1:1/v1") else {
        return;
    };
    let output = speaker.turn("moo?", None);
    assert_eq!(
        fault(&output),
        Some(Fault::Unreachable),
        "{}",
        told(&output)
    );
}

#[test]
fn a_model_that_stalls_is_ended_by_the_clock() {
    for reply in [Reply::Stall, Reply::StallAfter("{".into())] {
        let model = StandIn::start(move |_| reply.clone());
        let Some(mut speaker) = speaker(&model) else {
            return;
        };
        speaker.timeout = Duration::from_secs(12);
        let output = speaker.turn("moo?", None);
        assert_eq!(fault(&output), Some(Fault::Timeout), "{}", told(&output));
        assert_eq!(model.calls().len(), 1);
    }
}

#[test]
fn a_schema_that_the_provider_refuses_is_left_out() {
    let model = StandIn::start(|call| match call.body["text"]["format"].is_null() {
        true => echo(call),
        false => Reply::Status {
            code: 400,
            retry_after: None,
            message: "invalid_json_schema: not this one".into(),
        },
    });
    let Some(speaker) = speaker(&model) else {
        return;
    };
    for word in ["one", "two"] {
        let output = speaker.turn(word, None);
        assert_eq!(
            output.outcome.as_ref().unwrap()["said"],
            word,
            "{}",
            told(&output)
        );
    }
    let calls = model.calls();
    assert_eq!(calls.len(), 3);
    // Where the provider takes none, it is told in words.
    let told = |call: &Call| call.last_user().matches("\"properties\"").count();
    assert_eq!(calls.iter().map(told).collect::<Vec<_>>(), [0, 1, 1]);
}

//! The backend `openai`, against the stand-in: streamed and whole, with and without what a server may not take.

use std::fs;
use std::time::Duration;

use poag::agent::openai::OpenAi;
use poag::agent::{Fault, ServerApi, ServerSettings, Writing};
use serde_json::json;

use crate::spoken::{Speaker, asked, fault, told, wrongly_told};
use crate::stand_in::{Call, Reply, StandIn};

/// The same by each of the two APIs.
fn by_each(test: impl Fn(ServerApi)) {
    test(ServerApi::Chat);
    test(ServerApi::Responses);
}

/// A speaker whose provider is the stand-in.
fn speaker(model: &StandIn, api: ServerApi) -> Speaker {
    speaker_at(&format!("{}/v1", model.url()), api)
}

fn speaker_at(base: &str, api: ServerApi) -> Speaker {
    let mut speaker = Speaker::new("openai", Vec::new());
    speaker.settings.command = None;
    speaker.settings.model = Some("local-model".into());
    speaker.settings.server = Some(ServerSettings {
        base_url: Some(base.to_owned()),
        api,
        usd_per_million_input: Some(2.0),
        usd_per_million_cached: Some(0.2),
        usd_per_million_output: Some(10.0),
        ..ServerSettings::default()
    });
    speaker
}

fn said(text: &str) -> Reply {
    Reply::Structured(json!({ "said": text }))
}

fn echo(call: &Call) -> Reply {
    said(&asked(&call.last_user()))
}

fn refusal(code: u16, message: &str) -> Reply {
    Reply::Status {
        code,
        retry_after: None,
        message: message.into(),
    }
}

#[test]
fn turns_and_forks_share_their_beginning_and_say_what_they_cost() {
    by_each(|api| {
        let model = StandIn::start(echo);
        let mut speaker = speaker(&model, api);
        speaker.pack = format!("The pack says moo. {}", "A cow says moo. ".repeat(2000));
        let place = speaker.place("sealed");
        let (first, checkpoint) = speaker.seal("moo?", None, &place);
        assert_eq!(
            first.outcome.as_ref().unwrap()["said"],
            "moo?",
            "{}",
            told(&first)
        );
        let checkpoint = checkpoint.unwrap();
        let forks = speaker.turns(&["one?", "two?", "three?"], &checkpoint);
        for (fork, question) in forks.iter().zip(["one?", "two?", "three?"]) {
            assert_eq!(
                fork.outcome.as_ref().unwrap()["said"],
                question,
                "{}",
                told(fork)
            );
            let share = fork.usage.cached_tokens as f64 / fork.usage.input_tokens as f64;
            assert!(share > 0.9, "{:?}", fork.usage);
            let fresh = fork.usage.input_tokens - fork.usage.cached_tokens;
            let cost = fresh as f64 * 2.0
                + fork.usage.cached_tokens as f64 * 0.2
                + fork.usage.output_tokens as f64 * 10.0;
            assert!((fork.usage.cost_usd - cost / 1e6).abs() < 1e-9);
        }
        // A fork leaves its checkpoint as it was.
        let again = speaker.turn("four?", Some(&checkpoint));
        assert_eq!(again.outcome.unwrap()["said"], "four?");
        let last = model.calls().pop().unwrap();
        assert!(
            last.system.contains("The pack says moo.")
                && !last.messages.iter().any(|(_, text)| text.contains("one?"))
        );
        let schema = match api {
            ServerApi::Chat => &last.body["response_format"]["json_schema"]["schema"],
            ServerApi::Responses => &last.body["text"]["format"]["schema"],
        };
        assert!(schema["properties"]["said"].is_object());
        // Nothing stays with the server.
        assert_eq!(
            last.body["store"] == json!(false),
            api == ServerApi::Responses
        );
    });
}

#[test]
fn each_failure_is_told_by_its_sort() {
    by_each(|api| {
        let table = [
            (refusal(401, "Incorrect API key"), Fault::Denied),
            (refusal(404, "no such model"), Fault::Unavailable),
            (refusal(429, "slow down"), Fault::Busy),
            (refusal(503, "Overloaded"), Fault::Unreachable),
            (
                refusal(400, "This model's maximum context length is 8192 tokens"),
                Fault::TooLong,
            ),
            (refusal(400, "Something else"), Fault::Failed),
            (Reply::Refuse, Fault::Unreachable),
            (Reply::Cut("{\"said\":\"mo".into()), Fault::Cut),
            (Reply::EndEarly("{\"said\":\"moo\"}".into()), Fault::Cut),
            (Reply::Garbage, Fault::Invalid),
            (Reply::Text(String::new()), Fault::Silent),
            (Reply::Text("I would rather talk.".into()), Fault::Invalid),
        ];
        let wrong = wrongly_told(table, |model| Some(speaker(model, api)));
        assert!(wrong.is_empty(), "{wrong:#?}");
        let nobody = speaker_at("http://127.0.0.1:1/v1", api).turn("moo?", None);
        assert_eq!(
            fault(&nobody),
            Some(Fault::Unreachable),
            "{}",
            told(&nobody)
        );
        let model = StandIn::start(|_| Reply::Status {
            code: 429,
            retry_after: Some(7),
            message: "slow down".into(),
        });
        let busy = speaker(&model, api).turn("moo?", None).outcome.unwrap_err();
        assert_eq!(busy.wait, Some(Duration::from_secs(7)));
    });
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    by_each(|api| {
        for reply in [Reply::Stall, Reply::StallAfter("{\"said\":".into())] {
            let scripted = reply.clone();
            let model = StandIn::start(move |_| scripted.clone());
            let mut speaker = speaker(&model, api);
            speaker.agent = std::sync::Arc::new(OpenAi::new(Duration::from_millis(300)));
            let output = speaker.turn("moo?", None);
            assert_eq!(
                fault(&output),
                Some(Fault::Unreachable),
                "{reply:?}: {}",
                told(&output)
            );
            // The turn's own time counts, too.
            speaker.agent = std::sync::Arc::new(OpenAi::default());
            speaker.timeout = Duration::from_millis(300);
            let output = speaker.turn("moo?", None);
            assert_eq!(
                fault(&output),
                Some(Fault::Timeout),
                "{reply:?}: {}",
                told(&output)
            );
        }
    });
}

#[test]
fn an_answer_in_other_words_is_asked_for_again_once() {
    by_each(|api| {
        let model =
            StandIn::start(
                |call| match call.last_user().contains("That does not end the turn") {
                    true => Reply::Text("Here it is:\n```json\n{\"said\": \"moo\"}\n```".into()),
                    false => Reply::Text("Let me think.".into()),
                },
            );
        let output = speaker(&model, api).turn("moo?", None);
        assert_eq!(
            output.outcome.as_ref().unwrap()["said"],
            "moo",
            "{}",
            told(&output)
        );
        assert_eq!(model.calls().len(), 2);
    });
}

#[test]
fn what_a_server_does_not_take_is_left_out_from_then_on() {
    by_each(|api| {
        let model = StandIn::start(|call| {
            let unknown = ["response_format", "text", "stream_options", "include"];
            if unknown.iter().any(|name| !call.body[name].is_null()) || !call.tools.is_empty() {
                return refusal(400, "unknown field");
            }
            echo(call)
        });
        let speaker = speaker(&model, api);
        for question in ["moo?", "and you?"] {
            let output = speaker.turn(question, None);
            assert_eq!(
                output.outcome.as_ref().unwrap()["said"],
                question,
                "{}",
                told(&output)
            );
        }
        // Four calls to find out, and then one.
        assert_eq!(model.calls().len(), 5);
    });
}

#[test]
fn the_model_reads_files_and_changes_them_only_where_it_may() {
    by_each(|api| {
        let script = |call: &Call| {
            let tool = |name: &str, input: serde_json::Value| Reply::Tool {
                name: name.into(),
                input,
            };
            let results = call
                .messages
                .iter()
                .filter(|(role, _)| *role == crate::stand_in::Role::Tool);
            let results: Vec<&str> = results.map(|(_, text)| text.as_str()).collect();
            match results[..] {
                [] => tool("read", json!({"path": "api.py"})),
                [_] => tool("read", json!({"path": "../../etc/passwd"})),
                [_, _] => tool(
                    "edit",
                    json!({"path": "api.py", "old": "hello", "new": "good day"}),
                ),
                [_, _, _] => tool("consult", json!({"to": "x", "text": "?", "reason": "!"})),
                _ => said(&results.join(" | ")),
            }
        };
        let model = StandIn::start(script);
        let speaker = speaker(&model, api);
        speaker.write("api.py", "say hello\n");
        let output = speaker.turn("moo?", None);
        let told_back = output.outcome.as_ref().unwrap()["said"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            told_back.contains("1: say hello") && told_back.contains("is no path of your flake"),
            "{told_back}"
        );
        assert!(
            told_back.contains("nothing may be changed in this turn"),
            "{told_back}"
        );
        assert!(told_back.contains("no council listens"), "{told_back}");
        assert_eq!(
            fs::read_to_string(speaker.folder().join("api.py")).unwrap(),
            "say hello\n"
        );
        let writing = Writing {
            worktree: speaker.folder(),
            folder: speaker.folder(),
            file_bytes: 1 << 20,
            network: true,
        };
        let output = speaker.writing("moo?", writing);
        assert!(output.outcome.is_ok(), "{}", told(&output));
        assert_eq!(
            fs::read_to_string(speaker.folder().join("api.py")).unwrap(),
            "say good day\n"
        );
        // What stands in front of the conversation is the same in both.
        let calls = model.calls();
        assert_eq!(calls[0].body["tools"], calls.last().unwrap().body["tools"]);
        assert_eq!(calls[0].system, calls.last().unwrap().system);
    });
}

#[test]
fn a_server_that_lacks_the_api_is_told_apart_from_one_that_lacks_the_model() {
    by_each(|api| {
        for (code, message, expected) in [
            (404, "Not Found", "the server has no "),
            (405, "Method Not Allowed", "the server has no "),
            (501, "Not implemented", "the server has no "),
            (
                404,
                "The model `local-model` does not exist",
                "does not exist",
            ),
        ] {
            let model = StandIn::start(move |_| refusal(code, message));
            let error = speaker(&model, api).turn("moo?", None).outcome.unwrap_err();
            assert_eq!(error.fault, Fault::Unavailable);
            assert!(error.to_string().contains(expected), "{error}");
            // Nobody tries the other one unasked.
            assert_eq!(model.calls().len(), 1);
        }
    });
}

#[test]
fn thoughts_that_the_model_sealed_go_back_to_it_with_what_its_tools_gave() {
    let model = StandIn::start(|call| {
        match call
            .messages
            .iter()
            .any(|(role, _)| *role == crate::stand_in::Role::Tool)
        {
            false => Reply::Tool {
                name: "read".into(),
                input: json!({"path": "api.py"}),
            },
            true => said("read"),
        }
    });
    let speaker = speaker(&model, ServerApi::Responses);
    speaker.write("api.py", "say hello\n");
    let output = speaker.turn("moo?", None);
    assert!(output.outcome.is_ok(), "{}", told(&output));
    let calls = model.calls();
    assert_eq!(
        calls[0].body["include"],
        json!(["reasoning.encrypted_content"])
    );
    let sent = calls[1].body["input"].as_array().unwrap();
    let thought = sent
        .iter()
        .find(|item| item["type"] == "reasoning")
        .unwrap();
    assert_eq!(thought["encrypted_content"], "sealed before call 0");
    assert!(thought["id"].is_null());
    let result = sent.last().unwrap();
    assert_eq!(result["type"], "function_call_output");
    assert!(result["output"].as_str().unwrap().contains("say hello"));
    let called = sent
        .iter()
        .find(|item| item["type"] == "function_call")
        .unwrap();
    assert_eq!(called["call_id"], result["call_id"]);
}

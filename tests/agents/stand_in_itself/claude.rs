//! Claude Code, over Anthropic Messages.

use assert_cmd::Command;
use serde_json::json;

use crate::place::{Place, json, told};
use crate::stand_in::{Api, Reply, StandIn};

const SCHEMA: &str =
    r#"{"type":"object","properties":{"verdict":{"type":"string"}},"required":["verdict"]}"#;

fn claude(place: &Place, model: &StandIn, prompt: &str) -> Command {
    let mut command = place.claude(model);
    command
        .env("CLAUDE_CODE_MAX_RETRIES", "0")
        .args(["-p", prompt, "--output-format", "json"])
        .args(["--model", "claude-sonnet-4-5", "--setting-sources", ""])
        .args(["--strict-mcp-config", "--disable-slash-commands"])
        .args(["--permission-mode", "dontAsk", "--tools", "Read,Grep,Glob"]);
    command
}

#[test]
fn claude_takes_text() {
    let Some(place) = Place::new() else { return };
    let model = StandIn::start(|call| Reply::Text(format!("you said {}", call.last_user())));
    let output = claude(&place, &model, "ping").output().unwrap();
    let result = json(&output);
    assert_eq!(result["result"], "you said ping", "{}", told(&output));
    assert_eq!(result["is_error"], false);
    let calls = model.calls();
    assert_eq!(calls.len(), 1, "{calls:#?}");
    assert_eq!(calls[0].api, Api::Anthropic);
    assert_eq!(result["usage"]["output_tokens"], calls[0].usage.output);
    assert_eq!(
        result["usage"]["cache_creation_input_tokens"],
        calls[0].usage.written
    );
}

#[test]
fn claude_takes_an_answer_with_a_schema() {
    let Some(place) = Place::new() else { return };
    let model = StandIn::start(|_| Reply::Structured(json!({ "verdict": "accept" })));
    let output = claude(&place, &model, "ping")
        .args(["--json-schema", SCHEMA])
        .output()
        .unwrap();
    let result = json(&output);
    assert_eq!(
        result["structured_output"],
        json!({ "verdict": "accept" }),
        "{}",
        told(&output)
    );
    assert_eq!(model.calls().len(), 1, "{:#?}", model.calls());
}

#[test]
fn claude_calls_a_tool_and_hands_its_result_on() {
    let Some(place) = Place::new() else { return };
    let file = place.write("work/notes.txt", "the answer is 42\n");
    let model = StandIn::start(move |call| match call.tool_result() {
        Some(result) => Reply::Text(format!("{}: {result}", call.last_user())),
        None => Reply::Tool {
            name: "Read".into(),
            input: json!({ "file_path": file }),
        },
    });
    let output = claude(&place, &model, "look")
        .current_dir(place.home().join("work"))
        .output()
        .unwrap();
    let result = json(&output);
    let said = result["result"].as_str().unwrap();
    assert!(said.starts_with("look: "), "{said}");
    assert!(said.contains("the answer is 42"), "{said}");
}

#[test]
fn forks_of_one_session_read_all_but_the_question_from_the_cache() {
    let Some(place) = Place::new() else { return };
    let model = StandIn::start(|call| match call.last_user() {
        asked if asked.ends_with('?') => Reply::Text(format!("to {asked}")),
        _ => Reply::Text("read".into()),
    });
    let ask = |prompt: &str, more: &[&str]| {
        let output = claude(&place, &model, prompt).args(more).output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
        json(&output)
    };
    let knowledge = format!("Know this. {}", "A cow says moo. ".repeat(1500));
    let begun = ask(knowledge.trim_end(), &[]);
    let session = begun["session_id"].as_str().unwrap();
    ask("first?", &["--resume", session, "--fork-session"]);
    let second = ask("second?", &["--resume", session, "--fork-session"]);

    let calls = model.calls();
    let [created, first, forked] = calls.as_slice() else {
        panic!("{} calls", calls.len())
    };
    assert_eq!(created.usage.cached, 0);
    assert_eq!(created.usage.written, created.usage.input);
    for fork in [first, forked] {
        assert_eq!(fork.usage.cached, created.usage.input);
        // The answer of creation, a reminder of the agent, and the question.
        let new = fork.usage.input - fork.usage.cached;
        assert!(new < 100, "{new} tokens are new");
    }
    assert_eq!(first.last_user(), "first?");
    assert_eq!(second["result"], "to second?");
    assert_eq!(
        second["usage"]["cache_read_input_tokens"],
        forked.usage.cached
    );
}

#[test]
fn claude_takes_an_error_of_the_api() {
    let Some(place) = Place::new() else { return };
    let model = StandIn::start(|_| Reply::Status {
        code: 401,
        retry_after: None,
        message: "invalid x-api-key".into(),
    });
    let output = claude(&place, &model, "ping").output().unwrap();
    let result = json(&output);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(result["is_error"], true);
    assert_eq!(result["api_error_status"], 401, "{}", told(&output));
}

#[test]
fn claude_knows_when_a_prompt_is_too_long() {
    let Some(place) = Place::new() else { return };
    let model = StandIn::start(|_| Reply::Status {
        code: 400,
        retry_after: None,
        message: "prompt is too long: 210000 tokens > 200000 maximum".into(),
    });
    let output = claude(&place, &model, "ping").output().unwrap();
    let result = json(&output);
    assert_eq!(
        result["terminal_reason"],
        "prompt_too_long",
        "{}",
        told(&output)
    );
}

#[test]
fn claude_takes_a_lost_connection_for_an_error() {
    let Some(place) = Place::new() else { return };
    let model = StandIn::start(|_| Reply::Cut("only half of".into()));
    let output = claude(&place, &model, "ping").output().unwrap();
    let result = json(&output);
    assert_eq!(result["is_error"], true, "{}", told(&output));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn claude_asks_again_without_a_stream_when_a_stream_ends_early() {
    let Some(place) = Place::new() else { return };
    let model = StandIn::start(|call| match call.body["stream"].as_bool() {
        Some(true) => Reply::EndEarly("only half of".into()),
        _ => Reply::Text("all of it".into()),
    });
    let output = claude(&place, &model, "ping").output().unwrap();
    let calls = model.calls();
    assert_eq!(calls.len(), 2, "{}", told(&output));
    assert_eq!(json(&output)["result"], "all of it", "{}", told(&output));
}

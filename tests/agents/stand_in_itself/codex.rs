//! Codex, over OpenAI Responses.

use assert_cmd::Command;
use serde_json::{Value, json};

use crate::place::{Place, json_lines, told};
use crate::stand_in::{Api, Reply, StandIn};

/// A provider of its own; without it, only OpenAI's is known, which may use another transport.
fn codex(place: &Place, model: &StandIn) -> Command {
    place.write(
        "codex/config.toml",
        &format!(
            r#"model = "gpt-5"
model_provider = "stand_in"
check_for_update_on_startup = false

[model_providers.stand_in]
name = "stand-in"
base_url = "{}/v1"
wire_api = "responses"
env_key = "STAND_IN_KEY"
request_max_retries = 0
stream_max_retries = 0

[analytics]
enabled = false
"#,
            model.url()
        ),
    );
    let mut command = place.command("codex");
    command
        .env("CODEX_HOME", place.home().join("codex"))
        .env("STAND_IN_KEY", "none")
        .args(["exec", "--json", "--skip-git-repo-check", "-s", "read-only"]);
    command
}

fn of_kind<'a>(events: &'a [Value], kind: &str) -> Vec<&'a Value> {
    events
        .iter()
        .filter(|event| event["type"] == kind)
        .collect()
}

#[test]
fn codex_takes_text_and_its_fork_reads_the_prefix_from_the_cache() {
    let Some(place) = Place::new() else { return };
    let model = StandIn::start(|call| Reply::Text(format!("you said {}", call.last_user())));
    let output = codex(&place, &model).arg("ping").output().unwrap();
    let events = json_lines(&output);
    let said = of_kind(&events, "item.completed");
    assert_eq!(
        said.last().unwrap()["item"]["text"],
        "you said ping",
        "{}",
        told(&output)
    );
    let calls = model.calls();
    assert_eq!(calls.len(), 1, "{calls:#?}");
    assert_eq!(calls[0].api, Api::Responses);
    let usage = &of_kind(&events, "turn.completed")[0]["usage"];
    assert_eq!(usage["input_tokens"], calls[0].usage.input);

    let thread = of_kind(&events, "thread.started")[0]["thread_id"].clone();
    let output = codex(&place, &model)
        .args(["fork", thread.as_str().unwrap(), "pong"])
        .output()
        .unwrap();
    let calls = model.calls();
    assert_eq!(calls.len(), 2, "{}", told(&output));
    assert_eq!(calls[1].last_user(), "pong");
    let new = calls[1].usage.input - calls[1].usage.cached;
    assert!(new < 300, "{:?}", calls[1].usage);
}

#[test]
fn codex_takes_an_answer_with_a_schema() {
    let Some(place) = Place::new() else { return };
    let schema = place.write(
        "schema.json",
        r#"{"type":"object","properties":{"verdict":{"type":"string"}},"required":["verdict"],"additionalProperties":false}"#,
    );
    let model = StandIn::start(|_| Reply::Structured(json!({ "verdict": "accept" })));
    let output = codex(&place, &model)
        .arg("--output-schema")
        .arg(schema)
        .arg("ping")
        .output()
        .unwrap();
    let events = json_lines(&output);
    let said = of_kind(&events, "item.completed");
    assert_eq!(
        said.last().unwrap()["item"]["text"],
        r#"{"verdict":"accept"}"#,
        "{}",
        told(&output)
    );
}

#[test]
fn codex_takes_errors_and_a_stream_that_breaks_for_failed_turns() {
    let Some(place) = Place::new() else { return };
    let refused = Reply::Status {
        code: 401,
        retry_after: None,
        message: "Incorrect API key provided".into(),
    };
    for reply in [refused, Reply::Cut("only half of".into())] {
        let told_by_model = reply.clone();
        let model = StandIn::start(move |_| told_by_model.clone());
        let output = codex(&place, &model).arg("ping").output().unwrap();
        let failed = json_lines(&output);
        assert_eq!(
            of_kind(&failed, "turn.failed").len(),
            1,
            "{reply:?} {}",
            told(&output)
        );
        assert!(!output.status.success());
    }
}

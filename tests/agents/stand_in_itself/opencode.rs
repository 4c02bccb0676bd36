//! OpenCode, over OpenAI Chat Completions.

use assert_cmd::Command;

use crate::place::{Place, json_lines, told};
use crate::stand_in::{Api, Reply, StandIn};

fn opencode(place: &Place, model: &StandIn, prompt: &str) -> Command {
    place.write(
        ".config/opencode/opencode.json",
        &serde_json::json!({
            "model": "stand_in/m1",
            "small_model": "stand_in/m1",
            "autoupdate": false,
            "share": "disabled",
            "permission": { "question": "deny" },
            "provider": { "stand_in": {
                "npm": "@ai-sdk/openai-compatible",
                "name": "stand-in",
                "options": { "baseURL": format!("{}/v1", model.url()), "apiKey": "none" },
                "models": { "m1": { "name": "m1" } },
            } },
        })
        .to_string(),
    );
    let mut command = place.command("opencode");
    command
        .env("OPENCODE_DISABLE_AUTOUPDATE", "1")
        .env("OPENCODE_DISABLE_MODELS_FETCH", "1")
        .args(["run", "--format", "json", "--title", "test"])
        .write_stdin(prompt);
    command
}

#[test]
fn opencode_takes_text() {
    let Some(place) = Place::new() else { return };
    let model = StandIn::start(|call| Reply::Text(format!("you said {}", call.last_user())));
    let output = opencode(&place, &model, "ping").output().unwrap();
    let events = json_lines(&output);
    let said: Vec<_> = events
        .iter()
        .filter(|event| event["type"] == "text")
        .collect();
    assert_eq!(said.len(), 1, "{}", told(&output));
    assert_eq!(said[0]["part"]["text"], "you said ping");
    let calls = model.calls();
    assert_eq!(calls.len(), 1, "{calls:#?}");
    assert_eq!(calls[0].api, Api::Chat);
}

#[test]
fn opencode_takes_an_error_of_the_api() {
    let Some(place) = Place::new() else { return };
    let model = StandIn::start(|_| Reply::Status {
        code: 401,
        retry_after: None,
        message: "Incorrect API key provided".into(),
    });
    let output = opencode(&place, &model, "ping").output().unwrap();
    let events = json_lines(&output);
    assert!(
        events.iter().any(|event| event["type"] == "error"),
        "{}",
        told(&output)
    );
}

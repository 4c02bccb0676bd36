//! Gemini, over its own API.

use assert_cmd::Command;

use crate::place::{Place, json, told};
use crate::stand_in::{Api, Reply, StandIn};

fn gemini(place: &Place, model: &StandIn, prompt: &str) -> Command {
    place.write(
        ".gemini/settings.json",
        r#"{"security":{"auth":{"selectedType":"gemini-api-key"}},"general":{"maxAttempts":1,"disableAutoUpdate":true},"privacy":{"usageStatisticsEnabled":false},"telemetry":{"enabled":false}}"#,
    );
    let mut command = place.command("gemini");
    command
        .env("GOOGLE_GEMINI_BASE_URL", model.url())
        .env("GEMINI_API_KEY", "none")
        .env("GEMINI_CLI_TRUST_WORKSPACE", "true")
        .args(["-p", prompt, "-o", "json", "-m", "gemini-2.5-flash"]);
    command
}

#[test]
fn gemini_takes_text() {
    let Some(place) = Place::new() else { return };
    let model = StandIn::start(|call| Reply::Text(format!("you said {}", call.last_user())));
    let output = gemini(&place, &model, "ping").output().unwrap();
    let result = json(&output);
    assert_eq!(result["response"], "you said ping", "{}", told(&output));
    let calls = model.calls();
    assert_eq!(calls.len(), 1, "{calls:#?}");
    assert_eq!(calls[0].api, Api::Gemini);
}

#[test]
fn gemini_takes_an_error_of_the_api() {
    let Some(place) = Place::new() else { return };
    let model = StandIn::start(|_| Reply::Status {
        code: 401,
        retry_after: None,
        message: "API key not valid".into(),
    });
    let output = gemini(&place, &model, "ping").output().unwrap();
    // The status, as far as it fits into an exit code.
    assert_eq!(output.status.code(), Some(401 % 256), "{}", told(&output));
}

//! Every way in which it gives no answer, and that none of them is taken for one.

use std::sync::Arc;
use std::time::Duration;

use poag::agent::{
    Agent as _, AgentError, Fault, Persona, Settings, Start, TurnOutput, TurnRequest,
};
use serde_json::json;

use super::stage::{Stage, said, wait};
use crate::stand_in::{Call, Reply};

/// Takes a turn with that script, with the program asked not to try again by itself.
fn turn(script: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Option<(Stage, TurnOutput)> {
    let stage = Stage::new(script)?;
    let output = stage.turn(stage.request(Start::New, "hello"));
    Some((stage, output))
}

fn failure(output: TurnOutput) -> AgentError {
    let error = match output.outcome {
        Ok(answer) => panic!("taken for an answer: {answer}"),
        Err(error) => error,
    };
    assert_eq!(error.backend, "claude-code");
    assert!(
        !error.repair.is_empty() && !error.reason.is_empty(),
        "{error:?}"
    );
    error
}

fn status(code: u16, message: &str) -> Option<AgentError> {
    let message = message.to_owned();
    let (_, output) = turn(move |_| Reply::Status {
        code,
        retry_after: None,
        message: message.clone(),
    })?;
    Some(failure(output))
}

/// A request whose program gets other words than those of the stage.
fn with_command(stage: &Stage, command: &[&str]) -> TurnRequest {
    let mut request = stage.request(Start::New, "hello");
    let command = command.iter().copied().map(String::from).collect();
    let settings = Settings {
        model: None,
        command: Some(command),
        server: None,
    };
    request.persona = Arc::new(Persona {
        settings,
        ..stage.persona()
    });
    request
}

/// A request of the stage's program, with words that `env` takes before it.
fn with_words(stage: &Stage, words: &[&str]) -> TurnRequest {
    let mut request = stage.request(Start::New, "hello");
    request.persona = Arc::new(Persona {
        settings: stage.settings(words),
        ..stage.persona()
    });
    request
}

#[test]
fn a_key_that_is_refused_is_denied() {
    for code in [401, 403] {
        let Some(error) = status(code, "invalid x-api-key") else {
            return;
        };
        assert_eq!(error.fault, Fault::Denied, "{error}");
        assert!(error.repair.contains("ANTHROPIC_API_KEY"), "{error}");
    }
}

#[test]
fn no_credit_is_denied() {
    let Some(error) = status(
        400,
        "Your credit balance is too low to access the Anthropic API",
    ) else {
        return;
    };
    assert_eq!(error.fault, Fault::Denied, "{error}");
}

#[test]
fn a_prompt_that_is_too_long_is_too_long() {
    let Some(error) = status(400, "prompt is too long: 210000 tokens > 200000 maximum") else {
        return;
    };
    assert_eq!(error.fault, Fault::TooLong, "{error}");
    assert!(error.repair.contains("maxTokens"), "{error}");
    let Some(error) = status(413, "request too large") else {
        return;
    };
    assert_eq!(error.fault, Fault::TooLong, "{error}");
}

#[test]
fn a_request_that_is_wrong_failed() {
    let Some(error) = status(400, "thinking: wrong") else {
        return;
    };
    assert_eq!(error.fault, Fault::Failed, "{error}");
    assert!(error.reason.contains("thinking: wrong"), "{error}");
    let Some(error) = status(404, "model: none") else {
        return;
    };
    assert_eq!(error.fault, Fault::Failed, "{error}");
    assert!(error.repair.contains("agent.model"), "{error}");
}

#[test]
fn a_provider_that_has_too_much_to_do_is_busy() {
    for code in [429, 529] {
        let Some(error) = status(code, "later") else {
            return;
        };
        assert_eq!(error.fault, Fault::Busy, "{error}");
        assert!(error.fault.wants_patience());
    }
}

#[test]
fn the_time_that_a_provider_asks_for_is_told() {
    let stage = Stage::new(|_| Reply::Status {
        code: 429,
        retry_after: Some(2),
        message: "later".into(),
    });
    let Some(stage) = stage else { return };
    let error = failure(stage.turn(with_words(&stage, &["CLAUDE_CODE_MAX_RETRIES=1"])));
    assert_eq!(error.fault, Fault::Busy, "{error}");
    assert!(
        error.wait >= Some(Duration::from_secs(2)),
        "{:?}",
        error.wait
    );
    assert_eq!(stage.model.calls().len(), 2);
}

#[test]
fn a_provider_that_fails_or_is_not_there_is_unreachable() {
    let Some(error) = status(500, "oops") else {
        return;
    };
    assert_eq!(error.fault, Fault::Unreachable, "{error}");
    let Some(stage) = Stage::new(|_| Reply::Refuse) else {
        return;
    };
    let error = failure(stage.turn(with_words(
        &stage,
        &["ANTHROPIC_BASE_URL=http://127.0.0.1:1"],
    )));
    assert_eq!(error.fault, Fault::Unreachable, "{error}");
    let error = failure(stage.turn(stage.request(Start::New, "hello")));
    assert_eq!(error.fault, Fault::Unreachable, "{error}");
}

#[test]
fn a_provider_that_never_answers_is_unreachable_or_out_of_time() {
    let Some(stage) = Stage::new(|_| Reply::Stall) else {
        return;
    };
    let error = failure(stage.turn(with_words(&stage, &["API_TIMEOUT_MS=300"])));
    assert_eq!(error.fault, Fault::Unreachable, "{error}");
    let request = TurnRequest {
        timeout: Duration::from_secs(8),
        ..stage.request(Start::New, "hello")
    };
    let error = failure(stage.turn(request));
    assert_eq!(error.fault, Fault::Timeout, "{error}");
}

#[test]
fn no_key_at_all_is_denied() {
    let Some(stage) = Stage::new(|_| Reply::Stall) else {
        return;
    };
    let error = failure(stage.turn(with_words(&stage, &["ANTHROPIC_API_KEY="])));
    assert_eq!(error.fault, Fault::Denied, "{error}");
    assert!(stage.model.calls().is_empty());
}

#[test]
fn a_stream_that_breaks_off_is_no_answer() {
    let begun = r#"{"schemaVersion":1,"edits":[],"#;
    let Some((_, output)) = turn(move |_| Reply::EndEarly(begun.into())) else {
        return;
    };
    let error = failure(output);
    assert_eq!(error.fault, Fault::Cut, "{error}");
    let Some((_, output)) = turn(move |_| Reply::Cut(begun.into())) else {
        return;
    };
    let error = failure(output);
    assert!(
        matches!(error.fault, Fault::Cut | Fault::Unreachable),
        "{error:?}"
    );
}

/// Partial text with exit code 0 comes back where even the request without a stream gives half of it.
#[test]
fn half_a_text_is_no_answer_even_if_it_reads_like_one() {
    let half = said("half").to_string();
    let Some((_, output)) = turn(move |_| Reply::Text(half.clone())) else {
        return;
    };
    assert!(output.usage.output_tokens > 0);
    let error = failure(output);
    assert_eq!(error.fault, Fault::Invalid, "{error}");
    assert!(error.reason.contains("form asked for"), "{error}");
}

#[test]
fn an_answer_that_never_fits_the_schema_is_invalid() {
    let Some((_, output)) = turn(|_| Reply::Structured(json!({ "wrong": true }))) else {
        return;
    };
    let error = failure(output);
    assert_eq!(error.fault, Fault::Invalid, "{error}");
}

#[test]
fn a_body_that_is_no_answer_of_the_api_is_no_answer() {
    let Some((_, output)) = turn(|_| Reply::Garbage) else {
        return;
    };
    let error = failure(output);
    assert_eq!(error.fault, Fault::Cut, "{error}");
}

#[test]
fn a_limit_of_its_own_is_a_limit() {
    let script = |_: &Call| Reply::Tool {
        name: "Glob".into(),
        input: json!({ "pattern": "*" }),
    };
    for limit in [&["--max-turns", "1"], &["--max-budget-usd", "0.000001"]] {
        let Some(stage) = Stage::new(script) else {
            return;
        };
        let plain = stage.settings(&[]);
        let command = [plain.command.unwrap(), limit.map(String::from).to_vec()].concat();
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let error = failure(stage.turn(with_command(&stage, &command)));
        assert_eq!(error.fault, Fault::Limit, "{limit:?}: {error}");
    }
}

#[test]
fn a_flag_that_is_wrong_failed_and_is_told() {
    let Some(stage) = Stage::new(|_| Reply::Stall) else {
        return;
    };
    let plain = stage.settings(&[]).command.unwrap();
    let command = [plain, vec!["--no-such-flag".into()]].concat();
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    let error = failure(stage.turn(with_command(&stage, &command)));
    assert_eq!(error.fault, Fault::Failed, "{error}");
    assert!(error.reason.contains("no-such-flag"), "{error}");
}

#[test]
fn a_program_that_is_interrupted_was_silent() {
    // As it does itself: exit code 0, and nothing on standard output.
    let script = r#"timeout -s INT 2 "$0" "$@"; exit 0"#;
    let Some(stage) = Stage::new(|_| Reply::Stall) else {
        return;
    };
    let plain = stage.settings(&[]).command.unwrap();
    let (program, words) = plain.split_last().unwrap();
    let mut command: Vec<&str> = words.iter().map(String::as_str).collect();
    command.extend(["sh", "-c", script, program]);
    let error = failure(stage.turn(with_command(&stage, &command)));
    assert_eq!(error.fault, Fault::Silent, "{error}");
}

#[test]
fn an_older_program_is_refused_before_it_is_asked() {
    let Some(stage) = Stage::new(|_| Reply::Stall) else {
        return;
    };
    let script = "echo '2.0.11 (Claude Code)'";
    let settings = Settings {
        model: None,
        command: Some(["sh", "-c", script].map(String::from).into()),
        server: None,
    };
    let error = wait(stage.agent.probe(&settings)).unwrap_err();
    assert_eq!(error.fault, Fault::Unavailable);
    assert!(error.repair.contains("claude-code@2.1.329"), "{error}");
}

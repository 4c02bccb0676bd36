//! The backend `command`, with programs that are there everywhere.

use std::fs;
use std::path::Path;
use std::time::Duration;

use poag::agent::command::{Command, protocol};
use poag::agent::{Agent as _, AgentError, Fault, Settings, TurnOutput};
use serde_json::{Value, json};

use crate::request::{launcher, request, turn, wait};

/// What comes of a turn whose program is this shell script.
fn shell(script: &str) -> TurnOutput {
    run(&["sh", "-c", script], Duration::from_secs(60))
}

fn run(command: &[&str], allowed: Duration) -> TurnOutput {
    let folder = tempfile::tempdir().unwrap();
    let mut request = request(command, Path::new("/"));
    request.timeout = allowed;
    turn(&Command::new(launcher(folder.path())), request)
}

fn error(output: TurnOutput) -> AgentError {
    output.outcome.unwrap_err()
}

fn schema(name: &str) -> Value {
    let mut published = protocol::published().into_iter();
    published
        .find(|(file, _)| file.starts_with(name))
        .unwrap()
        .1
}

#[test]
fn it_reads_the_whole_request_and_its_output_is_the_answer() {
    let output = shell("printf '{\"output\":'; cat; printf '}'");
    let read = output.outcome.unwrap();
    let expected = json!({
        "protocol": 1, "speaker": "base", "instructions": "You own base.",
        "pack": "src/greet.py greets.", "schema": {"type": "object"}, "folder": "/", "model": "fast",
        "input": {"expert": "base", "request": "What is greeting?"},
        "correlation": {"POAG_EXPERT": "base"},
    });
    assert_eq!(read, expected);
    assert!(jsonschema::is_valid(&schema("agent-request"), &read));
    assert_eq!(
        serde_json::from_slice::<Value>(&output.raw.sent).unwrap(),
        read
    );
}

#[test]
fn an_object_that_is_no_envelope_is_the_answer_itself() {
    let output = shell(r#"echo '{"schemaVersion":1,"edits":[]}'"#);
    assert_eq!(
        output.outcome.unwrap(),
        json!({"schemaVersion": 1, "edits": []})
    );
}

#[test]
fn what_it_cost_is_told_with_an_answer_and_with_an_error() {
    let usage = r#""usage":{"inputTokens":10,"cachedTokens":4,"costUsd":0.5}"#;
    for rest in [r#""output":{}"#, r#""error":{"kind":"busy"}"#] {
        let envelope = format!("{{{usage},{rest}}}");
        let value: Value = serde_json::from_str(&envelope).unwrap();
        assert!(jsonschema::is_valid(&schema("agent-envelope"), &value));
        let output = shell(&format!("echo '{envelope}'"));
        assert_eq!(
            (output.usage.input_tokens, output.usage.cached_tokens),
            (10, 4)
        );
        assert!(output.usage.cost_usd > 0.4 && output.usage.output_tokens == 0);
    }
}

#[test]
fn its_own_error_says_what_sort_it_is_whatever_its_exit_code() {
    for (kind, fault) in [
        ("busy", Fault::Busy),
        ("denied", Fault::Denied),
        ("tooLong", Fault::TooLong),
        ("unreachable", Fault::Unreachable),
        ("somethingNew", Fault::Failed),
    ] {
        let complaint = json!({"kind": kind, "message": "not today", "retryAfterSeconds": 2.5});
        let envelope = json!({"error": complaint, "output": {}});
        for code in [0, 9] {
            let error = error(shell(&format!("echo '{envelope}'; exit {code}")));
            assert_eq!((error.fault, error.reason.as_str()), (fault, "not today"));
            assert_eq!(error.wait, Some(Duration::from_millis(2500)));
        }
    }
}

#[test]
fn an_exit_code_without_an_error_is_a_failure_with_its_first_words() {
    for said in ["", "{\"output\":{}}", "{\"schemaVersion\":1}", "words"] {
        let script = format!("echo '{said}'; echo 'no such model' >&2; exit 3");
        let error = error(shell(&script));
        assert_eq!(error.fault, Fault::Failed);
        assert_eq!(
            error.reason,
            "its program ended with exit code 3\nno such model"
        );
    }
}

#[test]
fn nothing_is_silence_and_anything_but_one_object_is_no_answer() {
    assert_eq!(error(shell("cat > /dev/null")).fault, Fault::Silent);
    for said in [
        "I would rather talk",
        "Here: {\"schemaVersion\":1}",
        "{} {}",
        "[{}]",
        "{\"output\":",
        "{\"output\":null}",
        "{\"output\":{},\"usage\":{\"inputTokens\":-1}}",
    ] {
        let error = error(shell(&format!("echo '{said}'")));
        assert_eq!(error.fault, Fault::Invalid, "{said}: {error}");
    }
}

#[test]
fn an_answer_that_nobody_reads_to_its_end_is_none() {
    let large =
        "printf '{\"output\":{\"a\":\"'; head -c 5000000 /dev/zero | tr '\\0' x; printf '\"}}'";
    assert_eq!(error(shell(large)).fault, Fault::Invalid);
    assert_eq!(error(shell("yes")).fault, Fault::Invalid);
}

#[test]
fn the_time_over_ends_it_also_when_it_closed_its_output() {
    for script in ["sleep 1000", "exec >&- 2>&-; sleep 1000"] {
        let output = run(&["sh", "-c", script], Duration::from_secs(1));
        assert_eq!(error(output).fault, Fault::Timeout, "{script}");
    }
}

#[test]
fn a_program_must_be_on_path_or_an_absolute_path() {
    let folder = tempfile::tempdir().unwrap();
    let agent = Command::new(launcher(folder.path()));
    let probe = |command: Option<&str>| {
        let settings = Settings {
            model: None,
            command: command.map(|command| vec![command.into()]),
            server: None,
        };
        wait(agent.probe(&settings)).map_err(|error| error.to_string())
    };
    assert_eq!(probe(Some("sh")).unwrap(), "protocol 1");
    assert_eq!(probe(Some("/bin/sh")).unwrap(), "protocol 1");
    for (command, repair) in [
        (
            Some("no-such-agent"),
            "repair: install it, or name another with --agent-command",
        ),
        (
            Some("./agent"),
            "repair: name a program on PATH, or an absolute path",
        ),
        (
            Some("bin/agent"),
            "repair: name a program on PATH, or an absolute path",
        ),
        (
            None,
            "repair: name one with --agent-command, or in the flake: agent.command = [ \"my-agent\" ];",
        ),
    ] {
        let error = probe(command).unwrap_err();
        assert!(error.ends_with(repair), "{error}");
    }
}

#[test]
fn it_runs_beside_the_files_with_a_home_of_its_own_and_no_secrets() {
    let files = tempfile::tempdir().unwrap();
    fs::write(files.path().join("marker"), "").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let script = "printf '{\"seen\":\"%s\",\"home\":\"%s\",\"cargo\":\"%s\",\"expert\":\"%s\"}' \"$(ls)\" \"$HOME\" \"$CARGO_MANIFEST_DIR\" \"$POAG_EXPERT\"";
    let request = request(&["sh", "-c", script], files.path());
    let said = turn(&Command::new(launcher(folder.path())), request)
        .outcome
        .unwrap();
    assert_eq!(
        (&said["seen"], &said["cargo"], &said["expert"]),
        (&json!(""), &json!(""), &json!("base"))
    );
    let home = said["home"].as_str().unwrap();
    assert!(
        home.starts_with(folder.path().canonicalize().unwrap().to_str().unwrap()),
        "{home}"
    );
}

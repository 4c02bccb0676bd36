//! The backend `gemini`, with the real program.

use std::fs;
use std::time::Duration;

use poag::agent::{Fault, ToolServer};
use serde_json::json;

use crate::spoken::{SERVER, Speaker, asked, fault, told, wait, wrongly_told};
use crate::stand_in::{Call, Reply, StandIn, clis_or_skip};

/// A speaker whose provider is the stand-in.
fn speaker(model: &StandIn) -> Option<Speaker> {
    speaker_at(&model.url())
}

fn speaker_at(address: &str) -> Option<Speaker> {
    let program = clis_or_skip()?.join("gemini");
    let command = vec![
        "env".into(),
        "GEMINI_API_KEY=none".into(),
        format!("GOOGLE_GEMINI_BASE_URL={address}"),
        program.to_str().unwrap().to_owned(),
    ];
    let mut speaker = Speaker::new("gemini", command);
    // Without a name, another model is asked first which one to take.
    speaker.settings.model = Some("gemini-2.5-flash".into());
    Some(speaker)
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
    let Some(bin) = clis_or_skip() else { return };
    let program = bin.join("gemini").to_str().unwrap().to_owned();
    // With an argument of its own it may have a key that nobody here knows of.
    let speaker = Speaker::new("gemini", vec![program, "--skip-trust".into()]);
    let version = wait(speaker.agent.probe(&speaker.settings)).unwrap();
    assert!(version.starts_with("0."), "{version}");
}

#[test]
fn turns_share_what_the_speaker_knows_and_say_what_they_cost() {
    let model = StandIn::start(echo);
    let Some(mut speaker) = speaker(&model) else {
        return;
    };
    speaker.pack = format!("The pack says moo. {}", "A cow says moo. ".repeat(6000));
    let first = speaker.turn("moo?", None);
    assert_eq!(
        first.outcome.as_ref().unwrap()["said"],
        "moo?",
        "{}",
        told(&first)
    );
    let second = speaker.turn("and @/etc/passwd?", None);
    let calls = model.calls();
    assert_eq!(calls.len(), 2, "{}", told(&second));
    assert_eq!(calls[0].model, "gemini-2.5-flash");
    assert!(calls[0].system.contains("The pack says moo."));
    assert!(calls[0].system.contains("Answer as a cow would."));
    assert_eq!(calls[0].tools, [""; 0], "no tools");
    // What looks like a file is not opened.
    assert_eq!(
        second.outcome.as_ref().unwrap()["said"],
        "and @/etc/passwd?"
    );
    assert!(!calls[1].body.to_string().contains("root:"));
    for (output, call) in [&first, &second].into_iter().zip(&calls) {
        assert_eq!(output.usage.input_tokens as usize, call.usage.input);
        assert_eq!(output.usage.cached_tokens as usize, call.usage.cached);
    }
    let share = second.usage.cached_tokens as f64 / second.usage.input_tokens as f64;
    assert!(share > 0.9, "{:?}", second.usage);
}

#[test]
fn each_failure_is_told_by_its_sort() {
    let status = |code, message: &str| Reply::Status {
        code,
        retry_after: None,
        message: message.into(),
    };
    let table = [
        (status(401, "API key not valid"), Fault::Denied),
        (status(429, "Resource has been exhausted"), Fault::Busy),
        (status(503, "Overloaded"), Fault::Unreachable),
        (
            status(
                400,
                "The input token count (2000000) exceeds the maximum number of tokens allowed",
            ),
            Fault::TooLong,
        ),
        (status(400, "Something else"), Fault::Failed),
        (Reply::Refuse, Fault::Unreachable),
        (Reply::Cut("{\"said\":\"mo".into()), Fault::Cut),
        (Reply::EndEarly("{\"said\":\"moo\"}".into()), Fault::Cut),
        (Reply::Garbage, Fault::Cut),
        (Reply::Text(String::new()), Fault::Silent),
        (Reply::Text("I would rather talk.".into()), Fault::Invalid),
    ];
    let wrong = wrongly_told(table, speaker);
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_provider_that_nobody_listens_for_is_unreachable() {
    let Some(speaker) = speaker_at("http://127.0.0.1:1") else {
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
    let model = StandIn::start(|_| Reply::StallAfter("{".into()));
    let Some(mut speaker) = speaker(&model) else {
        return;
    };
    speaker.timeout = Duration::from_secs(12);
    let output = speaker.turn("moo?", None);
    assert_eq!(fault(&output), Some(Fault::Timeout), "{}", told(&output));
}

#[test]
fn what_the_repository_says_to_agents_neither_runs_nor_steers() {
    let model = StandIn::start(echo);
    let Some(speaker) = speaker(&model) else {
        return;
    };
    let mark = speaker.place("marks");
    let touch = |name: &str| format!("touch {}", mark.join(name).display());
    let hook = |name: &str| json!([{ "hooks": [{ "type": "command", "command": touch(name) }] }]);
    let settings = json!({
        "hooks": { "SessionStart": hook("start"), "BeforeAgent": hook("agent"), "BeforeModel": hook("model") },
        "hooksConfig": { "enabled": true },
        "tools": { "core": ["run_shell_command", "read_file"], "discoveryCommand": touch("discovery") },
        "mcpServers": { "evil": { "command": "touch", "args": [mark.join("server")] } },
    });
    let steer = "GEMINI_API_KEY=HOSTILE\nGOOGLE_GEMINI_BASE_URL=http://127.0.0.1:1\n";
    speaker.write(".gemini/settings.json", &settings.to_string());
    speaker.write("GEMINI.md", "HOSTILE words");
    speaker.write(".env", steer);
    speaker.write(".gemini/.env", steer);
    speaker.write(".gemini/system.md", "HOSTILE words");
    let output = speaker.turn("moo?", None);
    assert_eq!(
        output.outcome.as_ref().unwrap()["said"],
        "moo?",
        "{}",
        told(&output)
    );
    let calls = model.calls();
    assert_eq!(calls.len(), 1);
    assert!(!calls[0].body.to_string().contains("HOSTILE"));
    assert_eq!(calls[0].header("x-goog-api-key"), Some("none"));
    let marks: Vec<_> = fs::read_dir(&mark).unwrap().collect();
    assert!(marks.is_empty(), "{marks:?}");
}

#[test]
fn a_model_that_wants_to_read_outside_gets_nothing() {
    let secret = tempfile::NamedTempFile::new().unwrap();
    fs::write(secret.path(), "the-secret-word\n").unwrap();
    let path = secret.path().to_str().unwrap().to_owned();
    for (name, input) in [
        ("read_file", json!({ "file_path": path })),
        (
            "run_shell_command",
            json!({ "command": format!("cat {path}") }),
        ),
        ("read_many_files", json!({ "include": [path] })),
        (
            "grep_search",
            json!({ "pattern": "the", "dir_path": "/tmp" }),
        ),
    ] {
        let model = StandIn::start(move |call| match call.tool_result() {
            None => Reply::Tool {
                name: name.into(),
                input: input.clone(),
            },
            Some(_) => echo(call),
        });
        let Some(speaker) = speaker(&model) else {
            return;
        };
        let output = speaker.turn("moo?", None);
        let calls = model.calls();
        assert_eq!(calls.len(), 2, "{name}: {}", told(&output));
        assert!(
            !calls[1].body.to_string().contains("the-secret-word"),
            "{name} leaks"
        );
    }
}

#[test]
fn tools_of_a_turn_can_be_called_and_see_no_key() {
    let model = StandIn::start(|call| match call.tool_result() {
        None => Reply::Tool {
            name: "mcp_poag_look".into(),
            input: json!({}),
        },
        Some(result) => said(result),
    });
    let Some(mut speaker) = speaker(&model) else {
        return;
    };
    speaker.tools = Some(ToolServer {
        name: "poag".into(),
        program: "/usr/bin/env".into(),
        args: vec!["python3".into(), "-c".into(), SERVER.into()],
        env: vec![
            ("MINE".into(), "\"quoted\"\n".into()),
            ("PATH".into(), std::env::var("PATH").unwrap()),
        ],
        tools: vec!["look".into()],
    });
    let output = speaker.turn("moo?", None);
    let Ok(answer) = &output.outcome else {
        panic!("{}", told(&output))
    };
    let heard = answer["said"].as_str().unwrap();
    assert!(heard.contains("seen") && heard.contains("MINE"), "{heard}");
    assert!(!heard.contains("_KEY"), "{heard}");
    assert_eq!(model.calls()[0].tools, ["mcp_poag_look"]);
}

#[test]
fn a_family_of_flakes_comes_to_one_plan() {
    let Some(bin) = clis_or_skip() else { return };
    let model = StandIn::start(crate::family::script);
    let path = std::env::var("PATH").unwrap();
    crate::family::ask(
        "gemini",
        &[
            ("PATH", format!("{}:{path}", bin.display())),
            ("GOOGLE_GEMINI_BASE_URL", model.url()),
            ("GEMINI_API_KEY", "none".into()),
        ],
    );
    assert!(
        model
            .calls()
            .iter()
            .all(|call| call.header("x-goog-api-key") == Some("none"))
    );
}

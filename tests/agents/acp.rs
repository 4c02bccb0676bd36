//! The backend `acp`: OpenCode itself against the stand-in, and agents of a few lines that misbehave.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use poag::agent::acp::Acp;
use poag::agent::{Agent as _, AgentError, Fault, Settings, Start, TurnOutput, TurnRequest};
use serde_json::json;
use tempfile::TempDir;

use crate::request::{launcher, request, turn, wait};
use crate::stand_in::{Reply, Role, StandIn, clis_or_skip};

/// OpenCode with that model.
pub fn command(opencode: &Path, model: &StandIn) -> Vec<String> {
    let provider = json!({
        "model": "stand_in/m1", "small_model": "stand_in/m1",
        "provider": { "stand_in": {
            "npm": "@ai-sdk/openai-compatible", "name": "stand-in",
            "options": { "baseURL": format!("{}/v1", model.url()), "apiKey": "none" },
            "models": { "m1": { "name": "m1" } },
        } },
    });
    let provider = format!("OPENCODE_CONFIG_CONTENT={provider}");
    let opencode = opencode.display().to_string();
    vec!["env".into(), provider, opencode, "acp".into()]
}

/// Does the same with all of them, side by side: most of a turn is waiting.
fn each<T: Send>(all: impl IntoIterator<Item = T>, work: impl Fn(T) + Sync) {
    let work = &work;
    std::thread::scope(|scope| {
        for one in all {
            scope.spawn(move || work(one));
        }
    });
}

/// OpenCode, and files for it to read.
struct Set {
    temp: TempDir,
    opencode: PathBuf,
}

impl Set {
    fn new() -> Option<Self> {
        let opencode = clis_or_skip()?.join("opencode");
        let temp = tempfile::tempdir().unwrap();
        let set = Self { temp, opencode };
        set.write("src/greet.py", "GREETING = 'hi'\n");
        Some(set)
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.temp.path().join("files").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn files(&self) -> PathBuf {
        self.temp.path().join("files").canonicalize().unwrap()
    }

    fn agent(&self) -> Acp {
        Acp::new(launcher(&self.temp.path().join("turns")))
    }

    /// A question to OpenCode with that model.
    fn request(&self, model: &StandIn) -> TurnRequest {
        let command = command(&self.opencode, model);
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let mut request = request(&command, &self.files());
        Arc::get_mut(&mut request.persona).unwrap().settings.model = None;
        request.timeout = Duration::from_secs(120);
        request
    }

    fn turn(&self, model: &StandIn) -> TurnOutput {
        turn(&self.agent(), self.request(model))
    }
}

fn error(output: TurnOutput) -> AgentError {
    output.outcome.unwrap_err()
}

fn says(text: &'static str) -> StandIn {
    StandIn::start(move |_| Reply::Text(text.into()))
}

#[test]
fn opencode_answers_with_one_call_of_its_model() {
    let Some(set) = Set::new() else { return };
    let model = says("Here it is: {\"schemaVersion\": 1}");
    let output = set.turn(&model);
    assert_eq!(output.outcome.unwrap(), json!({"schemaVersion": 1}));
    let calls = model.calls();
    assert_eq!(calls.len(), 1);
    let asked = calls[0].last_user();
    for part in ["You own base.", "src/greet.py greets.", "What is greeting?"] {
        assert!(asked.contains(part), "{part} is not in the question");
    }
    assert!(asked.contains(set.files().to_str().unwrap()));
    assert_eq!(calls[0].tools, ["edit", "glob", "grep", "read", "write"]);
    assert_eq!(output.usage.input_tokens, calls[0].usage.input as u64);
    assert_eq!(output.usage.output_tokens, calls[0].usage.output as u64);
}

#[test]
fn opencode_reads_in_the_folder_and_nowhere_else() {
    let Some(set) = Set::new() else { return };
    let inside = set.files().join("src/greet.py");
    let outside = set.temp.path().join("secret");
    fs::write(&outside, "SECRET").unwrap();
    let outside = outside.canonicalize().unwrap();
    std::os::unix::fs::symlink(&outside, set.files().join("link")).unwrap();
    let link = set.files().join("link");
    let paths = [(&inside, "GREETING"), (&outside, ""), (&link, "")];
    each(paths, |(path, seen)| {
        let read = json!({ "filePath": path });
        let model = StandIn::start(move |call| match call.tool_result() {
            Some(_) => Reply::Text("{\"schemaVersion\": 1}".into()),
            None => Reply::Tool {
                name: "read".into(),
                input: read.clone(),
            },
        });
        let output = set.turn(&model);
        let told: Vec<String> = model
            .calls()
            .iter()
            .flat_map(|call| &call.messages)
            .filter(|(role, _)| *role == Role::Tool)
            .map(|(_, text)| text.clone())
            .collect();
        let told = told.join("\n");
        assert!(!told.contains("SECRET"), "{} was read", path.display());
        if !seen.is_empty() {
            assert!(
                told.contains(seen),
                "{} was not read: {told:.400}",
                path.display()
            );
            assert_eq!(output.outcome.unwrap(), json!({"schemaVersion": 1}));
        }
    });
}

#[test]
fn opencode_goes_on_from_a_sealed_session_in_another_home() {
    let Some(set) = Set::new() else { return };
    let model = says("{\"schemaVersion\": 1}");
    let place = tempfile::tempdir().unwrap();
    let agent = set.agent();
    let (output, sealed) = wait(agent.seal(set.request(&model), place.path()));
    output.outcome.unwrap();
    let sealed = sealed.unwrap();
    assert_eq!(sealed.folder, place.path());
    for word in ["first", "second"] {
        let mut forked = set.request(&model);
        forked.start = Start::Checkpoint(sealed.clone());
        forked.input = json!({ "word": word });
        turn(&agent, forked).outcome.unwrap();
    }
    let calls = model.calls();
    let [primed, first, second] = &calls[..] else {
        panic!("{} calls", calls.len())
    };
    for (call, word) in [(first, "first"), (second, "second")] {
        assert!(call.last_user().contains(word) && !call.last_user().contains("You own base."));
        let count = primed.blocks.len();
        assert_eq!(
            call.blocks.len(),
            count + 2,
            "the primed turn, its answer and the question"
        );
        assert!(
            call.blocks[..count] == primed.blocks[..],
            "its prefix is another"
        );
        assert!(call.usage.cached > 0);
    }
}

#[test]
fn what_lies_in_the_folder_does_not_set_opencode_up() {
    let Some(set) = Set::new() else { return };
    let marks = tempfile::tempdir().unwrap();
    let mark = |name: &str| marks.path().join(name).display().to_string();
    let plugin = format!(
        "import fs from 'fs'; fs.writeFileSync('{}', 'x'); export const P = async () => ({{}});\n",
        mark("plugin")
    );
    set.write(".opencode/plugin/p.js", &plugin);
    set.write(".opencode/plugins/p.js", &plugin);
    set.write(
        ".opencode/agent/build.md",
        "---\ndescription: x\n---\nHOSTILE\n",
    );
    let config = json!({
        "mcp": { "m": { "type": "local", "command": ["touch", mark("mcp")], "enabled": true } },
        "permission": { "bash": "allow", "edit": "allow" }, "plugin": ["./.opencode/plugin/p.js"],
    });
    set.write("opencode.json", &config.to_string());
    set.write(
        ".mcp.json",
        &json!({"mcpServers": {"m": {"command": "touch", "args": [mark("mcpjson")]}}}).to_string(),
    );
    set.write("AGENTS.md", "HOSTILE\n");
    set.write("CLAUDE.md", "HOSTILE\n");
    set.write("bunfig.toml", "preload = [\"./.opencode/plugin/p.js\"]\n");
    let shell = json!({ "command": format!("touch {}", mark("shell")), "description": "x" });
    let model = StandIn::start(move |call| match call.tool_result() {
        Some(_) => Reply::Text("{\"schemaVersion\": 1}".into()),
        None => Reply::Tool {
            name: "bash".into(),
            input: shell.clone(),
        },
    });
    let output = set.turn(&model);
    output.outcome.unwrap();
    let ran: Vec<_> = fs::read_dir(marks.path())
        .unwrap()
        .flatten()
        .map(|e| e.file_name())
        .collect();
    assert!(ran.is_empty(), "{ran:?}");
    for call in model.calls() {
        assert!(!call.body.to_string().contains("HOSTILE"));
        assert_eq!(call.tools, ["edit", "glob", "grep", "read", "write"]);
    }
}

/// Replies, and what a turn says of them after how many calls at most.
fn told_apart(table: impl IntoIterator<Item = (Reply, Fault)>) {
    let Some(set) = Set::new() else { return };
    each(table, |(reply, fault)| {
        let said = reply.clone();
        let model = StandIn::start(move |_| said.clone());
        let error = error(set.turn(&model));
        assert_eq!(error.fault, fault, "{reply:?}: {error}");
        assert!(
            model.calls().len() < 40,
            "{reply:?}: {} calls",
            model.calls().len()
        );
    });
}

#[test]
fn each_failure_of_the_model_is_told_apart() {
    let status = |code, message: &str| Reply::Status {
        code,
        retry_after: None,
        message: message.into(),
    };
    told_apart([
        (status(401, "Incorrect API key provided"), Fault::Denied),
        (status(400, "prompt is too long"), Fault::TooLong),
        (Reply::Text("I would rather talk".into()), Fault::Invalid),
        (Reply::Text(String::new()), Fault::Silent),
    ]);
}

/// OpenCode waits 2, 4, 8, 16 and 30 seconds before it calls again, and no setting of it makes that shorter: the test runs
/// beside the others (.config/nextest.toml).
#[test]
fn a_connection_that_breaks_again_and_again_is_told_apart() {
    told_apart([(Reply::Cut("{\"schemaVersion\"".into()), Fault::Cut)]);
}

#[test]
fn a_model_that_says_nothing_is_ended_when_the_time_is_over() {
    let Some(set) = Set::new() else { return };
    let replies = [Reply::Stall, Reply::StallAfter("{".into())];
    each(replies, |reply| {
        let model = StandIn::start(move |_| reply.clone());
        let mut request = set.request(&model);
        request.timeout = Duration::from_secs(20);
        assert_eq!(error(turn(&set.agent(), request)).fault, Fault::Timeout);
    });
}

/// What comes of a turn with an agent of this shell script.
fn shell(script: &str, seconds: u64) -> AgentError {
    let temp = tempfile::tempdir().unwrap();
    let mut request = request(&["sh", "-c", script], Path::new("/"));
    Arc::get_mut(&mut request.persona).unwrap().settings.model = None;
    request.timeout = Duration::from_secs(seconds);
    error(turn(&Acp::new(launcher(temp.path())), request))
}

/// Answers of an agent up to its session, one for each line that it is sent.
const HELLO: &str = r#"read x; id() { printf '%s' "$x" | sed 's/.*"id":\("[^"]*"\|[0-9]*\).*/\1/'; }
printf '{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":1}}\n' "$(id)"; read x
"#;

#[test]
fn agents_that_misbehave_are_failures() {
    let session = format!(
        "{HELLO}printf '{{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{{\"sessionId\":\"s\"}}}}\\n' \"$(id)\"; read x\n"
    );
    let fails = |code: i32| {
        format!(
            "{HELLO}printf '{{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{{\"code\":{code},\"message\":\"no\"}}}}\\n' \"$(id)\"; cat >/dev/null"
        )
    };
    let table = [
        (
            "echo no such model >&2; exit 3".to_owned(),
            Fault::Failed,
            "exit code 3\nno such model",
        ),
        (
            "cat >/dev/null & yes".to_owned(),
            Fault::Invalid,
            "more than anybody reads",
        ),
        (
            "cat >/dev/null".to_owned(),
            Fault::Timeout,
            "no answer within",
        ),
        (format!("{session}exit 7"), Fault::Cut, "exit code 7"),
        (fails(-32000), Fault::Denied, "its agent says: no"),
        (fails(-32603), Fault::Failed, "its agent says: no"),
    ];
    each(table, |(script, fault, words)| {
        // The clock is to end only the one that says nothing: others take as long as the machine lets them.
        let seconds = if fault == Fault::Timeout { 15 } else { 120 };
        let error = shell(&script, seconds);
        assert_eq!(error.fault, fault, "{script}: {error}");
        assert!(error.reason.contains(words), "{script}: {error}");
    });
}

#[test]
fn its_version_is_what_the_agent_says_and_a_program_that_is_not_there_is_named() {
    let temp = tempfile::tempdir().unwrap();
    let agent = Acp::new(launcher(temp.path()));
    let probe = |words: &[&str]| {
        let settings = Settings {
            model: None,
            command: Some(words.iter().map(|&w| w.into()).collect()),
            server: None,
        };
        wait(agent.probe(&settings)).map_err(|error| error.to_string())
    };
    assert_eq!(probe(&["sh", "-c", HELLO]).unwrap(), "agent of protocol 1");
    let error = probe(&["no-such-agent"]).unwrap_err();
    assert_eq!(
        error,
        "backend 'acp': there is no program 'no-such-agent'\nrepair: install it, or name another with --agent-command"
    );
    if let Some(set) = Set::new() {
        let version = probe(&[set.opencode.to_str().unwrap(), "acp"]).unwrap();
        assert!(version.starts_with("OpenCode 1."), "{version}");
    }
}

//! The playground's five experts, thought by real agents against the stand-in.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

use crate::brain;
use crate::stand_in::{Api, Call, Reply, StandIn, clis_or_skip};

/// What is asked of the playground.
pub const REQUEST: &str = "Make the greeting polite on request, in every language binding";
const EXPERTS: [&str; 5] = [
    "hello-py",
    "hello-rs",
    "hello-subflakes",
    "hello-wasm",
    "hello-web",
];

/// poag on the playground, with agents that find the stand-in.
pub struct Stage {
    folder: TempDir,
    bin: PathBuf,
    pub stand_in: StandIn,
}

impl Stage {
    pub fn new() -> Option<Self> {
        Self::saying(brain::reply)
    }

    /// Whose models say this.
    pub fn saying(script: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Option<Self> {
        let bin = clis_or_skip()?;
        let folder = tempfile::tempdir().unwrap();
        Some(Self {
            folder,
            bin,
            stand_in: StandIn::start(script),
        })
    }

    /// Written where OpenCode looks for the person's own settings.
    fn opencode(&self) {
        let config = self.folder.path().join("home/.config/opencode");
        std::fs::create_dir_all(&config).unwrap();
        let model = serde_json::json!({
            "model": "stand_in/m1", "small_model": "stand_in/m1",
            "provider": {"stand_in": {
                "npm": "@ai-sdk/openai-compatible", "name": "stand-in",
                "options": {"baseURL": format!("{}/v1", self.stand_in.url()), "apiKey": "none"},
                "models": {"m1": {"name": "m1"}}
            }}
        });
        std::fs::write(config.join("opencode.json"), model.to_string()).unwrap();
    }

    pub fn poag(&self) -> Command {
        let mut process = std::process::Command::new(assert_cmd::cargo::cargo_bin!("poag"));
        self.place(&mut process);
        Command::from_std(process)
    }

    /// Puts a process on the playground.
    pub fn place(&self, process: &mut std::process::Command) {
        self.opencode();
        let mut path = vec![self.bin.clone()];
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
        let home = self.folder.path().join("home");
        process
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("hello-subflakes"))
            .env("PATH", std::env::join_paths(path).unwrap())
            .env("HOME", home)
            .env("POAG_STATE_DIR", self.folder.path().join("state"))
            .env("POAG_CACHE_DIR", self.folder.path().join("cache"))
            .env("ANTHROPIC_BASE_URL", self.stand_in.url())
            .env("ANTHROPIC_API_KEY", "none")
            .env("OPENAI_BASE_URL", format!("{}/v1", self.stand_in.url()))
            .env("OPENAI_API_KEY", "none");
    }

    /// The plan of a request, which must be one by its schema.
    pub fn plan(&self, args: &[&str]) -> Value {
        let output = self
            .poag()
            .args(["ask", "--json", REQUEST])
            .args(args)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{told}");
        let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
        let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/plan.v1.schema.json");
        let schema = serde_json::from_slice(&std::fs::read(schema).unwrap()).unwrap();
        let problem = jsonschema::validator_for(&schema).unwrap();
        problem
            .validate(&plan)
            .unwrap_or_else(|error| panic!("{error}"));
        plan
    }
}

/// Who spoke for each expert.
fn backends(plan: &Value) -> Vec<(String, String)> {
    let members = plan["council"]["members"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut pairs: Vec<_> = members
        .iter()
        .map(|one| (text(&one["expert"]), text(&one["member"]["backend"])))
        .collect();
    pairs.sort();
    pairs
}

fn whole(plan: &Value) {
    assert_eq!(plan["council"]["failures"], serde_json::json!([]));
    let experts: Vec<&String> = plan["subflakes"].as_object().unwrap().keys().collect();
    assert_eq!(experts, EXPERTS);
    for expert in EXPERTS {
        let what = plan["subflakes"][expert]["./README.md"].as_str().unwrap();
        assert_eq!(what, format!("Say what {expert} does now."));
    }
    assert!(!plan["plan"].as_array().unwrap().is_empty());
}

fn all_by(backend: &str, args: &[&str]) {
    let Some(stage) = Stage::new() else { return };
    let plan = stage.plan(&[&["--backend", backend], args].concat());
    whole(&plan);
    let all: Vec<_> = EXPERTS
        .map(|name| (name.to_owned(), backend.to_owned()))
        .into();
    assert_eq!(backends(&plan), all);
}

#[test]
fn claude_code_gives_the_plan() {
    all_by("claude-code", &[]);
}

#[test]
fn codex_gives_the_plan() {
    all_by("codex", &[]);
}

#[test]
fn opencode_gives_the_plan_over_acp() {
    all_by("acp", &["--agent-command", "opencode acp"]);
}

#[test]
fn a_program_of_ones_own_gives_the_plan() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agents/owner.py");
    all_by(
        "command",
        &["--agent-command", &format!("python3 {}", script.display())],
    );
}

#[test]
fn three_backends_sit_in_one_council() {
    let Some(stage) = Stage::new() else { return };
    let plan = stage.plan(&[
        "--backend=claude-code",
        "--backend=hello-rs=codex",
        "--backend=hello-wasm=acp",
        "--agent-command=hello-wasm=opencode acp",
        "--backend=hello-web=librarian",
    ]);
    let backends = backends(&plan);
    let by = |name: &str| {
        let mut pairs = backends.iter();
        pairs
            .find(|(expert, _)| expert == name)
            .map(|(_, by)| by.as_str())
    };
    assert_eq!(by("hello-subflakes"), Some("claude-code"));
    assert_eq!(by("hello-py"), Some("claude-code"));
    assert_eq!(by("hello-rs"), Some("codex"));
    assert_eq!(by("hello-web"), Some("librarian"));
    assert_eq!(by("hello-wasm"), Some("acp"));
    assert_eq!(plan["council"]["failures"], serde_json::json!([]));
    let apis: Vec<Api> = stage.stand_in.calls().iter().map(|call| call.api).collect();
    for api in [Api::Anthropic, Api::Responses, Api::Chat] {
        assert!(apis.contains(&api), "{api:?} was not called");
    }
}

#[test]
fn the_story_of_a_run_with_a_real_agent_is_plain() {
    let Some(stage) = Stage::new() else { return };
    let plan = stage.plan(&[
        "--backend=claude-code",
        "--backend=hello-wasm=librarian",
        "--backend=hello-web=librarian",
    ]);
    let output = stage.poag().args(["run", "show", "last"]).output().unwrap();
    let story = String::from_utf8_lossy(&output.stdout);
    println!("{story}");
    let id = plan["council"]["id"].as_str().unwrap();
    for part in [
        id,
        REQUEST,
        "hello-subflakes builds on hello-rs",
        "What does this mean for hello-rs?",
        "claude-code 2.1.329",
        "Say what hello-py does now.",
        "primed",
    ] {
        assert!(story.contains(part), "the story lacks {part:?}");
    }
}

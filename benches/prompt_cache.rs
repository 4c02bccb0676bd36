//! What experts' questions cost: requests of the real agents, by part, as a stand-in for their provider accounts for
//! them. First poag's own expert, whose first question primes it; then the playground's council, held twice.
//!
//!     cargo bench --bench prompt_cache
//!
//! `POAG` names another poag to measure, such as one of before a change.

#![expect(
    clippy::disallowed_methods,
    reason = "a measurement makes and starts what it needs"
)]
#![expect(clippy::unwrap_used, reason = "a measurement says best where it fails")]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use stand_in::{Api, Call, Role, StandIn, count};
use tempfile::TempDir;

#[path = "../tests/agents/brain.rs"]
mod brain;
#[path = "../tests/stand_in/mod.rs"]
mod stand_in;

const QUESTIONS: [&str; 3] = [
    "Where is the exit code of a stale expert decided?",
    "Let `poag graph` draw only the neighbours of one expert",
    "Which file holds the schema of a plan?",
];
const WIDE: &str = "Make the greeting polite on request, in every language binding";

fn main() {
    let Some(bin) = stand_in::clis_or_skip() else {
        return;
    };
    println!(
        "| backend | request | tokens sent | read from the cache | share | same prefix as the one before |"
    );
    println!("|---|---|---:|---:|---:|---:|");
    let mut parts = Vec::new();
    for backend in ["claude-code", "codex"] {
        let stage = Stage::new(&bin);
        for question in QUESTIONS {
            stage.ask(backend, Path::new(env!("CARGO_MANIFEST_DIR")), question);
        }
        let calls = stage.stand_in.calls();
        let mut before: Option<&Call> = None;
        for call in &calls {
            let what = what(call);
            let same = before.map_or(0, |other| {
                let pairs = call.blocks.iter().zip(&other.blocks);
                pairs.take_while(|(one, other)| one == other).count()
            });
            println!(
                "| {backend} | {what} | {} | {} | {} | {same} of {} blocks |",
                call.usage.input,
                call.usage.cached,
                share(call.usage.cached, call.usage.input),
                call.blocks.len(),
            );
            before = Some(call);
        }
        let question = calls
            .iter()
            .find(|call| what(call) == "question 2")
            .unwrap();
        parts.push((backend, split(question)));
    }

    println!(
        "\n| tokens of question 2 | {} | {} |",
        parts[0].0, parts[1].0
    );
    println!("|---|---:|---:|");
    for at in 0..parts[0].1.len() {
        let [one, two] = [0, 1].map(|backend| parts[backend].1[at]);
        println!("| {} | {} | {} |", one.0, one.1, two.1);
    }

    println!("\n| the same council | calls | tokens sent | read from the cache | share |");
    println!("|---|---:|---:|---:|---:|");
    for backend in ["claude-code", "codex"] {
        let stage = Stage::new(&bin);
        let mut seen = 0;
        for time in ["first", "second"] {
            let playground = Path::new(env!("CARGO_MANIFEST_DIR")).join("hello-subflakes");
            stage.ask(backend, &playground, WIDE);
            let calls = stage.stand_in.calls();
            let new = &calls[seen..];
            let sum = |of: fn(&Call) -> usize| new.iter().map(of).sum::<usize>();
            let [sent, cached] = [sum(|call| call.usage.input), sum(|call| call.usage.cached)];
            println!(
                "| {backend}, {time} time | {} | {sent} | {cached} | {} |",
                new.len(),
                share(cached, sent)
            );
            seen = calls.len();
        }
    }
}

fn share(part: usize, whole: usize) -> String {
    format!("{:.1} %", 100.0 * part as f64 / whole.max(1) as f64)
}

fn what(call: &Call) -> String {
    let Some(input) = brain::input(call) else {
        return "another".into();
    };
    if input["turn"] == 0 {
        return "priming".into();
    }
    let mut questions = QUESTIONS.iter();
    let question = questions.position(|one| input["request"] == json!(one));
    format!("question {}", question.map_or(0, |at| at + 1))
}

/// The tokens of each part of a call, always the same parts in the same order.
fn split(call: &Call) -> Vec<(&'static str, usize)> {
    let tokens = |value: &Value| match value.is_null() {
        true => 0,
        false => count(&value.to_string()),
    };
    let offered = call.body["tools"].as_array();
    let offered = offered.into_iter().flatten();
    let (structured, others): (Vec<&Value>, Vec<&Value>) =
        offered.partition(|tool| tool["name"] == "StructuredOutput");
    let mut schema = structured.into_iter().map(tokens).sum();
    if call.api == Api::Responses {
        schema += tokens(&call.body["text"]["format"]);
    }
    let mut parts = Parts::default();
    parts.read(&call.system);
    let last = call
        .messages
        .iter()
        .rposition(|(_, text)| text.contains(TURN));
    for (at, (role, text)) in call.messages.iter().enumerate() {
        match role {
            Role::Assistant | Role::Tool => parts.said += count(text),
            _ if Some(at) == last && at > 0 && !text.contains(KNOWN) => {
                let from = text.find(TURN).unwrap();
                parts.own += count(&text[..from]);
                parts.question += count(&text[from..]);
            }
            _ => parts.read(text),
        }
    }
    vec![
        ("tools", others.into_iter().map(tokens).sum()),
        ("schema, held to by the backend", schema),
        ("the agent's own words", parts.own),
        ("instructions", parts.instructions),
        ("schema in words", parts.schema),
        ("pack", parts.pack),
        ("priming: what was asked", parts.priming),
        ("priming: what was said", parts.said),
        ("question", parts.question),
        ("all, as the provider counts", call.usage.input),
    ]
}

const RULES: &str = "# How you work";
const SHAPE: &str = "## The shape of every answer";
const KNOWN: &str = "# What you know\n\n";
const TURN: &str = "Take this turn";

#[derive(Default)]
struct Parts {
    own: usize,
    instructions: usize,
    schema: usize,
    pack: usize,
    priming: usize,
    said: usize,
    question: usize,
}

impl Parts {
    /// Reads a text whose parts stand in their usual order.
    fn read(&mut self, text: &str) {
        let known = text.find(KNOWN).unwrap_or(text.len());
        let rules = text.find(RULES).unwrap_or(known).min(known);
        let turn = text[known..]
            .rfind(TURN)
            .map_or(text.len(), |at| known + at);
        self.own += count(&text[..rules]);
        let told = &text[rules..known];
        let shape = told.find(SHAPE).unwrap_or(told.len());
        self.instructions += count(&told[..shape]);
        self.schema += count(&told[shape..]);
        self.pack += count(&text[known..turn]);
        self.priming += count(&text[turn..]);
    }
}

/// Where poag and the agents run, and the model that they talk to.
struct Stage {
    folder: TempDir,
    path: OsString,
    stand_in: StandIn,
}

impl Stage {
    fn new(bin: &Path) -> Self {
        let path = std::env::var_os("PATH").unwrap();
        let path = [bin.to_owned()]
            .into_iter()
            .chain(std::env::split_paths(&path));
        Self {
            folder: tempfile::tempdir().unwrap(),
            path: std::env::join_paths(path).unwrap(),
            stand_in: StandIn::start(brain::reply),
        }
    }

    fn ask(&self, backend: &str, flake: &Path, question: &str) {
        let poag = std::env::var_os("POAG").map(PathBuf::from);
        let poag = poag.unwrap_or_else(|| env!("CARGO_BIN_EXE_poag").into());
        let output = Command::new(poag)
            .args(["ask", "--json", "--backend", backend, question])
            .current_dir(flake)
            .env("PATH", &self.path)
            .env("HOME", self.folder.path().join("home"))
            .env("POAG_STATE_DIR", self.folder.path().join("state"))
            .env("POAG_CACHE_DIR", self.folder.path().join("cache"))
            .env("ANTHROPIC_BASE_URL", self.stand_in.url())
            .env("ANTHROPIC_API_KEY", "none")
            .env("OPENAI_BASE_URL", format!("{}/v1", self.stand_in.url()))
            .env("OPENAI_API_KEY", "none")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
    }
}

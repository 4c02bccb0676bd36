//! What an expert's questions cost once it is primed: requests of the real agents as a stand-in for their
//! provider accounts for them. The expert is poag's own; its first question primes it.
//!
//!     cargo bench --bench prompt_cache

#![expect(clippy::unwrap_used, reason = "a measurement says best where it fails")]

use std::path::Path;
use std::process::Command;

use serde_json::json;
use stand_in::{Call, StandIn};

#[path = "../tests/agents/brain.rs"]
mod brain;
#[path = "../tests/stand_in/mod.rs"]
mod stand_in;

const QUESTIONS: [&str; 3] = [
    "Where is the exit code of a stale expert decided?",
    "Let `poag graph` draw only the neighbours of one expert",
    "Which file holds the schema of a plan?",
];

fn main() {
    let Some(bin) = stand_in::clis_or_skip() else {
        return;
    };
    println!(
        "| backend | request | tokens sent | read from the cache | share | same prefix as the one before |"
    );
    println!("|---|---|---:|---:|---:|---:|");
    for backend in ["claude-code", "codex"] {
        let calls = asked(backend, &bin);
        let mut before: Option<&Call> = None;
        for call in &calls {
            let what = brain::input(call).map_or("another".into(), |input| {
                if input["turn"] == 0 {
                    "priming".into()
                } else {
                    let question = QUESTIONS
                        .iter()
                        .position(|one| input["request"] == json!(one));
                    format!("question {}", question.map_or(0, |at| at + 1))
                }
            });
            let same = before.map_or(0, |other| {
                let pairs = call.blocks.iter().zip(&other.blocks);
                pairs.take_while(|(one, other)| one == other).count()
            });
            println!(
                "| {backend} | {what} | {} | {} | {:.1} % | {same} of {} blocks |",
                call.usage.input,
                call.usage.cached,
                100.0 * call.usage.cached as f64 / call.usage.input.max(1) as f64,
                call.blocks.len(),
            );
            before = Some(call);
        }
    }
}

/// The calls that the questions lead to, one poag after the other.
fn asked(backend: &str, bin: &Path) -> Vec<Call> {
    let folder = tempfile::tempdir().unwrap();
    let stand_in = StandIn::start(brain::reply);
    let path = std::env::var_os("PATH").unwrap();
    let path = [bin.to_owned()]
        .into_iter()
        .chain(std::env::split_paths(&path));
    let path = std::env::join_paths(path).unwrap();
    for question in QUESTIONS {
        let output = Command::new(env!("CARGO_BIN_EXE_poag"))
            .args(["ask", "--json", "--backend", backend, question])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("PATH", &path)
            .env("HOME", folder.path().join("home"))
            .env("POAG_STATE_DIR", folder.path().join("state"))
            .env("POAG_CACHE_DIR", folder.path().join("cache"))
            .env("ANTHROPIC_BASE_URL", stand_in.url())
            .env("ANTHROPIC_API_KEY", "none")
            .env("OPENAI_BASE_URL", format!("{}/v1", stand_in.url()))
            .env("OPENAI_API_KEY", "none")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
    }
    stand_in.calls()
}

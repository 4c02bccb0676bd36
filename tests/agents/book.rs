//! What the book says of models and of coding agents, typed as it stands, with real agents against the stand-in.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::pages::{blocks, nix_shim};
use crate::place::told;
use crate::playground::Stage;

const MODELS: &str = "docs/src/how-to/models.md";
const CODING_AGENT: &str = "docs/src/how-to/coding-agent.md";

/// A shell on the playground that finds the agents, the stand-in and that `nix`.
fn shell(stage: &Stage, shim: &Path, lines: &str) -> Command {
    let mut shell = Command::new("sh");
    stage.place(&mut shell);
    let path = shell
        .get_envs()
        .find_map(|(name, value)| (name == "PATH").then_some(value?))
        .unwrap()
        .to_owned();
    let mut all = vec![shim.to_path_buf()];
    all.extend(std::env::split_paths(&path));
    shell
        .env("PATH", std::env::join_paths(all).unwrap())
        .args(["-e", "-c", lines]);
    shell
}

#[test]
fn models_think_as_the_page_says() {
    let Some(stage) = Stage::new() else { return };
    let shim = tempfile::tempdir().unwrap();
    nix_shim(shim.path());
    for (_, lines) in blocks(MODELS, "models") {
        if lines.contains("--resume") {
            interrupted(&stage, shim.path());
        }
        let output = shell(&stage, shim.path(), &lines).output().unwrap();
        assert!(output.status.success(), "{lines}\n{}", told(&output));
        if lines.contains("--resume") {
            assert!(told(&output).contains("claude-code"), "{}", told(&output));
        }
    }
}

/// Begins a question, and kills it once its run is known.
fn interrupted(stage: &Stage, shim: &Path) {
    let runs = || {
        let output = stage.poag().args(["runs", "--json"]).output().unwrap();
        String::from_utf8_lossy(&output.stdout)
            .matches("\"id\"")
            .count()
    };
    let before = runs();
    let mut asked = shell(
        stage,
        shim,
        "exec nix run .#poag -- ask --backend claude-code 'Make the greeting loud'",
    );
    let mut asked = asked
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let end = Instant::now() + Duration::from_secs(120);
    while runs() == before {
        assert!(Instant::now() < end, "no run begins");
        std::thread::sleep(Duration::from_millis(20));
    }
    asked.kill().unwrap();
    asked.wait().unwrap();
}

/// Claude Code itself starts poag's server and finds it well.
#[test]
fn claude_code_takes_the_experts_as_the_page_says() {
    let Some(stage) = Stage::new() else { return };
    let shim = tempfile::tempdir().unwrap();
    nix_shim(shim.path());
    let (_, lines) = &blocks(CODING_AGENT, "claude")[0];
    let lines = format!("{lines}claude mcp list");
    let output = shell(&stage, shim.path(), &lines).output().unwrap();
    let told = told(&output);
    assert!(output.status.success(), "{told}");
    assert!(
        told.contains("poag") && told.contains("Connected"),
        "{told}"
    );
}

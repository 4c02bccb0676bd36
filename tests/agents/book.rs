//! What the book says of models and of coding agents, typed as it stands, with real agents against the stand-in.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::playground::Stage;

/// The blocks of a page that are called so.
fn blocks(page: &str, name: &str) -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs/src/how-to")
        .join(page);
    let page = fs::read_to_string(page).unwrap();
    let found: Vec<String> = page
        .split(&format!("<!-- tested: {name} -->\n```sh\n"))
        .skip(1)
        .map(|rest| rest.split_once("\n```").unwrap().0.to_owned())
        .collect();
    assert!(!found.is_empty(), "no block is called {name}");
    found
}

/// A folder with a `nix` that runs the program under test.
fn nix(folder: &Path) {
    let poag = assert_cmd::cargo::cargo_bin!("poag").display().to_string();
    let which = Command::new("sh")
        .args(["-c", "command -v nix"])
        .output()
        .unwrap();
    let script = format!(
        "#!/bin/sh\nif [ \"$1 $2 $3\" = 'run .#poag --' ]; then shift 3; exec {poag} \"$@\"; fi\nexec {} \"$@\"\n",
        String::from_utf8_lossy(&which.stdout).trim()
    );
    fs::write(folder.join("nix"), script).unwrap();
    fs::set_permissions(folder.join("nix"), fs::Permissions::from_mode(0o755)).unwrap();
}

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

fn told(output: &Output) -> String {
    format!(
        "{}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn models_think_as_the_page_says() {
    let Some(stage) = Stage::new() else { return };
    let shim = tempfile::tempdir().unwrap();
    nix(shim.path());
    for lines in blocks("models.md", "models") {
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
    nix(shim.path());
    let lines = blocks("coding-agent.md", "claude").join("\n");
    let lines = format!("{lines}\nclaude mcp list");
    let output = shell(&stage, shim.path(), &lines).output().unwrap();
    let told = told(&output);
    assert!(output.status.success(), "{told}");
    assert!(
        told.contains("poag") && told.contains("Connected"),
        "{told}"
    );
}

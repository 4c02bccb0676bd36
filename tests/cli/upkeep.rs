//! What keeps experts fresh: the hook before commits, and the workflow of a code host.

use std::fs;
use std::path::Path;

use crate::harness::text;
use crate::templates::made_from;

#[test]
fn the_hook_lets_the_experts_learn_and_stages_their_locks_alone() {
    let repository = made_from("subflakes");
    assert!(repository.nix("", &["flake", "lock"]).status.success());
    let written = repository
        .poag("")
        .args(["init", "--hook", "--yes", "--quiet"])
        .assert();
    written.success();
    let hook = fs::read_to_string(repository.root.join(".githooks/pre-commit")).unwrap();
    assert_eq!(hook, include_str!("../../templates/pre-commit"));
    repository.git(&["config", "core.hooksPath", ".githooks"]);
    repository.git(&["add", "-A"]);
    let commit = |message: &str| {
        let mut git = std::process::Command::new("git");
        repository.place(&mut git, "");
        git.env("POAG", assert_cmd::cargo::cargo_bin!("poag"))
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.org"])
            .args(["commit", "-q", "-m", message]);
        let output = git.output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stderr)
    };
    commit("begin");
    let committed = repository.git(&["ls-files", "*poag.lock"]);
    assert_eq!(committed, "part/poag.lock\npoag.lock\n");
    repository
        .poag("")
        .args(["check", "--all"])
        .assert()
        .success();
    // What is not staged is not learned, and said.
    repository.write("part/README.md", "# Another\n");
    repository.write("notes.md", "# Notes\n");
    repository.git(&["add", "notes.md"]);
    assert!(commit("partly").contains("not staged"));
    assert!(!repository.read("part/poag.lock").is_empty());
    assert_eq!(repository.git(&["diff", "--name-only"]), "part/README.md\n");
}

#[test]
fn the_workflow_takes_nothing_untrusted_into_a_shell() {
    let repository = made_from("default");
    repository
        .poag("")
        .args(["init", "--ci", "github", "--yes", "--quiet"])
        .assert()
        .success();
    let workflow = repository.read(".github/workflows/poag.yml");
    let mut script = false;
    for line in workflow.lines() {
        let step = line.trim_start();
        script = match step.starts_with("run:") {
            true => true,
            false if step.starts_with("- ") || step.ends_with(':') => false,
            false => script,
        };
        assert!(!(script && line.contains("${{")), "{line}");
        if let Some((_, action)) = step.split_once("uses: ") {
            let (_, pin) = action.split_once('@').unwrap();
            let hash: String = pin.chars().take_while(char::is_ascii_hexdigit).collect();
            assert_eq!(hash.len(), 40, "{line}");
        }
    }
    assert!(workflow.contains("\npermissions:\n  contents: read\n"));
    // Another one is not overwritten, and nothing is written through a link.
    repository.write(".github/workflows/poag.yml", "name: mine\n");
    repository
        .poag("")
        .args(["init", "--ci", "github", "--yes"])
        .assert()
        .code(1);
    fs::remove_dir_all(repository.root.join(".github")).unwrap();
    let elsewhere = repository.root.parent().unwrap().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, repository.root.join(".github")).unwrap();
    repository
        .poag("")
        .args(["init", "--ci", "github", "--yes"])
        .assert()
        .code(9);
    assert_eq!(fs::read_dir(Path::new(&elsewhere)).unwrap().count(), 0);
}

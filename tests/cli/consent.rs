//! A program that a flake declares is started when it is allowed; what is refused is shown in tests/engine.

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use predicates::prelude::*;

use crate::harness::{Repository, flake};
use crate::programs::said;

/// A flake that declares a program, which leaves a mark when it is started.
struct Declared {
    repository: Repository,
    mark: PathBuf,
    script: String,
}

impl Declared {
    fn new() -> Self {
        let repository = Repository::new();
        let beside = repository.root.parent().unwrap();
        let (mark, answer) = (beside.join("mark"), beside.join("answer"));
        let mut turn = said();
        turn["answer"] = serde_json::json!({"markdown": "It greets.", "citations": []});
        fs::write(&answer, turn.to_string()).unwrap();
        let script = format!("touch {}; cat {}", mark.display(), answer.display());
        let declared = Self {
            repository,
            mark,
            script,
        };
        declared.declares(&format!("\"sh\" \"-c\" \"{}\"", declared.script));
        declared
    }

    /// Has the flake declare this command, as words of Nix.
    fn declares(&self, words: &str) {
        let agent = format!(
            "role = \"Owns the program.\"; agent = {{ backend = \"command\"; command = [ {words} ]; }};"
        );
        let flake = flake("app", "", &agent);
        self.repository.write("flake.nix", &flake);
        self.repository.commit("declare");
    }

    fn ask(&self) -> Command {
        let mut command = self.repository.poag("");
        command.env_remove("POAG_ALLOW_COMMANDS").args([
            "ask",
            "--quiet",
            "--json",
            "What does it do?",
        ]);
        command
    }

    /// The declared command as a person writes it.
    fn line(&self) -> String {
        format!("sh -c '{}'", self.script)
    }
}

#[test]
fn a_declared_program_is_started_when_the_person_allows_exactly_it() {
    let declared = Declared::new();
    declared
        .ask()
        .args(["--allow-command", &declared.line()])
        .assert()
        .success()
        .stdout(predicate::str::contains("It greets."));
    assert!(declared.mark.exists());
    fs::remove_file(&declared.mark).unwrap();
    // The environment is split at `;`, which this command has one of.
    declared.declares(&format!("\"touch\" \"{}\"", declared.mark.display()));
    declared
        .ask()
        .env(
            "POAG_ALLOW_COMMANDS",
            format!("other; touch {}", declared.mark.display()),
        )
        .assert()
        .code(7);
    assert!(declared.mark.exists(), "it was started, and says nothing");
}

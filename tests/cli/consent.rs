//! Programs that a flake declares: nothing is started that nobody allowed.

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

/// Why the expert did not answer.
fn refused(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(7));
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let failure = &plan["council"]["failures"][0];
    failure["reason"].as_str().unwrap().to_owned()
}

#[test]
fn a_declared_program_is_not_started_and_the_repair_says_how_to_allow_it() {
    let declared = Declared::new();
    let repair = format!("--allow-command {}", shell_words::quote(&declared.line()));
    let reason = refused(&mut declared.ask());
    assert!(
        reason.contains("wants to start a program, which nobody allowed: sh -c"),
        "{reason}"
    );
    assert!(reason.contains("\nrepair: "), "{reason}");
    assert!(reason.contains(&repair), "{reason}");
    // Neither what begins alike nor the program with other words.
    for other in ["sh", "sh -c", "sh -c true"] {
        declared
            .ask()
            .args(["--allow-command", other])
            .assert()
            .code(7);
    }
    assert!(!declared.mark.exists());
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

#[test]
fn a_program_of_the_repository_itself_is_refused_even_when_it_is_allowed() {
    let declared = Declared::new();
    let script = format!("#!/bin/sh\n{}\n", declared.script);
    declared.repository.write("agent.sh", &script);
    declared.repository.git(&["add", "agent.sh"]);
    declared
        .repository
        .git(&["update-index", "--chmod=+x", "agent.sh"]);
    declared.declares("\"./agent.sh\"");
    let reason = refused(declared.ask().args(["--allow-command", "./agent.sh"]));
    assert!(
        reason.contains("'./agent.sh' is a relative path\nrepair: "),
        "{reason}"
    );
    assert!(!declared.mark.exists());
}

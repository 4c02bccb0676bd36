//! What a flake declares of a work: who does it, how far it goes by itself, and the gates on its way.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::harness::{Repository, text};

/// Bids, does, or reviews, as it is asked; `$0` is its name.
const PROGRAM: &str = r##"#!/bin/sh
asked=$(cat)
case "$asked" in
  *'"kind":"bid"'*)
    case "$0" in
      *sure) echo '{"schemaVersion": 1, "can": true, "confidence": 90, "usd": 0.5, "reason": "done it before"}' ;;
      *lazy) echo '{"schemaVersion": 1, "can": false, "confidence": 0, "usd": 0, "reason": "no time"}' ;;
      *) echo '{"schemaVersion": 1, "can": true, "confidence": 40, "usd": 0.1, "reason": ""}' ;;
    esac ;;
  *'"kind":"review"'*) echo '{"schemaVersion": 1, "verdict": "approve", "reason": ""}' ;;
  *)
    echo "politely, by ${0##*/}" >> notes.md
    echo '{"schemaVersion": 1, "outcome": "done", "summary": "made it polite"}' ;;
esac
"##;

struct Stage {
    repository: Repository,
    tasks: String,
    programs: Vec<String>,
}

/// A flake that declares this of works, with three programs as its actors.
fn stage(work: &str) -> Stage {
    let repository = Repository::family();
    repository.git(&["config", "user.name", "Test"]);
    repository.git(&["config", "user.email", "test@example.org"]);
    let outside = repository.root.parent().unwrap().join("programs");
    fs::create_dir(&outside).unwrap();
    let program = |name: &str| {
        let file = outside.join(name);
        fs::write(&file, PROGRAM).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        file.display().to_string()
    };
    let programs: Vec<String> = ["cheap", "lazy", "sure"].map(program).to_vec();
    let actor = |program: &String| {
        let name = program.rsplit('/').next().unwrap();
        format!("actors.{name} = {{ backend = \"command\"; command = [ \"{program}\" ]; }};")
    };
    let actors: String = programs.iter().map(actor).collect();
    let flake = repository.read("app/flake.nix");
    let declared = format!("name = \"app\";\n work = {{ {work} {actors} }};");
    assert!(flake.contains("name = \"app\";"), "{flake}");
    let flake = flake.replacen("name = \"app\";", &declared, 1);
    repository.write("app/flake.nix", &flake);
    repository.commit("declare how it is carried out");
    let task = json!({
        "id": "base", "title": "base: be polite", "expert": "base", "prompt": "Be polite.",
        "checks": ["grep -q politely notes.md"], "milestone": "poc",
    });
    let tasks = json!({"schemaVersion": 1, "request": "Be polite", "tasks": [task]});
    let file = outside.join("tasks.json");
    fs::write(&file, tasks.to_string()).unwrap();
    Stage {
        tasks: file.display().to_string(),
        programs,
        repository,
    }
}

impl Stage {
    fn start(&self, more: &[&str]) -> (i32, String) {
        let mut command = self.repository.poag("app");
        command.args(["work", "start", &self.tasks]);
        for program in &self.programs {
            command.args(["--allow-command", program]);
        }
        let output = command.args(more).output().unwrap();
        (output.status.code().unwrap(), text(&output.stderr))
    }

    fn view(&self) -> Value {
        let mut command = self.repository.poag("app");
        let shown = command.args(["work", "show", "--json"]).output().unwrap();
        serde_json::from_slice(&shown.stdout).unwrap_or_else(|_| panic!("{}", text(&shown.stderr)))
    }
}

#[test]
fn the_best_bid_does_it_and_the_rule_of_the_flake_lands_it() {
    let stage = stage(
        "policy = { approvals = 0; bids = true; autoLand = { lines = 20; paths = [ \"base/**\" ]; }; };
         milestones = [ { name = \"poc\"; checks = [ \"grep -q politely ../base/notes.md\" ]; } ];",
    );
    let (code, said) = stage.start(&[]);
    assert_eq!(code, 0, "{said}");
    let notes = stage.repository.read("base/notes.md");
    assert_eq!(notes, "politely, by sure\n", "{said}");
    let view = stage.view();
    assert_eq!(view["state"], "landed", "{view:#}");
    assert_eq!(view["milestones"][0]["state"], "open", "{view:#}");
    for bid in [
        "cheap bids: 40 % sure",
        "lazy declines: no time",
        "sure bids: 90 % sure",
    ] {
        assert!(said.contains(bid), "{said}");
    }
}

#[test]
fn the_command_line_narrows_and_widens_only_with_a_yes() {
    let stage = stage("policy = { approvals = 1; budget.usd = 1.0; autoLand = { }; };");
    let (code, said) = stage.start(&["--approvals", "0", "--budget", "5usd"]);
    assert_ne!(code, 0, "{said}");
    assert!(
        said.contains("allows more than the flake does (approvals, budget)"),
        "{said}"
    );
    // The same with a yes, and less than the flake allows.
    let (code, said) = stage.start(&["--approvals", "0", "--yes", "--no-auto-land"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(stage.view()["state"], "done", "{said}");
}

#[test]
fn a_program_that_the_flake_names_runs_only_where_it_is_allowed() {
    let stage = stage("policy.approvals = 0;");
    let mut command = stage.repository.poag("app");
    let output = command
        .args(["work", "start", &stage.tasks])
        .output()
        .unwrap();
    let said = text(&output.stderr);
    assert!(
        !output.status.success() && said.contains("which nobody allowed"),
        "{said}"
    );
    assert!(said.contains("--allow-command"), "{said}");
}

//! Checkpoints from end to end: poag, a real flake, the real Claude Code, and a stand-in for its model.

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use predicates::prelude::*;
use serde_json::{Value, json};

use crate::harness::{Repository, flake, text};
use crate::stand_in::{Call, Reply, StandIn, clis_or_skip};

/// A flake whose expert thinks with Claude Code, and the model that it asks.
struct Scene {
    repository: Repository,
    model: StandIn,
    bin: PathBuf,
}

impl Scene {
    fn new() -> Option<Self> {
        let bin = clis_or_skip()?;
        let repository = Repository::new();
        let declaration =
            r#"role = "Owns the cow."; agent.backend = "claude-code"; agent.model = "sonnet";"#;
        repository.write("farm/flake.nix", &flake("farm", "", declaration));
        let lines = (0..300).map(|at| format!("def cow_{at}():\n    return {at}\n\n"));
        repository.write("farm/cow.py", &lines.collect::<String>());
        repository.write("farm/README.md", "# farm\n\nCall `cow_7()`.\n");
        repository.commit("begin");
        Some(Self {
            repository,
            model: StandIn::start(|call| {
                let word = match primes(call) {
                    true => "ready",
                    false => "asked",
                };
                Reply::Structured(json!({
                    "schemaVersion": 1, "edits": [], "answer": null, "asks": [],
                    "verdict": {"verdict": "accept"}, "notes": [word],
                }))
            }),
            bin,
        })
    }

    /// poag in the flake, with another state folder where one is named.
    fn poag(&self, state: &str) -> Command {
        let mut poag = self.repository.poag("farm");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::iter::once(self.bin.clone()).chain(std::env::split_paths(&path));
        poag.env("PATH", std::env::join_paths(path).unwrap())
            .env("ANTHROPIC_BASE_URL", self.model.url())
            .env("ANTHROPIC_API_KEY", "the-key-of-the-test");
        if !state.is_empty() {
            poag.env(
                "POAG_STATE_DIR",
                self.repository.state().with_extension(state),
            );
        }
        poag
    }

    /// What a successful poag says on standard output.
    fn run(&self, state: &str, args: &[&str]) -> String {
        let output = self.poag(state).args(args).output().unwrap();
        let told = text(&output.stderr);
        let told: String = told.chars().take(2_000).collect();
        assert!(output.status.success(), "poag {args:?}: {told}");
        text(&output.stdout)
    }

    /// Asks something, and gives the plan. The expert has nothing to say of it but its note.
    fn ask(&self, state: &str) -> Value {
        let output = self.poag(state).args(["ask", "Where is the cow?"]).output();
        let output = output.unwrap();
        let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
        let notes = plan["council"]["notes"].to_string();
        let told: String = text(&output.stderr).chars().take(2_000).collect();
        assert!(
            notes.contains("asked"),
            "{told}\n{:#}",
            plan["council"]["failures"]
        );
        plan
    }

    /// The priming turns so far.
    fn primed(&self) -> Vec<Call> {
        let calls = self.model.calls().into_iter();
        calls
            .filter(|call| primes(call) && call.tool_result().is_none())
            .collect()
    }

    fn list(&self, state: &str) -> Vec<Value> {
        let list = self.run(state, &["checkpoints", "--json"]);
        let list: Value = serde_json::from_str(&list).unwrap();
        list["checkpoints"].as_array().unwrap().clone()
    }
}

/// Whether the turn of a call is one in which nobody asks anything.
fn primes(call: &Call) -> bool {
    call.last_user().contains("\"turn\": 0")
}

#[test]
fn the_first_question_primes_and_the_second_finds_the_checkpoint() {
    let Some(scene) = Scene::new() else { return };
    scene.ask("");
    assert_eq!(scene.primed().len(), 1);
    scene.ask("");
    assert_eq!(scene.primed().len(), 1, "the second primes nothing");
    let list = scene.list("");
    assert_eq!(list.len(), 1);
    assert_eq!(list[0]["state"], "current");
    assert_eq!(list[0]["uses"]["uses"], 2);
    assert_eq!(list[0]["checkpoint"]["how"], "primed");
    let cached = &list[0]["uses"]["usage"]["cachedTokens"];
    assert!(cached.as_u64().unwrap() > 1_000, "{}", list[0]["uses"]);
}

#[test]
fn who_learned_is_not_primed_again() {
    let Some(scene) = Scene::new() else { return };
    let said = scene.run("", &["learn"]);
    assert!(said.contains("farm is primed on claude-code"), "{said}");
    assert!(said.contains("tokens in"), "what it cost: {said}");
    let said = scene.run("", &["learn"]);
    assert!(said.contains("has its checkpoint"), "{said}");
    scene.ask("");
    assert_eq!(scene.primed().len(), 1);
    assert!(!scene.repository.read("farm/poag.lock").contains("session"));
}

#[test]
fn learning_without_priming_asks_no_model() {
    let Some(scene) = Scene::new() else { return };
    scene.run("", &["learn", "--no-prime"]);
    assert!(scene.model.calls().is_empty());
    assert!(
        scene
            .run("", &["checkpoints"])
            .starts_with("no checkpoints")
    );
}

#[test]
fn a_small_change_is_told_and_a_great_one_is_primed_and_explain_says_why() {
    let Some(scene) = Scene::new() else { return };
    scene.run("", &["learn"]);
    scene
        .repository
        .edit("farm/README.md", "cow_7()", "cow_8()");
    scene.ask("");
    let told = scene.primed().pop().unwrap();
    assert!(
        told.last_user().contains("+Call `cow_8()`."),
        "{:.2000}",
        told.last_user()
    );
    let explained = scene.run("", &["explain", "farm"]);
    assert!(
        explained.contains("was told what changed on top of"),
        "{explained}"
    );
    assert!(explained.contains("input tokens against"), "{explained}");
    assert!(
        explained.contains("knows the flake as it is now; 1 turn"),
        "{explained}"
    );

    let lines = (0..300).map(|at| format!("def goat_{at}():\n    return {at}\n\n"));
    scene
        .repository
        .write("farm/cow.py", &lines.collect::<String>());
    let explained = scene.run("", &["explain", "farm"]);
    assert!(
        explained.contains("its flake has changed since"),
        "{explained}"
    );
    scene.ask("");
    let anew = scene.primed().pop().unwrap();
    assert!(
        anew.last_user().contains("# What you know"),
        "{:.2000}",
        anew.last_user()
    );
    let explained = scene.run("", &["explain", "farm"]);
    assert!(explained.contains("was primed"), "{explained}");
    assert!(explained.contains("because "), "{explained}");
    let states: Vec<_> = scene
        .list("")
        .iter()
        .map(|row| row["state"].clone())
        .collect();
    assert_eq!(states, ["current", "old", "old"]);
}

#[test]
fn a_checkpoint_that_was_carried_elsewhere_is_used_there() {
    let Some(scene) = Scene::new() else { return };
    scene.run("", &["learn"]);
    let file = scene.repository.root.with_extension("checkpoint");
    let file = file.to_str().unwrap();
    scene.run("", &["checkpoints", "export", "farm", file]);
    scene.run("elsewhere", &["checkpoints", "import", file]);
    let calls = scene.model.calls().len();
    scene.ask("elsewhere");
    assert_eq!(scene.primed().len(), 1, "nothing is primed there");
    let asked = &scene.model.calls()[calls];
    assert!(
        asked.usage.cached > 1_000,
        "it reads the cache of the other: {:?}",
        asked.usage
    );
    let broken = fs::read_to_string(file)
        .unwrap()
        .replace("Owns the cow", "Owns the cat");
    fs::write(file, broken).unwrap();
    scene
        .poag("third")
        .args(["checkpoints", "import", file])
        .assert()
        .code(1)
        .stderr(predicate::str::contains("its pack is not the one it names"));
}

#[test]
fn what_is_pruned_is_primed_anew() {
    let Some(scene) = Scene::new() else { return };
    scene.run("", &["learn"]);
    let said = scene.run("", &["checkpoints", "prune"]);
    assert_eq!(said, "nothing to prune\n");
    let said = scene.run("", &["checkpoints", "prune", "--all", "--dry-run"]);
    assert!(said.starts_with("would go: "), "{said}");
    assert_eq!(scene.list("").len(), 1);
    let said = scene.run("", &["checkpoints", "prune", "--all"]);
    assert!(said.starts_with("gone: "), "{said}");
    assert!(scene.list("").is_empty());
    scene.ask("");
    assert_eq!(scene.primed().len(), 2);
}

#[test]
fn a_question_comes_with_places_that_a_search_found() {
    let Some(scene) = Scene::new() else { return };
    let question = ["ask", "What does cow_123 return?"];
    let _ = scene.poag("").args(question).output().unwrap();
    let asked = scene.model.calls().into_iter().find(|call| !primes(call));
    let input = crate::brain::input(&asked.unwrap()).unwrap();
    // It stands in the pack, which was read already: only the place is said.
    assert_eq!(input["passages"], Value::Null);
    let first = input["inPack"][0].as_str().unwrap();
    let (path, lines) = first.split_once(':').unwrap();
    assert_eq!(path, "cow.py");
    let (from, to) = lines.split_once('-').unwrap();
    let [from, to] = [from, to].map(|line| line.parse::<usize>().unwrap());
    let file = scene.repository.read("farm/cow.py");
    let there: Vec<&str> = file.lines().skip(from - 1).take(to - from + 1).collect();
    assert!(there.join("\n").contains("cow_123"), "{there:?}");
}

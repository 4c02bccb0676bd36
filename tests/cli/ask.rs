//! `poag ask` on the playground and on small families: one plan, true and in order.

use std::path::{Path, PathBuf};

use predicates::prelude::*;
use serde_json::Value;

use crate::harness::{Repository, text};

const POLITE: &str = "Make the greeting polite on request, in every language binding";

/// The playground, which the asking repository only lends its private cache and state.
fn playground() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hello-subflakes")
}

fn ask(repository: &Repository, flake: &Path, words: &[&str]) -> Value {
    let output = repository
        .poag("")
        .args(["ask", "--quiet", "--flake"])
        .arg(flake)
        .args(words)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn folder(expert: &str) -> PathBuf {
    match expert {
        "hello-subflakes" => playground(),
        name => playground().join(name),
    }
}

fn steps(plan: &Value) -> Vec<&str> {
    plan["plan"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step.as_str().unwrap())
        .collect()
}

/// Position of the first step that contains all of these.
fn step(plan: &Value, parts: &[&str]) -> usize {
    let found = steps(plan)
        .iter()
        .position(|step| parts.iter().all(|part| step.contains(part)));
    found.unwrap_or_else(|| panic!("no step with {parts:?} in {:#}", plan["plan"]))
}

#[test]
fn a_change_of_the_playground_names_the_right_files_of_every_binding() {
    let lent = Repository::new();
    let plan = ask(&lent, &playground(), &[POLITE]);
    for (expert, path) in [
        ("hello-rs", "./src/style.rs"),
        ("hello-rs", "./src/binding.rs"),
        ("hello-rs", "./tests/greeting.rs"),
        ("hello-py", "./src/hello_py/__init__.py"),
        ("hello-py", "./README.md"),
        ("hello-wasm", "./src/lib.rs"),
        ("hello-wasm", "./docs/exports.md"),
        ("hello-web", "./src/greeter.js"),
        ("hello-subflakes", "./acceptance/cases.json"),
    ] {
        let what = plan["subflakes"][expert][path].as_str();
        assert!(
            what.is_some_and(|what| !what.starts_with("(read)")),
            "{expert} {path}: {what:?} in {:#}",
            plan["subflakes"]
        );
    }
}

#[test]
fn every_path_of_a_plan_exists_in_its_flake() {
    let lent = Repository::new();
    let plan = ask(&lent, &playground(), &[POLITE]);
    let mut paths = 0;
    for (expert, files) in plan["subflakes"].as_object().unwrap() {
        for path in files.as_object().unwrap().keys() {
            assert!(
                folder(expert).join(path).is_file(),
                "{expert} has no {path}"
            );
            paths += 1;
        }
    }
    assert!(paths > 5, "{plan:#}");
}

#[test]
fn steps_run_from_baseline_through_providers_to_the_roots_checks_and_the_pull_request() {
    let lent = Repository::new();
    let plan = ask(&lent, &playground(), &[POLITE]);
    let baseline = step(&plan, &["Baseline", "hello-rs"]);
    let provider = step(&plan, &["In ./hello-subflakes/hello-rs:", "commit"]);
    let consumer = step(&plan, &["In ./hello-subflakes/hello-wasm:", "change"]);
    let second = step(&plan, &["In ./hello-subflakes/hello-web:", "change"]);
    let root = step(&plan, &["In ./hello-subflakes:", "nix flake check"]);
    let request = step(&plan, &["pull request"]);
    let order = [baseline, provider, consumer, second, root, request];
    assert!(order.is_sorted(), "{order:?} in {:#}", plan["plan"]);
    assert_eq!(request + 1, steps(&plan).len());
}

#[test]
fn the_output_is_what_the_published_schema_says() {
    let lent = Repository::new();
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/plan.v1.schema.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(schema).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for request in [POLITE, "How do I call the greeting from Python?"] {
        let plan = ask(&lent, &playground(), &[request]);
        let errors: Vec<String> = validator
            .iter_errors(&plan)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn the_same_question_gives_the_same_plan() {
    let lent = Repository::new();
    let [mut one, mut two] = [0, 1].map(|_| ask(&lent, &playground(), &[POLITE]));
    for plan in [&mut one, &mut two] {
        plan["council"]["id"].take();
    }
    assert_eq!(one, two);
}

#[test]
fn a_usage_question_is_answered_with_a_citation_that_is_right() {
    let lent = Repository::new();
    let plan = ask(
        &lent,
        &playground(),
        &["how do I call the greeting from Python?"],
    );
    let answer = plan["answer"].as_str().unwrap();
    assert!(
        answer.contains("from hello_py import") && answer.contains("greet("),
        "{answer}"
    );
    assert_eq!(
        plan["plan"],
        serde_json::json!([]),
        "nothing is to be changed"
    );
    let citations = plan["council"]["citations"].as_array().unwrap();
    let citing = citations
        .iter()
        .find(|citing| citing["expert"] == "hello-py")
        .unwrap();
    let file = folder("hello-py").join(citing["path"].as_str().unwrap());
    let [first, last] =
        [0, 1].map(|at| usize::try_from(citing["lines"][at].as_u64().unwrap()).unwrap());
    let cited: Vec<String> = std::fs::read_to_string(file)
        .unwrap()
        .lines()
        .map(String::from)
        .collect();
    let cited = cited[first - 1..last].join("\n");
    assert!(cited.contains("greet("), "{citing} cites {cited:?}");
    let quoted = cited
        .lines()
        .filter(|line| !line.trim().is_empty())
        .filter(|line| answer.contains(line.trim()));
    assert!(
        quoted.count() > 0,
        "the answer quotes nothing of {cited:?}:\n{answer}"
    );
}

#[test]
fn a_question_about_something_else_finds_nothing_and_says_what_was_searched() {
    let lent = Repository::new();
    lent.poag("")
        .args(["ask", "--flake"])
        .arg(playground())
        .arg("How do I configure Kubernetes autoscaling?")
        .assert()
        .code(4)
        .stdout(
            predicate::str::contains("\"answer\": \"\"").and(predicate::str::contains("searched")),
        );
}

#[test]
fn markdown_is_made_to_be_pasted_and_text_to_be_read() {
    let lent = Repository::new();
    let in_form = |form: &str| {
        let output = lent
            .poag("")
            .args(["ask", form, "--flake"])
            .arg(playground())
            .arg(POLITE)
            .output()
            .unwrap();
        text(&output.stdout)
    };
    let markdown = in_form("--markdown");
    assert!(
        markdown.starts_with("# ") && markdown.contains("\n1. "),
        "{markdown}"
    );
    let readable = in_form("--text");
    assert!(
        readable.contains("Steps") && !readable.contains('\u{1b}'),
        "no colours into a pipe: {readable}"
    );
}

#[test]
fn a_limit_that_is_reached_is_said() {
    let lent = Repository::new();
    let plan = ask(&lent, &playground(), &["--max-turns", "1", POLITE]);
    let limits = plan["council"]["limits"].as_array().unwrap();
    assert!(
        limits.iter().any(|limit| limit["limit"] == "turns"),
        "{limits:?}"
    );
}

#[test]
fn the_request_can_come_from_standard_input_and_begin_with_another_expert() {
    let family = Repository::family();
    let output = family
        .poag("app")
        .args(["ask", "--to", "base", "-"])
        .write_stdin("How do I call greet?\n")
        .output()
        .unwrap();
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(plan["request"], "How do I call greet?");
    assert_eq!(plan["council"]["root"], "base");
    assert!(
        plan["answer"].as_str().unwrap().contains("greet(name)"),
        "{plan:#}"
    );
}

#[test]
fn a_backend_that_is_not_there_is_refused_before_anything_is_asked() {
    let family = Repository::family();
    family
        .poag("app")
        .args(["ask", "--backend", "oracle", "How do I call greet?"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("repair: use one of: librarian"));
}

#[test]
fn an_empty_request_is_refused() {
    let family = Repository::family();
    family
        .poag("app")
        .args(["ask", "-"])
        .write_stdin(" \n")
        .assert()
        .code(2)
        .stderr(predicate::str::contains("repair: say in a few sentences"));
}

#[test]
fn what_is_piped_is_the_request_where_no_word_is_given() {
    let family = Repository::family();
    let output = family
        .poag("app")
        .args(["ask", "--json"])
        .write_stdin("How do I call greet?\n")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(plan["request"], "How do I call greet?");
    family
        .poag("app")
        .arg("ask")
        .write_stdin("")
        .assert()
        .code(2)
        .stderr(predicate::str::contains(
            "repair: poag ask \"what you want\"",
        ));
}

#[test]
fn an_expert_whose_backend_is_not_here_fails_aloud_and_never_answers() {
    let family = Repository::family();
    family.edit(
        "app/flake.nix",
        "role =",
        "agent.backend = \"codex\"; role =",
    );
    family
        .poag("app")
        .env("PATH", family.bare_path())
        .args(["ask", "How do I call greet?"])
        .assert()
        .code(7)
        .stdout(predicate::str::contains(
            "there is no program 'codex' on PATH",
        ))
        .stdout(predicate::str::contains("or ask with --backend librarian"));
}

#[test]
fn explain_tells_why_an_expert_was_asked_in_the_latest_run() {
    let family = Repository::family();
    family
        .poag("app")
        .args(["ask", "Make greet shout the name"])
        .assert()
        .success();
    family
        .poag("app")
        .args(["explain", "base", "--run"])
        .assert()
        .success()
        .stdout(predicate::str::contains("base was asked by app, because"));
}

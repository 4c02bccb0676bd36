//! Limits of a council: declared in a flake, overridden on the command line, said in the plan.

use poag::council::Limits;
use predicates::prelude::*;
use serde_json::{Value, json};

use crate::harness::{Repository, text};

const CHANGE: &str = "Make greet shout the name";

/// A family whose flake `folder` declares these limits for councils that begin with it.
fn family(folder: &str, council: &str) -> Repository {
    let family = Repository::family();
    let declared = format!("council = {{ {council} }}; role =");
    family.edit(&format!("{folder}/flake.nix"), "role =", &declared);
    family
}

/// The limits that a council of `app` reached.
fn reached(family: &Repository, words: &[&str]) -> Value {
    let output = family
        .poag("app")
        .args(["ask", "--quiet", CHANGE])
        .args(words)
        .output()
        .unwrap();
    // A limit may leave nothing to be found.
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 4)), "{}", text(&output.stderr));
    let mut plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    plan["council"]["limits"].take()
}

#[test]
fn turns_that_a_flake_allows_bind_its_council_unless_the_command_line_says_more() {
    let family = family("app", "maxTurns = 1;");
    let limit = json!([{"limit": "turns", "expert": "app", "allowed": 1}]);
    assert_eq!(reached(&family, &[]), limit);
    assert_eq!(reached(&family, &["--max-turns", "6"]), json!([]));
}

#[test]
fn messages_that_a_flake_allows_bind_its_council_unless_the_command_line_says_more() {
    let family = family("app", "maxMessages = 1;");
    let limit = json!([{"limit": "messages", "allowed": 1}]);
    assert_eq!(reached(&family, &[]), limit);
    assert_eq!(reached(&family, &["--max-messages", "512"]), json!([]));
}

#[test]
fn the_limits_of_a_neighbour_bind_only_the_councils_that_begin_with_it() {
    let family = family("base", "maxMessages = 1; maxTurns = 1;");
    assert_eq!(reached(&family, &[]), json!([]));
}

#[test]
fn an_expert_is_described_with_the_limits_that_its_flake_declares() {
    let family = family("app", "maxCostUsd = 2.5; retries = 0;");
    family
        .poag("app")
        .args(["experts", "app"])
        .assert()
        .success()
        .stdout(predicate::str::contains(
            "limits:\n  council.maxCostUsd: 2.5\n  council.retries: 0\n",
        ));
    let output = family
        .poag("app")
        .args(["experts", "app", "--json"])
        .output()
        .unwrap();
    let app: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(app["council"]["maxCostUsd"], 2.5);
    assert_eq!(app["council"]["maxTurns"], Value::Null);
}

#[test]
fn a_limit_that_is_none_is_refused_with_the_expert_the_field_and_the_repair() {
    let family = family("app", "maxTurns = 0;");
    family
        .poag("app")
        .args(["ask", CHANGE])
        .assert()
        .code(5)
        .stderr(
            predicate::str::contains("expert 'app', field 'council.maxTurns': 0 is not positive")
                .and(predicate::str::contains("write a positive integer")),
        );
}

#[test]
fn the_readme_tells_the_limits_that_hold_where_nobody_says_any() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let row = readme.lines().find(|line| line.starts_with("| `council`"));
    let limits = Limits::default();
    for told in [
        format!("`maxTurns` (of each expert, {})", limits.turns_per_expert),
        format!("`maxDepth` ({})", limits.depth),
        format!("`maxMessages` ({})", limits.messages),
        format!("`maxTokens` ({})", limits.tokens),
        format!("`timeoutSeconds` ({})", limits.seconds),
        format!("`parallel` ({})", limits.parallel),
        format!("`retries` ({})", limits.retries),
    ] {
        assert!(row.unwrap().contains(&told), "{told} is not in {row:?}");
    }
    assert_eq!(limits.cost_usd, None, "`maxCostUsd` (no limit)");
}

//! Limits of a council, as the command line tells and refuses them; what they do is shown in tests/engine.

use predicates::prelude::*;
use serde_json::Value;

use crate::harness::Repository;

const CHANGE: &str = "Make greet shout the name";

/// A family whose flake `folder` declares these limits for councils that begin with it.
fn family(folder: &str, council: &str) -> Repository {
    let family = Repository::family();
    let declared = format!("council = {{ {council} }}; role =");
    family.edit(&format!("{folder}/flake.nix"), "role =", &declared);
    family
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

//! `poag check`: one expert or all, for people and for scripts.

use predicates::prelude::*;
use serde_json::Value;

use crate::harness::Repository;

#[test]
fn all_experts_are_checked_on_request_and_json_tells_what_differs() {
    let family = Repository::family();
    family.edit("base/src/private.py", "Hello", "Good day");
    let output = family
        .poag("app")
        .args(["check", "--all", "--json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["experts"]["app"]["status"], "fresh");
    assert_eq!(json["experts"]["base"]["status"], "stale");
    assert_eq!(
        json["experts"]["base"]["files"]["changed"][0],
        "src/private.py"
    );
}

#[test]
fn an_unknown_expert_is_answered_with_the_closest_name() {
    let family = Repository::family();
    family
        .poag("app")
        .args(["check", "bse"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("did you mean 'base'?"));
}

#[test]
fn poag_is_run_from_any_subfolder() {
    let family = Repository::family();
    family
        .poag("base/src")
        .arg("check")
        .assert()
        .success()
        .stdout("base is fresh\n");
}

#[test]
fn a_bad_declaration_and_a_nix_failure_have_exit_codes_of_their_own() {
    let family = Repository::family();
    family.edit("app/flake.nix", "role =", "rol =");
    family.poag("app").arg("check").assert().code(5).stderr(
        predicate::str::contains("did you mean 'role'?").and(predicate::str::contains("repair:")),
    );
    family.write("app/flake.nix", "{ outputs = _: { ; }; }");
    family
        .poag("app")
        .arg("check")
        .assert()
        .code(6)
        .stderr(predicate::str::contains("syntax error"));
}

#[test]
fn a_flake_without_an_expert_says_how_to_declare_one() {
    let repository = Repository::new();
    repository.write("flake.nix", "{ outputs = _: { }; }");
    repository.commit("begin");
    repository
        .poag("")
        .arg("graph")
        .assert()
        .code(5)
        .stderr(predicate::str::contains("mkPoagFlake"));
}

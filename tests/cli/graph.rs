//! `poag graph` and `poag experts`.

use predicates::prelude::*;
use serde_json::Value;

use crate::harness::Repository;

#[test]
fn the_tree_shows_edges_with_their_contracts_and_who_is_stale() {
    let family = Repository::family();
    family
        .poag("app")
        .arg("graph")
        .assert()
        .success()
        .stdout("app\n└─ base [greet]\n");
    family.edit("base/README.md", "Call", "Use");
    family
        .poag("app")
        .arg("graph")
        .assert()
        .success()
        .stdout("app\n└─ base stale [greet]\n");
}

#[test]
fn json_is_the_flake_output_as_nix_evaluates_it() {
    let family = Repository::family();
    let ours = family
        .poag("app")
        .args(["graph", "--json"])
        .output()
        .unwrap();
    let nix = family.nix("app", &["eval", "--json", ".#poag"]);
    let json: Value = serde_json::from_slice(&ours.stdout).unwrap();
    assert_eq!(json, serde_json::from_slice::<Value>(&nix.stdout).unwrap());
    assert_eq!(json["schema"], "poag.graph/1");
}

#[test]
fn dot_and_mermaid_draw_the_edges() {
    let family = Repository::family();
    family
        .poag("app")
        .args(["graph", "--dot"])
        .assert()
        .success()
        .stdout(predicate::str::contains(
            "\"app\" -> \"base\" [label=\"greet\"];",
        ));
    family
        .poag("app")
        .args(["graph", "--mermaid"])
        .assert()
        .success()
        .stdout(predicate::str::contains("e0 -- \"greet\" --> e1"));
}

#[test]
fn verbose_traces_one_nix_command_that_can_be_pasted() {
    let family = Repository::family();
    let output = family
        .poag("app")
        .args(["graph", "--verbose", "--json"])
        .output()
        .unwrap();
    let stderr = crate::harness::text(&output.stderr);
    let lines: Vec<&str> = stderr
        .lines()
        .filter_map(|line| line.strip_prefix("$ "))
        .collect();
    let [line] = lines[..] else {
        panic!("expected one nix command: {stderr}")
    };
    let pasted = std::process::Command::new("sh")
        .args(["-c", line])
        .output()
        .unwrap();
    assert_eq!(pasted.stdout, output.stdout);
}

#[test]
fn an_expert_is_described_with_its_contracts_on_both_sides() {
    let family = Repository::family();
    family
        .poag("app")
        .args(["experts", "app"])
        .assert()
        .success()
        .stdout(predicate::str::contains(
            "base → greet: the text that is printed",
        ));
    family.poag("app").arg("experts").assert().success().stdout(
        predicate::str::contains("base")
            .and(predicate::str::contains("./app"))
            .and(predicate::str::contains("fresh")),
    );
}

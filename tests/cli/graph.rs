//! `poag graph` and `poag experts`.

use predicates::prelude::*;
use serde_json::Value;

use crate::harness::Repository;

both_ways!(
    the_tree_shows_edges_with_their_contracts_and_who_is_stale,
    json_is_the_flake_output_as_nix_evaluates_it,
    dot_and_mermaid_draw_the_edges,
    an_expert_is_described_with_its_contracts_on_both_sides,
    the_page_names_every_expert_and_what_is_stale,
);

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

fn the_page_names_every_expert_and_what_is_stale() {
    let family = Repository::family();
    family.edit("base/README.md", "Call", "Use");
    let out = family
        .poag("app")
        .args(["graph", "--html"])
        .output()
        .unwrap();
    let page = String::from_utf8(out.stdout).unwrap();
    assert!(out.status.success() && page.starts_with("<!doctype html>"));
    for part in [
        "id=\"expert-app\"",
        "id=\"expert-base\"",
        "<b class=\"stale\">1 stale</b>",
        "changed: <code>README.md</code>",
        "nix run",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn the_page_is_handed_to_the_browser_that_the_person_names() {
    let family = Repository::family();
    let seen = family.state().with_file_name("seen");
    let browser = family.state().with_file_name("browser");
    std::fs::write(
        &browser,
        format!("#!/bin/sh\ncat \"$2\" >{}\n", seen.display()),
    )
    .unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&browser, mode).unwrap();
    family
        .poag("app")
        .args(["graph", "--open"])
        .env(
            "BROWSER",
            format!("/nowhere/browser:{} --new-window", browser.display()),
        )
        .assert()
        .success()
        .stdout("")
        .stderr(predicate::str::contains("opened "));
    let page = std::fs::read_to_string(seen).unwrap();
    assert!(page.contains("id=\"expert-base\""));
}

#[test]
fn a_page_that_nothing_opens_says_where_it_is() {
    let family = Repository::family();
    family
        .poag("app")
        .args(["graph", "--open", "--quiet"])
        .env("BROWSER", "/nowhere/browser")
        .env("PATH", family.bare_path())
        .assert()
        .success()
        .stderr(predicate::str::contains("repair: open it by hand"));
}

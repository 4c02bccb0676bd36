//! Templates as a consumer uses them: `nix flake init -t`, one line changed, learned, checked.

use crate::harness::{Repository, poag_url, text};

/// Stands where `git+file:///path/to/poag` is to be replaced.
const PLACE: &str = "git+file:///path/to/poag";

/// A repository that was made from a template, with poag's address filled in.
pub fn made_from(template: &str) -> Repository {
    let repository = Repository::new();
    let source = format!("{}#{template}", poag_url());
    let output = repository.nix("", &["flake", "init", "-t", &source]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    for flake in ["flake.nix", "part/flake.nix"] {
        if repository.root.join(flake).exists() {
            repository.edit(flake, PLACE, &poag_url());
        }
    }
    repository.git(&["add", "-A"]);
    repository
}

#[test]
fn a_single_flake_learns_and_checks() {
    let repository = made_from("default");
    repository
        .poag("")
        .args(["learn", "--quiet"])
        .assert()
        .success();
    assert_eq!(repository.verdict(""), None);
}

#[test]
fn a_root_with_subflakes_learns_and_hands_the_checks_of_its_parts_on() {
    let repository = made_from("subflakes");
    repository
        .poag("")
        .args(["learn", "--all", "--quiet"])
        .assert()
        .success();
    repository.git(&["add", "-A"]);
    assert_eq!(repository.verdict(""), None);
    // No part of its contract, so that nobody but the part itself is stale.
    repository.write("part/notes.md", "more\n");
    repository.git(&["add", "-A"]);
    let stale = repository.nix("", &["flake", "check"]);
    assert!(
        text(&stale.stderr).contains("notes.md"),
        "{}",
        text(&stale.stderr)
    );
    assert!(!stale.status.success());
}

#[test]
fn a_flake_of_flake_parts_learns_and_checks() {
    let repository = made_from("flake-parts");
    // The part of flake-parts that the module needs, where GitHub cannot be reached.
    let parts = Repository::new();
    parts.write("flake.nix", crate::init::shapes::PARTS);
    parts.commit("begin");
    let url = format!("git+file://{}", parts.root.display());
    repository.edit("flake.nix", "github:hercules-ci/flake-parts", &url);
    repository.edit(
        "flake.nix",
        "      inputs.nixpkgs-lib.follows = \"nixpkgs\";\n",
        "",
    );
    repository.edit(
        "flake.nix",
        "nixpkgs.url = \"github:NixOS/nixpkgs/nixos-unstable\";",
        "nixpkgs.follows = \"poag/nixpkgs\";",
    );
    repository
        .poag("")
        .args(["learn", "--quiet"])
        .assert()
        .success();
    assert_eq!(repository.verdict(""), None);
    repository.edit("flake.nix", "role =", "rol =");
    let wrong = repository.poag("").arg("check").output().unwrap();
    let told = text(&wrong.stderr);
    assert!(told.contains("rol"), "{told}");
}

#[test]
fn an_expert_below_lib_is_found_and_nix_does_not_warn() {
    let repository = made_from("default");
    repository.edit(
        "flake.nix",
        "src = ./.;",
        "src = ./.;\n      output = \"lib.poag\";",
    );
    repository
        .poag("")
        .args(["learn", "--quiet"])
        .assert()
        .success();
    repository.poag("").arg("check").assert().success();
    let check = repository.nix("", &["flake", "check"]);
    let told = text(&check.stderr);
    assert!(check.status.success(), "{told}");
    assert!(!told.contains("unknown flake output"), "{told}");
}

//! What is never trusted, and what counts as its lock says.

use std::fs;

use super::{asks_nix, asks_nix_with, lock, warm, warm_up};
use crate::harness::{Repository, flake, text};

/// Another repository with one expert, `base`, and a flake here that takes it as `url` says.
fn beside(url: &str) -> (Repository, Repository) {
    let other = Repository::new();
    let declaration = "role = \"Owns the greeting.\"; provides.greet.summary = \"greet(name)\";";
    other.write("flake.nix", &flake("base", "", declaration));
    other.commit("begin");
    let here = Repository::new();
    let url = format!("{url}{}", other.root.display());
    let declaration = "role = \"Owns the program.\"; neighbors.base = { expert = base.poag; needs.greet = \"it\"; };";
    here.write(
        "flake.nix",
        &flake("app", "base", declaration).replace("path:../base", &url),
    );
    here.commit("begin");
    (here, other)
}

#[test]
fn another_repository_counts_as_its_lock_says() {
    let (here, other) = beside("git+file://");
    lock(&here, ".");
    warm_up(&here, ".");
    let before = here.nix(".", &["eval", "--json", ".#.poag"]).stdout;
    other.edit("flake.nix", "Owns the greeting.", "Owns more.");
    other.commit("more");
    assert!(!asks_nix(&here, "."), "the lock holds it where it was");
    assert_eq!(here.nix(".", &["eval", "--json", ".#.poag"]).stdout, before);
    here.nix(".", &["flake", "update", "base"]);
    assert!(asks_nix(&here, "."));
}

#[test]
fn a_dirty_repository_beside_is_never_trusted() {
    let (here, other) = beside("git+file://");
    other.edit("flake.nix", "Owns the greeting.", "Owns more.");
    for _ in 0..3 {
        assert!(asks_nix(&here, "."));
    }
    let (here, _other) = beside("path:");
    for _ in 0..3 {
        assert!(asks_nix(&here, "."));
    }
}

#[test]
fn a_flake_outside_of_git_is_all_that_lies_in_its_folder() {
    let family = Repository::family();
    fs::remove_dir_all(family.root.join(".git")).unwrap();
    lock(&family, "base");
    warm_up(&family, "base");
    family.write("base/new.md", "# New\n");
    assert!(asks_nix(&family, "base"));
    warm_up(&family, "base");
    family.edit("base/src/private.py", "Hello", "Salut");
    assert!(asks_nix(&family, "base"));
}

#[test]
fn submodules_are_not_trusted() {
    let family = warm();
    let other = Repository::new();
    other.write("file", "text\n");
    other.commit("begin");
    let url = format!("file://{}", other.root.display());
    family.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        &url,
        "app/sub",
    ]);
    for _ in 0..2 {
        assert!(asks_nix(&family, "app"));
    }
}

#[test]
fn a_merge_under_way_is_not_trusted() {
    let family = warm();
    family.git(&["checkout", "-q", "-b", "other"]);
    family.edit("app/notes.md", "Nothing yet", "Something");
    family.commit("one");
    family.git(&["checkout", "-q", "main"]);
    family.edit("app/notes.md", "Nothing yet", "Little");
    family.commit("two");
    let merge = std::process::Command::new("git")
        .current_dir(&family.root)
        .args([
            "-c",
            "user.name=T",
            "-c",
            "user.email=t@example.org",
            "merge",
            "-q",
            "other",
        ])
        .output()
        .unwrap();
    assert!(!merge.status.success());
    for _ in 0..2 {
        assert!(asks_nix(&family, "app"));
    }
}

#[test]
fn a_damaged_entry_is_evaluated_again() {
    let family = warm();
    let cache = family.state().parent().unwrap().join("cache/graphs");
    for entry in fs::read_dir(cache).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(path, bytes).unwrap();
    }
    assert!(asks_nix(&family, "app"));
    assert!(!asks_nix(&family, "app"));
}

#[test]
fn a_hook_with_an_index_of_its_own_sees_what_nix_sees() {
    let family = warm();
    let index = family.root.join(".git/other-index");
    fs::copy(family.root.join(".git/index"), &index).unwrap();
    let env = [("GIT_INDEX_FILE", index.to_str().unwrap())];
    asks_nix_with(&family, "app", &env);
    family.write("base/new.md", "# New\n");
    family.git(&["add", "base/new.md"]);
    assert!(asks_nix_with(&family, "app", &env));
}

#[test]
fn a_verdict_in_continuous_integration_is_that_of_nix_itself() {
    let family = warm();
    let asks = |ci: &str, words: &[&str]| {
        let output = family
            .poag("app")
            .args(words)
            .arg("--verbose")
            .env("CI", ci)
            .output()
            .unwrap();
        let stderr = text(&output.stderr);
        assert!(output.status.success(), "{stderr}");
        stderr.lines().any(|line| line.starts_with("$ nix"))
    };
    for ci in ["true", "1", "yes"] {
        assert!(asks(ci, &["check"]), "CI={ci}");
    }
    for ci in ["", "false", "0", "FALSE"] {
        assert!(!asks(ci, &["check"]), "CI={ci}");
        assert!(asks(ci, &["check", "--no-cache"]), "CI={ci}");
    }
}

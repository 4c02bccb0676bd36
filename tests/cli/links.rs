//! Links of a repository: what is promised counts by its content, and nothing is written or read through them.

use std::fs;
use std::os::unix::fs::symlink;

use predicates::prelude::*;

use crate::harness::{Repository, flake, text};

#[test]
fn what_a_promised_link_leads_to_is_known_packed_and_noticed_by_provider_and_consumer() {
    let family = Repository::family();
    fs::create_dir(family.root.join("shared")).unwrap();
    family.git(&["mv", "base/src/greet.py", "shared/greet.py"]);
    symlink(
        "../../shared/greet.py",
        family.root.join("base/src/greet.py"),
    )
    .unwrap();
    family.commit("link");
    // The same content under the same name is the same promise.
    assert_eq!(family.verdict("base"), None);
    assert_eq!(family.verdict("app"), None);
    for name in ["base", "app"] {
        family
            .poag("app")
            .args(["pack", name])
            .assert()
            .success()
            .stdout(predicate::str::contains("Says hello to a person"));
    }
    family.edit("shared/greet.py", "a person", "somebody");
    assert!(
        family
            .verdict("base")
            .unwrap()
            .contains("changed file: src/greet.py")
    );
    assert!(
        family
            .verdict("app")
            .unwrap()
            .contains("base provides greet")
    );
    family
        .poag("app")
        .args(["learn", "--all"])
        .assert()
        .success();
    assert_eq!(family.verdict("base"), None);
    assert_eq!(family.verdict("app"), None);
    family
        .poag("app")
        .args(["pack", "app"])
        .assert()
        .stdout(predicate::str::contains("Says hello to somebody"));
}

#[test]
fn a_promised_link_out_of_the_source_is_refused_by_its_name() {
    let family = Repository::family();
    for target in [
        "/etc/passwd",
        "../../../outside",
        "nowhere",
        "greet.py",
        "../..",
    ] {
        fs::remove_file(family.root.join("base/src/greet.py")).unwrap();
        symlink(target, family.root.join("base/src/greet.py")).unwrap();
        for folder in ["base", "app"] {
            family
                .poag(folder)
                .arg("check")
                .assert()
                .code(5)
                .stderr(predicate::str::contains(
                    "'src/greet.py' is a symbolic link",
                ));
        }
    }
}

#[test]
fn a_role_behind_a_link_counts_by_its_text_and_one_out_of_the_source_is_refused() {
    let repository = Repository::new();
    repository.write("docs/ROLE.md", "Owns the greeting.\n");
    repository.write("flake.nix", &flake("solo", "", "role = ./ROLE.md;"));
    symlink("docs/ROLE.md", repository.root.join("ROLE.md")).unwrap();
    repository.commit("begin");
    repository.poag("").arg("learn").assert().success();
    repository.commit("learn");
    assert_eq!(repository.verdict(""), None);
    repository.write("docs/ROLE.md", "Owns the farewell.\n");
    let stale = repository.verdict("").unwrap();
    assert!(stale.contains("changed declaration: role"), "{stale}");
    for target in ["/etc/passwd", "nowhere", "ROLE.md"] {
        fs::remove_file(repository.root.join("ROLE.md")).unwrap();
        symlink(target, repository.root.join("ROLE.md")).unwrap();
        repository
            .poag("")
            .arg("check")
            .assert()
            .code(5)
            .stderr(predicate::str::contains("'ROLE.md' is a symbolic link"));
    }
}

/// A flake beside a folder that is not part of it.
fn linked() -> (Repository, impl Fn() -> Vec<String>) {
    let repository = Repository::new();
    let exports =
        r#"role = "Owns it."; exports = { "k/a.md" = "agents-md"; "b.md" = "agents-md"; };"#;
    repository.write("flake.nix", &flake("solo", "", exports));
    repository.write("main.py", "print(1)\n");
    let outside = repository.root.parent().unwrap().join("outside");
    fs::create_dir(&outside).unwrap();
    let there = move || {
        let entries = fs::read_dir(&outside).unwrap();
        entries
            .map(|entry| text(entry.unwrap().file_name().as_encoded_bytes()))
            .collect()
    };
    (repository, there)
}

#[test]
fn no_verb_writes_through_a_link_of_the_repository() {
    let (repository, outside) = linked();
    let root = &repository.root;
    repository.commit("begin");
    repository.poag("").arg("learn").assert().success();
    for (link, target) in [
        ("k", "../outside"),
        ("b.md", "../outside/b.md"),
        (".githooks", "../outside"),
        (".github", "../outside"),
    ] {
        symlink(target, root.join(link)).unwrap();
    }
    repository.commit("links");
    for args in [
        &["export"][..],
        &["export", "--force"],
        &["export", "agents-md", "--output", "k/x.md"],
        &["export", "agents-md", "--output", "b.md", "--force"],
        &["export", "agents-md", "--output", "./main.py/../k/x.md"],
        &["pack", "--output", "k/pack.md"],
        &["init", "--hook", "--yes"],
        &["init", "--ci", "github", "--yes"],
    ] {
        let output = repository.poag("").args(args).output().unwrap();
        let said = text(&output.stderr);
        assert!(!output.status.success(), "{args:?}: {said}");
        assert!(said.contains("repair:"), "{args:?}: {said}");
        assert_eq!(outside(), [""; 0], "{args:?}");
    }
    // Neither is anything read there.
    fs::write(root.parent().unwrap().join("outside/b.md"), "secret").unwrap();
    repository
        .poag("")
        .args(["export", "--check"])
        .assert()
        .failure()
        .stderr(predicate::str::contains("is a symbolic link"));
}

#[test]
fn a_lock_file_of_nix_that_is_a_link_is_not_written_through() {
    let (repository, outside) = linked();
    symlink("../outside/flake.lock", repository.root.join("flake.lock")).unwrap();
    repository.git(&["add", "-A"]);
    let _ = repository.poag("").args(["--no-cache", "graph"]).output();
    let _ = repository.poag("").args(["check"]).output();
    let _ = repository.poag("").args(["learn"]).output();
    assert_eq!(outside(), [""; 0]);
}

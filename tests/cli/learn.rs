//! `poag learn`: what it writes and what it says.

use predicates::prelude::*;

use crate::harness::Repository;

#[test]
fn learning_twice_writes_the_same_bytes() {
    let family = Repository::family();
    let before = family.read("app/poag.lock");
    family
        .poag("app")
        .arg("learn")
        .assert()
        .success()
        .stdout(predicate::str::contains("knows its flake already"));
    assert_eq!(family.read("app/poag.lock"), before);
}

#[test]
fn what_changed_is_said_and_the_lock_is_made_visible_to_the_flake() {
    let family = Repository::family();
    family.edit("app/main.py", "World", "Moon");
    family
        .poag("app")
        .arg("learn")
        .assert()
        .success()
        .stdout(predicate::str::contains("  changed file: main.py\n"));
    family.git(&["rm", "-q", "--cached", "app/poag.lock"]);
    std::fs::remove_file(family.root.join("app/poag.lock")).unwrap();
    family.poag("app").arg("learn").assert().success();
    assert_eq!(
        family.verdict("app"),
        None,
        "poag.lock is known to git with intent-to-add"
    );
}

#[test]
fn files_that_git_does_not_track_are_named() {
    let family = Repository::family();
    family.write("app/forgotten.py", "x = 1\n");
    family
        .poag("app")
        .arg("learn")
        .assert()
        .success()
        .stderr(predicate::str::contains("forgotten.py"));
}

#[test]
fn the_lock_is_sorted_and_has_one_entry_a_paragraph() {
    let family = Repository::family();
    let lock = family.read("app/poag.lock");
    let headers: Vec<&str> = lock
        .lines()
        .filter(|line| line.starts_with("[files."))
        .collect();
    assert_eq!(
        headers,
        [
            "[files.\"flake.nix\"]",
            "[files.\"main.py\"]",
            "[files.\"notes.md\"]"
        ]
    );
    for paragraph in lock.trim_end().split("\n\n").skip(1) {
        assert_eq!(paragraph.lines().count(), 2, "{paragraph}");
    }
}

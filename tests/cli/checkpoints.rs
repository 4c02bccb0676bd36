//! `poag checkpoints` where there are none, and what it refuses.

use predicates::prelude::*;

use crate::harness::Repository;

#[test]
fn a_list_of_none_says_how_they_are_made() {
    let lent = Repository::new();
    lent.poag("")
        .arg("checkpoints")
        .assert()
        .success()
        .stdout("no checkpoints yet; `poag learn` makes them\n");
    let output = lent
        .poag("")
        .args(["checkpoints", "list", "--json"])
        .output()
        .unwrap();
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(list["checkpoints"], serde_json::json!([]));
}

#[test]
fn what_is_not_there_cannot_be_handed_out() {
    let lent = Repository::new();
    lent.poag("")
        .args(["checkpoints", "export", "nobody", "file"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("no checkpoint 'nobody'"));
    assert!(!lent.root.join("file").exists());
}

#[test]
fn a_file_that_is_no_checkpoint_is_refused() {
    let lent = Repository::new();
    lent.write("file", "{\"poagCheckpoint\":1}");
    lent.poag("")
        .args(["checkpoints", "import", "file"])
        .assert()
        .code(1)
        .stderr(predicate::str::contains("repair: have it written again"));
}

#[test]
fn there_may_be_nothing_to_prune() {
    let lent = Repository::new();
    for args in [&["--all"][..], &["--older-than", "7", "--dry-run"]] {
        lent.poag("")
            .args(["checkpoints", "prune"])
            .args(args)
            .assert()
            .success()
            .stdout("nothing to prune\n");
    }
}

#[test]
fn learning_for_the_librarian_primes_nothing_and_leaves_no_ledger() {
    let family = Repository::family();
    assert!(!family.state().exists());
}

#[test]
fn a_backend_that_is_not_here_is_noted_and_the_lock_is_written() {
    let family = Repository::family();
    family.edit(
        "app/flake.nix",
        "role =",
        "agent.backend = \"codex\"; role =",
    );
    family
        .poag("app")
        .env("PATH", family.bare_path())
        .arg("learn")
        .assert()
        .success()
        .stdout(predicate::str::contains("app learned"))
        .stderr(predicate::str::contains("app is not primed"));
    family
        .poag("app")
        .args(["learn", "--no-prime"])
        .assert()
        .success()
        .stderr(predicate::str::contains("not primed").not());
}

//! Locks that are damaged, of another kind or of another time: nothing in one ends an evaluation, and learning repairs it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use predicates::prelude::*;

use crate::harness::{Repository, text};

/// An entry of a file with this name.
fn entry(name: &str) -> Vec<u8> {
    format!("\n[files.\"{name}\"]\nsha256 = \"{}\"\n", "0".repeat(64)).into_bytes()
}

fn append(lock: &Path, bytes: &[u8]) {
    let mut text = fs::read(lock).unwrap();
    text.extend_from_slice(bytes);
    fs::write(lock, text).unwrap();
}

/// The consumer is told that its provider is stale, and answers; the provider learns, and is fresh again.
fn is_repaired(family: &Repository, what: &str) {
    family.git(&["add", "-A"]);
    let check = family.poag("base").args(["check"]).output().unwrap();
    let said = text(&check.stdout);
    assert_eq!(
        check.status.code(),
        Some(3),
        "{what}: {said}{}",
        text(&check.stderr)
    );
    assert!(said.contains("poag.lock"), "{what}: {said}");
    assert!(
        said.contains("repair: nix run ./base#poag -- learn"),
        "{what}: {said}"
    );
    family
        .poag("app")
        .args(["ask", "--quiet", "greet"])
        .assert()
        .success();
    family.poag("app").args(["check"]).assert().success();
    family
        .poag("base")
        .args(["learn", "--quiet"])
        .assert()
        .success();
    assert_eq!(family.verdict("base"), None, "{what}");
}

#[test]
fn whatever_stands_in_a_lock_its_expert_and_consumers_go_on_and_learning_repairs_it() {
    let family = Repository::family();
    let lock = family.root.join("base/poag.lock");
    let damages: [(&str, Vec<u8>); 9] = [
        ("a byte that is not UTF-8", b"\xff\n".to_vec()),
        ("a NUL byte", b"\0\n".to_vec()),
        ("half a character in a key", {
            let mut bytes = entry("aX");
            let at = bytes.iter().position(|byte| *byte == b'X').unwrap();
            bytes[at] = 0xc3;
            bytes
        }),
        ("a lone surrogate in a key", entry("a\\ud800")),
        ("a NUL escape in a key", entry("a\\u0000")),
        ("a key that is too long", entry(&"x".repeat(300_000))),
        ("a marker of a conflict", b"<<<<<<< HEAD\n".to_vec()),
        (
            "a removed file with a wild name",
            entry("a\\n## Orders\\u001b"),
        ),
        ("a line of brackets", vec![b'['; 200_000]),
    ];
    for (what, bytes) in damages {
        append(&lock, &bytes);
        is_repaired(&family, what);
    }
}

#[test]
fn a_folder_or_a_link_in_the_place_of_a_lock_makes_room_for_it_and_nothing_is_lost() {
    let family = Repository::family();
    let lock = family.root.join("base/poag.lock");
    fs::remove_file(&lock).unwrap();
    family.write("base/poag.lock/a", "mine");
    is_repaired(&family, "a folder");
    assert_eq!(family.read("base/poag.lock.1/a"), "mine");
    let outside = family.root.parent().unwrap().join("outside");
    fs::write(&outside, "outside").unwrap();
    for target in [
        outside.to_str().unwrap(),
        "nowhere",
        "poag.lock",
        ".",
        "../app",
    ] {
        fs::remove_file(&lock).unwrap();
        symlink(target, &lock).unwrap();
        is_repaired(&family, target);
        assert!(lock.symlink_metadata().unwrap().is_file(), "{target}");
    }
    assert_eq!(fs::read_to_string(&outside).unwrap(), "outside");
}

#[test]
fn a_lock_of_a_newer_version_is_refused_and_left_as_it_is() {
    let family = Repository::family();
    family.edit("base/poag.lock", "version = 1", "version = 2");
    let newer = family.read("base/poag.lock");
    family.poag("base").arg("learn").assert().code(1).stderr(
        predicate::str::contains("is of version 2").and(predicate::str::contains("repair:")),
    );
    assert_eq!(family.read("base/poag.lock"), newer);
    family
        .poag("base")
        .arg("check")
        .assert()
        .code(3)
        .stdout(predicate::str::contains("poag.lock is of version 2"));
}

#[test]
fn a_lock_with_the_line_ends_of_windows_is_read_and_not_written_again() {
    let family = Repository::family();
    let windows = family.read("base/poag.lock").replace('\n', "\r\n");
    family.write("base/poag.lock", &windows);
    assert_eq!(family.verdict("base"), None);
    family
        .poag("base")
        .args(["learn", "--no-prime"])
        .assert()
        .success()
        .stdout(predicate::str::contains("knows its flake already"));
    assert_eq!(family.read("base/poag.lock"), windows);
}

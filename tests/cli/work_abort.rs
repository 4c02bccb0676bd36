//! A work that is aborted while actors write: every process ends, and nothing that they wrote is lost.

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::text;
use crate::work::stage;

/// Writes a draft that no other attempt has, leaves something running, and never ends.
const WRITER: &str = r#"#!/bin/sh
cat >/dev/null
(trap '' TERM; setsid sleep 600 >/dev/null 2>&1) &
head -c 40 /dev/urandom | od -An -tx1 >"draft"
exec sleep 600
"#;

/// Ends in time for anything but a machine that stands still.
fn until(what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_abort_ends_every_process_and_keeps_what_was_written() {
    let (stage, words) = stage("0");
    let repository = &stage.repository;
    let programs = repository.root.parent().unwrap().join("programs");
    fs::write(programs.join("writer"), WRITER).unwrap();
    let tasks = fs::read_to_string(programs.join("tasks.json")).unwrap();
    let tasks = tasks.replace(r#""dependsOn":["base"]"#, r#""dependsOn":[]"#);
    fs::write(programs.join("tasks.json"), tasks).unwrap();
    let mut process = std::process::Command::new(assert_cmd::cargo::cargo_bin!("poag"));
    repository.place(&mut process, "app");
    process.args(&words).args(["--parallel", "2"]);
    let supervisor = process.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let supervisor = supervisor.unwrap();
    let drafts = || {
        let trees = walkdir::WalkDir::new(repository.state().join("work")).into_iter();
        let trees = trees.flatten().map(walkdir::DirEntry::into_path);
        let drafts = trees.filter(|path| path.ends_with("draft"));
        let whole = drafts.filter(|path| fs::metadata(path).is_ok_and(|file| file.len() > 0));
        whole.collect::<Vec<_>>()
    };
    until("two actors write", || drafts().len() == 2);
    let written = drafts().into_iter();
    let written: Vec<String> = written
        .map(|path| repository.git(&["hash-object", &path.display().to_string()]))
        .collect();

    let aborted = repository.poag("app").args(["work", "abort"]).output();
    let aborted = aborted.unwrap();
    assert!(aborted.status.success(), "{}", text(&aborted.stderr));
    // Every program of an actor has the folder of this test in its current folder or its words.
    let mark = repository.root.parent().unwrap().to_owned();
    let alive = fs::read_dir("/proc").unwrap().flatten().filter(|entry| {
        let place = fs::read_link(entry.path().join("cwd")).unwrap_or_default();
        let words = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        place.starts_with(&mark) && text(&words).contains("sleep")
    });
    assert_eq!(alive.count(), 0, "an actor goes on");
    let ended = supervisor.wait_with_output().unwrap();
    let said = text(&ended.stderr);
    assert!(said.contains("aborted"), "{said}");

    let held = repository.git(&["rev-list", "--objects", "--all"]);
    for draft in &written {
        assert!(held.contains(draft.trim()), "a draft is in no ref: {said}");
    }
    let worktrees = repository.git(&["worktree", "list"]);
    assert_eq!(worktrees.lines().count(), 1, "{worktrees}");
    let mut audit = repository.poag("app");
    let audit = audit.args(["work", "audit", "--json"]).output().unwrap();
    let audit: Value = serde_json::from_slice(&audit.stdout).unwrap();
    let rows = audit.as_array().unwrap();
    assert_eq!(rows.len(), 2, "{audit:#}");
    for row in rows {
        assert_eq!(row["fate"], "abandoned", "{audit:#}");
    }
}

//! `poag-eval replay` and `staleness` on real repositories.

#![expect(
    clippy::disallowed_methods,
    reason = "a test makes and starts what it needs"
)]
#![cfg(test)]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use poag_git::testing::Repository;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `poag-eval`, in the repository.
fn eval(made: &Repository) -> assert_cmd::Command {
    let mut eval = assert_cmd::cargo::cargo_bin_cmd!("poag-eval");
    eval.current_dir(made.path());
    eval
}

/// A repository of two packages and a past in which each of the last commits touches two files of it.
fn lived() -> Repository {
    let made = Repository::new();
    for (folder, subject) in [("crates/pump", "water"), ("crates/lamp", "light")] {
        made.write(format!("{folder}/Cargo.toml"), "[package]\n");
        made.write(
            format!("{folder}/src/lib.rs"),
            format!("//! Moves {subject}.\npub fn {subject}() {{}}\n"),
        );
        made.write(
            format!("{folder}/README.md"),
            format!("# About {subject}\n\nAll about {subject} here.\n"),
        );
    }
    made.write("notes.md", "nothing of interest\n");
    made.commit("begin");
    for round in 0..3 {
        for (folder, subject) in [("crates/pump", "water"), ("crates/lamp", "light")] {
            for file in ["src/lib.rs", "README.md"] {
                let path = format!("{folder}/{file}");
                let more = format!(
                    "{}{subject} {round}\n",
                    fs::read_to_string(made.path().join(&path)).unwrap()
                );
                made.write(&path, &more);
            }
            made.commit(&format!("{folder}: let {subject} flow {round} (#1{round})"));
        }
        made.write("notes.md", format!("round {round}\n"));
        made.commit("note");
    }
    made
}

fn json(made: &Repository, args: &[&str]) -> Value {
    let output = eval(made)
        .args(["replay", "--json"])
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_replay_finds_what_commits_touched_and_says_what_it_left_out() {
    let made = lived();
    let report = json(&made, &["--commits", "4", "--each"]);
    let snapshot = &report["snapshots"][0];
    assert_eq!(snapshot["questions"], 4);
    assert_eq!(snapshot["packages"], 3);
    // The note after the last question is not looked at.
    assert_eq!(report["leftOut"]["tooFewFiles"], 1, "{report:#}");
    let methods: Vec<&str> = report["methods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["method"].as_str().unwrap())
        .collect();
    assert_eq!(methods, ["random", "grep", "bm25", "bm25-path", "poag"]);
    for row in &report["methods"].as_array().unwrap()[1..] {
        for asked in ["full", "noScope"] {
            assert_eq!(row[asked]["recall5"], 100.0, "{row:#}");
            assert_eq!(row[asked]["packages1"], 100.0, "{row:#}");
        }
    }
    let each = &report["each"][0];
    assert_eq!(each["noScope"], "let water flow 1 ( )");
    assert_eq!(
        each["files"],
        serde_json::json!(["crates/pump/README.md", "crates/pump/src/lib.rs"])
    );
}

#[test]
fn a_replay_says_the_same_twice_and_leaves_nothing_behind() {
    let made = lived();
    let temp = tempfile::tempdir().unwrap();
    let run = || {
        let output = eval(&made)
            .env("TMPDIR", temp.path())
            .args(["replay", "--commits", "3", "--seed", "7"])
            .args(["--experts", "crates/*"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let first = run();
    assert_eq!(first, run());
    for said in [
        "replay of 3 commits",
        "folders that match crates/*",
        "seed 7",
        "messages are written after the change",
        "nothing about an agent that explores",
        "bm25-path",
        "poag",
    ] {
        assert!(first.contains(said), "{said}: {first}");
    }
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 0);
}

#[test]
fn ctrl_c_leaves_nothing_behind() {
    let made = lived();
    let temp = tempfile::tempdir().unwrap();
    let poag = eval(&made);
    let mut command = std::process::Command::new(poag.get_program());
    for (name, value) in poag.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let mut child = command
        .current_dir(made.path())
        .env("TMPDIR", temp.path())
        .args(["replay", "--commits", "4"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    // It is at work.
    lines.next().unwrap().unwrap();
    let id = child.id().to_string();
    let killed = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(killed.unwrap().success());
    let begun = Instant::now();
    let said: Vec<String> = lines.map(Result::unwrap).collect();
    let status = child.wait().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(60));
    // It may have been done just before.
    assert!(matches!(status.code(), Some(130 | 0)), "{status}");
    if status.code() == Some(130) {
        let last = said.last().unwrap();
        assert!(last.starts_with("repair: start it again"), "{said:?}");
    }
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 0);
}

#[test]
fn questions_of_a_file_are_asked_of_their_base_commits() {
    let made = lived();
    let base = made.git(&["rev-parse", "HEAD~2"]);
    let file = made.path().join("questions.jsonl");
    let row = |id: &str, base: &str, set: &str, files: &[&str]| {
        serde_json::json!({"id": id, "text": "The lamp gives no light", "files": files, "base": base,
            "url": "https://example.org/1", "set": set})
        .to_string()
    };
    let rows = [
        row(
            "a#1",
            base.trim(),
            "judging",
            &["crates/lamp/src/lib.rs", "new"],
        ),
        row("a#2", base.trim(), "judging", &["new"]),
        row("a#3", base.trim(), "tuning", &["crates/lamp/src/lib.rs"]),
        row("b#1", &"0".repeat(40), "judging", &["x"]),
    ];
    fs::write(&file, rows.join("\n")).unwrap();
    let report = json(
        &made,
        &["--questions", file.to_str().unwrap(), "--set", "judging"],
    );
    assert_eq!(report["asked"], "questions");
    assert_eq!(report["snapshots"][0]["commit"], base.trim());
    assert_eq!(report["methods"][4]["full"]["questions"], 1);
    assert_eq!(report["methods"][4]["full"]["recall5"], 100.0);
    assert_eq!(
        report["leftOut"],
        serde_json::json!({"otherSet": 1, "elsewhere": 1, "withoutFiles": 1})
    );
}

#[test]
fn what_cannot_be_replayed_says_why_and_what_to_do() {
    let made = Repository::new();
    made.write("a.txt", "a\n");
    made.commit("begin");
    let nowhere = tempfile::tempdir().unwrap();
    for (args, said) in [
        (vec!["replay"], "nothing of this repository can be replayed"),
        (
            vec!["replay", "--repo", nowhere.path().to_str().unwrap()],
            "in no git repository",
        ),
        (vec!["replay", "--until", "nothing"], "no commit 'nothing'"),
        (
            vec!["staleness", "--experts", "crates/*"],
            "no folder of the repository matches 'crates/*'",
        ),
    ] {
        let output = eval(&made).args(&args).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let said_all = text(&output.stderr);
        assert!(said_all.contains(said), "{said_all}");
        assert!(said_all.contains("\nrepair: "), "{said_all}");
    }
}

#[test]
fn staleness_counts_the_experts_whose_pack_a_commit_changed() {
    let made = lived();
    made.write("crates/pump/data.bin", "a\0b");
    made.commit("crates/pump: data");
    made.write("crates/pump/data.bin", "c\0d");
    made.commit("crates/pump: other data of the same size");
    let output = eval(&made)
        .args(["staleness", "--json", "--commits", "2"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["experts"], 2);
    assert_eq!(report["wholeRepository"], 100.0);
    // Each of the two commits touches one of two; a pack names what is no text by its size.
    assert_eq!(report["ownFiles"], 50.0);
    assert_eq!(report["pack"], 25.0);
}

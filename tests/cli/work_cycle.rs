//! Steps over the tasks of a board: one author, five reviewers, until none of them objects or the rounds are over; and what
//! fans out, waits and is gathered.

use std::collections::BTreeMap;
use std::fs;
use std::process::Output;

use serde_json::Value;

use crate::harness::text;
use crate::pages::nix_shim;
use crate::work::{Stage, stage};

/// Is rude until somebody objects to that.
const WRITER: &str = r#"#!/bin/sh
case "$(cat)" in
  *"be less rude"*) echo '# politely' >src/tone.py ;;
  *) echo '# rudely' >src/tone.py ;;
esac
echo '{"schemaVersion": 1, "outcome": "done", "summary": "gave it a tone"}'
"#;

/// Who looks at it as a user objects to what is rude; everybody else approves.
const REVIEWER: &str = r#"#!/bin/sh
case "$(cat)" in
  *rudely*'"looksFor":"What a person'*) echo '{"schemaVersion": 1, "verdict": "object", "reason": "be less rude"}' ;;
  *'"looksFor":"What a person'*rudely*) echo '{"schemaVersion": 1, "verdict": "object", "reason": "be less rude"}' ;;
  *) echo '{"schemaVersion": 1, "verdict": "approve", "reason": ""}' ;;
esac
"#;

const LENSES: [&str; 5] = ["correctness", "security", "simplicity", "tests", "user"];

fn programs(stage: &Stage, writer: &str, reviewer: &str) {
    let programs = stage.repository.root.parent().unwrap().join("programs");
    fs::write(programs.join("writer"), writer).unwrap();
    fs::write(programs.join("reviewer"), reviewer).unwrap();
}

/// Begins a work with what `words` name in place of a file of tasks.
fn begin(stage: &Stage, usual: &[String], words: &[&str]) -> Output {
    let mut all: Vec<&str> = vec!["work", "start"];
    all.extend(words);
    all.extend(usual[3..].iter().map(String::as_str));
    // For the checks that an expert has where its flake declares none: `nix flake check`.
    let shim = stage.repository.root.parent().unwrap().join("shim");
    nix_shim(&shim);
    let path = format!("{}:{}", shim.display(), std::env::var("PATH").unwrap());
    let mut poag = stage.repository.poag("app");
    poag.args(all).env("PATH", path).output().unwrap()
}

/// Reviewer → its verdicts, in order.
fn verdicts(stage: &Stage) -> BTreeMap<String, Vec<String>> {
    let log = stage
        .repository
        .poag("app")
        .args(["work", "log", "--jsonl"])
        .output();
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text(&log.unwrap().stdout).lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        if let Some(reviewed) = entry["event"].get("reviewed") {
            let review = &reviewed["review"];
            let word = |value: &Value| value.as_str().unwrap().to_owned();
            let verdict = word(&review["verdict"]["verdict"]);
            all.entry(word(&review["reviewer"]["name"]))
                .or_default()
                .push(verdict);
        }
    }
    all
}

/// Begins the cycle that poag brings, as it is.
fn begin_cycle(stage: &Stage, usual: &[String]) -> Output {
    let topic = "topic=Give the greeting a tone";
    let words = ["--set", topic, "--set", "expert=base"];
    let template = ["--template", "adversarial-review"];
    begin(stage, usual, &[&template[..], &words[..]].concat())
}

#[test]
fn five_reviewers_send_a_change_back_until_none_of_them_objects() {
    let (stage, usual) = stage("2");
    programs(&stage, WRITER, REVIEWER);
    let done = begin_cycle(&stage, &usual);
    let said = text(&done.stderr);
    let why = stage
        .repository
        .poag("app")
        .args(["work", "log", "--task", "write"])
        .output();
    assert!(
        done.status.success(),
        "{said}{}",
        text(&why.unwrap().stdout)
    );
    let view = stage.view();
    assert_eq!(view["tasks"][0]["state"], "landed", "{view:#}\n{said}");
    let verdicts = verdicts(&stage);
    for lens in LENSES {
        let expected = match lens {
            "user" => ["object", "approve"],
            _ => ["approve", "approve"],
        };
        assert_eq!(verdicts[lens], expected, "{lens}: {said}");
    }
    let shown = stage
        .repository
        .poag("app")
        .args(["work", "diff"])
        .output()
        .unwrap();
    let shown = text(&shown.stdout);
    assert!(
        shown.contains("+# politely") && !shown.contains("rudely"),
        "{shown}"
    );
}

#[test]
fn after_so_many_rounds_a_person_is_asked() {
    let (stage, usual) = stage("2");
    // This author never gives in.
    let stubborn = WRITER.replace("# politely", "# rudely, again $$");
    programs(&stage, &stubborn, REVIEWER);
    let ended = begin_cycle(&stage, &usual);
    let said = text(&ended.stderr);
    assert_eq!(ended.status.code(), Some(12), "{said}");
    let view = stage.view();
    assert_eq!(view["tasks"][0]["state"], "asking", "{view:#}");
    assert!(said.contains("it was sent back 3 times"), "{said}");
    // Who has seen a tree is not asked about it again.
    assert!(
        verdicts(&stage)["user"]
            .iter()
            .all(|verdict| verdict == "object"),
        "{said}"
    );
}

#[test]
fn steps_of_a_file_fan_out_wait_and_gather() {
    let (stage, usual) = stage("0");
    let writer = r#"#!/bin/sh
attempt=$(cat)
case "$attempt" in
  *'"id":"part-de"'*) echo Hallo >de.txt ;;
  *'"id":"part-fr"'*) echo Salut >fr.txt ;;
  *) cat de.txt fr.txt >all.txt ;;
esac
echo '{"schemaVersion": 1, "outcome": "done", "summary": "greeted"}'
"#;
    programs(&stage, writer, REVIEWER);
    let file = stage.repository.root.parent().unwrap().join("greet.toml");
    let workflow = r#"
schemaVersion = 1
name = "greet"
summary = "greetings, and all of them in one file"
request = "Greet in every language"

[[steps]]
id = "part"
title = "greet in {{ each }}"
expert = "base"
prompt = "Greet in {{ each }}."
each = ["de", "fr"]
outputs = ["{{ each }}.txt"]
checks = ["test -s {{ each }}.txt"]

[[steps]]
id = "whole"
title = "all greetings"
expert = "base"
prompt = "Put them together."
gather = ["part"]
outputs = ["all.txt"]
checks = ["grep -q Hallo all.txt", "grep -q Salut all.txt"]
"#;
    fs::write(&file, workflow).unwrap();
    let file = file.display().to_string();
    let done = begin(&stage, &usual, &["--template", &file]);
    let said = text(&done.stderr);
    assert!(done.status.success(), "{said}");
    let view = stage.view();
    let tasks = view["tasks"].as_array().unwrap();
    let states: Vec<_> = tasks
        .iter()
        .map(|task| (&task["id"], &task["state"]))
        .collect();
    assert_eq!(tasks.len(), 3, "{states:?}");
    assert!(
        states.iter().all(|(_, state)| *state == "landed"),
        "{states:?}\n{said}"
    );
}

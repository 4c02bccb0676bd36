//! `poag runs` and `poag run`: which runs there are, the story of one, its export and its replay.

use std::path::Path;

use poag::ledger::SqliteLedger;
use predicates::prelude::*;
use serde_json::Value;

use crate::harness::{Repository, text};

both_ways!(
    runs_are_listed_newest_first_with_what_was_asked_and_of_one_flake_unless_all_are_wanted,
    a_run_under_way_and_one_that_was_interrupted_are_told_apart,
    the_story_tells_who_was_asked_why_what_each_said_and_what_it_cost,
    a_turn_is_shown_word_by_word,
    a_run_is_named_by_what_tells_it_apart,
);

const CHANGE: &str = "Make greet shout the name";

/// A family that was asked once, and the plan as it was printed.
fn asked() -> (Repository, Vec<u8>) {
    let family = Repository::family();
    let plan = ask(&family);
    (family, plan)
}

fn ask(family: &Repository) -> Vec<u8> {
    let output = family
        .poag("app")
        .args(["ask", "--quiet", "--json", CHANGE])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    output.stdout
}

fn said(family: &Repository, words: &[&str]) -> String {
    let output = family.poag("app").args(words).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn ids(family: &Repository) -> Vec<String> {
    let runs: Value = serde_json::from_str(&said(family, &["runs", "--json"])).unwrap();
    let runs = runs.as_array().unwrap().iter();
    runs.map(|run| run["id"].as_str().unwrap().to_owned())
        .collect()
}

fn ledger(family: &Repository) -> SqliteLedger {
    SqliteLedger::open(&family.state().join("ledger.sqlite")).unwrap()
}

/// Makes a run one that did not come to its end.
fn interrupt(family: &Repository, run: &str) {
    let raw = rusqlite::Connection::open(family.state().join("ledger.sqlite")).unwrap();
    let closed = raw.execute("UPDATE streams SET closed = 0 WHERE name = ?", [run]);
    assert_eq!(closed.unwrap(), 1);
    let last =
        "SELECT key, events FROM rows WHERE key >> 32 = (SELECT id FROM streams WHERE name = ?)
                ORDER BY key DESC LIMIT 1";
    let (key, mut events): (i64, String) = raw
        .query_row(last, [run], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    // The last event, with the line before it.
    let kind = events.rfind("\nrunFinished{").unwrap();
    events.truncate(events[..kind].rfind('\n').map_or(0, |end| end + 1));
    let change = "UPDATE rows SET events = ?, last = last - 1 WHERE key = ?";
    raw.execute(change, rusqlite::params![events, key]).unwrap();
}

fn runs_are_listed_newest_first_with_what_was_asked_and_of_one_flake_unless_all_are_wanted() {
    let (family, _) = asked();
    let first = ids(&family).remove(0);
    ask(&family);
    let both = ids(&family);
    assert_eq!(both.len(), 2);
    assert_eq!(both[1], first);
    let list = said(&family, &["runs"]);
    assert_eq!(list.lines().count(), 2);
    for line in list.lines() {
        assert!(line.contains("finished") && line.contains(CHANGE), "{line}");
    }
    family
        .poag("base")
        .arg("runs")
        .assert()
        .code(4)
        .stderr(predicate::str::contains("poag runs --all"));
    family
        .poag("base")
        .args(["runs", "--all", "-n", "1"])
        .assert()
        .success()
        .stdout(predicate::str::contains("/app"));
}

fn a_run_under_way_and_one_that_was_interrupted_are_told_apart() {
    let (family, _) = asked();
    let run = ids(&family).remove(0);
    interrupt(&family, &run);
    assert!(said(&family, &["runs"]).contains("interrupted"));
    let advice = format!("poag ask --resume={run}");
    assert!(said(&family, &["run", "show", "last"]).contains(&advice));
    let ledger = ledger(&family);
    let claim = poag::ledger::Ledger::claim(&ledger, &run).unwrap();
    let holder = format!("process {}", std::process::id());
    let list = said(&family, &["runs"]);
    assert!(
        list.contains("under way") && list.contains(&holder),
        "{list}"
    );
    assert!(said(&family, &["run", "show", "last"]).contains(&holder));
    family
        .poag("app")
        .args(["ask", "--resume"])
        .assert()
        .code(1)
        .stderr(
            predicate::str::contains(format!("is being driven by {holder} since"))
                .and(predicate::str::contains("repair: wait until it ends")),
        );
    drop(claim);
    family
        .poag("app")
        .args(["ask", "--resume"])
        .assert()
        .success();
}

fn the_story_tells_who_was_asked_why_what_each_said_and_what_it_cost() {
    let (family, _) = asked();
    let story = said(&family, &["run", "show", "last"]);
    for told in [
        "finished after",
        "asked    you ask it",
        "  base\n    asked    app asks it, because it owns `src/greet.py`",
        "thinks   with librarian",
        "reads    your request",
        "reads    the question of app",
        "asks     base, because",
        "changes  ./src/greet.py:",
        "cost     ",
        "run replay",
    ] {
        assert!(story.contains(told), "no {told:?} in\n{story}");
    }
    assert!(!story.contains('\u{1b}'), "no colours into a pipe");
    let id = ids(&family).remove(0);
    assert_eq!(said(&family, &["run", "show", &id[..13]]), story);
    let tale: Value =
        serde_json::from_str(&said(&family, &["run", "show", &id, "--json"])).unwrap();
    assert_eq!(tale["parts"][1]["under"], "app");
    assert_eq!(tale["parts"][0]["turns"][0]["end"]["end"], "finished");
}

#[test]
fn a_narrow_terminal_gets_narrow_lines() {
    let (family, _) = asked();
    let output = family
        .poag("app")
        .args(["run", "show", "last"])
        .env("COLUMNS", "60")
        .output()
        .unwrap();
    let story = text(&output.stdout);
    let told = story.lines().filter(|line| line.contains("changes"));
    let widest = told.map(|line| line.chars().count()).max().unwrap();
    assert!(widest <= 60, "{widest} columns in\n{story}");
}

fn a_turn_is_shown_word_by_word() {
    let (family, _) = asked();
    let shown = said(&family, &["run", "show", "last", "--turn", "base/1"]);
    assert!(shown.contains("request of attempt 1") && shown.contains("answer of attempt 1"));
    let shown = said(
        &family,
        &["run", "show", "last", "--turn", "base/1/1", "--json"],
    );
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let request: Value =
        serde_json::from_str(shown["1"]["request"]["text"].as_str().unwrap()).unwrap();
    assert_eq!(request["expert"], "base");
    family
        .poag("app")
        .args(["run", "show", "last", "--turn", "base/99"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("repair: name it as EXPERT/TURN"));
}

#[test]
fn a_replay_of_the_export_gives_the_plan_byte_for_byte_on_another_machine_too() {
    let (family, plan) = asked();
    let export = said(&family, &["run", "export", "last"]);
    assert_eq!(export, said(&family, &["run", "show", "last", "--jsonl"]));
    for line in export.lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
    let elsewhere = Repository::new();
    elsewhere.write("run.jsonl", &export);
    for words in [["run", "replay", "run.jsonl"], ["run", "replay", "-"]] {
        let output = elsewhere
            .poag("")
            .args(words)
            .write_stdin(export.as_bytes())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(output.stdout == plan, "another plan after {words:?}");
    }
    let output = family.poag("app").args(["run", "replay", "last"]).output();
    assert!(
        output.unwrap().stdout == plan,
        "another plan from the ledger"
    );
}

#[test]
fn an_export_that_was_changed_is_refused_with_the_line_and_the_repair() {
    let (family, _) = asked();
    let export = said(&family, &["run", "export", "last"]);
    let lines: Vec<&str> = export.lines().collect();
    let event = |at: usize| lines[at].replace("\"seq\":2", "\"seq\":7");
    let with = |at: usize, line: &str| {
        let mut lines = lines.clone();
        lines[at] = line;
        lines.join("\n") + "\n"
    };
    let last = lines.len() - 1;
    for (broken, problem) in [
        (String::new(), "line 1 "),
        ("{}\n".into(), "line 1 "),
        (lines[..last].join("\n") + "\n", "breaks off"),
        (export.trim_end().to_owned(), "breaks off"),
        (
            with(0, &lines[0].replace("\"version\":1", "\"version\":9")),
            "version 9",
        ),
        (
            with(
                0,
                &lines[0].replace("{\"version\"", "{\"more\":1,\"version\""),
            ),
            "unknown field",
        ),
        (with(1, lines[2]), "the graph belongs here"),
        (
            with(1, &lines[1].replace("Owns the program", "Owns all")),
            "not of one run",
        ),
        (with(3, &event(3)), "event 2 belongs here"),
        (with(last - 1, lines[last]), "lines before it are missing"),
        (
            with(3, &lines[3].replace("\"turn\":1", "\"turn\":5")),
            "not due",
        ),
        (
            export.replace("Owns the greeting", "Owns a greeting"),
            "not of one run",
        ),
        (format!("{export}\n"), "something follows"),
    ] {
        let output = family
            .poag("app")
            .args(["run", "replay", "-"])
            .write_stdin(broken)
            .output()
            .unwrap();
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{problem}: {errors}");
        assert!(output.stdout.is_empty());
        let told = errors.contains(problem) && errors.contains("repair:");
        assert!(told, "no {problem:?} in {errors}");
    }
}

#[test]
fn a_plan_that_does_not_follow_from_the_events_is_refused() {
    let (family, _) = asked();
    let export = said(&family, &["run", "export", "last"]);
    let forged: Vec<String> = export
        .lines()
        .map(|line| match line.contains("\"kind\":\"runFinished\"") {
            true => line.replace("shout", "whisper"),
            false => line.to_owned(),
        })
        .collect();
    family
        .poag("app")
        .args(["run", "replay", "-"])
        .write_stdin(forged.join("\n") + "\n")
        .assert()
        .code(1)
        .stderr(predicate::str::contains("another plan was recorded"));
}

fn a_run_is_named_by_what_tells_it_apart() {
    let (family, _) = asked();
    ask(&family);
    for (word, problem) in [
        ("nothing", "there is no run 'nothing'"),
        ("0", "the ids of 2 runs begin with '0'"),
        ("", "there is no run ''"),
    ] {
        family
            .poag("app")
            .args(["run", "show", word])
            .assert()
            .code(2)
            .stderr(predicate::str::contains(problem).and(predicate::str::contains("repair:")));
    }
}

#[test]
fn old_runs_are_removed_or_keep_their_story_and_the_ledger_becomes_smaller() {
    let (family, plan) = asked();
    let file = family.state().join("ledger.sqlite");
    let size = |path: &Path| {
        let log = path.with_file_name("ledger.sqlite-wal");
        std::fs::metadata(path).unwrap().len() + std::fs::metadata(log).unwrap().len()
    };
    let before = size(&file);
    let kept = said(&family, &["runs", "prune", "--older-than", "1"]);
    assert!(
        kept.contains("removed 0 runs") && kept.contains("1 other runs stay"),
        "{kept}"
    );
    let dry = [
        "runs",
        "prune",
        "--older-than",
        "0",
        "--artifacts-only",
        "--dry-run",
    ];
    assert!(said(&family, &dry).contains("would remove the artifacts of 1 runs"));
    assert!(said(&family, &["run", "show", "last", "--turn", "app/1"]).contains("request"));
    let removed = said(&family, &dry[..5]);
    assert!(
        removed.contains("removed the artifacts of 1 runs"),
        "{removed}"
    );
    assert!(size(&file) < before, "{removed}");
    assert!(said(&family, &["run", "show", "last"]).contains("How it ended"));
    let again = family.poag("app").args(["run", "replay", "last"]).output();
    assert!(
        again.unwrap().stdout == plan,
        "another plan without artifacts"
    );
    family
        .poag("app")
        .args(["run", "show", "last", "--turn", "app/1"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("may have been pruned"));
    // There is room for it, and then none.
    let kept = said(&family, &["runs", "prune", "--keep", "1GB"]);
    assert!(
        kept.starts_with("removed 0 runs") && kept.contains("1 other runs stay"),
        "{kept}"
    );
    said(&family, &["runs", "prune", "--keep", "0"]);
    family.poag("app").args(["runs", "--all"]).assert().code(4);
    family.poag("app").args(["runs", "prune"]).assert().code(2);
}

#[test]
fn a_run_that_can_still_go_on_is_not_removed() {
    let (family, _) = asked();
    let run = ids(&family).remove(0);
    interrupt(&family, &run);
    let kept = said(&family, &["runs", "prune", "--older-than", "0"]);
    assert!(
        kept.contains("1 such runs did not come to their end"),
        "{kept}"
    );
    family
        .poag("app")
        .args(["ask", "--resume"])
        .assert()
        .success();
}

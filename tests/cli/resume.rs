//! A run that is killed goes on from its ledger and repeats no finished turn.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};

use poag::council::Event;
use poag::engine::run::{history, list};
use poag::ledger::SqliteLedger;
use predicates::prelude::*;
use serde_json::Value;

use crate::harness::{Repository, flake};
use crate::programs::{REQUEST as REQUEST_OF_PROGRAMS, Stage, asks, edits};

const REQUEST: &str = "Let render draw the frame in another colour";
const EXPERTS: usize = 5;

/// A chain of experts that each know enough for their first turn to take its time.
fn chain() -> Repository {
    let repository = Repository::new();
    for at in 0..EXPERTS {
        let name = format!("layer{at}");
        let below = format!("layer{}", at + 1);
        let neighbor = if at + 1 < EXPERTS { below.as_str() } else { "" };
        let edge = format!(
            "neighbors.{below} = {{ expert = {below}.poag; needs.render = \"the frame\"; }};"
        );
        let declaration = format!(
            "agent = {{ backend = \"command\"; command = [ \"no-such-program\" ]; }}; role = \"Owns layer {at} of the frame.\"; provides.render = {{ summary = \"render(frame) draws it\"; files = [ \"render.py\" ]; }}; {}",
            if neighbor.is_empty() { "" } else { &edge },
        );
        repository.write(
            &format!("{name}/flake.nix"),
            &flake(&name, neighbor, &declaration),
        );
        repository.write(
            &format!("{name}/render.py"),
            "def render(frame):\n    \"\"\"Draws the frame in its colour.\"\"\"\n",
        );
        for file in 0..30 {
            let mut text = String::new();
            for line in 0..500 {
                let _ = writeln!(
                    text,
                    "def frame_{at}_{file}_{line}(colour):\n    return colour + {line}\n"
                );
            }
            repository.write(&format!("{name}/lib/part{file}.py"), &text);
        }
    }
    repository.commit("begin");
    repository
}

fn ledger(repository: &Repository) -> SqliteLedger {
    SqliteLedger::open(&repository.state().join("ledger.sqlite")).unwrap()
}

fn events(repository: &Repository) -> Vec<Event> {
    let ledger = ledger(repository);
    let runs = list(&ledger, None, None).unwrap();
    let [run] = &runs[..] else { return Vec::new() };
    history(&ledger, &run.id)
        .unwrap()
        .events
        .into_iter()
        .map(|moment| moment.event)
        .collect()
}

fn finished(events: &[Event]) -> usize {
    events
        .iter()
        .filter(|event| matches!(event, Event::TurnFinished { .. }))
        .count()
}

/// Waits until a turn is finished in the ledger and the run goes on.
fn kill_in_the_middle(repository: &Repository, mut child: Child) {
    let began = Instant::now();
    while finished(&events(repository)) == 0 {
        assert!(
            child.try_wait().unwrap().is_none(),
            "the run was over before a turn was seen"
        );
        assert!(
            began.elapsed() < Duration::from_secs(120),
            "no turn finished"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    // SIGKILL on Unix.
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_run_killed_in_the_middle_goes_on_and_repeats_no_finished_turn() {
    let repository = chain();
    let mut ask = Process::new(assert_cmd::cargo::cargo_bin!("poag"));
    repository.place(&mut ask, "layer0");
    let child = ask
        .args(["ask", "--backend", "librarian", "--max-depth", "7", REQUEST])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    kill_in_the_middle(&repository, child);
    let before = events(&repository);
    assert!(
        !before
            .iter()
            .any(|event| matches!(event, Event::RunFinished { .. })),
        "killed too late"
    );

    let output = repository
        .poag("layer0")
        .args(["ask", "--resume"])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        crate::harness::text(&output.stderr)
    );
    let said = crate::harness::text(&output.stderr);
    assert!(said.contains("librarian thinks for all"), "{said}");
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(plan["council"]["failures"], serde_json::json!([]));
    assert!(
        plan["subflakes"]["layer4"]["./render.py"].is_string(),
        "{plan:#}"
    );

    let after = events(&repository);
    assert_eq!(after[..before.len()], before[..], "the ledger only grows");
    let Event::RunStarted(started) = &after[0] else {
        panic!("{after:?}");
    };
    assert_eq!(started.limits.depth, 7);
    let mut ends: BTreeMap<(String, u32), usize> = BTreeMap::new();
    for event in &after {
        match event {
            Event::TurnFinished { turn, .. } => {
                *ends.entry((turn.expert.clone(), turn.turn)).or_default() += 1
            }
            Event::TurnStarted { turn, .. } => {
                let key = (turn.expert.clone(), turn.turn);
                assert!(
                    !ends.contains_key(&key),
                    "{turn} was finished and started again"
                );
            }
            _ => {}
        }
    }
    assert!(ends.values().all(|count| *count == 1), "{ends:?}");
    assert!(matches!(after.last(), Some(Event::RunFinished { .. })));
}

#[test]
fn a_run_keeps_the_limits_that_it_began_with() {
    let family = Repository::family();
    family
        .poag("app")
        .args(["ask", "--resume", "--max-turns", "9"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("repair: go on without them"));
}

/// Begins with a program, is killed while `py` thinks, and finds the program gone when it is to go on.
#[test]
fn a_program_that_is_missing_leaves_the_run_open() {
    let stage = Stage::new();
    stage.says("app-1", &asks(&["py"]));
    // Whoever reads it waits, as for a model.
    let pipe = stage.folder.join("say/py-1");
    Process::new("mkfifo").arg(&pipe).status().unwrap();
    let agent = stage.folder.join("agent");
    let place = || {
        let (folder, mark) = (stage.folder.display(), &stage.mark);
        let text = format!("#!/bin/sh\nexec sh {folder}/program {folder} {mark}\n");
        fs::write(&agent, text).unwrap();
        fs::set_permissions(&agent, fs::Permissions::from_mode(0o755)).unwrap();
    };
    place();
    let mut child = stage
        .ask(&[
            "--agent-command",
            agent.to_str().unwrap(),
            REQUEST_OF_PROGRAMS,
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while !stage.started().contains(&"py/1".to_owned()) {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "{:?}",
            stage.started()
        );
        assert_eq!(child.try_wait().unwrap(), None);
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    fs::remove_file(&pipe).unwrap();
    stage.says("py-1", &edits("main.py", "greet politely"));
    fs::remove_file(&agent).unwrap();

    let run = list(&ledger(&stage.repository), None, None)
        .unwrap()
        .remove(0)
        .id;
    // The beginning of its id is enough, behind a space or a `=`.
    let output = stage.resume(&run[..13]).output().unwrap();
    let said = crate::harness::text(&output.stderr);
    assert_eq!(output.status.code(), Some(10), "{said}");
    let error: Vec<&str> = said
        .lines()
        .filter(|line| !line.starts_with("poag: "))
        .collect();
    assert_eq!(error.len(), 3, "{said}");
    assert!(
        error[0].contains("stays open: 'py' cannot think with command now"),
        "{said}"
    );
    assert!(error[1].starts_with("repair: "), "{said}");
    assert!(
        error[2].contains(&format!("poag ask --resume {run}")),
        "{said}"
    );
    assert!(!list(&ledger(&stage.repository), None, None).unwrap()[0].finished);

    place();
    let output = stage.resume(&run[..13]).output().unwrap();
    let said = crate::harness::text(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("command thinks for all"), "{said}");
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(plan["council"]["failures"], serde_json::json!([]));
    let first = stage
        .started()
        .iter()
        .filter(|turn| *turn == "app/1")
        .count();
    assert_eq!(first, 1, "{:?}", stage.started());
}

#[test]
fn a_run_is_named_by_the_beginning_of_its_id_wherever_one_is_taken() {
    let family = Repository::family();
    family
        .poag("app")
        .args(["ask", "--quiet", "Make greet polite"])
        .assert()
        .success();
    let run = list(&ledger(&family), None, None).unwrap().remove(0).id;
    let short = &run[..8];
    let with = format!("--resume={short}");
    let of = format!("--run={short}");
    // From anywhere: a run knows its flake.
    for (folder, words) in [
        ("base", &["ask", "--resume", short, "--json"][..]),
        ("", &["ask", &with, "--json"]),
        ("app", &["run", "show", short]),
        ("app", &["run", "export", short]),
        ("app", &["run", "replay", short]),
        ("app", &["explain", "base", "--run", short]),
        ("app", &["explain", "base", &of]),
        ("app", &["explain", "--run", "base"]),
    ] {
        let output = family.poag(folder).args(words).output().unwrap();
        assert!(
            output.status.success(),
            "{words:?}: {}",
            crate::harness::text(&output.stderr)
        );
        assert!(!output.stdout.is_empty(), "{words:?}");
    }
    let none = family
        .poag("app")
        .args(["explain", "--run", "9"])
        .output()
        .unwrap();
    assert_eq!(none.status.code(), Some(2));
    assert!(crate::harness::text(&none.stderr).contains("there is no run '9'"));
}

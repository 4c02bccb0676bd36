//! A run that is killed goes on from its ledger and repeats no finished turn.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};

use poag::council::Event;
use poag::engine::run::{history, list};
use poag::ledger::SqliteLedger;
use predicates::prelude::*;
use serde_json::Value;

use crate::harness::{Repository, flake};

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
            "role = \"Owns layer {at} of the frame.\"; provides.render = {{ summary = \"render(frame) draws it\"; files = [ \"render.py\" ]; }}; {}",
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
        .args(["ask", REQUEST])
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
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(
        plan["subflakes"]["layer4"]["./render.py"].is_string(),
        "{plan:#}"
    );

    let after = events(&repository);
    assert_eq!(after[..before.len()], before[..], "the ledger only grows");
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

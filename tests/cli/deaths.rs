//! poag killed by SIGKILL, at every event and at random moments: `ask --resume` comes to the same plan, pays
//! for no finished turn twice, and nothing is left running or lying about.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use poag::council::Event;
use poag::engine::run::{history, list};
use poag::ledger::SqliteLedger;
use serde_json::{Value, json};

use crate::harness::text;
use crate::programs::{REQUEST, Stage, asks, edits};

/// Kills at random moments.
const KILLS: usize = 200;
/// Stages at the same time; each mostly waits for its agents and for nix.
const THREADS: usize = 4;

/// app asks py and web, which ask lib; all but app have something to change.
fn stage() -> Stage {
    let stage = Stage::new();
    stage.says("app-1", &asks(&["py", "web"]));
    for name in ["py", "web"] {
        stage.says(&format!("{name}-1"), &asks(&["lib"]));
        for turn in 2..5 {
            stage.says(
                &format!("{name}-{turn}"),
                &edits("main.py", "greet politely"),
            );
        }
    }
    for turn in 1..4 {
        stage.says(
            &format!("lib-{turn}"),
            &edits("api.py", "take the manner too"),
        );
    }
    stage
}

pub fn database(stage: &Stage) -> PathBuf {
    stage.repository.state().join("ledger.sqlite")
}

/// The run that was begun, if one was.
fn begun(stage: &Stage) -> Option<String> {
    let ledger = SqliteLedger::open(&database(stage)).unwrap();
    let mut runs = list(&ledger, None, None).unwrap();
    assert!(runs.len() < 2, "a run was begun anew instead of resumed");
    runs.pop().map(|run| run.id)
}

fn events(stage: &Stage) -> Vec<Event> {
    let Some(run) = begun(stage) else {
        return Vec::new();
    };
    let ledger = SqliteLedger::open(&database(stage)).unwrap();
    let history = history(&ledger, &run).unwrap();
    history
        .events
        .into_iter()
        .map(|moment| moment.event)
        .collect()
}

/// Starts poag: a new question, or the one that was begun.
fn start(stage: &Stage, words: &[&str]) -> Child {
    // Nothing of what the run was begun with is said again.
    let mut process = match begun(stage) {
        None => stage.ask(&[words, &[REQUEST]].concat()),
        Some(run) => stage.resume(&run),
    };
    process
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What stays the same whenever it is killed.
fn essence(output: &Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    let mut plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    plan["council"]["id"] = json!("");
    // Who of two was faster decides how many turns it takes, and nothing else.
    plan["council"]["turns"] = json!("");
    plan
}

/// Kills poag, and waits until what it had started is gone.
pub fn kill(stage: &Stage, child: &mut Child) {
    child.kill().unwrap();
    child.wait().unwrap();
    gone(stage);
}

fn finished(events: &[Event]) -> Vec<String> {
    let finished = |event: &Event| match event {
        Event::TurnFinished { turn, .. } => Some(format!("{}/{}", turn.expert, turn.turn)),
        _ => None,
    };
    events.iter().filter_map(finished).collect()
}

/// Waits until no process of this stage lives.
pub fn gone(stage: &Stage) {
    let lives = || {
        let mut entries = fs::read_dir("/proc").unwrap().flatten();
        entries.any(|entry| {
            let words = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            text(&words).contains(&stage.mark)
        })
    };
    let began = Instant::now();
    while lives() {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "an agent goes on"
        );
        thread::sleep(Duration::from_millis(5));
    }
}

/// No turn that was finished `before` was started again.
fn is_paid_once(stage: &Stage, before: &[String], started_before: usize) {
    for turn in &stage.started().split_off(started_before) {
        assert!(
            !before.contains(turn),
            "{turn} was finished and paid for again"
        );
    }
}

/// Nothing lies about.
pub fn is_clean(stage: &Stage) {
    let turns = stage.repository.state().join("turns");
    let left: Vec<_> = fs::read_dir(turns)
        .into_iter()
        .flatten()
        .flatten()
        .collect();
    assert!(left.is_empty(), "{left:?}");
    let claims = stage.repository.state().join("ledger.sqlite-claims");
    assert_eq!(fs::read_dir(claims).unwrap().count(), 0, "a claim is left");
}

/// Takes it to its end without another death.
fn to_the_end(stage: &Stage, words: &[&str], expected: &Value) {
    let before = finished(&events(stage));
    let started = stage.started().len();
    let output = start(stage, words).wait_with_output().unwrap();
    assert!(essence(&output) == *expected, "another plan");
    gone(stage);
    is_paid_once(stage, &before, started);
    is_clean(stage);
    let once = finished(&events(stage));
    let mut unique = once.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(
        unique.len(),
        once.len(),
        "a turn was finished twice: {once:?}"
    );
}

/// The plan without any death, and how many events led to it.
fn whole(words: &[&str]) -> (Value, usize) {
    let stage = stage();
    let output = start(&stage, words).wait_with_output().unwrap();
    (essence(&output), events(&stage).len())
}

/// Makes whoever writes this event think for ever, in the middle of its commit.
pub fn stop_at(stage: &Stage, seq: usize) {
    let database = database(stage);
    drop(SqliteLedger::open(&database).unwrap());
    let raw = rusqlite::Connection::open(database).unwrap();
    let endless = format!(
        "CREATE TABLE pad (x);
         INSERT INTO pad WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 1000) SELECT x FROM c;
         CREATE TRIGGER stop AFTER INSERT ON rows WHEN NEW.last >= {seq}
           AND coalesce((SELECT last FROM rows WHERE key = NEW.key - 1), 0) < {seq} BEGIN
           SELECT sum(a.x * b.x * c.x * d.x) FROM pad a, pad b, pad c, pad d;
         END;"
    );
    raw.execute_batch(&endless).unwrap();
}

pub fn go_on(stage: &Stage) {
    let raw = rusqlite::Connection::open(database(stage)).unwrap();
    raw.busy_timeout(Duration::from_secs(10)).unwrap();
    raw.execute_batch("DROP TRIGGER stop; DROP TABLE pad")
        .unwrap();
}

/// Waits until somebody is in the middle of a commit and stays there.
pub fn wait_for_the_stop(stage: &Stage, child: &mut Child) {
    let raw = rusqlite::Connection::open(database(stage)).unwrap();
    raw.busy_timeout(Duration::ZERO).unwrap();
    let mut busy = 0;
    let began = Instant::now();
    while busy < 20 {
        assert!(began.elapsed() < Duration::from_secs(60), "it did not stop");
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it stopped"
        );
        match raw.execute_batch("BEGIN IMMEDIATE; ROLLBACK") {
            Ok(()) => busy = 0,
            Err(_) => busy += 1,
        }
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn killed_at_any_event_it_comes_to_the_same_plan() {
    // One at a time, so that there is one order of events to enumerate.
    let words = ["--max-parallel", "1"];
    let (expected, count) = whole(&words);
    assert!(count > 15, "{count} events are too few to tell anything");
    let next = AtomicUsize::new(1);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let seq = next.fetch_add(1, Ordering::SeqCst);
                    if seq > count {
                        break;
                    }
                    let stage = stage();
                    stop_at(&stage, seq);
                    let mut child = start(&stage, &words);
                    wait_for_the_stop(&stage, &mut child);
                    kill(&stage, &mut child);
                    assert!(
                        events(&stage).len() < seq,
                        "event {seq} was not to be there"
                    );
                    go_on(&stage);
                    to_the_end(&stage, &words, &expected);
                }
            });
        }
    });
}

#[test]
fn killed_at_random_moments_again_and_again_it_comes_to_the_same_plan() {
    let began = Instant::now();
    let (expected, _) = whole(&[]);
    let usual = began.elapsed();
    let (kills, runs) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let moments = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for seed in 0..THREADS {
            let (kills, runs, moments, expected) = (&kills, &runs, &moments, &expected);
            scope.spawn(move || {
                let mut random = fastrand::Rng::with_seed(seed as u64);
                while kills.load(Ordering::SeqCst) < KILLS {
                    let stage = stage();
                    while kills.load(Ordering::SeqCst) < KILLS {
                        let before = finished(&events(&stage));
                        let started = stage.started().len();
                        let mut child = start(&stage, &[]);
                        thread::sleep(usual.mul_f64(random.f64()));
                        kill(&stage, &mut child);
                        is_paid_once(&stage, &before, started);
                        // Before its first event there is nothing to go on with.
                        let events = events(&stage);
                        if !events.is_empty() {
                            kills.fetch_add(1, Ordering::SeqCst);
                            moments.lock().unwrap().push(events.len());
                        }
                        if let Some(Event::RunFinished { .. }) = events.last() {
                            break;
                        }
                    }
                    to_the_end(&stage, &[], expected);
                    runs.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    let mut moments = moments.into_inner().unwrap();
    moments.sort_unstable();
    moments.dedup();
    println!(
        "{} kills in {} runs, after {} different numbers of events, {:?}",
        kills.into_inner(),
        runs.into_inner(),
        moments.len(),
        began.elapsed()
    );
}

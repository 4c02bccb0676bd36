//! Debates whose poag is killed.

use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::{NAMES, debate, essence, events, poag, result, run, saw_nothing_early, stage};
use crate::deaths::{database, go_on, gone, is_clean, kill, stop_at, wait_for_the_stop};
use crate::harness::text;
use crate::programs::Stage;

const THREADS: usize = 4;

/// Starts poag: a new debate, or the one that was begun.
fn begin(stage: &Stage) -> Child {
    let run = match database(stage).exists() {
        true => run(stage),
        false => String::new(),
    };
    let mut process = match run.as_str() {
        "" => debate(stage, &NAMES, 2, &[]),
        run => poag(stage, &["debate", "--json", "--resume", run]),
    };
    process
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn ended(events: &[(String, String)]) -> Vec<String> {
    let ended = events
        .iter()
        .filter(|(kind, _)| kind == "submitted" || kind == "voted");
    ended.map(|(_, turn)| turn.clone()).collect()
}

#[test]
fn killed_at_any_event_it_goes_on_and_asks_nobody_twice() {
    let whole = stage(&NAMES, 2);
    let output = begin(&whole).wait_with_output().unwrap();
    let expected = essence(&result(&output));
    let count = events(&whole).len();
    assert_eq!(count, 1 + 3 * (1 + 2 + 2 + 1) + 1);
    let next = AtomicUsize::new(1);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let seq = next.fetch_add(1, Ordering::SeqCst);
                    if seq > count {
                        break;
                    }
                    let stage = stage(&NAMES, 2);
                    stop_at(&stage, seq);
                    let mut child = begin(&stage);
                    wait_for_the_stop(&stage, &mut child);
                    kill(&stage, &mut child);
                    let before = events(&stage);
                    assert!(before.len() < seq, "event {seq} was not to be there");
                    go_on(&stage);
                    let started = stage.started().len();
                    let output = begin(&stage).wait_with_output().unwrap();
                    assert!(output.status.success(), "{}", text(&output.stderr));
                    assert_eq!(essence(&result(&output)), expected, "killed at event {seq}");
                    gone(&stage);
                    is_clean(&stage);
                    for turn in &stage.started()[started..] {
                        assert!(
                            !ended(&before).contains(turn),
                            "{turn} was asked twice, killed at event {seq}"
                        );
                    }
                    let mut once = ended(&events(&stage));
                    let all = once.len();
                    once.sort();
                    once.dedup();
                    assert_eq!((once.len(), all), (6, 6));
                    saw_nothing_early(&stage);
                }
            });
        }
    });
}

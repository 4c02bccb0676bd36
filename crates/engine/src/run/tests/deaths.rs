//! A run that dies goes on from its ledger.

#![expect(
    clippy::disallowed_methods,
    reason = "the parent process reads what this one prints"
)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::{Same, Scripted, block, essence, hold, question, stage, stage_in, times, usual};
use crate::run::{Observer, ask, list, resume, unfinished};
use crate::testing::DyingLedger;
use poag_core::council::event::Event;
use poag_core::council::limits::Limits;
use poag_ledger::{Ledger, SqliteLedger};

#[test]
fn a_run_that_dies_at_any_write_is_resumed_to_the_same_plan() {
    let whole = stage();
    let agent = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
    let expected = essence(&hold(&whole, &agent, Limits::default()).unwrap());
    let mut deaths = 0;
    for writes in 0.. {
        let stage = stage();
        let dying = DyingLedger::new(&stage.ledger, writes);
        let first = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
        let backends = Arc::new(Same(first.clone()));
        let question = question(Limits::default());
        let ended = block(ask(&stage.graph, &question, backends, &dying, &mut ()));
        if ended.is_ok() {
            break;
        }
        deaths += 1;
        let run = unfinished(&stage.ledger, "/some/flake").unwrap().unwrap();
        let second = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
        let backends = Arc::new(Same(second.clone()));
        let outcome = block(resume(
            &stage.graph,
            &run.id,
            backends,
            &stage.ledger,
            &mut (),
        ))
        .unwrap();
        assert_eq!(essence(&outcome), expected, "dead at write {writes}");
        assert_eq!(outcome.taken, second.taken().len());
        assert!(unfinished(&stage.ledger, "/some/flake").unwrap().is_none());
    }
    assert!(deaths > 4);
}

/// Says on standard output which turns ended, and dies by SIGKILL from outside after some of them.
struct Aloud;

impl Observer for Aloud {
    fn event(&mut self, event: &Event) {
        if let Event::TurnFinished { turn, .. } = event {
            println!("\nfinished {turn}");
            std::io::stdout().flush().unwrap();
        }
    }
}

const CHILD: &str = "POAG_TEST_COUNCIL";

#[test]
fn a_process_killed_in_a_council_repeats_no_finished_turn() {
    if let Some(folder) = std::env::var_os(CHILD) {
        let folder = Path::new(&folder);
        let bare = stage_in(folder, &folder.join("ledger.db"));
        let kill_after: usize = std::env::var("POAG_TEST_TURNS").unwrap().parse().unwrap();
        let count = std::sync::atomic::AtomicUsize::new(0);
        let agent = Scripted::new(move |expert, turn| {
            // Stops in a turn of its own accord, so that the kill always finds one under way.
            if count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) >= kill_after {
                println!("\nwaiting");
                std::io::stdout().flush().unwrap();
                loop {
                    std::thread::park();
                }
            }
            Ok(usual(expert, turn))
        });
        let backends = Arc::new(Same(agent));
        let question = question(Limits::default());
        let _ = block(ask(&bare.0, &question, backends, &bare.1, &mut Aloud));
        return;
    }
    for kill_after in [0, 1, 2, 4, 6] {
        let stage = stage();
        let test = "run::tests::deaths::a_process_killed_in_a_council_repeats_no_finished_turn";
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture"])
            .env(CHILD, stage.folder.path())
            .env("POAG_TEST_TURNS", kill_after.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut finished = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(turn) = line.strip_prefix("finished ") {
                finished.push(turn.to_owned());
            }
            if line == "waiting" {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        let run = unfinished(&stage.ledger, "/some/flake").unwrap().unwrap();
        let agent = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
        let backends = Arc::new(Same(agent.clone()));
        let outcome = block(resume(
            &stage.graph,
            &run.id,
            backends,
            &stage.ledger,
            &mut (),
        ))
        .unwrap();
        for turn in agent.taken() {
            let name = format!("{}/{}/1", turn.0, turn.1);
            assert!(!finished.contains(&name), "{name} was paid for twice");
        }
        let whole = super::stage();
        let again = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
        let expected = hold(&whole, &again, Limits::default()).unwrap();
        assert_eq!(outcome.plan.subflakes, expected.plan.subflakes);
        assert_eq!(outcome.plan.plan, expected.plan.plan);
    }
}

#[test]
fn a_dropped_run_gives_its_claim_back_and_is_resumed() {
    let stage = stage();
    let agent = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
    let backends = Arc::new(Same(agent.clone()));
    let question = question(Limits::default());
    block(async {
        let mut watch = ();
        let run = ask(
            &stage.graph,
            &question,
            backends.clone(),
            &stage.ledger,
            &mut watch,
        );
        tokio::pin!(run);
        // One step only: the first turn is under way then.
        assert!(futures_step(run.as_mut()).await.is_none());
    });
    let run = unfinished(&stage.ledger, "/some/flake").unwrap().unwrap();
    let outcome = block(resume(
        &stage.graph,
        &run.id,
        backends.clone(),
        &stage.ledger,
        &mut (),
    ))
    .unwrap();
    assert!(times(&[&agent]).values().all(|times| *times == 1));
    let runs = list(&stage.ledger, None, None).unwrap();
    assert!(runs.len() == 1 && runs[0].finished && runs[0].id == outcome.run);
    let again = block(resume(
        &stage.graph,
        &run.id,
        backends,
        &stage.ledger,
        &mut (),
    ))
    .unwrap();
    assert_eq!((again.plan, again.taken), (outcome.plan, 0));
}

/// Polls a future once.
async fn futures_step<T>(mut future: std::pin::Pin<&mut impl Future<Output = T>>) -> Option<T> {
    std::future::poll_fn(|context| match future.as_mut().poll(context) {
        std::task::Poll::Ready(value) => std::task::Poll::Ready(Some(value)),
        std::task::Poll::Pending => std::task::Poll::Ready(None),
    })
    .await
}

#[test]
fn a_run_that_another_process_drives_is_refused_with_the_holder() {
    let stage = stage();
    let dying = DyingLedger::new(&stage.ledger, 1);
    let agent = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
    let backends = Arc::new(Same(agent));
    let question = question(Limits::default());
    block(ask(
        &stage.graph,
        &question,
        backends.clone(),
        &dying,
        &mut (),
    ))
    .unwrap_err();
    let run = unfinished(&stage.ledger, "/some/flake").unwrap().unwrap();
    let other = SqliteLedger::open(stage.ledger.path()).unwrap();
    let claim = other.claim(&run.id).unwrap();
    let error = block(resume(
        &stage.graph,
        &run.id,
        backends,
        &stage.ledger,
        &mut (),
    ));
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains(&format!("driven by process {}", std::process::id())),
        "{error}"
    );
    drop(claim);
}

#[test]
fn a_run_whose_flakes_changed_since_is_refused_by_name() {
    let mut stage = stage();
    let dying = DyingLedger::new(&stage.ledger, 2);
    let agent = Scripted::new(|expert, turn| Ok(usual(expert, turn)));
    let backends = Arc::new(Same(agent));
    let question = question(Limits::default());
    block(ask(
        &stage.graph,
        &question,
        backends.clone(),
        &dying,
        &mut (),
    ))
    .unwrap_err();
    let run = unfinished(&stage.ledger, "/some/flake").unwrap().unwrap();
    let expert = stage.graph.experts.get_mut("lib").unwrap();
    expert.identity = "another".into();
    let error = block(resume(
        &stage.graph,
        &run.id,
        backends,
        &stage.ledger,
        &mut (),
    ));
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("'lib' changed\nrepair: ask again without --resume"),
        "{error}"
    );
}

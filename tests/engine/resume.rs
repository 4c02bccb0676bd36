//! A run whose future was dropped goes on from the ledger and repeats no finished turn.

use std::collections::BTreeMap;

use poag::council::Event;
use poag::engine::run::{CouncilError, Observer};
use poag::engine::{Engine, EngineError, ResumeRequest, RunState};
use tokio::sync::oneshot;

use crate::harness::Repository;
use crate::stage::{ask, request, settings};

/// Tells when the first turn has finished.
struct FirstTurn(Option<oneshot::Sender<()>>);

impl Observer for FirstTurn {
    fn event(&mut self, event: &Event) {
        if let (Event::TurnFinished { .. }, Some(done)) = (event, self.0.take()) {
            done.send(()).unwrap();
        }
    }
}

/// A repository with a run of `app` that was dropped when its first turn had finished.
async fn interrupted() -> (Repository, Engine) {
    let family = Repository::unlearned();
    let engine = Engine::new(settings(&family));
    let (done, finished) = oneshot::channel();
    let mut first = FirstTurn(Some(done));
    let request = request("Make greet shout the name");
    tokio::select! {
        biased;
        _ = finished => {}
        outcome = ask(&engine, "app", &request, &mut first) => panic!("{outcome:?}"),
    }
    (family, engine)
}

fn events(engine: &Engine) -> Vec<Event> {
    let runs = engine.runs().unwrap();
    let run = runs.latest(None).unwrap();
    let events = runs.history(&run).unwrap().events.into_iter();
    events.map(|event| event.event).collect()
}

#[tokio::test]
async fn a_run_that_was_dropped_goes_on_and_repeats_no_finished_turn() {
    let (_family, engine) = interrupted().await;
    let before = events(&engine);
    let runs = engine.runs().unwrap().list(None, None).unwrap();
    assert_eq!(runs[0].state, RunState::Interrupted);

    let target = engine.flake("app").unwrap();
    let request = ResumeRequest::default();
    let outcome = engine.resume(&target, &request, &mut ()).await.unwrap();
    assert!(!outcome.plan.is_empty(), "{:?}", outcome.plan);

    let after = events(&engine);
    assert_eq!(after[..before.len()], before[..], "the ledger only grows");
    assert!(matches!(after.last(), Some(Event::RunFinished { .. })));
    let mut ends: BTreeMap<(String, u32), usize> = BTreeMap::new();
    for event in &after {
        match event {
            Event::TurnFinished { turn, .. } => {
                *ends.entry((turn.expert.clone(), turn.turn)).or_default() += 1;
            }
            Event::TurnStarted { turn, .. } => {
                let key = (turn.expert.clone(), turn.turn);
                assert!(!ends.contains_key(&key), "{turn} was started again");
            }
            _ => {}
        }
    }
    assert!(ends.len() > 1, "{ends:?}");
    assert!(ends.values().all(|count| *count == 1), "{ends:?}");

    // It came to its end: by name it gives its plan again, without one there is nothing to go on with.
    let named = ResumeRequest {
        run: Some(outcome.run),
        ..ResumeRequest::default()
    };
    let again = engine.resume(&target, &named, &mut ()).await.unwrap();
    assert_eq!((again.plan, again.taken), (outcome.plan, 0));
    let error = engine.resume(&target, &request, &mut ()).await.unwrap_err();
    assert!(
        matches!(error, EngineError::NothingToResume { .. }),
        "{error}"
    );
    assert!(error.to_string().contains("\nrepair: ask a new one"));
}

#[tokio::test]
async fn a_run_does_not_go_on_over_flakes_that_changed() {
    let (family, engine) = interrupted().await;
    family.edit("base/src/greet.py", "Says hello", "Waves");
    let target = engine.flake("app").unwrap();
    let error = engine
        .resume(&target, &ResumeRequest::default(), &mut ())
        .await
        .unwrap_err();
    let EngineError::Council(CouncilError::Changed { changed, .. }) = &error else {
        panic!("{error}");
    };
    assert_eq!(changed, "'base'");
    assert!(error.to_string().contains("without --resume"), "{error}");
}

//! Patience on a clock that runs as fast as nothing happens.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::*;
use crate::{Fault, Persona, Raw, Start};

/// What one attempt comes to, and how long it takes.
type Act = (u64, Result<Value, AgentError>);

/// An agent that does what is written, one act after the other.
#[derive(Default)]
struct Actor {
    acts: Mutex<VecDeque<Act>>,
    /// When each attempt began, and how long it might take.
    begun: Mutex<Vec<(Instant, Duration)>>,
    /// Attempts under way now, and the most there ever were.
    busy: Mutex<(usize, usize)>,
}

impl Actor {
    fn new(acts: impl IntoIterator<Item = Act>) -> Arc<Self> {
        Arc::new(Self {
            acts: Mutex::new(acts.into_iter().collect()),
            ..Self::default()
        })
    }

    fn begun(&self) -> Vec<(Instant, Duration)> {
        self.begun.lock().unwrap().clone()
    }

    async fn act(&self, request: TurnRequest) -> TurnOutput {
        self.begun
            .lock()
            .unwrap()
            .push((Instant::now(), request.timeout));
        {
            let mut busy = self.busy.lock().unwrap();
            busy.0 += 1;
            busy.1 = busy.1.max(busy.0);
        }
        let (seconds, outcome) = self.acts.lock().unwrap().pop_front().unwrap();
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        self.busy.lock().unwrap().0 -= 1;
        TurnOutput {
            outcome,
            usage: Usage {
                input_tokens: 10,
                ..Usage::default()
            },
            raw: Raw::default(),
        }
    }
}

impl Agent for Actor {
    fn name(&self) -> &str {
        "actor"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }

    fn probe<'a>(&'a self, _: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        Box::pin(std::future::ready(Ok("1".into())))
    }

    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput> {
        Box::pin(self.act(request))
    }

    fn seal<'a>(
        &'a self,
        request: TurnRequest,
        place: &'a Path,
    ) -> Pending<'a, (TurnOutput, Option<Checkpoint>)> {
        Box::pin(async move {
            std::fs::create_dir(place.join("of this attempt")).unwrap();
            let output = self.act(request).await;
            let sealed = output.outcome.is_ok().then(|| Checkpoint {
                id: "1".into(),
                folder: place.to_owned(),
            });
            (output, sealed)
        })
    }
}

fn patience(actor: &Arc<Actor>, seats: usize) -> Patience {
    Patience::new(
        Arc::clone(actor) as Arc<dyn Agent>,
        Arc::new(Semaphore::new(seats)),
    )
}

fn request(seconds: u64) -> TurnRequest {
    let persona = Persona {
        speaker: "a".into(),
        instructions: "".into(),
        pack: "".into(),
        schema: Arc::new(json!({})),
        folder: "/".into(),
        settings: Settings::default(),
        search_path: None,
    };
    TurnRequest {
        persona: Arc::new(persona),
        start: Start::New,
        input: json!({}),
        timeout: Duration::from_secs(seconds),
        correlation: Vec::new(),
        tools: None,
        writing: None,
    }
}

fn fails(fault: Fault) -> Act {
    (0, Err(AgentError::usual(fault, "actor", "no luck")))
}

fn asks_for(seconds: u64) -> Act {
    let error = AgentError::usual(Fault::Busy, "actor", "too many");
    (0, Err(error.after(Some(Duration::from_secs(seconds)))))
}

fn answers() -> Act {
    (0, Ok(json!({"yes": true})))
}

fn waits(actor: &Actor) -> Vec<f64> {
    let begun = actor.begun();
    let pairs = begun.windows(2);
    pairs
        .map(|pair| (pair[1].0 - pair[0].0).as_secs_f64())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_is_busy_or_out_of_reach_is_tried_again_a_little_later_each_time() {
    let faults = [Fault::Busy, Fault::Unreachable, Fault::Busy];
    let actor = Actor::new(faults.map(fails).into_iter().chain([answers()]));
    let output = patience(&actor, 1).turn(request(600)).await;
    assert_eq!(output.outcome.unwrap(), json!({"yes": true}));
    assert_eq!(output.usage.input_tokens, 40, "what failed cost, too");
    for (wait, range) in waits(&actor)
        .into_iter()
        .zip([0.5..1.01, 1.0..2.01, 2.0..4.01])
    {
        assert!(range.contains(&wait), "{wait} is not in {range:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_asked_for_is_kept() {
    let actor = Actor::new([asks_for(77), answers()]);
    let output = patience(&actor, 1).turn(request(600)).await;
    assert!(output.outcome.is_ok());
    assert!((77.0..78.1).contains(&waits(&actor)[0]));
    let left = actor.begun()[1].1;
    assert!(left <= Duration::from_secs(600 - 77), "{left:?}");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_longer_than_the_turn_may_take() {
    let actor = Actor::new([fails(Fault::Busy), asks_for(3600)]);
    let began = Instant::now();
    let output = patience(&actor, 1).turn(request(600)).await;
    let error = output.outcome.unwrap_err();
    assert_eq!(error.fault, Fault::Busy);
    assert!(error.reason.ends_with("(tried 2 times)"), "{error}");
    assert!(
        began.elapsed() < Duration::from_secs(2),
        "it says so at once"
    );
}

#[tokio::test(start_paused = true)]
async fn after_five_more_tries_it_gives_up_and_says_so() {
    let actor = Actor::new((0..9).map(|_| fails(Fault::Unreachable)));
    let output = patience(&actor, 1).turn(request(6000)).await;
    let error = output.outcome.unwrap_err();
    assert_eq!(error.reason, "no luck (tried 6 times)");
    assert_eq!(actor.begun().len(), 6);
    assert_eq!(output.usage.input_tokens, 60);
}

#[tokio::test(start_paused = true)]
async fn what_waiting_cannot_mend_fails_at_once() {
    for fault in [
        Fault::Denied,
        Fault::TooLong,
        Fault::Invalid,
        Fault::Timeout,
    ] {
        let actor = Actor::new([fails(fault), answers()]);
        let error = patience(&actor, 1).turn(request(600)).await.outcome;
        assert_eq!(error.unwrap_err().reason, "no luck", "{fault:?}");
        assert_eq!(actor.begun().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_turns_than_seats_are_under_way() {
    let actor = Actor::new((0..9).map(|_| (10, Ok(json!({})))));
    let patience = patience(&actor, 2);
    let mut turns = tokio::task::JoinSet::new();
    let patience = Arc::new(patience);
    for _ in 0..9 {
        let patience = Arc::clone(&patience);
        turns.spawn(async move { patience.turn(request(600)).await.outcome.is_ok() });
    }
    assert!(turns.join_all().await.into_iter().all(|answered| answered));
    assert_eq!(actor.busy.lock().unwrap().1, 2);
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_finds_no_seat_in_its_time_says_so() {
    let actor = Actor::new([(1000, Ok(json!({})))]);
    let patience = patience(&actor, 1);
    let (first, second) = tokio::join!(patience.turn(request(2000)), patience.turn(request(60)));
    assert!(first.outcome.is_ok());
    let error = second.outcome.unwrap_err();
    assert_eq!(error.fault, Fault::Timeout);
    assert!(error.reason.contains("went first"), "{error}");
    assert_eq!(actor.begun().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_a_failed_attempt_left_is_no_part_of_the_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let actor = Actor::new([fails(Fault::Busy), answers()]);
    let patience = patience(&actor, 1);
    let (output, sealed) = patience.seal(request(600), folder.path()).await;
    assert!(output.outcome.is_ok() && sealed.is_some());
    assert_eq!(actor.begun().len(), 2);
}

//! The runs that this server drives: each on a thread of its own, until it ends or is cancelled. A client that goes away
//! stops nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use poag_core::council::Started;
use poag_core::debate::DebateStart;
use poag_engine::debate::{DebateObserver, DebateRequest};
use poag_engine::run::Observer;
use poag_engine::{AskRequest, Engine, EngineError, ProjectRef, ResumeRequest, on_own_thread};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore, oneshot};

use crate::problem::{Problem, ProblemKind};
use crate::server::Server;

/// What is asked of the engine.
pub(crate) enum Question {
    New(Box<AskRequest>),
    Again(ResumeRequest),
    Debate(Box<DebateRequest>),
    /// Goes on with the debate of that id.
    DebateAgain(String),
}

/// Runs under way here, each with what cancels it.
#[derive(Debug)]
pub(crate) struct Driving {
    runs: Mutex<HashMap<String, oneshot::Sender<()>>>,
    permits: Arc<Semaphore>,
}

/// Tells when a run has begun.
struct Beginning(Option<oneshot::Sender<String>>);

impl Beginning {
    fn tell(&mut self, run: &str) {
        if let Some(tell) = self.0.take() {
            // Who asked may have gone.
            let _ = tell.send(run.to_owned());
        }
    }
}

impl Observer for Beginning {
    fn begun(&mut self, started: &Started, _resumed: bool) {
        self.tell(&started.run);
    }
}

impl DebateObserver for Beginning {
    fn begun(&mut self, start: &DebateStart, _resumed: bool) {
        self.tell(&start.run);
    }
}

impl Driving {
    pub fn new(questions: usize) -> Self {
        Self {
            runs: Mutex::default(),
            permits: Arc::new(Semaphore::new(questions)),
        }
    }

    /// Whether a run is driven here.
    pub fn drives(&self, run: &str) -> bool {
        self.runs().contains_key(run)
    }

    /// Waits for its turn among what is asked at a time.
    pub async fn permit(&self) -> Result<OwnedSemaphorePermit, AcquireError> {
        Arc::clone(&self.permits).acquire_owned().await
    }

    /// Its turn at once, where not as many are under way as may be.
    pub fn now(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let permits = Arc::clone(&self.permits);
        permits.try_acquire_owned().map_err(|_| {
            let wrong = "as many questions as this server takes at a time are under way";
            Problem::new(ProblemKind::TooMany, wrong, "wait until one has ended").after(5)
        })
    }

    /// How many more questions can be taken now.
    pub fn free(&self) -> usize {
        self.permits.available_permits()
    }

    /// How many runs and works are driven here.
    pub fn driven(&self) -> usize {
        self.runs().len()
    }

    /// Begins to drive a run or a work; gives what tells that it is to stop, and none where it is driven here already.
    pub fn begin(&self, work: &str) -> Option<oneshot::Receiver<()>> {
        let mut driven = self.runs();
        if driven.contains_key(work) {
            return None;
        }
        let (cancel, cancelled) = oneshot::channel();
        driven.insert(work.to_owned(), cancel);
        Some(cancelled)
    }

    /// Stops a run; false where it is not driven here. It can be resumed.
    pub fn cancel(&self, run: &str) -> bool {
        self.runs().remove(run).is_some()
    }

    /// Stops all of them; each can be resumed.
    pub fn cancel_all(&self) {
        self.runs().clear();
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<String, oneshot::Sender<()>>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts a question, and gives the id of its run once that has begun.
pub(crate) async fn put(
    server: &Arc<Server>,
    target: ProjectRef,
    question: Question,
) -> Result<String, Problem> {
    let permit = server.driving.now()?;
    let (tell, begun) = oneshot::channel();
    let (over, ended) = oneshot::channel();
    let (cancel, cancelled) = oneshot::channel::<()>();
    let engine = server.engine.clone();
    let work = async move || drive(&engine, &target, question, Beginning(Some(tell))).await;
    let of = Arc::clone(server);
    let (name, named) = oneshot::channel::<String>();
    // Apart from the request: it goes on when that is given up.
    tokio::spawn(async move {
        let done = tokio::select! {
            done = on_own_thread::<_, EngineError>(work) => Some(done),
            // Dropped by who cancels; whoever asked is told below.
            _ = cancelled => None,
        };
        drop(permit);
        match done {
            Some(Err(error)) => drop(over.send(error)),
            _ => drop(over),
        }
        if let Ok(run) = named.await {
            of.driving.runs().remove(&run);
        }
    });
    let of = Arc::clone(server);
    // Apart from it as well: a request that is given up just now neither stops the run nor leaves it without a name.
    let waiting = tokio::spawn(async move {
        tokio::select! {
            biased;
            Ok(run) = begun => {
                of.driving.runs().insert(run.clone(), cancel);
                let _ = name.send(run.clone());
                Ok(run)
            }
            Ok(error) = ended => Err(error.into()),
            else => Err(given_up()),
        }
    });
    waiting.await.unwrap_or_else(|_| Err(given_up()))
}

fn given_up() -> Problem {
    let wrong = "the question was given up";
    Problem::new(ProblemKind::Stopping, wrong, "ask again")
}

async fn drive(
    engine: &Engine,
    target: &ProjectRef,
    question: Question,
    mut observer: Beginning,
) -> Result<(), EngineError> {
    match question {
        Question::New(request) => drop(engine.ask(target, &request, &mut observer).await?),
        Question::Again(request) => drop(engine.resume(target, &request, &mut observer).await?),
        Question::Debate(request) => drop(engine.debate(target, &request, &mut observer).await?),
        Question::DebateAgain(run) => {
            drop(
                engine
                    .resume_debate(target, Some(&run), &mut observer)
                    .await?,
            );
        }
    }
    Ok(())
}

//! What the tools for a person's agent do, through the engine.

use std::sync::Arc;

use poag_core::agent::Pending;
use poag_core::council::message::Message;
use poag_core::council::{Event, Started};
use poag_engine::run::{Observer, news};
use poag_engine::{AskRequest, BackendChoice, Engine, Project, ProjectRef, on_own_thread};

use crate::listed::{ExpertListing, ListedPack};
use crate::person::{AskFor, AskNews, ListOf, PackOf, Said, Tell, ToolHandler};
use crate::talk::{TalkCall, Talker};
use crate::worker::{self, WorkerCall};

/// How far the tools reach: whoever may start programs here may name any flake, others may not.
pub trait Reach: Send + Sync + 'static {
    /// The flake that a word means; without one that which is meant where none is named.
    ///
    /// # Errors
    /// A text that ends in what to do.
    fn flake(&self, word: Option<&str>) -> Result<ProjectRef, String>;
    /// Whether works and sessions of this flake may be seen and changed.
    fn covers(&self, flake: &str) -> bool;
    /// Under which name it is recorded what is said in sessions, and done to them.
    fn by(&self) -> &str {
        "agent"
    }
    /// Has the messages of a session answered, where whoever reaches does that itself; else false.
    fn answers(&self, _session: &str) -> bool {
        false
    }
}

/// The tools, over an engine.
#[derive(Clone)]
pub struct Handler {
    talker: Talker,
    engine: Engine,
    reach: Arc<dyn Reach>,
}

impl Handler {
    /// Tools over this engine, as far as they reach.
    #[must_use]
    pub fn new(engine: Engine, reach: Arc<dyn Reach>) -> Self {
        Self {
            talker: Talker::new(engine.clone(), Arc::clone(&reach)),
            engine,
            reach,
        }
    }

    fn target(&self, flake: Option<String>) -> Result<ProjectRef, ToolError> {
        self.reach.flake(flake.as_deref()).map_err(ToolError)
    }

    async fn open(&self, flake: Option<String>) -> Result<Project, ToolError> {
        Ok(self.engine.open(&self.target(flake)?).await?)
    }

    async fn plan(&self, what: AskFor, tell: Tell) -> Result<Said, ToolError> {
        let words = what.backend.iter().flat_map(|words| words.split(','));
        let request = AskRequest {
            request: what.request.trim().to_owned(),
            expert: what.expert,
            backends: BackendChoice::of(words.map(str::trim)),
            ..AskRequest::default()
        };
        let target = self.target(what.flake)?;
        let outcome = self
            .engine
            .ask(&target, &request, &mut Teller(tell))
            .await?;
        let (run, plan) = (outcome.run, outcome.plan);
        Ok(Said {
            data: Some(serde_json::to_value(&plan)?),
            text: format!("{}\nRun {run}: `poag run show {run}`\n", plan.to_markdown()),
        })
    }

    async fn list(&self, whose: ListOf) -> Result<Said, ToolError> {
        let listing = ExpertListing::of(&self.open(whose.flake).await?.graph);
        let data = serde_json::to_value(listing)?;
        Ok(Said {
            text: serde_json::to_string_pretty(&data)?,
            data: Some(data),
        })
    }

    async fn read(&self, whose: PackOf) -> Result<Said, ToolError> {
        let project = self.open(whose.flake).await?;
        let expert = project.expert(Some(&whose.expert))?;
        let pack = self.engine.pack(&project.graph, expert, None)?;
        let listed = ListedPack {
            expert: expert.name.clone(),
            tokens: pack.tokens,
            left_out: pack.left_out.len(),
        };
        Ok(Said {
            text: pack.text,
            data: Some(serde_json::to_value(listed)?),
        })
    }
}

impl ToolHandler for Handler {
    fn ask(&self, what: AskFor, tell: Tell) -> Pending<'_, Result<Said, String>> {
        let handler = self.clone();
        Box::pin(apart(async move || handler.plan(what, tell).await))
    }

    fn experts(&self, whose: ListOf) -> Pending<'_, Result<Said, String>> {
        let handler = self.clone();
        Box::pin(apart(async move || handler.list(whose).await))
    }

    fn work(&self, call: WorkerCall) -> Pending<'_, Result<Said, String>> {
        let (engine, reach) = (self.engine.clone(), Arc::clone(&self.reach));
        Box::pin(apart(async move || {
            let data = worker::call(&engine, &*reach, call).await?;
            Ok(worker::as_said(data)?)
        }))
    }

    fn talk(&self, call: TalkCall) -> Pending<'_, Result<Said, String>> {
        Box::pin(self.talker.clone().call(call))
    }

    fn pack(&self, whose: PackOf) -> Pending<'_, Result<Said, String>> {
        let handler = self.clone();
        Box::pin(apart(async move || handler.read(whose).await))
    }
}

/// Does some work on a thread of its own, so that the protocol never waits for it.
async fn apart<T: Send + 'static>(
    work: impl AsyncFnOnce() -> Result<T, ToolError> + Send + 'static,
) -> Result<T, String> {
    on_own_thread(work).await.map_err(|ToolError(text)| text)
}

/// An error as an agent reads it, with what to do at its end.
struct ToolError(String);

impl<E: std::error::Error> From<E> for ToolError {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Passes the news on.
struct Teller(Tell);

impl Teller {
    fn tell(&self, line: String) {
        // Nobody listens any more when the request was cancelled.
        let _ = self.0.send(AskNews::Line(line));
    }
}

impl Observer for Teller {
    fn begun(&mut self, started: &Started, _resumed: bool) {
        let _ = self.0.send(AskNews::Began(started.run.clone()));
    }

    fn event(&mut self, event: &Event) {
        if let Some(news) = news::of_event(event) {
            self.tell(news.plain());
        }
    }

    fn message(&mut self, message: &Message) {
        if let Some(news) = news::of_message(message) {
            self.tell(news.plain());
        }
    }
}

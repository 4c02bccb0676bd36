//! What the tools for a person's agent do, through the engine.

use std::sync::Arc;

use poag_core::agent::Pending;
use poag_core::council::message::Message;
use poag_core::council::{Event, Started};
use poag_core::expert::{Expert, Graph};
use poag_engine::run::{Observer, news};
use poag_engine::{AskRequest, BackendChoice, Engine, Project, ProjectRef, on_own_thread};
use serde_json::{Value, json};

use crate::person::{AskFor, ListOf, PackOf, Said, Tell, ToolHandler};

/// What tells the flake that is meant where none is named.
pub type Here = Arc<dyn Fn() -> Result<ProjectRef, String> + Send + Sync>;

/// The tools, over an engine.
#[derive(Clone)]
pub struct Handler {
    engine: Engine,
    here: Here,
}

impl Handler {
    /// Tools over this engine, about the flake `here` where a call names none.
    #[must_use]
    pub fn new(engine: Engine, here: Here) -> Self {
        Self { engine, here }
    }

    fn target(&self, flake: Option<String>) -> Result<ProjectRef, ToolError> {
        match flake {
            Some(flake) => Ok(self.engine.flake(&flake)?),
            None => (self.here)().map_err(ToolError),
        }
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
        let plan = outcome.plan;
        Ok(Said {
            data: Some(serde_json::to_value(&plan)?),
            text: plan.to_markdown(),
        })
    }

    async fn list(&self, whose: ListOf) -> Result<Said, ToolError> {
        let data = list(&self.open(whose.flake).await?.graph);
        Ok(Said {
            text: serde_json::to_string_pretty(&data)?,
            data: Some(data),
        })
    }

    async fn read(&self, whose: PackOf) -> Result<Said, ToolError> {
        let project = self.open(whose.flake).await?;
        let expert = project.expert(Some(&whose.expert))?;
        Ok(Said {
            text: self.engine.pack(&project.graph, expert, None)?.text,
            data: None,
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

fn list(graph: &Graph) -> Value {
    let experts: Vec<Value> = graph.providers_first().into_iter().map(describe).collect();
    json!({"root": graph.root, "experts": experts})
}

/// An expert without what only poag needs.
fn describe(expert: &Expert) -> Value {
    let provides = expert.provides.iter().map(|(name, contract)| {
        let contract = json!({"summary": contract.summary, "files": contract.files});
        (name.clone(), contract)
    });
    let needs = expert.neighbors.iter().map(|(provider, edge)| {
        let needs = edge.contracts.iter().map(|name| {
            let why = edge.needs.get(name).cloned();
            (name.clone(), json!(why))
        });
        (provider.clone(), Value::Object(needs.collect()))
    });
    let freshness = &expert.freshness;
    let backend = expert.agent.backend.as_deref();
    json!({
        "name": expert.name,
        "role": expert.role.trim(),
        "place": expert.place(),
        "capabilities": expert.capabilities,
        "checks": expert.checks,
        "backend": backend.unwrap_or(poag_engine::DEFAULT_BACKEND),
        "provides": Value::Object(provides.collect()),
        "needs": Value::Object(needs.collect()),
        "freshness": {
            "status": freshness.status,
            "message": freshness.message,
            "repair": freshness.repair,
        },
    })
}

/// Passes the news on.
struct Teller(Tell);

impl Teller {
    fn tell(&self, line: String) {
        // Nobody listens any more when the request was cancelled.
        let _ = self.0.send(line);
    }
}

impl Observer for Teller {
    fn begun(&mut self, started: &Started, _resumed: bool) {
        self.tell(format!("run {} begins", started.run));
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

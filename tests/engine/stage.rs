//! An engine for a temporary repository, and a backend that says what a test wants.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use poag::agent::{
    Agent, AgentError, Capabilities, Pending, Raw, Settings, TurnOutput, TurnRequest, Usage,
};
use poag::engine::run::{Observer, RunOutcome};
use poag::engine::{AskRequest, Engine, EngineError, EngineSettings};
use serde_json::Value;

use crate::harness::Repository;

/// Settings whose folders lie beside the repository, and whose flakes are named relative to its root.
pub fn settings(repository: &Repository) -> EngineSettings {
    let beside = repository.root.parent().unwrap();
    EngineSettings::new(
        beside.join("cache"),
        repository.state(),
        repository.root.clone(),
    )
}

/// Asks the flake in a folder of the repository.
pub async fn ask(
    engine: &Engine,
    folder: &str,
    request: &AskRequest,
    observer: &mut dyn Observer,
) -> Result<RunOutcome, EngineError> {
    engine.ask(&engine.flake(folder)?, request, observer).await
}

/// A request and nothing else.
pub fn request(text: &str) -> AskRequest {
    AskRequest {
        request: text.into(),
        ..AskRequest::default()
    }
}

/// A backend of no process: what it says in a turn is a function of the input.
pub struct Spoken<F>(pub F);

/// The backend's name.
pub const SPOKEN: &str = "spoken";

impl<F: Fn(&str, &Value) -> Value + Send + Sync> Agent for Spoken<F> {
    fn name(&self) -> &str {
        SPOKEN
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }

    fn probe<'a>(&'a self, _: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        Box::pin(async { Ok("1".into()) })
    }

    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput> {
        let said = (self.0)(&request.persona.speaker, &request.input);
        Box::pin(async move {
            TurnOutput {
                outcome: Ok(said),
                usage: Usage::default(),
                raw: Raw::default(),
            }
        })
    }
}

/// The words of `EXPERT-TURN` in a folder, else those of `else`.
pub fn written(folder: PathBuf) -> impl Fn(&str, &Value) -> Value + Send + Sync {
    move |expert, input| {
        let turn = folder.join(format!("{expert}-{}", input["turn"]));
        let said = std::fs::read(turn).or_else(|_| std::fs::read(folder.join("else")));
        serde_json::from_slice(&said.unwrap()).unwrap()
    }
}

/// The engine of a repository in which this backend is known, and a request that it answers.
pub fn spoken(
    repository: &Repository,
    words: impl Fn(&str, &Value) -> Value + Send + Sync + 'static,
    text: &str,
) -> (Engine, AskRequest) {
    let agent: Arc<dyn Agent> = Arc::new(Spoken(words));
    let engine = Engine::new(EngineSettings {
        agents: BTreeMap::from([(SPOKEN.to_owned(), agent)]),
        ..settings(repository)
    });
    let mut request = request(text);
    request.backends.all = Some(SPOKEN.to_owned());
    (engine, request)
}

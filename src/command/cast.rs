//! Who speaks for each expert: the backend its flake declares, unless the command line says otherwise.

pub mod consent;
mod dev_shell;
mod engage;
mod enrich;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::Semaphore;

use super::context::{Context, cache_dir, checkpoints, find, state_dir};
use crate::agent::patience::{self, Patience};
use crate::agent::process::Launcher;
use crate::agent::{Agent, AgentError, Fault, Pending, Settings, ToolServer, TurnOutput, backends};
use crate::council::event::TurnId;
use crate::council::message::{Passage, TurnInput};
use crate::engine::checkpoint::Store;
use crate::engine::run::{BackendSelection, Participant, TurnContext};
use crate::error::Error;
use crate::expert::{Expert, Graph};
use crate::librarian::{self, Librarian, LibrarianError};
use crate::mcp;
use consent::{CommandArgs, Consent};
use dev_shell::DevShells;

/// The backends of one run.
pub struct Cast {
    graph: Arc<Graph>,
    repository: Option<PathBuf>,
    cache: PathBuf,
    librarian: Arc<Librarian>,
    launcher: OnceLock<Launcher>,
    consent: Consent,
    checkpoints: Arc<Store>,
    dev_shells: Option<DevShells>,
    /// Turns of one backend at a time.
    at_a_time: usize,
    /// Backend → the one agent that all its experts share, with its seats and what it found out.
    agents: Mutex<BTreeMap<String, Arc<dyn Agent>>>,
    /// From the command line: for all experts that it does not name.
    all: Option<String>,
    /// From the command line: expert → backend.
    named: BTreeMap<String, String>,
}

impl Cast {
    /// `words` are those of `--backend`: `BACKEND` or `EXPERT=BACKEND`.
    pub fn new(
        context: &Context,
        graph: &Arc<Graph>,
        words: &[String],
        commands: &CommandArgs,
    ) -> Result<Self, Error> {
        let cache = cache_dir()?;
        let shelf = cache.join("librarian");
        let librarian = match context.flake.folder_of("") {
            Some(repository) => Librarian::remembering(Arc::clone(graph), shelf, repository),
            None => Librarian::new(Arc::clone(graph), shelf),
        };
        let mut cast = Self {
            graph: Arc::clone(graph),
            repository: context.flake.folder_of(""),
            dev_shells: DevShells::new(context, commands, &cache),
            cache,
            librarian: Arc::new(librarian),
            launcher: OnceLock::new(),
            consent: Consent::new(graph, commands)?,
            checkpoints: Arc::new(checkpoints()?),
            at_a_time: patience::AT_A_TIME,
            agents: Mutex::default(),
            all: None,
            named: BTreeMap::new(),
        };
        for word in words {
            let (expert, backend) = match word.split_once('=') {
                Some((expert, backend)) => (Some(find(graph, expert)?), backend),
                None => (None, word.as_str()),
            };
            if !names().any(|name| name == backend) {
                let names: Vec<&str> = names().collect();
                return Err(Error::Usage(format!(
                    "there is no backend '{backend}' in this poag\nrepair: use one of: {}",
                    names.join(", ")
                )));
            }
            match expert {
                Some(expert) => drop(cast.named.insert(expert.name.clone(), backend.into())),
                None => cast.all = Some(backend.into()),
            }
        }
        Ok(cast)
    }

    /// The same, with so many turns of one backend at a time.
    pub fn at_a_time(mut self, turns: usize) -> Self {
        self.at_a_time = turns.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// What a backend is set to for an expert. What its flake says of another backend does not count.
    fn settings(&self, expert: &Expert, backend: &str) -> Result<Settings, AgentError> {
        let declared = expert.agent.backend.as_deref() == Some(backend);
        let agent = declared.then_some(&expert.agent);
        let command = agent.and_then(|agent| agent.command.as_deref());
        Ok(Settings {
            model: agent.and_then(|agent| agent.model.clone()),
            command: self.consent.command(&expert.name, backend, command)?,
        })
    }

    fn agent(&self, expert: &Expert, backend: &str) -> Result<Arc<dyn Agent>, AgentError> {
        let launcher = match self.launcher.get() {
            Some(launcher) => launcher,
            None => {
                let made = launcher().map_err(|error| {
                    let error = error.to_string();
                    let why = error.lines().next().unwrap_or_default();
                    let reason = format!("no folder for its turns can be made: {why}");
                    let repair = "make it writable, or name another with POAG_STATE_DIR";
                    AgentError::new(Fault::Unavailable, backend, reason, repair)
                })?;
                self.launcher.get_or_init(|| made)
            }
        };
        let mut agents = self.agents.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(agent) = agents.get(backend) {
            return Ok(Arc::clone(agent));
        }
        let agent = backends::make(backend, launcher).ok_or_else(|| {
            let name = &expert.name;
            AgentError::new(
                Fault::Unavailable,
                backend,
                format!("the flake of '{name}' asks for it, and this poag does not hold it"),
                format!("ask again with --backend {name}={}", librarian::NAME),
            )
        })?;
        let seats = Arc::new(Semaphore::new(self.at_a_time));
        let agent: Arc<dyn Agent> = Arc::new(Patience::new(agent, seats));
        agents.insert(backend.to_owned(), Arc::clone(&agent));
        Ok(agent)
    }
}

fn launcher() -> Result<Launcher, Error> {
    Ok(Launcher::new(
        std::env::current_exe()?,
        &state_dir()?.join("turns"),
    )?)
}

/// Whether the checkpoints of a backend are of use on another machine; none where this poag does not
/// hold it.
pub fn portable(backend: &str) -> Option<bool> {
    let agent = backends::make(backend, &launcher().ok()?)?;
    Some(agent.capabilities().portable)
}

/// Every backend that this poag holds.
fn names() -> impl Iterator<Item = &'static str> {
    std::iter::once(librarian::NAME).chain(backends::NAMES)
}

impl BackendSelection for Cast {
    fn backend(&self, expert: &Expert) -> String {
        let named = self.named.get(&expert.name).or(self.all.as_ref());
        let chosen = named.or(expert.agent.backend.as_ref());
        chosen.map_or_else(|| librarian::NAME.into(), Clone::clone)
    }

    fn repository(&self) -> Option<&Path> {
        self.repository.as_deref()
    }

    fn in_rounds(&self, expert: &Expert) -> bool {
        self.backend(expert) == librarian::NAME
    }

    fn connect<'a>(
        &'a self,
        expert: &'a Expert,
        context: &'a TurnContext,
    ) -> Pending<'a, Result<Participant, Box<TurnOutput>>> {
        Box::pin(self.engage(expert, context))
    }

    fn enrich<'a>(
        &'a self,
        expert: &'a Expert,
        pack: &'a str,
        input: TurnInput,
    ) -> Pending<'a, TurnInput> {
        Box::pin(self.enriched(expert, pack, input))
    }

    fn tools(&self, _turn: &TurnId) -> Option<ToolServer> {
        let poag = std::env::current_exe().ok()?;
        Some(mcp::turn::server(poag))
    }

    fn lookup<'a>(
        &'a self,
        expert: &'a Expert,
        query: &'a str,
    ) -> Pending<'a, Result<Vec<Passage>, String>> {
        let (librarian, expert, query) = (
            Arc::clone(&self.librarian),
            expert.clone(),
            query.to_owned(),
        );
        let work = move || librarian.lookup(&expert, &query);
        Box::pin(async move {
            match tokio::task::spawn_blocking(work).await {
                Ok(found) => found.map_err(|error| AgentError::from(error).to_string()),
                Err(broken) => Err(AgentError::from(LibrarianError::from(broken)).to_string()),
            }
        })
    }
}

//! Who thinks for each expert: the backend that its flake declares, unless the request chooses another.

mod connect;
pub mod consent;
mod dev_shell;
mod enrich;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use super::checkpoint::Store;
use super::project::find;
use super::run::{BackendSelection, Participant, TurnContext};
use super::{Engine, EngineError, ProjectRef};
use dev_shell::DevShells;
use poag_agent::patience::{self, Patience};
use poag_agent::process::Launcher;
use poag_agent::{
    Agent, AgentError, Fault, Pending, ServerSettings, Settings, ToolServer, TurnOutput, backends,
    openai,
};
use poag_core::council::event::{AgentSelection, TurnId};
use poag_core::council::message::{EarlierPlan, Passage, TurnInput};
use poag_core::expert::{AgentSettings, Expert, Graph};
use poag_core::suggest::nearest;
use poag_librarian::{Librarian, LibrarianError};

/// Which backend thinks for whom, with which model. The default leaves it to the flakes.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct BackendChoice {
    /// The backend of every expert that is not named.
    pub all: Option<String>,
    /// Expert → backend.
    pub experts: BTreeMap<String, String>,
    /// The model of every expert that is not named here, in the words of its backend.
    pub model: Option<String>,
    /// Expert → model.
    pub models: BTreeMap<String, String>,
}

impl BackendChoice {
    /// The choice that words make, each `BACKEND` or `EXPERT=BACKEND`; the last one counts.
    #[must_use]
    pub fn of<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut choice = Self::default();
        for word in words {
            match word.split_once('=') {
                Some((expert, backend)) => {
                    choice.experts.insert(expert.into(), backend.into());
                }
                None => choice.all = Some(word.into()),
            }
        }
        choice
    }

    /// The same with models, each word `MODEL` or `EXPERT=MODEL`; the last one counts.
    #[must_use]
    pub fn with_models<'w>(self, words: impl IntoIterator<Item = &'w str>) -> Self {
        let models = Self::of(words);
        Self {
            model: models.all,
            models: models.experts,
            ..self
        }
    }

    fn model(&self, expert: &str) -> Option<&String> {
        self.models.get(expert).or(self.model.as_ref())
    }
}

/// Expert → how right its part of earlier plans was.
type EarlierPlans = BTreeMap<String, Vec<EarlierPlan>>;

/// The backends of one run.
pub struct Backends {
    engine: Engine,
    graph: Arc<Graph>,
    repository: Option<PathBuf>,
    cache: PathBuf,
    librarian: Arc<Librarian>,
    launcher: OnceLock<Launcher>,
    checkpoints: Arc<Store>,
    dev_shells: Option<DevShells>,
    choice: BackendChoice,
    /// The flake that was asked, as works are found by it; and what its experts are told of earlier plans, once it was looked.
    flake: String,
    earlier: Arc<OnceLock<EarlierPlans>>,
    /// What the run was started with, where another process began it: it counts where `choice` is silent.
    begun: Option<AgentSelection>,
    /// Turns of one backend at a time.
    at_a_time: usize,
    /// Backend → the one agent that all its experts share, with its semaphore and what it found out.
    agents: Mutex<BTreeMap<String, Arc<dyn Agent>>>,
}

impl Backends {
    /// Those of a graph that was read from a target.
    ///
    /// # Errors
    /// When an expert that is named is unknown, there is no such backend, or the engine has no folders.
    pub fn new(
        engine: &Engine,
        target: &ProjectRef,
        graph: &Arc<Graph>,
        choice: &BackendChoice,
    ) -> Result<Self, EngineError> {
        let cache = engine.cache()?;
        let consent = &engine.settings.consent;
        let named = choice.experts.keys().chain(choice.models.keys());
        for name in named.chain(consent.experts.keys()) {
            find(graph, name)?;
        }
        let known = engine.backend_names();
        let mut chosen = choice.experts.values().chain(&choice.all);
        if let Some(name) = chosen.find(|name| !known.contains(&name.as_str())) {
            return Err(EngineError::NoSuchBackend {
                name: name.clone(),
                close: nearest(name, known.iter().copied()).map(str::to_owned),
                known: known.join(", "),
            });
        }
        let repository = target.flake.folder_of("");
        let indexes = cache.join("librarian");
        let librarian = match repository.clone() {
            Some(repository) => Librarian::remembering(Arc::clone(graph), indexes, repository),
            None => Librarian::new(Arc::clone(graph), indexes),
        };
        Ok(Self {
            graph: Arc::clone(graph),
            repository,
            dev_shells: consent
                .dev_shells
                .then(|| DevShells::new(engine, &target.flake, &cache)),
            cache,
            librarian: Arc::new(librarian),
            launcher: OnceLock::new(),
            checkpoints: Arc::new(engine.store()?),
            choice: choice.clone(),
            flake: target.flake.to_string(),
            earlier: Arc::default(),
            begun: None,
            at_a_time: patience::AT_A_TIME,
            agents: Mutex::default(),
            engine: engine.clone(),
        })
    }

    /// The same for a run that another process began: with what it was started with, where the choice and the consent of
    /// this process say nothing.
    #[must_use]
    pub fn going_on_with(mut self, begun: AgentSelection) -> Self {
        if !begun.dev_shells {
            self.dev_shells = None;
        }
        self.begun = Some(begun);
        self
    }

    /// The same, with so many turns of one backend at a time.
    #[must_use]
    pub fn at_a_time(mut self, turns: usize) -> Self {
        self.at_a_time = turns.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// What a backend is set to for an expert. What its flake says of another backend does not count.
    fn settings(&self, expert: &Expert, backend: &str) -> Result<Settings, AgentError> {
        Ok(Settings {
            model: self.model(expert, backend),
            command: self.command(expert, backend)?,
            server: self.server(expert, backend)?,
        })
    }

    fn model(&self, expert: &Expert, backend: &str) -> Option<String> {
        let begun = || self.begun_with(expert, backend)?.models.get(&expert.name);
        let declared = || declared(expert, backend)?.model.as_ref();
        let chosen = self.choice.model(&expert.name);
        chosen.or_else(begun).or_else(declared).cloned()
    }

    fn command(&self, expert: &Expert, backend: &str) -> Result<Option<Vec<String>>, AgentError> {
        let consent = &self.engine.settings.consent;
        let begun = self.begun_with(expert, backend);
        let begun = begun.and_then(|begun| begun.commands.get(&expert.name));
        if let Some(command) = consent.given(&expert.name, backend).or(begun) {
            return Ok(Some(command.clone()));
        }
        let declared = declared(expert, backend).and_then(|agent| agent.command.as_deref());
        consent.command(&expert.name, backend, declared)
    }

    /// The server that a flake names, where a person allowed it.
    fn server(&self, expert: &Expert, backend: &str) -> Result<Option<ServerSettings>, AgentError> {
        let Some(agent) = declared(expert, backend).filter(|_| backend == openai::NAME) else {
            return Ok(None);
        };
        let server = ServerSettings {
            base_url: agent.base_url.clone(),
            key_env: agent.key_env.clone(),
            api: agent.api.unwrap_or_default(),
            usd_per_million_input: agent.usd_per_million_input,
            usd_per_million_cached: agent.usd_per_million_cached,
            usd_per_million_output: agent.usd_per_million_output,
        };
        let consent = &self.engine.settings.consent;
        consent.server(&expert.name, &server)?;
        Ok(Some(server))
    }

    /// What the run was started with, where that is the backend of the expert still.
    fn begun_with(&self, expert: &Expert, backend: &str) -> Option<&AgentSelection> {
        let begun = self.begun.as_ref()?;
        let with = begun.backends.get(&expert.name)?;
        (with == backend).then_some(begun)
    }

    fn agent(&self, expert: &Expert, backend: &str) -> Result<Arc<dyn Agent>, AgentError> {
        let mut agents = self.agents.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(agent) = agents.get(backend) {
            return Ok(Arc::clone(agent));
        }
        let agent = match self.engine.settings.agents.get(backend) {
            Some(agent) => Arc::clone(agent),
            None => self.make(expert, backend)?,
        };
        let permits = Arc::new(Semaphore::new(self.at_a_time));
        let agent: Arc<dyn Agent> = Arc::new(Patience::new(agent, permits));
        agents.insert(backend.to_owned(), Arc::clone(&agent));
        Ok(agent)
    }

    fn make(&self, expert: &Expert, backend: &str) -> Result<Arc<dyn Agent>, AgentError> {
        let launcher = match self.launcher.get() {
            Some(launcher) => launcher,
            None => {
                let made = self.engine.launcher().map_err(|error| {
                    let error = error.to_string();
                    let why = error.lines().next().unwrap_or_default();
                    let reason = format!("no folder for its turns can be made: {why}");
                    let repair = "make it writable, or name another with POAG_STATE_DIR";
                    AgentError::new(Fault::Unavailable, backend, reason, repair)
                })?;
                self.launcher.get_or_init(|| made)
            }
        };
        backends::make(backend, launcher).ok_or_else(|| {
            let name = &expert.name;
            AgentError::new(
                Fault::Unavailable,
                backend,
                format!("the flake of '{name}' asks for it, and this poag does not hold it"),
                format!("ask again with --backend {name}={}", poag_librarian::NAME),
            )
        })
    }
}

/// What a flake says of its agent; nothing where it means another backend.
fn declared<'e>(expert: &'e Expert, backend: &str) -> Option<&'e AgentSettings> {
    let declared = expert.agent.backend.as_deref() == Some(backend);
    declared.then_some(&expert.agent)
}

/// Whether the checkpoints of a backend are of use on another machine; none where this poag does not
/// hold it.
pub(super) fn portable(engine: &Engine, backend: &str) -> Option<bool> {
    let agent = backends::make(backend, &engine.launcher().ok()?)?;
    Some(agent.capabilities().portable)
}

impl Engine {
    /// Every backend that can be named.
    pub(crate) fn backend_names(&self) -> Vec<&str> {
        let own = self.settings.agents.keys().map(String::as_str);
        names().chain(own).collect()
    }
}

/// Every backend that this poag holds.
fn names<'n>() -> impl Iterator<Item = &'n str> {
    std::iter::once(poag_librarian::NAME).chain(backends::NAMES)
}

impl BackendSelection for Backends {
    fn backend(&self, expert: &Expert) -> String {
        let named = self.choice.experts.get(&expert.name);
        let named = named.or(self.choice.all.as_ref());
        let begun = self.begun.as_ref();
        let begun = begun.and_then(|begun| begun.backends.get(&expert.name));
        let chosen = named.or(begun).or(expert.agent.backend.as_ref());
        chosen.map_or_else(|| poag_librarian::NAME.into(), Clone::clone)
    }

    fn selection(&self, graph: &Graph) -> AgentSelection {
        let mut selection = AgentSelection {
            dev_shells: self.dev_shells.is_some(),
            ..AgentSelection::default()
        };
        for expert in graph.experts.values() {
            let (name, backend) = (&expert.name, self.backend(expert));
            if let Some(model) = self.model(expert, &backend) {
                selection.models.insert(name.clone(), model);
            }
            // One that nobody allowed is refused when it is needed, and can be allowed until then.
            if let Ok(Some(command)) = self.command(expert, &backend) {
                selection.commands.insert(name.clone(), command);
            }
            selection.backends.insert(name.clone(), backend);
        }
        selection
    }

    fn repository(&self) -> Option<&Path> {
        self.repository.as_deref()
    }

    fn sockets(&self) -> Option<&Path> {
        self.engine.settings.sockets.as_deref()
    }

    fn in_rounds(&self, expert: &Expert) -> bool {
        self.backend(expert) == poag_librarian::NAME
    }

    fn connect<'a>(
        &'a self,
        expert: &'a Expert,
        context: &'a TurnContext,
    ) -> Pending<'a, Result<Participant, Box<TurnOutput>>> {
        Box::pin(self.connected(expert, context))
    }

    fn connect_debater<'a>(
        &'a self,
        seat: &'a Expert,
        base: &'a Expert,
    ) -> Pending<'a, Result<Participant, Box<TurnOutput>>> {
        Box::pin(self.debater(seat, base))
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
        self.engine.settings.tools.clone()
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

//! Who speaks for each expert: the backend its flake declares, unless the command line says otherwise.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::context::{cache_dir, find, state_dir};
use crate::agent::process::Launcher;
use crate::agent::{
    Agent, AgentError, Fault, Pending, Persona, Settings, Start, ToolServer, TurnOutput, backends,
};
use crate::council::brief;
use crate::council::event::{Joined, Opening, TurnId};
use crate::council::message::Passage;
use crate::council::plan::schema;
use crate::council::runner::{Casting, Errand, Member};
use crate::error::Error;
use crate::expert::{Expert, Graph};
use crate::knowledge::pack::{Pack, PackOptions};
use crate::librarian::{self, Librarian, LibrarianError};
use crate::mcp;

/// The backends of one run.
pub struct Cast {
    graph: Arc<Graph>,
    cache: PathBuf,
    librarian: Arc<Librarian>,
    launcher: OnceLock<Launcher>,
    /// From the command line: for all experts that it does not name.
    all: Option<String>,
    /// From the command line: expert → backend.
    named: BTreeMap<String, String>,
}

impl Cast {
    /// `words` are those of `--backend`: `BACKEND` or `EXPERT=BACKEND`.
    pub fn new(graph: &Arc<Graph>, words: &[String]) -> Result<Self, Error> {
        let cache = cache_dir();
        let librarian = Librarian::new(Arc::clone(graph), cache.join("librarian"));
        let mut cast = Self {
            graph: Arc::clone(graph),
            cache,
            librarian: Arc::new(librarian),
            launcher: OnceLock::new(),
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

    /// What a backend is set to for an expert. What its flake says of another backend does not count.
    fn settings(&self, expert: &Expert, backend: &str) -> Settings {
        if expert.agent.backend.as_deref() != Some(backend) {
            return Settings::default();
        }
        Settings {
            model: expert.agent.model.clone(),
            command: expert.agent.command.clone(),
        }
    }

    fn agent(&self, expert: &Expert, backend: &str) -> Result<Arc<dyn Agent>, AgentError> {
        let launcher = match self.launcher.get() {
            Some(launcher) => launcher,
            None => {
                let made = std::env::current_exe()
                    .and_then(|guard| Launcher::new(guard, &state_dir().join("turns")));
                let made = made.map_err(|error| {
                    let reason = format!("no folder for its turns can be made: {error}");
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
                format!("ask again with --backend {name}={}", librarian::NAME),
            )
        })
    }

    async fn engage(&self, expert: &Expert) -> Result<Member, AgentError> {
        let backend = self.backend(expert);
        if backend == librarian::NAME {
            let agent = Arc::clone(&self.librarian) as _;
            return Ok(Member::bare(agent, librarian::VERSION.into(), expert));
        }
        let agent = self.agent(expert, &backend)?;
        let settings = self.settings(expert, &backend);
        let version = agent.probe(&settings).await?;
        let pack = match agent.capabilities().reads_pack {
            true => self.pack(expert, &backend)?,
            false => "".into(),
        };
        let joined = Joined {
            backend,
            version,
            model: settings.model.clone(),
            opening: Opening::New,
            checkpoint: None,
            why: "its backend keeps no checkpoints".into(),
            usage: Default::default(),
        };
        let persona = Persona {
            speaker: expert.name.clone(),
            instructions: brief::INSTRUCTIONS.into(),
            pack,
            schema: schema::turn_result(),
            folder: expert.knowledge.path.clone(),
            settings,
            search_path: None,
        };
        Ok(Member {
            agent,
            persona: Arc::new(persona),
            start: Start::New,
            joined,
        })
    }

    fn pack(&self, expert: &Expert, backend: &str) -> Result<Arc<str>, AgentError> {
        let options = PackOptions::default();
        let pack = Pack::cached(&self.cache, &self.graph, expert, &options);
        pack.map(|pack| pack.text.into()).map_err(|error| {
            let text = error.to_string();
            let (reason, repair) = text
                .split_once("\nrepair: ")
                .unwrap_or((&text, "learn again"));
            AgentError::new(Fault::Failed, backend, reason, repair)
        })
    }
}

/// Every backend that this poag holds.
fn names() -> impl Iterator<Item = &'static str> {
    std::iter::once(librarian::NAME).chain(backends::NAMES)
}

impl Casting for Cast {
    fn backend(&self, expert: &Expert) -> String {
        let named = self.named.get(&expert.name).or(self.all.as_ref());
        let chosen = named.or(expert.agent.backend.as_ref());
        chosen.map_or_else(|| librarian::NAME.into(), Clone::clone)
    }

    fn in_rounds(&self, expert: &Expert) -> bool {
        self.backend(expert) == librarian::NAME
    }

    fn member<'a>(
        &'a self,
        expert: &'a Expert,
        _errand: &'a Errand,
    ) -> Pending<'a, Result<Member, Box<TurnOutput>>> {
        Box::pin(async move {
            let member = self.engage(expert).await;
            member.map_err(|error| Box::new(error.into()))
        })
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

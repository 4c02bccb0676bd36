//! The embedded backend: offline, deterministic, and honest about what it does not find.
//!
//! Each expert's knowledge has one index on disk, by content (`build`, `older`, `store`, `index`). A turn reads the request
//! (`intent`, `asking`, `query`), searches (`search`), answers (`usage`, `block`), names files (`change`, `promised`, `mentioned`, `cover`),
//! asks neighbours (`route`, `declared`, `past`) and reacts to their replies (`revise`, `adapt`). Nothing here knows any repository: what is
//! said comes from what was found.

mod adapt;
mod advice;
mod asking;
mod block;
mod build;
mod change;
mod clip;
mod cover;
mod declared;
mod error;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod index;
mod instruct;
mod intent;
mod kept;
mod language;
mod lookup;
mod mentioned;
mod numbering;
mod older;
pub mod order;
mod passage;
mod past;
mod promised;
mod provider;
mod query;
mod quote;
pub mod rank;
mod reader;
mod recall;
mod remembered;
mod responsible;
mod revise;
mod role;
mod route;
mod scout;
mod search;
mod sections;
mod sheets;
mod shelf;
mod stem;
mod stop;
mod store;
mod suit;
mod totals;
mod turn;
mod usage;
mod uses;
mod variant;
mod view;
mod words;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

pub use advice::Advice;
pub use error::LibrarianError;
use serde_json::Value;

use crate::agent::{Agent, AgentError, Capabilities, Pending, Settings, TurnOutput, TurnRequest};
use crate::council::message::{Passage, TurnInput};
use crate::expert::{Expert, Graph};

/// The backend's name, as flakes write it.
pub const NAME: &str = "librarian";
/// Its version: that of poag, which it is a part of.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Searches what experts know, and says only what it found.
#[derive(Clone)]
pub struct Librarian {
    graph: Arc<Graph>,
    shelf: Arc<shelf::Shelf>,
    declared: Arc<declared::Declared>,
}

impl Librarian {
    /// A librarian for the experts of `graph` that keeps its indexes in `cache_dir`, which is made when
    /// it is first needed.
    #[must_use]
    pub fn new(graph: Arc<Graph>, cache_dir: PathBuf) -> Self {
        let shelf = Arc::new(shelf::Shelf::new(cache_dir));
        Self {
            graph,
            shelf,
            declared: Arc::default(),
        }
    }

    /// The same, ranking files also by the past of the git repository in which the graph's own flakes lie.
    #[must_use]
    pub fn remembering(graph: Arc<Graph>, cache_dir: PathBuf, repository: PathBuf) -> Self {
        let shelf = shelf::Shelf::new(cache_dir).remembering(repository.clone());
        let declared = declared::Declared::beside(repository);
        Self {
            graph,
            shelf: Arc::new(shelf),
            declared: Arc::new(declared),
        }
    }

    /// What a search has for an agent that takes this turn: passages of at most `budget` tokens together,
    /// and neighbours worth asking. Nothing where nobody asks anything. It reads files: call it where that
    /// may take a moment.
    ///
    /// # Errors
    /// When the graph lacks the speaker, or knowledge cannot be read.
    pub fn advice(&self, input: &TurnInput, budget: usize) -> Result<Advice, LibrarianError> {
        advice::advice(&self.graph, &self.shelf, &self.declared, input, budget)
    }

    /// The passages of an expert's files that match `query`, best first, bounded. Blocks while an index is
    /// built or read.
    ///
    /// # Errors
    /// When the expert's knowledge cannot be read or its index is damaged.
    pub fn lookup(&self, expert: &Expert, query: &str) -> Result<Vec<Passage>, LibrarianError> {
        lookup::lookup(&self.shelf, expert, query)
    }

    fn answer(&self, speaker: &str, input: Value) -> Result<Value, LibrarianError> {
        let input: TurnInput = serde_json::from_value(input)?;
        let result = turn::turn(&self.graph, &self.shelf, &self.declared, speaker, &input)?;
        Ok(serde_json::to_value(result)?)
    }
}

impl Agent for Librarian {
    fn name(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            deterministic: true,
            ..Capabilities::default()
        }
    }

    fn probe<'a>(&'a self, _: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        Box::pin(std::future::ready(Ok(VERSION.into())))
    }

    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput> {
        let librarian = self.clone();
        Box::pin(async move {
            let TurnRequest {
                persona,
                input,
                timeout,
                ..
            } = request;
            let work =
                tokio::task::spawn_blocking(move || librarian.answer(&persona.speaker, input));
            TurnOutput::free(match tokio::time::timeout(timeout, work).await {
                Ok(Ok(done)) => done.map_err(AgentError::from),
                Ok(Err(broken)) => Err(LibrarianError::from(broken).into()),
                Err(_) => Err(AgentError::timeout(NAME, timeout)),
            })
        })
    }
}

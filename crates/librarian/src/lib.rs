//! The embedded backend: offline, deterministic, and honest about what it does not find.
//!
//! In layers, each using only those before it: `text` (words, what a request asks) → `index` (what is read of files, kept by
//! content) → `rank` (which files a request is about, learned from the past) → `answer` (passages that answer), `change`
//! (files that change, judged once for the whole graph) → `route` (whom to ask) → `turn`, `advice`. Nothing here knows any
//! repository: what is said comes from what was found.

#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "a test makes and starts what it needs"
    )
)]
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod advice;
mod answer;
mod change;
mod error;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod index;
pub mod rank;
mod route;
pub mod text;
mod turn;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

pub use advice::Advice;
pub use answer::passages::Passages;
pub use answer::{CONTEXT, ChosenPassage, choose};
pub use change::decide::{Decided, File, decide};
pub use error::LibrarianError;
use serde_json::Value;

use change::instruct::{Search, spots};
use change::judge::judge;
use change::judgement::ChangeJudgement;
use index::files;
use index::shelf::Shelf;
use poag_core::agent::{
    Agent, AgentError, Capabilities, Pending, Settings, TurnOutput, TurnRequest,
};
use poag_core::council::message::{Passage, TurnInput};
use poag_core::expert::{Expert, Graph};
use text::request::RequestText;
use text::role::Role;
use turn::Reading;

/// The backend's name, as flakes write it.
pub const NAME: &str = "librarian";
/// Its version: that of poag, which it is a part of.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Requests whose readings are remembered.
const READINGS: usize = 16;

/// The files of a graph, and what was found in them.
struct Library {
    graph: Arc<Graph>,
    shelf: Shelf,
    readings: Mutex<BTreeMap<String, Arc<Reading>>>,
}

impl Library {
    /// What a text asks for and what was found for it, over the whole graph; found once, for all experts.
    fn reading(&self, text: &str) -> Result<Arc<Reading>, LibrarianError> {
        let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = readings.get(text) {
            return Ok(Arc::clone(known));
        }
        let request = RequestText::of(text);
        let mut found = match request.usage {
            true => answer::find(&self.graph, &self.shelf, &request)?,
            false => Vec::new(),
        };
        if request.usage && found.is_empty() {
            found = self.undocumented(text, &request)?;
        }
        let judgement = match request.change {
            true => judge(&self.graph, &self.shelf, &request, text)?,
            false => ChangeJudgement::default(),
        };
        let reading = Arc::new(Reading {
            request,
            found,
            judgement,
        });
        if readings.len() >= READINGS {
            readings.clear();
        }
        readings.insert(text.to_owned(), Arc::clone(&reading));
        Ok(reading)
    }

    /// The places that a question is about, where no documentation holds a word of it.
    fn undocumented(
        &self,
        text: &str,
        request: &RequestText,
    ) -> Result<Vec<answer::Found>, LibrarianError> {
        let judged = judge(&self.graph, &self.shelf, request, text)?;
        let pool = self.shelf.ranker(&self.graph)?;
        let search = Search::new(request, pool.of.corpus());
        let mut found = Vec::new();
        let tests = |path: &str| Role::of(path) == Role::Test;
        for file in judged
            .files
            .iter()
            .filter(|file| file.named && !tests(&file.path))
        {
            let Some(expert) = self.graph.expert(&file.expert) else {
                continue;
            };
            let text = files::text(&expert.knowledge.path, &file.path).unwrap_or_default();
            if let Some((title, lines)) = spots(&file.path, &text, &search).into_iter().next() {
                found.push(answer::Found {
                    expert: file.expert.clone(),
                    path: file.path.clone(),
                    title,
                    lines,
                    share: 1.0,
                    cover: 1.0,
                });
            }
        }
        found.truncate(answer::QUOTED);
        Ok(found)
    }
}

/// Searches what experts know, and says only what it found.
#[derive(Clone)]
pub struct Librarian(Arc<Library>);

impl Librarian {
    /// A librarian for the experts of `graph` that keeps its indexes in `cache_dir`, which is made when
    /// it is first needed.
    #[must_use]
    pub fn new(graph: Arc<Graph>, cache_dir: PathBuf) -> Self {
        Self::with(graph, Shelf::new(cache_dir, None))
    }

    /// The same, ranking files also by the past of the git repository in which the graph's own flakes lie.
    #[must_use]
    pub fn remembering(graph: Arc<Graph>, cache_dir: PathBuf, repository: PathBuf) -> Self {
        Self::with(graph, Shelf::new(cache_dir, Some(repository)))
    }

    fn with(graph: Arc<Graph>, shelf: Shelf) -> Self {
        Self(Arc::new(Library {
            graph,
            shelf,
            readings: Mutex::default(),
        }))
    }

    /// What a search has for an agent that takes this turn: passages of at most `budget` tokens together,
    /// and neighbours worth asking. Nothing where nobody asks anything. It reads files: call it where that
    /// may take a moment.
    ///
    /// # Errors
    /// When the graph lacks the speaker, or knowledge cannot be read.
    pub fn advice(&self, input: &TurnInput, budget: usize) -> Result<Advice, LibrarianError> {
        advice::advice(&self.0, input, budget)
    }

    /// The passages of an expert's files that match `query`, best first, bounded. Blocks while an index is
    /// built or read.
    ///
    /// # Errors
    /// When the knowledge cannot be read.
    pub fn lookup(&self, expert: &Expert, query: &str) -> Result<Vec<Passage>, LibrarianError> {
        advice::lookup(&self.0, expert, query)
    }

    fn answer(&self, speaker: &str, input: Value) -> Result<Value, LibrarianError> {
        let input: TurnInput = serde_json::from_value(input)?;
        let result = turn::turn(&self.0, speaker, &input)?;
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

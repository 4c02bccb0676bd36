//! Why the librarian cannot answer, each with its repair.

use std::path::PathBuf;

use thiserror::Error;

use crate::agent::{AgentError, Fault};
use crate::knowledge::KnowledgeError;

/// What went wrong between a question and its result.
#[derive(Debug, Error)]
pub enum LibrarianError {
    /// The question is not a turn of a council.
    #[error(
        "the input of the turn cannot be read: {0}\nrepair: use the runner and the librarian of the same poag"
    )]
    Input(#[from] serde_json::Error),
    /// The question has another version.
    #[error(
        "the input of the turn has version {found}, the librarian reads version {expected}\nrepair: use the runner and the librarian of the same poag"
    )]
    Version {
        /// What was sent.
        found: u32,
        /// What is read.
        expected: u32,
    },
    /// The graph has no such expert.
    #[error("the graph holds no expert '{name}'\nrepair: name one that `poag experts` lists")]
    Unknown {
        /// The name.
        name: String,
    },
    /// The knowledge cannot be read.
    #[error(transparent)]
    Knowledge(#[from] KnowledgeError),
    /// The index cannot be written or replaced.
    #[error(
        "the index '{}' cannot be written: {source}\nrepair: make the folder writable, or name another with XDG_CACHE_HOME", path.display()
    )]
    Cache {
        /// The file or its folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The index cannot be used even after it was built again.
    #[error(
        "the index '{}' cannot be used: {source}\nrepair: delete it; it is built again when needed", path.display()
    )]
    Index {
        /// The file.
        path: PathBuf,
        /// What the engine said.
        source: rusqlite::Error,
    },
    /// The thread that worked on it did not come back.
    #[error(
        "the work on the turn was broken off: {0}\nrepair: ask again; if it stays so, report it with the request"
    )]
    Broken(#[from] tokio::task::JoinError),
}

impl LibrarianError {
    /// Whether it may come from a cache that was deleted meanwhile.
    pub(super) fn is_gone(&self) -> bool {
        match self {
            Self::Cache { source, .. } => source.kind() == std::io::ErrorKind::NotFound,
            Self::Index { .. } => true,
            _ => false,
        }
    }
}

impl From<LibrarianError> for AgentError {
    fn from(error: LibrarianError) -> Self {
        let text = error.to_string();
        let (reason, repair) = text
            .split_once("\nrepair: ")
            .unwrap_or((&text, "ask again"));
        Self::new(Fault::Failed, super::NAME, reason, repair)
    }
}

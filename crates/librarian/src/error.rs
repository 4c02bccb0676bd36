//! Why the librarian cannot answer, each with its repair.

use thiserror::Error;

use poag_core::agent::{AgentError, Fault};
use poag_knowledge::KnowledgeError;

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
    /// The thread that worked on it did not come back.
    #[error(
        "the work on the turn was broken off: {0}\nrepair: ask again; if it stays so, report it with the request"
    )]
    Broken(#[from] tokio::task::JoinError),
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

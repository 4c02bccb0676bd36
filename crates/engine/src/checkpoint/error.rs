//! What can go wrong with checkpoints.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use poag_agent::{AgentError, Fault};
use poag_ledger::LedgerError;

/// Why a checkpoint could not be made, found, handed out or taken in.
#[derive(Debug, Error)]
pub enum CheckpointError {
    /// A file or folder.
    #[error("cannot {doing} {}: {source}\nrepair: see that poag's state folder may be written and has room (POAG_STATE_DIR names another)", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// See [`LedgerError`].
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The backend left something that cannot be kept.
    #[error(
        "the backend's session holds {what}\nrepair: this is a defect of poag, report it with the backend's version"
    )]
    Session {
        /// What.
        what: String,
    },
    /// Nothing of that name.
    #[error(
        "there is no checkpoint '{name}'\nrepair: `poag checkpoints` lists them; `poag learn` makes them"
    )]
    None {
        /// A key, the beginning of one, or an expert.
        name: String,
    },
    /// More than one of that name.
    #[error("'{name}' could be {}\nrepair: name one of them", .keys.join(" or "))]
    Several {
        /// As it was named.
        name: String,
        /// Their keys.
        keys: Vec<String>,
    },
    /// It is not what it should be.
    #[error(
        "checkpoint {key} is damaged: {reason}\nrepair: `poag checkpoints prune` takes it away; it is made anew when it is needed"
    )]
    Damaged {
        /// Its key.
        key: String,
        /// What is wrong.
        reason: String,
    },
    /// Of no use on another machine.
    #[error(
        "a checkpoint of backend '{backend}' is of use on this machine only\nrepair: run `poag learn` where it is needed"
    )]
    NotPortable {
        /// The backend.
        backend: String,
    },
    /// A file that is no checkpoint, or one that somebody changed.
    #[error(
        "this is no checkpoint that can be taken in: {reason}\nrepair: have it written again with `poag checkpoints export`"
    )]
    Archive {
        /// What is wrong.
        reason: String,
    },
}

impl CheckpointError {
    /// An error of the file system.
    pub(super) fn io(
        doing: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            doing,
            path,
            source,
        }
    }

    /// The same as an agent's failure.
    #[must_use]
    pub fn into_agent(self, backend: &str) -> AgentError {
        let text = self.to_string();
        let (reason, repair) = text
            .split_once("\nrepair: ")
            .unwrap_or((&text, "ask again"));
        AgentError::new(Fault::Failed, backend, reason, repair)
    }
}

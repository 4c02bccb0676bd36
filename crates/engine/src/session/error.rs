//! What can go wrong with a session or a snippet. Each text ends in what to do.

use poag_core::session::SessionRefusal;
use poag_ledger::{LedgerError, Recorded, ReplicaError};
use thiserror::Error;

/// Why a session or a snippet could not be opened, read or changed.
#[derive(Debug, Error)]
pub enum SessionError {
    /// The session does not allow it.
    #[error(transparent)]
    Refused(#[from] SessionRefusal),
    /// The ledger refused or failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Its events do not fit each other.
    #[error("{0}")]
    Replay(String),
    /// No session, or more than one, is meant by a word.
    #[error("{}\nrepair: `poag session list --all` lists them; name one by its name, or by as much of its id as tells it apart", which_session(word, *count))]
    NoSuchSession {
        /// What was asked for.
        word: String,
        /// How many are meant by it.
        count: usize,
    },
    /// A name that is taken.
    #[error(
        "a session '{name}' of this flake is open already\nrepair: say something in it (`poag session say {name} …`), close it, or choose another name"
    )]
    Taken {
        /// The name.
        name: String,
    },
    /// No snippet has that name.
    #[error(
        "there is no snippet '{name}'\nrepair: `poag snippet list` lists them; `poag snippet set {name} …` makes it"
    )]
    NoSuchSnippet {
        /// The name.
        name: String,
    },
    /// A snippet that is too long.
    #[error(
        "a snippet has at most {} KiB, this text has {bytes} bytes\nrepair: make it shorter, or name a file of the flake instead",
        super::SNIPPET_BYTES >> 10
    )]
    LongSnippet {
        /// The size of the text.
        bytes: usize,
    },
    /// Nothing to copy.
    #[error(
        "session '{name}' has no output yet\nrepair: wait for it (`poag session wait {name}`), or say something in it first"
    )]
    NoOutput {
        /// The session.
        name: String,
    },
}

fn which_session(word: &str, count: usize) -> String {
    match count {
        0 => format!("there is no session '{word}'"),
        _ => format!("{count} sessions are meant by '{word}'"),
    }
}

/// Why a recorded event does not fit a session.
#[derive(Debug, Error)]
pub enum SessionMisfit {
    /// The session refuses it.
    #[error(transparent)]
    Refused(#[from] SessionRefusal),
    /// It cannot be read.
    #[error("{0}\nrepair: read it with the poag that wrote it")]
    Unreadable(String),
}

impl SessionMisfit {
    pub(super) fn version(recorded: &Recorded, reads: u32) -> Self {
        let found = recorded.version;
        Self::Unreadable(format!("it has version {found}, this poag reads {reads}"))
    }
}

impl From<ReplicaError<SessionMisfit>> for SessionError {
    fn from(error: ReplicaError<SessionMisfit>) -> Self {
        match error {
            ReplicaError::Ledger(error) => Self::Ledger(error),
            ReplicaError::Refused(SessionMisfit::Refused(refusal)) => Self::Refused(refusal),
            other => Self::Replay(other.to_string()),
        }
    }
}

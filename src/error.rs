//! What the command line can fail with, and the exit code of each failure.

use std::io;

use poag_client::ClientError;
use thiserror::Error;

use crate::engine::run::export::ExportError;
use crate::engine::{EngineError, OwnFolder};

pub use crate::engine::exit;

/// Why a verb did not do what it was asked.
#[derive(Debug, Error)]
pub enum Error {
    /// See [`EngineError`].
    #[error(transparent)]
    Engine(EngineError),
    /// Nothing says where poag keeps what it writes.
    #[error(
        "{own}, {xdg} and HOME name no absolute folder, and nor does the password database\nrepair: set HOME to your home folder, or {own} to a folder of your own"
    )]
    NoFolder {
        /// The variable that names the folder itself.
        own: &'static str,
        /// The variable that names the folder of all such folders.
        xdg: &'static str,
    },
    /// See [`poag_serve::ServeError`].
    #[cfg(feature = "serve")]
    #[error(transparent)]
    Serve(poag_serve::ServeError),
    /// See [`ClientError`].
    #[error(transparent)]
    Client(ClientError),
    /// Standard output or standard input could not be used.
    #[error("standard input or output: {0}\nrepair: see where they are redirected")]
    Standard(#[from] io::Error),
    /// The asynchronous runtime could not start.
    #[error("cannot start: {source}\nrepair: see the limits of this process (`ulimit -a`)")]
    Runtime {
        /// The system's reason.
        source: io::Error,
    },
    /// The words of the command line do not go together.
    #[error("{0}")]
    Usage(String),
    /// Whoever drove a run does so no more.
    #[error(
        "the run {run} was stopped, and nothing is lost\nrepair: `poag ask --resume {run}` goes on with it; `poag run show {run}` tells how far it came"
    )]
    Stopped {
        /// The run.
        run: String,
    },
    /// Ctrl-C.
    #[error(
        "interrupted; nothing is lost\nrepair: `poag ask --resume` goes on with an interrupted question"
    )]
    Interrupted,
}

impl From<EngineError> for Error {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::NoFolder(OwnFolder::Cache) => Self::NoFolder {
                own: "POAG_CACHE_DIR",
                xdg: "XDG_CACHE_HOME",
            },
            EngineError::NoFolder(OwnFolder::State) => Self::NoFolder {
                own: "POAG_STATE_DIR",
                xdg: "XDG_STATE_HOME",
            },
            other => Self::Engine(other),
        }
    }
}

impl From<ClientError> for Error {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Write(source) => Self::Standard(source),
            other => Self::Client(other),
        }
    }
}

#[cfg(feature = "serve")]
impl From<poag_serve::ServeError> for Error {
    fn from(error: poag_serve::ServeError) -> Self {
        match error {
            poag_serve::ServeError::Engine(error) => error.into(),
            other => Self::Serve(other),
        }
    }
}

impl Error {
    /// The exit code of this failure.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Engine(error) => error.exit_code(),
            // What the command line of the server's machine would end with.
            Self::Client(ClientError::Problem(problem)) => problem.exit_code,
            Self::Usage(_)
            | Self::Client(ClientError::Address(_) | ClientError::Clear(_) | ClientError::Token) => {
                exit::USAGE
            }
            Self::Interrupted => exit::INTERRUPTED,
            _ => exit::FAILURE,
        }
    }

    /// Whether standard output was closed by its reader.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        match self {
            Self::Standard(source) | Self::Engine(EngineError::Export(ExportError::Io(source))) => {
                source.kind() == io::ErrorKind::BrokenPipe
            }
            _ => false,
        }
    }
}

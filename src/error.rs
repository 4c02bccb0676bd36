//! What the command line can fail with, and the exit code of each failure.

use std::io;

use thiserror::Error;

use crate::engine::checkpoint::CheckpointError;
use crate::engine::debate::DebateError;
use crate::engine::run::CouncilError;
use crate::engine::run::export::ExportError;
use crate::engine::work::WorkError;
use crate::engine::{EngineError, OwnFolder};
use crate::init::InitError;
use crate::nix::NixError;
use poag_core::debate::DebateRefusal;

/// Exit codes, as `--help` and the README document them.
pub mod exit {
    /// Done.
    pub const OK: u8 = 0;
    /// Anything without a code of its own.
    pub const FAILURE: u8 = 1;
    /// An invalid command line; clap's own code.
    pub const USAGE: u8 = 2;
    /// An expert is stale or unlearned, or an export is not what it knows.
    pub const STALE: u8 = 3;
    /// Nothing was found.
    pub const NOTHING_FOUND: u8 = 4;
    /// An invalid declaration.
    pub const DECLARATION: u8 = 5;
    /// Nix failed.
    pub const NIX: u8 = 6;
    /// No expert could answer.
    pub const NO_ANSWER: u8 = 7;
    /// The experts do not agree.
    pub const DISSENT: u8 = 8;
    /// A flake.nix must be edited by hand.
    pub const BY_HAND: u8 = 9;
    /// Something that poag cannot do without is missing.
    pub const NOT_READY: u8 = 10;
    /// The board of a work does not allow it.
    pub const REFUSED: u8 = 11;
    /// A work waits for a person.
    pub const NEEDS_PERSON: u8 = 12;
    /// Ctrl-C.
    pub const INTERRUPTED: u8 = 130;
    /// All of them.
    #[cfg(test)]
    pub const ALL: [u8; 14] = [
        OK,
        FAILURE,
        USAGE,
        STALE,
        NOTHING_FOUND,
        DECLARATION,
        NIX,
        NO_ANSWER,
        DISSENT,
        BY_HAND,
        NOT_READY,
        REFUSED,
        NEEDS_PERSON,
        INTERRUPTED,
    ];
}

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
            Self::Engine(error) => engine_code(error),
            Self::Usage(_) => exit::USAGE,
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

fn engine_code(error: &EngineError) -> u8 {
    match error {
        EngineError::Nix(
            NixError::Declaration { .. } | NixError::NoExpert { .. } | NixError::Graph(_),
        ) => exit::DECLARATION,
        EngineError::Nix(_) => exit::NIX,
        EngineError::Council(CouncilError::Missing { .. }) => exit::NOT_READY,
        EngineError::Work(WorkError::Refused(_))
        | EngineError::Debate(DebateError::Refused(DebateRefusal::Broken { .. })) => exit::REFUSED,
        EngineError::Work(WorkError::NoneReady) => exit::NOTHING_FOUND,
        EngineError::Init(InitError::Outside(_)) => exit::BY_HAND,
        EngineError::Init(
            InitError::NoFolder(_) | InitError::NoUrl | InitError::Url(_) | InitError::NobodyToAsk,
        )
        | EngineError::Council(CouncilError::Request { .. } | CouncilError::NoCouncil { .. })
        | EngineError::Debate(
            DebateError::Topic { .. }
            | DebateError::Panel { .. }
            | DebateError::Nobody { .. }
            | DebateError::Name(_)
            | DebateError::Twice(_)
            | DebateError::NoPosition(_)
            | DebateError::NoExpert { .. }
            | DebateError::NotHere
            | DebateError::Occupied(_)
            | DebateError::NoDebate { .. }
            | DebateError::NoneOpen { .. }
            | DebateError::Hidden { .. }
            | DebateError::Refused(DebateRefusal::NotTied { .. }),
        )
        | EngineError::Checkpoint(CheckpointError::None { .. } | CheckpointError::Several { .. })
        | EngineError::Ballots(_)
        | EngineError::FlakeRef(_)
        | EngineError::NoCheckout
        | EngineError::Work(
            WorkError::NoSuchWork { .. }
            | WorkError::TaskFile(_)
            | WorkError::Source(_)
            | WorkError::NoActor { .. }
            | WorkError::NoTarget
            | WorkError::Widened { .. },
        )
        | EngineError::NoExports { .. }
        | EngineError::NoSkill { .. }
        | EngineError::NoSuchBackend { .. }
        | EngineError::NoSuchForm { .. }
        | EngineError::NoSuchExpert { .. }
        | EngineError::NoSuchRun { .. }
        | EngineError::NoSuchTurn { .. }
        | EngineError::OtherFlake { .. } => exit::USAGE,
        _ => exit::FAILURE,
    }
}

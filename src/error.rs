//! Everything a verb can fail with, and the exit code of each.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::command::bench::BenchError;
use crate::engine::checkpoint::CheckpointError;
use crate::engine::inside::InsideError;
use crate::engine::run::CouncilError;
use crate::engine::run::export::ExportError;
use crate::flake_lock::FlakeLockError;
use crate::init::InitError;
use crate::knowledge::KnowledgeError;
use crate::knowledge::pack::PackError;
use crate::ledger::LedgerError;
use crate::nix::{FlakeRefError, NixError, nar::NarError};
use crate::share::ShareError;

/// Exit codes, as `--help` and the README document them.
pub mod exit {
    /// Done.
    pub const OK: u8 = 0;
    /// Anything without a code of its own.
    pub const FAILURE: u8 = 1;
    /// The command line is not right; clap's own code.
    pub const USAGE: u8 = 2;
    /// An expert is stale or unlearned, or an export is not what it knows.
    pub const STALE: u8 = 3;
    /// Nothing was found.
    pub const NOTHING_FOUND: u8 = 4;
    /// A declaration is not right.
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
    /// Ctrl-C.
    pub const INTERRUPTED: u8 = 130;
    /// All of them.
    #[cfg(test)]
    pub const ALL: [u8; 12] = [
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
        INTERRUPTED,
    ];
}

/// Why a verb did not do what it was asked.
#[derive(Debug, Error)]
pub enum Error {
    /// See [`NixError`].
    #[error(transparent)]
    Nix(#[from] NixError),
    /// See [`FlakeRefError`].
    #[error(transparent)]
    FlakeRef(#[from] FlakeRefError),
    /// See [`KnowledgeError`].
    #[error(transparent)]
    Knowledge(#[from] KnowledgeError),
    /// See [`PackError`].
    #[error(transparent)]
    Pack(#[from] PackError),
    /// See [`NarError`].
    #[error(transparent)]
    Nar(#[from] NarError),
    /// See [`CouncilError`].
    #[error(transparent)]
    Council(#[from] CouncilError),
    /// See [`FlakeLockError`].
    #[error(transparent)]
    FlakeLock(#[from] FlakeLockError),
    /// See [`LedgerError`].
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// See [`InitError`].
    #[error(transparent)]
    Init(#[from] InitError),
    /// See [`InsideError`].
    #[error(transparent)]
    Inside(#[from] InsideError),
    /// See [`CheckpointError`].
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// See [`BenchError`].
    #[error(transparent)]
    Bench(#[from] BenchError),
    /// See [`ShareError`].
    #[error(transparent)]
    Share(#[from] ShareError),
    /// The flake that started poag is not the one found here.
    #[error(
        "this runner belongs to expert '{expected}', but the flake here declares '{found}'\nrepair: go to the flake of '{expected}', or name the flake you mean with --flake"
    )]
    OtherFlake {
        /// The expert whose app was started.
        expected: String,
        /// The root expert that was evaluated.
        found: String,
    },
    /// No such expert in the graph.
    #[error("there is no expert '{name}' in this graph{}\nrepair: `poag experts` lists them", did_you_mean(.close.as_deref()))]
    NoSuchExpert {
        /// What was asked for.
        name: String,
        /// A name that is close.
        close: Option<String>,
    },
    /// Its flake cannot be written from here.
    #[error(
        "expert '{name}' lives in another repository, where its owner runs `poag learn`\nrepair: learn the experts of this repository only; `poag experts` shows where each lives"
    )]
    NotHere {
        /// The expert.
        name: String,
    },
    /// A lock that this poag cannot have written.
    #[error(
        "{} is of version {found}, written by a newer poag, and is left as it is\nrepair: learn with the poag of the flake itself (`nix run .#poag -- learn`), or update its input `poag`", path.display()
    )]
    NewerLock {
        /// The lock.
        path: PathBuf,
        /// Its version, as it is written there.
        found: String,
    },
    /// Every run of this flake came to its end.
    #[error(
        "no question to {flake} was interrupted\nrepair: ask a new one, or name a run with --resume=RUN"
    )]
    NothingToResume {
        /// The flake.
        flake: String,
    },
    /// Nothing was ever asked.
    #[error(
        "nothing was asked of {flake} yet\nrepair: `poag ask` first, or name a run with --run=RUN"
    )]
    NoRun {
        /// The flake.
        flake: String,
    },
    /// No run, or more than one, is meant by a word.
    #[error("{}\nrepair: `poag runs --all` lists them; name one by as much of its id as tells it apart, or as `last`", which_run(word, *count))]
    NoSuchRun {
        /// What was asked for.
        word: String,
        /// How many runs begin so.
        count: usize,
    },
    /// No such turn in a run, or nothing is left of it.
    #[error(
        "run {run} has no record of a turn '{turn}'\nrepair: name it as EXPERT/TURN (`poag run show {run}` tells which there are); what turns leave behind may have been pruned"
    )]
    NoSuchTurn {
        /// The run.
        run: String,
        /// What was asked for.
        turn: String,
    },
    /// See [`ExportError`].
    #[error(transparent)]
    Export(#[from] ExportError),
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
    /// A file could not be read or written.
    #[error("{}: {source}\nrepair: see that the folder exists and may be written", path.display())]
    File {
        /// The path.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
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

fn did_you_mean(close: Option<&str>) -> String {
    close.map_or_else(String::new, |name| format!("; did you mean '{name}'?"))
}

fn which_run(word: &str, count: usize) -> String {
    match count {
        0 => format!("there is no run '{word}'"),
        _ => format!("the ids of {count} runs begin with '{word}'"),
    }
}

impl Error {
    /// The exit code of this failure.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Nix(NixError::Declaration { .. } | NixError::NoExpert { .. }) => {
                exit::DECLARATION
            }
            Self::Nix(NixError::Graph(_)) => exit::DECLARATION,
            Self::Nix(_) => exit::NIX,
            Self::Council(CouncilError::Request { .. }) => exit::USAGE,
            Self::Checkpoint(CheckpointError::None { .. } | CheckpointError::Several { .. }) => {
                exit::USAGE
            }
            Self::Init(InitError::NoFolder(_) | InitError::NoUrl | InitError::Url(_)) => {
                exit::USAGE
            }
            Self::Init(InitError::NobodyToAsk) => exit::USAGE,
            Self::Init(InitError::Outside(_)) => exit::BY_HAND,
            Self::FlakeRef(_)
            | Self::Usage(_)
            | Self::NoSuchExpert { .. }
            | Self::NoSuchRun { .. }
            | Self::NoSuchTurn { .. }
            | Self::OtherFlake { .. } => exit::USAGE,
            Self::Interrupted | Self::Bench(BenchError::Stopped) => exit::INTERRUPTED,
            _ => exit::FAILURE,
        }
    }

    /// Whether standard output was closed by its reader.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        match self {
            Self::Standard(source) | Self::Export(ExportError::Io(source)) => {
                source.kind() == io::ErrorKind::BrokenPipe
            }
            _ => false,
        }
    }
}

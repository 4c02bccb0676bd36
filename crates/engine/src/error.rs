//! Everything that the engine can fail with. Each text ends in what to do.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::checkpoint::CheckpointError;
use super::debate::DebateError;
use super::inside::InsideError;
use super::run::CouncilError;
use super::run::export::ExportError;
use super::session::SessionError;
use super::vote::BallotError;
use super::work::WorkError;
use poag_init::InitError;
use poag_knowledge::KnowledgeError;
use poag_knowledge::pack::PackError;
use poag_knowledge::share::ShareError;
use poag_ledger::LedgerError;
use poag_nix::flake_lock::FlakeLockError;
use poag_nix::{FlakeRefError, NixError, nar::NarError};

/// A folder that an engine may have been given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OwnFolder {
    /// Of what can be made again.
    Cache,
    /// Of the ledger and the checkpoints.
    State,
}

/// Why the engine did not do what was asked.
#[derive(Debug, Error)]
pub enum EngineError {
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
    /// See [`DebateError`].
    #[error(transparent)]
    Debate(#[from] DebateError),
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
    /// See [`ShareError`].
    #[error(transparent)]
    Share(#[from] ShareError),
    /// See [`ExportError`].
    #[error(transparent)]
    Export(#[from] ExportError),
    /// See [`BallotError`].
    #[error(transparent)]
    Ballots(#[from] BallotError),
    /// See [`SessionError`].
    #[error(transparent)]
    Session(#[from] SessionError),
    /// See [`WorkError`].
    #[error(transparent)]
    Work(#[from] WorkError),
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
    /// No backend has that name.
    #[error("there is no backend '{name}' in this poag{}\nrepair: use one of: {known}", did_you_mean(.close.as_deref()))]
    NoSuchBackend {
        /// What was asked for.
        name: String,
        /// A name that is close.
        close: Option<String>,
        /// Every backend, in words.
        known: String,
    },
    /// The flake of an expert declares no exports.
    #[error(
        "the flake of {expert} declares no exports\nrepair: name a form (`poag export agents-md`), or declare `exports.\"AGENTS.md\" = \"agents-md\";`"
    )]
    NoExports {
        /// The expert.
        expert: String,
    },
    /// A declared export has a form that this poag does not know.
    #[error(
        "this poag knows no form '{form}' ({name})\nrepair: run the poag of the flake itself (`nix run .#poag`)"
    )]
    NoSuchForm {
        /// The form.
        form: String,
        /// The file.
        name: String,
    },
    /// A file that is to be a skill does not lie where skills lie.
    #[error(
        "{name} can be no skill: it is a file SKILL.md in a folder of its name, in lower case with hyphens\nrepair: write it to, for instance, .agents/skills/hello-py/SKILL.md"
    )]
    NoSkill {
        /// The file.
        name: String,
    },
    /// The flake is not on this machine, and so is not its lock file.
    #[error("its flake.lock is not on this machine\nrepair: go to a checkout of it")]
    NoCheckout,
    /// The engine has no such folder.
    #[error("poag was given no folder for its {}\nrepair: name one where it is started", match .0 { OwnFolder::Cache => "cache", OwnFolder::State => "state" })]
    NoFolder(OwnFolder),
    /// The engine cannot start agents.
    #[error(
        "poag does not know its own program\nrepair: name it where it is started, or ask the librarian"
    )]
    NoProgram,
    /// A file could not be read or written.
    #[error("{}: {source}\nrepair: see that the folder exists and may be written", path.display())]
    File {
        /// The path.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A value that has no form as JSON.
    #[error("this cannot be written as JSON: {0}\nrepair: this is a defect of poag, report it")]
    Json(#[from] serde_json::Error),
    /// Work on another thread came to no end.
    #[error("the work came to no end: {0}\nrepair: this is a defect of poag, report it")]
    Task(#[from] tokio::task::JoinError),
    /// Work on a thread of its own came to no end.
    #[error("the work came to no end\nrepair: this is a defect of poag, report it")]
    Broken,
    /// A thread or its asynchronous runtime could not start.
    #[error("cannot start: {0}\nrepair: see the limits of this process (`ulimit -a`)")]
    Thread(#[source] io::Error),
}

impl EngineError {
    /// Puts a path before the system's reason.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }

    /// The exit code with which the command line ends.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        crate::exit::of(self)
    }
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

//! Why an attempt could not be made at all: nothing here is the fault of its actor.

use std::io;
use std::path::PathBuf;

use poag_agent::process::ProcessError;
use poag_git::work::WorkGitError;
use thiserror::Error;

use crate::EngineError;

/// Why an attempt could not be made, proven or put away.
#[derive(Debug, Error)]
pub enum DoingError {
    /// git refuses.
    #[error(transparent)]
    Git(#[from] WorkGitError),
    /// The engine refuses.
    #[error(transparent)]
    Engine(#[from] Box<EngineError>),
    /// A work's id that cannot name a folder.
    #[error("{work:?} is no id of a work\nrepair: take one that `poag work list` shows")]
    WorkName {
        /// The id.
        work: String,
    },
    /// The folder of a task is not there.
    #[error(
        "the repository has no folder {folder:?} for this task\nrepair: name the folder of a flake, relative to the root of the repository"
    )]
    NoFolder {
        /// The folder.
        folder: String,
    },
    /// A check could not be started.
    #[error(
        "a check cannot be run: {source}\nrepair: see that `sh` is on PATH and that poag's state folder can be written"
    )]
    Process {
        /// Why.
        source: ProcessError,
    },
    /// A folder of poag's own could not be used.
    #[error("{} cannot be {doing}: {source}\nrepair: see that poag's state folder can be written and its disk is not full", path.display())]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// What was tried, as a participle.
        doing: &'static str,
        /// The system's reason.
        source: io::Error,
    },
    /// Work on a thread of its own broke.
    #[error(
        "a part of poag failed: {0}\nrepair: this is a defect of poag, report it with the lines above"
    )]
    Broken(#[from] tokio::task::JoinError),
}

impl From<EngineError> for DoingError {
    fn from(error: EngineError) -> Self {
        Self::Engine(Box::new(error))
    }
}

impl DoingError {
    /// A folder or file of poag's own that cannot be used so.
    pub(super) fn io(
        path: impl Into<PathBuf>,
        doing: &'static str,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            path,
            doing,
            source,
        }
    }
}

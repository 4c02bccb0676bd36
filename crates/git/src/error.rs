//! What can go wrong with git, each with its repair.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

/// Why git cannot be used, or a repository cannot be read.
#[derive(Debug, Error)]
pub enum GitError {
    /// There is no git on PATH.
    #[error("git is not on PATH\nrepair: install git 2.30 or newer")]
    NotInstalled,
    /// It could not be started, or talked to.
    #[error("git cannot be used: {source}\nrepair: see that `git --version` works in this folder")]
    Start {
        /// The system's reason.
        source: io::Error,
    },
    /// There is no repository, or git does not trust it.
    #[error(
        "'{}' is in no git repository that can be read: {said}\nrepair: name a folder of a repository, or a bare clone", folder.display()
    )]
    NoRepository {
        /// The folder.
        folder: PathBuf,
        /// The last line of git's standard error.
        said: String,
    },
    /// No commit is meant by a word.
    #[error(
        "the repository has no commit '{revision}'\nrepair: name a branch, a tag or the id of a commit that `git log` shows"
    )]
    NoCommit {
        /// What was asked for.
        revision: String,
    },
    /// Any other failure of git.
    #[error(
        "git failed while {doing}: {said}\nrepair: see what `git fsck` says of this repository"
    )]
    Failed {
        /// What poag was doing.
        doing: &'static str,
        /// The last line of git's standard error.
        said: String,
    },
    /// What git printed is cut or is in no form that is known.
    #[error(
        "what git printed while {doing} cannot be read\nrepair: see that `git --version` is 2.30 or newer, and what `git fsck` says of this repository"
    )]
    Form {
        /// What poag was doing.
        doing: &'static str,
    },
    /// More than is read of one repository.
    #[error(
        "{doing} gave more than {most} bytes\nrepair: name a folder of the repository that holds less"
    )]
    Much {
        /// What poag was doing.
        doing: &'static str,
        /// The bound.
        most: usize,
    },
    /// It took too long.
    #[error(
        "git was ended while {doing}, after {}\nrepair: ask for fewer commits, or run `git gc` in this repository", format_args!("{} s", after.as_secs())
    )]
    Slow {
        /// What poag was doing.
        doing: &'static str,
        /// The bound.
        after: Duration,
    },
}

//! What can go wrong with a measurement, each with its repair.

use std::path::PathBuf;

use thiserror::Error;

use poag_core::expert::GraphError;
use poag_git::GitError;
use poag_knowledge::pack::PackError;
use poag_librarian::LibrarianError;

/// Why nothing can be measured.
#[derive(Debug, Error)]
pub enum BenchError {
    /// See [`GitError`].
    #[error(transparent)]
    History(#[from] GitError),
    /// See [`LibrarianError`].
    #[error(transparent)]
    Librarian(#[from] LibrarianError),
    /// See [`PackError`].
    #[error(transparent)]
    Pack(#[from] PackError),
    /// See [`GraphError`].
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// No commit can be replayed.
    #[error(
        "nothing of this repository can be replayed: none of {looked_at} commits touches a package, or 2 to 10 text files older than itself\nrepair: name a repository with a longer history, or unshallow this one (`git fetch --unshallow`)"
    )]
    NothingToReplay {
        /// Commits that were looked at.
        looked_at: usize,
    },
    /// A pattern that names no folder.
    #[error(
        "no folder of the repository matches '{pattern}'\nrepair: name folders from the top of the repository, such as 'crates/*'; quote the pattern, so that the shell leaves it alone"
    )]
    NoFolder {
        /// The pattern.
        pattern: String,
    },
    /// A line of a file of questions that cannot be used.
    #[error("{}: line {line}: {reason}\nrepair: write one JSON object a line: id, text, files, base, url", path.display())]
    Question {
        /// The file.
        path: PathBuf,
        /// The line, the first being 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// None of the questions is about this repository.
    #[error(
        "none of the {count} questions of {} can be asked here\nrepair: name the repository they are about with --repo; their base commits must be in it", path.display()
    )]
    NoQuestion {
        /// The file.
        path: PathBuf,
        /// Its questions.
        count: usize,
    },
    /// A file could not be read or written.
    #[error("{}: {source}\nrepair: see that it exists and that there is room for temporary files", path.display())]
    File {
        /// The path.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The report cannot be written.
    #[error("the report cannot be written: {0}\nrepair: this is a defect of poag-eval, report it")]
    Report(#[from] serde_json::Error),
    /// It was stopped.
    #[error("interrupted\nrepair: start it again; a measurement has nothing to go on with")]
    Stopped,
}

//! Why a pack could not be written out or opened.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::KnowledgeError;

/// Why a pack could not be written out or opened.
#[derive(Debug, Error)]
pub enum ShareError {
    /// The expert's files.
    #[error(transparent)]
    Knowledge(#[from] KnowledgeError),
    /// Something is there already.
    #[error(
        "{} is there already\nrepair: name a folder that is not there yet", .0.display()
    )]
    There(PathBuf),
    /// A file could not be written or read.
    #[error("{}: {source}\nrepair: see that the folder exists and can be used", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// It is no pack.
    #[error(
        "{} is no pack of an expert: {problem}\nrepair: name a folder that `nix build .#poag-pack` or `poag pack --into` made", path.display()
    )]
    NoPack {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Another version of the schema.
    #[error(
        "the pack {} has schema '{found}', this poag reads '{}'\nrepair: ask it with the poag that made it, or build it anew", path.display(), super::SCHEMA
    )]
    Schema {
        /// The folder.
        path: PathBuf,
        /// The tag that was found.
        found: String,
    },
}

impl ShareError {
    /// An error about one file.
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::File { path, source }
    }
}

//! What can go wrong with the files of an expert, each with its repair.

use std::path::PathBuf;

use thiserror::Error;

use poag_core::name::shown;

/// Files above which a folder is refused.
pub const MAX_FILES: usize = 250_000;
/// Folders inside folders above which a folder is refused.
pub const MAX_DEPTH: usize = 128;

/// Why the files of an expert cannot be used.
#[derive(Debug, Error)]
pub enum KnowledgeError {
    /// The folder or one below it cannot be listed.
    #[error(
        "the knowledge folder '{}' cannot be read: {source}\nrepair: evaluate the flake again (`nix eval .#.poag`), which puts its files back into the Nix store", root.display()
    )]
    Walk {
        /// The folder.
        root: PathBuf,
        /// What the system said.
        source: walkdir::Error,
    },
    /// It is a file, or nothing at all.
    #[error(
        "the knowledge '{}' is not a folder\nrepair: let `src` of mkPoagExpert name the folder of the flake, such as `./.`", root.display()
    )]
    NotAFolder {
        /// The path.
        root: PathBuf,
    },
    /// A file cannot be read.
    #[error(
        "'{}' cannot be read: {source}\nrepair: give it back its read permission, or leave it out with `knowledge.exclude`",
        shown(path)
    )]
    Read {
        /// Relative to the knowledge folder.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A name that neither `poag.lock` nor a plan can hold.
    #[error(
        "the file name '{}' is not UTF-8\nrepair: rename the file, or leave it out with `knowledge.exclude`",
        shown(path)
    )]
    Name {
        /// Relative to the knowledge folder, with the wrong bytes replaced.
        path: String,
    },
    /// More files than one expert can know.
    #[error(
        "'{}' holds more than {MAX_FILES} files\nrepair: leave generated folders out with `knowledge.exclude`, or split the flake", root.display()
    )]
    Many {
        /// The folder.
        root: PathBuf,
    },
    /// Folders nested too deep.
    #[error(
        "'{}' lies more than {MAX_DEPTH} folders deep\nrepair: leave it out with `knowledge.exclude`",
        shown(path)
    )]
    Deep {
        /// Relative to the knowledge folder.
        path: String,
    },
    /// A path that would leave the folder.
    #[error(
        "'{}' is not a path inside the flake\nrepair: name files relative to flake.nix, without `..`",
        shown(path)
    )]
    Outside {
        /// The path as given.
        path: String,
    },
    /// The NAR hash of a symbolic link cannot be computed.
    #[error(
        "the symbolic link '{}' cannot be hashed: {reason}\nrepair: leave it out with `knowledge.exclude`",
        shown(path)
    )]
    Link {
        /// Relative to the knowledge folder.
        path: String,
        /// What went wrong.
        reason: String,
    },
}

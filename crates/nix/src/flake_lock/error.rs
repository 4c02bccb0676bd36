//! What can be wrong with a flake.lock, or with a file that is to be written.

use std::path::PathBuf;

use thiserror::Error;

/// A lock cannot be read, or a file cannot be written.
#[derive(Debug, Error)]
pub enum FlakeLockError {
    /// Not JSON, or not that of a lock.
    #[error("flake.lock cannot be read: {0}\nrepair: `nix flake lock` writes it anew")]
    Shape(#[from] serde_json::Error),
    /// Something that it names is not in it.
    #[error("flake.lock is not whole: {0}\nrepair: `nix flake lock` writes it anew")]
    Broken(String),
    /// Another version of the format.
    #[error(
        "flake.lock has version {0}, this poag reads version 7\nrepair: `nix flake lock` with a Nix of 2.26 or newer"
    )]
    Version(u64),
    /// A file that must not be written.
    #[error("{}: {reason}\nrepair: {repair}", file.display())]
    Write {
        /// The flake.nix.
        file: PathBuf,
        /// Why not.
        reason: &'static str,
        /// What to do.
        repair: &'static str,
    },
}

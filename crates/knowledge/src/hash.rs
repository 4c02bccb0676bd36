//! What `poag.lock` records of each file: a digest of its content.

use std::fs::File as Handle;
use std::io::Read;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::error::KnowledgeError;
use super::files::{Content, Files};
use super::parallel;

/// The digest of one file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Digest {
    /// Hex SHA-256 of a regular file's bytes, as `sha256sum` prints it. Permissions are not knowledge.
    Sha256(String),
    /// `sha256-…` over the NAR of a symbolic link itself, as `nix hash path` prints it.
    Nar(String),
}

/// Path and digest of every file, sorted as [`Files`] is. `nar` gives the NAR hash of a symbolic link.
///
/// # Errors
/// When a file cannot be read or `nar` fails.
pub fn digests<E: std::fmt::Display>(
    files: &Files,
    nar: impl Fn(&Path) -> Result<String, E> + Sync,
) -> Result<Vec<(String, Digest)>, KnowledgeError> {
    parallel::map(&files.files, |file| {
        let path = files.inside(&file.path)?;
        let digest = if file.content == Content::Symlink {
            Digest::Nar(nar(&path).map_err(|error| KnowledgeError::Link {
                path: file.path.clone(),
                reason: error.to_string(),
            })?)
        } else {
            Digest::Sha256(sha256(&path).map_err(|source| KnowledgeError::Read {
                path: file.path.clone(),
                source,
            })?)
        };
        Ok((file.path.clone(), digest))
    })
    .collect()
}

fn sha256(path: &Path) -> std::io::Result<String> {
    let mut file = Handle::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(poag_core::hex(&hasher.finalize())),
            read => hasher.update(&buffer[..read]),
        }
    }
}

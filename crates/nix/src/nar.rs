//! NAR hashes of files on disk. The one place that knows which crate computes them.
//!
//! The format is that of `nix hash path --type sha256 --sri`: the SHA-256 of the Nix archive.

#![expect(clippy::disallowed_methods, reason = "temporary folders")]

use std::io;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// A path could not be archived.
#[derive(Debug, Error)]
#[error(
    "cannot compute the NAR hash of {}: {source}\nrepair: make sure that the path exists and can be read",
    path.display()
)]
pub struct NarError {
    /// The path.
    pub path: PathBuf,
    /// What went wrong.
    pub source: io::Error,
}

/// The SRI form (`sha256-…=`) of the NAR hash of a file, folder or symbolic link (not followed).
///
/// # Errors
/// When the path cannot be read.
pub fn sri(path: &Path) -> Result<String, NarError> {
    let fail = |source| NarError {
        path: path.to_path_buf(),
        source,
    };
    let mut encoder = nix_nar::Encoder::new(path).map_err(|error| fail(io::Error::other(error)))?;
    let mut hash = HashWriter(Sha256::new());
    io::copy(&mut encoder, &mut hash).map_err(fail)?;
    Ok(format!("sha256-{}", STANDARD.encode(hash.0.finalize())))
}

/// The SRI form of the NAR hash of a folder that holds nothing but this symbolic link.
///
/// That is how `lib/internal/knowledge.nix` tells links apart: Nix cannot read a link, and follows
/// one that it is given.
///
/// # Errors
/// When the link cannot be read.
pub fn link_sri(link: &Path) -> Result<String, NarError> {
    let fail = |source| NarError {
        path: link.to_path_buf(),
        source,
    };
    let target = std::fs::read_link(link).map_err(fail)?;
    let name = link.file_name().unwrap_or_default();
    let folder = tempfile::tempdir().map_err(fail)?;
    std::os::unix::fs::symlink(target, folder.path().join(name)).map_err(fail)?;
    sri(folder.path())
}

struct HashWriter(Sha256);

impl io::Write for HashWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values printed by `nix hash path`.
    #[test]
    fn hashes_of_a_file_and_of_a_link_are_those_of_nix() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hello");
        std::fs::write(&file, "hello\n").unwrap();
        assert_eq!(
            sri(&file).unwrap(),
            "sha256-HDfQGvQL4ugGkd48w99EN3ppmvuxfGjwgJZLL9Bx/BM="
        );
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("hello", &link).unwrap();
        assert_eq!(
            sri(&link).unwrap(),
            "sha256-RrFTrfWQ3buydmXbrdgK0QUvtCgBcouDqbf0zUtUgSU="
        );
    }

    #[test]
    fn a_missing_path_is_an_error_with_a_repair() {
        let error = sri(Path::new("/nonexistent/poag")).unwrap_err().to_string();
        assert!(
            error.contains("/nonexistent/poag") && error.contains("repair:"),
            "{error}"
        );
    }
}

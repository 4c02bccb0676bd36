//! What nix makes of a lock: asked on a copy of the files that locking reads.

#![expect(clippy::disallowed_methods, reason = "temporary folders")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use super::flake_lock::{Lock, is_same};
use super::{Nix, NixError};

/// What `nix flake metadata --json` prints, as far as it matters here.
#[derive(Deserialize)]
struct FlakeMetadata {
    locks: serde_json::Value,
}

/// Texts of files, by their paths inside a source.
pub type SourceFiles = BTreeMap<PathBuf, String>;

impl Nix {
    /// Whether nix takes `joined` for the complete lock of the flake in `dir` of a source of `files`, and gives every
    /// input what `before` gives it. Else why not, in nix's words. Nothing is fetched that the lock names already.
    ///
    /// # Errors
    /// When nix cannot be started, or the copy cannot be made.
    pub async fn proves(
        &self,
        files: &SourceFiles,
        dir: &str,
        (before, joined): (&Lock, &Lock),
    ) -> Result<Option<String>, NixError> {
        let unmade = |source| NixError::Start { source };
        let copy = tempfile::tempdir().map_err(unmade)?;
        for (inner, text) in files {
            write(copy.path(), inner, text).map_err(unmade)?;
        }
        let lock = Path::new(dir).join("flake.lock");
        write(copy.path(), &lock, &joined.text()).map_err(unmade)?;
        let reference = format!("path:{}?dir={}", copy.path().display(), encoded(dir));
        let args = [
            "flake",
            "metadata",
            "--json",
            "--no-update-lock-file",
            &reference,
        ];
        let json = match self.run("locking the edited flake", &args).await {
            Ok(json) => json,
            Err(NixError::Failed { message, .. }) => return Ok(Some(message)),
            Err(other) => return Err(other),
        };
        let read = serde_json::from_slice::<FlakeMetadata>(&json);
        let found = read.map(|metadata| Lock::parse(metadata.locks.to_string().as_bytes()));
        let Ok(Ok(found)) = found else {
            return Ok(Some("nix prints a lock that cannot be read".into()));
        };
        let same = is_same(before, &found) && found.nodes.len() == joined.nodes.len();
        Ok((!same).then(|| "nix locks other inputs".into()))
    }

    /// The first line of `nix --version`.
    ///
    /// # Errors
    /// When nix cannot be started.
    pub async fn version(&self) -> Result<String, NixError> {
        let said = self
            .run("asking nix for its version", &["--version"])
            .await?;
        let said = String::from_utf8_lossy(&said);
        Ok(said.lines().next().unwrap_or_default().trim().to_owned())
    }
}

fn write(folder: &Path, inner: &Path, text: &str) -> std::io::Result<()> {
    let plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    if !inner.components().all(plain) {
        return Err(std::io::ErrorKind::InvalidInput.into());
    }
    let file = folder.join(inner);
    fs::create_dir_all(file.parent().unwrap_or(folder))?;
    fs::write(file, text)
}

/// A folder as it stands in the query of a reference (RFC 3986, section 3.4).
fn encoded(dir: &str) -> String {
    let sign = |byte: u8| match byte {
        b'/' | b'-' | b'.' | b'_' | b'~' => (byte as char).to_string(),
        byte if byte.is_ascii_alphanumeric() => (byte as char).to_string(),
        byte => format!("%{byte:02X}"),
    };
    dir.bytes().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_odd_signs_is_encoded() {
        assert_eq!(encoded("a b/c&d=é"), "a%20b/c%26d%3D%C3%A9");
    }

    #[test]
    fn nothing_is_written_outside_of_the_copy() {
        let copy = tempfile::tempdir().unwrap();
        for outside in ["../x", "/x"] {
            assert!(write(copy.path(), Path::new(outside), "").is_err());
        }
    }
}

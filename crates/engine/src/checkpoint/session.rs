//! The backend's files of a conversation: what is there, and whether it is what was sealed.

#![expect(
    clippy::disallowed_methods,
    reason = "checkpoints, in the state folder"
)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Component, Path};

use super::error::CheckpointError;
use super::meta::{SessionFile, sha256};

/// Most files of one conversation.
pub const FILES: usize = 4_096;
/// Most bytes of one conversation.
pub const BYTES: u64 = 256 << 20;

/// The files below a folder, in bytewise order. Files that are no plain ones are refused: nobody knows
/// what they would mean elsewhere.
///
/// # Errors
/// When they cannot be read, or are too many or too large.
pub fn read(folder: &Path) -> Result<Vec<SessionFile>, CheckpointError> {
    let refused = |what: String| CheckpointError::Session { what };
    let mut files = Vec::new();
    let mut bytes = 0;
    for entry in walkdir::WalkDir::new(folder).min_depth(1) {
        let entry = entry.map_err(|error| refused(error.to_string()))?;
        if entry.file_type().is_dir() {
            continue;
        }
        let path = entry.path().strip_prefix(folder).ok();
        let path = path
            .and_then(Path::to_str)
            .filter(|path| is_inside(path))
            .ok_or_else(|| refused("a file whose name is no text".into()))?;
        if !entry.file_type().is_file() {
            return Err(refused(format!("{path}, which is no plain file")));
        }
        let size = entry
            .metadata()
            .map_err(|error| refused(error.to_string()))?;
        bytes += size.len();
        if files.len() >= FILES || bytes > BYTES {
            return Err(refused(format!(
                "more than {FILES} files or {} MiB",
                BYTES >> 20
            )));
        }
        let content = fs::read(entry.path())
            .map_err(CheckpointError::io("read the session's file", entry.path()))?;
        files.push(SessionFile {
            path: path.to_owned(),
            size: content.len() as u64,
            sha256: sha256(&content),
        });
    }
    files.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
    Ok(files)
}

/// Whether a path can only name something below the folder it is put into.
#[must_use]
pub fn is_inside(path: &str) -> bool {
    let parts = Path::new(path).components();
    let plain = parts
        .clone()
        .all(|part| matches!(part, Component::Normal(_)));
    // Nothing is written in two ways, such as `a//b`.
    let same = parts
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
        == path;
    plain && same && !path.is_empty() && path.len() <= 1_024 && !path.chars().any(char::is_control)
}

/// Makes all files below a folder read-only.
///
/// # Errors
/// When one of them cannot be changed.
pub fn freeze(folder: &Path) -> Result<(), CheckpointError> {
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten() {
        let mode = if entry.file_type().is_dir() {
            0o700
        } else {
            0o400
        };
        fs::set_permissions(entry.path(), Permissions::from_mode(mode))
            .map_err(CheckpointError::io("make read-only", entry.path()))?;
    }
    Ok(())
}

//! The files of one commit, by name, without their contents.

use std::path::Path;

use super::GitError;
use crate::Git;

/// Bytes of a list of files that are read.
const MAX_BYTES: usize = 256 << 20;
const DOING: &str = "listing the files of a commit";
/// The mode of a symbolic link.
const LINK: u32 = 0o120_000;

/// One file of a commit.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TreeFile {
    /// From the top of the repository, with `/`.
    pub path: String,
    /// The object id of its content.
    pub id: String,
    /// Bytes; none where the repository does not hold the content.
    pub size: Option<u64>,
    /// As git keeps it: `0o100644`, `0o100755`, or `0o120000` for a symbolic link.
    pub mode: u32,
}

impl TreeFile {
    /// Whether it is a symbolic link.
    #[must_use]
    pub fn is_link(&self) -> bool {
        self.mode == LINK
    }
}

/// The paths of all files of a commit, as [`snapshot`] has them, without what they are.
///
/// # Errors
/// When there is no git, no repository, no such commit, or git fails.
pub fn names(repository: &Path, revision: &str) -> Result<Vec<String>, GitError> {
    let (_, files) = list(repository, revision)?;
    Ok(files.into_iter().map(|file| file.path).collect())
}

/// All files below a folder, by the object id of its tree, as [`snapshot`] has them; paths begin in that folder.
///
/// # Errors
/// When there is no git, no repository, no such tree, or git fails.
pub fn tree(repository: &Path, id: &str) -> Result<Vec<TreeFile>, GitError> {
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(GitError::NoCommit {
            revision: id.to_owned(),
        });
    }
    let (top, _) = super::locate(repository)?;
    let git = Git::at(&top);
    let files = listed(&git, id)?;
    sized(&git, files)
}

/// All files of a commit, sorted bytewise by path. Names that are not UTF-8, and submodules, are left out.
///
/// # Errors
/// When there is no git, no repository, no such commit, or git fails.
pub fn snapshot(repository: &Path, revision: &str) -> Result<Vec<TreeFile>, GitError> {
    let (git, files) = list(repository, revision)?;
    sized(&git, files)
}

fn sized(git: &Git, mut files: Vec<TreeFile>) -> Result<Vec<TreeFile>, GitError> {
    let ids: Vec<&str> = files.iter().map(|file| file.id.as_str()).collect();
    let sizes = super::contents::sizes(git, &ids)?;
    for (file, size) in files.iter_mut().zip(sizes) {
        file.size = size;
    }
    Ok(files)
}

fn list(repository: &Path, revision: &str) -> Result<(Git, Vec<TreeFile>), GitError> {
    let (top, _) = super::locate(repository)?;
    let git = Git::at(&top);
    let commit = git.commit(revision)?;
    let files = listed(&git, &commit)?;
    Ok((git, files))
}

fn listed(git: &Git, id: &str) -> Result<Vec<TreeFile>, GitError> {
    let args = ["ls-tree", "-r", "-z", "--full-tree", id];
    let output = git.run(DOING, &args, Vec::new(), MAX_BYTES)?;
    if !output.whole {
        return Err(GitError::Much {
            doing: DOING,
            most: MAX_BYTES,
        });
    }
    let mut files = Vec::new();
    for row in output.bytes.split(|byte| *byte == 0) {
        let Ok(row) = std::str::from_utf8(row) else {
            continue;
        };
        if row.is_empty() {
            continue;
        }
        let parsed = row.split_once('\t').and_then(|(head, path)| {
            let mut words = head.split(' ');
            let mode = u32::from_str_radix(words.next()?, 8).ok()?;
            Some((mode, words.next()?, words.next()?, path))
        });
        let Some((mode, kind, id, path)) = parsed else {
            return Err(GitError::Form { doing: DOING });
        };
        if kind == "blob" {
            files.push(TreeFile {
                path: path.to_owned(),
                id: id.to_owned(),
                size: None,
                mode,
            });
        }
    }
    files.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
    Ok(files)
}

//! The past of a git repository: its commits, a tree, and what its files held. No checkout is needed, nor changed.
//!
//! Everything goes through the plumbing of the `git` program (`rev-list`, `diff-tree`, `ls-tree`, `cat-file`), which a
//! repository cannot teach to run anything: see [`crate`]. All of it is bounded in commits, bytes and time, and
//! the same repository gives the same answer on every machine.

mod contents;
mod log;
mod moved;
mod tree;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use contents::{HUGE, contents};
pub use log::{Log, commits_of, messages, read, renew};
pub use tree::{TreeFile, names, snapshot, tree};

use crate::{Git, GitError};

/// A change of one file by a commit.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Change {
    /// From the top of the repository, with `/`: the name after the commit, or the last one where it is deleted.
    pub path: String,
    /// What happened to it.
    pub kind: ChangeKind,
}

/// What a commit did to a file.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// Its content or its mode differs.
    Modified,
    /// It is gone.
    Deleted,
    /// It has another name: the same content, or the only file of that name that came and the only one that went.
    Renamed {
        /// The name before.
        from: String,
    },
}

/// One commit that is no merge.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Commit {
    /// Its object id, in full.
    pub id: String,
    /// When it was committed, in seconds since 1970.
    pub time: i64,
    /// The author's name: good for telling robots, and nothing else.
    pub author: String,
    /// The whole message, at most [`MAX_MESSAGE`] bytes of it.
    pub message: String,
    /// The files it changed, at most [`MAX_CHANGES`], in the order of git. Names that are not UTF-8, and submodules,
    /// are left out.
    pub changes: Vec<Change>,
}

/// Bytes of one commit's message that are kept.
pub const MAX_MESSAGE: usize = 64 << 10;
/// Changes of one commit that are kept.
pub const MAX_CHANGES: usize = 4096;

/// Commits of a repository, newest first.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Past {
    /// The object id of the commit it was read from; empty where there is no past.
    pub head: String,
    /// Whether the clone lacks older commits.
    pub shallow: bool,
    /// Without merges; a commit stands before its ancestors (`git rev-list --topo-order`).
    pub commits: Vec<Commit>,
    /// Why there is less than one may expect, as a sentence without a full stop.
    pub note: Option<String>,
}

impl Past {
    /// Like [`read`], but it never fails: where there is no git, no repository or no commit, it is empty, and its
    /// note tells the reason.
    #[must_use]
    pub fn known(repository: &Path, revision: &str, below: &str, most: usize) -> Self {
        read(repository, revision, below, most).unwrap_or_else(|error| Self::unknown(&error))
    }

    /// None, for that reason.
    #[must_use]
    pub fn unknown(error: &GitError) -> Self {
        let text = error.to_string();
        Self {
            note: text.lines().next().map(str::to_owned),
            ..Self::default()
        }
    }
}

/// The top of the repository that `folder` lies in (of a bare one, its git folder), and where in it `folder` is: empty,
/// or a path with `/` and without one at its end, as [`read`] takes it.
///
/// # Errors
/// When there is no git, or `folder` is in no repository.
pub fn locate(folder: &Path) -> Result<(PathBuf, String), GitError> {
    let git = Git::at(folder);
    let up = git.line("finding the repository", &["rev-parse", "--show-cdup"])?;
    let inside = git.line("finding the repository", &["rev-parse", "--show-prefix"])?;
    let top = if up.is_empty() {
        folder.to_owned()
    } else {
        folder.join(up)
    };
    Ok((top, inside.trim_end_matches('/').to_owned()))
}

/// The object id of a commit, in full.
///
/// # Errors
/// When there is no such commit.
pub fn resolve(repository: &Path, revision: &str) -> Result<String, GitError> {
    Git::at(repository).commit(revision)
}

/// The commits on the line of first parents, newest first, at most `most`: their ids in full.
///
/// # Errors
/// When there is no such commit, or git fails.
pub fn first_parents(
    repository: &Path,
    revision: &str,
    most: usize,
) -> Result<Vec<String>, GitError> {
    let git = Git::at(repository);
    let head = git.commit(revision)?;
    let most = format!("--max-count={most}");
    let args = ["rev-list", "--first-parent", &most, &head];
    git.words("listing commits", &args)
}

/// The commits that `revision` holds and `without` does not, merges left out, in the order of [`Past`]: their ids.
///
/// # Errors
/// When there is no such commit, or git fails.
pub fn since(repository: &Path, revision: &str, without: &str) -> Result<Vec<String>, GitError> {
    let git = Git::at(repository);
    let (head, base) = (git.commit(revision)?, git.commit(without)?);
    let base = format!("^{base}");
    let args = ["rev-list", "--no-merges", "--topo-order", &head, &base];
    git.words("listing commits", &args)
}

/// Which of the given commits the repository holds, by their ids in full.
///
/// # Errors
/// When there is no repository, or git fails.
pub fn held<S: AsRef<str>>(repository: &Path, commits: &[S]) -> Result<Vec<bool>, GitError> {
    let git = Git::at(repository);
    git.line("finding the repository", &["rev-parse", "--git-dir"])?;
    let ids: Vec<&str> = commits.iter().map(AsRef::as_ref).collect();
    let kinds = contents::heads(&git, &ids, "commit")?;
    Ok(kinds.iter().map(Option::is_some).collect())
}

/// The object ids of folders, each named as `<commit>:<folder>` or `<commit>^:<folder>` (before that commit, by its first
/// parent); none where there is no such folder.
///
/// # Errors
/// When there is no repository, or git fails.
pub fn trees<S: AsRef<str>>(
    repository: &Path,
    folders: &[S],
) -> Result<Vec<Option<String>>, GitError> {
    let (top, _) = locate(repository)?;
    contents::trees(&Git::at(&top), folders)
}

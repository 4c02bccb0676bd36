//! Worktrees: made at claim time, from the commit that holds what the task depends on.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::references::full;
use super::{NAMES, WorkGitError, WorkRepository};
use crate::{Git, GitError};

/// Bytes of a `.git` file that are read.
const POINTER: u64 = 16 << 10;

/// A worktree as it was made. What is done with it goes by this, not by what lies in it now.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Worktree {
    /// Its top, without links.
    pub path: PathBuf,
    /// Its branch, without `refs/heads/`; none where only a commit is checked out.
    pub branch: Option<String>,
    /// The commit it began at.
    pub base: String,
    /// Git's record of it, `<repository>/worktrees/<id>`.
    pub(super) record: PathBuf,
    /// What its `.git` file says.
    pub(super) pointer: String,
}

impl Worktree {
    /// git, in this worktree, whatever its `.git` file says.
    pub(super) fn git(&self) -> Git {
        Git::at(&self.path)
            .variable("GIT_DIR", &self.record)
            .variable("GIT_WORK_TREE", &self.path)
    }
}

impl WorkRepository {
    /// Makes a worktree at `path`, which must not be there, on a new branch that begins at `base`; locked, so that no
    /// clean-up of git's takes it away. `reason` is shown by `git worktree list --verbose`.
    ///
    /// # Errors
    /// When path or branch name are taken, or there is no such commit.
    pub fn make_worktree(
        &self,
        path: &Path,
        branch: &str,
        base: &str,
        reason: &str,
    ) -> Result<Worktree, WorkGitError> {
        let base = self.commit(base)?;
        self.free_name(branch)?;
        // Before the worktree, with a word of what for: whoever finds it after a death in between knows whose it is.
        self.make_branch(branch, &base, reason)?;
        if let Err(error) = self.add(path, reason, &[], branch) {
            // What is left of it holds nothing.
            let _ = self.delete_branch(branch, &base);
            return Err(error);
        }
        self.made(path, Some(branch), base)
    }

    /// Makes a worktree at `path` of a branch that is there already, for a further attempt on it. `base` is the commit
    /// that the branch began at.
    ///
    /// # Errors
    /// When the path is taken, or the branch is gone or checked out elsewhere.
    pub fn remake_worktree(
        &self,
        path: &Path,
        branch: &str,
        base: &str,
        reason: &str,
    ) -> Result<Worktree, WorkGitError> {
        let base = self.commit(base)?;
        self.commit(&full(branch))?;
        if let Some(user) = self.users_of(branch)?.pop() {
            return Err(WorkGitError::InUse {
                branch: branch.to_owned(),
                folder: user.folder,
            });
        }
        self.add(path, reason, &[], branch)?;
        self.made(path, Some(branch), base)
    }

    /// Checks a commit out at `path`, on no branch, to run checks there.
    ///
    /// # Errors
    /// When the path is taken, or there is no such commit.
    pub fn checkout(
        &self,
        path: &Path,
        commit: &str,
        reason: &str,
    ) -> Result<Worktree, WorkGitError> {
        let base = self.commit(commit)?;
        self.add(path, reason, &["--detach"], &base)?;
        self.made(path, None, base)
    }

    /// Lays the files of a salvage into a worktree, as changes that nobody committed yet.
    ///
    /// # Errors
    /// When there is no such salvage, or a file cannot be written.
    pub fn unpack(&self, worktree: &Worktree, salvage: &str) -> Result<(), WorkGitError> {
        const DOING: &str = "unpacking a salvage";
        let salvage = self.commit(salvage)?;
        let git = worktree.git();
        let lay = ["read-tree", "--reset", "-u", &salvage];
        git.run(DOING, &lay, Vec::new(), NAMES)?;
        git.run(DOING, &["read-tree", "HEAD"], Vec::new(), NAMES)?;
        Ok(())
    }

    fn add(&self, path: &Path, reason: &str, how: &[&str], what: &str) -> Result<(), WorkGitError> {
        let taken = || WorkGitError::PathTaken {
            path: path.to_owned(),
        };
        if path.symlink_metadata().is_ok() {
            return Err(taken());
        }
        let Some(place) = path.to_str() else {
            return Err(taken());
        };
        let mut args = vec!["worktree", "add", "--quiet", "--lock", "--reason", reason];
        args.extend(how);
        args.extend(["--", place, what]);
        match self.worktrees("making a worktree", &args) {
            Ok(_) => Ok(()),
            Err(half @ WorkGitError::HalfMade { .. }) => Err(half),
            // Of a folder that was removed without git's knowledge.
            Err(_) if self.is_recorded(path)? => Err(taken()),
            Err(other) => Err(other),
        }
    }

    /// Whether git has a record of a worktree at that path.
    fn is_recorded(&self, path: &Path) -> Result<bool, WorkGitError> {
        let list = ["worktree", "list", "--porcelain", "-z"];
        let output = self.worktrees("listing worktrees", &list)?;
        let text = String::from_utf8_lossy(&output.bytes);
        let line = format!("worktree {}", path.display());
        Ok(text.split('\0').any(|word| word == line))
    }

    /// Refuses a branch name that cannot be, or that is taken.
    ///
    /// # Errors
    /// [`WorkGitError::BranchName`] and [`WorkGitError::BranchTaken`].
    pub fn free_name(&self, branch: &str) -> Result<(), WorkGitError> {
        let reference = full(branch);
        let args = ["check-ref-format", &reference];
        let (fine, _) = self
            .git()
            .answer("checking a name", &args, Vec::new(), NAMES)?;
        if !fine || branch.starts_with('-') {
            return Err(WorkGitError::BranchName {
                branch: branch.to_owned(),
            });
        }
        let taken = |by: &str| WorkGitError::BranchTaken {
            branch: branch.to_owned(),
            by: by.trim_start_matches("refs/heads/").to_owned(),
        };
        // `a` and `a/b` cannot both be: refs are files.
        let mut above = reference.as_str();
        while above.len() > "refs/heads".len() {
            if self.reference(above)?.is_some() {
                return Err(taken(above));
            }
            above = above.rsplit_once('/').map_or("", |(above, _)| above);
        }
        match self.references_below(&format!("{reference}/"))?.first() {
            Some((below, _)) => Err(taken(below)),
            None => Ok(()),
        }
    }

    /// What poag remembers of a worktree that git just made.
    pub(super) fn made(
        &self,
        path: &Path,
        branch: Option<&str>,
        base: String,
    ) -> Result<Worktree, WorkGitError> {
        const DOING: &str = "finding the worktree";
        let path = path.canonicalize().map_err(|source| WorkGitError::Io {
            path: path.to_owned(),
            doing: "found",
            source,
        })?;
        let git = Git::at(&path);
        let args = ["rev-parse", "--path-format=absolute", "--git-dir"];
        let record = git.line(DOING, &args)?;
        let pointer = pointer(&path).ok_or(GitError::Form { doing: DOING })?;
        Ok(Worktree {
            path,
            branch: branch.map(str::to_owned),
            base,
            record: record.into(),
            pointer,
        })
    }
}

/// What the `.git` file of a worktree says; none where it is no file.
pub(super) fn pointer(worktree: &Path) -> Option<String> {
    let file = worktree.join(".git");
    let found = file.symlink_metadata().ok()?;
    let plain = found.is_file() && found.len() <= POINTER;
    plain.then(|| fs::read_to_string(&file).ok()).flatten()
}

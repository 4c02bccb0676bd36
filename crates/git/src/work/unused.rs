//! Worktrees and checkouts that were made by a poag that was killed before it could say so: nobody ever worked in them.

#![expect(
    clippy::disallowed_methods,
    reason = "worktrees of poag's own, which are removed"
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::remove::clear;
use super::{WorkGitError, WorkRepository, Worktree};

/// How long is waited for a git that still lays the files out: it outlives the poag that started it.
const LAYING_OUT: Duration = Duration::from_secs(10);

/// A worktree, as git lists it.
struct Listed {
    path: PathBuf,
    /// Without `refs/heads/`.
    branch: Option<String>,
}

impl WorkRepository {
    /// Removes a worktree that was made at `path` and never used, without a salvage, and which of these branches was made
    /// for it: by the `reason` that it was made with, and still at `base`.
    ///
    /// # Errors
    /// When it cannot be removed: then it stays.
    pub fn clear_unused(
        &self,
        path: &Path,
        (branches, base): (&[String], &str),
        reason: &str,
    ) -> Result<(), WorkGitError> {
        let place = real(path);
        let mut listed = self.listed()?.into_iter();
        match listed.find(|found| found.path == place) {
            Some(found) => self.clear_listed(&found)?,
            // Fails, and does no harm, where anything is in it.
            None => drop(std::fs::remove_dir(&place)),
        }
        for branch in branches {
            if self.is_made_for(branch, base, reason)? {
                self.delete_branch(branch, base)?;
            }
        }
        Ok(())
    }

    /// Removes the checkouts of commits in `folder` whose names begin with `prefix`, in which only checks ran.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub fn clear_checkouts(&self, folder: &Path, prefix: &str) -> Result<(), WorkGitError> {
        let folder = folder.canonicalize().unwrap_or(folder.to_owned());
        for found in self.listed()? {
            let name = found.path.file_name().and_then(|name| name.to_str());
            let ours = found.path.parent() == Some(&folder)
                && name.is_some_and(|name| name.starts_with(prefix));
            if ours && found.branch.is_none() {
                self.clear_listed(&found)?;
            }
        }
        Ok(())
    }

    fn clear_listed(&self, found: &Listed) -> Result<(), WorkGitError> {
        // git writes it first and a removal may take it first.
        if found.path.join(".git").symlink_metadata().is_ok() {
            let worktree = self.made(&found.path, found.branch.as_deref(), String::new())?;
            laid_out(&worktree);
            return self.discard(&worktree);
        }
        // Of one that was half removed: some of its files may be left, and git's record of it is.
        if found.path.is_dir() {
            clear(&found.path).map_err(|source| WorkGitError::Io {
                path: found.path.clone(),
                doing: "removed",
                source,
            })?;
        }
        let path = found.path.to_string_lossy();
        let args = ["worktree", "remove", "--force", "--force", "--", &path];
        self.worktrees("removing a worktree", &args)?;
        Ok(())
    }

    fn listed(&self) -> Result<Vec<Listed>, WorkGitError> {
        let list = ["worktree", "list", "--porcelain", "-z"];
        let output = self.worktrees("listing worktrees", &list)?;
        let text = String::from_utf8_lossy(&output.bytes).into_owned();
        let mut all = Vec::new();
        // An empty word ends each worktree.
        for words in text.split("\0\0") {
            let word = |name: &str| {
                let mut words = words.split('\0').filter_map(|word| word.split_once(' '));
                words.find_map(|(found, value)| (found == name).then(|| value.to_owned()))
            };
            let Some(path) = word("worktree").map(PathBuf::from) else {
                continue;
            };
            all.push(Listed {
                path: real(&path),
                branch: word("branch")
                    .map(|name| name.trim_start_matches("refs/heads/").to_owned()),
            });
        }
        Ok(all)
    }
}

/// A path without links, also of what is gone.
fn real(path: &Path) -> PathBuf {
    let gone = || {
        let parent = path.parent()?.canonicalize().ok()?;
        Some(parent.join(path.file_name()?))
    };
    let real = path.canonicalize().ok().or_else(gone);
    real.unwrap_or(path.to_owned())
}

/// Waits until git has laid the files of a worktree out.
fn laid_out(worktree: &Worktree) {
    let began = Instant::now();
    let there = |name: &str| worktree.record.join(name).exists();
    while (there("index.lock") || !there("index")) && began.elapsed() < LAYING_OUT {
        std::thread::sleep(Duration::from_millis(10));
    }
}

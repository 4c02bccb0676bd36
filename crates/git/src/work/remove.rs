//! Removing worktrees, by exact path, and never before they are salvaged.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::{Identity, Salvage, SalvageName, WorkGitError, WorkRepository, Worktree};

impl WorkRepository {
    /// Salvages a worktree, then removes it. Its branch stays. Of one that is gone already, git's record is removed.
    ///
    /// # Errors
    /// When it cannot be salvaged or removed: then it stays where it is.
    pub fn remove_worktree(
        &self,
        worktree: &Worktree,
        name: &SalvageName<'_>,
        identity: &Identity,
    ) -> Result<Option<Salvage>, WorkGitError> {
        let salvage = self.salvage(worktree, name, identity)?;
        self.discard(worktree)?;
        Ok(salvage)
    }

    /// Removes the checkout of a commit, in which only checks ran.
    ///
    /// # Errors
    /// When it has a branch, so that somebody may have worked in it, or cannot be removed.
    pub fn remove_checkout(&self, worktree: &Worktree) -> Result<(), WorkGitError> {
        match &worktree.branch {
            None => self.discard(worktree),
            Some(branch) => Err(WorkGitError::InUse {
                branch: branch.clone(),
                folder: worktree.path.clone(),
            }),
        }
    }

    pub(super) fn discard(&self, worktree: &Worktree) -> Result<(), WorkGitError> {
        const DOING: &str = "removing a worktree";
        let failed = |source: io::Error| WorkGitError::Io {
            path: worktree.path.clone(),
            doing: "removed",
            source,
        };
        // Whether git would do it depends on a `.git` file that an agent can write.
        match worktree.path.symlink_metadata() {
            Ok(found) if found.is_dir() => clear(&worktree.path).map_err(failed)?,
            Ok(_) => fs::remove_file(&worktree.path).map_err(failed)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        if !worktree.record.is_dir() {
            return Ok(());
        }
        let path = worktree.path.to_string_lossy();
        let args = ["worktree", "remove", "--force", "--force", "--", &path];
        self.worktrees(DOING, &args)?;
        Ok(())
    }
}

/// Removes a folder with all in it; folders that were made read-only, too. Follows no link.
fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            open_up(folder)?;
            fs::remove_dir_all(folder)
        }
        other => other,
    }
}

fn open_up(folder: &Path) -> io::Result<()> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            open_up(&entry.path())?;
        }
    }
    Ok(())
}

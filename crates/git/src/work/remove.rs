//! Removing worktrees, by exact path, and never before they are salvaged. Deleting many files takes its time, which who
//! stops a work does not have: they can be put aside, to be deleted then or later.

#![expect(
    clippy::disallowed_methods,
    reason = "worktrees of poag's own, which are removed"
)]

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use super::{Identity, Salvage, SalvageName, WorkGitError, WorkRepository, Worktree};

/// How names of folders begin that were worktrees, and that hold nothing which is in no ref.
const ASIDE: &str = ".gone-";

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

    /// The same, but for the files: they are put aside, in the folder that the worktree was in, for
    /// [`WorkRepository::delete_aside`].
    ///
    /// # Errors
    /// As [`WorkRepository::remove_worktree`].
    pub fn put_aside(
        &self,
        worktree: &Worktree,
        name: &SalvageName<'_>,
        identity: &Identity,
    ) -> Result<Option<Salvage>, WorkGitError> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let salvage = self.salvage(worktree, name, identity)?;
        if let (Some(folder), Some(last)) = (worktree.path.parent(), worktree.path.file_name()) {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let name = format!("{ASIDE}{}-{number}-{}", std::process::id(), last.display());
            // One that cannot be moved is deleted where it is.
            let _ = fs::rename(&worktree.path, folder.join(name));
        }
        self.discard(worktree)?;
        Ok(salvage)
    }

    /// Deletes what was put aside in a folder, up to a time; whether nothing of it is left. What cannot be deleted stays.
    #[must_use]
    pub fn delete_aside(folder: &Path, until: Option<Instant>) -> bool {
        let mut all = true;
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(ASIDE) {
                all &= delete(&entry.path(), until).unwrap_or_default();
            }
        }
        all
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

/// Deletes what is below a folder, and then it, up to a time; whether it is gone. Follows no link.
fn delete(folder: &Path, until: Option<Instant>) -> io::Result<bool> {
    if until.is_none() {
        return clear(folder).map(|()| true);
    }
    // Where it may not be listed, or its names not be removed.
    let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    for entry in fs::read_dir(folder)? {
        if until.is_some_and(|until| Instant::now() >= until) {
            return Ok(false);
        }
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            false => fs::remove_file(entry.path())?,
            true if delete(&entry.path(), until)? => {}
            true => return Ok(false),
        }
    }
    fs::remove_dir(folder).map(|()| true)
}

/// Removes a folder with all in it; folders that were made read-only, too. Follows no link.
pub(super) fn clear(folder: &Path) -> io::Result<()> {
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

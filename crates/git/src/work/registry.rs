//! Git's list of worktrees, which every git of a repository reads and changes, and for which it has no lock.
//!
//! `git worktree add` makes the files of a record one after the other. A git that lists worktrees while one of them is there
//! and still empty ends with "fatal: failed to read .git/worktrees/…/commondir: Success" (seen in git 2.47, 3 of 360 under
//! load); so do `add` and `remove`, which list first. Nothing has happened then, and a moment later it goes well: whoever
//! works in a repository with several worktrees has to try again.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::{NAMES, WorkGitError, WorkRepository};
use crate::{GitError, GitOutput};

/// How long a record may be half made: a git writes one in milliseconds, unless the machine stands still.
const SETTLING: Duration = Duration::from_secs(10);
/// The wait before it is tried again.
const AGAIN: Duration = Duration::from_millis(10);

/// What tells that a record changed: (bytes of its `commondir`, when a file of it came or went).
type Record = (Option<u64>, Option<SystemTime>);

impl WorkRepository {
    /// Runs a command of `git worktree`, again where another git was changing the list meanwhile.
    ///
    /// # Errors
    /// [`WorkGitError::HalfMade`] where a record stays half made, and whatever else git says.
    pub(super) fn worktrees(
        &self,
        doing: &'static str,
        args: &[&str],
    ) -> Result<GitOutput, WorkGitError> {
        self.worktrees_within(SETTLING, doing, args)
    }

    pub(super) fn worktrees_within(
        &self,
        most: Duration,
        doing: &'static str,
        args: &[&str],
    ) -> Result<GitOutput, WorkGitError> {
        let began = Instant::now();
        loop {
            let before = self.records();
            let failed = match self.git().run(doing, args, Vec::new(), NAMES) {
                Err(failed @ GitError::Failed { .. }) => failed,
                other => return Ok(other?),
            };
            let half = self.half_made();
            let over = began.elapsed() > most;
            match half {
                Some(record) if over => return Err(WorkGitError::HalfMade { record }),
                None if over || before == self.records() => return Err(failed.into()),
                _ => thread::sleep(AGAIN),
            }
        }
    }

    fn records(&self) -> BTreeMap<OsString, Record> {
        let entries = fs::read_dir(self.common.join("worktrees"));
        let entries = entries.into_iter().flatten().flatten();
        entries
            .map(|entry| {
                let changed = entry.metadata().and_then(|found| found.modified()).ok();
                (entry.file_name(), (leads(&entry.path()), changed))
            })
            .collect()
    }

    /// A record that no git can read.
    fn half_made(&self) -> Option<PathBuf> {
        let entries = fs::read_dir(self.common.join("worktrees")).ok()?;
        let mut records = entries.flatten().map(|entry| entry.path());
        records.find(|record| leads(record) == Some(0))
    }
}

/// Bytes of what leads from a record to its repository; none where there is nothing.
fn leads(record: &Path) -> Option<u64> {
    let found = record.join("commondir").metadata().ok()?;
    Some(found.len())
}

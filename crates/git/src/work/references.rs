//! Refs: they move by compare-and-swap, and what they leave stays in a ref.

use std::path::PathBuf;

use super::{NAMES, WorkGitError, WorkRepository};
use crate::{Git, GitError};

/// The id that stands for "there is no such ref".
pub(super) const NONE: &str = "0000000000000000000000000000000000000000";

impl WorkRepository {
    /// The commit of a ref, by its whole name; none where there is no such ref.
    ///
    /// # Errors
    /// When git fails.
    pub fn reference(&self, name: &str) -> Result<Option<String>, WorkGitError> {
        let args = ["rev-parse", "--verify", "--quiet", "--end-of-options", name];
        let (found, id) = self
            .git()
            .answer("reading a ref", &args, Vec::new(), NAMES)?;
        let id = String::from_utf8_lossy(&id).trim().to_owned();
        Ok((found && !id.is_empty()).then_some(id))
    }

    /// The commit of a branch.
    ///
    /// # Errors
    /// When git fails.
    pub fn branch_tip(&self, branch: &str) -> Result<Option<String>, WorkGitError> {
        self.reference(&full(branch))
    }

    /// Moves a ref from one commit to another, or makes it where `from` is none. Whoever moves it in between wins.
    ///
    /// No checkout is changed: for a branch that a person has checked out see [`WorkRepository::land`].
    ///
    /// # Errors
    /// [`WorkGitError::Moved`] where it is not at `from`.
    pub fn move_reference(
        &self,
        reference: &str,
        to: &str,
        from: Option<&str>,
    ) -> Result<(), WorkGitError> {
        self.moved_for(reference, to, from, "poag")
    }

    fn moved_for(
        &self,
        reference: &str,
        to: &str,
        from: Option<&str>,
        why: &str,
    ) -> Result<(), WorkGitError> {
        let expected = from.unwrap_or(NONE);
        let args = [
            "update-ref",
            "--no-deref",
            "--create-reflog",
            "-m",
            why,
            reference,
            to,
            expected,
        ];
        self.swapped(reference, expected, to, &args)
    }

    /// Makes a branch; its log begins with `why`.
    pub(super) fn make_branch(
        &self,
        branch: &str,
        at: &str,
        why: &str,
    ) -> Result<(), WorkGitError> {
        match self.moved_for(&full(branch), at, None, why) {
            Err(WorkGitError::Moved { .. }) => Err(WorkGitError::BranchTaken {
                branch: branch.to_owned(),
                by: branch.to_owned(),
            }),
            other => other,
        }
    }

    /// Whether a branch is where it was made, and was made for this.
    pub(super) fn is_made_for(
        &self,
        branch: &str,
        at: &str,
        why: &str,
    ) -> Result<bool, WorkGitError> {
        let reference = full(branch);
        if self.reference(&reference)?.as_deref() != Some(at) {
            return Ok(false);
        }
        let args = ["log", "--walk-reflogs", "--format=%gs", &reference];
        let said = self
            .git()
            .run("reading the log of a ref", &args, Vec::new(), NAMES)?;
        let said = String::from_utf8_lossy(&said.bytes).into_owned();
        Ok(said.lines().eq([why]))
    }

    /// Deletes a branch whose commits another ref holds.
    ///
    /// # Errors
    /// [`WorkGitError::Moved`] where it is not at `from`, or no other ref holds its commits.
    pub fn delete_branch(&self, branch: &str, from: &str) -> Result<(), WorkGitError> {
        let reference = full(branch);
        let holders = self.holders(from)?;
        if !holders.iter().any(|holder| *holder != reference) {
            let kept = format!("refs/poag/kept/{from}");
            self.move_reference(&kept, from, None)?;
        }
        let args = ["update-ref", "--no-deref", "-d", &reference, from];
        self.swapped(&reference, from, NONE, &args)
    }

    fn swapped(
        &self,
        reference: &str,
        expected: &str,
        to: &str,
        args: &[&str],
    ) -> Result<(), WorkGitError> {
        let swapped = self.git().run("moving a ref", args, Vec::new(), NAMES);
        let Err(error) = swapped else { return Ok(()) };
        let is = self.reference(reference)?;
        let is = is.unwrap_or_else(|| NONE.to_owned());
        match is == expected || is == to {
            true => Err(error.into()),
            false => Err(WorkGitError::Moved {
                reference: reference.to_owned(),
                expected: expected.to_owned(),
                is,
            }),
        }
    }

    /// Refs that hold a commit, by their whole names.
    pub(super) fn holders(&self, commit: &str) -> Result<Vec<String>, WorkGitError> {
        let args = ["for-each-ref", "--format=%(refname)", "--contains", commit];
        Ok(self
            .git()
            .words("looking for refs that hold a commit", &args)?)
    }

    /// Refs below a prefix such as `refs/poag/salvage/`, each with its commit, by name.
    ///
    /// # Errors
    /// When git fails.
    pub fn references_below(&self, prefix: &str) -> Result<Vec<(String, String)>, WorkGitError> {
        let args = ["for-each-ref", "--format=%(objectname) %(refname)", prefix];
        let lines = self.git().words("listing refs", &args)?;
        let pairs = lines.iter().filter_map(|line| line.split_once(' '));
        Ok(pairs
            .map(|(id, name)| (name.to_owned(), id.to_owned()))
            .collect())
    }

    /// Where a branch is checked out, or in use by a rebase or bisect.
    pub(super) fn users_of(&self, branch: &str) -> Result<Vec<BranchUser>, WorkGitError> {
        const DOING: &str = "listing worktrees";
        let output = self.worktrees(DOING, &["worktree", "list", "--porcelain", "-z"])?;
        let text = String::from_utf8(output.bytes).map_err(|_| GitError::Form { doing: DOING })?;
        let wanted = full(branch);
        let mut users = Vec::new();
        // An empty word ends each worktree.
        for words in text.split("\0\0") {
            let mut folder = None;
            let (mut checked_out, mut bare) = (None, false);
            for word in words.split('\0') {
                match word.split_once(' ') {
                    Some(("worktree", path)) => folder = Some(PathBuf::from(path)),
                    Some(("branch", name)) => checked_out = Some(name.to_owned()),
                    None if word == "bare" => bare = true,
                    _ => {}
                }
            }
            let Some(folder) = folder.filter(|folder| !bare && folder.is_dir()) else {
                continue;
            };
            if checked_out.as_ref() == Some(&wanted) {
                users.push(BranchUser {
                    folder,
                    half_way: false,
                });
            } else if checked_out.is_none() && half_way(&folder, &wanted) {
                users.push(BranchUser {
                    folder,
                    half_way: true,
                });
            }
        }
        Ok(users)
    }
}

/// A checkout that a branch belongs to.
pub(super) struct BranchUser {
    /// Its top.
    pub folder: PathBuf,
    /// Whether a rebase or a bisect of the branch is under way there.
    pub half_way: bool,
}

/// Whether a rebase or bisect in `folder` will come back to the branch.
fn half_way(folder: &std::path::Path, branch: &str) -> bool {
    let args = ["rev-parse", "--path-format=absolute", "--git-dir"];
    let Ok(place) = Git::at(folder).line("finding the repository", &args) else {
        return false;
    };
    let place = PathBuf::from(place);
    let short = branch.trim_start_matches("refs/heads/");
    [
        "rebase-merge/head-name",
        "rebase-apply/head-name",
        "BISECT_START",
    ]
    .iter()
    .filter_map(|file| std::fs::read_to_string(place.join(file)).ok())
    .any(|name| name.trim() == branch || name.trim() == short)
}

/// The whole name of a branch.
pub(super) fn full(branch: &str) -> String {
    format!("refs/heads/{branch}")
}

//! Salvage: what lies in a worktree goes into a ref before anything is removed or reset.

use std::fmt;

use super::prove::head;
use super::references::full;
use super::{Identity, WorkGitError, WorkRepository, Worktree, snapshot};

/// Which attempt a salvage is of. Each word must do as a part of a ref's name.
#[derive(Clone, Copy, Debug)]
pub struct SalvageName<'a> {
    /// The work's id.
    pub work: &'a str,
    /// The task's id.
    pub task: &'a str,
    /// The attempt's number.
    pub attempt: u32,
}

impl fmt::Display for SalvageName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            work,
            task,
            attempt,
        } = self;
        write!(f, "refs/poag/salvage/{work}/{task}/{attempt}")
    }
}

/// What was salvaged of a worktree.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Salvage {
    /// The ref that holds it.
    pub reference: String,
    /// Its commit: the tree is what lay in the worktree, the parents are what was checked out, the tip of the branch, the
    /// index where it held something else, and an earlier salvage of the same attempt.
    pub commit: String,
}

impl WorkRepository {
    /// Puts everything that lies in a worktree and in no ref into the ref of that attempt: changed files, new files, what
    /// an agent staged, and commits that it made on no branch. Works whatever the agent did to `.git`. None where
    /// everything is in a ref already, or the folder is gone.
    ///
    /// # Errors
    /// When something cannot be read: then nothing may be removed.
    pub fn salvage(
        &self,
        worktree: &Worktree,
        name: &SalvageName<'_>,
        identity: &Identity,
    ) -> Result<Option<Salvage>, WorkGitError> {
        let folder = worktree.path.symlink_metadata();
        if !folder.is_ok_and(|folder| folder.is_dir()) || !worktree.record.is_dir() {
            return Ok(None);
        }
        let (_, checked_out) = head(worktree).unwrap_or_default();
        let branch = match &worktree.branch {
            Some(branch) => self.reference(&full(branch))?,
            None => None,
        };
        let onto = checked_out.or_else(|| branch.clone());
        let onto = onto.unwrap_or_else(|| worktree.base.clone());
        let tree = snapshot::exact(worktree, &onto)?.tree;
        let before = self.tree_of(&onto)?;
        let staged = worktree
            .git()
            .line("reading the index", &["write-tree"])
            .ok()
            .filter(|staged| *staged != before && *staged != tree);
        if tree == before && staged.is_none() && !self.holders(&onto)?.is_empty() {
            return Ok(None);
        }
        let staged = staged
            .map(|staged| self.commit_tree(&staged, &[&onto], "index", identity))
            .transpose()?;
        let reference = name.to_string();
        let earlier = self.reference(&reference)?;
        let mut parents = vec![onto.as_str()];
        for more in [&branch, &staged, &earlier].into_iter().flatten() {
            if !parents.contains(&more.as_str()) {
                parents.push(more);
            }
        }
        if let Some(commit) = earlier.clone().filter(|_| staged.is_none())
            && self.tree_of(&commit)? == tree
            && self.is_ancestor(&onto, &commit)?
        {
            return Ok(Some(Salvage { reference, commit }));
        }
        let message = format!(
            "Salvage of task {}, attempt {}, work {}",
            name.task, name.attempt, name.work
        );
        let commit = self.commit_tree(&tree, &parents, &message, identity)?;
        self.move_reference(&reference, &commit, earlier.as_deref())?;
        Ok(Some(Salvage { reference, commit }))
    }
}

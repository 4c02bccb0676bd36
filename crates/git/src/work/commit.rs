//! Commits: poag makes them, not the agent.

use serde::{Deserialize, Serialize};

use super::prove::head;
use super::references::full;
use super::{NAMES, WorkGitError, WorkRepository, Worktree, snapshot};
use crate::Git;

/// Who commits.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Identity {
    /// As in `user.name`.
    pub name: String,
    /// As in `user.email`.
    pub email: String,
}

/// What an agent left in its worktree.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LeftWork {
    /// The tip of its branch, with everything; the base where there is nothing.
    pub commit: String,
    /// The tip's tree.
    pub tree: String,
    /// Commits since the base that the agent made by itself.
    pub own_commits: usize,
    /// Whether poag committed what it left uncommitted.
    pub committed: bool,
}

impl LeftWork {
    /// Whether the branch holds anything that its base does not.
    #[must_use]
    pub fn is_something(&self) -> bool {
        self.committed || self.own_commits > 0
    }
}

impl Identity {
    /// git, committing as this one.
    pub(super) fn commits(&self, git: Git) -> Git {
        git.set("user.name", &*self.name)
            .set("user.email", &*self.email)
    }
}

impl WorkRepository {
    /// Who commits here, by the settings of git. What git would make up from the names of user and machine does not count.
    ///
    /// # Errors
    /// [`WorkGitError::NoIdentity`] where a setting is missing.
    pub fn identity(&self) -> Result<Identity, WorkGitError> {
        let read = |name: &'static str| -> Result<String, WorkGitError> {
            let args = ["config", "--get", name];
            let (found, value) =
                self.git()
                    .answer("reading who commits", &args, Vec::new(), NAMES)?;
            let value = String::from_utf8_lossy(&value).trim().to_owned();
            match found && !value.is_empty() {
                true => Ok(value),
                false => Err(WorkGitError::NoIdentity { missing: name }),
            }
        };
        Ok(Identity {
            name: read("user.name")?,
            email: read("user.email")?,
        })
    }

    /// Commits everything in a worktree that is not ignored, on its branch, without hooks. Commits that the agent made
    /// on that branch stay.
    ///
    /// # Errors
    /// [`WorkGitError::Tampered`] where the worktree is not as poag made it, [`WorkGitError::Embedded`] where it holds
    /// another repository.
    pub fn commit_left(
        &self,
        worktree: &Worktree,
        message: &str,
        identity: &Identity,
    ) -> Result<LeftWork, WorkGitError> {
        self.prove(worktree)?;
        let (_, tip) = head(worktree)?;
        let tip = tip.unwrap_or_else(|| worktree.base.clone());
        let now = snapshot::committable(worktree, &tip)?;
        if !now.embedded.is_empty() {
            return Err(WorkGitError::Embedded {
                paths: now.embedded,
            });
        }
        let range = format!("{}..{tip}", worktree.base);
        let count = self
            .git()
            .line("counting commits", &["rev-list", "--count", &range])?;
        let mut left = LeftWork {
            own_commits: count.parse().unwrap_or(0),
            committed: false,
            commit: tip.clone(),
            tree: self.tree_of(&tip)?,
        };
        if now.tree != left.tree {
            left.commit = self.commit_tree(&now.tree, &[&tip], message, identity)?;
            left.tree = now.tree;
            left.committed = true;
            if let Some(branch) = &worktree.branch {
                self.move_reference(&full(branch), &left.commit, Some(&tip))?;
            }
            let args = ["read-tree", left.commit.as_str()];
            worktree.git().run("committing", &args, Vec::new(), NAMES)?;
        }
        let gone = self.submodules(&left.commit)?;
        match gone.is_empty() {
            true => Ok(left),
            false => Err(WorkGitError::Embedded { paths: gone }),
        }
    }

    /// Makes a commit of a tree, which no ref holds yet.
    ///
    /// # Errors
    /// When there is no such tree or parent.
    pub fn commit_tree(
        &self,
        tree: &str,
        parents: &[&str],
        message: &str,
        identity: &Identity,
    ) -> Result<String, WorkGitError> {
        let mut args = vec!["commit-tree", tree];
        for parent in parents {
            args.extend(["-p", parent]);
        }
        args.extend(["-F", "-"]);
        let git = identity.commits(self.git());
        let made = git.run("committing", &args, message.into(), NAMES)?;
        Ok(String::from_utf8_lossy(&made.bytes).trim().to_owned())
    }
}

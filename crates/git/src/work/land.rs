//! Landing on the person's branch, and taking it back.

use std::path::Path;

use super::references::full;
use super::{Identity, NAMES, WorkGitError, WorkRepository};
use crate::{Git, GitError};

/// What a landing did.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Landing {
    /// The person's branch.
    pub branch: String,
    /// Where it was.
    pub before: String,
    /// Where it is.
    pub after: String,
}

/// How a landing was taken back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Rollback {
    /// The branch went back to where it was: nobody else has it yet.
    MovedBack,
    /// A commit takes the change back.
    Reverted {
        /// Its id.
        commit: String,
    },
}

impl WorkRepository {
    /// Moves the person's branch forward to `commit`. Where it is checked out, that checkout must be clean, and is moved
    /// along.
    ///
    /// # Errors
    /// [`WorkGitError::NotForward`] where the branch has gone another way, [`WorkGitError::Dirty`] and
    /// [`WorkGitError::InUse`] where its checkout does not let it, [`WorkGitError::Moved`] where somebody moved it in
    /// between. Then nothing was changed.
    pub fn land(&self, branch: &str, commit: &str) -> Result<Landing, WorkGitError> {
        let before = self.commit(&full(branch))?;
        let after = self.commit(commit)?;
        if !self.is_ancestor(&before, &after)? {
            return Err(WorkGitError::NotForward {
                branch: branch.to_owned(),
                is: before,
                wanted: after,
            });
        }
        match self.clean_user(branch)? {
            None => self.move_reference(&full(branch), &after, Some(&before))?,
            Some(folder) => {
                let args = ["merge", "--ff-only", "--quiet", "--no-stat", &after];
                moved(branch, &folder, &args)?;
            }
        }
        Ok(Landing {
            branch: branch.to_owned(),
            before,
            after,
        })
    }

    /// Takes a landing back. While no remote branch that is known here has it and nothing came after it, the branch goes
    /// back to where it was, and the commits stay in a ref below `refs/poag/kept`; else a commit takes the change back.
    ///
    /// # Errors
    /// As [`WorkRepository::land`], and [`WorkGitError::Conflict`] where later commits changed the same lines.
    pub fn rollback(
        &self,
        landing: &Landing,
        message: &str,
        identity: &Identity,
    ) -> Result<Rollback, WorkGitError> {
        let Landing {
            branch,
            before,
            after,
        } = landing;
        let reference = full(branch);
        let tip = self.commit(&reference)?;
        let kept = format!("refs/poag/kept/{after}");
        // Of one who moved it back and died before it could say so.
        if tip == *before && self.reference(&kept)?.as_ref() == Some(after) {
            return Ok(Rollback::MovedBack);
        }
        if !self.is_ancestor(after, &tip)? {
            return Err(WorkGitError::Moved {
                reference,
                expected: after.clone(),
                is: tip,
            });
        }
        let holders = self.holders(after)?;
        let published = |name: &String| name.starts_with("refs/remotes/");
        if tip == *after && !holders.iter().any(published) {
            if self.reference(&kept)?.is_none() {
                self.move_reference(&kept, after, None)?;
            }
            match self.clean_user(branch)? {
                None => self.move_reference(&reference, before, Some(after))?,
                Some(folder) => moved(branch, &folder, &["reset", "--quiet", "--keep", before])?,
            }
            return Ok(Rollback::MovedBack);
        }
        let tree = self.merged(&tip, before, Some(after), branch)?;
        if tree == self.tree_of(&tip)? {
            return Ok(Rollback::Reverted { commit: tip });
        }
        let commit = self.commit_tree(&tree, &[&tip], message, identity)?;
        self.land(branch, &commit)?;
        Ok(Rollback::Reverted { commit })
    }

    /// Where a branch is checked out, if that is clean.
    fn clean_user(&self, branch: &str) -> Result<Option<std::path::PathBuf>, WorkGitError> {
        let mut users = self.users_of(branch)?;
        // Two checkouts of one branch, or a rebase half way: whatever is done, one of them is wrong afterwards.
        let several = users.len() > 1;
        let Some(user) = users.pop() else {
            return Ok(None);
        };
        if several || user.half_way {
            return Err(WorkGitError::InUse {
                branch: branch.to_owned(),
                folder: user.folder,
            });
        }
        let args = ["status", "--porcelain", "-z", "--untracked-files=no"];
        let changed = super::cut(&Git::at(&user.folder), "looking at a checkout", &args)?;
        if !changed.is_empty() {
            let paths = changed.iter().map(|line| line.get(3..).unwrap_or(line));
            return Err(WorkGitError::Dirty {
                branch: branch.to_owned(),
                paths: paths.map(str::to_owned).collect(),
                folder: user.folder,
            });
        }
        Ok(Some(user.folder))
    }
}

/// Moves a branch together with its checkout: git refuses by itself to overwrite a file that it does not know.
fn moved(branch: &str, folder: &Path, args: &[&str]) -> Result<(), WorkGitError> {
    let ran = Git::at(folder).run("moving a checkout", args, Vec::new(), NAMES);
    match ran {
        Ok(_) => Ok(()),
        Err(GitError::Failed { said, .. }) => Err(WorkGitError::Dirty {
            branch: branch.to_owned(),
            folder: folder.to_owned(),
            paths: vec![said],
        }),
        Err(other) => Err(other.into()),
    }
}

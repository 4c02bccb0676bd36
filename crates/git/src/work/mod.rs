//! Git for carrying a plan out: worktrees, what is salvaged of them, merges that no checkout is needed for, landing, and what
//! became of every branch.
//!
//! Begin with [`WorkRepository::open`], which refuses what cannot be worked in. Then [`WorkRepository::make_worktree`] at
//! claim, [`WorkRepository::prove`] before the first turn and after the last, [`WorkRepository::commit_left`] for what an
//! agent left, [`WorkRepository::candidate`] for the merge queue with a [`Batch`], [`WorkRepository::land`] for the person's
//! branch, and [`WorkRepository::audit`] at the end.
//!
//! Three things hold whatever is called:
//!
//! * Nothing that is in no ref is deleted: [`WorkRepository::remove_worktree`] salvages first, and refs move by
//!   compare-and-swap (learned from gastown#1182 and vibe-kanban#3406).
//! * The person's checkout is not touched, but where it is the clean target of a landing.
//! * A worktree is found by what poag knows of it, never by its `.git` file, which its agent can write.
//!
//! Everything here blocks until git is done, and needs git 2.40 or newer.

mod audit;
mod batch;
mod commit;
mod difference;
mod error;
mod land;
mod large;
mod merge;
mod prove;
mod push;
mod references;
mod registry;
mod remove;
mod salvage;
mod snapshot;
mod unused;
mod worktree;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use audit::{BranchFate, MadeBranch};
pub use batch::{Batch, BatchStep, MAX_BATCH};
pub use commit::{Identity, LeftWork};
pub use difference::{Difference, FileDifference, FileStatus};
pub use error::{Tamper, WorkGitError};
pub use land::{Landing, Rollback};
pub use merge::Candidate;
pub use push::{Opened, PullRequest};
pub use salvage::{Salvage, SalvageName};
pub use worktree::Worktree;

use crate::{Git, GitError};

/// Bytes of ids and names that are read of one answer of git.
const NAMES: usize = 256 << 20;

/// A repository in which work can be done.
#[derive(Clone, Debug)]
pub struct WorkRepository {
    /// The top of the checkout it was opened in, or the git folder of a bare one.
    root: PathBuf,
    /// The git folder that all its worktrees share.
    common: PathBuf,
}

impl WorkRepository {
    /// The repository that `folder` lies in.
    ///
    /// # Errors
    /// Where there is no repository, it has no commit, its clone is shallow, or its last commit holds submodules.
    pub fn open(folder: &Path) -> Result<Self, WorkGitError> {
        const DOING: &str = "finding the repository";
        let git = Git::at(folder);
        let common = git.line(
            DOING,
            &["rev-parse", "--path-format=absolute", "--git-common-dir"],
        )?;
        let bare = git.line(DOING, &["rev-parse", "--is-bare-repository"])? == "true";
        let root = match bare {
            true => common.clone(),
            false => git.line(DOING, &["rev-parse", "--show-toplevel"])?,
        };
        let opened = Self {
            root: root.into(),
            common: common.into(),
        };
        match git.commit("HEAD") {
            Err(GitError::NoCommit { .. }) => {
                return Err(WorkGitError::NoCommits { root: opened.root });
            }
            other => other?,
        };
        if git.line(DOING, &["rev-parse", "--is-shallow-repository"])? == "true" {
            return Err(WorkGitError::Shallow { root: opened.root });
        }
        let submodules = opened.submodules("HEAD")?;
        if !submodules.is_empty() {
            return Err(WorkGitError::Submodules { paths: submodules });
        }
        Ok(opened)
    }

    /// The top of the checkout it was opened in, or the git folder of a bare one.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The git folder that all its worktrees share.
    #[must_use]
    pub fn common(&self) -> &Path {
        &self.common
    }

    /// The id of the commit that a revision means.
    ///
    /// # Errors
    /// When it means none.
    pub fn commit(&self, revision: &str) -> Result<String, WorkGitError> {
        Ok(self.git().commit(revision)?)
    }

    /// The id of a commit's tree.
    ///
    /// # Errors
    /// When there is no such commit.
    pub fn tree_of(&self, commit: &str) -> Result<String, WorkGitError> {
        let tree = format!("{commit}^{{tree}}");
        let args = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &tree,
        ];
        let found = self.git().line("finding a tree", &args);
        found.map_err(|_| {
            let revision = commit.to_owned();
            WorkGitError::Git(GitError::NoCommit { revision })
        })
    }

    /// Whether one commit is another, or one of its ancestors.
    ///
    /// # Errors
    /// When there is no such commit.
    pub fn is_ancestor(&self, old: &str, new: &str) -> Result<bool, WorkGitError> {
        let args = ["merge-base", "--is-ancestor", old, new];
        let (yes, _) = self
            .git()
            .answer("comparing commits", &args, Vec::new(), NAMES)?;
        Ok(yes)
    }

    /// git, for the objects and refs that all worktrees share; no checkout is looked at.
    fn git(&self) -> Git {
        // Neither the attributes of the person's checkout nor its index have a say in what is made here.
        Git::at(&self.root).variable("GIT_DIR", &self.common)
    }

    /// Paths at which a commit holds a repository.
    fn submodules(&self, commit: &str) -> Result<Vec<String>, WorkGitError> {
        const DOING: &str = "looking for submodules";
        let args = ["ls-tree", "-r", "-z", "--full-tree", commit];
        let entries = self.names(DOING, &args)?;
        let paths = entries.iter().filter_map(|entry| {
            let (facts, path) = entry.split_once('\t')?;
            facts.starts_with("160000").then(|| path.to_owned())
        });
        Ok(paths.collect())
    }

    /// What git prints, cut at each NUL. Names that are not UTF-8 are told with replacement characters.
    fn names(&self, doing: &'static str, args: &[&str]) -> Result<Vec<String>, WorkGitError> {
        cut(&self.git(), doing, args)
    }
}

fn cut(git: &Git, doing: &'static str, args: &[&str]) -> Result<Vec<String>, WorkGitError> {
    let names = crate::names(git, doing, args)?;
    let names = names.iter().map(|name| String::from_utf8_lossy(name));
    Ok(names.map(std::borrow::Cow::into_owned).collect())
}

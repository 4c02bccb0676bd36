//! What can go wrong with worktrees, merges and landings, each with its repair.

use std::fmt;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::GitError;

/// Paths that an error names.
const NAMED: usize = 5;

/// Why git could not do what carrying a plan out needs.
#[derive(Debug, Error)]
pub enum WorkGitError {
    /// git itself failed.
    #[error(transparent)]
    Git(#[from] GitError),
    /// Nothing was ever committed.
    #[error("the repository {} has no commit\nrepair: commit something, then start the work", root.display())]
    NoCommits {
        /// Its top.
        root: PathBuf,
    },
    /// Old commits are missing.
    #[error("the clone {} is shallow: merges need its history\nrepair: git fetch --unshallow", root.display())]
    Shallow {
        /// Its top.
        root: PathBuf,
    },
    /// It holds other repositories.
    #[error(
        "the repository holds submodules, which a worktree has none of: {}\nrepair: carry the plan out in a repository without submodules",
        listed(paths)
    )]
    Submodules {
        /// Where.
        paths: Vec<String>,
    },
    /// Nobody is named as author.
    #[error(
        "git does not know who commits here: {missing} is not set\nrepair: git config --global user.name \"…\" && git config --global user.email \"…\""
    )]
    NoIdentity {
        /// The setting.
        missing: &'static str,
    },
    /// Something is where a worktree should be.
    #[error("{} is taken\nrepair: move it away, or see with `git worktree list` whose it is", path.display())]
    PathTaken {
        /// The path.
        path: PathBuf,
    },
    /// A git that was making a worktree was killed, or the machine stopped; no git can list worktrees since.
    #[error("git made a worktree's record only half: {}\nrepair: see that no git runs, then remove that folder", record.display())]
    HalfMade {
        /// The record, below the repository's `worktrees`.
        record: PathBuf,
    },
    /// There is a branch of that name, or one whose name stands in its way.
    #[error(
        "the branch name '{branch}' is taken by '{by}'\nrepair: rename that branch with `git branch -m`, or give the actor another name"
    )]
    BranchTaken {
        /// The name.
        branch: String,
        /// The branch that is there.
        by: String,
    },
    /// No branch can have that name.
    #[error("'{branch}' cannot name a branch\nrepair: use letters, digits, '.', '_', '-' and '/'")]
    BranchName {
        /// The name.
        branch: String,
    },
    /// A worktree is not what poag made.
    #[error("the worktree {} is not as poag made it: {what}\nrepair: none is needed; what lies in it is salvaged and the attempt fails", path.display())]
    Tampered {
        /// The worktree.
        path: PathBuf,
        /// What is wrong with it.
        what: Tamper,
    },
    /// A repository was made inside of a worktree.
    #[error(
        "repositories of their own lie in the worktree: {}\nrepair: remove their .git; files of another repository cannot be committed",
        listed(paths)
    )]
    Embedded {
        /// Their folders, from the top of the worktree.
        paths: Vec<String>,
    },
    /// A ref is not where it was expected.
    #[error(
        "'{reference}' has moved: it is at {is}, not at {expected}\nrepair: look at what moved it (`git reflog {reference}`), then try again"
    )]
    Moved {
        /// Its whole name.
        reference: String,
        /// Where it was expected.
        expected: String,
        /// Where it is.
        is: String,
    },
    /// Branches do not merge.
    #[error(
        "'{branch}' does not merge: conflicts in {}\nrepair: change the branch on top of {onto}",
        listed(paths)
    )]
    Conflict {
        /// The branch, or the commit.
        branch: String,
        /// The commit that it should be merged on.
        onto: String,
        /// The files in conflict.
        paths: Vec<String>,
    },
    /// A branch has gone another way.
    #[error(
        "'{branch}' is at {is}, from where {wanted} cannot be reached by going forward\nrepair: merge or rebase it yourself, or start the work again from its tip"
    )]
    NotForward {
        /// The person's branch.
        branch: String,
        /// Where it is.
        is: String,
        /// Where it should go.
        wanted: String,
    },
    /// There is no such remote.
    #[error(
        "there is no remote '{remote}' (there is: {})\nrepair: git remote add {remote} URL, or name another with --remote",
        listed(known)
    )]
    NoRemote {
        /// Its name.
        remote: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// A remote did not take a branch.
    #[error(
        "'{branch}' was not pushed to {remote}: {said}\nrepair: see that `git push {remote} {branch}` works; nothing is forced"
    )]
    NotPushed {
        /// The branch.
        branch: String,
        /// The remote.
        remote: String,
        /// What git said.
        said: String,
    },
    /// `gh` opened no pull request for a branch that was pushed.
    #[error(
        "the branch is pushed, and gh opened no pull request: {said}\nrepair: {}",
        shell(words)
    )]
    NoPullRequest {
        /// What gh said.
        said: String,
        /// What opens it.
        words: Vec<String>,
    },
    /// A checkout has changes that nobody committed.
    #[error("'{branch}' is checked out in {} with changes that are not committed: {}\nrepair: commit or stash them there, then land again", folder.display(), listed(paths))]
    Dirty {
        /// The branch.
        branch: String,
        /// Where it is checked out.
        folder: PathBuf,
        /// Changed files, or what git said.
        paths: Vec<String>,
    },
    /// A branch that must not move under anybody's feet.
    #[error("'{branch}' is in use in {}\nrepair: check out another branch there, or finish its rebase or bisect", folder.display())]
    InUse {
        /// The branch.
        branch: String,
        /// The checkout.
        folder: PathBuf,
    },
    /// A file could not be read or removed.
    #[error("{} cannot be {doing}: {source}\nrepair: see who owns it and whether the disk is full", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried, as a participle.
        doing: &'static str,
        /// The system's reason.
        source: io::Error,
    },
}

/// What is wrong with a worktree.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Tamper {
    /// Its folder is gone, or is a link or a file now.
    Folder,
    /// Its `.git` file is gone.
    PointerGone,
    /// Its `.git` file leads elsewhere, or is no file.
    PointerChanged,
    /// Git's own record of it is gone or changed.
    Registration,
    /// Another branch is checked out, or none.
    Branch {
        /// What is checked out: a ref, or a commit's id.
        is: String,
    },
    /// The branch does not hold the commit it began at.
    Base {
        /// Where the branch is.
        is: String,
    },
    /// git takes another folder for its top.
    Top {
        /// That folder.
        is: PathBuf,
    },
}

impl fmt::Display for Tamper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder => write!(f, "its folder is gone or is no folder"),
            Self::PointerGone => write!(f, "its .git file was deleted"),
            Self::PointerChanged => write!(f, "its .git file was changed"),
            Self::Registration => write!(f, "git's record of it was changed"),
            Self::Branch { is } => write!(f, "{is} is checked out"),
            Self::Base { is } => write!(f, "its branch at {is} no longer holds its base"),
            Self::Top { is } => write!(f, "git takes {} for its top", is.display()),
        }
    }
}

/// Words as a shell takes them.
fn shell(words: &[String]) -> String {
    let quoted = words.iter().map(|word| {
        match word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_./:".contains(c))
        {
            true => word.clone(),
            false => format!("'{}'", word.replace('\'', "'\\''")),
        }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

fn listed(paths: &[String]) -> String {
    let mut text = paths
        .iter()
        .take(NAMED)
        .map(|path| format!("{path:?}"))
        .collect::<Vec<_>>()
        .join(", ");
    if paths.len() > NAMED {
        text.push_str(&format!(" and {} more", paths.len() - NAMED));
    }
    text
}

//! Proof of isolation: a worktree is still the one that poag made (learned from claude-code#37549 and #39886,
//! where agents that were told of a worktree wrote into the main checkout).

use std::fs;
use std::path::{Path, PathBuf};

use super::references::full;
use super::worktree::pointer;
use super::{Tamper, WorkGitError, WorkRepository, Worktree};
use crate::Git;

impl WorkRepository {
    /// Proves top level, branch and base of a worktree, before an agent has its first turn in it and after its last.
    ///
    /// # Errors
    /// [`WorkGitError::Tampered`] with the first thing that is not as poag made it.
    pub fn prove(&self, worktree: &Worktree) -> Result<(), WorkGitError> {
        let tampered = |what: Tamper| {
            Err(WorkGitError::Tampered {
                path: worktree.path.clone(),
                what,
            })
        };
        let folder = worktree.path.symlink_metadata();
        let real = folder.is_ok_and(|folder| folder.is_dir())
            && worktree
                .path
                .canonicalize()
                .is_ok_and(|path| path == worktree.path);
        if !real {
            return tampered(Tamper::Folder);
        }
        if worktree.path.join(".git").symlink_metadata().is_err() {
            return tampered(Tamper::PointerGone);
        }
        if pointer(&worktree.path).as_ref() != Some(&worktree.pointer) {
            return tampered(Tamper::PointerChanged);
        }
        if !self.is_registered(worktree) {
            return tampered(Tamper::Registration);
        }
        let (checked_out, tip) = head(worktree)?;
        let as_made = match &worktree.branch {
            Some(branch) => checked_out.as_deref() == Some(&full(branch)),
            None => checked_out.is_none() && tip.as_ref() == Some(&worktree.base),
        };
        let Some(tip) = tip.filter(|_| as_made) else {
            let is = checked_out.or(head(worktree)?.1);
            let is = is.unwrap_or_else(|| "nothing".to_owned());
            return tampered(Tamper::Branch { is });
        };
        if !self.is_ancestor(&worktree.base, &tip)? {
            return tampered(Tamper::Base { is: tip });
        }
        // What git itself finds from the inside, as every program of an agent would.
        let args = ["rev-parse", "--show-toplevel"];
        let top = Git::at(&worktree.path).line("finding the worktree", &args)?;
        match Path::new(&top) == worktree.path {
            true => Ok(()),
            false => tampered(Tamper::Top {
                is: PathBuf::from(top),
            }),
        }
    }

    /// Whether git's own record leads to this worktree and this repository.
    fn is_registered(&self, worktree: &Worktree) -> bool {
        let says = |file: &str| {
            let text = fs::read_to_string(worktree.record.join(file)).ok()?;
            worktree.record.join(text.trim()).canonicalize().ok()
        };
        says("gitdir") == Some(worktree.path.join(".git"))
            && says("commondir") == self.common.canonicalize().ok()
            && worktree.record.join("locked").is_file()
    }
}

/// The ref that is checked out, and the commit it leads to.
pub(super) fn head(worktree: &Worktree) -> Result<(Option<String>, Option<String>), WorkGitError> {
    const DOING: &str = "reading what is checked out";
    let git = worktree.git();
    let read = |args: &[&str]| -> Result<Option<String>, WorkGitError> {
        let (found, name) = git.answer(DOING, args, Vec::new(), super::NAMES)?;
        let name = String::from_utf8_lossy(&name).trim().to_owned();
        Ok((found && !name.is_empty()).then_some(name))
    };
    let name = read(&["symbolic-ref", "--quiet", "HEAD"])?;
    let tip = read(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])?;
    Ok((name, tip))
}

//! Writes what a person agreed to: whole or not at all, and only if the file is still the one that was shown.

use std::fs;
use std::path::{Path, PathBuf};

use crate::EngineError;
use crate::inside::{self, Permissions};
use poag_init::{InitError, Proposal, ProposalOutcome, difference};

/// A workflow of GitHub Actions.
const WORKFLOW: &str = include_str!("../../../../templates/ci/github.yml");
const HOOK: &str = include_str!("../../../../templates/pre-commit");

/// Writes the files of a proposal, where there is something to write, and lets git know of new ones.
///
/// # Errors
/// When one changed since it was proposed, or cannot be written.
pub fn write_proposal(proposal: &Proposal) -> Result<(), EngineError> {
    let ProposalOutcome::Edit { files, .. } = &proposal.outcome else {
        return Ok(());
    };
    for file in files {
        let path = proposal.folder.join(file.name);
        if fs::read_to_string(&path).ok() != file.before {
            return Err(InitError::Changed(path).into());
        }
    }
    let mut new = Vec::new();
    // What flake.nix names is there before it.
    for file in files.iter().rev() {
        let path = proposal.folder.join(file.name);
        write(&path, &file.after, Permissions::Kept)?;
        if file.before.is_none() {
            new.push(path);
        }
    }
    poag_git::intend_to_add(&new);
    Ok(())
}

/// A file of a repository that keeps its experts fresh.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Upkeep {
    /// `.github/workflows/poag.yml`, which fails when an expert is stale.
    Workflow,
    /// `.githooks/pre-commit`, which lets experts learn before a commit.
    Hook,
}

impl Upkeep {
    /// Its path below the root of the repository.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Workflow => ".github/workflows/poag.yml",
            Self::Hook => ".githooks/pre-commit",
        }
    }

    /// Its text.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Workflow => WORKFLOW,
            Self::Hook => HOOK,
        }
    }

    /// The unified difference that a repository without it gets.
    #[must_use]
    pub fn difference(self) -> String {
        difference(self.name(), None, self.text())
    }

    /// Whether it stands in a repository already, word by word.
    ///
    /// # Errors
    /// When the folder is not the root of its repository, a link is on the way, or another file stands there.
    pub fn is_in(self, folder: &Path) -> Result<bool, EngineError> {
        let root = poag_nix::repository_root(folder).unwrap_or(folder);
        if root != folder {
            return Err(InitError::NotRoot(root.to_owned()).into());
        }
        let path = self.place(folder)?;
        match fs::read_to_string(&path) {
            Ok(there) if there == self.text() => Ok(true),
            Ok(_) => Err(InitError::There(path).into()),
            Err(_) => Ok(false),
        }
    }

    /// Writes it into a repository, and lets git know of it.
    ///
    /// # Errors
    /// When a link is on the way, or it cannot be written.
    pub fn write(self, folder: &Path) -> Result<(), EngineError> {
        let path = self.place(folder)?;
        let mode = match self {
            Self::Workflow => 0o644,
            Self::Hook => 0o755,
        };
        write(&path, self.text(), Permissions::Exactly(mode))?;
        poag_git::intend_to_add(&[path]);
        Ok(())
    }

    /// Its path in a folder, with no link on the way.
    fn place(self, folder: &Path) -> Result<PathBuf, InitError> {
        let mut path = folder.to_owned();
        for part in self.name().split('/') {
            path.push(part);
            if fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) {
                return Err(InitError::Outside(path));
            }
        }
        Ok(path)
    }
}

/// Writes a file of a repository, or of a folder that is to become a flake.
fn write(path: &Path, text: &str, permissions: Permissions) -> Result<(), EngineError> {
    let folder = path.parent().unwrap_or(path);
    let root = poag_nix::repository_root(folder).unwrap_or(folder);
    let inner = path.strip_prefix(root).unwrap_or(path);
    Ok(inside::write(root, inner, text.as_bytes(), permissions)?)
}

//! The worktree of an attempt.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The worktree of an attempt.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(tag = "phase", rename_all = "camelCase", deny_unknown_fields)]
pub enum WorktreePhase {
    /// It has none.
    None {},
    /// It is there, and was shown to be apart from everything else.
    Proven {
        /// Absolute path.
        path: String,
        /// Its branch.
        branch: String,
        /// Full id of the commit that it began from.
        base: String,
    },
    /// What was uncommitted in it is in a ref.
    Salvaged {
        /// Absolute path.
        path: String,
        /// Its branch.
        branch: String,
        /// Full name of the ref.
        salvage: String,
    },
    /// It is gone; its branch stays.
    Removed {
        /// Its branch.
        branch: String,
        /// The ref that holds what was uncommitted, if anything was.
        salvage: Option<String>,
    },
}

/// What can happen to a worktree.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WorktreeStep<'a> {
    /// It was made: path, branch, base.
    Make(&'a str, &'a str, &'a str),
    /// What was uncommitted in it was put into this ref.
    Salvage(&'a str),
    /// It was removed.
    Remove,
}

impl Default for WorktreePhase {
    fn default() -> Self {
        Self::None {}
    }
}

impl WorktreePhase {
    /// Its path, where it is there.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Proven { path, .. } | Self::Salvaged { path, .. } => Some(path),
            Self::None {} | Self::Removed { .. } => None,
        }
    }

    /// Its branch, where it has or had one.
    #[must_use]
    pub fn branch(&self) -> Option<&str> {
        match self {
            Self::Proven { branch, .. }
            | Self::Salvaged { branch, .. }
            | Self::Removed { branch, .. } => Some(branch),
            Self::None {} => None,
        }
    }

    /// The ref that holds what was uncommitted.
    #[must_use]
    pub fn salvage(&self) -> Option<&str> {
        match self {
            Self::Salvaged { salvage, .. } => Some(salvage),
            Self::Removed { salvage, .. } => salvage.as_deref(),
            Self::None {} | Self::Proven { .. } => None,
        }
    }

    /// Where a step leads; none where it may not be taken from here.
    #[must_use]
    pub fn step(&self, step: WorktreeStep<'_>) -> Option<Self> {
        let text = str::to_owned;
        Some(match (self, step) {
            (Self::None {}, WorktreeStep::Make(path, branch, base)) => Self::Proven {
                path: text(path),
                branch: text(branch),
                base: text(base),
            },
            (Self::Proven { path, branch, .. }, WorktreeStep::Salvage(salvage)) => Self::Salvaged {
                path: text(path),
                branch: text(branch),
                salvage: text(salvage),
            },
            (Self::Proven { branch, .. } | Self::Salvaged { branch, .. }, WorktreeStep::Remove) => {
                Self::Removed {
                    branch: text(branch),
                    salvage: self.salvage().map(text),
                }
            }
            _ => return None,
        })
    }
}

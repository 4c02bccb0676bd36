//! Writes a flake.nix that a person agreed to: whole or not at all, and only if nobody else did meanwhile.

use std::fs;
use std::path::Path;

use crate::engine::inside::{self, Permissions};
use crate::error::Error;
use crate::git;
use crate::init::{InitError, Proposal};

/// Writes one, where there is something to write.
pub fn one(proposal: &Proposal) -> Result<(), Error> {
    let Some(after) = super::after(proposal) else {
        return Ok(());
    };
    let now = fs::read_to_string(&proposal.file).ok();
    if now != proposal.before {
        return Err(InitError::Changed(proposal.file.clone()).into());
    }
    file(&proposal.file, after, Permissions::Kept)?;
    if proposal.before.is_none() {
        git::intend_to_add(std::slice::from_ref(&proposal.file));
    }
    Ok(())
}

/// Writes a file of a repository, or of a folder that is to become a flake.
pub fn file(path: &Path, text: &str, permissions: Permissions) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(path);
    let root = crate::nix::repository_root(folder).unwrap_or(folder);
    let inner = path.strip_prefix(root).unwrap_or(path);
    Ok(inside::write(root, inner, text.as_bytes(), permissions)?)
}

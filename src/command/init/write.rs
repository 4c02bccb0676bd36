//! Writes a flake.nix that a person agreed to: whole or not at all, and only if nobody else did meanwhile.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

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
    file(&proposal.file, after)?;
    if proposal.before.is_none() {
        git::intend_to_add(std::slice::from_ref(&proposal.file));
    }
    Ok(())
}

/// Writes a file beside where it goes, and puts it there.
pub fn file(path: &Path, text: &str) -> Result<(), Error> {
    let fail = |source| InitError::File {
        path: path.to_owned(),
        source,
    };
    let mode =
        fs::symlink_metadata(path).map_or(0o644, |found| found.permissions().mode() & 0o7777);
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new()
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(folder)
        .map_err(fail)?;
    temporary.write_all(text.as_bytes()).map_err(fail)?;
    temporary.persist(path).map_err(|error| fail(error.error))?;
    Ok(())
}

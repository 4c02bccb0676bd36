//! git: the only place that starts it, and the few things poag wants from it besides history ([`crate::history`]).
//!
//! [`Git`] starts it, in a way in which a repository can make it run nothing. [`index`] reads what git tracks without it.

#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "a test makes and starts what it needs"
    )
)]
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod command;
mod error;
pub mod history;
mod index;
mod settings;
#[cfg(any(test, feature = "testing"))]
#[doc(hidden)]
pub mod testing;
pub mod work;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub use index::fuzzed;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

pub use command::{Git, GitOutput};
pub use error::GitError;
pub use settings::environment;

/// Bytes of the names of one repository's files.
const MAX_NAMES: usize = 256 << 20;

/// Files below `folder` that git neither tracks nor ignores, relative to it, sorted.
///
/// A flake does not see them. Empty where git is not to be had: then nothing can be said.
pub fn untracked(folder: &Path) -> Vec<String> {
    let args = [
        "ls-files",
        "--others",
        "--exclude-standard",
        "-z",
        "--",
        ".",
    ];
    let names = names(&Git::in_hook(folder), "listing untracked files", &args);
    let mut names: Vec<String> = names
        .unwrap_or_default()
        .iter()
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    names.sort_unstable();
    names
}

/// Files below `folder` that git tracks, or would if they were added, relative to it; none where `folder` is in no
/// repository, or git is not to be had. Names that are not UTF-8 are left out.
pub fn known(folder: &Path) -> Option<BTreeSet<String>> {
    let args = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
        ".",
    ];
    let names = names(&Git::in_hook(folder), "listing files", &args).ok()?;
    Some(
        names
            .into_iter()
            .filter_map(|name| String::from_utf8(name).ok())
            .collect(),
    )
}

/// Makes new files of one repository visible to the flake without staging their content, as nix does with
/// flake.lock. One process for all of them: each rewrites the whole index.
///
/// Returns whether they are now known to git.
pub fn intend_to_add(files: &[PathBuf]) -> bool {
    let Some(folder) = files.first().and_then(|file| file.parent()) else {
        return true;
    };
    let mut names = Vec::new();
    for file in files {
        names.extend_from_slice(file.as_os_str().as_bytes());
        names.push(0);
    }
    let args = [
        "add",
        "--intent-to-add",
        "--pathspec-from-file=-",
        "--pathspec-file-nul",
    ];
    let git = Git::in_hook(folder);
    git.run("adding a file to the index", &args, names, MAX_NAMES)
        .is_ok()
}

/// Whether git tracks a file.
pub fn is_tracked(file: &Path) -> bool {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else {
        return false;
    };
    let Some(name) = name.to_str() else {
        return false;
    };
    let args = ["ls-files", "-z", "--error-unmatch", "--", name];
    names(
        &Git::in_hook(folder),
        "looking for a file in the index",
        &args,
    )
    .is_ok()
}

/// Files below `folder` that git tracks, relative to it, sorted bytewise, each with whether it is a symbolic link;
/// none where `folder` is in no repository, or git is not to be had.
pub fn tracked(folder: &Path) -> Option<Vec<(String, bool)>> {
    if !index::may_be_repository(&folder.canonicalize().ok()?) {
        return None;
    }
    let mut files = index::tracked(folder).or_else(|| ask(folder))?;
    // A file in conflict stands there several times.
    files.sort();
    files.dedup_by(|a, b| a.0 == b.0);
    Some(files)
}

fn ask(folder: &Path) -> Option<Vec<(String, bool)>> {
    let args = ["ls-files", "--stage", "-z"];
    let entries = names(&Git::in_hook(folder), "listing tracked files", &args).ok()?;
    let entry = |entry: &Vec<u8>| {
        // `mode id stage<tab>path`; a submodule has the mode 160000.
        let entry = std::str::from_utf8(entry).ok()?;
        let (facts, path) = entry.split_once('\t')?;
        let mode = facts.split(' ').next()?;
        (mode != "160000").then(|| (path.to_owned(), mode == "120000"))
    };
    Some(entries.iter().filter_map(entry).collect())
}

/// What `git ls-files --stage -z` prints of the whole repository, entry by entry, without what a hook's environment says:
/// nix does not look at it either.
///
/// # Errors
/// When git fails.
pub fn staged(root: &Path) -> Result<Vec<Vec<u8>>, GitError> {
    let args = ["ls-files", "-z", "--stage", "--full-name"];
    names(&Git::at(root), "listing tracked files", &args)
}

/// The first line of `git --version`.
///
/// # Errors
/// When there is no git on PATH.
pub fn version() -> Result<String, GitError> {
    Git::at(Path::new("/")).line("asking git for its version", &["--version"])
}

/// What git prints, cut at each NUL.
fn names(git: &Git, doing: &'static str, args: &[&str]) -> Result<Vec<Vec<u8>>, GitError> {
    let output = git.run(doing, args, Vec::new(), MAX_NAMES)?;
    if !output.whole {
        return Err(GitError::Much {
            doing,
            most: MAX_NAMES,
        });
    }
    let names = output.bytes.split(|byte| *byte == 0);
    Ok(names
        .filter(|name| !name.is_empty())
        .map(<[u8]>::to_vec)
        .collect())
}

//! The few things poag wants from git: what is untracked, and intent-to-add of a file it wrote.

pub(crate) mod index;

use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Files below `folder` that git neither tracks nor ignores, relative to it, sorted.
///
/// A flake does not see them. Empty where git is not to be had: then nothing can be said.
pub fn untracked(folder: &Path) -> Vec<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args([
            "ls-files",
            "--others",
            "--exclude-standard",
            "-z",
            "--",
            ".",
        ])
        .stderr(Stdio::null())
        .output();
    let Ok(output) = output else {
        return Vec::new();
    };
    let names = output.stdout.split(|byte| *byte == 0);
    let mut names: Vec<String> = names
        .filter(|name| !name.is_empty())
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    names.sort_unstable();
    names
}

/// Makes new files of one repository visible to the flake without staging their content, as nix does with
/// flake.lock. One process for all of them: each rewrites the whole index.
///
/// Returns whether they are now known to git.
pub fn intend_to_add(files: &[PathBuf]) -> bool {
    let Some(folder) = files.first().and_then(|file| file.parent()) else {
        return true;
    };
    let child = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["--literal-pathspecs", "add", "--intent-to-add"])
        .args(["--pathspec-from-file=-", "--pathspec-file-nul"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return false };
    let mut names = Vec::new();
    for file in files {
        names.extend_from_slice(file.as_os_str().as_bytes());
        names.push(0);
    }
    // The pipe is closed when it goes out of scope, and git begins.
    let told = child
        .stdin
        .take()
        .is_some_and(|mut pipe| pipe.write_all(&names).is_ok());
    child.wait().is_ok_and(|status| status.success()) && told
}

/// Whether git tracks a file.
pub fn is_tracked(file: &Path) -> bool {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else {
        return false;
    };
    let status = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["--literal-pathspecs", "ls-files", "--error-unmatch", "--"])
        .arg(name)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

/// Files below `folder` that git tracks, relative to it, sorted bytewise, each with whether it is a symbolic link;
/// none where `folder` is in no repository, or git is not to be had.
///
/// Nothing that the repository configures is run.
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
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "core.fsmonitor=false", "ls-files", "--stage", "-z"])
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let entries = output.stdout.split(|byte| *byte == 0);
    let entry = |entry: &[u8]| {
        // `mode id stage<tab>path`; a submodule has the mode 160000.
        let entry = std::str::from_utf8(entry).ok()?;
        let (facts, path) = entry.split_once('\t')?;
        let mode = facts.split(' ').next()?;
        (mode != "160000").then(|| (path.to_owned(), mode == "120000"))
    };
    Some(entries.filter_map(entry).collect())
}

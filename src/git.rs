//! The few things poag wants from git: what is untracked, and intent-to-add of a file it wrote.

use std::path::Path;
use std::process::{Command, Stdio};

/// Files below `folder` that git neither tracks nor ignores, relative to it, at most `most` of them.
///
/// A flake does not see them. Empty where git is not to be had: then nothing can be said.
pub fn untracked(folder: &Path, most: usize) -> Vec<String> {
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
    output
        .stdout
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
        .take(most)
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect()
}

/// Makes a new file visible to the flake without staging its content, as nix does with flake.lock.
///
/// Returns whether the file is now known to git.
pub fn intend_to_add(file: &Path) -> bool {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else {
        return false;
    };
    let status = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["add", "--intent-to-add", "--"])
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
    let mut files: Vec<_> = entries.filter_map(entry).collect();
    // A file in conflict stands there several times.
    files.sort();
    files.dedup_by(|a, b| a.0 == b.0);
    Some(files)
}

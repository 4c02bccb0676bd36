//! A git repository for one test.

#![expect(
    clippy::disallowed_methods,
    reason = "the door to git; files that git reads, in a temporary folder"
)]
#![expect(clippy::unwrap_used, reason = "for tests alone")]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

pub struct Repository {
    pub folder: TempDir,
}

impl Repository {
    #[expect(clippy::new_without_default, reason = "it makes a folder")]
    pub fn new() -> Self {
        let new = Self {
            folder: TempDir::new().unwrap(),
        };
        new.git(&["init", "--quiet", "--initial-branch=main"]);
        new
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn git<S: AsRef<OsStr>>(&self, args: &[S]) -> String {
        git(self.path(), args)
    }

    pub fn write(&self, path: impl Into<PathBuf>, text: impl AsRef<[u8]>) {
        let path = self.path().join(path.into());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Commits all that is there, and returns the commit's id.
    pub fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }
}

/// What git says in a folder, as nobody in particular and without hooks.
pub fn git<S: AsRef<OsStr>>(folder: &Path, args: &[S]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"])
        .args([
            "-c",
            "commit.gpgSign=false",
            "-c",
            "core.hooksPath=/dev/null",
        ])
        .args(args)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

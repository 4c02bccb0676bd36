//! What is put into the folder of a workplace before a program starts in it.

#![expect(clippy::disallowed_methods, reason = "private homes of agents")]

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use poag_env::folders;

use super::Workplace;

impl Workplace {
    /// A folder in it, made.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn subfolder(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.path().join(name);
        folders::make_private(&path)?;
        Ok(path)
    }

    /// A search path on which `name` is this program, before all that `path` has.
    ///
    /// # Errors
    /// When the link to it cannot be made.
    pub fn path_with(
        &self,
        name: &str,
        program: &Path,
        path: Option<&OsStr>,
    ) -> io::Result<OsString> {
        let programs = self.subfolder("programs")?;
        std::os::unix::fs::symlink(program, programs.join(name))?;
        let mut first = programs.into_os_string();
        if let Some(path) = path {
            first.push(":");
            first.push(path);
        }
        Ok(first)
    }
}

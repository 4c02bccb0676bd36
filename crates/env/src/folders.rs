//! Where a person's own folders are. A path from the environment counts only when it is absolute: another would
//! mean the folder one stands in, which is mostly a repository.

#![expect(clippy::disallowed_methods, reason = "the door")]

use std::env;
use std::ffi::OsString;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use unix::unistd::{Uid, User};

/// The home folder: `$HOME`, else what the password database says; none where neither is absolute.
#[must_use]
pub fn home() -> Option<PathBuf> {
    from_environment("HOME").or_else(|| {
        let user = User::from_uid(Uid::current()).ok()??;
        absolute(user.dir)
    })
}

/// A folder as the XDG base directory specification has it: `$variable`, else `fallback` in the home folder.
#[must_use]
pub fn xdg(variable: &str, fallback: &str) -> Option<PathBuf> {
    from_environment(variable).or_else(|| Some(home()?.join(fallback)))
}

/// The folder that a variable names, if it is absolute.
#[must_use]
pub fn from_environment(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).and_then(|path| absolute(path.into()))
}

fn absolute(path: PathBuf) -> Option<PathBuf> {
    path.is_absolute().then_some(path)
}

/// What a program that poag starts is to have in place of its own `HOME` and `XDG_…` variables that are not
/// absolute, so that it leaves nothing in the folder one stands in. None: take the variable away.
pub fn mended() -> impl Iterator<Item = (OsString, Option<PathBuf>)> {
    let wrong = |name: &OsString, value: &OsString| {
        let name = name.to_string_lossy();
        let folder = name == "HOME" || (name.starts_with("XDG_") && name.ends_with("_HOME"));
        folder && !Path::new(value).is_absolute()
    };
    let named = env::vars_os().filter(move |(name, value)| wrong(name, value));
    named.map(|(name, _)| {
        let home = (name == "HOME").then(home).flatten();
        (name, home)
    })
}

/// Makes temporary files where `$TMPDIR` says only if that is absolute.
pub fn mend_temporary() {
    if env::var_os("TMPDIR").is_some_and(|place| !Path::new(&place).is_absolute()) {
        // Fails only where it was said before.
        let _ = tempfile::env::override_temp_dir(Path::new("/tmp"));
    }
}

/// Makes a folder that only its owner can read, where there is none, and those above it.
///
/// # Errors
/// When it cannot be made.
pub fn make_private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

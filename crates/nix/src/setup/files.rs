//! The files that nix reads its settings from.

#![expect(
    clippy::disallowed_methods,
    reason = "how nix is set up, for a program with a home of its own"
)]

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use poag_env::folders::{from_environment, xdg};

/// Bytes of one file of settings that are read.
const FILE_BYTES: usize = 1 << 20;
/// Files of settings include others: so deep and no deeper.
const DEEPEST: usize = 8;

/// Files of settings, whether they are there or not.
#[derive(Clone, Debug)]
pub(crate) struct SettingsFiles {
    /// The machine's.
    pub system: PathBuf,
    /// The person's, those that count more first.
    pub users: Vec<PathBuf>,
}

impl SettingsFiles {
    /// Those of a nix that this process starts.
    pub(crate) fn of_this_process() -> Self {
        let system = env::var_os("NIX_CONF_DIR").map_or_else(|| "/etc/nix".into(), PathBuf::from);
        let users = match env::var_os("NIX_USER_CONF_FILES") {
            Some(files) => env::split_paths(&files).collect(),
            None => {
                let more =
                    env::var_os("XDG_CONFIG_DIRS").unwrap_or_else(|| OsString::from("/etc/xdg"));
                let more = env::split_paths(&more).map(|folder| folder.join("nix"));
                let folders = nix_folder("NIX_CONFIG_HOME", "XDG_CONFIG_HOME", ".config")
                    .into_iter()
                    .chain(more);
                folders.map(|folder| folder.join("nix.conf")).collect()
            }
        };
        Self {
            system: system.join("nix.conf"),
            users,
        }
    }
}

/// A folder of nix below one of the person's: `$variable`, else `nix` in `$xdg_variable`, else in `fallback` of the home.
pub(crate) fn nix_folder(variable: &str, xdg_variable: &str, fallback: &str) -> Option<PathBuf> {
    from_environment(variable).or_else(|| Some(xdg(xdg_variable, fallback)?.join("nix")))
}

/// The lines of a file of settings, with those of the files that it includes in their place. What cannot be read is nothing.
pub(super) fn lines(file: &Path) -> Vec<String> {
    let mut found = Vec::new();
    add(file, 0, &mut found);
    found
}

fn add(file: &Path, depth: usize, found: &mut Vec<String>) {
    let Ok(mut text) = fs::read(file) else {
        return;
    };
    text.truncate(FILE_BYTES);
    for line in String::from_utf8_lossy(&text).lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        match line.split_once(char::is_whitespace) {
            Some(("include" | "!include", path)) if depth < DEEPEST => {
                let beside = file.parent().unwrap_or(Path::new("/"));
                add(&beside.join(path.trim()), depth + 1, found);
            }
            Some(("include" | "!include", _)) => {}
            _ if line.is_empty() => {}
            _ => found.push(line.to_owned()),
        }
    }
}

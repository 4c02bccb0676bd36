//! How nix is set up for this person, for a program that starts nix and has a home of its own, and may write to few places.

#![expect(
    clippy::disallowed_methods,
    reason = "how nix is set up, for a program with a home of its own"
)]

mod files;
mod store;
#[cfg(test)]
mod tests;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

pub(crate) use files::{SettingsFiles, nix_folder};
use store::Store;

/// Variables that say where nix keeps things. None of them holds a key.
const PLACES: [&str; 8] = [
    "NIX_PATH",
    "NIX_CONF_DIR",
    "NIX_DAEMON_SOCKET_PATH",
    "NIX_DATA_DIR",
    "NIX_LOCALSTATE_DIR",
    "NIX_LOG_DIR",
    "NIX_STATE_DIR",
    "NIX_STORE_DIR",
];
/// Where nix keeps store, state and logs unless it is told otherwise.
const USUAL: &str = "/nix";
/// What poag and the checks of flakes need. The last such line counts, so this one comes last.
const FLAKES: &str = "extra-experimental-features = nix-command flakes";
/// Parts of the names of settings that hold a key, or say where one is.
const OF_KEYS: [&str; 4] = ["token", "netrc", "key", "password"];

/// What a program needs so that the nix that it starts is that of this person: the same store and the same settings, without
/// keys, whatever its `HOME` is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NixSetup {
    /// Variables for its environment, beside those that every program gets.
    pub variables: Vec<(&'static str, OsString)>,
    /// Folders that nix itself writes when it builds; none where a daemon does, or another machine.
    pub writable: Vec<PathBuf>,
}

impl NixSetup {
    /// That of a nix which this process starts.
    #[must_use]
    pub fn of_this_process() -> Self {
        let seen = Seen {
            variable: &|name| env::var_os(name),
            files: SettingsFiles::of_this_process(),
            data: nix_folder("NIX_DATA_HOME", "XDG_DATA_HOME", ".local/share"),
            usual: USUAL.into(),
            root: rustix::process::getuid().is_root(),
        };
        Self::of(&seen)
    }

    /// Makes the folders that are not there yet, as nix does when it first writes: a wall is built around those that are.
    #[must_use]
    pub fn with_folders(self) -> Self {
        for folder in &self.writable {
            // Where it cannot be made, nix says so when it wants to write there.
            let _ = fs::create_dir_all(folder);
        }
        self
    }

    fn of(seen: &Seen<'_>) -> Self {
        let config = seen.variable("NIX_CONFIG");
        let config = config.as_ref().map(|text| text.to_string_lossy());
        let users = seen.files.users.iter().rev();
        let mut settings: Vec<String> = users.flat_map(|file| files::lines(file)).collect();
        settings.extend(
            config
                .iter()
                .flat_map(|text| text.lines().map(str::to_owned)),
        );
        let store = Store::of(seen, &settings);
        settings.retain(|line| !is_secret(line));
        settings.push(FLAKES.to_owned());
        let places = PLACES
            .iter()
            .filter_map(|name| Some((*name, seen.variable(name)?)));
        let mut variables: Vec<_> = places.collect();
        variables.push(("NIX_CONFIG", settings.join("\n").into()));
        variables.extend(store.remote.map(|remote| ("NIX_REMOTE", remote)));
        Self {
            variables,
            writable: store.writable,
        }
    }
}

/// What the setup is read from.
struct Seen<'s> {
    variable: &'s dyn Fn(&str) -> Option<OsString>,
    files: SettingsFiles,
    /// Where nix keeps data of the person.
    data: Option<PathBuf>,
    /// Where nix keeps store, state and logs unless it is told otherwise.
    usual: PathBuf,
    /// Whether this is the machine's superuser.
    root: bool,
}

impl Seen<'_> {
    /// A variable that says something.
    fn variable(&self, name: &str) -> Option<OsString> {
        (self.variable)(name).filter(|value| !value.is_empty())
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        self.variable(name).map(PathBuf::from)
    }
}

/// Whether a line sets what holds a key. A public key is none.
fn is_secret(line: &str) -> bool {
    let name = line.split('=').next().unwrap_or_default();
    !name.contains("public-key") && OF_KEYS.iter().any(|word| name.contains(word))
}

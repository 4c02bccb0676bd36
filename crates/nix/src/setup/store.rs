//! Which store is meant, and what of it nix writes itself.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Seen;
use super::files;

/// Variables that put a part of it elsewhere.
const PARTS: [&str; 4] = [
    "NIX_STORE_DIR",
    "NIX_STATE_DIR",
    "NIX_LOG_DIR",
    "NIX_LOCALSTATE_DIR",
];

/// The store that nix uses.
#[derive(Debug, Default)]
pub(super) struct Store {
    /// How it is named to another nix, where it must be.
    pub remote: Option<OsString>,
    /// What nix writes; nothing where a daemon or another machine does.
    pub writable: Vec<PathBuf>,
}

impl Store {
    /// As nix chooses it: by its settings, `$NIX_REMOTE`, and what is there.
    pub(super) fn of(seen: &Seen<'_>, settings: &[String]) -> Self {
        let system = files::lines(&seen.files.system);
        let remote = seen.variable("NIX_REMOTE");
        let set = [settings, system.as_slice()]
            .into_iter()
            .find_map(|lines| lines.iter().rev().find_map(|line| of_line(line)));
        let named = set.or_else(|| remote.as_ref()?.to_str().map(str::to_owned));
        match named.as_deref() {
            None | Some("" | "auto") => Self::found(seen),
            Some(named) => Self {
                writable: local(named).map_or_else(Vec::new, |own| own.folders(seen)),
                remote,
            },
        }
    }

    /// The one that nix finds by itself. Within a wall a daemon can do more than this process may.
    fn found(seen: &Seen<'_>) -> Self {
        let state = seen.path("NIX_STATE_DIR");
        let state = state.unwrap_or_else(|| seen.usual.join("var/nix"));
        let socket = seen.path("NIX_DAEMON_SOCKET_PATH");
        let socket = socket.unwrap_or_else(|| state.join("daemon-socket/socket"));
        if socket.exists() {
            return Self {
                remote: Some("daemon".into()),
                writable: Vec::new(),
            };
        }
        let elsewhere = ["NIX_STORE_DIR", "NIX_STATE_DIR"]
            .iter()
            .any(|name| seen.variable(name).is_some());
        match &seen.data {
            // Without rights to make /nix, nix takes a folder of the person's, and without their home it would not find it.
            Some(data) if !state.exists() && !seen.root && !elsewhere => {
                let root = data.join("root");
                Self {
                    remote: Some(root.clone().into()),
                    writable: vec![root],
                }
            }
            _ => Self {
                remote: None,
                writable: Local::default().folders(seen),
            },
        }
    }
}

/// The value of a line that names the store.
fn of_line(line: &str) -> Option<String> {
    let (name, value) = line.split_once('=')?;
    (name.trim() == "store").then(|| value.trim().to_owned())
}

/// A store that nix opens itself.
#[derive(Debug, Default)]
struct Local {
    /// The folder that stands for the root of the file system.
    root: Option<PathBuf>,
    /// Parts of it that lie elsewhere.
    parts: Vec<PathBuf>,
}

impl Local {
    fn folders(self, seen: &Seen<'_>) -> Vec<PathBuf> {
        let mut folders = vec![self.root.unwrap_or_else(|| seen.usual.clone())];
        folders.extend(self.parts);
        folders.extend(PARTS.iter().filter_map(|name| seen.path(name)));
        folders.retain(|folder| folder.is_absolute());
        folders
    }
}

/// What `local`, `local?root=…` or a path says; none for a store that somebody else opens.
fn local(named: &str) -> Option<Local> {
    let (place, parameters) = named.split_once('?').unwrap_or((named, ""));
    let place = place.strip_prefix("local://").unwrap_or(place);
    let mut local = match place {
        "" | "local" => Local::default(),
        path if Path::new(path).is_absolute() => Local {
            root: Some(path.into()),
            parts: Vec::new(),
        },
        _ => return None,
    };
    for parameter in parameters.split('&') {
        match parameter.split_once('=') {
            Some(("root", path)) => local.root = Some(decoded(path)),
            Some(("state" | "log" | "real" | "store", path)) => local.parts.push(decoded(path)),
            _ => {}
        }
    }
    Some(local)
}

/// A path from a URL.
fn decoded(path: &str) -> PathBuf {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let code = more.get(..2).filter(|_| *first == b'%');
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = more.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    PathBuf::from(String::from_utf8_lossy(&bytes).into_owned())
}

//! Which evaluation is meant: the flake, the nix that evaluates it, and the environment both see.

#![expect(
    clippy::disallowed_methods,
    reason = "the environment that an evaluation depends on"
)]

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::Unsure;
use crate::FlakeRef;
use poag_core::expert::SCHEMA;
use poag_core::hex;

/// A flake on this machine, as one nix evaluates it in one environment.
#[derive(Debug)]
pub(super) struct CachePlace {
    /// Of the flake.
    pub folder: PathBuf,
    /// What nix copies.
    pub repository: PathBuf,
    /// Whether `repository` is a git work tree.
    pub git: bool,
    /// The program.
    pub nix: PathBuf,
    /// Name of the entry: everything above and the environment.
    pub key: String,
}

impl CachePlace {
    pub fn of(flake: &FlakeRef) -> Result<Self, Unsure> {
        let FlakeRef::Local {
            folder,
            repository,
            git,
        } = flake
        else {
            return Err(Unsure::new("it is not on this machine"));
        };
        let nix = program(env::var_os("PATH").as_deref())?;
        let mut hash = Sha256::new();
        let mut add = |part: &[u8]| {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        };
        add(super::entry::FORMAT);
        add(env!("CARGO_PKG_VERSION").as_bytes());
        add(SCHEMA.as_bytes());
        for path in [folder, repository, &nix] {
            add(path.as_os_str().as_bytes());
        }
        add(&[u8::from(*git)]);
        for (name, value) in environment() {
            add(name.as_bytes());
            add(value.as_bytes());
        }
        Ok(Self {
            folder: folder.clone(),
            repository: repository.clone(),
            git: *git,
            nix,
            key: hex(&hash.finalize()),
        })
    }
}

/// What nix, or the git that it starts, takes from the environment, sorted.
fn environment() -> Vec<(OsString, OsString)> {
    let matters = |name: &OsStr| {
        let name = name.as_bytes();
        ["HOME", "PATH", "USER", "TMPDIR"]
            .map(str::as_bytes)
            .contains(&name)
            || name.windows(3).any(|part| part == b"NIX")
            || name.starts_with(b"GIT_")
            || name.starts_with(b"XDG_")
    };
    let mut found: Vec<_> = env::vars_os().filter(|(name, _)| matters(name)).collect();
    found.sort();
    found
}

/// The nix that would be started.
fn program(path: Option<&OsStr>) -> Result<PathBuf, Unsure> {
    for folder in env::split_paths(path.unwrap_or_default()) {
        if !folder.is_absolute() {
            return Err(Unsure::new("PATH holds a relative folder"));
        }
        let file = folder.join("nix");
        let runs = |found: fs::Metadata| found.is_file() && found.permissions().mode() & 0o111 != 0;
        if fs::metadata(&file).is_ok_and(runs) {
            return Ok(file);
        }
    }
    Err(Unsure::new("there is no nix on PATH"))
}

/// Whether a program is a script, which may well start another program tomorrow.
pub(super) fn is_script(program: &Path) -> bool {
    use std::io::Read as _;
    let mut first = [0; 2];
    let read = fs::File::open(program).and_then(|mut file| file.read_exact(&mut first));
    read.is_err() || first == *b"#!"
}

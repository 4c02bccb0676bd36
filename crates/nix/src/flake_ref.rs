//! Which flake is meant: a folder on this machine, found upwards as nix does, or a reference elsewhere.

use std::fmt;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A flake that can be evaluated.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FlakeRef {
    /// A folder that holds flake.nix.
    Local {
        /// The flake's folder, absolute.
        folder: PathBuf,
        /// Root of what Nix copies: the git repository around it, else the folder itself.
        repository: PathBuf,
        /// Whether `repository` is a git work tree.
        git: bool,
    },
    /// Any other reference, passed to nix as it is.
    Remote(String),
}

/// A reference that leads nowhere.
#[derive(Debug, Error)]
pub enum FlakeRefError {
    /// There is no such folder.
    #[error("there is no folder {}\nrepair: name a folder with a flake.nix, or a flake reference such as github:owner/name", .0.display())]
    NoFolder(PathBuf),
    /// No flake.nix in the folder or above it.
    #[error("there is no flake.nix in {} or in a folder above it\nrepair: go to a flake, or name one with --flake{}", folder.display(), for_instance(near))]
    NoFlake {
        /// The folder.
        folder: PathBuf,
        /// Folders of flakes below it, relative to it: the first few.
        near: Vec<String>,
    },
    /// An attribute was given.
    #[error(
        "'{0}' names an attribute; poag takes a flake\nrepair: leave out everything from '#' on"
    )]
    Attribute(String),
}

impl FlakeRef {
    /// Reads what a person typed; relative folders count from `here`.
    ///
    /// # Errors
    /// When it is a folder without flake.nix in or above it, or names an attribute.
    pub fn parse(text: &str, here: &Path) -> Result<Self, FlakeRefError> {
        if text.contains('#') {
            return Err(FlakeRefError::Attribute(text.into()));
        }
        let path = text.strip_prefix("path:").unwrap_or(text);
        let looks_local = path.starts_with(['.', '/']) || here.join(path).is_dir();
        if !looks_local || path.contains('?') {
            return Ok(Self::Remote(text.into()));
        }
        let folder = here
            .join(path)
            .canonicalize()
            .map_err(|_| FlakeRefError::NoFolder(here.join(path).components().collect()))?;
        Self::around(&folder)
    }

    /// The flake in `folder` or the nearest one above it.
    ///
    /// # Errors
    /// When there is none.
    pub fn around(folder: &Path) -> Result<Self, FlakeRefError> {
        let flake = folder
            .ancestors()
            .find(|dir| dir.join("flake.nix").is_file())
            .ok_or_else(|| FlakeRefError::NoFlake {
                folder: folder.into(),
                near: below(folder),
            })?;
        let git = repository_root(flake);
        Ok(Self::Local {
            folder: flake.into(),
            repository: git.unwrap_or(flake).into(),
            git: git.is_some(),
        })
    }

    /// The installable for one attribute path.
    #[must_use]
    pub fn attribute(&self, path: &str) -> String {
        match self {
            Self::Local { folder, .. } => format!("{}#{path}", folder.display()),
            Self::Remote(text) => format!("{text}#{path}"),
        }
    }

    /// The flake's folder, where it is on this machine.
    pub(super) fn folder(&self) -> Option<&Path> {
        match self {
            Self::Local { folder, .. } => Some(folder),
            Self::Remote(_) => None,
        }
    }

    /// The root of what Nix copies, where it is on this machine.
    pub(super) fn repository(&self) -> Option<&Path> {
        match self {
            Self::Local { repository, .. } => Some(repository),
            Self::Remote(_) => None,
        }
    }

    /// The option that keeps nix from writing flake.lock where it would follow a link.
    pub(super) fn lock_option(&self) -> Option<&'static str> {
        let lock = self.folder()?.join("flake.lock").symlink_metadata();
        let linked = lock.is_ok_and(|found| found.is_symlink());
        linked.then_some("--no-write-lock-file")
    }

    /// The folder of a flake of this repository, where the repository is on this machine.
    #[must_use]
    pub fn folder_of(&self, dir: &str) -> Option<PathBuf> {
        match self {
            Self::Local { repository, .. } if dir.is_empty() => Some(repository.clone()),
            Self::Local { repository, .. } => Some(repository.join(dir)),
            Self::Remote(_) => None,
        }
    }
}

impl fmt::Display for FlakeRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local { folder, .. } => folder.display().fmt(out),
            Self::Remote(text) => out.write_str(text),
        }
    }
}

/// Entries of one folder that are looked at for flakes, so that a huge one costs nothing.
const MOST_ENTRIES: usize = 1000;
/// Flakes that are named.
const NAMED: usize = 3;

/// Folders of flakes at most two below `folder`, sorted: the first few.
fn below(folder: &Path) -> Vec<String> {
    let folders = |of: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(of).into_iter().flatten();
        let folders = entries.take(MOST_ENTRIES).filter_map(Result::ok);
        folders
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
            .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."))
            .map(|entry| entry.path())
            .collect()
    };
    let near = folders(folder);
    let far: Vec<PathBuf> = near
        .iter()
        .take(MOST_ENTRIES)
        .flat_map(|near| folders(near))
        .collect();
    let flakes = near
        .iter()
        .chain(&far)
        .filter(|place| place.join("flake.nix").is_file());
    let mut names: Vec<String> = flakes
        .filter_map(|place| Some(place.strip_prefix(folder).ok()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names.truncate(NAMED);
    names
}

fn for_instance(near: &[String]) -> String {
    match near {
        [] => String::new(),
        near => format!(" (there is one in {})", near.join(", one in ")),
    }
}

/// The folder with `.git`, in or above `folder`.
pub fn repository_root(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|dir| dir.join(".git").exists())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_nearest_flake_above_a_subfolder_is_meant_and_its_repository_is_found() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("a/src/deep")).unwrap();
        fs::create_dir(root.join(".git")).unwrap();
        fs::write(root.join("a/flake.nix"), "{}").unwrap();
        let flake = FlakeRef::parse("deep", &root.join("a/src")).unwrap();
        let expected = FlakeRef::Local {
            folder: root.join("a"),
            repository: root.clone(),
            git: true,
        };
        assert_eq!(flake, expected);
        assert_eq!(flake.folder_of("b"), Some(root.join("b")));
        assert_eq!(
            flake.attribute(".poag"),
            format!("{}#.poag", root.join("a").display())
        );
    }

    #[test]
    fn a_reference_elsewhere_is_passed_on_as_it_is() {
        let flake = FlakeRef::parse("github:owner/name?dir=sub", Path::new("/")).unwrap();
        assert_eq!(flake, FlakeRef::Remote("github:owner/name?dir=sub".into()));
    }

    #[test]
    fn a_folder_without_a_flake_says_where_it_looked() {
        let temp = tempfile::tempdir().unwrap();
        let error = FlakeRef::parse(".", temp.path()).unwrap_err().to_string();
        assert!(
            error.contains("flake.nix") && error.contains("repair:"),
            "{error}"
        );
    }

    #[test]
    fn an_attribute_is_refused() {
        let error = FlakeRef::parse(".#poag", Path::new("/"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("'.#poag'"), "{error}");
    }
}

//! What a program may write. On Linux the kernel holds it to that (Landlock); elsewhere what lies outside is compared before and
//! after, see [`Outside`].
//!
//! The wall is applied by starting poag once more in between: it takes the right from itself and then becomes the program.
//! So a program cannot begin without it, and everything that it starts inherits it.

#![expect(clippy::disallowed_methods, reason = "the environment of agents")]

mod refused;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub use refused::refused_writes;
use walkdir::WalkDir;

use super::{Writing, guard};

/// `0` builds no wall of the kernel's, for a machine on which an agent does not work in one.
pub const WALL_SWITCH: &str = "POAG_LANDLOCK";
/// Files outside that are compared; what is beyond is not.
const MOST_FILES: usize = 1_000_000;

/// What a program may write. Reading is not restricted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Wall {
    /// Folders, with all that is below, and single files. One that is not there counts for nothing.
    pub writable: Vec<PathBuf>,
    /// Bytes of one file that it may write: beyond, writing fails.
    pub file_bytes: u64,
    /// Whether it may use TCP. The kernel refuses no other protocol, and no socket of this machine.
    pub network: bool,
}

impl Wall {
    /// A wall with these folders inside, and `/dev/null`.
    #[must_use]
    pub fn around(folders: impl IntoIterator<Item = PathBuf>, file_bytes: u64) -> Self {
        let null = PathBuf::from("/dev/null");
        Self {
            writable: folders.into_iter().chain([null]).collect(),
            file_bytes,
            network: true,
        }
    }

    /// The same, with TCP or without.
    #[must_use]
    pub fn with_network(self, network: bool) -> Self {
        Self { network, ..self }
    }

    /// The wall of a turn that writes: its worktree, and folders of its own.
    #[must_use]
    pub(super) fn of(writing: &Writing, own: impl IntoIterator<Item = PathBuf>) -> Self {
        let folders = own.into_iter().chain([writing.worktree.clone()]);
        Self::around(folders, writing.file_bytes).with_network(writing.network)
    }

    /// The words that make poag build it; the program and its arguments follow.
    pub(super) fn words(&self) -> Vec<OsString> {
        let mut words: Vec<OsString> = vec![
            guard::VERB.into(),
            guard::WALL.into(),
            self.writable.len().to_string().into(),
        ];
        words.extend(self.writable.iter().map(OsString::from));
        words.push(self.file_bytes.to_string().into());
        words.push(guard::network_word(self.network).into());
        words
    }
}

/// How programs are held to what they may write.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WallKind {
    /// The kernel refuses everything else.
    Kernel,
    /// What lies outside must be compared: see [`Outside`].
    Compared,
}

impl WallKind {
    /// The best that this machine has. It is tried, once in the life of this process, by running `guard`, which is the
    /// program of poag.
    #[must_use]
    pub fn best(guard: &Path) -> Self {
        static BEST: OnceLock<WallKind> = OnceLock::new();
        *BEST.get_or_init(|| {
            let off = std::env::var_os(WALL_SWITCH).is_some_and(|switch| switch == "0");
            match !off && guard::wall_works(guard) {
                true => Self::Kernel,
                false => Self::Compared,
            }
        })
    }

    /// Whether this machine can also keep programs from TCP (Linux 6.7). It is tried, by running `guard`.
    #[must_use]
    pub fn refuses_network(self, guard: &Path) -> bool {
        self == Self::Kernel && guard::network_wall_works(guard)
    }

    /// It in a sentence, for the record of an attempt.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Kernel => "the kernel refuses writing outside of the worktree (Landlock)",
            Self::Compared => {
                "this system cannot refuse writing outside of the worktree; files are compared before and after"
            }
        }
    }
}

/// What a file was like: kind and permissions, size, when it was written, and which file it is.
type Facts = (u32, u64, i64, i64, u64);

/// The files outside of a worktree, as they are at one time.
#[derive(Clone, Debug, Default)]
pub struct Outside(BTreeMap<PathBuf, Facts>);

impl Outside {
    /// What lies below `roots`, but for `except` and what is below that. Links are not followed.
    #[must_use]
    pub fn of(roots: &[PathBuf], except: &[PathBuf]) -> Self {
        let mut found = BTreeMap::new();
        for root in roots {
            let entries = WalkDir::new(root).into_iter();
            let entries =
                entries.filter_entry(|entry| !except.iter().any(|except| entry.path() == except));
            for entry in entries.flatten().take(MOST_FILES) {
                // A folder changes with what is in it, and that is told by itself.
                if let Ok(facts) = entry.metadata()
                    && !facts.is_dir()
                {
                    found.insert(entry.into_path(), Self::facts(&facts));
                }
            }
        }
        Self(found)
    }

    fn facts(facts: &Metadata) -> Facts {
        (
            facts.mode(),
            facts.len(),
            facts.mtime(),
            facts.mtime_nsec(),
            facts.ino(),
        )
    }

    /// Files that are new, gone or changed in `after`, by path.
    #[must_use]
    pub fn differences(&self, after: &Self) -> Vec<PathBuf> {
        let gone_or_changed = self
            .0
            .iter()
            .filter(|(path, facts)| after.0.get(*path) != Some(*facts));
        let new = after
            .0
            .iter()
            .filter(|(path, _)| !self.0.contains_key(*path));
        let mut paths: Vec<PathBuf> = gone_or_changed
            .chain(new)
            .map(|(path, _)| path.clone())
            .collect();
        paths.sort();
        paths
    }
}

/// Bytes on disk below folders, each file once; what cannot be read counts nothing.
#[must_use]
pub fn disk_bytes(folders: &[PathBuf]) -> u64 {
    let entries = folders.iter().flat_map(WalkDir::new).flatten();
    let blocks = entries.filter_map(|entry| entry.metadata().ok());
    blocks
        .map(|facts| facts.blocks().saturating_mul(512))
        .fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_changed_outside_is_found_and_what_is_inside_is_not_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("tree/inside")).unwrap();
        fs::create_dir_all(at("main")).unwrap();
        for file in ["main/same", "main/changed", "main/gone", "tree/inside/x"] {
            fs::write(at(file), "before").unwrap();
        }
        let roots = [folder.path().to_owned()];
        let except = [at("tree")];
        let before = Outside::of(&roots, &except);
        assert_eq!(
            before.differences(&Outside::of(&roots, &except)),
            [""; 0].map(PathBuf::from)
        );
        fs::write(at("main/changed"), "behind it").unwrap();
        fs::remove_file(at("main/gone")).unwrap();
        fs::write(at("main/new"), "").unwrap();
        fs::write(at("tree/inside/x"), "after").unwrap();
        let after = Outside::of(&roots, &except);
        let found = before.differences(&after);
        assert_eq!(found, [at("main/changed"), at("main/gone"), at("main/new")]);
    }

    #[test]
    fn bytes_on_disk_are_counted_below_all_folders() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("a/deep")).unwrap();
        let empty = disk_bytes(&[at("a")]);
        fs::write(at("a/deep/file"), vec![1; 1 << 20]).unwrap();
        let full = disk_bytes(&[at("a"), at("not there")]);
        assert!(full >= empty + (1 << 20), "{empty} {full}");
    }
}

//! What git tracks, read from its index without starting git, which takes longer than everything else here.
//!
//! Format: <https://git-scm.com/docs/index-format>. Whatever is not quite plain is left to git itself: hashes other than
//! SHA-1, an index in two files or with whole folders as entries, a work tree or an index in another place.

#![expect(clippy::disallowed_methods, reason = "the environment of git")]

use std::fs;
use std::path::{Path, PathBuf};

/// Bytes above which an index is left to git.
const MAX_BYTES: u64 = 256 << 20;
/// Bytes of an entry in front of its flags: ten numbers of 32 bits, and a SHA-1.
const FACTS: usize = 60;
/// Of a SHA-1, at the end of the index.
const HASH: usize = 20;
/// Variables that tell git to look elsewhere.
const ELSEWHERE: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
];

/// Whether git would look for a repository anywhere but in vain.
pub(super) fn may_be_repository(folder: &Path) -> bool {
    std::env::var_os("GIT_DIR").is_some() || folder.ancestors().any(|up| up.join(".git").exists())
}

/// Each path below `folder`, relative to it, with whether it is a symbolic link, and without submodules; none where git
/// must be asked.
pub(super) fn tracked(folder: &Path) -> Option<Vec<(String, bool)>> {
    if ELSEWHERE
        .iter()
        .any(|name| std::env::var_os(name).is_some())
    {
        return None;
    }
    let folder = folder.canonicalize().ok()?;
    let top = folder.ancestors().find(|up| up.join(".git").exists())?;
    let repository = repository(top)?;
    let index = repository.join("index");
    if fs::metadata(&index).ok()?.len() > MAX_BYTES {
        return None;
    }
    let below = folder.strip_prefix(top).ok()?.to_str()?;
    files(&fs::read(index).ok()?, below)
}

/// The folder of git's own files, if its configuration says nothing unusual.
fn repository(top: &Path) -> Option<PathBuf> {
    let mut repository = top.join(".git");
    if repository.is_file() {
        let text = fs::read_to_string(&repository).ok()?;
        repository = top.join(text.strip_prefix("gitdir:")?.trim());
    }
    let common = match fs::read_to_string(repository.join("commondir")) {
        Ok(common) => repository.join(common.trim()),
        Err(_) => repository.clone(),
    };
    let config = fs::read_to_string(common.join("config")).ok()?;
    let config = config.to_ascii_lowercase();
    let unusual = ["objectformat", "worktree", "include"];
    let bare = |line: &str| line.trim().starts_with("bare") && !line.contains("false");
    let usual = !unusual.iter().any(|word| config.contains(word)) && !config.lines().any(bare);
    usual.then_some(repository)
}

/// The files of an index below a folder of the repository.
fn files(index: &[u8], below: &str) -> Option<Vec<(String, bool)>> {
    let mut rest = index.strip_prefix(b"DIRC")?;
    let version = number(&mut rest)?;
    let count = number(&mut rest)?;
    if !matches!(version, 2..=4) {
        return None;
    }
    let mut found = Vec::new();
    let mut path = Vec::new();
    for _ in 0..count {
        let entry = rest;
        let (facts, behind) = rest.split_at_checked(FACTS + 2)?;
        rest = behind;
        let mode = number(&mut facts.get(24..)?)?;
        // A bit of the flags says that there are more flags.
        if facts[FACTS] & 0x40 != 0 {
            rest = rest.get(2..)?;
        }
        path.truncate(match version {
            4 => path.len().checked_sub(offset(&mut rest)?)?,
            _ => 0,
        });
        let end = rest.iter().position(|byte| *byte == 0)?;
        path.extend_from_slice(&rest[..end]);
        rest = match version {
            4 => rest.get(end + 1..)?,
            // One to eight zeros, up to a multiple of eight.
            _ => entry.get((entry.len() - rest.len() + end + 8) & !7..)?,
        };
        match mode >> 12 {
            0o10 | 0o12 => {}
            // A submodule.
            0o16 => continue,
            _ => return None,
        }
        let name = std::str::from_utf8(&path).ok();
        if let Some(name) = name.and_then(|name| relative(name, below)) {
            found.push((name.to_owned(), mode >> 12 == 0o12));
        }
    }
    is_plain(rest).then_some(found)
}

/// Whether what follows the entries can be passed over: the first letter of what cannot is small.
fn is_plain(mut rest: &[u8]) -> bool {
    while rest.len() > HASH {
        let Some((name, behind)) = rest.split_first_chunk::<4>() else {
            return false;
        };
        rest = behind;
        let length = number(&mut rest).map(|length| length as usize);
        match length.and_then(|length| rest.get(length..)) {
            Some(behind) if name[0].is_ascii_uppercase() => rest = behind,
            _ => return false,
        }
    }
    rest.len() == HASH
}

fn relative<'p>(path: &'p str, below: &str) -> Option<&'p str> {
    match below.is_empty() {
        true => Some(path),
        false => path.strip_prefix(below)?.strip_prefix('/'),
    }
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    let (four, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(u32::from_be_bytes(*four))
}

/// A number of any length, as in packs: seven bits to the byte, and one more for each byte that follows.
fn offset(rest: &mut &[u8]) -> Option<usize> {
    let mut value = 0_usize;
    for turn in 0..5 {
        let (byte, behind) = rest.split_first()?;
        *rest = behind;
        value = (value + usize::from(turn > 0)) << 7 | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// What a fuzz target calls.
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub fn fuzzed(data: &[u8]) {
    for below in ["", "src"] {
        let Some(found) = files(data, below) else {
            continue;
        };
        assert!(found.len() <= data.len() / FACTS);
        assert!(found.iter().all(|(path, _)| !path.contains('\0')));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::ask;
    use super::{files, tracked};
    use crate::testing::git;

    fn repository() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        git(folder.path(), &["init", "-q"]);
        fs::create_dir_all(at("deep/er")).unwrap();
        let long = "l".repeat(200);
        for path in [
            "a",
            "deep/b",
            "deep/er/ü c",
            "deeper",
            "deep/er/later",
            &long,
        ] {
            fs::write(at(path), path).unwrap();
        }
        std::os::unix::fs::symlink("a", at("deep/link")).unwrap();
        git(
            folder.path(),
            &[
                "add",
                "a",
                "deep/b",
                "deep/er/ü c",
                "deeper",
                "deep/link",
                &long,
            ],
        );
        git(folder.path(), &["add", "--intent-to-add", "deep/er/later"]);
        folder
    }

    #[test]
    fn the_index_is_read_as_git_reads_it_in_each_of_its_versions() {
        let folder = repository();
        for version in ["2", "3", "4"] {
            git(folder.path(), &["update-index", "--index-version", version]);
            for below in ["", "deep", "deep/er"] {
                let below = folder.path().join(below);
                let read = tracked(&below).unwrap();
                assert!(!read.is_empty());
                assert_eq!(Some(read), ask(&below), "{version}");
            }
        }
        let again = folder.path().join("again");
        git(folder.path(), &["commit", "-qm", "a"]);
        git(folder.path(), &["worktree", "add", "-q", "again"]);
        assert_eq!(tracked(&again), ask(&again));
        assert_eq!(tracked(&again).map(|files| files.len()), Some(6));
    }

    #[test]
    fn what_is_unusual_is_left_to_git() {
        let folder = repository();
        git(folder.path(), &["update-index", "--split-index"]);
        assert_eq!(tracked(folder.path()), None);
        assert!(ask(folder.path()).is_some());
        let folder = repository();
        git(folder.path(), &["config", "core.worktree", "deep"]);
        assert_eq!(tracked(folder.path()), None);
    }

    #[test]
    fn an_index_that_is_cut_or_damaged_does_no_harm() {
        let folder = repository();
        let whole = fs::read(folder.path().join(".git/index")).unwrap();
        assert!(files(&whole, "").is_some());
        for end in 0..whole.len() {
            assert_eq!(files(&whole[..end], ""), None);
        }
        let mut random = fastrand::Rng::with_seed(2);
        for _ in 0..5000 {
            let mut index = whole.clone();
            index[random.usize(..whole.len())] = random.u8(..);
            let _ = files(&index, "deep");
        }
    }
}

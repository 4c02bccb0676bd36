//! Files of a cache: read within bounds, written beside their place and renamed, pruned oldest first.

#![expect(clippy::disallowed_methods, reason = "packs, in the cache folder")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// Tells the temporary files of one process apart.
static WRITES: AtomicU64 = AtomicU64::new(0);

/// The bytes of a file that is no longer than `most`.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    if fs::symlink_metadata(path)?.len() > most {
        return Err(ErrorKind::FileTooLarge.into());
    }
    fs::read(path)
}

/// Nobody ever reads half of what is written.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    poag_env::folders::make_private(path.parent().unwrap_or(Path::new(".")))?;
    let turn = WRITES.fetch_add(1, Ordering::Relaxed);
    let beside = path.with_extension(format!("{}-{turn}.tmp", std::process::id()));
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Files that were stored in a folder since it was pruned last, by folder and ending.
static STORED: Mutex<BTreeMap<(PathBuf, &str), usize>> = Mutex::new(BTreeMap::new());

/// Prunes once for each process and then whenever an eighth of `most` came: to look at every file for each that is
/// stored would take time that grows with the square of their number.
pub(crate) fn prune_at_times(
    folder: &Path,
    ending: &'static str,
    most: usize,
    bytes: u64,
) -> io::Result<()> {
    match is_time(folder, ending, most) {
        true => prune(folder, ending, most, bytes),
        false => Ok(()),
    }
}

fn is_time(folder: &Path, ending: &'static str, most: usize) -> bool {
    let mut stored = STORED.lock().unwrap_or_else(PoisonError::into_inner);
    let stored = stored.entry((folder.to_owned(), ending)).or_default();
    let now = *stored == 0;
    *stored = (*stored + 1) % (most / 8).max(1);
    now
}

/// Leaves at most `most` files with that ending and `bytes` of all of them, the newest.
fn prune(folder: &Path, ending: &str, most: usize, bytes: u64) -> io::Result<()> {
    let mut entries: Vec<(SystemTime, PathBuf, u64)> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let (path, data) = entry.and_then(|entry| Ok((entry.path(), entry.metadata()?)))?;
        if path.extension() == Some(OsStr::new(ending)) && data.is_file() {
            entries.push((data.modified()?, path, data.len()));
        }
    }
    entries.sort();
    let mut total = 0;
    for (at, (_, path, size)) in entries.iter().rev().enumerate() {
        total += size;
        // The newest stays whatever its size.
        if at >= most || at > 0 && total > bytes {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::{is_time, prune, prune_at_times, write};

    #[test]
    fn of_many_that_are_stored_at_once_the_newest_stay_and_the_folder_is_seldom_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        for at in 0..100_u64 {
            let path = folder.path().join(format!("{at:03}.json"));
            write(&path, b"{}").unwrap();
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(at);
            let file = fs::File::options().write(true).open(&path).unwrap();
            file.set_modified(time).unwrap();
            prune_at_times(folder.path(), "json", 32, 1000).unwrap();
            let left = fs::read_dir(folder.path()).unwrap().count();
            assert!(left <= 32 + 4 && left > (at as usize).min(31), "{left}");
            assert!(path.exists());
        }
        let mut left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|one| one.unwrap().file_name())
            .collect();
        left.sort();
        assert_eq!(left.first().unwrap(), "065.json");
        assert_eq!(left.len(), 35);
        let other = folder.path().join("other");
        let looks = (0..4096).filter(|_| is_time(&other, "json", 1024)).count();
        assert_eq!(looks, 32);
    }

    #[test]
    fn the_newest_stay_and_other_files_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        for at in 0..6_u64 {
            let file = fs::File::create(folder.path().join(format!("{at}.facts"))).unwrap();
            file.set_len(10).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(at))
                .unwrap();
        }
        fs::create_dir(folder.path().join("folder.facts")).unwrap();
        fs::write(folder.path().join("other"), "x").unwrap();
        let left = || {
            let mut names: Vec<_> = fs::read_dir(folder.path())
                .unwrap()
                .map(|one| one.unwrap().file_name())
                .collect();
            names.sort();
            names
        };
        prune(folder.path(), "facts", 4, 1000).unwrap();
        assert_eq!(
            left(),
            [
                "2.facts",
                "3.facts",
                "4.facts",
                "5.facts",
                "folder.facts",
                "other"
            ]
        );
        prune(folder.path(), "facts", 4, 25).unwrap();
        assert_eq!(left(), ["4.facts", "5.facts", "folder.facts", "other"]);
        prune(folder.path(), "facts", 4, 1).unwrap();
        assert_eq!(left(), ["5.facts", "folder.facts", "other"]);
    }
}

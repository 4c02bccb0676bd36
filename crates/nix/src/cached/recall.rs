//! A kept evaluation held against how everything stands now, on all cores.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::Unsure;
use super::entry::KeptGraph;

/// Paths that a thread takes at a time. Looking at one takes half a microsecond: fewer are done before a thread has begun.
const PART: usize = 512;
/// Threads, beyond which the kernel is what is waited for.
const MOST_THREADS: usize = 8;

/// What `meanwhile` makes, if all that `entry` depends on stands as it did.
pub(super) fn unchanged<T>(
    entry: &KeptGraph<'_>,
    meanwhile: impl FnOnce() -> T,
) -> Result<T, Unsure> {
    let all = entry.stamps.len() + entry.store.len();
    let next = AtomicUsize::new(0);
    let first = AtomicUsize::new(usize::MAX);
    let look = || {
        loop {
            let from = next.fetch_add(PART, Ordering::Relaxed);
            // Whatever comes after one that changed may have changed too.
            if from >= all.min(first.load(Ordering::Relaxed)) {
                return;
            }
            let mut part = from..all.min(from + PART);
            if let Some(at) = part.find(|at| changed(entry, *at).is_some()) {
                first.fetch_min(at, Ordering::Relaxed);
            }
        }
    };
    let made = thread::scope(|scope| {
        for _ in 0..helpers(all) {
            // This one does what the others do not.
            let _ = thread::Builder::new().spawn_scoped(scope, look);
        }
        let made = meanwhile();
        look();
        made
    });
    match changed(entry, first.into_inner()) {
        None => Ok(made),
        Some(path) if path.symlink_metadata().is_err() => {
            Err(Unsure::new(format!("{} is gone", path.display())))
        }
        Some(path) => Err(Unsure::new(format!("{} changed", path.display()))),
    }
}

fn helpers(paths: usize) -> usize {
    match paths.div_ceil(PART).min(MOST_THREADS) {
        0 | 1 => 0,
        parts => thread::available_parallelism().map_or(1, |cores| parts.min(cores.get())) - 1,
    }
}

/// The path of that number, if it changed.
fn changed<'a>(entry: &'a KeptGraph<'_>, at: usize) -> Option<&'a Path> {
    match entry.stamps.get(at) {
        Some(stamp) => (!stamp.holds()).then_some(&stamp.path),
        None => {
            let path = entry.store.get(at - entry.stamps.len())?;
            path.symlink_metadata().is_err().then_some(path)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::fs;

    use super::super::stamp::{Look, Stamp};
    use super::*;

    #[test]
    fn one_change_among_many_paths_is_found_and_named_wherever_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let paths: Vec<_> = (0..3 * PART + 7)
            .map(|at| folder.path().join(at.to_string()))
            .collect();
        for path in &paths {
            fs::write(path, "").unwrap();
        }
        let (stamped, stored) = paths.split_at(2 * PART + 3);
        let entry = KeptGraph {
            stamps: stamped
                .iter()
                .map(|path| Stamp::new(Look::Itself, &**path))
                .collect(),
            store: stored.iter().map(|path| Cow::Borrowed(&**path)).collect(),
            json: b"",
        };
        assert_eq!(unchanged(&entry, || 1).ok(), Some(1));
        // From the end, so that the first of several is the one that is named.
        for at in [paths.len() - 1, 2 * PART + 3, 2 * PART + 2, PART, 0] {
            fs::remove_file(&paths[at]).unwrap();
            let why = unchanged(&entry, || 1).unwrap_err().to_string();
            assert_eq!(why, format!("{} is gone", paths[at].display()));
        }
    }
}

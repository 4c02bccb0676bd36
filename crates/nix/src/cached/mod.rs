//! The evaluated graph, kept with everything it depends on: nothing changed means no nix process.
//!
//! In doubt nothing is kept, and nix is asked. Compared is how every file stands that nix could look at: the tracked files
//! of the whole repository (or all of a folder outside of git), git's index, commit, settings and attributes, the settings
//! and the program of nix, and the store paths that the graph names. The rest of the world stays out: only evaluations
//! are kept that had a complete flake.lock, whose inputs are told by their content.

#![expect(
    clippy::disallowed_methods,
    reason = "evaluated graphs, in the cache folder"
)]

mod entry;
mod locked;
mod place;
mod recall;
mod settings;
mod stamp;
mod watched;

use std::borrow::Cow;
use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Evaluation, FlakeRef, LockWriting, Nix, NixError};
use entry::KeptGraph;
use locked::LockState;
use place::CachePlace;
use poag_core::expert::Graph;
use poag_env::folders;
use watched::Fingerprint;

/// Why a graph is evaluated, and not taken from the cache or not kept there.
#[derive(Debug)]
struct Unsure(Cow<'static, str>);

impl Unsure {
    fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for Unsure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

const RECALLED: &str = "is the one that nix evaluated before: nothing it depends on changed";

impl Nix {
    /// What nix printed of the graph of a flake, if it lies in `cache` and nothing that it depends on has changed: it is
    /// not even read.
    #[must_use]
    pub fn cached_json(&self, flake: &FlakeRef, cache: &Path) -> Option<Vec<u8>> {
        let place = CachePlace::of(flake).ok()?;
        let json = recall_json(&cache.join(&place.key)).ok()?;
        self.trace(&format!("the graph of {flake} {RECALLED}"));
        Some(json)
    }

    /// The graph of a flake, from `cache` where nothing that it depends on has changed, else as [`Nix::graph`] gives it.
    ///
    /// # Errors
    /// As [`Nix::graph`].
    pub async fn cached_graph(
        &self,
        flake: &FlakeRef,
        cache: &Path,
        writing: LockWriting,
    ) -> Result<Evaluation, NixError> {
        let place = match CachePlace::of(flake) {
            Ok(place) => place,
            Err(why) => {
                self.trace(&format!("the graph of {flake} is not kept: {why}"));
                return self.graph(flake, writing).await;
            }
        };
        match recall(&cache.join(&place.key)) {
            Ok(evaluation) => {
                self.trace(&format!("the graph of {flake} {RECALLED}"));
                return Ok(evaluation);
            }
            Err(why) => self.trace(&format!("the graph of {flake} is evaluated: {why}")),
        }
        let before = match watched::look(&place) {
            Ok(before) => before,
            Err(why) => {
                self.trace(&format!("it is not kept: {why}"));
                return self.graph(flake, writing).await;
            }
        };
        let Ok(made) = OwnLockFile::below(cache) else {
            return self.graph(flake, writing).await;
        };
        let evaluation = match self.graph_and_lock(flake, &made.path).await {
            // The cache was deleted meanwhile, so that nix could not write there.
            Err(_) if made.is_gone(cache) => None,
            evaluation => evaluation?,
        };
        let Some(evaluation) = evaluation else {
            return self.graph(flake, writing).await;
        };
        let lock = locked::compare(&place.folder, &made.path);
        if matches!(lock, Ok(LockState::Outdated)) {
            if writing == LockWriting::Allowed {
                self.trace("flake.lock is not complete: nix is let write it");
                return self.graph(flake, writing).await;
            }
            self.trace("it is not kept: flake.lock is not complete");
            return Ok(evaluation);
        }
        let kept = lock.and_then(|_| keep(cache, &place, before, &evaluation));
        if let Err(why) = kept {
            self.trace(&format!("it is not kept: {why}"));
        }
        Ok(evaluation)
    }
}

/// Where nix writes the lock that an evaluation had: a file of this evaluation alone, gone with this value.
struct OwnLockFile {
    path: PathBuf,
    /// Device and number of its folder.
    folder: (u64, u64),
}

impl OwnLockFile {
    fn below(cache: &Path) -> io::Result<Self> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        folders::make_private(cache)?;
        let turn = MADE.fetch_add(1, Ordering::Relaxed);
        let path = cache.join(format!("lock-{}-{turn}", std::process::id()));
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(Self {
                path,
                folder: identity(cache)?,
            }),
        }
    }

    /// Whether its folder is there no more, or is another one.
    fn is_gone(&self, cache: &Path) -> bool {
        identity(cache).ok() != Some(self.folder)
    }
}

impl Drop for OwnLockFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn identity(folder: &Path) -> io::Result<(u64, u64)> {
    let found = fs::metadata(folder)?;
    Ok((found.dev(), found.ino()))
}

/// The evaluation of an entry, if all that it depends on stands as it did.
fn recall(file: &Path) -> Result<Evaluation, Unsure> {
    let bytes = bytes(file)?;
    let entry = KeptGraph::decode(&bytes).ok_or_else(not_kept)?;
    let graph = recall::unchanged(&entry, || Graph::from_json(entry.json))?
        .map_err(|_| Unsure::new("it cannot be read"))?;
    let json = entry.json.len();
    Ok(Evaluation {
        graph,
        json: tail(bytes, json),
        cached: true,
    })
}

/// What nix printed for an entry, if all that it depends on stands as it did.
fn recall_json(file: &Path) -> Result<Vec<u8>, Unsure> {
    let bytes = bytes(file)?;
    let entry = KeptGraph::decode(&bytes).ok_or_else(not_kept)?;
    recall::unchanged(&entry, || ())?;
    let json = entry.json.len();
    Ok(tail(bytes, json))
}

fn bytes(file: &Path) -> Result<Vec<u8>, Unsure> {
    entry::read(file).ok_or_else(not_kept)
}

fn not_kept() -> Unsure {
    Unsure::new("it was not kept")
}

fn tail(mut bytes: Vec<u8>, length: usize) -> Vec<u8> {
    bytes.drain(..bytes.len().saturating_sub(length));
    bytes
}

/// Keeps an evaluation that began when everything stood as in `before`.
fn keep(
    cache: &Path,
    place: &CachePlace,
    before: Fingerprint,
    evaluation: &Evaluation,
) -> Result<(), Unsure> {
    if fs::read_to_string(place.folder.join("flake.nix"))
        .map_or(true, |text| settings::lets_impure(&text))
    {
        return Err(Unsure::new("flake.nix may make it impure"));
    }
    let store = entry::store_paths(&evaluation.graph, &evaluation.json)
        .ok_or_else(|| Unsure::new("its paths are not in one Nix store"))?;
    // After everything else was read.
    if let Some(path) = before.changed() {
        return Err(Unsure::new(format!("{} changed meanwhile", path.display())));
    }
    let entry = KeptGraph {
        stamps: before.stamps,
        store,
        json: &evaluation.json,
    };
    entry
        .store(cache, &place.key)
        .map_err(|error| Unsure::new(format!("the cache cannot be written: {error}")))
}

//! The graph of experts from one evaluation.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{FlakeRef, Nix, NixError};
use poag_core::expert::Graph;
use poag_core::nix_string::quote;

/// Bytes of a `poag.lock` above which it is none: one of 250,000 files has about 40 MB.
const MAX_LOCK: u64 = 64 << 20;

/// The graph of one flake, with the JSON it was read from.
#[derive(Debug)]
pub struct Evaluation {
    /// The graph.
    pub graph: Graph,
    /// What nix printed.
    pub json: Vec<u8>,
    /// Whether nix printed it earlier, and was not asked again.
    pub cached: bool,
}

/// Where the locks of a graph lie, as `_locks` of its expert tells it.
#[derive(Deserialize)]
struct Locks {
    /// The root's source in the store.
    source: PathBuf,
    /// Each lock, whether it is there or not.
    files: Vec<PathBuf>,
}

impl Nix {
    /// Evaluates `.#.poag` of a flake: one nix process for the whole graph.
    ///
    /// # Errors
    /// When the flake has no expert, invalid declaration, or nix fails for another reason.
    pub async fn graph(&self, flake: &FlakeRef) -> Result<Evaluation, NixError> {
        // `.poag` is the absolute attribute: `poag` alone would try packages first.
        match self.graph_at(flake, ".poag").await {
            Err(failed @ NixError::Failed { .. }) => {
                if self.declares_expert(flake).await == Some(false) {
                    // Where a flake put it to keep nix from warning of an unknown output.
                    if let Ok(evaluation) = self.graph_at(flake, ".lib.poag").await {
                        return Ok(evaluation);
                    }
                    return Err(NixError::NoExpert {
                        flake: flake.to_string(),
                    });
                }
                Err(failed)
            }
            other => other,
        }
    }

    /// The graph in one attribute of a flake; without the locks over which nix ends the evaluation.
    async fn graph_at(&self, flake: &FlakeRef, attribute: &str) -> Result<Evaluation, NixError> {
        let doing = format!("evaluating the experts of {flake}");
        let installable = flake.attribute(attribute);
        let lock = flake.lock_option();
        let args: Vec<&str> = ["eval", "--json"]
            .into_iter()
            .chain(lock)
            .chain([installable.as_str()])
            .collect();
        let failed = match self.run_in(&doing, flake.folder(), &args).await {
            Ok(json) => return evaluation(json),
            Err(failed @ NixError::Failed { .. }) => failed,
            Err(other) => return Err(other),
        };
        let unread = self.unreadable_locks(flake, &installable).await;
        if unread.is_empty() {
            return Err(failed);
        }
        let known: String = unread
            .iter()
            .map(|(file, problem)| format!("{} = {}; ", quote(file), quote(problem)))
            .collect();
        let apply = format!("expert: expert._unread {{ {known}}}");
        let args: Vec<&str> = args.into_iter().chain(["--apply", &apply]).collect();
        evaluation(self.run_in(&doing, flake.folder(), &args).await?)
    }

    /// The locks of a graph that nix cannot read, by their paths in the store, with what is wrong with each.
    async fn unreadable_locks(
        &self,
        flake: &FlakeRef,
        installable: &str,
    ) -> BTreeMap<String, String> {
        let args = [
            "eval",
            "--json",
            "--no-write-lock-file",
            installable,
            "--apply",
            "expert: expert._locks null",
        ];
        // Where not even that can be told, the evaluation failed over something else.
        let told = self.run("looking for the locks of experts", &args).await;
        let Some(locks) = told
            .ok()
            .and_then(|json| serde_json::from_slice::<Locks>(&json).ok())
        else {
            return BTreeMap::new();
        };
        let problem = |file: &PathBuf| {
            let here = file.strip_prefix(&locks.source).ok();
            let here = here.and_then(|inner| Some(flake.repository()?.join(inner)));
            let problem = unreadable(here.as_deref().unwrap_or(file))?;
            Some((file.to_str()?.to_owned(), problem))
        };
        locks.files.iter().filter_map(problem).collect()
    }

    /// As [`Nix::graph`], but for the lock: it is written to `lock`, if everything can be locked, and not beside the flake.
    /// None when nix fails in another way than over a declaration.
    pub(super) async fn graph_and_lock(
        &self,
        flake: &FlakeRef,
        lock: &Path,
    ) -> Result<Option<Evaluation>, NixError> {
        let doing = format!("evaluating the experts of {flake}");
        let installable = flake.attribute(".poag");
        let lock = lock.to_string_lossy();
        let args = ["eval", "--json", "--output-lock-file", &lock, &installable];
        match self.run_in(&doing, flake.folder(), &args).await {
            Ok(json) => evaluation(json).map(Some),
            Err(NixError::Failed { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Whether the flake has a `poag` output; none when not even that can be told.
    async fn declares_expert(&self, flake: &FlakeRef) -> Option<bool> {
        let args = [
            "eval",
            "--json",
            "--no-write-lock-file",
            &flake.attribute("."),
            "--apply",
            "outputs: outputs ? poag",
        ];
        let json = self.run("looking for a `poag` output", &args).await.ok()?;
        serde_json::from_slice(&json).ok()
    }
}

/// Why nix cannot read a lock; none where it can, and where there is none.
fn unreadable(file: &Path) -> Option<String> {
    use std::io::Read as _;

    let found = file.symlink_metadata().ok()?;
    if !found.is_file() {
        return None;
    }
    if found.len() > MAX_LOCK {
        return Some(format!(
            "poag.lock cannot be read: it has more than {MAX_LOCK} bytes"
        ));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(file).ok()?;
    file.take(MAX_LOCK).read_to_end(&mut bytes).ok()?;
    let at = bytes.iter().position(|byte| *byte == 0)?;
    let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
    Some(format!(
        "poag.lock cannot be read: line {line} holds a NUL byte"
    ))
}

fn evaluation(json: Vec<u8>) -> Result<Evaluation, NixError> {
    Ok(Evaluation {
        graph: Graph::from_json(&json)?,
        json,
        cached: false,
    })
}

#[cfg(test)]
mod tests {
    use super::unreadable;

    #[test]
    fn a_nul_byte_in_a_lock_is_found_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("poag.lock");
        assert_eq!(unreadable(&file), None);
        std::fs::write(&file, "version = 1\n\u{ff}\n").unwrap();
        assert_eq!(unreadable(&file), None);
        std::fs::write(&file, "version = 1\n\0\n").unwrap();
        assert!(unreadable(&file).unwrap().contains("line 2"));
    }
}

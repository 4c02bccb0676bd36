//! The graph of experts from one evaluation.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::failure::Failure;
use super::flake_lock::edit;
use super::{FlakeRef, InputProblem, Nix, NixError};
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

/// Whether an evaluation may complete the flake.lock of the flake.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LockWriting {
    /// Nix completes it, and lets git know of it.
    Allowed,
    /// Nothing is written beside the flake, and nothing into git's index.
    Never,
}

impl Nix {
    /// Evaluates `.#.poag` of a flake: one nix process for the whole graph.
    ///
    /// # Errors
    /// When the flake has no expert, invalid declaration, or nix fails for another reason.
    pub async fn graph(
        &self,
        flake: &FlakeRef,
        writing: LockWriting,
    ) -> Result<Evaluation, NixError> {
        // `.poag` is the absolute attribute: `poag` alone would try packages first.
        let failed = match self.graph_at(flake, ".poag", writing).await {
            Err(failed @ NixError::Failed { .. }) => failed,
            other => return other,
        };
        match self.declared_at(flake).await.as_deref() {
            Some("") => Err(NixError::NoExpert {
                flake: flake.to_string(),
            }),
            Some(place) if place != "poag" => {
                self.graph_at(flake, &format!(".{place}"), writing).await
            }
            Some(_) => Err(failed),
            None => Err(self.unreachable(flake).await.unwrap_or(failed)),
        }
    }

    /// The graph in one attribute of a flake; without the locks over which nix ends the evaluation.
    async fn graph_at(
        &self,
        flake: &FlakeRef,
        attribute: &str,
        writing: LockWriting,
    ) -> Result<Evaluation, NixError> {
        let doing = format!("evaluating the experts of {flake}");
        let installable = flake.attribute(attribute);
        let lock = match writing {
            LockWriting::Allowed => flake.lock_option(),
            LockWriting::Never => Some("--no-write-lock-file"),
        };
        let args: Vec<&str> = ["eval", "--json"]
            .into_iter()
            .chain(lock)
            .chain([installable.as_str()])
            .collect();
        let evaluated = self.run_in(&doing, flake.folder(), &args).await;
        let failed = match evaluated.map_err(|failed| diagnosed(failed, flake)) {
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
    /// None when nix fails in a way that may be another one without that lock.
    pub(super) async fn graph_and_lock(
        &self,
        flake: &FlakeRef,
        lock: &Path,
    ) -> Result<Option<Evaluation>, NixError> {
        let doing = format!("evaluating the experts of {flake}");
        let installable = flake.attribute(".poag");
        let lock = lock.to_string_lossy();
        let args = ["eval", "--json", "--output-lock-file", &lock, &installable];
        let evaluated = self.run_in(&doing, flake.folder(), &args).await;
        match evaluated.map_err(|failed| diagnosed(failed, flake)) {
            Ok(json) => evaluation(json).map(Some),
            Err(NixError::Failed { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Where the flake has its expert: `poag`, `lib.poag` where a flake put it to keep nix from warning of an unknown
    /// output, or nowhere. None when not even that can be told.
    async fn declared_at(&self, flake: &FlakeRef) -> Option<String> {
        let args = [
            "eval",
            "--json",
            "--no-write-lock-file",
            &flake.attribute("."),
            "--apply",
            "outputs: if outputs ? poag then \"poag\" else if outputs ? lib.poag then \"lib.poag\" else \"\"",
        ];
        let json = self.run("looking for a `poag` output", &args).await.ok()?;
        serde_json::from_slice(&json).ok()
    }

    /// The error of a flake elsewhere that nix cannot fetch.
    async fn unreachable(&self, flake: &FlakeRef) -> Option<NixError> {
        let FlakeRef::Remote(reference) = flake else {
            return None;
        };
        let args = [
            "flake",
            "metadata",
            "--json",
            "--no-write-lock-file",
            reference,
        ];
        match self.run("fetching the flake", &args).await {
            Err(NixError::Failed { message, .. }) => Some(NixError::Unreachable {
                flake: reference.clone(),
                reason: message,
            }),
            _ => None,
        }
    }
}

/// A failure of nix with what can be found out about it: a file that git does not track, an input that is not declared
/// or cannot be fetched, the place in the flake.
fn diagnosed(failed: NixError, flake: &FlakeRef) -> NixError {
    let NixError::Failed {
        doing,
        message,
        stderr,
        status,
        ..
    } = failed
    else {
        return failed;
    };
    let failure = Failure::read(&stderr);
    let missing = poag_git::version().is_err();
    if missing && message.contains("git") {
        return NixError::NoGit {
            doing,
            reason: message,
        };
    }
    if let FlakeRef::Local {
        folder,
        repository,
        git: true,
    } = flake
        && !missing
        && let Some(untracked) = untracked(folder, repository, &failure)
    {
        return untracked;
    }
    if failure.input.is_some() || failure.fetching.is_some() {
        return unfetched(failure, flake);
    }
    NixError::Failed {
        place: failure.place(flake),
        doing,
        message,
        stderr,
        status,
    }
}

/// The error of an input: it is not declared, or it cannot be fetched.
fn unfetched(failure: Failure, flake: &FlakeRef) -> NixError {
    let own = failure.input.as_deref().filter(|name| !name.contains('/'));
    let text = flake
        .folder()
        .and_then(|folder| std::fs::read_to_string(folder.join("flake.nix")).ok());
    if let (Some(name), Some(text)) = (own, &text)
        && edit::declares(text, name) == Some(false)
    {
        return NixError::Undeclared {
            flake: flake.to_string(),
            input: name.to_owned(),
        };
    }
    let written = own
        .zip(text)
        .and_then(|(name, text)| edit::reference(&text, name));
    let from = failure.fetching.or(written);
    NixError::Input(InputProblem::new(
        flake,
        failure.input,
        from,
        failure.message,
    ))
}

/// The error of the first file that an evaluation needs and git does not track.
fn untracked(folder: &Path, repository: &Path, failure: &Failure) -> Option<NixError> {
    let named = failure.named(repository);
    let named = named.into_iter().map(|inner| repository.join(inner));
    let file = std::iter::once(folder.join("flake.nix"))
        .chain(named)
        .find(|file| !poag_git::is_tracked(file))?;
    let name = file.strip_prefix(repository).ok()?.to_str()?;
    let shown = poag_git::untracked(repository);
    let seen = |other: &String| other == name || other.starts_with(&format!("{name}/"));
    Some(NixError::Untracked {
        ignored: !shown.iter().any(seen),
        file,
    })
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

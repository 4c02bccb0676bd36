//! Inputs that stand in flake.lock more than once, and the edits of flake.nix that join them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::inside::{self, Permissions};
use super::{Engine, EngineError, ProjectRef};
use poag_nix::FlakeRef;
use poag_nix::flake_lock::join::{Join, JoinPlan, plan};
use poag_nix::flake_lock::{FlakeLockError, Lock, edit};

/// One file, as it is and as it should be.
#[derive(Clone, Debug)]
pub struct LockEdit {
    file: PathBuf,
    /// Its path below the root of the repository.
    pub name: String,
    /// Its text as it is.
    pub before: String,
    /// Its text as it should be.
    pub after: String,
}

/// What is to be joined in one flake.lock.
pub struct LockLint {
    repository: PathBuf,
    /// The folder of the flake.
    pub folder: PathBuf,
    /// What is joined, what stays and why, nodes and bytes before and after.
    pub plan: JoinPlan,
    /// Every flake.nix that changes; empty where the edits were not asked for.
    pub edits: Vec<LockEdit>,
    /// flake.lock: nix would not look into the flakes below for what they say now, and would lock others anew.
    lock: LockEdit,
}

impl Engine {
    /// Looks for inputs that are in the flake.lock of a target more than once; with `edits` also for the edits that
    /// join them. Nothing is written.
    ///
    /// # Errors
    /// When the flake is not on this machine, its lock file cannot be read, or a flake.nix has a shape that is not
    /// edited.
    pub fn lint_lock(&self, target: &ProjectRef, edits: bool) -> Result<LockLint, EngineError> {
        let FlakeRef::Local {
            folder, repository, ..
        } = &target.flake
        else {
            return Err(EngineError::NoCheckout);
        };
        let file = plain(&folder.join("flake.lock"), repository)?;
        let text = read(&file)?;
        let dir = folder.strip_prefix(repository).unwrap_or(Path::new(""));
        let plan = plan(&Lock::parse(text.as_bytes())?, &dir.to_string_lossy());
        Ok(LockLint {
            edits: match edits {
                true => self::edits(folder, repository, &plan.joins)?,
                false => Vec::new(),
            },
            lock: LockEdit {
                file,
                name: "flake.lock".into(),
                before: text,
                after: plan.lock.text(),
            },
            folder: folder.clone(),
            repository: repository.clone(),
            plan,
        })
    }
}

impl LockLint {
    /// Writes every flake.nix and flake.lock, each whole or not at all.
    ///
    /// # Errors
    /// When git does not track one of them or it changed meanwhile, and then nothing is written; or one cannot be
    /// written.
    pub fn write(&self) -> Result<(), EngineError> {
        let all = || self.edits.iter().chain([&self.lock]);
        all().try_for_each(writable)?;
        all().try_for_each(|edit| write(edit, &self.repository))
    }
}

/// Every flake.nix with its new text; nothing is written yet.
fn edits(folder: &Path, repository: &Path, joins: &[Join]) -> Result<Vec<LockEdit>, EngineError> {
    let mut edits: BTreeMap<&str, LockEdit> = BTreeMap::new();
    for join in joins {
        let edit = match edits.entry(&join.flake) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let file = plain(&folder.join(&join.flake).join("flake.nix"), repository)?;
                let before = read(&file)?;
                let shown = file.strip_prefix(repository).unwrap_or(&file);
                entry.insert(LockEdit {
                    name: shown.display().to_string(),
                    after: before.clone(),
                    before,
                    file,
                })
            }
        };
        edit.after = edit::add(&edit.after, &join.input, &join.follows).map_err(|reason| {
            FlakeLockError::Edit {
                file: edit.file.clone(),
                reason: reason.into(),
                statement: join.statement(),
            }
        })?;
    }
    Ok(edits.into_values().collect())
}

/// The file itself, which must be a plain one inside the repository.
fn plain(file: &Path, repository: &Path) -> Result<PathBuf, EngineError> {
    let refused = |reason| FlakeLockError::Write {
        file: file.into(),
        reason,
        repair: "edit the file that it stands for by hand",
    };
    let found = file.symlink_metadata().map_err(EngineError::file(file))?;
    let real = file.canonicalize().map_err(EngineError::file(file))?;
    if !found.is_file() || !real.starts_with(repository) {
        return Err(refused("it is no file of this repository").into());
    }
    Ok(real)
}

/// Whether git could bring the file back, and it is still the one that was shown.
fn writable(edit: &LockEdit) -> Result<(), EngineError> {
    let refused = |reason, repair| {
        Err(FlakeLockError::Write {
            file: edit.file.clone(),
            reason,
            repair,
        }
        .into())
    };
    if !poag_git::is_tracked(&edit.file) {
        return refused(
            "git does not track it, and could not bring it back",
            "git add it first",
        );
    }
    if read(&edit.file)? != edit.before {
        return refused("it changed meanwhile", "look again: poag lock lint --fix");
    }
    Ok(())
}

/// Whole or not at all, with the mode it had.
fn write(edit: &LockEdit, repository: &Path) -> Result<(), EngineError> {
    let file = &edit.file;
    let inner = file.strip_prefix(repository).unwrap_or(file);
    Ok(inside::write(
        repository,
        inner,
        edit.after.as_bytes(),
        Permissions::Kept,
    )?)
}

fn read(file: &Path) -> Result<String, EngineError> {
    fs::read_to_string(file).map_err(EngineError::file(file))
}

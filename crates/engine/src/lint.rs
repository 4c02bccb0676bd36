//! Inputs that stand in flake.lock more than once, and the edits of flake.nix that join them: only those of which nix,
//! asked on a copy, says that no input moves.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::inside::{self, Permissions};
use super::{Engine, EngineError, ProjectRef};
use poag_nix::flake_lock::join::{Join, JoinPlan, plan};
use poag_nix::flake_lock::{FlakeLockError, Lock, edit, own_folders};
use poag_nix::{FlakeRef, SourceFiles};

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
    /// What is joined, what stays and why, nodes and bytes before and after.
    pub plan: JoinPlan,
    /// The nix that was asked about every join, as it names itself; none where the edits were not asked for.
    pub proven_by: Option<String>,
    /// Every flake.nix that changes; empty where the edits were not asked for.
    pub edits: Vec<LockEdit>,
    /// flake.lock: nix would not look into the flakes below for what they say now, and would lock others anew.
    lock: LockEdit,
}

/// Where the flake is, and how it is locked.
struct Linted<'a> {
    folder: &'a Path,
    repository: &'a Path,
    /// The flake's folder in the repository.
    dir: String,
    lock: Lock,
    /// Joins that are not made, with the reason.
    refused: RefCell<BTreeMap<Join, String>>,
}

impl Engine {
    /// Looks for inputs that are in the flake.lock of a target more than once; with `edits` also for the edits that
    /// join them, as far as nix proves them. Nothing is written.
    ///
    /// # Errors
    /// When the flake is not on this machine, its lock file cannot be read, or nix cannot be started.
    pub async fn lint_lock(
        &self,
        target: &ProjectRef,
        edits: bool,
    ) -> Result<LockLint, EngineError> {
        let FlakeRef::Local {
            folder, repository, ..
        } = &target.flake
        else {
            return Err(EngineError::NoCheckout);
        };
        let file = plain(&folder.join("flake.lock"), repository)?;
        let text = read(&file)?;
        let dir = folder.strip_prefix(repository).unwrap_or(Path::new(""));
        let linted = Linted {
            folder,
            repository,
            dir: dir.to_string_lossy().into_owned(),
            lock: Lock::parse(text.as_bytes())?,
            refused: RefCell::default(),
        };
        let (plan, edits) = match edits {
            true => self.proven(&linted).await?,
            false => (linted.plan(), None),
        };
        let proven_by = match &edits {
            Some(_) => Some(self.nix().version().await?),
            None => None,
        };
        Ok(LockLint {
            edits: edits.unwrap_or_default(),
            proven_by,
            lock: LockEdit {
                file,
                name: "flake.lock".into(),
                before: text,
                after: plan.lock.text(),
            },
            repository: repository.clone(),
            plan,
        })
    }

    /// The joins of which nix says that no input moves, with the edits of flake.nix.
    async fn proven(
        &self,
        linted: &Linted<'_>,
    ) -> Result<(JoinPlan, Option<Vec<LockEdit>>), EngineError> {
        let _waiting = self
            .settings
            .progress
            .begin("asking nix about each `follows`".into());
        loop {
            let known = linted.refused.borrow().len();
            let plan = linted.plan();
            let edits = linted.edits(&plan.joins)?;
            if linted.refused.borrow().len() > known {
                continue;
            }
            if plan.joins.is_empty() {
                return Ok((plan, Some(edits)));
            }
            let Some(reason) = self.objects(linted, &plan, &edits).await? else {
                return Ok((plan, Some(edits)));
            };
            // Together they are not proven: those that are not even proven alone are left.
            let mut guilty = Vec::new();
            for join in &plan.joins {
                let others = |other: &Join| (other != join).then(String::new);
                let alone = poag_nix::flake_lock::join::plan(&linted.lock, &linted.dir, &others);
                let edits = linted.edits(&alone.joins)?;
                if let Some(reason) = self.objects(linted, &alone, &edits).await? {
                    guilty.push((join.clone(), reason));
                }
            }
            if guilty.is_empty() {
                guilty = plan
                    .joins
                    .into_iter()
                    .map(|join| (join, reason.clone()))
                    .collect();
            }
            linted.refused.borrow_mut().extend(guilty);
        }
    }

    /// What nix has against a plan.
    async fn objects(
        &self,
        linted: &Linted<'_>,
        plan: &JoinPlan,
        edits: &[LockEdit],
    ) -> Result<Option<String>, EngineError> {
        let files = linted.files(edits)?;
        let locks = (&linted.lock, &plan.lock);
        Ok(self.nix().proves(&files, &linted.dir, locks).await?)
    }
}

impl Linted<'_> {
    fn plan(&self) -> JoinPlan {
        let refused = self.refused.borrow();
        plan(&self.lock, &self.dir, &|join| refused.get(join).cloned())
    }

    /// Every flake.nix with its new text; nothing is written yet. A join for which there is no edit is refused.
    fn edits(&self, joins: &[Join]) -> Result<Vec<LockEdit>, EngineError> {
        let mut edits: BTreeMap<&str, LockEdit> = BTreeMap::new();
        for join in joins {
            let edit = match edits.entry(&join.flake) {
                std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
                std::collections::btree_map::Entry::Vacant(entry) => {
                    let file = self.folder.join(&join.flake).join("flake.nix");
                    let file = plain(&file, self.repository)?;
                    let before = read(&file)?;
                    let shown = file.strip_prefix(self.repository).unwrap_or(&file);
                    entry.insert(LockEdit {
                        name: shown.display().to_string(),
                        after: before.clone(),
                        before,
                        file,
                    })
                }
            };
            match edit::add(&edit.after, &join.input, &join.follows) {
                Ok(text) => edit.after = text,
                Err(reason) => {
                    let reason = format!("{}: {reason}", edit.name);
                    self.refused.borrow_mut().insert(join.clone(), reason);
                }
            }
        }
        let mut edits: Vec<LockEdit> = edits.into_values().collect();
        edits.retain(|edit| edit.before != edit.after);
        Ok(edits)
    }

    /// The files that locking reads, with these edits.
    fn files(&self, edits: &[LockEdit]) -> Result<SourceFiles, EngineError> {
        let mut files = SourceFiles::new();
        for folder in own_folders(&self.lock) {
            let Some(inner) = below(&Path::new(&self.dir).join(&folder)) else {
                continue;
            };
            for name in ["flake.nix", "flake.lock"] {
                let inner = inner.join(name);
                let file = self.repository.join(&inner);
                if file.exists() {
                    files.insert(inner, read(&plain(&file, self.repository)?)?);
                }
            }
        }
        files.extend(
            edits
                .iter()
                .map(|edit| (PathBuf::from(&edit.name), edit.after.clone())),
        );
        Ok(files)
    }
}

/// A path inside the repository without `..` in it; none where it leads out.
fn below(path: &Path) -> Option<PathBuf> {
    let mut inner = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => inner.push(name),
            Component::ParentDir => {
                if !inner.pop() {
                    return None;
                }
            }
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(inner)
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

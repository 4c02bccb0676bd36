//! What happens inside one attempt at a task: a worktree, an actor in it, and the proof of what it claims.
//!
//! A [`Doer`] is made once for a work. For each attempt its supervisor calls [`Doer::worktree`], [`Doer::attempt`],
//! [`Doer::prove`], and at the end [`Doer::remove`]; it writes the events before and after each call, and nothing here
//! touches the ledger. Dropping a future ends every process that it started.
//!
//! What an actor says is a claim (`Outcome`). It becomes a `Proof` only where a commit holds it, it changed nothing but its
//! own flake, no secret came in, its outputs are there, its expert has learned it, and its checks are green.

mod attempt;
mod calls;
mod checks;
mod claim;
mod error;
mod outputs;
mod place;
mod proof;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub use attempt::AttemptNews;
pub use checks::{CHECK_LOG_BYTES, CheckPlace};
pub use error::DoingError;
use poag_agent::process::Launcher;
use poag_agent::wall::WallKind;
use poag_core::work::policy::WorkPolicy;
use poag_git::work::{Identity, WorkRepository};
pub use proof::ProofFailure;

use crate::Project;

/// What an attempt may use at most.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DoingLimits {
    /// Bytes on disk of a worktree and the folders of its turn.
    pub disk_bytes: u64,
    /// Bytes of one file that an attempt may leave.
    pub artifact_bytes: u64,
    /// Wall clock of one check.
    pub check: Duration,
    /// Whether actors, beyond what their backends need, and checks may use the network.
    pub network: bool,
}

impl DoingLimits {
    /// Those of a policy.
    #[must_use]
    pub fn of(policy: &WorkPolicy) -> Self {
        Self {
            artifact_bytes: policy.artifact_bytes,
            network: policy.network,
            ..Self::default()
        }
    }
}

impl Default for DoingLimits {
    /// 10 GB, 64 MiB, half an hour, and the network.
    fn default() -> Self {
        Self {
            disk_bytes: 10_000_000_000,
            artifact_bytes: 64 << 20,
            check: Duration::from_secs(1800),
            network: true,
        }
    }
}

/// Carries attempts out. A clone is the same one.
#[derive(Clone)]
pub struct Doer {
    project: Project,
    repository: WorkRepository,
    /// Where worktrees and conversations lie.
    state: PathBuf,
    launcher: Launcher,
    identity: Arc<Identity>,
    limits: DoingLimits,
}

impl Doer {
    /// One for a project that lies in a repository on this machine.
    ///
    /// # Errors
    /// Where it is in none, the repository cannot be worked in, or git does not know who commits.
    pub fn new(project: &Project, limits: DoingLimits) -> Result<Self, DoingError> {
        let folder = project.target.flake.folder_of("");
        let folder = folder.ok_or(crate::EngineError::NoCheckout)?;
        let repository = WorkRepository::open(&folder)?;
        let identity = repository.identity()?;
        Ok(Self {
            state: project.engine.state()?.join("work"),
            launcher: project.engine.launcher()?,
            project: project.clone(),
            repository,
            identity: Arc::new(identity),
            limits,
        })
    }

    /// Holds actors and checks to their worktree so, in place of the best way that this machine has.
    #[must_use]
    pub fn walled_by(mut self, wall: WallKind) -> Self {
        self.launcher = self.launcher.walled_by(wall);
        self
    }

    /// How actors and checks are held to their worktree.
    #[must_use]
    pub fn walls(&self) -> WallKind {
        self.launcher.wall_kind()
    }

    /// The repository, for merges and landings.
    #[must_use]
    pub fn repository(&self) -> &WorkRepository {
        &self.repository
    }

    /// Who commits.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Where things of a work lie.
    fn folder(&self, work: &str) -> Result<PathBuf, DoingError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        match !work.is_empty() && work.chars().all(plain) {
            true => Ok(self.state.join(work)),
            false => Err(DoingError::WorkName {
                work: work.to_owned(),
            }),
        }
    }
}

/// A folder of a flake in a worktree, without links that lead out.
///
/// # Errors
/// When it is not there, or leads out.
fn inside(worktree: &Path, folder: &str) -> Result<PathBuf, DoingError> {
    let place = worktree.join(folder);
    let gone = || DoingError::NoFolder {
        folder: folder.to_owned(),
    };
    let real = place.canonicalize().map_err(|_| gone())?;
    match real.starts_with(worktree) && real.is_dir() {
        true => Ok(real),
        false => Err(gone()),
    }
}

#[cfg(test)]
mod tests {
    use poag_core::work::{Assignment, Outcome};
    use poag_git::work::Worktree;

    use super::{CheckPlace, Doer};

    /// What a supervisor does with them: each may move to another thread.
    #[test]
    fn attempts_and_proofs_can_be_awaited_on_any_thread() {
        fn sent<T: Send>(_: T) {}
        fn calls(doer: &Doer, assignment: &Assignment, tree: &Worktree, outcome: &Outcome) {
            let place = CheckPlace {
                worktree: tree.path.clone(),
                folder: tree.path.clone(),
            };
            sent(doer.attempt(assignment, tree, &mut |_| ()));
            sent(doer.prove(assignment, tree, outcome));
            sent(doer.checks(&place, &[]));
        }
        let _ = calls;
    }
}

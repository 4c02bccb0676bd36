//! Gates of milestones: their checks are run on the tip of the work's branch, as often as it moves.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use poag_core::work::{CheckOutcome, WorkEvent, WorkPhase};
use poag_git::work::WorkRepository;

use super::{AttemptRunner, Job, Supervisor};
use crate::work::WorkError;

impl Supervisor<'_, '_> {
    /// Begins the checks of a gate that is due.
    pub(super) fn gate_step(&mut self) -> Result<bool, WorkError> {
        let board = self.work.board();
        if board.phase != (WorkPhase::Running {}) || self.gate.is_some() {
            return Ok(false);
        }
        let Some(milestone) = board.gate_to_check() else {
            return Ok(false);
        };
        let (name, commit) = (milestone.name.clone(), board.tip.clone());
        let at = Place {
            checkout: self
                .with
                .folder
                .join(format!("{}-gate-{commit}", self.work.id())),
            below: PathBuf::from(&milestone.working_dir),
            reason: format!("poag checks milestone {name}"),
        };
        let checks = milestone.checks.clone();
        let (repository, runner) = (self.with.repository.clone(), Arc::clone(&self.with.runner));
        self.gate = Some(name.clone());
        self.jobs.spawn(async move {
            let checks = run(repository, runner.as_ref(), at, (&commit, &checks)).await;
            Job::Gate(name, commit, checks)
        });
        Ok(true)
    }

    /// Writes down what they said.
    pub(super) fn gate_checked(
        &mut self,
        milestone: String,
        commit: String,
        checks: Vec<CheckOutcome>,
    ) -> Result<(), WorkError> {
        self.gate = None;
        self.try_note(WorkEvent::GateChecked {
            milestone,
            commit,
            checks,
        })?;
        Ok(())
    }
}

/// Where checks run.
struct Place {
    /// Folder of the checkout.
    checkout: PathBuf,
    /// Relative to it.
    below: PathBuf,
    /// Why, for who looks at `git worktree list`.
    reason: String,
}

/// Runs checks in a checkout of a commit, which is removed afterwards.
async fn run(
    repository: WorkRepository,
    runner: &dyn AttemptRunner,
    place: Place,
    (commit, checks): (&str, &[String]),
) -> Vec<CheckOutcome> {
    let failed = |why: String| {
        vec![CheckOutcome {
            command: "check out the work's branch".into(),
            log: why,
            ..CheckOutcome::default()
        }]
    };
    let made = {
        let (repository, commit) = (repository.clone(), commit.to_owned());
        let Place {
            checkout, reason, ..
        } = &place;
        let (checkout, reason) = (checkout.clone(), reason.clone());
        tokio::task::spawn_blocking(move || repository.checkout(&checkout, &commit, &reason)).await
    };
    let checkout = match made {
        Ok(Ok(checkout)) => checkout,
        Ok(Err(error)) => return failed(error.to_string()),
        Err(error) => return failed(error.to_string()),
    };
    let folder: &Path = &checkout.path.join(&place.below);
    let outcomes = runner.checks(&checkout.path, folder, checks).await;
    let removing = tokio::task::spawn_blocking(move || repository.remove_checkout(&checkout));
    // One that cannot be removed is in nobody's way: its name is that of this commit.
    let _ = removing.await;
    outcomes
}

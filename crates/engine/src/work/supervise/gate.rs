//! Gates of milestones: their checks are run on the tip of the work's branch, as often as it moves.

use std::path::PathBuf;
use std::sync::Arc;

use poag_core::work::{CheckOutcome, WorkEvent, WorkPhase};

use super::checkout::{CheckoutPlace, checks_in_checkout};
use super::{Job, Supervisor};
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
        let place = CheckoutPlace {
            folder: self
                .with
                .folder
                .join(format!("{}-gate-{commit}", self.work.id())),
            commit: commit.clone(),
            what: "the work's branch",
            reason: format!("poag checks milestone {name}"),
        };
        let checks = vec![(
            PathBuf::from(&milestone.working_dir),
            milestone.checks.clone(),
        )];
        let (repository, runner) = (self.with.repository.clone(), Arc::clone(&self.with.runner));
        self.gate = Some(name.clone());
        self.jobs.spawn(async move {
            let checks = checks_in_checkout(repository, runner, place, checks).await;
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

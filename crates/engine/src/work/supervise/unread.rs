//! What actors had finished when poag was killed: it is proven, and not paid for again.

use poag_core::work::axis::AttemptPhase;
use poag_core::work::{Actor, Assignment, Outcome, TaskRecord};

use super::Supervisor;
use super::attempts::{AttemptKey, place};
use crate::work::WorkError;

impl Supervisor<'_, '_> {
    /// What an actor had finished, and nobody had looked at, when poag was killed: with what it was given, and without its
    /// cost, which is settled.
    pub(super) fn unread(
        &self,
        record: &TaskRecord,
    ) -> Result<Option<(Assignment, Outcome)>, WorkError> {
        for last in record.attempts.iter().rev() {
            if last.phase != (AttemptPhase::Crashed {}) {
                break;
            }
            let key = AttemptKey {
                task: record.task.id.clone(),
                epoch: last.epoch,
                attempt: last.attempt,
                generation: record.task.generation,
            };
            let given = self.work.kept(&place(&key, "assignment"))?;
            let said = self.work.kept(&place(&key, "outcome"))?;
            if let (Some(given), Some(said)) = (given, said) {
                let given = serde_json::from_slice(&given).ok();
                let said = serde_json::from_slice::<Outcome>(&said).ok();
                let said = said.map(|said| Outcome {
                    usage: Default::default(),
                    ..said
                });
                return Ok(given.zip(said));
            }
            // One that did not come to a worktree does not stand between.
            if last.worktree.branch().is_some() {
                break;
            }
        }
        Ok(None)
    }

    /// The actor whose finished attempt nobody has looked at.
    pub(super) fn finisher(&self, record: &TaskRecord) -> Result<Option<&Actor>, WorkError> {
        let finished = self.unread(record)?;
        Ok(finished.and_then(|(before, _)| self.work.board().actor(&before.actor.name)))
    }
}

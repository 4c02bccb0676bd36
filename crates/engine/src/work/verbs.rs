//! What a worker does to a work from outside: the same verbs for a shell and for an agent's tools.

use poag_core::work::assignment::ASSIGNMENT_VERSION;
use poag_core::work::view::TaskView;
use poag_core::work::{BoardRefusal, Outcome, OutcomeKind, Task, TaskId, WorkEvent};
use schemars::JsonSchema;
use serde::Serialize;

use super::{ClaimRequest, Claimed, OpenWork, WorkError};

/// A task with where it stands.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownTask {
    /// The task.
    pub task: Task,
    /// Where it stands.
    pub standing: TaskView,
}

impl OpenWork<'_> {
    /// Claims a task, or the first that is ready, and begins an attempt at it.
    ///
    /// # Errors
    /// As [`OpenWork::claim`].
    pub fn claim_and_begin(&mut self, request: &ClaimRequest) -> Result<Claimed, WorkError> {
        let claimed = self.claim(request)?;
        let Some(first) = claimed.tasks.first() else {
            return Ok(claimed);
        };
        let (task, epoch) = (first.id.clone(), claimed.epoch);
        let record = self.board().task(task.as_str());
        let attempts = record.map_or(0, |record| record.attempts.len());
        let attempt = u32::try_from(attempts).unwrap_or(u32::MAX);
        self.note(&WorkEvent::AttemptStarted {
            task: task.clone(),
            epoch,
            attempt: attempt.saturating_add(1),
            speaks_as: None,
        })?;
        let (pid, at) = (None, self.now());
        self.note(&WorkEvent::WorkBegan {
            task,
            epoch,
            pid,
            at,
        })?;
        Ok(claimed)
    }

    /// A task, with where it stands.
    ///
    /// # Errors
    /// When there is no such task.
    pub fn shown(&self, task: &TaskId) -> Result<ShownTask, WorkError> {
        let standing = self.view().tasks.into_iter().find(|one| one.id == *task);
        let record = self.board().task(task.as_str());
        match (record, standing) {
            (Some(record), Some(standing)) => Ok(ShownTask {
                task: Task::clone(&record.task),
                standing,
            }),
            _ => Err(BoardRefusal::NoTask { task: task.clone() }.into()),
        }
    }
}

/// What a worker claims that says no more than that it is done.
#[must_use]
pub fn claimed_outcome(summary: &str) -> Outcome {
    Outcome {
        schema_version: ASSIGNMENT_VERSION,
        outcome: OutcomeKind::Done,
        summary: summary.to_owned(),
        outputs: Vec::new(),
        usage: Default::default(),
        conversation: None,
        question: None,
        fault: None,
    }
}

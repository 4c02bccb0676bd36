//! Wall clock that a work, and each of its tasks, may take.

use poag_core::work::{TaskId, WorkEvent, WorkPhase};

use super::Supervisor;
use crate::work::WorkError;

impl Supervisor<'_, '_> {
    /// Seconds of wall clock that are left of the work's budget; none where it has no such limit.
    fn work_seconds_left(&self) -> Result<Option<i64>, WorkError> {
        let Some(most) = self.work.board().start.policy.budget.seconds else {
            return Ok(None);
        };
        let began = self.work.began()?;
        Ok(Some(left(most, began, self.work.now())))
    }

    /// The same of a task: of all attempts at it.
    fn task_seconds_left(&self, id: &TaskId) -> Result<Option<i64>, WorkError> {
        let Some(most) = self.work.board().start.policy.budget.task_seconds else {
            return Ok(None);
        };
        let (mut took, mut began) = (0, None);
        for entry in self.work.events()? {
            match &entry.event {
                WorkEvent::AttemptStarted { task, .. } if task == id => began = Some(entry.at),
                WorkEvent::AttemptEnded { task, .. }
                | WorkEvent::AttemptProven { task, .. }
                | WorkEvent::Asked { task, .. }
                | WorkEvent::Released { task, .. }
                    if task == id =>
                {
                    took += began.take().map_or(0, |began| entry.at - began);
                }
                _ => {}
            }
        }
        Ok(Some(left(most, 0, took)))
    }

    /// Pauses a work whose wall clock is over; whether it did.
    pub(super) fn clock_step(&mut self) -> Result<bool, WorkError> {
        if self.work.board().phase != (WorkPhase::Running {})
            || self.work_seconds_left()?.is_none_or(|left| left > 0)
        {
            return Ok(false);
        }
        let most = self.work.board().start.policy.budget.seconds;
        let by = format!(
            "poag, as the {} s of wall clock of its budget are over,",
            most.unwrap_or_default()
        );
        self.try_note(WorkEvent::Paused { by })
    }

    /// The seconds that an attempt at a task may take, of those that it would have; none where nothing is left.
    pub(super) fn attempt_seconds(
        &self,
        id: &TaskId,
        seconds: u64,
    ) -> Result<Option<u64>, WorkError> {
        let lefts = [self.work_seconds_left()?, self.task_seconds_left(id)?];
        let least = lefts.into_iter().flatten().min();
        let least = least.map_or(Some(seconds), |least| u64::try_from(least).ok());
        Ok(least
            .filter(|least| *least > 0)
            .map(|least| least.min(seconds)))
    }
}

fn left(most: u64, began: i64, now: i64) -> i64 {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    most.saturating_sub((now - began).div_euclid(1000))
}

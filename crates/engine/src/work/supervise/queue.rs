//! The merge queue: what is checked is what the work's branch becomes.

use poag_core::work::axis::{MergePhase, TaskPhase};
use poag_core::work::{TaskId, TaskRecord, WorkEvent, WorkPhase};

use super::Supervisor;
use crate::work::WorkError;

impl Supervisor<'_, '_> {
    /// Takes the tasks of the queue one step further.
    pub(super) fn queue_step(&mut self) -> Result<bool, WorkError> {
        if self.work.board().phase != (WorkPhase::Running {}) {
            return Ok(false);
        }
        match &self.batch {
            Some(batch) if batch.is_checking() => return Ok(false),
            Some(_) => return self.batch_step(),
            None => {}
        }
        let board = self.work.board();
        // A task of a trajectory waits for those before it; others need not wait for it.
        let queue = board.queue.iter().filter_map(|id| board.task(id.as_str()));
        let free: Vec<&TaskRecord> = queue.filter(|record| record.missing.is_empty()).collect();
        let red = free.iter().find_map(|record| match &record.merge {
            MergePhase::Red { log } => Some((record.task.id.clone(), log.clone())),
            _ => None,
        });
        if let Some((id, log)) = red {
            self.send_back(&id, &log)?;
            return Ok(true);
        }
        // Of a supervisor that died before it landed them.
        if let Some((tasks, commit)) = free.iter().find_map(|record| self.green(record)) {
            return self.land_tasks(tasks, commit);
        }
        let free = free.iter().map(|record| record.task.id.clone()).collect();
        self.begin_batch(free)
    }

    /// The tasks and the commit of a task's candidate, where it is green on the tip and all of it still waits to land.
    pub(super) fn green(&self, record: &TaskRecord) -> Option<(Vec<TaskId>, String)> {
        let board = self.work.board();
        let MergePhase::Green {
            commit,
            onto,
            tasks,
            ..
        } = &record.merge
        else {
            return None;
        };
        let waits = |id: &TaskId| {
            let found = board.task(id.as_str());
            found
                .is_some_and(|one| one.phase == (TaskPhase::Queued {}) && one.merge == record.merge)
        };
        let whole = *onto == board.tip && tasks.iter().all(waits);
        whole.then(|| (tasks.clone(), commit.clone()))
    }

    pub(super) fn land_tasks(
        &mut self,
        tasks: Vec<TaskId>,
        commit: String,
    ) -> Result<bool, WorkError> {
        let landed = self.try_note(WorkEvent::TasksLanded { tasks, commit })?;
        self.follow_tip()?;
        Ok(landed)
    }

    /// Sends a task back to its author, or asks a person where that was often enough.
    pub(super) fn send_back(&mut self, id: &TaskId, log: &str) -> Result<(), WorkError> {
        let board = self.work.board();
        let record = board.task(id.as_str());
        let rounds = record.map_or(0, |record| record.rounds);
        // A task may be sent back less often than the policy allows, and never more often.
        let most = board.start.policy.rounds;
        let own = record.and_then(|record| record.task.rounds);
        let event = match rounds >= own.map_or(most, |own| own.min(most)) {
            true => WorkEvent::Asked {
                task: id.clone(),
                epoch: None,
                question: format!("it was sent back {rounds} times, and still: {log}"),
            },
            false => WorkEvent::SentBack {
                task: id.clone(),
                log: log.to_owned(),
            },
        };
        self.try_note(event)?;
        Ok(())
    }

    /// Moves the work's branch to where its events say it is; forward only.
    pub(super) fn follow_tip(&mut self) -> Result<(), WorkError> {
        let board = self.work.board();
        let (branch, tip) = (board.start.branch.clone(), board.tip.clone());
        let repository = &self.with.repository;
        match repository.reference(&branch)? {
            None => repository.move_reference(&branch, &tip, None)?,
            Some(at) if at == tip => {}
            Some(at) if repository.is_ancestor(&at, &tip)? => {
                repository.move_reference(&branch, &tip, Some(&at))?;
            }
            // Somebody else moved it: nothing is lost, and nothing is overwritten.
            Some(at) => return Err(WorkError::BranchMoved { branch, at }),
        }
        Ok(())
    }
}

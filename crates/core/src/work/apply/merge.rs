//! The merge queue: what is tested is what becomes the branch.

use super::super::axis::{MergePhase, MergeStep, TaskPhase, TaskStep};
use super::super::{Board, BoardRefusal, TaskId, WorkEvent};
use super::{EventName, kept};

impl Board {
    pub(super) fn apply_merge(
        &mut self,
        at: EventName,
        event: &WorkEvent,
    ) -> Result<(), BoardRefusal> {
        match event {
            WorkEvent::CandidateMade {
                tasks,
                tree,
                commit,
                onto,
            } => {
                if let (Some(first), true) = (tasks.first(), *onto != self.tip) {
                    self.find(first)?;
                    return Err(at.no_step(first, "merged onto another tip than the work's"));
                }
                self.merge_step(at, tasks, MergeStep::Make(tree, commit, onto, tasks))
            }
            WorkEvent::CandidateChecking { tasks } => {
                self.of_one_candidate(at, tasks)?;
                self.merge_step(at, tasks, MergeStep::Check)
            }
            WorkEvent::CandidateGreen { tasks, checks } => {
                self.of_one_candidate(at, tasks)?;
                self.merge_step(at, tasks, MergeStep::Pass(checks))
            }
            WorkEvent::CandidateRed { tasks, log } => match tasks.len() {
                1 => self.merge_step(at, tasks, MergeStep::Fail(&kept(log))),
                _ => {
                    self.of_one_candidate(at, tasks)?;
                    self.merge_step(at, tasks, MergeStep::TakeApart)
                }
            },
            WorkEvent::TasksLanded { tasks, commit } => self.landed(at, tasks, commit),
            _ => Err(at.nothing()),
        }
    }

    /// Takes a step with each of some tasks, or with none of them.
    fn merge_step(
        &mut self,
        at: EventName,
        tasks: &[TaskId],
        step: MergeStep<'_>,
    ) -> Result<(), BoardRefusal> {
        let mut phases = Vec::with_capacity(tasks.len());
        for id in tasks {
            let record = self.find(id)?;
            if record.phase != (TaskPhase::Queued {}) {
                return Err(at.no_step(id, record.phase.word()));
            }
            let next = record.merge.step(step);
            phases.push(next.ok_or_else(|| at.no_step(id, record.merge.word()))?);
        }
        if phases.is_empty() {
            return Err(at.nothing());
        }
        for (id, phase) in tasks.iter().zip(phases) {
            self.find_mut(id)?.merge = phase;
        }
        Ok(())
    }

    /// Whether these are all tasks of one candidate.
    fn of_one_candidate(&self, at: EventName, tasks: &[TaskId]) -> Result<(), BoardRefusal> {
        for id in tasks {
            if self.find(id)?.merge.tasks() != tasks {
                return Err(at.no_step(id, "merged with other tasks than these"));
            }
        }
        Ok(())
    }

    fn landed(
        &mut self,
        at: EventName,
        tasks: &[TaskId],
        commit: &str,
    ) -> Result<(), BoardRefusal> {
        let mut phases = Vec::with_capacity(tasks.len());
        for id in tasks {
            phases.push(self.next_phase(at, id, TaskStep::Land)?);
            let record = self.find(id)?;
            if let Some(missing) = record.missing.iter().next() {
                return Err(at.no_step(id, &format!("waiting for '{missing}'")));
            }
            let green = match &record.merge {
                MergePhase::Green {
                    commit: green,
                    onto,
                    ..
                } => green == commit && *onto == self.tip,
                _ => false,
            };
            if !green {
                return Err(at.no_step(id, "not green on the tip as it is"));
            }
        }
        self.of_one_candidate(at, tasks)?;
        self.merge_step(at, tasks, MergeStep::Land)?;
        commit.clone_into(&mut self.tip);
        for (id, phase) in tasks.iter().zip(phases) {
            self.leave_queue(id);
            self.set_phase(id, phase);
        }
        Ok(())
    }
}

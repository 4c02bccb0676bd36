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
                task,
                tree,
                commit,
                onto,
            } => {
                if *onto != self.tip {
                    return Err(at.no_step(task, "merged onto another tip than the work's"));
                }
                self.merge_step(at, task, MergeStep::Make(tree, commit, onto))
            }
            WorkEvent::CandidateChecking { task } => self.merge_step(at, task, MergeStep::Check),
            WorkEvent::CandidateGreen { task, checks } => {
                self.merge_step(at, task, MergeStep::Pass(checks))
            }
            WorkEvent::CandidateRed { task, log } => {
                self.merge_step(at, task, MergeStep::Fail(&kept(log)))
            }
            WorkEvent::TaskLanded { task, commit } => self.landed(at, task, commit),
            _ => Err(at.nothing()),
        }
    }

    fn merge_step(
        &mut self,
        at: EventName,
        task: &TaskId,
        step: MergeStep<'_>,
    ) -> Result<(), BoardRefusal> {
        let record = self.find_mut(task)?;
        if record.phase != (TaskPhase::Queued {}) {
            return Err(at.no_step(task, record.phase.word()));
        }
        let next = record.merge.step(step);
        record.merge = next.ok_or_else(|| at.no_step(task, record.merge.word()))?;
        Ok(())
    }

    fn landed(&mut self, at: EventName, task: &TaskId, commit: &str) -> Result<(), BoardRefusal> {
        let phase = self.next_phase(at, task, TaskStep::Land)?;
        let record = self.find(task)?;
        if let Some(missing) = record.missing.iter().next() {
            return Err(at.no_step(task, &format!("waiting for '{missing}'")));
        }
        let green = match &record.merge {
            MergePhase::Green {
                commit: green,
                onto,
                ..
            } => green == commit && *onto == self.tip,
            _ => false,
        };
        let next = record.merge.step(MergeStep::Land).filter(|_| green);
        let next = next.ok_or_else(|| at.no_step(task, "not green on the tip as it is"))?;
        self.find_mut(task)?.merge = next;
        commit.clone_into(&mut self.tip);
        self.leave_queue(task);
        self.set_phase(task, phase);
        Ok(())
    }
}

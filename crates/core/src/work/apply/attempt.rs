//! A try: begun, worked on, proven or come to nothing.

use super::super::assignment::Proof;
use super::super::axis::{
    AttemptPhase, AttemptStep, ProcessPhase, ProcessStep, TaskPhase, TaskStep, WorktreePhase,
    WorktreeStep,
};
use super::super::board::LATE_KEPT;
use super::super::{
    AttemptEnd, AttemptRecord, Board, BoardRefusal, LateWrite, TaskId, TaskRecord, WorkEvent,
};
use super::{EventName, kept};

impl Board {
    pub(super) fn apply_attempt(
        &mut self,
        at: EventName,
        event: &WorkEvent,
    ) -> Result<(), BoardRefusal> {
        match event {
            WorkEvent::AttemptStarted {
                task,
                epoch,
                attempt,
                speaks_as,
            } => self.begin(at, (task, *epoch, *attempt), speaks_as.as_deref()),
            WorkEvent::WorktreeProven {
                task,
                epoch,
                path,
                branch,
                base,
            } => {
                let attempt = self.open_attempt(at, task, *epoch)?;
                let step = WorktreeStep::Make(path, branch, base);
                let next = attempt.worktree.step(step);
                attempt.worktree = next.ok_or_else(|| at.no_step(task, attempt.phase.word()))?;
                Ok(())
            }
            WorkEvent::WorkBegan {
                task,
                epoch,
                pid,
                at: began,
            } => {
                let attempt = self.open_attempt(at, task, *epoch)?;
                let process = match pid {
                    Some(pid) => attempt.process.step(ProcessStep::Start(*pid, *began)),
                    None => Some(attempt.process.clone()),
                };
                let phase = attempt.phase.step(AttemptStep::Work);
                let both = process.zip(phase);
                let (process, phase) =
                    both.ok_or_else(|| at.no_step(task, attempt.phase.word()))?;
                (attempt.process, attempt.phase) = (process, phase);
                Ok(())
            }
            WorkEvent::ProcessEnded {
                task,
                attempt,
                code,
            } => {
                let attempt = self.any_attempt(at, task, *attempt)?;
                let next = attempt.process.step(ProcessStep::End(*code));
                attempt.process = next.ok_or_else(|| at.no_step(task, "without a process"))?;
                Ok(())
            }
            WorkEvent::Progressed {
                task,
                epoch,
                text,
                percent,
            } => {
                let attempt = self.open_attempt(at, task, *epoch)?;
                attempt.progress = Some((kept(text), percent.map(|percent| percent.min(100))));
                Ok(())
            }
            WorkEvent::ClaimedDone {
                task,
                epoch,
                summary,
                conversation,
            } => {
                let attempt = self.open_attempt(at, task, *epoch)?;
                let next = attempt.phase.step(AttemptStep::ClaimDone);
                attempt.phase = next.ok_or_else(|| at.no_step(task, attempt.phase.word()))?;
                attempt.summary = kept(summary);
                attempt.conversation.clone_from(conversation);
                Ok(())
            }
            WorkEvent::AttemptProven { task, epoch, proof } => self.proven(at, task, *epoch, proof),
            WorkEvent::AttemptEnded { task, epoch, .. } => {
                self.open_attempt(at, task, *epoch)?;
                self.ended(task, event)
            }
            WorkEvent::WroteLate { task, epoch, what } => self.wrote_late(at, task, *epoch, what),
            WorkEvent::Salvaged {
                task,
                attempt,
                salvage,
            } => self.worktree_step(at, task, *attempt, WorktreeStep::Salvage(salvage)),
            WorkEvent::WorktreeRemoved { task, attempt } => {
                self.worktree_step(at, task, *attempt, WorktreeStep::Remove)
            }
            _ => Err(at.nothing()),
        }
    }

    fn begin(
        &mut self,
        at: EventName,
        (task, epoch, attempt): (&TaskId, u64, u32),
        speaks_as: Option<&str>,
    ) -> Result<(), BoardRefusal> {
        self.under(task, epoch)?;
        let record = self.find(task)?;
        let actor = self.leases.get(&epoch).map(|lease| lease.actor.clone());
        let actor = actor.ok_or_else(|| at.no_step(task, record.phase.word()))?;
        if record.attempt().is_some_and(|last| last.phase.is_open()) {
            return Err(at.no_step(task, "being tried"));
        }
        if attempt as usize != record.attempts.len() + 1 {
            let next = format!("at attempt {}", record.attempts.len());
            return Err(at.no_step(task, &next));
        }
        if record.counted >= record.task.max_attempts {
            let tried = format!("tried {} times, as often as it may be", record.counted);
            return Err(at.no_step(task, &tried));
        }
        // What stands before it in its trajectory is done at least as far as its author goes.
        let undone = |id: &&TaskId| {
            let found = self.tasks.get(*id).map(|record| &record.phase);
            !matches!(found, Some(TaskPhase::InReview {} | TaskPhase::Queued {}))
        };
        if let Some(missing) = record.missing.iter().find(undone) {
            return Err(at.no_step(task, &format!("waiting for '{missing}'")));
        }
        self.find_mut(task)?.attempts.push(AttemptRecord {
            attempt,
            epoch,
            actor,
            speaks_as: speaks_as.map(str::to_owned),
            phase: AttemptPhase::Starting {},
            process: ProcessPhase::default(),
            worktree: WorktreePhase::default(),
            progress: None,
            summary: String::new(),
            conversation: None,
            log: String::new(),
        });
        Ok(())
    }

    fn proven(
        &mut self,
        at: EventName,
        task: &TaskId,
        epoch: u64,
        proof: &Proof,
    ) -> Result<(), BoardRefusal> {
        let attempt = self.open_attempt(at, task, epoch)?;
        let next = attempt.phase.step(AttemptStep::Prove);
        let next = next.ok_or_else(|| at.no_step(task, attempt.phase.word()))?;
        if !proof.checks.iter().all(|check| check.green) || proof.changed.is_empty() {
            return Err(at.no_step(task, "not proven: a check is red, or nothing changed"));
        }
        let phase = self.next_phase(at, task, TaskStep::Prove)?;
        let record = self.find_mut(task)?;
        if let Some(attempt) = record.attempts.last_mut() {
            attempt.phase = next;
        }
        record.proof = Some(proof.clone());
        record.merge = super::super::axis::MergePhase::default();
        record.failures = 0;
        record.sent_back = None;
        self.end_lease(task);
        self.set_phase(task, phase);
        Ok(())
    }

    fn ended(&mut self, task: &TaskId, event: &WorkEvent) -> Result<(), BoardRefusal> {
        let WorkEvent::AttemptEnded {
            end,
            log,
            not_before,
            counts,
            ..
        } = event
        else {
            return Ok(());
        };
        let step = match end {
            AttemptEnd::Failed { reason } => AttemptStep::Fail(reason),
            AttemptEnd::TimedOut {} => AttemptStep::TimeOut,
            AttemptEnd::Crashed {} => AttemptStep::Crash,
            AttemptEnd::Cancelled {} => AttemptStep::Cancel,
        };
        let record = self.find_mut(task)?;
        if let Some(attempt) = record.attempts.last_mut()
            && let Some(next) = attempt.phase.step(step)
        {
            attempt.phase = next;
            attempt.log = kept(log);
        }
        record.not_before = *not_before;
        if *counts {
            record.failures += 1;
            record.counted += 1;
        }
        Ok(())
    }

    fn wrote_late(
        &mut self,
        at: EventName,
        task: &TaskId,
        epoch: u64,
        what: &str,
    ) -> Result<(), BoardRefusal> {
        let given = self.epoch;
        let record = self.find_mut(task)?;
        // Only under a lease that there was, and that has ended.
        if epoch == 0 || epoch > given || record.lease == Some(epoch) {
            return Err(at.no_step(task, record.phase.word()));
        }
        if record.late.len() < LATE_KEPT {
            record.late.push(LateWrite {
                epoch,
                what: kept(what),
            });
        }
        record.late_count += 1;
        let last = record.attempts.iter_mut().rev();
        if let Some(attempt) = last.into_iter().find(|attempt| attempt.epoch == epoch)
            && let Some(phase) = attempt.phase.step(AttemptStep::WriteLate)
        {
            attempt.phase = phase;
        }
        Ok(())
    }

    fn worktree_step(
        &mut self,
        at: EventName,
        task: &TaskId,
        attempt: u32,
        step: WorktreeStep<'_>,
    ) -> Result<(), BoardRefusal> {
        let attempt = self.any_attempt(at, task, attempt)?;
        if attempt.phase.is_open() {
            return Err(at.no_step(task, "being tried in it"));
        }
        let next = attempt.worktree.step(step);
        attempt.worktree = next.ok_or_else(|| at.no_step(task, "without such a worktree"))?;
        Ok(())
    }

    /// The attempt under way under this lease.
    fn open_attempt(
        &mut self,
        at: EventName,
        task: &TaskId,
        epoch: u64,
    ) -> Result<&mut AttemptRecord, BoardRefusal> {
        self.under(task, epoch)?;
        let record = self.find_mut(task)?;
        let word = record.phase.word();
        let TaskRecord { attempts, .. } = record;
        match attempts.last_mut() {
            Some(attempt) if attempt.phase.is_open() && attempt.epoch == epoch => Ok(attempt),
            Some(attempt) => Err(at.no_step(task, attempt.phase.word())),
            None => Err(at.no_step(task, word)),
        }
    }

    /// The attempt of that number.
    fn any_attempt(
        &mut self,
        at: EventName,
        task: &TaskId,
        attempt: u32,
    ) -> Result<&mut AttemptRecord, BoardRefusal> {
        let record = self.find_mut(task)?;
        let word = record.phase.word();
        let number = (attempt as usize).checked_sub(1);
        let found = number.and_then(|number| record.attempts.get_mut(number));
        found.ok_or_else(|| at.no_step(task, word))
    }
}

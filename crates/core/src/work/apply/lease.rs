//! Exclusive rights: given, renewed, given back, run out.

use super::super::axis::{AttemptPhase, AttemptStep, TaskPhase, TaskStep};
use super::super::policy::backoff_seconds;
use super::super::{Board, BoardRefusal, Lease, TaskId, WorkEvent, WorkPhase};
use super::EventName;

impl Board {
    pub(super) fn apply_lease(
        &mut self,
        at: EventName,
        event: &WorkEvent,
    ) -> Result<(), BoardRefusal> {
        match event {
            WorkEvent::Claimed {
                tasks,
                actor,
                epoch,
                at: now,
                until,
                supervised,
            } => {
                self.may_claim(tasks, actor, *epoch, *now)?;
                if until <= now {
                    return Err(at.nothing());
                }
                for task in tasks {
                    self.set_phase(task, TaskPhase::Leased {});
                    self.find_mut(task)?.lease = Some(*epoch);
                }
                self.epoch = *epoch;
                self.leases.insert(
                    *epoch,
                    Lease {
                        actor: actor.clone(),
                        tasks: tasks.clone(),
                        until: *until,
                        supervised: *supervised,
                    },
                );
                Ok(())
            }
            WorkEvent::Renewed { epoch, until } => {
                let any = self.leased_before(*epoch);
                let lease = self.leases.get_mut(epoch).ok_or(BoardRefusal::Late {
                    task: any,
                    epoch: *epoch,
                })?;
                if *until <= lease.until {
                    return Err(at.nothing());
                }
                lease.until = *until;
                Ok(())
            }
            WorkEvent::Released { task, epoch, .. } => {
                self.under(task, *epoch)?;
                self.next_phase(at, task, TaskStep::Return(true))?;
                self.give_back(task, AttemptStep::Cancel);
                Ok(())
            }
            WorkEvent::Expired { epoch, at: now } => {
                let any = self.leased_before(*epoch);
                let lease = self.leases.get(epoch).ok_or(BoardRefusal::Late {
                    task: any,
                    epoch: *epoch,
                })?;
                if lease.until > *now {
                    return Err(BoardRefusal::NotExpired { epoch: *epoch });
                }
                for task in lease.tasks.clone() {
                    self.give_back(&task, AttemptStep::Crash);
                    let record = self.find_mut(&task)?;
                    let wait = backoff_seconds(record.failures).cast_signed();
                    record.not_before = now.saturating_add(wait.saturating_mul(1000));
                    self.index(&task);
                }
                Ok(())
            }
            _ => Err(at.nothing()),
        }
    }

    /// Why these tasks cannot be claimed by this actor now.
    fn may_claim(
        &self,
        tasks: &[TaskId],
        actor: &str,
        epoch: u64,
        now: i64,
    ) -> Result<(), BoardRefusal> {
        let refused = |task: &TaskId, why: String| BoardRefusal::NotReady {
            task: task.clone(),
            why,
        };
        let first = tasks
            .first()
            .ok_or(BoardRefusal::Nothing { event: "claimed" })?;
        if self.phase != (WorkPhase::Running {}) {
            return Err(refused(first, format!("the work is {}", self.phase.word())));
        }
        if epoch != self.epoch + 1 {
            let why = format!("epoch {} comes next, not {epoch}", self.epoch + 1);
            return Err(refused(first, why));
        }
        let Some(actor) = self.actor(actor) else {
            return Err(refused(first, format!("this work has no actor '{actor}'")));
        };
        if self.held_by(&actor.name) >= actor.capacity as usize {
            let why = format!("'{}' has {} already", actor.name, actor.capacity);
            return Err(refused(first, why));
        }
        let expert = &self.find(first)?.task.expert;
        let gated = self.gated();
        for (at, task) in tasks.iter().enumerate() {
            let record = self.find(task)?;
            let before = &tasks[..at];
            let step = match at {
                0 => TaskStep::Claim,
                _ => TaskStep::ClaimAhead,
            };
            if record.phase.step(step).is_none() || before.contains(task) {
                return Err(refused(task, format!("it is {}", record.phase.word())));
            }
            if record.task.expert != *expert {
                let why = format!(
                    "it is in the flake of '{}', not of '{expert}'",
                    record.task.expert
                );
                return Err(refused(task, why));
            }
            let milestone = record.task.milestone.as_deref();
            if let Some(name) = milestone.filter(|name| gated.contains(name)) {
                let why = format!("milestone '{name}' has not begun");
                return Err(refused(task, why));
            }
            if let Some(missing) = record.missing.iter().find(|id| !before.contains(id)) {
                return Err(refused(task, format!("'{missing}' has not landed")));
            }
            if record.not_before > now {
                let wait = (record.not_before - now).div_euclid(1000) + 1;
                return Err(refused(task, format!("it is tried again in {wait} s")));
            }
        }
        Ok(())
    }

    /// Refuses what is written under a lease that has ended.
    pub(super) fn under(&self, task: &TaskId, epoch: u64) -> Result<(), BoardRefusal> {
        match self.find(task)?.lease {
            Some(current) if current == epoch => Ok(()),
            _ => Err(BoardRefusal::Late {
                task: task.clone(),
                epoch,
            }),
        }
    }

    /// Takes a task out of its lease, which ends with its last task.
    pub(super) fn end_lease(&mut self, task: &TaskId) {
        let Some(epoch) = self
            .tasks
            .get_mut(task)
            .and_then(|record| record.lease.take())
        else {
            return;
        };
        if let Some(lease) = self.leases.get_mut(&epoch) {
            lease.tasks.retain(|one| one != task);
            if lease.tasks.is_empty() {
                self.leases.remove(&epoch);
            }
        }
    }

    /// Ends the lease on a task and the attempt under way, and lets it be claimed again.
    pub(super) fn give_back(&mut self, task: &TaskId, step: AttemptStep<'_>) {
        self.end_lease(task);
        let Some(record) = self.tasks.get_mut(task) else {
            return;
        };
        end_attempt(record, step);
        let free = TaskStep::Return(record.missing.is_empty());
        if let Some(phase) = record.phase.step(free) {
            self.set_phase(task, phase);
        }
    }

    /// A task that was once under this lease, for a refusal.
    fn leased_before(&self, epoch: u64) -> TaskId {
        let attempts = |record: &&super::super::TaskRecord| {
            record.attempts.iter().any(|attempt| attempt.epoch == epoch)
        };
        let found = self.tasks.values().find(attempts);
        found.map_or_else(|| TaskId::near("unknown"), |record| record.task.id.clone())
    }
}

/// Ends the attempt under way, if any is.
pub(super) fn end_attempt(record: &mut super::super::TaskRecord, step: AttemptStep<'_>) {
    if let Some(attempt) = record.attempts.last_mut()
        && let Some(phase) = attempt.phase.step(step)
    {
        let crashed = phase == AttemptPhase::Crashed {};
        attempt.phase = phase;
        if crashed {
            record.failures += 1;
            record.counted += 1;
        }
    }
}

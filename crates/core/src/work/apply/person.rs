//! What persons decide, and what needs them.

use super::super::axis::{AttemptStep, MergeStep, TaskPhase, TaskStep};
use super::super::{Board, BoardRefusal, TaskId, TaskRecord, WorkEvent, WorkPhase};
use super::lease::end_attempt;
use super::{EventName, kept};

impl Board {
    pub(super) fn apply_person(
        &mut self,
        at: EventName,
        event: &WorkEvent,
    ) -> Result<(), BoardRefusal> {
        match event {
            WorkEvent::Parked { task, reason } => {
                self.put_aside(at, task, TaskStep::Park(&kept(reason)))
            }
            WorkEvent::Abandoned { task, reason } => {
                self.put_aside(at, task, TaskStep::Abandon(&kept(reason)))
            }
            WorkEvent::Asked {
                task,
                epoch,
                question,
            } => {
                if let Some(epoch) = epoch {
                    self.under(task, *epoch)?;
                }
                self.put_aside(at, task, TaskStep::Ask(&kept(question)))
            }
            WorkEvent::Answered { task, by, text } => {
                let phase = self.next_phase(at, task, TaskStep::Answer)?;
                self.let_go_on(task, phase)?;
                self.find_mut(task)?.words.push((by.clone(), kept(text)));
                Ok(())
            }
            WorkEvent::Retried { task, .. } => {
                let phase = self.next_phase(at, task, TaskStep::Retry)?;
                self.let_go_on(task, phase)
            }
            WorkEvent::Redone { task, .. } => self.redo(at, task),
            WorkEvent::Said { task, by, text } => {
                let record = self.find_mut(task)?;
                if record.phase.is_ended() {
                    return Err(at.no_step(task, record.phase.word()));
                }
                record.words.push((by.clone(), kept(text)));
                Ok(())
            }
            WorkEvent::PolicyChanged { policy, .. } => {
                if self.start.policy == **policy {
                    return Err(at.nothing());
                }
                self.start.policy = (**policy).clone();
                Ok(())
            }
            _ => self.apply_whole(at, event),
        }
    }

    /// What is decided about the whole work.
    fn apply_whole(&mut self, at: EventName, event: &WorkEvent) -> Result<(), BoardRefusal> {
        match event {
            WorkEvent::Paused { by } => match self.phase {
                WorkPhase::Running {} => {
                    self.phase = WorkPhase::Paused { by: by.clone() };
                    Ok(())
                }
                _ => Err(at.nothing()),
            },
            WorkEvent::Resumed { .. } => match self.phase {
                WorkPhase::Paused { .. } => {
                    self.phase = WorkPhase::Running {};
                    Ok(())
                }
                _ => Err(at.nothing()),
            },
            WorkEvent::Aborted { by, reason } => {
                let open: Vec<TaskId> = self.tasks.keys().cloned().collect();
                for task in open {
                    let record = self.find(&task)?;
                    if let Some(phase) =
                        record.phase.step(TaskStep::Abandon("the work was aborted"))
                    {
                        self.end_lease(&task);
                        end_attempt(self.find_mut(&task)?, AttemptStep::Cancel);
                        self.leave_queue(&task);
                        self.set_phase(&task, phase);
                    }
                }
                self.phase = WorkPhase::Aborted {
                    by: by.clone(),
                    reason: kept(reason),
                };
                Ok(())
            }
            WorkEvent::Landed {
                branch,
                from,
                to,
                by,
            } => self.land_all(at, (branch, from, to, by)),
            WorkEvent::RolledBack { to, by } => {
                if !matches!(self.phase, WorkPhase::Landed { .. }) {
                    return Err(self.misplaced(event));
                }
                for record in self.tasks.values_mut() {
                    if let Some(merge) = record.merge.step(MergeStep::Revert) {
                        record.merge = merge;
                    }
                }
                self.phase = WorkPhase::RolledBack {
                    to: to.clone(),
                    by: by.clone(),
                };
                Ok(())
            }
            _ => Err(at.nothing()),
        }
    }

    fn land_all(
        &mut self,
        at: EventName,
        (branch, from, to, by): (&str, &str, &str, &str),
    ) -> Result<(), BoardRefusal> {
        let open = self.tasks.values().find(|record| !record.phase.is_ended());
        if let Some(record) = open {
            return Err(at.no_step(&record.task.id, record.phase.word()));
        }
        let any = self
            .tasks
            .values()
            .any(|record| record.phase == TaskPhase::Landed {});
        if !any {
            return Err(at.nothing());
        }
        if let Some((milestone, state)) = self.closed_gate() {
            return Err(BoardRefusal::NoGate {
                milestone: milestone.name.clone(),
                why: format!(
                    "nothing lands before it is open, and it is {}",
                    state.words()
                ),
            });
        }
        let text = str::to_owned;
        self.phase = WorkPhase::Landed {
            branch: text(branch),
            from: text(from),
            to: text(to),
            by: text(by),
        };
        Ok(())
    }

    /// Ends the lease and the attempt of a task that goes no further for now.
    fn put_aside(
        &mut self,
        at: EventName,
        task: &TaskId,
        step: TaskStep<'_>,
    ) -> Result<(), BoardRefusal> {
        let phase = self.next_phase(at, task, step)?;
        self.end_lease(task);
        end_attempt(self.find_mut(task)?, AttemptStep::Cancel);
        self.leave_queue(task);
        self.set_phase(task, phase);
        Ok(())
    }

    /// Lets a task go on by a person's word: what failed before does not count any more.
    fn let_go_on(&mut self, task: &TaskId, phase: TaskPhase) -> Result<(), BoardRefusal> {
        let record = self.find_mut(task)?;
        record.failures = 0;
        record.counted = 0;
        record.rounds = 0;
        record.not_before = 0;
        let phase = match record.missing.is_empty() {
            true => phase,
            false => TaskPhase::Waiting {},
        };
        self.set_phase(task, phase);
        Ok(())
    }

    /// Begins another generation of a task that has ended.
    fn redo(&mut self, at: EventName, task: &TaskId) -> Result<(), BoardRefusal> {
        let record = self.find(task)?;
        if !record.phase.is_ended() {
            return Err(at.no_step(task, record.phase.word()));
        }
        if let Some(gate) = record
            .task
            .milestone
            .clone()
            .and_then(|name| self.gates.get_mut(&name))
        {
            *gate = Default::default();
        }
        let record = self.find(task)?;
        let mut next = super::super::Task::clone(&record.task);
        next.generation += 1;
        let (spent, words) = (record.spent, record.words.clone());
        let mut before = record.before.clone();
        before.push(record.phase.clone());
        let missing: std::collections::BTreeSet<TaskId> = next
            .depends_on
            .iter()
            .filter(|id| {
                let found = self.tasks.get(*id).map(|record| &record.phase);
                found != Some(&TaskPhase::Landed {})
            })
            .cloned()
            .collect();
        let phase = match missing.is_empty() {
            true => TaskPhase::Ready {},
            false => TaskPhase::Waiting {},
        };
        // First, so that what is counted by it goes from the old phase to the new.
        self.set_phase(task, phase.clone());
        *self.find_mut(task)? = TaskRecord {
            missing,
            phase,
            spent,
            words,
            before,
            ..TaskRecord::new(next)
        };
        self.index(task);
        Ok(())
    }
}

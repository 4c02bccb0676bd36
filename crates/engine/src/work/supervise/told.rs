//! What attempts tell while they are under way, and how they end: written down under their lease.

use poag_core::agent::Fault;
use poag_core::work::axis::{AttemptPhase, ProviderHealth};
use poag_core::work::policy::backoff_seconds;
use poag_core::work::{AttemptEnd, Outcome, OutcomeKind, TaskId, WorkEvent};

use super::attempts::{AttemptKey, AttemptResult, Told, place};
use super::{RunnerNews, Supervisor};
use crate::work::WorkError;

impl Supervisor<'_, '_> {
    /// Writes down what an attempt tells.
    pub(super) fn hear(&mut self, key: AttemptKey, told: Told) -> Result<(), WorkError> {
        let (task, epoch) = (key.task.clone(), key.epoch);
        match told {
            Told::Worktree(worktree, written) => {
                let made = serde_json::to_vec(&worktree).unwrap_or_default();
                let proven = WorkEvent::WorktreeProven {
                    task: task.clone(),
                    epoch,
                    path: worktree.path.display().to_string(),
                    branch: worktree.branch.clone().unwrap_or_default(),
                    base: worktree.base.clone(),
                };
                match self.note_with(&[proven], &[(place(&key, "worktree"), made)]) {
                    Ok(()) => {}
                    // Its lease has ended: no actor begins in it, and it is cleared away.
                    Err(WorkError::Refused(_)) => return Ok(()),
                    Err(error) => return Err(error),
                }
                if let Some(running) = self.running.get_mut(&task) {
                    running.worktree = Some(*worktree);
                }
                // Who waited may have been stopped meanwhile.
                let _ = written.send(());
                Ok(())
            }
            Told::News(RunnerNews::Started(pid, at)) => {
                self.under(&task, epoch, |task| WorkEvent::WorkBegan {
                    task,
                    epoch,
                    pid: Some(pid),
                    at,
                })
            }
            Told::News(RunnerNews::Ended(code)) => {
                let attempt = key.attempt;
                self.try_note(WorkEvent::ProcessEnded {
                    task,
                    attempt,
                    code,
                })?;
                Ok(())
            }
            Told::News(RunnerNews::Line(text, percent)) => {
                self.begin_where_nothing_did(&key)?;
                self.under(&task, epoch, |task| WorkEvent::Progressed {
                    task,
                    epoch,
                    text: text.clone(),
                    percent,
                })
            }
            Told::Outcome(outcome) => self.outcome(&key, &outcome),
        }
    }

    /// Writes down what an actor says at its end, together with what it cost: what was paid is never asked for again.
    fn outcome(&mut self, key: &AttemptKey, outcome: &Outcome) -> Result<(), WorkError> {
        self.begin_where_nothing_did(key)?;
        let (task, epoch, turn) = (key.task.clone(), key.epoch, key.name());
        let settled = WorkEvent::Settled {
            usage: outcome.usage,
            turn: turn.clone(),
        };
        let done = |task| WorkEvent::ClaimedDone {
            task,
            epoch,
            summary: outcome.summary.clone(),
            conversation: outcome.conversation.clone(),
        };
        let mut events = Vec::new();
        if self.work.board().reserved.contains_key(&turn) {
            events.push(settled.clone());
        }
        if outcome.outcome == OutcomeKind::Done {
            events.push(done(task.clone()));
        }
        let said = serde_json::to_vec(outcome).unwrap_or_default();
        let keep = [(place(key, "outcome"), said)];
        match self.note_with(&events, &keep) {
            Err(WorkError::Refused(_)) => {
                self.try_note(settled)?;
                match outcome.outcome {
                    OutcomeKind::Done => self.under(&task, epoch, done),
                    _ => Ok(()),
                }
            }
            other => other,
        }
    }

    /// An actor of whose process nothing is known began when it first told something.
    fn begin_where_nothing_did(&mut self, key: &AttemptKey) -> Result<(), WorkError> {
        let record = self.work.board().task(key.task.as_str());
        let last = record.and_then(|record| record.attempts.last());
        if last.is_none_or(|last| last.phase != AttemptPhase::Starting {}) {
            return Ok(());
        }
        let (task, epoch, at) = (key.task.clone(), key.epoch, self.work.now());
        let pid = None;
        self.try_note(WorkEvent::WorkBegan {
            task,
            epoch,
            pid,
            at,
        })?;
        Ok(())
    }

    /// Writes what is done under a lease; what comes late is kept as evidence, and is no failure of the supervisor.
    fn under(
        &mut self,
        task: &TaskId,
        epoch: u64,
        event: impl Fn(TaskId) -> WorkEvent,
    ) -> Result<(), WorkError> {
        let shown = event(task.clone());
        match self.work.under(task, epoch, event) {
            Ok(()) => {
                self.watch.event(&shown);
                Ok(())
            }
            Err(WorkError::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Writes down how an attempt ended.
    pub(super) fn attempt_ended(
        &mut self,
        key: AttemptKey,
        result: AttemptResult,
    ) -> Result<(), WorkError> {
        let running = self.running.remove(&key.task);
        let task = key.task.clone();
        let epoch = key.epoch;
        // Where no outcome came, its cost is not known: what was reserved is free again.
        self.try_note(WorkEvent::Settled {
            turn: key.name(),
            usage: Default::default(),
        })?;
        match result {
            AttemptResult::Proven(proof) => {
                self.under(&task, epoch, |task| WorkEvent::AttemptProven {
                    task,
                    epoch,
                    proof: Box::new(proof.clone()),
                })?;
            }
            AttemptResult::NotDone(outcome) if outcome.outcome == OutcomeKind::Asking => {
                let question = outcome.question.unwrap_or(outcome.summary);
                self.under(&task, epoch, |task| WorkEvent::Asked {
                    task,
                    epoch: Some(epoch),
                    question: question.clone(),
                })?;
            }
            AttemptResult::NotDone(outcome) => self.not_done(&key, &outcome)?,
            AttemptResult::Unproven(why) => {
                // It goes back at once, to the same conversation, with the log.
                let failed = AttemptEnd::Failed { reason: why.reason };
                self.end(&key, failed, &why.log, (0, true))?;
            }
            AttemptResult::TimedOut => {
                let wait = self.backoff(&task);
                self.end(
                    &key,
                    AttemptEnd::TimedOut {},
                    "it took too long",
                    (wait, true),
                )?;
            }
            AttemptResult::Broken(reason) => {
                let wait = self.backoff(&task);
                let line = reason.lines().next().unwrap_or_default().to_owned();
                let failed = AttemptEnd::Failed { reason: line };
                self.end(&key, failed, &reason, (wait, true))?;
            }
        }
        match running {
            Some(running) => self.put_away(&running.assignment, running.worktree.as_ref(), &key),
            None => Ok(()),
        }
    }

    fn not_done(&mut self, key: &AttemptKey, outcome: &Outcome) -> Result<(), WorkError> {
        let now = self.work.now();
        let failed = AttemptEnd::Failed {
            reason: outcome
                .summary
                .lines()
                .next()
                .unwrap_or("it says that it failed")
                .to_owned(),
        };
        let backend = self
            .work
            .board()
            .task(key.task.as_str())
            .and_then(|record| record.attempts.last())
            .and_then(|attempt| self.work.board().actor(&attempt.actor))
            .map(|actor| actor.backend.clone());
        let wait = self.backoff(&key.task);
        let health = match outcome.fault {
            Some(Fault::Busy | Fault::Limit) => Some(ProviderHealth::Limited { until: wait }),
            Some(Fault::Unreachable) => Some(ProviderHealth::Unreachable {
                since: now,
                until: wait,
            }),
            _ => None,
        };
        match (health, backend) {
            // A provider that does not answer is no failure of the task.
            (Some(health), Some(backend)) => {
                self.try_note(WorkEvent::ProviderChanged { backend, health })?;
                self.end(key, failed, &outcome.summary, (wait, false))
            }
            _ => self.end(key, failed, &outcome.summary, (wait, true)),
        }
    }

    fn end(
        &mut self,
        key: &AttemptKey,
        end: AttemptEnd,
        log: &str,
        (not_before, counts): (i64, bool),
    ) -> Result<(), WorkError> {
        let epoch = key.epoch;
        self.under(&key.task, epoch, |task| WorkEvent::AttemptEnded {
            task,
            epoch,
            end: end.clone(),
            log: log.to_owned(),
            not_before,
            counts,
        })
    }

    /// When a task that failed once more may be tried again.
    fn backoff(&self, task: &TaskId) -> i64 {
        let record = self.work.board().task(task.as_str());
        let failures = record.map_or(0, |record| record.failures) + 1;
        let wait = backoff_seconds(failures).saturating_mul(1000).cast_signed();
        self.work.now().saturating_add(wait)
    }
}

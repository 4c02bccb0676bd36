//! What workers do under leases: each change under the epoch of its own, so that who comes late changes nothing.

use poag_core::work::{AttemptEnd, Board, BoardRefusal, Outcome, Proof, Task, TaskId, WorkEvent};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OpenWork, WorkError};

/// Which task is claimed, and by whom.
#[derive(Clone, Debug, Default)]
pub struct ClaimRequest {
    /// The actor.
    pub actor: String,
    /// The task; none for the first that is ready and that the actor can do.
    pub task: Option<TaskId>,
    /// How many tasks of one expert at most, each ready but for those before it.
    pub trajectory: usize,
    /// Whether the supervisor of the work claims.
    pub supervised: bool,
}

/// A right to some tasks.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Claimed {
    /// The lease.
    pub epoch: u64,
    /// Whose.
    pub actor: String,
    /// Until when, in milliseconds since 1970 in UTC, unless it is renewed.
    pub until: i64,
    /// The tasks, in the order in which they are to be done.
    pub tasks: Vec<Task>,
}

impl OpenWork<'_> {
    /// The tasks that can be claimed now, by name.
    #[must_use]
    pub fn ready(&self) -> Vec<&Task> {
        self.board().ready_tasks(self.now()).collect()
    }

    /// Claims a task, or a path of them.
    ///
    /// # Errors
    /// When another has it, the actor cannot do it, or nothing is ready.
    pub fn claim(&mut self, request: &ClaimRequest) -> Result<Claimed, WorkError> {
        let now = self.now();
        self.expire(now)?;
        let mut claimed = None;
        self.propose(|board| {
            let first = match &request.task {
                Some(task) => task.clone(),
                None => first_for(board, &request.actor, now)?,
            };
            let tasks = board.trajectory(&first, request.trajectory.max(1));
            let seconds = board.start.policy.lease_seconds;
            let until = now.saturating_add(seconds.saturating_mul(1000).cast_signed());
            let epoch = board.epoch + 1;
            claimed = Some(Claimed {
                epoch,
                actor: request.actor.clone(),
                until,
                tasks: tasks
                    .iter()
                    .filter_map(|id| board.task(id.as_str()))
                    .map(|record| Task::clone(&record.task))
                    .collect(),
            });
            Ok(vec![WorkEvent::Claimed {
                // A task that is not there is refused by its name.
                tasks: match tasks.is_empty() {
                    true => vec![first],
                    false => tasks,
                },
                actor: request.actor.clone(),
                epoch,
                at: now,
                until,
                supervised: request.supervised,
            }])
        })?;
        claimed.ok_or(WorkError::NoneReady)
    }

    /// Makes a lease last longer, by as much as the policy says. Gives until when.
    ///
    /// # Errors
    /// When it has ended.
    pub fn renew(&mut self, epoch: u64) -> Result<i64, WorkError> {
        let now = self.now();
        let mut until = now;
        self.propose(|board| {
            let seconds = board.start.policy.lease_seconds;
            until = now.saturating_add(seconds.saturating_mul(1000).cast_signed());
            match board.leases.get(&epoch) {
                // Renewed twice in one millisecond: once is enough.
                Some(lease) if lease.until >= until => Ok(Vec::new()),
                _ => Ok(vec![WorkEvent::Renewed { epoch, until }]),
            }
        })?;
        Ok(until)
    }

    /// Gives a task back.
    ///
    /// # Errors
    /// When the lease has ended.
    pub fn release(&mut self, task: &TaskId, epoch: u64, reason: &str) -> Result<(), WorkError> {
        self.under(task, epoch, |task| WorkEvent::Released {
            task,
            epoch,
            reason: reason.to_owned(),
        })
    }

    /// Says what is being done.
    ///
    /// # Errors
    /// When the lease has ended, or nothing is being tried.
    pub fn log(
        &mut self,
        task: &TaskId,
        epoch: u64,
        text: &str,
        percent: Option<u8>,
    ) -> Result<(), WorkError> {
        self.under(task, epoch, |task| WorkEvent::Progressed {
            task,
            epoch,
            text: text.to_owned(),
            percent,
        })
    }

    /// Says that a try is done; that it is true must be proven yet.
    ///
    /// # Errors
    /// When the lease has ended, or nothing is being tried.
    pub fn claim_done(
        &mut self,
        task: &TaskId,
        epoch: u64,
        outcome: &Outcome,
    ) -> Result<(), WorkError> {
        self.under(task, epoch, |task| WorkEvent::ClaimedDone {
            task,
            epoch,
            summary: outcome.summary.clone(),
            conversation: outcome.conversation.clone(),
        })
    }

    /// A try is proven: it goes to review.
    ///
    /// # Errors
    /// When the lease has ended, or nobody says that it is done.
    pub fn done(&mut self, task: &TaskId, epoch: u64, proof: &Proof) -> Result<(), WorkError> {
        self.under(task, epoch, |task| WorkEvent::AttemptProven {
            task,
            epoch,
            proof: Box::new(proof.clone()),
        })
    }

    /// A try came to nothing. The lease stays: the next try can begin under it.
    ///
    /// # Errors
    /// When the lease has ended, or nothing is being tried.
    pub fn fail(
        &mut self,
        task: &TaskId,
        epoch: u64,
        (reason, log): (&str, &str),
    ) -> Result<(), WorkError> {
        self.under(task, epoch, |task| WorkEvent::AttemptEnded {
            task,
            epoch,
            end: AttemptEnd::Failed {
                reason: reason.to_owned(),
            },
            log: log.to_owned(),
            not_before: 0,
            counts: true,
        })
    }

    /// Asks a person; the lease ends.
    ///
    /// # Errors
    /// When the lease has ended.
    pub fn ask(&mut self, task: &TaskId, epoch: u64, question: &str) -> Result<(), WorkError> {
        self.under(task, epoch, |task| WorkEvent::Asked {
            task,
            epoch: Some(epoch),
            question: question.to_owned(),
        })
    }

    /// Writes what a worker does under its lease. What comes late is kept as evidence, changes nothing, and is refused.
    ///
    /// # Errors
    /// As the board says.
    pub fn under(
        &mut self,
        task: &TaskId,
        epoch: u64,
        event: impl Fn(TaskId) -> WorkEvent,
    ) -> Result<(), WorkError> {
        let event = event(task.clone());
        let refused = match self.note(&event) {
            Err(WorkError::Refused(refusal @ BoardRefusal::Late { .. })) => refusal,
            other => return other,
        };
        let late = WorkEvent::WroteLate {
            task: task.clone(),
            epoch,
            what: event.kind().to_owned(),
        };
        match self.note(&late) {
            // An epoch that never was leaves no evidence.
            Ok(()) | Err(WorkError::Refused(_)) => Err(refused.into()),
            Err(error) => Err(error),
        }
    }

    /// Ends the leases that have run out at this time.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn expire(&mut self, now: i64) -> Result<(), WorkError> {
        self.propose(|board| {
            let expired = board.expired(now);
            Ok(expired
                .map(|epoch| WorkEvent::Expired { epoch, at: now })
                .collect())
        })
    }
}

/// The first ready task that an actor can do.
fn first_for(board: &Board, actor: &str, now: i64) -> Result<TaskId, WorkError> {
    let Some(actor) = board.actor(actor) else {
        // The board says that there is no such actor, where any task is ready.
        let any = board.ready(now).next();
        let any = any.map(|record| record.task.id.clone());
        return any.ok_or(WorkError::NoneReady);
    };
    let mut why = None;
    for record in board.ready(now) {
        match board.fits(actor, record, 0, now) {
            Ok(()) => return Ok(record.task.id.clone()),
            Err(unfit) => why = why.or(Some((record.task.id.clone(), unfit))),
        }
    }
    Err(match why {
        Some((task, unfit)) => WorkError::Nobody {
            task,
            nobody: poag_core::work::matching::Nobody(vec![(actor.name.clone(), unfit)]),
        },
        None => WorkError::NoneReady,
    })
}

//! Why an event is not one of this board now.

use thiserror::Error;

use super::TaskId;

/// Why an event is not one of this board now. The board is as before.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum BoardRefusal {
    /// The work has ended, or has not begun with this event.
    #[error(
        "'{event}' does not belong here: the work is {phase}\nrepair: `poag work show` tells what can still be done"
    )]
    Misplaced {
        /// The event's name.
        event: &'static str,
        /// How far the work has come.
        phase: &'static str,
    },
    /// No such task.
    #[error("there is no task '{task}' in this work\nrepair: `poag work show` lists its tasks")]
    NoTask {
        /// The name.
        task: TaskId,
    },
    /// A task that is there already, or more than there may be.
    #[error("task '{task}' cannot be added: {why}\nrepair: mend the task and add it again")]
    NotAdded {
        /// The task.
        task: TaskId,
        /// Why.
        why: String,
    },
    /// The task cannot be claimed now.
    #[error(
        "task '{task}' cannot be claimed: {why}\nrepair: `poag task ready` lists those that can"
    )]
    NotReady {
        /// The task.
        task: TaskId,
        /// Why.
        why: String,
    },
    /// The lease has ended: what its holder writes is kept as evidence and changes nothing.
    #[error(
        "the lease {epoch} on task '{task}' has ended: this comes late and changes nothing\nrepair: stop, and claim a task anew"
    )]
    Late {
        /// The task.
        task: TaskId,
        /// The epoch.
        epoch: u64,
    },
    /// The lease has not run out.
    #[error(
        "the lease {epoch} has not run out\nrepair: wait until it has, or let its holder give it back"
    )]
    NotExpired {
        /// The epoch.
        epoch: u64,
    },
    /// The step may not be taken from where its axis stands.
    #[error(
        "'{event}' does not fit task '{task}', which is {at}\nrepair: `poag work show` tells what can be done with it"
    )]
    NoStep {
        /// The event's name.
        event: &'static str,
        /// The task.
        task: TaskId,
        /// Where it stands.
        at: String,
    },
    /// The verdict does not count.
    #[error("the review of task '{task}' does not count: {why}\nrepair: {repair}")]
    NoReview {
        /// The task.
        task: TaskId,
        /// Why.
        why: String,
        /// What to do.
        repair: &'static str,
    },
    /// A milestone that is not there, or not so far.
    #[error(
        "milestone '{milestone}': {why}\nrepair: `poag work show` tells where each milestone stands"
    )]
    NoGate {
        /// Its name.
        milestone: String,
        /// Why.
        why: String,
    },
    /// It would cost more than allowed.
    #[error(
        "the budget does not allow it: {why}\nrepair: raise it with `poag work resume --budget`, or abort"
    )]
    Budget {
        /// Which part.
        why: String,
    },
    /// It says nothing new.
    #[error("'{event}' changes nothing\nrepair: nothing to do")]
    Nothing {
        /// The event's name.
        event: &'static str,
    },
}

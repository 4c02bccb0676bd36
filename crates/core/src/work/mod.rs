//! A plan being carried out: tasks, who does them, what came of each, and what is merged.
//!
//! [`task`]: what there is to do, [`from_plan`], [`from_file`], [`template`] and [`workflow`] make it. [`event`]: what happens. [`Board`]: what follows
//! from it, through one transition function, [`Board::apply`]. [`view`]: what a person sees of it. [`matching`] and
//! [`policy`]: who may do what, and how far.
//!
//! Nothing here knows a clock: an event that depends on a time carries it, in milliseconds since 1970 in UTC as the ledger
//! counts them, so that the same events give the same board.

mod apply;
pub mod assignment;
pub mod axis;
mod board;
pub mod event;
pub mod from_file;
pub mod from_plan;
pub mod grade;
mod id;
mod kind;
pub mod matching;
pub mod milestone;
pub mod policy;
mod query;
mod refusal;
mod start;
pub mod task;
pub mod template;
pub mod view;
mod words;
pub mod workflow;

#[cfg(test)]
mod tests;

pub use assignment::{Assignment, CheckOutcome, Outcome, OutcomeKind, PreviousAttempt, Proof};
pub use board::{AttemptRecord, Board, LateWrite, Lease, TaskRecord, WorkPhase};
pub use event::{WORK_EVENT_VERSION, WorkEvent};
pub use id::TaskId;
pub use refusal::BoardRefusal;
pub use start::{AttemptEnd, WorkStart};
pub use task::{Actor, Task, Trust};
pub use words::short;

//! What may differ of a task, each with its own small state machine: a failed process is no failed task, a limited provider
//! no failed attempt, a red merge no lost review.

mod attempt;
mod generation;
mod merge;
mod process;
mod provider;
mod review;
mod worktree;

pub use attempt::{AttemptPhase, AttemptStep};
pub use generation::{TaskPhase, TaskStep};
pub use merge::{MergePhase, MergeStep};
pub use process::{ProcessPhase, ProcessStep};
pub use provider::ProviderHealth;
pub use review::{Place, ReviewRecord, Reviewer, ReviewerKind, Verdict};
pub use worktree::{WorktreePhase, WorktreeStep};

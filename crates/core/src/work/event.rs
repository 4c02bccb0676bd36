//! What happens in a work, as the ledger holds it: replayed in order, it gives the same board.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::assignment::Proof;
use super::axis::{ProviderHealth, ReviewRecord};
use super::matching::Bid;
use super::policy::WorkPolicy;
use super::{AttemptEnd, CheckOutcome, Task, TaskId, WorkStart};
use crate::agent::Usage;

/// Version of [`WorkEvent`].
pub const WORK_EVENT_VERSION: u32 = 1;

/// One event of a work. Times are in milliseconds since 1970 in UTC, as the ledger counts them. An event that a worker
/// causes carries the epoch of its lease, and is refused under any but the current one.
///
/// Its JSON is an object with one field, which is named as the event: a field beside the others would have to be looked for
/// first, and everything before it be kept, which takes longer than all the rest of reading a work.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum WorkEvent {
    /// The first event.
    WorkStarted(Box<WorkStart>),
    /// There is another task.
    TaskAdded {
        /// The task.
        task: Box<Task>,
    },
    /// An actor has an exclusive right to these tasks, in this order, until a time.
    Claimed {
        /// A path of tasks, each ready but for those before it.
        tasks: Vec<TaskId>,
        /// Who.
        actor: String,
        /// The next epoch of this work: it fences off every holder before.
        epoch: u64,
        /// When.
        at: i64,
        /// Until when, unless it is renewed.
        until: i64,
        /// Whether the supervisor of the work holds it, and not a worker from elsewhere: the next supervisor ends it at once.
        supervised: bool,
    },
    /// The holder of a lease is alive.
    Renewed {
        /// The lease.
        epoch: u64,
        /// Until when.
        until: i64,
    },
    /// The holder gives a task back.
    Released {
        /// The task.
        task: TaskId,
        /// The lease.
        epoch: u64,
        /// Why.
        reason: String,
    },
    /// A lease ran out: its tasks can be claimed again.
    Expired {
        /// The lease.
        epoch: u64,
        /// When that was seen.
        at: i64,
    },
    /// A try begins.
    AttemptStarted {
        /// The task.
        task: TaskId,
        /// The lease.
        epoch: u64,
        /// Its number in this generation, from 1.
        attempt: u32,
        /// The expert as whom the actor works, where it does.
        speaks_as: Option<String>,
    },
    /// Its worktree is there and apart from everything else.
    WorktreeProven {
        /// The task.
        task: TaskId,
        /// The lease.
        epoch: u64,
        /// Absolute path.
        path: String,
        /// Its branch.
        branch: String,
        /// Full id of the commit that it began from.
        base: String,
    },
    /// Its actor works, in a process where poag started one.
    WorkBegan {
        /// The task.
        task: TaskId,
        /// The lease.
        epoch: u64,
        /// The process's id.
        pid: Option<u32>,
        /// When it began.
        at: i64,
    },
    /// The process of an attempt ended.
    ProcessEnded {
        /// The task.
        task: TaskId,
        /// The attempt.
        attempt: u32,
        /// Its exit code; none where a signal ended it.
        code: Option<i32>,
    },
    /// What an actor does, in words.
    Progressed {
        /// The task.
        task: TaskId,
        /// The lease.
        epoch: u64,
        /// What.
        text: String,
        /// How far it is, from 0 to 100.
        percent: Option<u8>,
    },
    /// An actor says that it is done.
    ClaimedDone {
        /// The task.
        task: TaskId,
        /// The lease.
        epoch: u64,
        /// What it did.
        summary: String,
        /// The backend's own name of its conversation.
        conversation: Option<String>,
    },
    /// That is true: it goes to review, and the lease on it ends.
    AttemptProven {
        /// The task.
        task: TaskId,
        /// The lease.
        epoch: u64,
        /// The commit and its checks.
        proof: Box<Proof>,
    },
    /// A try came to nothing. The lease stays, so that its holder can try again.
    AttemptEnded {
        /// The task.
        task: TaskId,
        /// The lease.
        epoch: u64,
        /// How.
        end: AttemptEnd,
        /// What the next try is told.
        log: String,
        /// The task is not tried again before this time; 0 for at once.
        not_before: i64,
        /// Whether it counts against the task: a provider that has too much to do does not.
        counts: bool,
    },
    /// Something was written under a lease that had ended. It changes nothing.
    WroteLate {
        /// The task.
        task: TaskId,
        /// The lease.
        epoch: u64,
        /// What.
        what: String,
    },
    /// What was uncommitted in a worktree is in a ref.
    Salvaged {
        /// The task.
        task: TaskId,
        /// The attempt.
        attempt: u32,
        /// Full name of the ref.
        salvage: String,
    },
    /// A worktree is gone; its branch stays.
    WorktreeRemoved {
        /// The task.
        task: TaskId,
        /// The attempt.
        attempt: u32,
    },
    /// Somebody says what they think of a tree.
    Reviewed {
        /// The task.
        task: TaskId,
        /// Who says what about which tree.
        review: Box<ReviewRecord>,
    },
    /// Enough approve: the task waits to be merged.
    Enqueued {
        /// The task.
        task: TaskId,
    },
    /// Reviewers or the merge queue send a task back to its author.
    SentBack {
        /// The task.
        task: TaskId,
        /// Why, and what they said.
        log: String,
    },
    /// A merge of tasks onto the tip of the work's branch was made, in the object database alone.
    CandidateMade {
        /// The tasks, in the order in which they were merged.
        tasks: Vec<TaskId>,
        /// Full id of its tree.
        tree: String,
        /// Full id of the commit.
        commit: String,
        /// Full id of the tip.
        onto: String,
    },
    /// The checks of the candidate begin.
    CandidateChecking {
        /// All tasks that it merges.
        tasks: Vec<TaskId>,
    },
    /// They are green.
    CandidateGreen {
        /// All tasks that it merges.
        tasks: Vec<TaskId>,
        /// What they said.
        checks: Vec<CheckOutcome>,
    },
    /// They are not, or the merge was none. Of one task: it is red. Of several: one of them is, and they are taken apart.
    CandidateRed {
        /// The tasks.
        tasks: Vec<TaskId>,
        /// What was said.
        log: String,
    },
    /// The work's branch moves from the tip of the candidate to the candidate.
    TasksLanded {
        /// All tasks that it merges.
        tasks: Vec<TaskId>,
        /// Full id of the commit.
        commit: String,
    },
    /// A task failed too often, and waits for a person.
    Parked {
        /// The task.
        task: TaskId,
        /// Why.
        reason: String,
    },
    /// Nobody will do a task.
    Abandoned {
        /// The task.
        task: TaskId,
        /// Why.
        reason: String,
    },
    /// A person has to decide something.
    Asked {
        /// The task.
        task: TaskId,
        /// The lease of the actor that asks; none where poag itself does.
        epoch: Option<u64>,
        /// What.
        question: String,
    },
    /// A person did.
    Answered {
        /// The task.
        task: TaskId,
        /// Who.
        by: String,
        /// What.
        text: String,
    },
    /// A person lets a task be tried again.
    Retried {
        /// The task.
        task: TaskId,
        /// Who.
        by: String,
    },
    /// A finished task is to be done anew.
    Redone {
        /// The task.
        task: TaskId,
        /// Who wants it.
        by: String,
        /// Why.
        reason: String,
    },
    /// A person says something to who does a task.
    Said {
        /// The task.
        task: TaskId,
        /// Who.
        by: String,
        /// What.
        text: String,
    },
    /// The provider of a backend answers again, or does not.
    ProviderChanged {
        /// The backend.
        backend: String,
        /// Whether it answers.
        health: ProviderHealth,
    },
    /// A turn may cost as much as this, and is about to begin.
    Reserved {
        /// Name of the turn, unique while it is open.
        turn: String,
        /// The task that it is for.
        task: TaskId,
        /// US dollars, at most.
        usd: f64,
        /// Tokens received, at most.
        output_tokens: u64,
    },
    /// What a turn did cost.
    Settled {
        /// Name of the turn.
        turn: String,
        /// What it cost.
        usage: Usage,
    },
    /// What may be done by itself changes, by a person.
    PolicyChanged {
        /// The whole policy.
        policy: Box<WorkPolicy>,
        /// Who.
        by: String,
    },
    /// An actor offers to do a task, or declines.
    BidMade {
        /// The task.
        task: TaskId,
        /// The offer.
        bid: Box<Bid>,
    },
    /// The rule of the policy does not let the work land by itself.
    HeldBack {
        /// Why.
        reasons: Vec<String>,
    },
    /// The checks of a milestone were run on a commit.
    GateChecked {
        /// The milestone.
        milestone: String,
        /// Full id of the commit.
        commit: String,
        /// What they said.
        checks: Vec<CheckOutcome>,
    },
    /// A person agrees that a milestone is reached.
    Nodded {
        /// The milestone.
        milestone: String,
        /// Who.
        by: String,
    },
    /// No attempt begins for now.
    Paused {
        /// Who.
        by: String,
    },
    /// They begin again.
    Resumed {
        /// Who.
        by: String,
    },
    /// Nothing more happens: every attempt is cancelled.
    Aborted {
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// A person's branch is about to move to the work's.
    Landed {
        /// Full name of the branch.
        branch: String,
        /// Full id of the commit where it was.
        from: String,
        /// Full id of the commit where it goes.
        to: String,
        /// Who said yes; a rule of the policy where nobody had to.
        by: String,
    },
    /// It was moved back, or its changes were reverted by another commit.
    RolledBack {
        /// Full id of the commit where the branch is then.
        to: String,
        /// Who.
        by: String,
    },
}

//! What the tools of a worker take and give.

use poag_core::work::{Proof, Task};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which work.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfWork {
    /// The work: its id, or the beginning of it. Default: the newest one.
    #[serde(default)]
    pub work: Option<String>,
}

/// Which task.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfTask {
    /// The work: its id, or the beginning of it. Default: the newest one.
    #[serde(default)]
    pub work: Option<String>,
    /// The task.
    pub task: String,
}

/// What is claimed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimOf {
    /// The work: its id, or the beginning of it. Default: the newest one.
    #[serde(default)]
    pub work: Option<String>,
    /// The actor of the work that you are.
    pub actor: String,
    /// The task. Default: the first that is ready and that the actor can do.
    #[serde(default)]
    pub task: Option<String>,
    /// How many tasks of one expert at most, each ready but for those before it. Default: 1.
    #[serde(default)]
    pub trajectory: Option<u32>,
}

/// Which lease.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfLease {
    /// The work: its id, or the beginning of it. Default: the newest one.
    #[serde(default)]
    pub work: Option<String>,
    /// The epoch that the claim gave.
    pub epoch: u64,
}

/// A task under a lease, with words.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The work: its id, or the beginning of it. Default: the newest one.
    #[serde(default)]
    pub work: Option<String>,
    /// The task.
    pub task: String,
    /// The epoch that the claim gave.
    pub epoch: u64,
    /// What is said: why it is given back, what is being done, why it came to nothing, or the question.
    pub text: String,
    /// Of `task_log`: how far it is, from 0 to 100.
    #[serde(default)]
    #[schemars(range(max = 100))]
    pub percent: Option<u8>,
    /// Of `task_fail`: what the next attempt is told.
    #[serde(default)]
    pub log: Option<String>,
}

/// What is said to be done.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DoneOf {
    /// The work: its id, or the beginning of it. Default: the newest one.
    #[serde(default)]
    pub work: Option<String>,
    /// The task.
    pub task: String,
    /// The epoch that the claim gave.
    pub epoch: u64,
    /// The commit, from the work's branch; it changes nothing but the task's flake.
    pub commit: String,
    /// What was done.
    pub summary: String,
}

/// Tasks that can be claimed now.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ReadyTasks {
    /// By name.
    pub tasks: Vec<Task>,
}

/// A lease that lasts longer.
#[derive(Debug, JsonSchema, Serialize)]
pub struct RenewedLease {
    /// The lease.
    pub epoch: u64,
    /// Until when, in milliseconds since 1970 in UTC.
    pub until: i64,
}

/// It is written down.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Written {
    /// Whether it is: always true, what cannot be written is an error.
    pub ok: bool,
}

/// Whether what is said to be done was proven.
#[derive(Debug, JsonSchema, Serialize)]
pub struct DoneAnswer {
    /// Whether it was; it goes to review then.
    pub ok: bool,
    /// The commit and its checks.
    pub proof: Option<Proof>,
    /// Why not, with the log; the attempt has ended, and the lease stays for another one.
    pub why: Option<String>,
}

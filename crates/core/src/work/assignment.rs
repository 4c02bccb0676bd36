//! What one attempt is given and what it returns.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Actor, Task};
use crate::agent::{Fault, Usage};

/// Version of [`Assignment`] and [`Outcome`].
pub const ASSIGNMENT_VERSION: u32 = 1;

/// All that one attempt at a task is given.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Assignment {
    /// Version of this document: 1.
    pub schema_version: u32,
    /// The work's id.
    pub work: String,
    /// The task.
    pub task: Task,
    /// Which try it is in this generation, from 1.
    pub attempt: u32,
    /// The epoch of the lease under which it is done; whatever is written under another one is late.
    pub epoch: u64,
    /// The flake's folder, relative to the repository's root: nothing else may be changed.
    pub folder: String,
    /// Folders below it that belong to other experts.
    pub others: Vec<String>,
    /// Full id of the commit that holds what it depends on.
    pub base: String,
    /// What its actor should know, in Markdown, within a budget of tokens, with the digest of what was left out.
    pub context: String,
    /// Commands that prove it, run from its folder.
    pub checks: Vec<String>,
    /// Commands of the policy that its actor may run beside them, word for word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
    /// Who does it.
    pub actor: Actor,
    /// What came of the try before, where there was one.
    pub previous: Option<PreviousAttempt>,
}

/// A try that came to nothing, as the next one is told of it.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreviousAttempt {
    /// Its number.
    pub attempt: u32,
    /// Why it came to nothing, in words.
    pub reason: String,
    /// What its checks or reviewers said.
    pub log: String,
    /// The backend's own name of its conversation, to go on in where the backend can.
    pub conversation: Option<String>,
    /// Its branch.
    pub branch: Option<String>,
    /// The ref that holds what it left uncommitted.
    pub salvage: Option<String>,
}

/// What an actor says came of an attempt: a claim, which nothing believes before it is proven.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Outcome {
    /// Version of this document: 1.
    pub schema_version: u32,
    /// What is claimed.
    pub outcome: OutcomeKind,
    /// What was done, in a few sentences.
    pub summary: String,
    /// Files that were made, relative to the task's folder.
    #[serde(default)]
    pub outputs: Vec<String>,
    /// What it cost.
    #[serde(default)]
    pub usage: Usage,
    /// The backend's own name of the conversation.
    #[serde(default)]
    pub conversation: Option<String>,
    /// What a person has to decide, where it asks.
    #[serde(default)]
    pub question: Option<String>,
    /// What was wrong with the backend or its provider, where that is why it failed.
    #[serde(default)]
    pub fault: Option<Fault>,
}

/// What an actor claims.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum OutcomeKind {
    /// It is done.
    Done,
    /// It could not be done.
    Failed,
    /// A person has to decide something first.
    Asking,
}

/// That a claim is true: a commit whose checks are green.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Proof {
    /// Full id of the commit.
    pub commit: String,
    /// Full id of its tree: what reviewers approve.
    pub tree: String,
    /// Full id of the commit that it began from.
    pub base: String,
    /// The patch id of base to commit, as `git patch-id --stable` counts it; approvals outlive a rebase by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<String>,
    /// Paths that changed, from the repository's root.
    pub changed: Vec<String>,
    /// What its checks said.
    pub checks: Vec<CheckOutcome>,
}

/// What one check said.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckOutcome {
    /// The command.
    pub command: String,
    /// Whether it ended with 0.
    pub green: bool,
    /// Wall clock, in seconds.
    pub seconds: f64,
    /// The end of what it said.
    pub log: String,
}

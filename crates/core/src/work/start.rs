//! What a work starts from, and how a try ends.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::milestone::Milestone;
use super::policy::WorkPolicy;
use super::{Actor, Task};

/// How a try came to nothing.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(tag = "end", rename_all = "camelCase", deny_unknown_fields)]
pub enum AttemptEnd {
    /// It is not done, or not as it must be.
    Failed {
        /// Why.
        reason: String,
    },
    /// It took longer than allowed.
    TimedOut {},
    /// Its actor, or who drove it, died.
    Crashed {},
    /// It was stopped.
    Cancelled {},
}

/// What a work starts from.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkStart {
    /// The work's id.
    pub work: String,
    /// What was asked for, as it was typed.
    pub request: String,
    /// The flake that was asked, as works are found by.
    pub flake: String,
    /// The run whose plan is carried out, where there is one.
    pub run: Option<String>,
    /// Full id of the commit that the work begins from.
    pub base: String,
    /// Full name of the branch that it lands on, where it lands.
    pub target: Option<String>,
    /// Full name of the branch that gathers it.
    pub branch: String,
    /// Who can take tasks.
    pub actors: Vec<Actor>,
    /// Who can speak for reviewers; where there is none, the actors do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviewers: Vec<Actor>,
    /// How far it may go by itself.
    pub policy: WorkPolicy,
    /// Gates, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<Milestone>,
    /// The tasks that it begins with.
    pub tasks: Vec<Task>,
}

//! What there is to do, and who can.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TaskId;

/// Longest prompt of a task, in bytes.
pub const PROMPT_BYTES: usize = 256 << 10;
/// Most tasks of one work.
pub const MOST_TASKS: usize = 50_000;

/// A unit of work in one flake.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Task {
    /// Unique in its work.
    pub id: TaskId,
    /// One line for a person.
    pub title: String,
    /// The expert whose flake it changes.
    pub expert: String,
    /// The milestone that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milestone: Option<String>,
    /// What of a design it is for, such as the ids of user stories.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub stories: BTreeSet<String>,
    /// Tasks that must have landed before it begins.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub depends_on: BTreeSet<TaskId>,
    /// What its actor must be able to do.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub requires_skills: BTreeSet<String>,
    /// What its actor had better be able to do.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub prefers_skills: BTreeSet<String>,
    /// How hard it is thought to be, from 1 to 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10))]
    pub complexity: Option<u8>,
    /// Outputs of other tasks that it needs, as `task:output`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<String>,
    /// Paths or globs below its folder that must exist when it is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<String>,
    /// Files below its folder that its actor had better read first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context_files: Vec<String>,
    /// What to do, in words.
    pub prompt: String,
    /// Programs or tools that its actor must have.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tools_required: BTreeSet<String>,
    /// The flake's folder, relative to the repository's root; empty for the root itself.
    #[serde(default)]
    pub working_dir: String,
    /// Commands that prove it, run from its folder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<String>,
    /// Experts that review it, before others are asked.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub reviewers: BTreeSet<String>,
    /// Reviewers of its own → what each looks for. All are asked before others, and an objection of any sends it back.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub panel: BTreeMap<String, String>,
    /// How often it may be sent back before a person is asked; the policy may allow less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 20))]
    pub rounds: Option<u32>,
    /// How often it is tried before it is put aside.
    #[serde(default = "attempts")]
    #[schemars(range(min = 1, max = 20))]
    pub max_attempts: u32,
    /// Wall clock of one attempt, in seconds.
    #[serde(default = "seconds")]
    #[schemars(range(min = 1, max = 86_400))]
    pub timeout_seconds: u64,
    /// From 1; a redo of a finished task is a new generation.
    #[serde(default = "first")]
    #[schemars(range(min = 1))]
    pub generation: u32,
}

fn attempts() -> u32 {
    3
}

fn seconds() -> u64 {
    1800
}

fn first() -> u32 {
    1
}

impl Task {
    /// A task with nothing beyond what it must have.
    #[must_use]
    pub fn new(id: TaskId, expert: &str, title: &str, prompt: &str) -> Self {
        Self {
            id,
            title: title.to_owned(),
            expert: expert.to_owned(),
            milestone: None,
            stories: BTreeSet::new(),
            depends_on: BTreeSet::new(),
            requires_skills: BTreeSet::new(),
            prefers_skills: BTreeSet::new(),
            complexity: None,
            inputs: Vec::new(),
            outputs: Vec::new(),
            context_files: Vec::new(),
            prompt: prompt.to_owned(),
            tools_required: BTreeSet::new(),
            working_dir: String::new(),
            checks: Vec::new(),
            reviewers: BTreeSet::new(),
            panel: BTreeMap::new(),
            rounds: None,
            max_attempts: attempts(),
            timeout_seconds: seconds(),
            generation: first(),
        }
    }
}

/// Who can take tasks.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Actor {
    /// Unique among the actors of a work.
    pub name: String,
    /// The backend that it works through.
    pub backend: String,
    /// Its model, in the backend's own terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The program and its arguments, for backends that start one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// What it can do, tools included; `*` stands for everything.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub skills: BTreeSet<String>,
    /// Tokens that it can read at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_tokens: Option<u64>,
    /// What it has earned.
    #[serde(default)]
    pub trust: Trust,
    /// Leases that it may have at a time.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 64))]
    pub capacity: u32,
    /// Experts that it works for before others; empty for all alike.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub experts: BTreeSet<String>,
}

fn one() -> u32 {
    1
}

impl Actor {
    /// An actor of a backend that can do everything, one task at a time.
    #[must_use]
    pub fn of(backend: &str) -> Self {
        Self {
            name: backend.to_owned(),
            backend: backend.to_owned(),
            model: None,
            command: None,
            skills: BTreeSet::from(["*".to_owned()]),
            context_tokens: None,
            trust: Trust::default(),
            capacity: one(),
            experts: BTreeSet::new(),
        }
    }
}

/// What an actor has earned by tasks that landed and stayed.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Trust {
    /// Nothing yet, or it was lost by a revert.
    #[default]
    Provisional,
    /// Enough tasks of it landed without a revert.
    Verified,
}

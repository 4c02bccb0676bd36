//! How a change is carried out, as a flake declares it. Like all that comes from Nix it is read without refusing what a newer
//! library adds; `lib/internal/declaration/work.nix` has checked it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// How a change is carried out that is asked of an expert. What is none is left to the runner.
#[derive(Clone, Debug, Default, Deserialize, schemars::JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WorkSettings {
    /// How far it goes by itself.
    pub policy: PolicySettings,
    /// Name → who can take tasks; none for those that the experts' own agents are.
    pub actors: BTreeMap<String, ActorSettings>,
    /// Name → who is told what became of it.
    pub notify: BTreeMap<String, RecipientSettings>,
    /// Gates, the first one first.
    pub milestones: Vec<MilestoneSettings>,
}

impl WorkSettings {
    /// Whether nothing is declared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How far a work goes by itself, as the policy of a work has it.
#[derive(Clone, Debug, Default, Deserialize, schemars::JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "described where they are used")]
pub struct PolicySettings {
    pub approvals: Option<u32>,
    pub auto_land: Option<LandingSettings>,
    pub budget: Option<BudgetSettings>,
    pub tools: Option<BTreeSet<String>>,
    pub network: Option<bool>,
    pub parallel: Option<u32>,
    pub artifact_bytes: Option<u64>,
    pub keep_worktrees: Option<bool>,
    pub rounds: Option<u32>,
    pub park_after: Option<u32>,
    pub lease_seconds: Option<u64>,
    pub bids: Option<bool>,
}

/// When a branch is moved without a yes.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema, PartialEq, Serialize)]
#[serde(untagged)]
pub enum LandingSettings {
    /// `"never"`.
    Never(String),
    /// Where all of this holds.
    When(LandingConditions),
}

/// Conditions of a landing without a yes.
#[derive(Clone, Debug, Default, Deserialize, schemars::JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "described where they are used")]
pub struct LandingConditions {
    pub lines: Option<u64>,
    pub paths: Option<BTreeSet<String>>,
    pub cost_usd: Option<f64>,
    pub trust: Option<String>,
    pub contracts: Option<bool>,
}

/// What a work may cost.
#[derive(Clone, Debug, Default, Deserialize, schemars::JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "described where they are used")]
pub struct BudgetSettings {
    pub usd: Option<f64>,
    pub output_tokens: Option<u64>,
    pub seconds: Option<u64>,
    pub task_usd: Option<f64>,
    pub task_output_tokens: Option<u64>,
    pub task_seconds: Option<u64>,
}

/// Who can take tasks.
#[derive(Clone, Debug, Default, Deserialize, schemars::JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "described where they are used")]
pub struct ActorSettings {
    pub backend: String,
    pub model: Option<String>,
    pub command: Option<Vec<String>>,
    pub skills: Option<BTreeSet<String>>,
    pub capacity: Option<u32>,
    pub context_tokens: Option<u64>,
    pub experts: Option<BTreeSet<String>>,
}

/// Who is told what became of a work: a webhook, or a program.
#[derive(Clone, Debug, Default, Deserialize, schemars::JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RecipientSettings {
    /// The webhook.
    pub url: Option<String>,
    /// The environment variable that holds its secret.
    pub secret_env: Option<String>,
    /// Whether it may be in a private network or on this machine.
    pub private: Option<bool>,
    /// The program and its arguments.
    pub command: Option<Vec<String>>,
    /// `done`, `failed`, `needs-you`; none for all of them.
    pub on: Option<BTreeSet<String>>,
}

/// A gate.
#[derive(Clone, Debug, Default, Deserialize, schemars::JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MilestoneSettings {
    /// As tasks name it.
    pub name: String,
    /// Commands that must be green on the work's branch.
    pub checks: Option<Vec<String>>,
    /// Whether a person must agree, too.
    pub nod: Option<bool>,
}

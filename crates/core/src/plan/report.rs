//! How a council came to its plan: who was asked and why, what each thinks, what is open.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::agent::Usage;
use crate::council::event::{FailureKind, Joined};
use crate::council::limits::Reached;

/// The record of one council. Lists go from the root towards its providers, whatever finished first.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Report {
    /// The run's id.
    pub id: String,
    /// The expert whose flake was asked.
    pub root: String,
    /// Questions between experts.
    pub asked: Vec<Question>,
    /// Questions that were not sent.
    pub refused: Vec<RefusedQuestion>,
    /// What each expert that took a turn thinks, and verdicts that are missing.
    pub verdicts: Vec<Opinion>,
    /// Objections that stay.
    pub dissent: Vec<Dissent>,
    /// Changes in flakes of other repositories: requests to their owners.
    pub owners: Vec<OwnerRequest>,
    /// Limits that were reached.
    pub limits: Vec<Reached>,
    /// Turns that were dropped when the time was up.
    pub dropped: Vec<TurnTaken>,
    /// Turns that came to nothing.
    pub failures: Vec<Failing>,
    /// What was looked for and not found, and whatever else is worth knowing.
    pub notes: Vec<Note>,
    /// Expert → `./path` → why this path.
    pub evidence: BTreeMap<String, BTreeMap<String, Vec<Ground>>>,
    /// Expert → `./path` → how probable it is that the file changes, from 0 to 100, where its owner says so.
    #[serde(default)]
    pub likelihood: BTreeMap<String, BTreeMap<String, u8>>,
    /// Expert → `./path` that may have to change, and is too unsure to be named as a change → why.
    #[serde(default)]
    pub perhaps: BTreeMap<String, BTreeMap<String, String>>,
    /// The experts that name paths, providers before their consumers.
    #[serde(default)]
    pub order: Vec<String>,
    /// What the request leaves open, with proposals.
    #[serde(default)]
    pub decisions: Vec<OpenDecision>,
    /// The sources of the answer.
    pub citations: Vec<Citing>,
    /// Experts that did not know their flake as it was → the command that repairs it.
    pub stale: BTreeMap<String, String>,
    /// Who spoke for which expert, in the order in which they joined.
    #[serde(default)]
    pub members: Vec<Member>,
    /// Turns that came to a result.
    pub turns: Vec<TurnTaken>,
    /// What all turns cost.
    pub usage: Usage,
}

/// Why a path is named.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ground {
    /// First and last line, from 1, inclusive.
    pub lines: Option<(u32, u32)>,
    /// What matched, or what stands there: one line.
    pub what: String,
    /// How probable it is that the file changes, from 0 to 100, where its owner says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 100))]
    pub likelihood: Option<u8>,
}

/// Something that the request leaves open.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenDecision {
    /// Who asks.
    pub expert: String,
    /// What has to be decided.
    pub question: String,
    /// What the expert proposes, and why.
    pub proposal: String,
}

/// Who spoke for an expert.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Member {
    /// The expert.
    pub expert: String,
    /// Who, and how it came to know its flake.
    pub member: Joined,
}

/// A question from a consumer to its provider.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Question {
    /// Who asked.
    pub from: String,
    /// Who was asked.
    pub to: String,
    /// What.
    pub text: String,
    /// The contract it is about, where one is.
    pub contract: Option<String>,
    /// Why this neighbour was asked.
    pub reason: String,
    /// Whether it was answered.
    pub answered: bool,
    /// Why not, where it was not.
    pub why_not: Option<String>,
}

/// A question that was not sent.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefusedQuestion {
    /// Who would have asked.
    pub from: String,
    /// Who would have been asked.
    pub to: String,
    /// What.
    pub text: String,
    /// Why it was not sent.
    pub why: String,
}

/// What an expert thinks.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Opinion {
    /// Whose.
    pub expert: String,
    /// What.
    pub verdict: Judgement,
    /// Why; empty for a plain accept.
    pub reason: String,
    /// Whom it is about, where it is about one.
    pub about: Option<String>,
}

/// A verdict without its reason.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Judgement {
    /// Fine as it is.
    Accept,
    /// Fine with what it added.
    Amend,
    /// Not fine.
    Object,
    /// It should have been given and was not.
    Missing,
}

/// An objection that stays.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dissent {
    /// Who objects.
    pub from: String,
    /// To whom.
    pub to: String,
    /// Why.
    pub reason: String,
}

/// A change in a flake of another repository.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OwnerRequest {
    /// The expert of that flake.
    pub expert: String,
    /// Where that flake is, as a flake reference.
    pub reference: String,
    /// What its owner is asked for.
    pub request: String,
}

/// A turn that came to nothing.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Failing {
    /// Whose.
    pub expert: String,
    /// Which turn.
    pub turn: u32,
    /// What sort of failure.
    pub kind: FailureKind,
    /// What happened, ending in what to do.
    pub reason: String,
    /// Whether the expert's part ended with it.
    pub last: bool,
}

/// A remark.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Note {
    /// Whose; none is the council's chair.
    pub expert: Option<String>,
    /// What.
    pub text: String,
}

/// A source of the answer.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Citing {
    /// The expert that cites it.
    pub expert: String,
    /// `./path` in its flake.
    pub path: String,
    /// First and last line, from 1, inclusive.
    pub lines: (u32, u32),
}

/// A turn.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TurnTaken {
    /// Whose.
    pub expert: String,
    /// Its number, from 1.
    pub turn: u32,
    /// The backend that took it.
    pub backend: String,
    /// What it cost.
    pub usage: Usage,
}

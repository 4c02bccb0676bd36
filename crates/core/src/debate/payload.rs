//! What a participant is given, and what it gives back: one JSON document each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Version of [`DebateInput`], [`DebateAnswer`] and [`super::DebateResult`].
pub const DEBATE_VERSION: u32 = 1;

/// What a participant gives back: a submission in a round, a ranking in the vote.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DebateAnswer {
    /// Version of this document, 1.
    pub schema_version: u32,
    /// What it holds; in a round.
    #[serde(default)]
    pub submission: Option<Submission>,
    /// Ranks of labels, best first; in the vote. Labels inside one rank are equal, labels left out come last.
    #[serde(default)]
    pub ranking: Option<Vec<Vec<String>>>,
}

/// What a participant holds in one round.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Submission {
    /// What should be done; its first line stands as a title. At most 16 KiB.
    pub position: String,
    /// Why; at most 32.
    #[serde(default)]
    pub arguments: Vec<Argument>,
    /// Labels of the proposals that it holds to be good; in a later round.
    #[serde(default)]
    pub supports: Vec<String>,
    /// Whether its own proposal shall not be voted on.
    #[serde(default)]
    pub withdraws: bool,
}

/// One reason.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Argument {
    /// In words, at most 4 KiB.
    pub text: String,
    /// What proves it; at most 32.
    #[serde(default)]
    pub citations: Vec<Cited>,
}

/// What proves an argument.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Cited {
    /// A file that an expert knows.
    File {
        /// The expert, where the file does not belong to the flake that the participant was given.
        #[serde(default)]
        expert: Option<String>,
        /// Relative to the expert's flake.
        path: String,
        /// First and last line, from 1, inclusive; none for all of it.
        #[serde(default)]
        lines: Option<(u32, u32)>,
    },
    /// What was submitted in a round before.
    Submission {
        /// The round, from 1.
        round: u32,
        /// Who submitted it.
        label: String,
    },
}

/// What is wanted of a participant.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DebateWant {
    /// A submission of the first round.
    Proposal,
    /// A submission of a later round.
    Argument,
    /// A ranking.
    Ranking,
}

/// What a participant is given in one turn.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DebateInput {
    /// Version of this document, 1.
    pub schema_version: u32,
    /// The question.
    pub topic: String,
    /// What the participant is here to care for.
    pub role: Option<String>,
    /// What was submitted in the rounds before, in their order, by label.
    pub submissions: Vec<Revealed>,
    /// The proposals that stand now, by label.
    pub choices: Vec<DebateChoice>,
    /// The participant's own label; none before it has submitted anything, and in the vote.
    pub own: Option<String>,
    /// What of this participant was refused.
    pub refused: Vec<RefusalNote>,
    /// The round, from 1; of the vote one more than there are rounds.
    pub round: u32,
    /// How many rounds there are.
    pub rounds: u32,
    /// Seconds until the round closes, counted from its opening.
    pub seconds: u64,
    /// What is wanted.
    pub want: DebateWant,
}

/// A submission after its round has closed.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Revealed {
    /// The round, from 1.
    pub round: u32,
    /// Who submitted it.
    pub label: String,
    /// What was submitted.
    pub submission: Submission,
}

/// A proposal that stands.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DebateChoice {
    /// Whose it is.
    pub label: String,
    /// The round in which it was said last.
    pub round: u32,
    /// What it says.
    pub position: String,
}

/// Something of a participant that was refused.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusalNote {
    /// The round, from 1; of the vote one more than there are rounds.
    pub round: u32,
    /// Why, ending in what to do.
    pub reason: String,
}

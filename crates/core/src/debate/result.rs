//! What comes of a debate.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::TieRule;
use super::machine::Debate;
use super::payload::{DEBATE_VERSION, Submission};
use crate::agent::Usage;
use crate::vote::{Ballot, Election, Tally, TallyMethod};

/// The result of a debate.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DebateResult {
    /// Version of this document, 1.
    pub schema_version: u32,
    /// The run's id.
    pub run: String,
    /// The question.
    pub topic: String,
    /// The label of the proposal that won; none where nobody did.
    pub winner: Option<String>,
    /// How it was found, or why there is none.
    pub method: DebateMethod,
    /// The proposals that stood at the end, by label; those that were voted on first.
    pub choices: Vec<DebateResultChoice>,
    /// The count of the vote, over labels; none where nothing was voted on.
    pub tally: Option<Tally>,
    /// What was tied, and who chose.
    pub tie: Option<TieBreak>,
    /// Who took part, by name.
    pub participants: BTreeMap<String, DebaterReport>,
    /// What was submitted, round by round.
    pub rounds: Vec<DebateRound>,
    /// Which limit ended the asking, in words.
    pub limit: Option<String>,
    /// Turns that ended, those that came to nothing too.
    pub turns: u32,
    /// What all of them cost.
    pub usage: Usage,
}

/// How a debate came to its winner, or to none.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DebateMethod {
    /// It beats every other proposal, one against one.
    Condorcet,
    /// It is left by instant runoff.
    Irv,
    /// A person chose among what was tied.
    Person,
    /// The first of what was tied, by label, as the debate began with.
    First,
    /// Only one proposal stood.
    Sole,
    /// Nobody wins: the vote is a tie.
    Tie,
    /// Nobody proposed anything, or nobody held to it.
    None,
}

/// A proposal that stood at the end.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DebateResultChoice {
    /// Its label.
    pub label: String,
    /// Who proposed it.
    pub by: String,
    /// The round in which it was said last.
    pub round: u32,
    /// What it says.
    pub position: String,
    /// Whether it was voted on.
    pub voted_on: bool,
}

/// What was tied, and who chose.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TieBreak {
    /// The labels.
    pub tied: Vec<String>,
    /// The label that was chosen.
    pub choice: String,
    /// Who chose; none where it was the rule that the debate began with.
    pub by: Option<String>,
}

/// One participant at the end.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DebaterReport {
    /// Its label.
    pub label: String,
    /// With what it thought.
    pub backend: String,
    /// Its model, where one was named.
    pub model: Option<String>,
    /// The expert whose knowledge it was given.
    pub expert: String,
    /// How it ranked the choices; none where it did not vote.
    pub ranking: Option<Vec<Vec<String>>>,
    /// Why it did not vote; none where it did, or there was no vote.
    pub no_vote: Option<String>,
    /// What its turns cost.
    pub usage: Usage,
}

/// One round.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DebateRound {
    /// Participant → what it submitted.
    pub submissions: BTreeMap<String, Submission>,
    /// Who submitted nothing that counts, and why.
    pub missing: Vec<Missing>,
}

/// Somebody of whom nothing counts.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Missing {
    /// The participant.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl Debate {
    /// The count of the vote, once it has closed. The voters are participants, the choices labels.
    #[must_use]
    pub fn tally(&self) -> Option<Tally> {
        let vote = self.vote()?;
        let ballot = |(by, ranking): (&String, &Vec<Vec<String>>)| Ballot {
            by: by.clone(),
            ranking: ranking.clone(),
        };
        let election = Election {
            choices: self.ballot().to_vec(),
            ballots: vote.rankings.iter().map(ballot).collect(),
        };
        // Each ballot was checked on its own when it was taken in.
        election.tally().ok()
    }

    /// What comes of the debate as it stands: the same events give the same result.
    #[must_use]
    pub fn outcome(&self) -> DebateResult {
        let start = self.start();
        let (tally, tie) = (self.tally(), self.tie_break().cloned());
        let standing = self.standing();
        let (winner, method) = match (&tally, &tie) {
            (_, Some(tie)) => {
                let method = match tie.by {
                    Some(_) => DebateMethod::Person,
                    None => DebateMethod::First,
                };
                (Some(tie.choice.clone()), method)
            }
            (Some(tally), None) => {
                let method = match tally.method {
                    TallyMethod::Condorcet => DebateMethod::Condorcet,
                    TallyMethod::Irv => DebateMethod::Irv,
                    TallyMethod::Tie => DebateMethod::Tie,
                };
                (tally.winner.clone(), method)
            }
            (None, None) => match standing.as_slice() {
                [only] => (Some(only.label.clone()), DebateMethod::Sole),
                _ => (None, DebateMethod::None),
            },
        };
        let by = |label: &str| {
            let mut panel = start.panel.iter();
            let found = panel.find(|(_, debater)| debater.label == label);
            found.map(|(name, _)| name.clone()).unwrap_or_default()
        };
        let mut choices: Vec<DebateResultChoice> = standing
            .into_iter()
            .map(|choice| DebateResultChoice {
                by: by(&choice.label),
                voted_on: self.ballot().contains(&choice.label),
                label: choice.label,
                round: choice.round,
                position: choice.position,
            })
            .collect();
        choices.sort_by_key(|choice| !choice.voted_on);
        let rounds = self.closed().iter().map(|round| DebateRound {
            submissions: round.submissions.clone(),
            missing: missing(&round.missing),
        });
        let mut usage = Usage::default();
        self.spent().values().for_each(|spent| usage += *spent);
        DebateResult {
            schema_version: DEBATE_VERSION,
            run: start.run.clone(),
            topic: start.topic.clone(),
            winner,
            method,
            choices,
            tally,
            tie,
            participants: self.reports(),
            rounds: rounds.collect(),
            limit: self.exhausted(),
            turns: self.turns(),
            usage,
        }
    }

    fn reports(&self) -> BTreeMap<String, DebaterReport> {
        let (start, vote) = (self.start(), self.vote());
        let panel = start.panel.iter();
        let report = |(name, debater): (&String, &super::Debater)| {
            let backend = start.selection.backends.get(name);
            let report = DebaterReport {
                label: debater.label.clone(),
                backend: backend.cloned().unwrap_or_default(),
                model: start.selection.models.get(name).cloned(),
                expert: debater.expert.clone(),
                ranking: vote.and_then(|vote| vote.rankings.get(name).cloned()),
                no_vote: vote.and_then(|vote| vote.missing.get(name).cloned()),
                usage: self.spent().get(name).copied().unwrap_or_default(),
            };
            (name.clone(), report)
        };
        panel.map(report).collect()
    }
}

impl DebateResult {
    /// The proposal that won.
    #[must_use]
    pub fn won(&self) -> Option<&DebateResultChoice> {
        let winner = self.winner.as_ref()?;
        self.choices.iter().find(|choice| choice.label == *winner)
    }
}

impl TieRule {
    /// As the command line writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::First => "first",
            Self::Fail => "fail",
        }
    }
}

fn missing(all: &BTreeMap<String, String>) -> Vec<Missing> {
    let missing = |(by, reason): (&String, &String)| Missing {
        by: by.clone(),
        reason: reason.clone(),
    };
    all.iter().map(missing).collect()
}

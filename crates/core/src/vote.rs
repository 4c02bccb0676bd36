//! Ranked votes: the Condorcet winner, else instant runoff, else a tie that a person breaks.
//!
//! [`Election::tally`] counts. The rules:
//!
//! - A choice beats another when more ballots rank it above than below. A ballot ranks every choice that it names above
//!   every choice that it leaves out, and says nothing between two that it leaves out.
//! - The Condorcet winner beats every other choice, and wins.
//! - Without one, instant runoff: each ballot counts fully for each choice in its highest rank that still has one
//!   (approval-IRV: Delemazure and Peters, "Generalizing Instant Runoff Voting to Allow for Indifferences", 2024,
//!   <https://arxiv.org/abs/2404.11407>; without ties inside a rank it is the usual instant runoff). A ballot that names
//!   no choice that is left counts for none.
//! - **All choices with the lowest count leave at once**: no order of the choices, and no draw, decides.
//! - When every choice that is left has the same count, it is a tie, and nobody wins.

mod runoff;
mod validate;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use runoff::RunoffRound;
pub use validate::{MAX_BALLOTS, MAX_CHOICES, MAX_NAME_CHARS, VoteError};

/// What is voted on, and by whom.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Election {
    /// What can be chosen: 1 to 64 different names.
    pub choices: Vec<String>,
    /// The ballots, at most one of each voter.
    pub ballots: Vec<Ballot>,
}

/// What one voter prefers.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Ballot {
    /// The voter.
    pub by: String,
    /// Ranks, best first; choices inside one rank are equal, choices left out come last.
    pub ranking: Vec<Vec<String>>,
}

/// How the winner was found.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TallyMethod {
    /// The winner beats every other choice, one against one.
    Condorcet,
    /// No choice beats every other; the winner is left by instant runoff.
    Irv,
    /// Nobody wins.
    Tie,
}

/// The result of a vote.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tally {
    /// The choice that won, or null for a tie.
    pub winner: Option<String>,
    /// How it was found.
    pub method: TallyMethod,
    /// The choices that are tied, in the order in which they were given; empty when there is a winner.
    pub tied: Vec<String>,
    /// How many ballots rank the first choice above the second.
    pub matrix: BTreeMap<String, BTreeMap<String, u64>>,
    /// The rounds of instant runoff; empty when there is a Condorcet winner.
    pub rounds: Vec<RunoffRound>,
    /// The voters whose ballots rank nothing, in the order in which they were given.
    pub abstained: Vec<String>,
}

impl Election {
    /// Counts the ballots by the rules of this module. Time grows with ballots times the square of choices.
    ///
    /// # Errors
    ///
    /// The election is not valid: see [`VoteError`]. Nothing is counted then.
    pub fn tally(&self) -> Result<Tally, VoteError> {
        let ranks = self.ranks()?;
        let wins = pairwise(self.choices.len(), &ranks);
        let abstained = self.ballots.iter().filter(|ballot| ballot.is_empty());
        let (winner, method, left, rounds) = match condorcet(&wins) {
            Some(winner) => (Some(winner), TallyMethod::Condorcet, Vec::new(), Vec::new()),
            None => {
                let (mut left, rounds) = runoff::runoff(&self.choices, &ranks);
                match left.len() {
                    1 => (left.pop(), TallyMethod::Irv, Vec::new(), rounds),
                    _ => (None, TallyMethod::Tie, left, rounds),
                }
            }
        };
        let name = |choice: usize| self.choices[choice].clone();
        Ok(Tally {
            winner: winner.map(name),
            method,
            tied: left.into_iter().map(name).collect(),
            matrix: self.matrix(&wins),
            rounds,
            abstained: abstained.map(|ballot| ballot.by.clone()).collect(),
        })
    }

    fn matrix(&self, wins: &[Vec<u64>]) -> BTreeMap<String, BTreeMap<String, u64>> {
        let row = |above: usize| {
            let others = self.choices.iter().enumerate();
            let others = others.filter(|(below, _)| *below != above);
            others
                .map(|(below, name)| (name.clone(), wins[above][below]))
                .collect()
        };
        let choices = self.choices.iter().enumerate();
        choices
            .map(|(above, name)| (name.clone(), row(above)))
            .collect()
    }
}

impl Ballot {
    fn is_empty(&self) -> bool {
        self.ranking.iter().all(Vec::is_empty)
    }
}

/// The rank of each choice on one ballot, 0 the best; those left out have none.
type Ranks = Vec<Option<usize>>;

/// How many ballots rank the first choice above the second.
fn pairwise(choices: usize, ballots: &[Ranks]) -> Vec<Vec<u64>> {
    let mut wins = vec![vec![0; choices]; choices];
    let place = |rank: Option<usize>| rank.unwrap_or(usize::MAX);
    for ranks in ballots {
        for (above, row) in wins.iter_mut().enumerate() {
            for (below, count) in row.iter_mut().enumerate() {
                *count += u64::from(place(ranks[above]) < place(ranks[below]));
            }
        }
    }
    wins
}

fn condorcet(wins: &[Vec<u64>]) -> Option<usize> {
    let beats_all = |choice: &usize| {
        (0..wins.len()).all(|other| other == *choice || wins[*choice][other] > wins[other][*choice])
    };
    (0..wins.len()).find(beats_all)
}

#[cfg(test)]
mod recorded;
#[cfg(test)]
mod tests;

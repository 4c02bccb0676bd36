//! Which elections can be counted.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::{Ballot, Election, Ranks};

/// Choices of one election.
pub const MAX_CHOICES: usize = 64;
/// Ballots of one election.
pub const MAX_BALLOTS: usize = 100_000;
/// Characters of the name of a choice or a voter.
pub const MAX_NAME_CHARS: usize = 200;

/// Why an election cannot be counted.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum VoteError {
    /// Too few or too many choices.
    #[error(
        "{0} choices; a vote has between 1 and {MAX_CHOICES}\nrepair: name what can be chosen in `choices`"
    )]
    Choices(usize),
    /// Too many ballots.
    #[error(
        "{0} ballots; a vote has at most {MAX_BALLOTS}\nrepair: count parts of them on their own"
    )]
    Ballots(usize),
    /// A name that is empty or too long.
    #[error(
        "a name in {place} is empty or longer than {MAX_NAME_CHARS} characters\nrepair: give it a short name"
    )]
    Name {
        /// Where it stands.
        place: String,
    },
    /// A choice is listed twice.
    #[error("the choice '{0}' is listed twice\nrepair: list it once")]
    ChoiceTwice(String),
    /// A voter has two ballots.
    #[error("'{0}' has more than one ballot\nrepair: keep the one that counts")]
    VoterTwice(String),
    /// A ballot ranks what cannot be chosen.
    #[error(
        "the ballot of '{by}' ranks '{choice}', which is no choice\nrepair: use the names in `choices`"
    )]
    Unknown {
        /// The voter.
        by: String,
        /// The name on the ballot.
        choice: String,
    },
    /// A ballot ranks a choice twice.
    #[error("the ballot of '{by}' ranks '{choice}' twice\nrepair: rank it once")]
    RankedTwice {
        /// The voter.
        by: String,
        /// The choice.
        choice: String,
    },
}

impl Election {
    /// The ranks of each ballot, by the place of a choice in `choices`; or what is not valid.
    pub(super) fn ranks(&self) -> Result<Vec<Ranks>, VoteError> {
        if !(1..=MAX_CHOICES).contains(&self.choices.len()) {
            return Err(VoteError::Choices(self.choices.len()));
        }
        if self.ballots.len() > MAX_BALLOTS {
            return Err(VoteError::Ballots(self.ballots.len()));
        }
        let mut places = BTreeMap::new();
        for (place, choice) in self.choices.iter().enumerate() {
            named(choice, "`choices`")?;
            if places.insert(choice.as_str(), place).is_some() {
                return Err(VoteError::ChoiceTwice(choice.clone()));
            }
        }
        let mut voters = BTreeSet::new();
        for ballot in &self.ballots {
            named(&ballot.by, "`by` of a ballot")?;
            if !voters.insert(&ballot.by) {
                return Err(VoteError::VoterTwice(ballot.by.clone()));
            }
        }
        let ballots = self.ballots.iter();
        ballots.map(|ballot| ranks(ballot, &places)).collect()
    }
}

fn named(name: &str, place: &str) -> Result<(), VoteError> {
    match name.trim().is_empty() || name.chars().count() > MAX_NAME_CHARS {
        true => Err(VoteError::Name {
            place: place.to_owned(),
        }),
        false => Ok(()),
    }
}

fn ranks(ballot: &Ballot, places: &BTreeMap<&str, usize>) -> Result<Ranks, VoteError> {
    let mut ranks = vec![None; places.len()];
    for (rank, choices) in ballot.ranking.iter().enumerate() {
        for choice in choices {
            let (by, choice) = (|| ballot.by.clone(), choice.as_str());
            let Some(place) = places.get(choice) else {
                let choice = choice.chars().take(MAX_NAME_CHARS).collect();
                return Err(VoteError::Unknown { by: by(), choice });
            };
            if ranks[*place].replace(rank).is_some() {
                let choice = choice.to_owned();
                return Err(VoteError::RankedTwice { by: by(), choice });
            }
        }
    }
    Ok(ranks)
}

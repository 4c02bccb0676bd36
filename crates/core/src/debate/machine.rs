//! The state of a debate, and what is next.

use std::collections::BTreeMap;

use thiserror::Error;

use super::event::{DebateStart, TieRule};
use super::payload::{DebateWant, RefusalNote, Submission};
use super::result::{DebateResult, TieBreak};
use crate::agent::Usage;
use crate::council::event::{Failure, TurnId};
use crate::vote::Tally;

/// What is to be done next.
#[derive(Clone, Debug, PartialEq)]
pub enum DebateStep {
    /// A round opens, or the vote, which has choices.
    Open {
        /// From 1.
        round: u32,
        /// Labels that may be ranked.
        choices: Vec<String>,
    },
    /// These turns start.
    Ask(Vec<TurnId>),
    /// Turns are under way.
    Wait,
    /// Nobody of the open round has anything left to say.
    Close,
    /// A person chooses among these labels.
    Person(Vec<String>),
    /// The rule for ties chooses this label.
    Break(String),
    /// The result is written down.
    Finish,
    /// Nothing: it is over.
    Over,
}

/// A round that nobody submits to any more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClosedRound {
    /// Participant → what it submitted.
    pub submissions: BTreeMap<String, Submission>,
    /// Participant → how it ranked the choices; in the vote.
    pub rankings: BTreeMap<String, Vec<Vec<String>>>,
    /// Participant → why nothing of it counts.
    pub missing: BTreeMap<String, String>,
}

/// A turn of the open round that came to nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelFailure {
    /// How often it was taken.
    pub times: u32,
    /// Why, the last time.
    pub last: Failure,
}

/// Why an event does not fit.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum DebateRefusal {
    /// Its round is not open.
    #[error(
        "round {round} is not open for '{debater}': what it said is refused\nrepair: none; the debate goes on without it"
    )]
    Late {
        /// The participant.
        debater: String,
        /// The round.
        round: u32,
    },
    /// Something else was submitted before.
    #[error(
        "'{debater}' has submitted something else in round {round} already\nrepair: none; what came first counts"
    )]
    Already {
        /// The participant.
        debater: String,
        /// The round.
        round: u32,
    },
    /// Nobody of that name takes part.
    #[error("'{0}' does not take part\nrepair: name one of the participants")]
    Stranger(String),
    /// The tie is broken.
    #[error("'{choice}' was chosen already{}\nrepair: none; what came first counts", by.as_ref().map_or_else(String::new, |by| format!(" by {by}")))]
    Broken {
        /// The label.
        choice: String,
        /// Who chose it.
        by: Option<String>,
    },
    /// What was chosen is not tied.
    #[error("'{choice}' is not one of what is tied\nrepair: {}", match tied.is_empty() { true => "nothing is to be chosen in this debate".to_owned(), false => format!("choose one of: {}", tied.join(", ")) })]
    NotTied {
        /// What was chosen.
        choice: String,
        /// What can be.
        tied: Vec<String>,
    },
    /// It does not follow from what happened before.
    #[error("'{0}' does not fit what happened before\nrepair: read it with the poag that wrote it")]
    Order(&'static str),
}

/// One debate, as far as it has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Debate {
    pub(super) start: DebateStart,
    pub(super) closed: Vec<ClosedRound>,
    pub(super) open: Option<OpenRound>,
    pub(super) ballot: Vec<String>,
    pub(super) vote: Option<ClosedRound>,
    pub(super) refused: Vec<(String, RefusalNote)>,
    /// (participant, round) → how often its turn was started.
    pub(super) attempts: BTreeMap<(String, u32), u32>,
    pub(super) spent: BTreeMap<String, Usage>,
    pub(super) turns: u32,
    pub(super) tie: Option<TieBreak>,
    pub(super) result: Option<DebateResult>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct OpenRound {
    pub round: u32,
    pub said: ClosedRound,
    pub under_way: BTreeMap<String, TurnId>,
    pub failed: BTreeMap<String, PanelFailure>,
}

impl Debate {
    /// A debate in which nothing has happened.
    #[must_use]
    pub fn new(start: DebateStart) -> Self {
        Self {
            start,
            closed: Vec::new(),
            open: None,
            ballot: Vec::new(),
            vote: None,
            refused: Vec::new(),
            attempts: BTreeMap::new(),
            spent: BTreeMap::new(),
            turns: 0,
            tie: None,
            result: None,
        }
    }

    /// What it began with.
    #[must_use]
    pub fn start(&self) -> &DebateStart {
        &self.start
    }

    /// The rounds that have closed, in order, without the vote.
    #[must_use]
    pub fn closed(&self) -> &[ClosedRound] {
        &self.closed
    }

    /// The vote, once it has closed.
    #[must_use]
    pub fn vote(&self) -> Option<&ClosedRound> {
        self.vote.as_ref()
    }

    /// The round that is open; of the vote one more than there are rounds.
    #[must_use]
    pub fn open_round(&self) -> Option<u32> {
        self.open.as_ref().map(|open| open.round)
    }

    /// The labels that may be ranked; none before the vote.
    #[must_use]
    pub fn ballot(&self) -> &[String] {
        &self.ballot
    }

    /// The labels of all participants.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        let panel = self.start.panel.values();
        panel.map(|debater| debater.label.as_str())
    }

    /// What was submitted under a label in a round that has closed.
    #[must_use]
    pub fn revealed(&self, round: u32, label: &str) -> Option<&Submission> {
        let at = usize::try_from(round).ok()?.checked_sub(1)?;
        let said = &self.closed.get(at)?.submissions;
        let panel = &self.start.panel;
        let mut named = said.iter();
        let is_its = |name: &String| panel.get(name).is_some_and(|one| one.label == label);
        named.find_map(|(name, submission)| is_its(name).then_some(submission))
    }

    /// What is wanted of participants now.
    #[must_use]
    pub fn want(&self) -> DebateWant {
        match self.open_round().unwrap_or(1) {
            1 => DebateWant::Proposal,
            round if round > self.start.rounds => DebateWant::Ranking,
            _ => DebateWant::Argument,
        }
    }

    /// What of a participant was refused so far.
    pub fn refused(&self, debater: &str) -> impl Iterator<Item = &RefusalNote> {
        let all = self.refused.iter();
        all.filter(move |(name, _)| name == debater)
            .map(|(_, note)| note)
    }

    /// Turns that ended, those that came to nothing too.
    #[must_use]
    pub fn turns(&self) -> u32 {
        self.turns
    }

    /// Participant → what its turns cost.
    #[must_use]
    pub fn spent(&self) -> &BTreeMap<String, Usage> {
        &self.spent
    }

    /// Who chose among what was tied.
    #[must_use]
    pub fn tie_break(&self) -> Option<&TieBreak> {
        self.tie.as_ref()
    }

    /// The result, once it is written down.
    #[must_use]
    pub fn result(&self) -> Option<&DebateResult> {
        self.result.as_ref()
    }

    /// What is to be done next.
    #[must_use]
    pub fn next_step(&self) -> DebateStep {
        if self.result.is_some() {
            return DebateStep::Over;
        }
        if let Some(open) = &self.open {
            let due = self.due(open);
            return match (due.is_empty(), open.under_way.is_empty()) {
                (false, _) => DebateStep::Ask(due),
                (true, false) => DebateStep::Wait,
                (true, true) => DebateStep::Close,
            };
        }
        if self.vote.is_some() {
            return self.after_vote();
        }
        let (standing, done) = (self.standing(), self.closed.len());
        let everybody_spoke = self.start.panel.keys().all(|name| {
            let mut rounds = self.closed.iter();
            rounds.any(|round| round.submissions.contains_key(name))
        });
        let round = u32::try_from(done).unwrap_or(u32::MAX).saturating_add(1);
        match standing.len() {
            // Nobody proposes anything, or nobody holds to it.
            0 if done > 0 => DebateStep::Finish,
            // Where the others withdrew, there is no alternative to debate.
            1 if everybody_spoke => DebateStep::Finish,
            _ if round <= self.start.rounds => DebateStep::Open {
                round,
                choices: Vec::new(),
            },
            1 => DebateStep::Finish,
            _ => DebateStep::Open {
                round,
                choices: self.eligible(),
            },
        }
    }

    fn after_vote(&self) -> DebateStep {
        match (self.tied(), self.start.tie) {
            (tied, _) if tied.is_empty() || self.tie.is_some() => DebateStep::Finish,
            (tied, TieRule::Ask) => DebateStep::Person(tied),
            (tied, TieRule::First) => tied
                .into_iter()
                .next()
                .map_or(DebateStep::Finish, DebateStep::Break),
            (_, TieRule::Fail) => DebateStep::Finish,
        }
    }

    /// The labels that the vote leaves tied.
    #[must_use]
    pub fn tied(&self) -> Vec<String> {
        let tally: Option<Tally> = self.tally();
        tally.map(|tally| tally.tied).unwrap_or_default()
    }

    /// Turns that may start now.
    pub(super) fn due(&self, open: &OpenRound) -> Vec<TurnId> {
        if self.exhausted().is_some() {
            return Vec::new();
        }
        let waits = |name: &&String| {
            let done = open.said.submissions.contains_key(*name)
                || open.said.rankings.contains_key(*name)
                || open.under_way.contains_key(*name);
            let given_up = open
                .failed
                .get(*name)
                .is_some_and(|failed| !failed.last.retry || failed.times > self.start.retries);
            !done && !given_up
        };
        let names = self.start.panel.keys().filter(waits);
        let turn = |name: &String| TurnId {
            expert: name.clone(),
            turn: open.round,
            attempt: self.attempts(name, open.round) + 1,
        };
        names.map(turn).collect()
    }

    fn attempts(&self, name: &str, round: u32) -> u32 {
        let key = (name.to_owned(), round);
        self.attempts.get(&key).copied().unwrap_or(0)
    }

    /// Which limit of all turns was reached, in words.
    #[must_use]
    pub fn exhausted(&self) -> Option<String> {
        let mut spent = Usage::default();
        self.spent.values().for_each(|usage| spent += *usage);
        let tokens = spent.input_tokens.saturating_add(spent.output_tokens);
        let start = &self.start;
        if start.max_tokens.is_some_and(|most| tokens >= most) {
            let most = start.max_tokens.unwrap_or_default();
            return Some(format!("the {most} tokens of the debate are spent"));
        }
        let most = start.max_cost_usd.filter(|most| spent.cost_usd >= *most)?;
        Some(format!("the {most} USD of the debate are spent"))
    }
}

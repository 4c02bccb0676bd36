//! The state of one expert in a council.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::agent::Usage;
use crate::council::event::Failure;
use crate::council::message::{Ask, Retry, TurnResult};

/// One expert in a council.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seat {
    /// Messages that wait for its next turn, oldest first.
    pub unread: Vec<u64>,
    /// Turns begun.
    pub turns: u32,
    /// The turn that was begun and has not ended.
    pub now: Option<Now>,
    /// What it said last; its word in the plan.
    pub result: Option<TurnResult>,
    /// Why it takes no more turns.
    pub failed: Option<Failure>,
    /// How often its result changed.
    pub(in crate::council) version: u32,
    /// Messages it had before it in turns that finished.
    pub(in crate::council) read: BTreeSet<u64>,
    /// Asks it has read and not answered.
    pub(super) owes: Vec<u64>,
    /// Its own asks that nobody answered yet.
    pub(super) waits: BTreeSet<u64>,
    /// What it asked already: (whom, what, about which contract) → the message, if it was sent.
    pub(super) asked: BTreeMap<QuestionKey, Option<u64>>,
    pub(super) spent: Spent,
    /// Edges between it and the root, along the asks.
    pub(super) depth: u32,
}

/// Whom, what, about which contract.
type QuestionKey = (String, String, Option<String>);

/// The words that make an ask the same ask.
pub(super) fn question(ask: &Ask) -> QuestionKey {
    (ask.to.clone(), ask.text.clone(), ask.contract.clone())
}

/// A turn that was begun.
#[derive(Clone, Debug, PartialEq)]
pub struct Now {
    /// Its number, from 1.
    pub turn: u32,
    /// How often it was started.
    pub attempt: u32,
    /// How often it failed.
    pub failures: u32,
    /// What was wrong the last time, ending in what to do.
    pub problem: Option<String>,
    /// Whether somebody is at it; if not, it is to be started again.
    pub running: bool,
    /// What it was given.
    pub messages: Vec<u64>,
}

impl Now {
    /// What the next attempt is told of those before.
    pub(super) fn retry(&self) -> Option<Retry> {
        let problem = self.problem.clone()?;
        Some(Retry {
            attempts: self.failures,
            problem,
        })
    }
}

impl Seat {
    /// Notes an ask; false when it was asked before.
    pub(super) fn asks(&mut self, ask: &Ask) -> bool {
        match self.asked.entry(question(ask)) {
            Entry::Vacant(place) => {
                place.insert(None);
                true
            }
            Entry::Occupied(_) => false,
        }
    }

    /// Notes that an ask was sent.
    pub(super) fn sent(&mut self, ask: &Ask, id: u64) {
        self.asked.insert(question(ask), Some(id));
    }
}

/// What was used up. Sums of whole numbers, so that no order of adding changes them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Spent {
    /// Tokens sent.
    pub input: u64,
    /// Of these, read from a prompt cache.
    pub cached: u64,
    /// Tokens received.
    pub output: u64,
    /// Billionths of a US dollar.
    pub nano_usd: u64,
}

impl Spent {
    /// Adds what a turn cost. A backend's word is not trusted to be a sane number.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, NaN is 0"
    )]
    pub fn add(&mut self, usage: Usage) {
        self.input = self.input.saturating_add(usage.input_tokens);
        self.cached = self.cached.saturating_add(usage.cached_tokens);
        self.output = self.output.saturating_add(usage.output_tokens);
        let nano = (usage.cost_usd * 1e9).round() as u64;
        self.nano_usd = self.nano_usd.saturating_add(nano);
    }

    /// Tokens sent and received.
    #[must_use]
    pub fn tokens(&self) -> u64 {
        self.input.saturating_add(self.output)
    }

    /// The same as a usage.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "money is shown, not counted, in this form"
    )]
    pub fn usage(&self) -> Usage {
        Usage {
            input_tokens: self.input,
            cached_tokens: self.cached,
            output_tokens: self.output,
            cost_usd: self.nano_usd as f64 / 1e9,
        }
    }
}

//! A batch of the merge queue: branches checked together, and taken apart where they are red together.
//!
//! ```text
//! check 1 2 3 4 ── green ──▶ all land
//!       └─ red ─▶ check 1 2 ─▶ check 1, or 1 2 3 ─▶ one culprit ─▶ check the others together
//! ```
//!
//! One culprit among four costs at most three further checks: two to find it, one for the others without it.

use std::ops::Range;

/// Branches that are checked together at most. More would cost more checks for each culprit than they save.
pub const MAX_BATCH: usize = 4;

/// What is to be done next.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum BatchStep {
    /// Check these branches together, in this order, on the tip.
    Check(Vec<usize>),
    /// It is over.
    Over {
        /// They were checked together, green, in this order: land exactly that candidate. Empty where none is green.
        land: Vec<usize>,
        /// They are red on the branches of lower numbers that land: they go back.
        red: Vec<usize>,
    },
}

/// Which of a batch's branches land. Tell it whether each [`BatchStep::Check`] was green.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Branches that are not culprits, in order.
    waiting: Vec<usize>,
    red: Vec<usize>,
    /// So many of those that wait are green together: none, at the beginning.
    green: usize,
    /// So many of those that wait are red together.
    broken: Option<usize>,
}

impl Batch {
    /// A batch of branches 0, 1, …: those of `branches` beyond [`MAX_BATCH`] wait for the next one.
    #[must_use]
    pub fn new(branches: usize) -> Self {
        Self {
            waiting: Range {
                start: 0,
                end: branches.min(MAX_BATCH),
            }
            .collect(),
            red: Vec::new(),
            green: 0,
            broken: None,
        }
    }

    /// What is to be done now.
    #[must_use]
    pub fn step(&self) -> BatchStep {
        match self.next() {
            Some(count) => BatchStep::Check(self.waiting.iter().take(count).copied().collect()),
            None => BatchStep::Over {
                land: self.waiting.clone(),
                red: self.red.clone(),
            },
        }
    }

    /// How many of those that wait are to be checked together; none when all of them are green.
    fn next(&self) -> Option<usize> {
        match self.broken {
            None if self.green == self.waiting.len() => None,
            None => Some(self.waiting.len()),
            Some(broken) => Some(self.green + (broken - self.green) / 2),
        }
    }

    /// Takes the verdict on what [`Batch::step`] wanted checked.
    pub fn checked(&mut self, green: bool) {
        let Some(count) = self.next() else { return };
        match green {
            true => self.green = count,
            false => self.broken = Some(count),
        }
        // Green up to here and red with one more: that one is it.
        if self.broken == Some(self.green + 1) {
            self.red.push(self.waiting.remove(self.green));
            self.broken = None;
        }
    }
}

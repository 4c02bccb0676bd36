//! One expert looking at one request: everything the parts of a turn share.

use super::error::LibrarianError;
use super::index::Index;
use super::intent::Intent;
use super::query::Query;
use super::rank::{Ranker, Ranking};
use super::reader::Reader;
use super::search::{Found, search};
use crate::expert::{Contract, Expert};

/// An expert, its index, and what the index holds of the request.
pub struct View<'a> {
    /// The speaker.
    pub expert: &'a Expert,
    /// The index of its knowledge.
    pub index: &'a Index,
    /// The text of its files.
    pub reader: Reader<'a>,
    /// What kind of request it is.
    pub intent: &'a Intent,
    /// What to look for.
    pub query: &'a Query,
    /// What was found.
    pub found: Found,
    /// The files as the past of the repository ranks them.
    pub ranking: Option<Ranking>,
}

impl<'a> View<'a> {
    /// Searches.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn new(
        expert: &'a Expert,
        index: &'a Index,
        intent: &'a Intent,
        query: &'a Query,
    ) -> Result<Self, LibrarianError> {
        let found = search(index, query)?;
        Ok(Self {
            found,
            ..Self::unsearched(expert, index, intent, query)
        })
    }

    /// Does not search, for turns in which nobody asks anything.
    pub fn unsearched(
        expert: &'a Expert,
        index: &'a Index,
        intent: &'a Intent,
        query: &'a Query,
    ) -> Self {
        Self {
            expert,
            index,
            reader: Reader::new(index),
            intent,
            query,
            found: Found::default(),
            ranking: None,
        }
    }

    /// The same, with the files also ranked by `ranker`.
    pub fn ranked(mut self, ranker: Option<&Ranker>, request: &str) -> Self {
        self.ranking = ranker.map(|ranker| ranker.rank(request));
        self
    }

    /// The words of the request in `mask`, in ticks, for a sentence: only those that say what it is about, if
    /// there are any.
    pub fn named(&self, mask: u64) -> String {
        let strong = self.query.surfaces(mask & self.query.strong());
        ticked(&if strong.is_empty() {
            self.query.surfaces(mask)
        } else {
            strong
        })
    }

    /// The words of the request that an own contract speaks of, as bits.
    pub fn promises(&self, name: &str, contract: &Contract) -> u64 {
        self.query.mask(&format!("{name} {}", contract.summary))
    }

    /// The words of the request that stand nowhere in the knowledge.
    pub fn missing(&self) -> Vec<&str> {
        self.query.surfaces(!self.found.known & self.query.strong())
    }
}

/// Words in ticks, separated by commas; many are cut.
pub fn ticked<S: AsRef<str>>(words: &[S]) -> String {
    let shown: Vec<String> = words
        .iter()
        .take(6)
        .map(|word| format!("`{}`", word.as_ref()))
        .collect();
    let more = if words.len() > 6 { ", …" } else { "" };
    shown.join(", ") + more
}

/// "line 3" or "lines 3–9".
pub fn lines(range: (u32, u32)) -> String {
    if range.0 == range.1 {
        format!("line {}", range.0)
    } else {
        format!("lines {}–{}", range.0, range.1)
    }
}

//! The order in which a plan is read: providers before consumers, and in a flake what is most likely to change first,
//! with tests, examples and documentation apart.

use std::collections::BTreeSet;

use crate::expert::FileRole;
use crate::plan::{Plan, is_read};

/// What a plan says about one flake.
pub(super) struct FlakeView<'p> {
    /// Its expert.
    pub expert: &'p str,
    /// What is to be done or read there.
    pub first: Vec<NamedPath<'p>>,
    /// The same for tests, examples and documentation.
    pub apart: Vec<NamedPath<'p>>,
    /// What may have to change.
    pub perhaps: Vec<NamedPath<'p>>,
}

/// One path.
pub(super) struct NamedPath<'p> {
    /// `./path` in its flake.
    pub path: &'p str,
    /// What to do there, or why it is named.
    pub what: &'p str,
    /// How probable it is that it changes, from 0 to 100.
    pub likelihood: Option<u8>,
}

impl NamedPath<'_> {
    /// ` (87 %)`; nothing where nobody says how likely it is, or where it is only read.
    pub fn share(&self) -> String {
        match self.likelihood {
            Some(likelihood) if !self.is_read() => format!(" ({likelihood} %)"),
            _ => String::new(),
        }
    }

    fn is_read(&self) -> bool {
        is_read(self.what)
    }
}

impl Plan {
    /// The flakes with paths, in reading order. What is unsure is left out beside an answer without a plan: nobody
    /// asked for a change.
    pub(super) fn flakes(&self) -> Vec<FlakeView<'_>> {
        let council = &self.council;
        let answered = !self.answer.is_empty() && self.plan.is_empty();
        let known: BTreeSet<&String> = council.order.iter().collect();
        let all = self.subflakes.keys().chain(council.perhaps.keys());
        let others: BTreeSet<&String> = all.filter(|name| !known.contains(name)).collect();
        let flakes = council.order.iter().chain(others).map(|expert| {
            let named = |path, what| NamedPath {
                path,
                what,
                likelihood: council
                    .likelihood
                    .get(expert)
                    .and_then(|of| of.get(path))
                    .copied(),
            };
            let paths = self.subflakes.get(expert).into_iter().flatten();
            let paths = sorted(paths.map(|(path, what)| named(path, what)).collect());
            let (apart, first) = paths.into_iter().partition(|named| is_apart(named.path));
            let perhaps = council.perhaps.get(expert).into_iter().flatten();
            let perhaps = perhaps.filter(|_| !answered);
            FlakeView {
                expert,
                first,
                apart,
                perhaps: sorted(perhaps.map(|(path, what)| named(path, what)).collect()),
            }
        });
        let says = |flake: &FlakeView<'_>| {
            !(flake.first.is_empty() && flake.apart.is_empty() && flake.perhaps.is_empty())
        };
        flakes.filter(says).collect()
    }
}

/// The most likely first; what nobody gives a number counts as sure, as an answer does. What is only read comes last.
fn sorted(mut all: Vec<NamedPath<'_>>) -> Vec<NamedPath<'_>> {
    all.sort_by_key(|named| {
        let likelihood = named.likelihood.unwrap_or(100);
        (named.is_read(), std::cmp::Reverse(likelihood), named.path)
    });
    all
}

fn is_apart(path: &str) -> bool {
    let role = FileRole::of(path.trim_start_matches("./"));
    !matches!(role, FileRole::Source | FileRole::Configure)
}

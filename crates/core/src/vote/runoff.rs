//! Instant runoff.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Ranks;

/// One round of instant runoff.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunoffRound {
    /// How many ballots have each choice that is left in their highest rank.
    pub counts: BTreeMap<String, u64>,
    /// The choices with the lowest count, which leave; empty when all that are left have the same count.
    pub eliminated: Vec<String>,
}

/// The choices that are left at the end: one, or all that are tied.
pub(super) fn runoff(choices: &[String], ballots: &[Ranks]) -> (Vec<usize>, Vec<RunoffRound>) {
    let mut left: Vec<usize> = (0..choices.len()).collect();
    let mut rounds = Vec::new();
    while left.len() > 1 {
        let counts = counts(&left, ballots);
        let lowest = counts.iter().min().copied();
        let (out, stay): (Vec<_>, Vec<_>) = left
            .iter()
            .zip(&counts)
            .partition(|(_, count)| Some(**count) == lowest);
        let tied = stay.is_empty();
        let names = |pairs: &[(&usize, &u64)]| {
            let names = pairs.iter().map(|(choice, _)| choices[**choice].clone());
            names.collect::<Vec<_>>()
        };
        let count = |(choice, count): (&usize, &u64)| (choices[*choice].clone(), *count);
        rounds.push(RunoffRound {
            counts: left.iter().zip(&counts).map(count).collect(),
            eliminated: if tied { Vec::new() } else { names(&out) },
        });
        if tied {
            break;
        }
        left = stay.into_iter().map(|(choice, _)| *choice).collect();
    }
    (left, rounds)
}

/// For each choice that is left, how many ballots have it in the best rank that one of them has.
fn counts(left: &[usize], ballots: &[Ranks]) -> Vec<u64> {
    let mut counts = vec![0; left.len()];
    for ranks in ballots {
        let best = left.iter().filter_map(|choice| ranks[*choice]).min();
        if best.is_some() {
            for (choice, count) in left.iter().zip(&mut counts) {
                *count += u64::from(ranks[*choice] == best);
            }
        }
    }
    counts
}

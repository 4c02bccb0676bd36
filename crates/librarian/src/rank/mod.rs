//! Which files a request is about: many signals, weighted as the repository's own past teaches.
//!
//! A file's worth is the sum of its signals (`signal`), each scaled to its best, times their weights. Two steps: the
//! first adds what text, paths and past messages say by fixed weights; the second asks what the best files of the
//! first change with, use and are named like (`measure`). The weights begin as defaults and are fitted to commits of the
//! repository's own past (`learn`): each of some hundred is a request whose files are known, asked as if nothing
//! after it and its neighbours had happened (`epoch`). Nothing later than what a corpus was given is ever looked at.

mod corpus;
mod epoch;
mod field;
mod graph;
mod learn;
mod likelihood;
mod measure;
mod memory;
mod message;
mod reason;
mod signal;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use crate::index::sheet::Sheet;
pub use corpus::{Corpus, Numbers, Vocabulary, tally};
pub use field::{Document, Field, Shape};
pub use learn::{Lesson, SHRINK, learn};
pub use likelihood::{EvidenceRow, JudgedRequest, Model, count as likely_count};
pub use measure::best;
pub use memory::MOST as MOST_COMMITS;
pub use message::without_places;
pub use reason::Reason;
pub use signal::{ALL, COUNT, GROUPS, Signal, SignalWeights, defaults};

use epoch::Epoch;
use measure::{Measured, measure};
use memory::lesson;
use message::RequestTerms;

/// Commits that are asked as if nothing after the newest of them had happened.
const BLOCK: usize = 150;
/// Such blocks, the newest.
const BLOCKS: usize = 3;
/// Commits of the last block, and before it, without which it teaches nothing.
const FEW: usize = 30;
/// Files whose reasons are told.
const REASONED: usize = 24;
/// How sharply worth decides between packages.
const SHARP: f64 = 0.7;
/// Worth is told apart in steps of this: the last bits of a logarithm differ from machine to machine.
const GRAIN: f64 = 1e-9;

/// How to rank.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Signals that say nothing: what is left shows what they add.
    pub off: Vec<Signal>,
    /// Weights to begin with instead of the defaults.
    pub prior: Option<SignalWeights>,
    /// Whether to keep what one begins with, and learn nothing.
    pub fixed: bool,
}

/// A file by worth.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// Its path.
    pub path: String,
    /// Its worth: of two files, e^(difference) is the odds that the request is about the first.
    pub score: f64,
    /// What speaks for it, the strongest first; only of the best files.
    pub reasons: Vec<Reason>,
}

/// A file that may change.
#[derive(Clone, Debug)]
pub struct Likely {
    /// Its path.
    pub path: String,
    /// How probable it is that it changes, from 0 to 1.
    pub likelihood: f64,
    /// The share of the request's words, by how much they tell, that stand in it, from 0 to 1. Words that stand nowhere do
    /// not count.
    pub cover: f64,
    /// What speaks for it, the strongest first; only of the best files.
    pub reasons: Vec<Reason>,
}

/// Files and packages, best first.
#[derive(Clone, Debug, Default)]
pub struct Ranking {
    /// The files.
    pub files: Vec<Ranked>,
    /// The packages, by the folder of their manifest or as the corpus was told, with their chance.
    pub packages: Vec<(String, f64)>,
}

/// Ranks the files of one corpus.
#[derive(Deserialize, Serialize)]
pub struct Ranker {
    corpus: Corpus,
    now: Epoch,
    /// As many as there are signals.
    weights: Vec<f64>,
    /// What the past teaches of likelihoods.
    taught: Model,
    /// Characters of the first line of the past's messages: nineteen in twenty have no more.
    title: usize,
    off: Vec<Signal>,
}

impl Ranker {
    /// A ranker that has learned what the past of `corpus` teaches.
    #[must_use]
    pub fn new(corpus: Corpus, options: Options) -> Self {
        let now = Epoch::new(&corpus, 0);
        let prior = options.prior.unwrap_or_else(defaults);
        let (mut weights, mut taught) = (prior, Model::default());
        if !options.fixed {
            let lessons = lessons(&corpus, &options.off);
            weights = learn(&lessons, &prior, SHRINK);
            taught = Model::of(&lessons, &weights);
        }
        Self {
            title: title(&corpus),
            corpus,
            now,
            taught,
            weights: weights.to_vec(),
            off: options.off,
        }
    }

    /// Whether what was kept of it fits together.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.weights.len() == COUNT
            && self.taught.weights.len() == likelihood::ROW
            && self.corpus.is_whole()
    }

    /// The weights that the past teaches when some signals say nothing.
    #[must_use]
    pub fn without(&self, off: &[Signal]) -> SignalWeights {
        learn(&lessons(&self.corpus, off), &defaults(), SHRINK)
    }

    /// The weights in use.
    #[must_use]
    pub fn weights(&self) -> SignalWeights {
        let mut weights = [0.0; COUNT];
        weights
            .iter_mut()
            .zip(&self.weights)
            .for_each(|(to, from)| *to = *from);
        weights
    }

    /// What is ranked.
    #[must_use]
    pub fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// The package of a file, by the name that a ranking has for it.
    #[must_use]
    pub fn package(&self, path: &str) -> Option<&str> {
        let file = self
            .corpus
            .paths
            .binary_search_by(|known| known.as_str().cmp(path))
            .ok()?;
        let packages = &self.corpus.packages;
        Some(packages.names[packages.of[file] as usize].as_str())
    }

    /// All files by how much `request` is about them. The order is the same on every machine; ties go by path.
    #[must_use]
    pub fn rank(&self, request: &str) -> Ranking {
        self.rank_by(request, &self.weights(), &self.off)
    }

    /// The files that may change for `request`, each with its likelihood, the likeliest first; ties go by path.
    #[must_use]
    pub fn likely(&self, request: &str) -> Vec<Likely> {
        let asked = RequestTerms::new(&self.corpus, request);
        let measured = measure(&self.corpus, &self.now, &asked, &self.off);
        let known = cover(&self.corpus, &asked);
        let defaults = Model::default();
        let model = match first_line(request).chars().count() <= self.title {
            true => &self.taught,
            false => &defaults,
        };
        let mut all: Vec<(f64, usize)> = self
            .evidence(&measured)
            .map(|(file, row)| ((model.likelihood(&row) / GRAIN).round() * GRAIN, file))
            .collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let likely = |(at, (likelihood, file)): (usize, (f64, usize))| Likely {
            path: self.corpus.paths[file].clone(),
            likelihood,
            cover: known[file],
            reasons: if at < REASONED {
                reason::reasons(self, &asked, &measured, file)
            } else {
                Vec::new()
            },
        };
        all.into_iter().enumerate().map(likely).collect()
    }

    /// The candidates, each with what its likelihood is computed from.
    fn evidence(&self, measured: &Measured) -> impl Iterator<Item = (usize, EvidenceRow)> + use<> {
        let candidates: Vec<usize> = candidates(measured).into_iter().collect();
        let signals = |file: &usize| std::array::from_fn(|signal| measured.of[signal][*file]);
        let signals: Vec<[f64; COUNT]> = candidates.iter().map(signals).collect();
        let rows = likelihood::rows(&self.weights, &signals);
        candidates.into_iter().zip(rows)
    }

    /// For measurements: the candidates of a request, each with what its likelihood is computed from.
    #[must_use]
    pub fn evidence_rows(&self, request: &str) -> Vec<(String, EvidenceRow)> {
        let asked = RequestTerms::new(&self.corpus, request);
        let measured = measure(&self.corpus, &self.now, &asked, &self.off);
        self.evidence(&measured)
            .map(|(file, row)| (self.corpus.paths[file].clone(), row))
            .collect()
    }

    /// The same by other weights, and without some signals.
    #[must_use]
    pub fn rank_by(&self, request: &str, weights: &SignalWeights, off: &[Signal]) -> Ranking {
        let asked = RequestTerms::new(&self.corpus, request);
        let measured = measure(&self.corpus, &self.now, &asked, off);
        let candidates = candidates(&measured);
        let first = &measured.of[Signal::First as usize];
        let worth = |file: usize| -> f64 {
            (0..COUNT)
                .map(|at| weights[at] * measured.of[at][file])
                .sum()
        };
        let mut ranked: Vec<(f64, usize)> = candidates
            .iter()
            .map(|file| ((worth(*file) / GRAIN).round() * GRAIN, *file))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let packages = self.packages(&ranked);
        let least = ranked.last().map_or(0.0, |(score, _)| *score) - 1.0;
        let mut rest: Vec<(f64, usize)> = (0..first.len())
            .filter(|file| !candidates.contains(file))
            .map(|file| (first[file], file))
            .collect();
        rest.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.extend(
            rest.into_iter()
                .map(|(score, file)| (least - 1.0 + score, file)),
        );
        let file = |(at, (score, file)): (usize, (f64, usize))| Ranked {
            path: self.corpus.paths[file].clone(),
            score,
            reasons: if at < REASONED {
                reason::reasons(self, &asked, &measured, file)
            } else {
                Vec::new()
            },
        };
        Ranking {
            files: ranked.into_iter().enumerate().map(file).collect(),
            packages,
        }
    }

    fn packages(&self, ranked: &[(f64, usize)]) -> Vec<(String, f64)> {
        let packages = &self.corpus.packages;
        let most = ranked.first().map_or(0.0, |(score, _)| *score);
        let mut chances = vec![0.0; packages.names.len()];
        for (score, file) in ranked {
            chances[packages.of[*file] as usize] += (SHARP * (score - most)).exp();
        }
        let sum: f64 = chances.iter().sum();
        let mut named: Vec<(String, f64)> = packages
            .names
            .iter()
            .cloned()
            .zip(
                chances
                    .iter()
                    .map(|chance| chance / sum.max(f64::MIN_POSITIVE)),
            )
            .collect();
        named.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        named
    }
}

/// The share of the request's known words, by their rarity, that each file holds.
fn cover(corpus: &Corpus, asked: &RequestTerms) -> Vec<f64> {
    let files = corpus.paths.len() as f64;
    let mut cover = vec![0.0; corpus.paths.len()];
    let mut whole = 0.0;
    for (term, weight) in &asked.all {
        let holders = corpus.fields.body.holders(*term);
        let rare = weight
            * (1.0 + (files - holders.len() as f64 + 0.5) / (holders.len() as f64 + 0.5)).ln();
        whole += rare;
        for (file, _) in holders {
            cover[*file as usize] += rare;
        }
    }
    cover
        .iter_mut()
        .for_each(|share| *share /= whole.max(f64::MIN_POSITIVE));
    cover
}

fn first_line(text: &str) -> &str {
    text.trim_start().lines().next().unwrap_or_default()
}

/// How long the first lines of the messages are that teach, in characters: nineteen in twenty are no longer.
fn title(corpus: &Corpus) -> usize {
    let teaching = corpus.memory.commits.iter().filter(|told| told.teaches);
    let mut all: Vec<usize> = teaching
        .map(|told| first_line(&told.message).chars().count())
        .collect();
    all.sort_unstable();
    all.get(all.len() * 19 / 20).copied().unwrap_or_default()
}

/// The files worth weighing: the best of the first step, and the best of single signals.
fn candidates(measured: &Measured) -> BTreeSet<usize> {
    let mut chosen = BTreeSet::new();
    for (signal, most) in [
        (Signal::First, 110),
        (Signal::Together, 25),
        (Signal::Nearest, 25),
        (Signal::Path, 20),
        (Signal::Body, 25),
        (Signal::Hot200, 15),
    ] {
        let values = measured.of[signal as usize].iter().copied().enumerate();
        chosen.extend(best(values, most).into_iter().map(|(file, _)| file));
    }
    chosen
}

/// What the past of a corpus teaches: commits as requests whose files are known.
#[must_use]
pub fn lessons(corpus: &Corpus, off: &[Signal]) -> Vec<Lesson> {
    let memory = &corpus.memory;
    let teaching: Vec<usize> = (0..memory.commits.len())
        .filter(|at| memory.commits[*at].teaches)
        .collect();
    let mut lessons = Vec::new();
    for block in teaching.chunks(BLOCK).take(BLOCKS) {
        let first = block.last().map_or(0, |last| last + 1);
        if block.len() < FEW || memory.commits.len() - first < FEW {
            break;
        }
        let epoch = Epoch::new(corpus, first);
        lessons.extend(poag_knowledge::parallel::map(block, |at| {
            let told = &memory.commits[*at];
            let asked = RequestTerms::new(corpus, &lesson(told, *at, &corpus.by_name));
            let measured = measure(corpus, &epoch, &asked, off);
            let mut taught = Lesson::default();
            for file in candidates(&measured) {
                let mut row = [0.0f32; COUNT];
                for (signal, values) in row.iter_mut().zip(&measured.of) {
                    *signal = values[file] as f32;
                }
                taught.rows.push(row);
                let changed =
                    u32::try_from(file).is_ok_and(|file| told.files.binary_search(&file).is_ok());
                taught.changed.push(changed);
            }
            taught
        }));
    }
    lessons
}

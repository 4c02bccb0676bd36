//! The signals of one request, for every file.

use super::corpus::{Corpus, Groups};
use super::epoch::{Epoch, decay};
use super::field::Weights;
use super::graph::flow;
use super::memory::WIDE;
use super::message::RequestTerms;
use super::signal::{ALL, COUNT, Signal};
use crate::text::role::Role;

/// Files from which the second step begins.
const SEEDS: usize = 8;
/// Files that a package is judged by.
const OF_PACKAGE: usize = 60;
/// Terms that stand for the best files.
const TERMS: usize = 30;
/// Commits among which the nearest are.
const NEAREST: usize = 30;
const CLOSEST: usize = 6;

/// Signal → what it says of each file; scaled to its best, except those that are no question of the request.
pub struct Measured {
    /// By signal.
    pub of: Vec<Vec<f64>>,
    /// How much each commit from the epoch's first on is like the request.
    pub like: Vec<f64>,
    /// The files the second step began with, and how much each gives.
    pub seeds: Vec<(u32, f64)>,
}

/// Measures all signals that are not `off`.
#[must_use]
pub fn measure(corpus: &Corpus, epoch: &Epoch, asked: &RequestTerms, off: &[Signal]) -> Measured {
    let files = corpus.paths.len();
    let mut measured = Measured {
        of: vec![vec![0.0; files]; COUNT],
        like: Vec::new(),
        seeds: Vec::new(),
    };
    measured.content(corpus, asked);
    measured.past(corpus, epoch, asked);
    measured.place(corpus, epoch);
    for signal in off {
        measured.of[*signal as usize].fill(0.0);
    }
    let mut first = vec![0.0; files];
    for (signal, weight, _) in ALL.iter().filter(|(_, weight, _)| *weight != 0.0) {
        for (sum, value) in first.iter_mut().zip(&measured.of[*signal as usize]) {
            *sum += weight * value;
        }
    }
    measured.set(Signal::First, first);
    measured.spread(corpus, epoch);
    for signal in off {
        measured.of[*signal as usize].fill(0.0);
    }
    measured
}

impl Measured {
    fn set(&mut self, signal: Signal, mut values: Vec<f64>) {
        let most = values.iter().copied().fold(0.0, f64::max);
        if most > 0.0 {
            values.iter_mut().for_each(|value| *value /= most);
        }
        self.of[signal as usize] = values;
    }

    fn content(&mut self, corpus: &Corpus, asked: &RequestTerms) {
        let fields = &corpus.fields;
        let files = corpus.paths.len();
        self.set(Signal::Body, fields.body.score(&asked.all, files));
        self.set(Signal::Defines, fields.defines.score(&asked.all, files));
        self.set(Signal::Comments, fields.comments.score(&asked.all, files));
        self.set(Signal::Path, fields.path.score(&asked.all, files));
        self.set(Signal::Stem, fields.stem.score(&asked.all, files));
        self.set(Signal::Folder, fields.folder.score(&asked.all, files));
        self.set(
            Signal::Identifiers,
            fields.body.score(&asked.identifiers, files),
        );
        self.set(
            Signal::IdentifiersDefined,
            fields.defines.score(&asked.identifiers, files),
        );
        let mut best = vec![0.0f64; files];
        let pieces = fields.pieces.score(&asked.all, fields.owners.len());
        for (owner, piece) in fields.owners.iter().zip(pieces) {
            let best = &mut best[*owner as usize];
            *best = best.max(piece);
        }
        self.set(Signal::Piece, best);
        let mut named = vec![0.0; files];
        for (file, sure) in &asked.named {
            named[*file as usize] = *sure;
        }
        self.set(Signal::Named, named);
    }

    fn past(&mut self, corpus: &Corpus, epoch: &Epoch, asked: &RequestTerms) {
        let memory = &corpus.memory;
        let files = corpus.paths.len();
        let commits = memory.commits.get(epoch.first..).unwrap_or(&[]);
        let score = |query: &Weights| {
            let mut scores = memory.messages.score(query, memory.commits.len());
            scores.drain(..epoch.first.min(scores.len()));
            scores
        };
        let (like, like_first) = (score(&asked.all), score(&asked.first));
        let mut sums = [const { Vec::new() }; 3];
        sums.iter_mut().for_each(|sum| *sum = vec![0.0; files]);
        for (age, told) in commits
            .iter()
            .enumerate()
            .filter(|(_, told)| told.size <= WIDE)
        {
            let (all, first) = (like[age], like_first[age]);
            if all <= 0.0 && first <= 0.0 {
                continue;
            }
            let share = 1.0 / (told.size as f64).sqrt();
            let (late, later) = (decay(age, 1_000.0), decay(age, 200.0));
            let (all, first) = (share * all * all.sqrt(), share * first * first.sqrt());
            for file in &told.files {
                sums[0][*file as usize] += all * late;
                sums[1][*file as usize] += all * later;
                sums[2][*file as usize] += first * late;
            }
        }
        let [messages, lately, titles] = sums;
        self.set(Signal::Messages, messages);
        self.set(Signal::LateMessages, lately);
        self.set(Signal::Titles, titles);
        for (signal, most, half) in [
            (Signal::Nearest, NEAREST, 4_000.0),
            (Signal::Closest, CLOSEST, f64::INFINITY),
        ] {
            let worth = |age: usize| {
                like[age]
                    * if half.is_finite() {
                        decay(age, half)
                    } else {
                        1.0
                    }
            };
            let near = best(
                (0..commits.len())
                    .filter(|age| commits[*age].size <= WIDE)
                    .map(|age| (age, worth(age))),
                most,
            );
            let mut sum = vec![0.0; files];
            for (age, _) in near {
                let share = like[age] * like[age] / (commits[age].size as f64).sqrt();
                for file in &commits[age].files {
                    sum[*file as usize] += share;
                }
            }
            self.set(signal, sum);
        }
        self.set(Signal::Told, epoch.told.score(&asked.all, files));
        let folders = epoch.folders.score(&asked.all, corpus.folders.names.len());
        self.set(Signal::FolderTold, spread_out(&corpus.folders, &folders));
        let mut scope = vec![0.0; files];
        let same = asked
            .scope
            .as_ref()
            .and_then(|scope| memory.scopes.get(scope));
        for number in same
            .into_iter()
            .flatten()
            .filter(|at| **at as usize >= epoch.first)
            .take(400)
        {
            let told = &memory.commits[*number as usize];
            let age = *number as usize - epoch.first;
            if told.size <= WIDE {
                for file in &told.files {
                    scope[*file as usize] += decay(age, 1_500.0) / (told.size as f64).sqrt();
                }
            }
        }
        self.set(Signal::Scope, scope);
        self.like = like;
    }

    fn place(&mut self, corpus: &Corpus, epoch: &Epoch) {
        let hot = [Signal::Hot30, Signal::Hot200, Signal::Hot1000, Signal::Hot];
        for (signal, hot) in hot.into_iter().zip(&epoch.hot) {
            self.of[signal as usize].clone_from(hot);
        }
        self.of[Signal::Last as usize].clone_from(&epoch.last);
        self.of[Signal::HotFolder as usize].clone_from(&epoch.hot_folder);
        self.of[Signal::Size as usize].clone_from(&corpus.sizes);
        for (file, role) in corpus.roles.iter().enumerate() {
            let signal = match role {
                Role::Source => Signal::Source,
                Role::Test => Signal::Test,
                Role::Example => Signal::Example,
                Role::Document => Signal::Document,
                Role::Configure => Signal::Configure,
                Role::Record => Signal::Record,
            };
            self.of[signal as usize][file] = 1.0;
        }
    }

    /// What the best files of the first step say of others.
    fn spread(&mut self, corpus: &Corpus, epoch: &Epoch) {
        let files = corpus.paths.len();
        let first = self.of[Signal::First as usize].clone();
        let all = || first.iter().copied().enumerate();
        let top = best(all(), SEEDS);
        let sum: f64 = top.iter().map(|(_, worth)| worth * worth).sum();
        let seeds: Vec<(u32, f64)> = top
            .iter()
            .map(|(file, worth)| (number(*file), worth * worth / sum.max(f64::MIN_POSITIVE)))
            .collect();
        let by = |power: fn(f64) -> f64| -> Vec<(u32, f64)> {
            let less = |(file, gives): &(u32, f64)| {
                (*file, gives / power(epoch.degree[*file as usize] + 1.0))
            };
            seeds.iter().map(less).collect()
        };
        self.set(
            Signal::Together,
            flow(&epoch.together, &by(|degree| degree), files),
        );
        let mut bound = flow(&epoch.together, &by(f64::sqrt), files);
        for (value, degree) in bound.iter_mut().zip(&epoch.degree) {
            *value /= (degree + 1.0).sqrt();
        }
        self.set(Signal::Bound, bound);
        self.set(Signal::UsedByBest, flow(&corpus.graph.uses, &seeds, files));
        self.set(Signal::UsesBest, flow(&corpus.graph.used, &seeds, files));
        self.set(Signal::Pair, flow(&corpus.graph.pairs, &seeds, files));
        self.set(
            Signal::Alike,
            corpus.fields.body.score(&alike(corpus, &top), files),
        );
        let total = |groups: &Groups, values: &mut dyn Iterator<Item = (usize, f64)>| {
            let mut sums = vec![0.0; groups.names.len()];
            for (file, value) in values {
                sums[groups.of[file] as usize] += value;
            }
            sums
        };
        let mut siblings = total(&corpus.folders, &mut all());
        for (sum, size) in siblings.iter_mut().zip(&corpus.folders.sizes) {
            *sum /= f64::from(*size).sqrt();
        }
        self.set(Signal::Siblings, spread_out(&corpus.folders, &siblings));
        let sums = total(&corpus.packages, &mut best(all(), OF_PACKAGE).into_iter());
        let shares: Vec<f64> = sums
            .iter()
            .zip(&corpus.packages.sizes)
            .map(|(sum, size)| sum / (f64::from((*size).min(400)) + 3.0).sqrt())
            .collect();
        self.set(Signal::Package, spread_out(&corpus.packages, &shares));
        self.set(Signal::PackageSum, spread_out(&corpus.packages, &sums));
        let mut most = vec![0.0f64; corpus.packages.names.len()];
        for (file, value) in all() {
            let most = &mut most[corpus.packages.of[file] as usize];
            *most = most.max(value);
        }
        self.set(Signal::PackageBest, spread_out(&corpus.packages, &most));
        self.seeds = seeds;
    }
}

/// The terms that tell most of the best files.
fn alike(corpus: &Corpus, top: &[(usize, f64)]) -> Weights {
    let most = top.first().map_or(0.0, |(_, worth)| *worth);
    let shares: Vec<f64> = top
        .iter()
        .map(|(_, worth)| (8.0 * (worth - most)).exp())
        .collect();
    let sum: f64 = shares.iter().sum();
    let mut terms = std::collections::BTreeMap::<u32, f64>::new();
    for ((file, _), share) in top.iter().zip(shares) {
        for (term, worth) in &corpus.fields.telling[*file] {
            *terms.entry(*term).or_default() += share / sum * f64::from(*worth);
        }
    }
    let chosen = best(
        terms.iter().map(|(term, worth)| (*term as usize, *worth)),
        TERMS,
    );
    let mut weights: Weights = chosen
        .into_iter()
        .map(|(term, worth)| (number(term), worth))
        .collect();
    weights.sort_unstable_by_key(|(term, _)| *term);
    weights
}

/// The `most` greatest of what is above zero, greatest first, ties by number.
pub fn best(values: impl Iterator<Item = (usize, f64)>, most: usize) -> Vec<(usize, f64)> {
    let mut kept: Vec<(usize, f64)> = values.filter(|(_, value)| *value > 0.0).collect();
    let order = |a: &(usize, f64), b: &(usize, f64)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if kept.len() > most && most > 0 {
        kept.select_nth_unstable_by(most - 1, order);
        kept.truncate(most);
    }
    kept.sort_unstable_by(order);
    kept
}

fn spread_out(groups: &Groups, values: &[f64]) -> Vec<f64> {
    groups
        .of
        .iter()
        .map(|group| values[*group as usize])
        .collect()
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

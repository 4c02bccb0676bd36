//! Why a file was ranked where it is, in words that become a plan's evidence.

use super::Ranker;
use super::epoch::decay;
use super::measure::Measured;
use super::memory::WIDE;
use super::message::RequestTerms;
use super::signal::{Signal, SignalWeights};

/// Reasons of one file.
const MOST: usize = 4;
/// Times that two files changed together, below which it was chance.
const TOGETHER: usize = 2;
/// Longest line of a message that is told, in characters.
const LINE: usize = 72;

/// What speaks for a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The request names it.
    Named,
    /// A past commit with a message like the request changed it.
    Commit {
        /// The commit's id.
        id: String,
        /// The first line of its message.
        line: String,
    },
    /// It changed in `times` of the `of` commits that changed another file that the request is about.
    Together {
        /// The other file.
        with: String,
        /// Commits that changed both.
        times: usize,
        /// Commits that changed the other one.
        of: usize,
    },
    /// Its path holds words of the request.
    Path,
    /// It is named like another file that the request is about.
    Pair {
        /// The other file.
        with: String,
    },
    /// It uses what another file defines that the request is about, or defines what that one uses.
    Linked {
        /// The other file.
        with: String,
        /// Whether it is this one that uses the other.
        uses: bool,
    },
    /// Its text holds what the request speaks of.
    Text,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Named => write!(f, "the request names it"),
            Self::Commit { id, line } => {
                write!(
                    f,
                    "past commit {} “{line}” changed it",
                    id.get(..9).unwrap_or(id)
                )
            }
            Self::Together { with, times, of } => {
                write!(f, "changed together with {with} in {times} of {of} commits")
            }
            Self::Path => write!(f, "its path says what the request speaks of"),
            Self::Pair { with } => write!(f, "named like {with}"),
            Self::Linked { with, uses: true } => write!(f, "uses what {with} defines"),
            Self::Linked { with, uses: false } => write!(f, "defines what {with} uses"),
            Self::Text => write!(f, "its text holds what the request speaks of"),
        }
    }
}

/// The reasons for one file, the strongest first.
pub fn reasons(
    ranker: &Ranker,
    asked: &RequestTerms,
    measured: &Measured,
    file: usize,
) -> Vec<Reason> {
    let weights = ranker.weights();
    let share = |signals: &[Signal]| -> f64 {
        let one = |signal: &Signal| worth(&weights, *signal) * measured.of[*signal as usize][file];
        signals.iter().map(one).sum()
    };
    use Signal as S;
    let mut found: Vec<(f64, Reason)> = Vec::new();
    if measured.of[S::Named as usize][file] > 0.0 {
        found.push((f64::INFINITY, Reason::Named));
    }
    let told = share(&[
        S::Nearest,
        S::Closest,
        S::Messages,
        S::LateMessages,
        S::Titles,
        S::Told,
    ]);
    if told > 0.0
        && let Some(commit) = commit(ranker, measured, file)
    {
        found.push((told, commit));
    }
    let together = share(&[S::Together, S::Bound]);
    if together > 0.0
        && let Some(with) = together_with(ranker, measured, file)
    {
        found.push((together, with));
    }
    let path = share(&[S::Path, S::Stem, S::Folder]);
    if path > 0.0 && measured.of[S::Path as usize][file] > 0.3 {
        found.push((path, Reason::Path));
    }
    let text = share(&[
        S::Body,
        S::Piece,
        S::Comments,
        S::Defines,
        S::Identifiers,
        S::IdentifiersDefined,
    ]);
    if text > 0.0 && (!asked.all.is_empty()) && measured.of[S::Body as usize][file] > 0.3 {
        found.push((text, Reason::Text));
    }
    let graph = &ranker.corpus.graph;
    let edges = [
        (S::Pair, &graph.pairs, None),
        (S::UsesBest, &graph.used, Some(true)),
        (S::UsedByBest, &graph.uses, Some(false)),
    ];
    for (signal, edges, uses) in edges {
        let leads = |seed: &u32| {
            edges[*seed as usize]
                .iter()
                .any(|(to, _)| *to as usize == file)
        };
        let seed = measured.seeds.iter().map(|(seed, _)| *seed).find(leads);
        if share(&[signal]) > 0.0
            && let Some(seed) = seed
        {
            let with = ranker.corpus.paths[seed as usize].clone();
            let reason = match uses {
                None => Reason::Pair { with },
                Some(uses) => Reason::Linked { with, uses },
            };
            found.push((share(&[signal]), reason));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found
        .into_iter()
        .take(MOST)
        .map(|(_, reason)| reason)
        .collect()
}

/// A weight as it counts for telling why: signals that overlap share what they are worth, some below zero.
fn worth(weights: &SignalWeights, signal: Signal) -> f64 {
    weights[signal as usize].max(0.1)
}

/// The commit most like the request that changed a file.
fn commit(ranker: &Ranker, measured: &Measured, file: usize) -> Option<Reason> {
    let file = u32::try_from(file).ok()?;
    let mut best: Option<(f64, usize)> = None;
    for (age, told) in ranker.corpus.memory.commits.iter().enumerate() {
        let like = measured.like.get(age).copied().unwrap_or(0.0);
        let changed = told.files.binary_search(&file).is_ok() && !told.made.contains(&file);
        if like <= 0.0 || told.size > WIDE || !changed {
            continue;
        }
        let worth = like * decay(age, 4_000.0) / (told.size as f64).sqrt();
        if best.is_none_or(|(known, _)| worth > known) {
            best = Some((worth, age));
        }
    }
    let told = &ranker.corpus.memory.commits[best?.1];
    let line: String = told
        .message
        .lines()
        .next()
        .unwrap_or("")
        .chars()
        .take(LINE)
        .collect();
    Some(Reason::Commit {
        id: told.id.clone(),
        line,
    })
}

/// The file of the first step that most often changed with this one.
fn together_with(ranker: &Ranker, measured: &Measured, file: usize) -> Option<Reason> {
    let own = u32::try_from(file).ok()?;
    let mut best: Option<(usize, usize, u32)> = None;
    for (seed, _) in measured.seeds.iter().filter(|(seed, _)| *seed != own) {
        let (mut times, mut of) = (0, 0);
        for told in ranker
            .corpus
            .memory
            .commits
            .iter()
            .filter(|told| told.size <= WIDE)
        {
            if told.files.binary_search(seed).is_ok() {
                of += 1;
                times += usize::from(told.files.binary_search(&own).is_ok());
            }
        }
        if times >= TOGETHER && best.is_none_or(|(known, _, _)| times > known) {
            best = Some((times, of, *seed));
        }
    }
    let (times, of, seed) = best?;
    let with = ranker.corpus.paths[seed as usize].clone();
    Some(Reason::Together { with, times, of })
}

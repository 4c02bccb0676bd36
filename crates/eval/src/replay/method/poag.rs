//! poag itself: the librarian's ranking, over the whole snapshot and its past.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::super::snapshot::Snapshot;
use super::{BenchError, Method};
use poag_git::history::Past;
use poag_knowledge::parallel;
use poag_librarian::rank::{
    Corpus, GROUPS, Likely, Options, Ranker, Ranking, Sheet, Signal, SignalWeights,
};
use poag_librarian::text::request::RequestText;
use poag_librarian::{Decided, decide};

const SIGNALS: [&str; GROUPS.len()] = {
    let mut names = [""; GROUPS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = GROUPS[at].0;
        at += 1;
    }
    names
};

struct Poag<'s> {
    ranked: PoagRanking<'s>,
    snapshot: &'s Snapshot,
}

/// For a snapshot.
pub fn prepare(snapshot: &Snapshot, _: u64) -> Result<Box<dyn Method + '_>, BenchError> {
    Ok(Box::new(Poag {
        ranked: PoagRanking::new(snapshot),
        snapshot,
    }))
}

/// The ranker of a snapshot, and of what is left when it lacks a group of signals.
pub struct PoagRanking<'s> {
    ranker: &'s Ranker,
    /// What the past teaches without a group of signals.
    without: Mutex<BTreeMap<String, Arc<SignalWeights>>>,
}

impl<'s> PoagRanking<'s> {
    /// Learns, where no other method has.
    pub fn new(snapshot: &'s Snapshot) -> Self {
        Self {
            ranker: snapshot.ranker(|| learned(snapshot, snapshot.past())),
            without: Mutex::default(),
        }
    }

    /// The ranking for a question, perhaps without a group of signals.
    pub fn rank(&self, question: &str, without: Option<&str>) -> Ranking {
        let group = without.and_then(|name| GROUPS.iter().find(|(known, _)| *known == name));
        match group {
            None => self.ranker.rank(question),
            Some((name, off)) => self.ranker.rank_by(question, &self.weights(name, off), off),
        }
    }

    /// What a plan says of a question.
    pub fn decide(&self, question: &str) -> Decided {
        decide(self.ranker, &RequestText::of(question), question)
    }

    /// The files that may change for a question, by their likelihood.
    pub fn likely(&self, question: &str) -> Vec<Likely> {
        self.ranker.likely(question)
    }

    fn weights(&self, name: &str, off: &[Signal]) -> Arc<SignalWeights> {
        let mut known = self.without.lock().unwrap_or_else(PoisonError::into_inner);
        let weights = known
            .entry(name.to_owned())
            .or_insert_with(|| Arc::new(self.ranker.without(off)));
        Arc::clone(weights)
    }
}

/// A ranker of a snapshot that knows this past.
pub fn learned(snapshot: &Snapshot, past: &Past) -> Ranker {
    let sheets = parallel::map(&snapshot.files, |file| {
        (file.path.clone(), Sheet::of(&file.path, Some(&file.text)))
    });
    let package = |path: &str| {
        let number = snapshot
            .number(path)
            .map_or(0, |file| snapshot.files[file].package);
        snapshot.packages.folders[number].clone()
    };
    let corpus = Corpus::new(&sheets.collect::<Vec<_>>(), past, "", Some(&package));
    Ranker::new(corpus, Options::default())
}

impl Method for Poag<'_> {
    fn about(&self) -> String {
        "the librarian's ranking: text, paths, definitions, references and the past, weighted as commits before the snapshot teach".into()
    }

    fn signals(&self) -> &'static [&'static str] {
        &SIGNALS
    }

    fn files(&self, question: &str, without: Option<&str>) -> Result<Vec<usize>, BenchError> {
        let ranking = self.ranked.rank(question, without);
        let numbers = ranking
            .files
            .iter()
            .filter_map(|file| self.snapshot.number(&file.path));
        Ok(numbers.collect())
    }

    fn packages(
        &self,
        question: &str,
        _: &[usize],
        snapshot: &Snapshot,
        without: Option<&str>,
    ) -> Result<Vec<usize>, BenchError> {
        let ranking = self.ranked.rank(question, without);
        let numbers = ranking.packages.iter();
        let numbers = numbers.filter_map(|(name, _)| {
            snapshot
                .packages
                .folders
                .iter()
                .position(|folder| folder == name)
        });
        Ok(numbers.collect())
    }
}

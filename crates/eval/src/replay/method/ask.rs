//! The order in which `poag ask` considers files for a change: by the likelihood that they change.

use super::super::snapshot::Snapshot;
use super::poag::PoagRanking;
use super::{BenchError, Method};

struct AskMethod<'s> {
    ranked: PoagRanking<'s>,
    snapshot: &'s Snapshot,
}

/// For a snapshot.
pub fn prepare(snapshot: &Snapshot, _: u64) -> Result<Box<dyn Method + '_>, BenchError> {
    Ok(Box::new(AskMethod {
        ranked: PoagRanking::new(snapshot),
        snapshot,
    }))
}

impl Method for AskMethod<'_> {
    fn about(&self) -> String {
        "as `poag ask` considers files for a change: by the likelihood that they change".into()
    }

    fn files(&self, question: &str, _: Option<&str>) -> Result<Vec<usize>, BenchError> {
        let decided = self.ranked.decide(question).files;
        let first: Vec<String> = decided.into_iter().map(|file| file.path).collect();
        let likely = self
            .ranked
            .likely(question)
            .into_iter()
            .map(|file| file.path);
        let rest = likely
            .filter(|path| !first.contains(path))
            .collect::<Vec<_>>();
        let numbers = first.iter().chain(&rest);
        Ok(numbers
            .filter_map(|path| self.snapshot.number(path))
            .collect())
    }

    fn named(&self, question: &str) -> Result<Option<usize>, BenchError> {
        let files = self.ranked.decide(question).files;
        Ok(Some(files.iter().filter(|file| file.change).count()))
    }
}

//! The order in which `poag ask` considers files for a change: by the likelihood that they change.

use super::super::snapshot::Snapshot;
use super::poag::Ranked;
use super::{BenchError, Method};

struct Ask<'s> {
    ranked: Ranked<'s>,
    snapshot: &'s Snapshot,
}

/// For a snapshot.
pub fn prepare(snapshot: &Snapshot, _: u64) -> Result<Box<dyn Method + '_>, BenchError> {
    Ok(Box::new(Ask {
        ranked: Ranked::new(snapshot),
        snapshot,
    }))
}

impl Method for Ask<'_> {
    fn about(&self) -> String {
        "as `poag ask` considers files for a change: by the likelihood that they change".into()
    }

    fn files(&self, question: &str, _: Option<&str>) -> Result<Vec<usize>, BenchError> {
        let likely = self.ranked.likely(question);
        let numbers = likely
            .iter()
            .filter_map(|file| self.snapshot.number(&file.path));
        Ok(numbers.collect())
    }
}

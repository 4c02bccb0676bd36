//! Ways to find files, measured side by side.

mod ask;
mod bm25;
mod grep;
mod poag;
mod random;

use super::snapshot::Snapshot;
use crate::BenchError;

/// One way to find files. What it knows is a [`Snapshot`] and nothing else.
pub trait Method: Sync {
    /// What it does, in a few words.
    fn about(&self) -> String;

    /// What it weighs, each of which can be left out.
    fn signals(&self) -> &'static [&'static str] {
        &[]
    }

    /// The numbers of the snapshot's files, the best first; files that it has no reason for are not in it.
    /// `without` names a signal to leave out.
    fn files(&self, question: &str, without: Option<&str>) -> Result<Vec<usize>, BenchError>;

    /// How many of the first files a plan names as to be changed; none where the method makes no plan.
    fn named(&self, _question: &str) -> Result<Option<usize>, BenchError> {
        Ok(None)
    }

    /// The numbers of the snapshot's packages, the best first. `files` is what [`Method::files`] said. By itself it is
    /// the order of their first files.
    fn packages(
        &self,
        _question: &str,
        files: &[usize],
        snapshot: &Snapshot,
        _without: Option<&str>,
    ) -> Result<Vec<usize>, BenchError> {
        let mut seen = vec![false; snapshot.packages.folders.len()];
        let packages = files.iter().map(|file| snapshot.files[*file].package);
        Ok(packages
            .filter(|package| !std::mem::replace(&mut seen[*package], true))
            .collect())
    }
}

/// Prepares a method for a snapshot; the number is the seed.
pub type Prepare = for<'s> fn(&'s Snapshot, u64) -> Result<Box<dyn Method + 's>, BenchError>;

/// All methods, by their names on the command line.
pub const METHODS: [(&str, Prepare); 6] = [
    ("random", random::prepare),
    ("grep", grep::prepare),
    ("bm25", bm25::content),
    ("bm25-path", bm25::content_and_path),
    (POAG, poag::prepare),
    (ASK, ask::prepare),
];

/// The method that is measured against the others.
pub const POAG: &str = "poag";

/// The order in which `poag ask` considers files; measured where it is named.
pub const ASK: &str = "ask";

/// Numbers of files by their worth, the best first, those of no worth left out; of equal ones the first.
fn ranked(worth: &[f64]) -> Vec<usize> {
    let mut all: Vec<usize> = (0..worth.len()).filter(|at| worth[*at] > 0.0).collect();
    all.sort_by(|a, b| worth[*b].total_cmp(&worth[*a]).then(a.cmp(b)));
    all
}

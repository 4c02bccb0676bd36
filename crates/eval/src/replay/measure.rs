//! How much of what a commit touched a method found.

use serde::Serialize;

use super::method::Method;
use super::snapshot::Snapshot;
use crate::BenchError;
use poag_knowledge::{parallel, tokens};

/// Places in the ranking of files that are looked at.
pub const FILES_AT: [usize; 3] = [5, 10, 20];
/// Places in the ranking of packages that are looked at.
pub const PACKAGES_AT: [usize; 2] = [1, 3];
/// Budgets in tokens.
pub const BUDGETS: [usize; 2] = [8_000, 32_000];

/// Constant cuts of a ranking that are compared with what a plan names.
pub const CUTS: usize = 10;

/// One question with its answer.
pub struct AskedQuestion {
    /// What is asked.
    pub text: String,
    /// Numbers of the files that were touched, sorted.
    pub relevant: Vec<usize>,
}

/// What one question brought, as shares from 0 to 1.
#[derive(Clone, Debug, Default)]
pub struct FoundFiles {
    /// Of the touched files, among the first [`FILES_AT`].
    pub files: [f64; 3],
    /// Of their packages, among the first [`PACKAGES_AT`].
    pub packages: [f64; 2],
    /// Of the touched files, in [`BUDGETS`].
    pub within: [f64; 2],
    /// F1 of the first file, the first two, … .
    pub cuts: [f64; CUTS],
    /// Precision, recall and F1 of the files that a plan names, and their number; none where the method makes no plan.
    pub plan: Option<[f64; 4]>,
    /// Place of each touched file in the ranking, the first being 1.
    pub places: Vec<Option<usize>>,
}

/// Shares in percent, means over all questions.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// Questions.
    pub questions: usize,
    /// Touched files among the first 5.
    pub recall5: f64,
    /// Among the first 10.
    pub recall10: f64,
    /// Its 95 % interval.
    pub recall10_interval: [f64; 2],
    /// Among the first 20.
    pub recall20: f64,
    /// Touched packages first.
    pub packages1: f64,
    /// Among the first 3.
    pub packages3: f64,
    /// Touched files that fit in 8,000 tokens.
    pub within8k: f64,
    /// That fit in 32,000 tokens.
    pub within32k: f64,
    /// The constant number of first files with the best F1, and that F1.
    pub best_cut: (usize, f64),
    /// Precision, recall and F1 of the files that a plan names, and their mean number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<[f64; 4]>,
}

/// Asks a method everything.
pub fn ask(
    method: &dyn Method,
    snapshot: &Snapshot,
    questions: &[AskedQuestion],
    without: Option<&str>,
) -> Result<Vec<FoundFiles>, BenchError> {
    let smallest = snapshot
        .files
        .iter()
        .map(|file| tokens::at_least(file.text.len()));
    let smallest = smallest.min().unwrap_or_default();
    parallel::map(questions, |question| {
        snapshot.desk().going_on()?;
        let files = method.files(&question.text, without)?;
        let packages = method.packages(&question.text, &files, snapshot, without)?;
        let mut found = judge(snapshot, question, &files, &packages, smallest);
        let named = method.named(&question.text)?;
        found.plan = named.map(|named| plan(&question.relevant, &files[..named.min(files.len())]));
        Ok(found)
    })
    .collect()
}

fn judge(
    snapshot: &Snapshot,
    question: &AskedQuestion,
    files: &[usize],
    packages: &[usize],
    smallest: usize,
) -> FoundFiles {
    let mut wanted: Vec<usize> = question
        .relevant
        .iter()
        .map(|file| snapshot.files[*file].package)
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    let place = |file: &usize| files.iter().position(|it| it == file).map(|at| at + 1);
    let mut found = FoundFiles {
        places: question.relevant.iter().map(place).collect(),
        ..FoundFiles::default()
    };
    for (share, at) in found.files.iter_mut().zip(FILES_AT) {
        *share = recall(&question.relevant, files, at);
    }
    for (share, at) in found.packages.iter_mut().zip(PACKAGES_AT) {
        *share = recall(&wanted, packages, at);
    }
    for (at, f1) in found.cuts.iter_mut().enumerate() {
        *f1 = plan(&question.relevant, &files[..(at + 1).min(files.len())])[2];
    }
    for (share, budget) in found.within.iter_mut().zip(BUDGETS) {
        let fitting = fitting(snapshot, files, budget, smallest);
        *share = recall(&question.relevant, &fitting, fitting.len());
    }
    found
}

/// Precision, recall and F1 of some files, and their number.
fn plan(relevant: &[usize], named: &[usize]) -> [f64; 4] {
    let right = named.iter().filter(|it| relevant.contains(it)).count() as f64;
    let precision = right / named.len().max(1) as f64;
    let recall = right / relevant.len().max(1) as f64;
    let f1 = match right > 0.0 {
        true => 2.0 * precision * recall / (precision + recall),
        false => 0.0,
    };
    [precision, recall, f1, named.len() as f64]
}

fn recall(relevant: &[usize], ranking: &[usize], at: usize) -> f64 {
    let first = &ranking[..at.min(ranking.len())];
    let found = relevant.iter().filter(|it| first.contains(it)).count();
    found as f64 / relevant.len().max(1) as f64
}

/// Whole files in the order of the ranking, as long as they fit; one that is larger than what is left is passed by.
fn fitting(snapshot: &Snapshot, files: &[usize], budget: usize, smallest: usize) -> Vec<usize> {
    let mut left = budget;
    let mut taken = Vec::new();
    for file in files {
        if left <= smallest {
            break;
        }
        let document = &snapshot.files[*file];
        if tokens::at_least(document.text.len()) > left {
            continue;
        }
        let size = document.tokens();
        if size <= left {
            left -= size;
            taken.push(*file);
        }
    }
    taken
}

/// Means in percent; the interval by drawing questions again, which the seed decides.
pub fn figures(found: &[FoundFiles], seed: u64) -> Figures {
    let mean = |share: &dyn Fn(&FoundFiles) -> f64| {
        percent(found.iter().map(share).sum::<f64>() / found.len().max(1) as f64)
    };
    let cuts = (0..CUTS).map(|at| (at + 1, mean(&|it| it.cuts[at])));
    let best_cut = cuts.fold(
        (1, 0.0),
        |best, cut| if cut.1 > best.1 { cut } else { best },
    );
    let planned = found.iter().any(|it| it.plan.is_some());
    let of = |at: usize| mean(&|it| it.plan.map_or(0.0, |plan| plan[at]));
    Figures {
        questions: found.len(),
        best_cut,
        plan: planned.then(|| [of(0), of(1), of(2), of(3) / 100.0]),
        recall5: mean(&|it| it.files[0]),
        recall10: mean(&|it| it.files[1]),
        recall10_interval: interval(found, seed),
        recall20: mean(&|it| it.files[2]),
        packages1: mean(&|it| it.packages[0]),
        packages3: mean(&|it| it.packages[1]),
        within8k: mean(&|it| it.within[0]),
        within32k: mean(&|it| it.within[1]),
    }
}

/// Samples of the bootstrap.
const SAMPLES: usize = 1_000;

/// The 2.5th and 97.5th of 100 parts of the means of [`SAMPLES`] samples, each as many questions as there are, drawn with
/// putting back (percentile bootstrap, Efron 1979).
fn interval(found: &[FoundFiles], seed: u64) -> [f64; 2] {
    if found.is_empty() {
        return [0.0; 2];
    }
    let mut random = fastrand::Rng::with_seed(seed);
    let mut means: Vec<f64> = (0..SAMPLES)
        .map(|_| {
            let draw = || found[random.usize(..found.len())].files[1];
            let sum: f64 = std::iter::repeat_with(draw).take(found.len()).sum();
            sum / found.len() as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    [SAMPLES / 40, SAMPLES - 1 - SAMPLES / 40].map(|at| percent(means[at]))
}

/// In percent, to a hundredth.
fn percent(share: f64) -> f64 {
    (share * 10_000.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recall_is_the_share_of_the_touched_among_the_first() {
        let ranking = [7, 3, 9, 1];
        assert!((recall(&[3, 1], &ranking, 2) - 0.5).abs() < 1e-9);
        assert!((recall(&[3, 1], &ranking, 20) - 1.0).abs() < 1e-9);
        assert!(recall(&[5], &ranking, 4).abs() < 1e-9);
    }

    #[test]
    fn the_interval_holds_the_mean_and_is_the_same_for_one_seed() {
        let found: Vec<FoundFiles> = (0..100_u8)
            .map(|at| FoundFiles {
                files: [f64::from(at % 2); 3],
                ..FoundFiles::default()
            })
            .collect();
        let [low, high] = interval(&found, 1);
        assert!(
            low < 50.0 && high > 50.0 && high - low < 25.0,
            "{low} {high}"
        );
        assert_eq!([low, high], interval(&found, 1));
        let same = vec![FoundFiles::default(); 3];
        assert_eq!(interval(&same, 1), [0.0, 0.0]);
    }
}

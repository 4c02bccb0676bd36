//! Weights of likelihoods, learned from cases.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use poag_librarian::rank::{EvidenceRow, JudgedRequest, Model, likely_count};

use crate::cases::{Case, EvalError, judge, means, ranker, read};

/// How firmly weights of standardized features are held at nothing.
const RIDGE: f64 = 100.0;
/// Files that are named at most.
const MOST: usize = 10;

/// The candidates of one case.
struct CaseLesson {
    case: Case,
    paths: Vec<String>,
    rows: Vec<EvidenceRow>,
}

/// Prints how good the weights are where a repository is left out, and the weights that all cases teach.
pub fn run(cases: &[PathBuf], mirror: &Path) -> Result<(), EvalError> {
    let mut lessons = Vec::new();
    for ((repo, commit), cases) in read(cases, "change")? {
        let ranker = ranker(mirror, &repo, &commit)?;
        for case in cases {
            let (paths, rows) = ranker.evidence_rows(&case.text).into_iter().unzip();
            lessons.push(CaseLesson { case, paths, rows });
        }
        eprintln!("{repo} {}", &commit[..commit.len().min(9)]);
    }
    let repositories: BTreeSet<&str> = lessons
        .iter()
        .map(|lesson| lesson.case.repo.as_str())
        .collect();
    let mut all = Vec::new();
    for left_out in &repositories {
        let model = fit(lessons
            .iter()
            .filter(|lesson| lesson.case.repo != *left_out));
        let judged = lessons
            .iter()
            .filter(|lesson| lesson.case.repo == *left_out);
        all.extend(judged.map(|lesson| judge(&lesson.case, &named(lesson, &model))));
    }
    let [precision, recall, f1] = means(&all);
    println!(
        "{} changes of {} repositories, each left out in turn: precision {precision:.1}, recall {recall:.1}, F1 {f1:.1}",
        all.len(),
        repositories.len()
    );
    let model = fit(lessons.iter());
    println!("bias {:.4}", model.bias);
    let weights: Vec<String> = model
        .weights
        .iter()
        .map(|weight| format!("{weight:.4}"))
        .collect();
    println!("{}", weights.join(", "));
    Ok(())
}

/// What a plan would name by a model alone.
fn named(lesson: &CaseLesson, model: &Model) -> Vec<String> {
    let mut likely: Vec<(f64, &String)> = lesson
        .rows
        .iter()
        .map(|row| model.likelihood(row))
        .zip(&lesson.paths)
        .collect();
    likely.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let likelihoods: Vec<f64> = likely.iter().map(|(likelihood, _)| *likelihood).collect();
    let count = likely_count(&likelihoods, MOST);
    likely
        .into_iter()
        .take(count)
        .map(|(_, path)| path.clone())
        .collect()
}

fn fit<'l>(lessons: impl Iterator<Item = &'l CaseLesson>) -> Model {
    let judged = |lesson: &CaseLesson| -> JudgedRequest {
        let changed = |path| lesson.case.files.contains(path);
        let rows = lesson.rows.iter().copied();
        rows.zip(lesson.paths.iter().map(changed)).collect()
    };
    let nothing = Model {
        bias: 0.0,
        weights: vec![0.0; Model::default().weights.len()],
    };
    nothing.fitted(&lessons.map(judged).collect::<Vec<_>>(), RIDGE)
}

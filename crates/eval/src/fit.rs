//! Weights of likelihoods: a logistic regression with a ridge over standardized features, by Newton's steps.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use poag::librarian::rank::likely_count;

use crate::cases::{Case, EvalError, judge, means, ranker, read};

/// How firmly weights of standardized features are held at nothing.
const RIDGE: f64 = 100.0;
const STEPS: usize = 25;
/// Files that are named at most.
const MOST: usize = 10;

/// The candidates of one case.
struct Lesson {
    case: Case,
    paths: Vec<String>,
    rows: Vec<Vec<f64>>,
}

/// The weight of no evidence, and one for each feature.
struct Model {
    bias: f64,
    weights: Vec<f64>,
}

impl Model {
    fn likelihood(&self, row: &[f64]) -> f64 {
        let sum: f64 = row
            .iter()
            .zip(&self.weights)
            .map(|(value, weight)| value * weight)
            .sum();
        1.0 / (1.0 + (-(self.bias + sum)).exp())
    }
}

/// Prints how good the weights are where a repository is left out, and the weights that all cases teach.
pub fn run(cases: &[PathBuf], mirror: &Path) -> Result<(), EvalError> {
    let mut lessons = Vec::new();
    for ((repo, commit), cases) in read(cases)? {
        let ranker = ranker(mirror, &repo, &commit)?;
        for case in cases {
            let (paths, rows) = ranker.evidence_rows(&case.text).into_iter().unzip();
            lessons.push(Lesson { case, paths, rows });
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
fn named(lesson: &Lesson, model: &Model) -> Vec<String> {
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

fn fit<'l>(lessons: impl Iterator<Item = &'l Lesson>) -> Model {
    let mut rows: Vec<(&[f64], f64)> = Vec::new();
    for lesson in lessons {
        for (path, row) in lesson.paths.iter().zip(&lesson.rows) {
            rows.push((row, f64::from(u8::from(lesson.case.files.contains(path)))));
        }
    }
    let width = rows.first().map_or(0, |(row, _)| row.len());
    let count = rows.len().max(1) as f64;
    let mut mean = vec![0.0; width];
    let mut spread = vec![0.0; width];
    for (row, _) in &rows {
        row.iter()
            .zip(&mut mean)
            .for_each(|(value, mean)| *mean += value / count);
    }
    for (row, _) in &rows {
        for at in 0..width {
            spread[at] += (row[at] - mean[at]).powi(2) / count;
        }
    }
    let spread: Vec<f64> = spread
        .iter()
        .map(|it: &f64| if *it > 1e-18 { it.sqrt() } else { 1.0 })
        .collect();
    // Standardized features, and a one for the bias.
    let standard: Vec<(Vec<f64>, f64)> = rows
        .iter()
        .map(|(row, changed)| {
            let mut values: Vec<f64> = (0..width)
                .map(|at| (row[at] - mean[at]) / spread[at])
                .collect();
            values.push(1.0);
            (values, *changed)
        })
        .collect();
    let mut weights = vec![0.0; width + 1];
    for _ in 0..STEPS {
        let (slope, curve) = slope(&standard, &weights);
        let step = solve(curve, slope);
        let size: f64 = step.iter().map(|it| it.abs()).sum();
        weights
            .iter_mut()
            .zip(step)
            .for_each(|(weight, by)| *weight -= by);
        if size < 1e-8 {
            break;
        }
    }
    let bias = weights[width]
        - (0..width)
            .map(|at| weights[at] * mean[at] / spread[at])
            .sum::<f64>();
    let weights = (0..width).map(|at| weights[at] / spread[at]).collect();
    Model { bias, weights }
}

/// Slope and curvature of the loss; the bias is held by nothing.
fn slope(rows: &[(Vec<f64>, f64)], weights: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let size = weights.len();
    let mut slope = vec![0.0; size];
    let mut curve = vec![vec![0.0; size]; size];
    for (row, changed) in rows {
        let sum: f64 = row
            .iter()
            .zip(weights)
            .map(|(value, weight)| value * weight)
            .sum();
        let chance = 1.0 / (1.0 + (-sum).exp());
        let bend = chance * (1.0 - chance);
        for at in 0..size {
            slope[at] += (chance - changed) * row[at];
            for to in 0..=at {
                curve[at][to] += bend * row[at] * row[to];
            }
        }
    }
    for at in 0..size {
        if at + 1 < size {
            slope[at] += RIDGE * weights[at];
            curve[at][at] += RIDGE;
        }
        curve[at][at] += 1e-9;
        let left = curve[at][..at].to_vec();
        for (to, value) in left.into_iter().enumerate() {
            curve[to][at] = value;
        }
    }
    (slope, curve)
}

/// Solves curve · x = slope by elimination; the curve is positive.
fn solve(mut curve: Vec<Vec<f64>>, mut slope: Vec<f64>) -> Vec<f64> {
    let size = slope.len();
    for at in 0..size {
        let pivot = curve[at][at];
        let (upper, lower) = curve.split_at_mut(at + 1);
        let row = &upper[at];
        for (below, other) in lower.iter_mut().enumerate() {
            let factor = other[at] / pivot;
            for (value, by) in other.iter_mut().zip(row).skip(at) {
                *value -= factor * by;
            }
            slope[at + 1 + below] -= factor * slope[at];
        }
    }
    for at in (0..size).rev() {
        for to in at + 1..size {
            slope[at] -= curve[at][to] * slope[to];
        }
        slope[at] /= curve[at][at];
    }
    slope
}

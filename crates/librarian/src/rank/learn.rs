//! Weights learned from the past: of a request's candidates, those its commit changed shall come first.
//!
//! The loss of one request is the cross entropy of softmax(weights · signals) with its files (ListNet: Cao et al.,
//! Learning to Rank, 2007); each request counts √(its files). To the mean over all is added λ · |weights − prior|²,
//! λ = [`SHRINK`] / requests: who has no past keeps the prior. It is convex; Newton's steps find its minimum, in a fixed
//! order of sums, so that the same past gives the same weights.

use super::signal::{COUNT, SignalWeights};

/// How firmly the prior is held, in requests.
pub const SHRINK: f64 = 12.0;
const STEPS: usize = 8;

/// One request: its candidates' signals, and which of them it changed.
#[derive(Clone, Debug, Default)]
pub struct Lesson {
    /// Candidate → signals.
    pub rows: Vec<[f32; COUNT]>,
    /// Candidate → whether it changed.
    pub changed: Vec<bool>,
}

/// The weights that fit `lessons`, near `prior`.
#[must_use]
pub fn learn(lessons: &[Lesson], prior: &SignalWeights, shrink: f64) -> SignalWeights {
    let lessons: Vec<&Lesson> = lessons
        .iter()
        .filter(|lesson| lesson.changed.contains(&true))
        .collect();
    if lessons.is_empty() {
        return *prior;
    }
    let held = shrink / lessons.len() as f64;
    let mut weights = *prior;
    let (mut loss, mut step) = slope(&lessons, &weights, prior, held);
    for _ in 0..STEPS {
        let Some(direction) = solve(step) else { break };
        let mut length = 1.0;
        let found = loop {
            let mut next = weights;
            next.iter_mut()
                .zip(&direction)
                .for_each(|(weight, by)| *weight -= length * by);
            let (there, further) = slope(&lessons, &next, prior, held);
            if there < loss {
                break Some((next, there, further));
            }
            length /= 2.0;
            if length < 0.01 {
                break None;
            }
        };
        let Some((next, there, further)) = found else {
            break;
        };
        let gained = loss - there;
        (weights, loss, step) = (next, there, further);
        if gained < 1e-6 {
            break;
        }
    }
    weights
}

type Matrix = Vec<[f64; COUNT]>;

/// The loss, its slope and its curvature.
#[expect(
    clippy::needless_range_loop,
    reason = "matrices are read by their places"
)]
fn slope(
    lessons: &[&Lesson],
    weights: &SignalWeights,
    prior: &SignalWeights,
    held: f64,
) -> (f64, (SignalWeights, Matrix)) {
    let each = poag_knowledge::parallel::map(lessons, |lesson| one(lesson, weights));
    let (mut loss, mut slope, mut curve) = (0.0, [0.0; COUNT], vec![[0.0; COUNT]; COUNT]);
    for (own, own_slope, own_curve) in each {
        loss += own;
        for at in 0..COUNT {
            slope[at] += own_slope[at];
            for to in at..COUNT {
                curve[at][to] += own_curve[at][to];
            }
        }
    }
    let count = lessons.len() as f64;
    loss /= count;
    for at in 0..COUNT {
        let away = weights[at] - prior[at];
        loss += held * away * away;
        slope[at] = slope[at] / count + 2.0 * held * away;
        for to in at..COUNT {
            let value = curve[at][to] / count;
            (curve[at][to], curve[to][at]) = (value, value);
        }
        curve[at][at] += 2.0 * held;
    }
    (loss, (slope, curve))
}

fn one(lesson: &Lesson, weights: &SignalWeights) -> (f64, SignalWeights, Matrix) {
    let dot = |row: &[f32; COUNT]| -> f64 {
        row.iter()
            .zip(weights)
            .map(|(signal, weight)| f64::from(*signal) * weight)
            .sum()
    };
    let scores: Vec<f64> = lesson.rows.iter().map(dot).collect();
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let raised: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum: f64 = raised.iter().sum();
    let changed = lesson.changed.iter().filter(|changed| **changed).count() as f64;
    let (counts, share) = (changed.sqrt(), 1.0 / changed.sqrt());
    let mut loss = 0.0;
    let (mut mean, mut slope, mut curve) = ([0.0; COUNT], [0.0; COUNT], vec![[0.0; COUNT]; COUNT]);
    for ((row, changed), (score, raised)) in lesson
        .rows
        .iter()
        .zip(&lesson.changed)
        .zip(scores.iter().zip(&raised))
    {
        let chance = raised / sum;
        let target = if *changed { share } else { 0.0 };
        if *changed {
            loss -= share * (score - most - sum.ln());
        }
        for at in 0..COUNT {
            let value = f64::from(row[at]);
            mean[at] += chance * value;
            slope[at] += (chance * counts - target) * value;
        }
        if chance > 1e-5 {
            for at in 0..COUNT {
                let value = chance * f64::from(row[at]);
                if value != 0.0 {
                    for (sum, other) in curve[at][at..].iter_mut().zip(&row[at..]) {
                        *sum += value * f64::from(*other);
                    }
                }
            }
        }
    }
    for at in 0..COUNT {
        for to in at..COUNT {
            curve[at][to] = counts * (curve[at][to] - mean[at] * mean[to]);
        }
    }
    (loss, slope, curve)
}

/// Solves curve · x = slope by Cholesky's decomposition; none where the curve is not positive.
#[expect(
    clippy::needless_range_loop,
    reason = "matrices are read by their places"
)]
pub(super) fn solve<const N: usize>(
    (slope, mut curve): ([f64; N], Vec<[f64; N]>),
) -> Option<[f64; N]> {
    for at in 0..N {
        for to in 0..=at {
            let mut sum = curve[at][to];
            for k in 0..to {
                sum -= curve[at][k] * curve[to][k];
            }
            if at == to {
                if sum <= 0.0 {
                    return None;
                }
                curve[at][at] = sum.sqrt();
            } else {
                curve[at][to] = sum / curve[to][to];
            }
        }
    }
    let mut x = slope;
    for at in 0..N {
        for k in 0..at {
            x[at] -= curve[at][k] * x[k];
        }
        x[at] /= curve[at][at];
    }
    for at in (0..N).rev() {
        for k in at + 1..N {
            x[at] -= curve[k][at] * x[k];
        }
        x[at] /= curve[at][at];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lessons(telling: usize) -> Vec<Lesson> {
        let row = |at: usize| {
            let mut row = [0.0; COUNT];
            row[at] = 1.0;
            row
        };
        let lesson = Lesson {
            rows: vec![row(telling), row(5), row(6)],
            changed: vec![true, false, false],
        };
        vec![lesson; 50]
    }

    #[test]
    fn a_signal_that_told_right_gains_and_the_others_lose() {
        let prior = [0.0; COUNT];
        let weights = learn(&lessons(3), &prior, SHRINK);
        assert!(weights[3] > 0.5, "{}", weights[3]);
        assert!(weights[5] < 0.0);
        assert!(weights[7].abs() < 1e-9);
    }

    #[test]
    fn without_a_past_the_prior_stands() {
        let prior = [0.5; COUNT];
        assert_eq!(learn(&[], &prior, SHRINK), prior);
    }

    #[test]
    fn the_same_past_gives_the_same_weights_to_the_byte() {
        let prior = [0.1; COUNT];
        let (one, other) = (
            learn(&lessons(2), &prior, 1.0),
            learn(&lessons(2), &prior, 1.0),
        );
        assert_eq!(one.map(f64::to_bits), other.map(f64::to_bits));
    }
}

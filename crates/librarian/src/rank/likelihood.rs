//! How probable it is that a file changes: a logistic regression over its signals and its place in the ranking.
//!
//! The weights were learned from 126 requests in users' words of 23 public repositories, each with the files that were
//! changed for it, by a ridge (100) on standardized features; `poag-eval fit` learns such weights anew. Left out one
//! repository at a time, the set of files that [`count`] cuts had F1 52 to 54 on 28 of them, where the best constant cut of
//! the ranking has 48, and 40 on the others, where that has 36.

use super::measure::Measured;
use super::signal::COUNT;

/// Numbers of one row: the signals, then what the ranking says.
pub const ROW: usize = COUNT + 6;

/// The weight of no evidence.
const BIAS: f64 = -1.7201;
const WEIGHTS: [f64; ROW] = [
    0.7161, 0.8065, 0.7440, 0.2101, 0.1300, -0.1609, 0.3708, -0.5490, -0.5040, 0.3901, 0.1168,
    0.4235, 0.1168, 0.2672, 0.0740, 0.5475, -0.0118, 1.8749, -0.1584, -0.0111, -0.0390, -0.0200,
    0.0713, -0.0610, 0.1421, 0.2480, -0.4523, -0.5333, -0.1012, -0.6627, 0.0147, 0.4278, 0.1325,
    0.3175, 0.5492, 0.3350, -0.0063, 0.1685, -0.2950, 0.0499, -0.2020, -0.1212, 0.1583, -0.2755,
    -0.7177, 0.2337, -0.0057, -0.1043,
];

/// What is known of each candidate: its signals; then, for s the ranking's worth of a file and p = softmax(s) over the
/// candidates: s less the best, ln(1 + place), p, ln p, the best s, and the entropy of p.
pub fn rows(weights: &[f64], measured: &Measured, candidates: &[usize]) -> Vec<Vec<f64>> {
    let worth: Vec<f64> = candidates
        .iter()
        .map(|file| {
            (0..COUNT)
                .map(|at| weights[at] * measured.of[at][*file])
                .sum()
        })
        .collect();
    let most = worth.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let raised: Vec<f64> = worth.iter().map(|worth| (worth - most).exp()).collect();
    let sum: f64 = raised.iter().sum();
    let entropy: f64 = raised
        .iter()
        .map(|raised| raised / sum)
        .map(|share| -share * (share + 1e-12).ln())
        .sum();
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by(|a, b| worth[*b].total_cmp(&worth[*a]).then(a.cmp(b)));
    let mut places = vec![0.0f64; candidates.len()];
    for (place, at) in order.into_iter().enumerate() {
        places[at] = place as f64;
    }
    candidates
        .iter()
        .enumerate()
        .map(|(at, file)| {
            let mut row: Vec<f64> = (0..COUNT)
                .map(|signal| measured.of[signal][*file])
                .collect();
            let share = raised[at] / sum;
            row.extend([
                worth[at] - most,
                places[at].ln_1p(),
                share,
                (share + 1e-6).ln(),
                most,
                entropy,
            ]);
            row
        })
        .collect()
}

/// The likelihood of a row, from 0 to 1.
pub fn likelihood(row: &[f64]) -> f64 {
    let sum: f64 = row
        .iter()
        .zip(WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    1.0 / (1.0 + (-(BIAS + sum)).exp())
}

/// How many of the likeliest files to name so that the expected F1 is greatest: with n files named and N = the sum of all
/// likelihoods expected to change, F1 is about 2 · (sum of the first n) / (n + N), see Lewis, "Evaluating and optimizing
/// autonomous text classification systems" (1995).
#[must_use]
pub fn count(likelihoods: &[f64], most: usize) -> usize {
    let all: f64 = likelihoods.iter().sum();
    let (mut best, mut count, mut sum) = (0.0, 0, 0.0);
    for (at, likelihood) in likelihoods.iter().take(most).enumerate() {
        sum += likelihood;
        let expected = 2.0 * sum / ((at + 1) as f64 + all);
        if expected > best {
            (best, count) = (expected, at + 1);
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sure_is_named_and_what_is_not_is_left() {
        assert_eq!(count(&[0.9, 0.9, 0.05, 0.05], 12), 2);
        assert_eq!(count(&[0.2, 0.2, 0.2], 12), 3);
        assert_eq!(count(&[], 12), 0);
        assert_eq!(count(&[0.9; 20], 12), 12);
    }
}

//! How probable it is that a file changes: a logistic regression over its signals and its place in the ranking.
//!
//! The default weights were learned from 126 requests in users' words of 23 public repositories, each with the files that
//! were changed for it, by a ridge (100) on standardized features; `poag-eval fit` learns such weights anew. Left out one
//! repository at a time, the set of files that [`count`] cuts had F1 52 to 54 on 28 of them, where the best constant cut of
//! the ranking has 48, and 40 on the others, where that has 36.
//!
//! A repository's own commits teach it weights of its own, which begin with the defaults. They serve requests that are
//! written as its messages are: messages name files, scopes and parts that people who report a fault do not know, so that
//! weights learned from messages lower F1 on the 126 requests from 44 to 41.

use serde::{Deserialize, Serialize};

use super::learn::{Lesson, solve};
use super::signal::COUNT;
use poag_knowledge::parallel;

/// Numbers of one row: the signals, then what the ranking says.
pub const ROW: usize = COUNT + 6;
/// The same and a one, for the weight of no evidence.
const WIDE: usize = ROW + 1;
/// How firmly weights of standardized features are held at the defaults: of 100, 300, 1,000, 3,000 and 10,000 the best for
/// the newest 150 commits of 23 repositories where those before them teach.
const HELD: f64 = 1_000.0;
const STEPS: usize = 12;

/// One candidate.
pub type EvidenceRow = [f64; ROW];

/// The weight of no evidence.
const BIAS: f64 = -1.7201;
const WEIGHTS: [f64; ROW] = [
    0.7161, 0.8065, 0.7440, 0.2101, 0.1300, -0.1609, 0.3708, -0.5490, -0.5040, 0.3901, 0.1168,
    0.4235, 0.1168, 0.2672, 0.0740, 0.5475, -0.0118, 1.8749, -0.1584, -0.0111, -0.0390, -0.0200,
    0.0713, -0.0610, 0.1421, 0.2480, -0.4523, -0.5333, -0.1012, -0.6627, 0.0147, 0.4278, 0.1325,
    0.3175, 0.5492, 0.3350, -0.0063, 0.1685, -0.2950, 0.0499, -0.2020, -0.1212, 0.1583, -0.2755,
    -0.7177, 0.2337, -0.0057, -0.1043,
];

/// What likelihoods are computed by.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Model {
    /// The weight of no evidence.
    pub bias: f64,
    /// One for each number of a row.
    pub weights: Vec<f64>,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            bias: BIAS,
            weights: WEIGHTS.to_vec(),
        }
    }
}

/// The candidates of one request, each with whether it changed.
pub type JudgedRequest = Vec<(EvidenceRow, bool)>;

impl Model {
    /// The likelihood of a row, from 0 to 1.
    #[must_use]
    pub fn likelihood(&self, row: &EvidenceRow) -> f64 {
        let sum: f64 = row
            .iter()
            .zip(&self.weights)
            .map(|(value, weight)| value * weight)
            .sum();
        1.0 / (1.0 + (-(self.bias + sum)).exp())
    }

    /// What the commits of a repository teach, whose files are ranked by `weights`.
    #[must_use]
    pub fn of(lessons: &[Lesson], weights: &[f64]) -> Self {
        let judged = parallel::map(lessons, |lesson| {
            let signals: Vec<[f64; COUNT]> =
                lesson.rows.iter().map(|row| row.map(f64::from)).collect();
            let changed = lesson.changed.iter().copied();
            rows(weights, &signals).into_iter().zip(changed).collect()
        });
        Self::default().fitted(&judged.collect::<Vec<_>>(), HELD)
    }

    /// The most probable weights where these are the prior: its spread is that of standardized features, `held` how firmly
    /// it stands. The bias is free. Found by Newton's steps in a fixed order of sums, the same for the same cases.
    #[must_use]
    pub fn fitted(&self, cases: &[JudgedRequest], held: f64) -> Self {
        if !cases.iter().flatten().any(|(_, changed)| *changed) {
            return self.clone();
        }
        let holds = spread(cases).map(|spread| match spread > 1e-18 {
            true => held * spread,
            false => held,
        });
        let mut model = self.clone();
        for _ in 0..STEPS {
            let Some(step) = self.step(&model, cases, &holds) else {
                return self.clone();
            };
            let pairs = model.weights.iter_mut().zip(&step);
            pairs.for_each(|(weight, by)| *weight -= by);
            model.bias -= step[ROW];
            if step.iter().map(|by| by.abs()).sum::<f64>() < 1e-3 {
                break;
            }
        }
        match model.weights.iter().all(|weight| weight.is_finite()) {
            true => model,
            false => self.clone(),
        }
    }

    /// Newton's step from `model`, where `self` is the prior.
    #[expect(
        clippy::needless_range_loop,
        reason = "matrices are read by their places"
    )]
    fn step(
        &self,
        model: &Self,
        cases: &[JudgedRequest],
        holds: &EvidenceRow,
    ) -> Option<[f64; WIDE]> {
        let (mut slope, mut curve) = ([0.0; WIDE], vec![[0.0; WIDE]; WIDE]);
        for (own_slope, own_curve) in parallel::map(cases, |case| model.slope(case)) {
            for at in 0..WIDE {
                slope[at] += own_slope[at];
                let (sums, own) = (&mut curve[at][at..], &own_curve[at][at..]);
                sums.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
            }
        }
        for at in 0..ROW {
            slope[at] += holds[at] * (model.weights[at] - self.weights[at]);
            curve[at][at] += holds[at];
        }
        for at in 0..WIDE {
            curve[at][at] += 1e-9;
            for to in at + 1..WIDE {
                curve[to][at] = curve[at][to];
            }
        }
        solve((slope, curve))
    }

    /// Slope and curvature of the loss of one case; of the curvature only what stands right of the diagonal.
    fn slope(&self, case: &JudgedRequest) -> ([f64; WIDE], Vec<[f64; WIDE]>) {
        let (mut slope, mut curve) = ([0.0; WIDE], vec![[0.0; WIDE]; WIDE]);
        for (row, changed) in case {
            let mut wide = [1.0; WIDE];
            wide[..ROW].copy_from_slice(row);
            let chance = self.likelihood(row);
            let off = chance - f64::from(u8::from(*changed));
            let bend = chance * (1.0 - chance);
            for at in 0..WIDE {
                slope[at] += off * wide[at];
                let value = bend * wide[at];
                if value != 0.0 {
                    let (sums, others) = (&mut curve[at][at..], &wide[at..]);
                    let pairs = sums.iter_mut().zip(others);
                    pairs.for_each(|(sum, other)| *sum += value * other);
                }
            }
        }
        (slope, curve)
    }
}

/// The variance of each number of the rows.
fn spread(cases: &[JudgedRequest]) -> EvidenceRow {
    let rows = || cases.iter().flatten().map(|(row, _)| row);
    let count = rows().count().max(1) as f64;
    let (mut mean, mut spread) = ([0.0; ROW], [0.0; ROW]);
    for row in rows() {
        let pairs = mean.iter_mut().zip(row);
        pairs.for_each(|(mean, value)| *mean += value / count);
    }
    for row in rows() {
        for at in 0..ROW {
            spread[at] += (row[at] - mean[at]).powi(2) / count;
        }
    }
    spread
}

/// What is known of each candidate: its signals; then, for s the ranking's worth of a file and p = softmax(s) over the
/// candidates: s less the best, ln(1 + place), p, ln p, the best s, and the entropy of p.
pub fn rows(weights: &[f64], candidates: &[[f64; COUNT]]) -> Vec<EvidenceRow> {
    let dot = |signals: &[f64; COUNT]| -> f64 {
        let pairs = signals.iter().zip(weights);
        pairs.map(|(value, weight)| weight * value).sum()
    };
    let worth: Vec<f64> = candidates.iter().map(dot).collect();
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
    let row = |(at, signals): (usize, &[f64; COUNT])| {
        let share = raised[at] / sum;
        let ranked = [
            worth[at] - most,
            places[at].ln_1p(),
            share,
            (share + 1e-6).ln(),
            most,
            entropy,
        ];
        let mut row = [0.0; ROW];
        row[..COUNT].copy_from_slice(signals);
        row[COUNT..].copy_from_slice(&ranked);
        row
    };
    candidates.iter().enumerate().map(row).collect()
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

    /// Files of which those with this number change.
    fn cases(telling: usize) -> Vec<JudgedRequest> {
        let row = |at: usize| {
            let mut row = [0.0; ROW];
            row[at] = 1.0;
            row
        };
        vec![vec![(row(telling), true), (row(5), false), (row(6), false)]; 200]
    }

    #[test]
    fn what_the_past_tells_moves_the_defaults_and_more_of_it_moves_them_farther() {
        let prior = Model::default();
        let row = cases(3)[0][0].0;
        let (few, many) = (
            prior.fitted(&cases(3)[..20], HELD),
            prior.fitted(&cases(3), HELD),
        );
        let [none, few, many] = [&prior, &few, &many].map(|model| model.likelihood(&row));
        assert!(none < few && few < many, "{none} {few} {many}");
        let held = prior.fitted(&cases(3), 1e9);
        assert!((held.weights[3] - prior.weights[3]).abs() < 1e-3);
    }

    #[test]
    fn without_a_past_the_defaults_stand() {
        let mut none = cases(3);
        none.iter_mut()
            .flatten()
            .for_each(|(_, changed)| *changed = false);
        assert_eq!(Model::default().fitted(&none, HELD), Model::default());
        assert_eq!(Model::of(&[], &[0.0; COUNT]), Model::default());
    }

    #[test]
    fn what_is_sure_is_named_and_what_is_not_is_left() {
        assert_eq!(count(&[0.9, 0.9, 0.05, 0.05], 12), 2);
        assert_eq!(count(&[0.2, 0.2, 0.2], 12), 3);
        assert_eq!(count(&[], 12), 0);
        assert_eq!(count(&[0.9; 20], 12), 12);
    }
}

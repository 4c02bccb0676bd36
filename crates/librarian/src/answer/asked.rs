//! The words of a question among the terms of many documents.

use crate::rank::Field;

/// A word of a question, as the passages know it.
pub struct AskedWord {
    /// Its weight.
    pub weight: f64,
    /// How much it tells.
    pub tells: f64,
    /// The numbers of the terms that stand for it, each with a factor.
    pub terms: Vec<(u32, f64)>,
}

/// The worth of all documents of a field: of each word the best of its terms.
pub fn score(field: &Field, asked: &[AskedWord], documents: usize) -> Vec<f64> {
    let mut scores = vec![0.0; documents];
    let mut of_word = vec![0.0f64; documents];
    for word in asked {
        for (term, factor) in &word.terms {
            for (document, worth) in field.holders(*term) {
                let best = &mut of_word[*document as usize];
                *best = best.max(factor * f64::from(*worth));
            }
        }
        for (term, _) in &word.terms {
            for (document, _) in field.holders(*term) {
                scores[*document as usize] +=
                    word.weight * std::mem::take(&mut of_word[*document as usize]);
            }
        }
    }
    scores
}

/// What the words come to together of which each document of some fields holds one term at least.
pub fn share(
    fields: &[&Field],
    asked: &[AskedWord],
    documents: usize,
    worth: impl Fn(&AskedWord) -> f64,
) -> Vec<f64> {
    let mut sums = vec![0.0; documents];
    let mut seen = vec![usize::MAX; documents];
    for (at, word) in asked.iter().enumerate() {
        let worth = worth(word);
        for (term, _) in &word.terms {
            for (document, _) in fields.iter().flat_map(|field| field.holders(*term)) {
                let seen = &mut seen[*document as usize];
                if *seen != at {
                    *seen = at;
                    sums[*document as usize] += worth;
                }
            }
        }
    }
    sums
}

//! One field of many documents: which hold a term, and what that is worth.
//!
//! Worth is BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009): idf · tf · (k₁ + 1) /
//! (tf + k₁ · (1 − b + b · length / mean length)), with idf = ln(1 + (N − n + ½) / (n + ½)).

use serde::{Deserialize, Serialize};

/// The terms of one document, each with its frequency, in order.
pub type Document = Vec<(u32, f32)>;

/// What a term of a request is worth, by the number of the term, in order.
pub type Weights = Vec<(u32, f64)>;

/// How a field saturates and normalizes.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// k₁.
    pub saturation: f64,
    /// b.
    pub length: f64,
    /// Documents shorter than this share of the mean count as that long: what is short holds little, whatever its words.
    pub floor: f64,
}

/// A field, by term and by document.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Field {
    starts: Vec<u32>,
    holders: Vec<(u32, f32)>,
}

impl Field {
    /// The field of documents whose terms are below `terms`.
    #[must_use]
    pub fn new(documents: &[Document], terms: usize, shape: Shape) -> Self {
        let mut starts = vec![0u32; terms + 1];
        let mut lengths = Vec::with_capacity(documents.len());
        for document in documents {
            let mut length = 0.0;
            for (term, count) in document {
                starts[*term as usize + 1] += 1;
                length += f64::from(*count);
            }
            lengths.push(length);
        }
        let full = lengths.iter().filter(|length| **length > 0.0).count();
        let mean = lengths.iter().sum::<f64>() / full.max(1) as f64;
        let holding: Vec<u32> = starts[1..].to_vec();
        for at in 0..terms {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut holders = vec![(0, 0.0); starts[terms] as usize];
        let all = documents.len() as f64;
        for (number, document) in (0u32..).zip(documents) {
            let length = lengths[number as usize] / mean.max(f64::MIN_POSITIVE);
            let length = length.max(shape.floor);
            let norm = shape.saturation * (1.0 - shape.length + shape.length * length);
            for (term, count) in document {
                let (held, count) = (f64::from(holding[*term as usize]), f64::from(*count));
                let idf = (1.0 + (all - held + 0.5) / (held + 0.5)).ln();
                let worth = idf * count * (shape.saturation + 1.0) / (count + norm);
                let place = &mut next[*term as usize];
                holders[*place as usize] = (number, worth as f32);
                *place += 1;
            }
        }
        Self { starts, holders }
    }

    /// The documents that hold a term, in order, each with the term's worth.
    #[must_use]
    pub fn holders(&self, term: u32) -> &[(u32, f32)] {
        let at = term as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(first), Some(last)) => &self.holders[*first as usize..*last as usize],
            _ => &[],
        }
    }

    /// The worth of all documents for a request, added in the order of its terms.
    #[must_use]
    pub fn score(&self, query: &Weights, documents: usize) -> Vec<f64> {
        let mut scores = vec![0.0; documents];
        for (term, weight) in query {
            for (document, worth) in self.holders(*term) {
                scores[*document as usize] += weight * f64::from(*worth);
            }
        }
        scores
    }

    /// The same field by document: for each, its terms with their worth, in order.
    #[must_use]
    pub fn by_document(&self, documents: usize) -> Vec<Document> {
        let mut all = vec![Document::new(); documents];
        for term in 0..self.starts.len().saturating_sub(1) {
            let term = u32::try_from(term).unwrap_or(u32::MAX);
            for (document, worth) in self.holders(term) {
                all[*document as usize].push((term, *worth));
            }
        }
        all
    }
}

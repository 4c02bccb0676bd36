//! What the past told at one time: when some of its newest commits had not been made yet.

use serde::{Deserialize, Serialize};

use super::corpus::Corpus;
use super::field::{Document, Field, Shape};
use super::graph::Edges;
use super::memory::WIDE;

/// Commits after which what changed together counts half.
const BOUND: f64 = 2_000.0;
/// Commits after which a message counts half for what was told about a file.
const TOLD: f64 = 1_500.0;

/// The past from one commit on.
#[derive(Deserialize, Serialize)]
pub struct Epoch {
    /// The first commit that had been made.
    pub first: usize,
    /// What was told about each file.
    pub told: Field,
    /// What was told about each folder.
    pub folders: Field,
    /// How often each file changed, half after 30, 200 and 1,000 commits, and ever.
    pub hot: [Vec<f64>; 4],
    /// How often each folder changed.
    pub hot_folder: Vec<f64>,
    /// How long ago each file changed.
    pub last: Vec<f64>,
    /// What changed together, by file.
    pub together: Edges,
    /// How often each file changed, for what changed together.
    pub degree: Vec<f64>,
}

/// 2^(−age / half).
pub fn decay(age: usize, half: f64) -> f64 {
    (-(age as f64) / half).exp2()
}

impl Epoch {
    /// The past of `corpus` as it was when commit `first` (0 being the newest) was the newest.
    #[must_use]
    pub fn new(corpus: &Corpus, first: usize) -> Self {
        let files = corpus.paths.len();
        let memory = &corpus.memory;
        let halves = [30.0, 200.0, 1_000.0, f64::INFINITY];
        let mut hot = [const { Vec::new() }; 4];
        hot.iter_mut().for_each(|hot| *hot = vec![0.0; files]);
        let mut last = vec![1e4f64; files];
        let mut degree = vec![0.0; files];
        let mut pairs: Vec<(u32, u32, f64)> = Vec::new();
        let mut words: Vec<(u32, u32, f32)> = Vec::new();
        for (age, told) in memory.commits.iter().skip(first).enumerate() {
            for file in &told.files {
                let last = &mut last[*file as usize];
                *last = last.min(age as f64);
            }
            if told.size > WIDE {
                continue;
            }
            let share = 1.0 / (told.size.min(20) as f64).sqrt();
            let (bound, message) = (
                decay(age, BOUND),
                decay(age, TOLD) / (told.size as f64).sqrt(),
            );
            for (at, file) in told.files.iter().enumerate() {
                let number = *file as usize;
                for (hot, half) in hot.iter_mut().zip(halves) {
                    hot[number] += share
                        * if half.is_finite() {
                            decay(age, half)
                        } else {
                            1.0
                        };
                }
                degree[number] += bound;
                let terms = memory.terms[first + age].iter();
                words.extend(terms.map(|(term, weight)| (*file, *term, weight * message as f32)));
                for other in told.files.iter().skip(at + 1) {
                    pairs.push((*file, *other, bound / (told.size.max(2) - 1) as f64));
                }
            }
        }
        let mut hot_folder = vec![0.0; corpus.folders.names.len()];
        for (file, folder) in corpus.folders.of.iter().enumerate() {
            hot_folder[*folder as usize] += hot[2][file];
        }
        let told = documents(words, files);
        let inside = told.iter().zip(&corpus.folders.of);
        let inside = inside
            .flat_map(|(told, folder)| told.iter().map(|(term, worth)| (*folder, *term, *worth)));
        let folders = documents(inside.collect(), corpus.folders.names.len());
        let shape = |saturation| Shape {
            saturation,
            length: 0.65,
            floor: 0.0,
        };
        let terms = corpus.vocabulary.terms();
        Self {
            first,
            told: Field::new(&told, terms, shape(0.6)),
            folders: Field::new(&folders, terms, shape(1.0)),
            hot_folder: corpus
                .folders
                .of
                .iter()
                .map(|folder| hot_folder[*folder as usize].ln_1p())
                .collect(),
            hot: hot.map(|hot| hot.into_iter().map(|hot| (3.0 * hot).ln_1p()).collect()),
            last: last.into_iter().map(|age| -(age / 10.0).ln_1p()).collect(),
            together: merge(pairs, files),
            degree,
        }
    }
}

/// Documents out of (document, term, worth), added in the order given.
fn documents(mut words: Vec<(u32, u32, f32)>, count: usize) -> Vec<Document> {
    words.sort_by_key(|(document, term, _)| (*document, *term));
    let mut documents = vec![Document::new(); count];
    for group in words.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let worth = group.iter().map(|(_, _, worth)| worth).sum();
        documents[group[0].0 as usize].push((group[0].1, worth));
    }
    documents
}

fn merge(mut pairs: Vec<(u32, u32, f64)>, files: usize) -> Edges {
    // Stable, so that what is added is added in the order of the commits.
    pairs.sort_by_key(|(one, other, _)| (*one, *other));
    let mut edges: Edges = vec![Vec::new(); files];
    for group in pairs.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (one, other, _) = group[0];
        let weight = group.iter().map(|(_, _, weight)| weight).sum::<f64>() as f32;
        edges[one as usize].push((other, weight));
        edges[other as usize].push((one, weight));
    }
    edges
}

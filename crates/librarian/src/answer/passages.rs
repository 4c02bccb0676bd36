//! All that an answer may quote, of all experts together: sections of documents and documented definitions, ranked once.
//!
//! Worth is BM25 over three fields: headings or names, lines, and the path; see [`Field`]. What a reader would not take for
//! the documentation comes after it: tests, fixtures, change logs, translations, declarations of poag.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::index::sections::{Kind, Section};
use crate::index::sheet::Sheet;
use crate::rank::{Document, Field, Numbers, Shape, Vocabulary, best, tally};
use crate::text::role::Role;

/// One passage.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PassageRow {
    /// The number of its file.
    pub file: u32,
    /// The headings above it.
    pub trail: String,
    /// Its heading or what it defines.
    pub name: String,
    /// Whether it documents a definition.
    pub definition: bool,
    /// First and last line, from 1, inclusive.
    pub lines: (u32, u32),
}

/// The passages of many files.
#[derive(Deserialize, Serialize)]
pub struct Passages {
    /// The files, by number.
    pub files: Vec<String>,
    /// The passages, by number.
    pub rows: Vec<PassageRow>,
    priors: Vec<f32>,
    vocabulary: Vocabulary,
    title: Field,
    lines: Field,
    path: Field,
}

/// A passage that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The number of the passage.
    pub row: usize,
    /// Its worth.
    pub worth: f64,
    /// The share of the weighted words of the question that it holds, from 0 to 1.
    pub cover: f64,
}

/// What headings and names are worth beside lines; what the path is worth; what the best passage of the same file is worth
/// to the others. Chosen on the 34 questions of `crates/eval` over 22 repositories: half or twice as much changes the mean
/// reciprocal rank by less than 0.02.
const TITLE: f64 = 0.5;
const PATH: f64 = 0.4;
const BESIDE: f64 = 0.2;

impl Passages {
    /// The passages of files, which are in order.
    #[must_use]
    pub fn new(files: &[(String, Sheet)]) -> Self {
        let mut vocabulary = Vocabulary::default();
        let (mut rows, mut priors) = (Vec::new(), Vec::new());
        let (mut titles, mut bodies, mut paths) = (Vec::new(), Vec::new(), Vec::new());
        for (number, (path, sheet)) in (0u32..).zip(files) {
            paths.push(tally(path, &mut vocabulary));
            if sheet.sections.is_empty() {
                continue;
            }
            let numbers = Numbers::learn(sheet, &mut vocabulary);
            for (
                Section {
                    trail,
                    name,
                    kind,
                    lines,
                },
                title,
                inside,
            ) in &sheet.sections
            {
                rows.push(PassageRow {
                    file: number,
                    trail: trail.clone(),
                    name: name.clone(),
                    definition: *kind == Kind::Definition,
                    lines: *lines,
                });
                titles.push(numbers.document(title));
                bodies.push(numbers.document(inside));
                priors.push(prior(path, *kind, name));
            }
        }
        let terms = vocabulary.terms();
        let field = |documents: &[Document], saturation: f64, length: f64, floor: f64| {
            Field::new(
                documents,
                terms,
                Shape {
                    saturation,
                    length,
                    floor,
                },
            )
        };
        Self {
            files: files.iter().map(|(path, _)| path.clone()).collect(),
            title: field(&titles, 1.2, 0.6, 0.0),
            lines: field(&bodies, 1.2, 0.3, 0.6),
            path: field(&paths, 1.0, 0.5, 0.0),
            rows,
            priors,
            vocabulary,
        }
    }

    /// Whether what was kept of it fits together.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let files = self.files.len();
        self.priors.len() == self.rows.len()
            && self.rows.iter().all(|row| (row.file as usize) < files)
    }

    /// Whether any passage holds a term.
    #[must_use]
    pub fn knows(&self, term: &str) -> bool {
        let number = self.vocabulary.number(term);
        number.is_some_and(|number| {
            !self.lines.holders(number).is_empty() || !self.title.holders(number).is_empty()
        })
    }

    /// The best passages for weighted terms, best first, at most `most`.
    #[must_use]
    pub fn rank(&self, terms: &BTreeMap<String, f64>, most: usize) -> Vec<Hit> {
        let mut query: Vec<(u32, f64)> = terms
            .iter()
            .filter_map(|(term, weight)| Some((self.vocabulary.number(term)?, *weight)))
            .collect();
        query.sort_unstable_by_key(|(term, _)| *term);
        let title = self.title.score(&query, self.rows.len());
        let lines = self.lines.score(&query, self.rows.len());
        let path = self.path.score(&query, self.files.len());
        let mut cover = vec![0.0f64; self.rows.len()];
        let mut whole = 0.0;
        let count = self.rows.len() as f64;
        for (term, weight) in &query {
            let held = self.lines.holders(*term).len() as f64;
            let idf = weight * (1.0 + (count - held + 0.5) / (held + 0.5)).ln();
            whole += idf;
            let holders = self.lines.holders(*term).iter();
            let holders = holders.chain(self.title.holders(*term));
            let rows: BTreeSet<u32> = holders.map(|(row, _)| *row).collect();
            for row in rows {
                cover[row as usize] += idf;
            }
        }
        let said: Vec<f64> = (0..self.rows.len())
            .map(|at| lines[at] + TITLE * title[at])
            .collect();
        let mut of_file = vec![0.0f64; self.files.len()];
        for (row, said) in self.rows.iter().zip(&said) {
            let best = &mut of_file[row.file as usize];
            *best = best.max(*said);
        }
        let worth = said.iter().enumerate().filter(|(_, said)| **said > 0.0);
        let worth = worth.map(|(at, said)| {
            let file = self.rows[at].file as usize;
            let share = cover[at] / whole.max(f64::MIN_POSITIVE);
            let all = said + PATH * path[file] + BESIDE * of_file[file];
            (at, all * f64::from(self.priors[at]) * share)
        });
        best(worth, most)
            .into_iter()
            .map(|(row, worth)| Hit {
                row,
                worth,
                cover: cover[row] / whole.max(f64::MIN_POSITIVE),
            })
            .collect()
    }
}

/// What a passage is worth for the place where it stands: documentation first, then what is no documentation although it
/// may hold the same words.
fn prior(path: &str, kind: Kind, name: &str) -> f32 {
    let lower = path.to_lowercase();
    match Role::of(path) {
        Role::Record => 0.25,
        _ if Role::is_history(path) => 0.25,
        _ if lower.ends_with("flake.nix") => 0.2,
        Role::Document if is_translation(&lower) => 0.3,
        Role::Document => 1.0,
        Role::Source if kind == Kind::Definition && name.is_empty() => 0.6,
        Role::Source => 0.85,
        Role::Example => 0.5,
        Role::Configure => 0.5,
        Role::Test => 0.35,
    }
}

/// Whether a document is in another language than the one beside it: `README.zh.md`, `docs/ja/…`, `README_CN.md`.
fn is_translation(path: &str) -> bool {
    const TONGUES: &[&str] = &[
        "ar", "bn", "cn", "cs", "de", "es", "fa", "fr", "he", "hi", "hu", "id", "it", "ja", "jp",
        "ko", "kr", "nl", "pl", "pt", "pt-br", "pt_br", "ro", "ru", "sv", "th", "tr", "uk", "ur",
        "vi", "zh", "zh-cn", "zh_cn", "zh-tw", "zh_tw", "zh-hans", "zh-hant",
    ];
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split('.').next().unwrap_or(name);
    let mut parts = name
        .split('.')
        .skip(1)
        .chain(stem.split_once(['_', '-']).map(|(_, end)| end));
    parts.any(|part| TONGUES.contains(&part))
        || folders.split('/').any(|folder| TONGUES.contains(&folder))
}

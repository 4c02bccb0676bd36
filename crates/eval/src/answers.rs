//! Whether the passages that answer a question are the right ones, beside BM25 over the sections of documents.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use poag_librarian::rank::{Document, Field, Numbers, Shape, Sheet, Vocabulary, best, tally};
use poag_librarian::text::request::RequestText;
use poag_librarian::{Passages, choose};

use crate::cases::{Case, EvalError, read, sheets};

/// Passages of an answer.
const SHOWN: usize = 3;
/// Endings of documents.
const DOCUMENTS: [&str; 5] = [".md", ".mdx", ".rst", ".adoc", ".txt"];

/// Prints a table of the questions and the sums.
pub fn run(cases: &[PathBuf], mirror: &Path) -> Result<(), EvalError> {
    let mut sums = [Sum::default(), Sum::default()];
    println!(
        "| question | place of the right passage | by BM25 | first source |\n|---|---|---|---|"
    );
    for ((repo, commit), cases) in read(cases, "usage")? {
        let sheets = sheets(mirror, &repo, &commit)?;
        let passages = Passages::new(&sheets);
        let plain = PlainSearch::new(&sheets);
        for case in cases {
            let request = RequestText::of(&case.text);
            let mut places = Vec::new();
            if request.usage {
                let chosen = choose(&passages, &request).into_iter();
                places.extend(chosen.map(|one| (one.path, one.lines)));
            }
            let found = [
                sums[0].add(&case, &places),
                sums[1].add(&case, &plain.best(&case.text)),
            ];
            let [ours, theirs] =
                found.map(|place| place.map_or("–".to_owned(), |at| (at + 1).to_string()));
            let first = places.first().map_or("none".to_owned(), |(path, lines)| {
                format!("{path}:{}–{}", lines.0, lines.1)
            });
            println!("| {} | {ours} | {theirs} | {first} |", case.id);
        }
    }
    println!();
    for (name, sum) in ["poag", "BM25 over sections"].iter().zip(&sums) {
        println!(
            "{name}: right first {} of {}, among three {} ({:.1} %), a right file among three {}, nothing found {}",
            sum.first,
            sum.all,
            sum.among,
            100.0 * f64::from(sum.among) / f64::from(sum.all.max(1)),
            sum.file,
            sum.nothing
        );
    }
    Ok(())
}

#[derive(Default)]
struct Sum {
    all: u32,
    first: u32,
    among: u32,
    file: u32,
    nothing: u32,
}

impl Sum {
    /// Counts what was found for a case; the place of the first passage that answers it, from 0.
    fn add(&mut self, case: &Case, found: &[(String, (u32, u32))]) -> Option<usize> {
        let mut shown = found.iter().take(SHOWN);
        let place = shown.position(|(path, lines)| case.answered_by(path, *lines));
        let file = found
            .iter()
            .take(SHOWN)
            .any(|(path, _)| case.files.contains(path));
        self.all += 1;
        self.first += u32::from(place == Some(0));
        self.among += u32::from(place.is_some());
        self.file += u32::from(file);
        self.nothing += u32::from(found.is_empty());
        place
    }
}

/// BM25 over the sections of documents, headings and text together.
struct PlainSearch {
    sections: Vec<(String, (u32, u32))>,
    vocabulary: Vocabulary,
    field: Field,
}

impl PlainSearch {
    fn new(files: &[(String, Sheet)]) -> Self {
        let mut vocabulary = Vocabulary::default();
        let mut sections: Vec<(String, (u32, u32))> = Vec::new();
        let mut documents: Vec<Document> = Vec::new();
        for (path, sheet) in files {
            if !DOCUMENTS.iter().any(|end| path.ends_with(end)) {
                continue;
            }
            let numbers = Numbers::learn(sheet, &mut vocabulary);
            for (section, inside) in &sheet.sections {
                let mut document = numbers.document(inside);
                // A long section comes in pieces of one name.
                if section.further
                    && let Some(before) = documents.last_mut()
                {
                    before.append(&mut document);
                    if let Some(place) = sections.last_mut() {
                        place.1.1 = section.lines.1;
                    }
                    continue;
                }
                document.extend(tally(&section.trail, &mut vocabulary));
                document.extend(tally(&section.name, &mut vocabulary));
                sections.push((path.clone(), section.lines));
                documents.push(document);
            }
        }
        let joined: Vec<Document> = documents.into_iter().map(joined).collect();
        let shape = Shape {
            saturation: 1.2,
            length: 0.75,
            floor: 0.0,
        };
        Self {
            field: Field::new(&joined, vocabulary.terms(), shape),
            sections,
            vocabulary,
        }
    }

    fn best(&self, text: &str) -> Vec<(String, (u32, u32))> {
        let mut words = Vocabulary::default();
        let mut query = Vec::new();
        let text: Vec<&str> = text
            .split_whitespace()
            .filter(|word| !poag_librarian::text::stop::is_empty(&word.to_lowercase()))
            .collect();
        tally(&text.join(" "), &mut words);
        let known: BTreeSet<u32> = words
            .all()
            .filter_map(|(term, _)| self.vocabulary.number(term))
            .collect();
        query.extend(known.into_iter().map(|term| (term, 1.0)));
        let scores = self.field.score(&query, self.sections.len());
        let found = scores
            .into_iter()
            .enumerate()
            .filter(|(_, score)| *score > 0.0);
        let found = best(found, SHOWN).into_iter();
        found.map(|(at, _)| self.sections[at].clone()).collect()
    }
}

/// A document in which each term stands once.
fn joined(mut document: Document) -> Document {
    document.sort_by_key(|(term, _)| *term);
    document.dedup_by(|later, first| {
        let same = later.0 == first.0;
        if same {
            first.1 += later.1;
        }
        same
    });
    document
}

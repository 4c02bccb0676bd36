//! All that an answer may quote, of all experts together: sections of documents and documented definitions, ranked once.
//!
//! A section is worth the sum of its signals, times weights that were learned from questions whose right sections are known.
//! Most signals are BM25 (see [`Field`]) over a part of it, as a share of what all words of the question could give.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::asked::{AskedWord, score, share};
use super::place::AnswerPlace;
use super::weights::{COVER, SIGNALS, WEIGHTS};
use crate::index::sections::Kind;
use crate::index::sheet::Sheet;
use crate::rank::{Document, Field, Numbers, Shape, Vocabulary, best, tally};
use crate::text::family::root;
use crate::text::wanted::WantedWord;

/// One passage: a section, or a part of one that is too long to be quoted whole.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PassageRow {
    /// The number of its section.
    pub section: u32,
    /// First and last line, from 1, inclusive.
    pub lines: (u32, u32),
}

/// A section of a document, or a documented definition.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SectionRow {
    /// The number of its file.
    pub file: u32,
    /// The headings above it.
    pub trail: String,
    /// Its heading or what it defines.
    pub name: String,
    /// What it is for its kind and the place where it stands.
    standing: SectionStanding,
}

impl SectionRow {
    /// Whether it is part of a text for readers, of the project's own or set aside.
    #[must_use]
    pub fn is_document(&self) -> bool {
        matches!(
            self.standing,
            SectionStanding::Documented | SectionStanding::Project
        )
    }
}

/// What a section is to somebody who asks.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
enum SectionStanding {
    Documented,
    Project,
    Definition,
    Comment,
    Module,
    Example,
    Configuration,
    Aside,
}

impl SectionStanding {
    fn of(path: &str, kind: Kind, name: &str) -> Self {
        match (AnswerPlace::of(path), kind) {
            (AnswerPlace::Documentation, _) => Self::Documented,
            (AnswerPlace::Project, _) => Self::Project,
            (AnswerPlace::Source, Kind::Definition) if name.is_empty() => Self::Comment,
            (AnswerPlace::Source, Kind::Definition) => Self::Definition,
            (AnswerPlace::Source, Kind::Prose) => Self::Module,
            (AnswerPlace::Example, _) => Self::Example,
            (AnswerPlace::Configuration, _) => Self::Configuration,
            (AnswerPlace::Aside, _) => Self::Aside,
        }
    }
}

/// The passages of many files.
#[derive(Deserialize, Serialize)]
pub struct Passages {
    /// The files, by number.
    pub files: Vec<String>,
    /// The sections, by number.
    pub sections: Vec<SectionRow>,
    /// The passages, by number, those of a section together.
    pub rows: Vec<PassageRow>,
    vocabulary: Vocabulary,
    name: Field,
    trail: Field,
    whole: Field,
    lines: Field,
    document: Field,
    /// How much the words of each name tell together.
    tells: Vec<f32>,
}

/// A passage that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The number of the passage.
    pub row: usize,
    /// Its worth: of two passages, e^(difference) is the odds that the first answers rather than the second.
    pub worth: f64,
    /// The share of the weighted words of the question that it holds, from 0 to 1.
    pub cover: f64,
    /// Whether it is of those that come after all others.
    pub aside: bool,
}

/// What another word of the family, or one that means the same, is worth beside the word itself. Chosen on the questions from
/// which the weights are learned: from 0 to these, 12 of 82 more are answered among three; half of it gains three quarters.
const OTHER: f64 = 0.7;
/// Letters in which all words of a family begin.
const BEGINNING: usize = 4;

impl Passages {
    /// The passages of files, which are in order.
    #[must_use]
    pub fn new(files: &[(String, Sheet)]) -> Self {
        let mut vocabulary = Vocabulary::default();
        let (mut sections, mut rows) = (Vec::<SectionRow>::new(), Vec::new());
        let (mut names, mut trails, mut wholes) = (Vec::new(), Vec::new(), Vec::<Document>::new());
        let mut parts = Vec::new();
        let mut documents = Vec::<Document>::new();
        for (number, (path, sheet)) in (0u32..).zip(files) {
            documents.push(Document::new());
            if sheet.sections.is_empty() {
                continue;
            }
            let numbers = Numbers::learn(sheet, &mut vocabulary);
            for (section, inside) in &sheet.sections {
                let part = numbers.document(inside);
                match wholes.last_mut().filter(|_| section.further) {
                    Some(whole) => *whole = together(whole, &part),
                    None => {
                        names.push(tally(&section.name, &mut vocabulary));
                        trails.push(tally(&section.trail, &mut vocabulary));
                        wholes.push(part.clone());
                        sections.push(SectionRow {
                            file: number,
                            trail: section.trail.clone(),
                            name: section.name.clone(),
                            standing: SectionStanding::of(path, section.kind, &section.name),
                        });
                    }
                }
                if let Some(document) = documents.last_mut() {
                    document.extend(part.iter().copied());
                }
                parts.push(part);
                rows.push(PassageRow {
                    section: u32::try_from(sections.len() - 1).unwrap_or(u32::MAX),
                    lines: section.lines,
                });
            }
        }
        let documents: Vec<Document> = documents
            .iter()
            .map(|document| together(document, &Vec::new()))
            .collect();
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
        let lines = field(&parts, 1.2, 0.3, 0.6);
        let tells = |name: &Document| {
            let tells = name.iter().map(|(term, _)| idf(rows.len(), &lines, *term));
            tells.sum::<f64>() as f32
        };
        Self {
            files: files.iter().map(|(path, _)| path.clone()).collect(),
            tells: names.iter().map(tells).collect(),
            name: field(&names, 1.2, 0.6, 0.0),
            trail: field(&trails, 1.2, 0.6, 0.0),
            whole: field(&wholes, 1.2, 0.6, 0.3),
            document: field(&documents, 1.2, 0.75, 0.0),
            lines,
            rows,
            sections,
            vocabulary,
        }
    }

    /// Whether what was kept of it fits together.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let (files, sections) = (self.files.len(), self.sections.len());
        self.tells.len() == sections
            && self
                .sections
                .iter()
                .all(|section| (section.file as usize) < files)
            && self
                .rows
                .iter()
                .all(|row| (row.section as usize) < sections)
    }

    /// The section of a passage.
    #[must_use]
    pub fn section(&self, row: usize) -> &SectionRow {
        &self.sections[self.rows[row].section as usize]
    }

    /// The file of a passage.
    #[must_use]
    pub fn file(&self, row: usize) -> &str {
        &self.files[self.section(row).file as usize]
    }

    /// Whether any passage holds a term.
    #[must_use]
    pub fn knows(&self, term: &str) -> bool {
        let number = self.vocabulary.number(term);
        number.is_some_and(|number| {
            !self.lines.holders(number).is_empty() || !self.name.holders(number).is_empty()
        })
    }

    /// The words of a question with the terms that stand for them.
    fn asked(&self, wanted: &[WantedWord]) -> Vec<AskedWord> {
        let roots: HashSet<&str> = wanted.iter().map(|word| root(&word.term)).collect();
        let begin = |word: &str| word.get(..BEGINNING).map(str::to_owned);
        let beginnings: HashSet<String> = roots.iter().filter_map(|root| begin(root)).collect();
        let mut families: HashMap<&str, Vec<u32>> = HashMap::new();
        for (term, number) in self.vocabulary.all() {
            if begin(term).is_some_and(|it| beginnings.contains(&it)) && roots.contains(root(term))
            {
                families.entry(root(term)).or_default().push(number);
            }
        }
        let asked = |word: &WantedWord| {
            let own = self.vocabulary.number(&word.term);
            let mut terms: BTreeMap<u32, f64> = own.map(|own| (own, 1.0)).into_iter().collect();
            let family = families.get(root(&word.term)).into_iter().flatten();
            let also = word
                .also
                .iter()
                .filter_map(|term| self.vocabulary.number(term));
            for number in family.copied().chain(also) {
                terms.entry(number).or_insert(OTHER);
            }
            let terms: Vec<(u32, f64)> = terms.into_iter().collect();
            let tells = terms
                .iter()
                .map(|(term, factor)| factor * idf(self.rows.len(), &self.lines, *term));
            AskedWord {
                weight: word.weight,
                tells: tells.fold(0.0, f64::max),
                terms,
            }
        };
        wanted.iter().map(asked).collect()
    }

    /// The signals of all passages whose section holds a word of the question.
    fn signals(&self, asked: &[AskedWord]) -> Vec<(usize, [f64; SIGNALS])> {
        let most: f64 = asked.iter().map(|word| word.weight * word.tells).sum();
        let most = most.max(f64::MIN_POSITIVE);
        let heaviest: f64 = asked.iter().map(|word| word.weight).sum();
        let (sections, rows) = (self.sections.len(), self.rows.len());
        let name = score(&self.name, asked, sections);
        let trail = score(&self.trail, asked, sections);
        let whole = score(&self.whole, asked, sections);
        let lines = score(&self.lines, asked, rows);
        let document = score(&self.document, asked, self.files.len());
        let held = share(
            &[&self.name, &self.trail, &self.whole],
            asked,
            sections,
            |word| word.weight,
        );
        let called = share(&[&self.name], asked, sections, |word| word.tells);
        let inside = share(&[&self.lines], asked, rows, |word| word.weight * word.tells);
        let mut found = Vec::new();
        for (row, PassageRow { section, .. }) in self.rows.iter().enumerate() {
            let at = *section as usize;
            if held[at] <= 0.0 {
                continue;
            }
            let of = &self.sections[at];
            let is = |standing| f64::from(u8::from(of.standing == standing));
            let signals = [
                name[at] / most,
                trail[at] / most,
                whole[at] / most,
                lines[row] / most,
                document[of.file as usize] / most,
                inside[row] / most,
                (called[at] / f64::from(self.tells[at]).max(1.0)).min(1.0),
                held[at] / heaviest.max(f64::MIN_POSITIVE),
                is(SectionStanding::Project),
                is(SectionStanding::Definition),
                is(SectionStanding::Comment),
                is(SectionStanding::Module),
                is(SectionStanding::Example),
                is(SectionStanding::Configuration),
            ];
            found.push((row, signals));
        }
        found
    }

    /// The best passages for the words of a question, best first, at most `most`; those that are set aside after all others.
    #[must_use]
    pub fn rank(&self, wanted: &[WantedWord], most: usize) -> Vec<Hit> {
        let asked = self.asked(wanted);
        let all = self.signals(&asked);
        let aside = |row: usize| self.section(row).standing == SectionStanding::Aside;
        let mut found = Vec::new();
        for last in [false, true] {
            let these = all.iter().enumerate();
            let these = these.filter(|(_, (row, _))| aside(*row) == last);
            let these = these.map(|(at, (_, signals))| (at, worth(signals)));
            let hit = |(at, worth): (usize, f64)| Hit {
                row: all[at].0,
                worth,
                cover: all[at].1[COVER],
                aside: last,
            };
            found.extend(best(these, most).into_iter().map(hit));
        }
        found.truncate(most);
        found
    }

    /// The best passage of one file for the words of a question; none where it holds none of them.
    #[must_use]
    pub fn best_of(&self, wanted: &[WantedWord], file: usize) -> Option<usize> {
        let own = |row: usize| self.section(row).file as usize == file;
        let all = self.signals(&self.asked(wanted)).into_iter();
        all.filter(|(row, _)| own(*row))
            .max_by(|(a, one), (b, other)| worth(one).total_cmp(&worth(other)).then(b.cmp(a)))
            .map(|(row, _)| row)
    }
}

/// What the signals of a passage are worth together.
fn worth(signals: &[f64; SIGNALS]) -> f64 {
    let parts = signals.iter().zip(WEIGHTS);
    parts.map(|(signal, weight)| signal * weight).sum()
}

/// How much a term tells among passages.
fn idf(passages: usize, lines: &Field, term: u32) -> f64 {
    let (all, held) = (passages as f64, lines.holders(term).len() as f64);
    (1.0 + (all - held + 0.5) / (held + 0.5)).ln()
}

/// Two documents as one.
fn together(one: &Document, other: &Document) -> Document {
    let mut counts: BTreeMap<u32, f32> = BTreeMap::new();
    for (term, count) in one.iter().chain(other) {
        *counts.entry(*term).or_default() += count;
    }
    counts.into_iter().collect()
}

//! What one file says, in terms: of its text, of what it defines, of its comments, of its path, and of each of its pieces.

use super::defining::{BEFORE, DEFINE};
use std::collections::BTreeMap;
use std::collections::HashMap;

use super::sections::{Section, sections};
use crate::text::{stop, words};

/// Lines of one piece.
const PIECE: usize = 40;

/// How often each term stands in a text, in the order of the terms.
pub type Counts = Vec<(u32, u32)>;

/// One file in terms; their numbers are places in `terms`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Sheet {
    /// Every term of the file, in order, each once, with blanks between them.
    pub terms: String,
    /// Of the whole text.
    pub body: Counts,
    /// Of the names it defines; of the headings of a document.
    pub defs: Counts,
    /// Of its comments.
    pub comments: Counts,
    /// Of each piece of its text.
    pub pieces: Vec<Counts>,
    /// The names it defines, joined, that prose does not use by chance.
    pub names: Vec<u32>,
    /// What an answer may quote, each with the terms of its lines.
    pub sections: Vec<(Section, Counts)>,
    /// Bytes of the text.
    pub size: usize,
}

impl Sheet {
    /// Reads the text of a file; none for one that is no text.
    #[must_use]
    pub fn of(path: &str, text: Option<&str>) -> Self {
        let Some(text) = text else {
            return Self::default();
        };
        let mut reading = SheetReader::default();
        let prose = is_prose(path);
        let (mut body, mut defs, mut comments) = (Tally::new(), Tally::new(), Tally::new());
        let (mut pieces, mut names) = (Vec::new(), Vec::new());
        let mut piece = Tally::new();
        for (at, line) in text.lines().enumerate() {
            if at > 0 && at % PIECE == 0 {
                pieces.push(std::mem::take(&mut piece));
            }
            reading.each(line, |term| {
                *body.entry(term).or_default() += 1;
                *piece.entry(term).or_default() += 1;
            });
            let start = line.trim_start();
            if prose {
                if start.starts_with("# ") || start.starts_with("##") {
                    reading.each(start, |term| *defs.entry(term).or_default() += 1);
                }
                continue;
            }
            if let Some(comment) = comment(start) {
                reading.each(comment, |term| *comments.entry(term).or_default() += 1);
            } else if let Some(name) = defined(start) {
                let mut first = None;
                reading.each(name, |term| {
                    first = first.or(Some(term));
                    *defs.entry(term).or_default() += 1;
                });
                if name.len() > 3 && (name.len() > 5 || words::compound(name)) {
                    names.extend(first);
                }
            }
        }
        pieces.push(piece);
        let lines: Vec<&str> = text.lines().collect();
        let mut quotable = Vec::new();
        for section in sections(path, text) {
            let mut inside = Tally::new();
            let (first, last) = section.lines;
            for line in &lines[first as usize - 1..last as usize] {
                reading.each(line, |term| *inside.entry(term).or_default() += 1);
            }
            quotable.push((section, inside));
        }
        // Numbers by the order of the terms: the same on every machine, and small to compare.
        let mut order: Vec<(String, u32)> = reading.numbers.into_iter().collect();
        order.sort();
        let mut number = vec![0; order.len()];
        for (new, (_, old)) in (0u32..).zip(&order) {
            number[*old as usize] = new;
        }
        let counts = |tally: Tally| -> Counts {
            let mut counts: Counts = tally
                .into_iter()
                .map(|(term, count)| (number[term as usize], count))
                .collect();
            counts.sort_unstable();
            counts
        };
        let mut names: Vec<u32> = names
            .into_iter()
            .map(|term| number[term as usize])
            .collect();
        names.sort_unstable();
        names.dedup();
        Self {
            body: counts(body),
            defs: counts(defs),
            comments: counts(comments),
            pieces: pieces
                .into_iter()
                .filter(|piece| !piece.is_empty())
                .map(counts)
                .collect(),
            names,
            sections: quotable
                .into_iter()
                .map(|(section, inside)| (section, counts(inside)))
                .collect(),
            size: text.len(),
            terms: joined(order.iter().map(|(term, _)| term.as_str())),
        }
    }
}

/// Terms with blanks between them.
fn joined<'t>(terms: impl Iterator<Item = &'t str>) -> String {
    let mut all = String::new();
    for term in terms {
        if !all.is_empty() {
            all.push(' ');
        }
        all.push_str(term);
    }
    all
}

type Tally = HashMap<u32, u32>;

#[derive(Default)]
struct SheetReader {
    numbers: HashMap<String, u32>,
}

impl SheetReader {
    fn each(&mut self, text: &str, mut emit: impl FnMut(u32)) {
        words::each(text, |term| {
            let number = match self.numbers.get(term) {
                Some(number) => *number,
                None => {
                    let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
                    self.numbers.insert(term.to_owned(), next);
                    next
                }
            };
            emit(number);
        });
    }
}

/// Whether a path is that of a document.
fn is_prose(path: &str) -> bool {
    [".md", ".mdx", ".rst", ".adoc"]
        .iter()
        .any(|end| path.ends_with(end))
}

fn comment(line: &str) -> Option<&str> {
    if line.starts_with("#[") || line.starts_with("#!") || line.starts_with("#include") {
        return None;
    }
    ["//", "#", "/*", "* ", "--", ";;", "\"\"\"", "'''"]
        .iter()
        .find_map(|start| line.strip_prefix(start))
}

/// The name that a line defines, as far as its first words tell.
fn defined(line: &str) -> Option<&str> {
    let mut defining = false;
    for word in line.split_whitespace().take(8) {
        let bare = word.split(['(', '<', '!']).next().unwrap_or("");
        if defining && !BEFORE.contains(&bare) && !["mut", "(self"].contains(&bare) {
            let end = word
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(word.len());
            let name = &word[..end];
            let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
            return starts.then_some(name);
        }
        if DEFINE.contains(&bare) {
            defining = true;
        } else if !BEFORE.contains(&bare) {
            return None;
        }
    }
    None
}

/// Weight of a term of the lines after the first of a request.
const REST: f64 = 0.5;
/// Weight of a whole identifier of several parts.
const WHOLE: f64 = 1.3;

/// The terms of a request or of a message, each with its weight, in order. The first line tells most; what is repeated
/// tells less each time (n · 2.2 / (n + 1.2), as BM25 has it).
#[must_use]
pub fn weigh(text: &str) -> BTreeMap<String, f64> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let mut all = BTreeMap::new();
    for (part, factor) in [(first, 1.0), (rest, REST)] {
        let mut counts: BTreeMap<String, f64> = BTreeMap::new();
        for run in part.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')) {
            if stop::is_empty(&run.to_lowercase()) {
                continue;
            }
            let compound = words::compound(run);
            let mut whole = compound;
            words::each(run, |term| {
                let weight = if std::mem::take(&mut whole) {
                    WHOLE
                } else {
                    1.0
                };
                *counts.entry(term.to_owned()).or_default() += weight;
            });
        }
        for (term, count) in counts {
            *all.entry(term).or_default() += factor * (count * 2.2 / (count + 1.2));
        }
    }
    all
}

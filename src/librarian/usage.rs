//! Answering a question: the passages that cover it, quoted with their place, or nothing.

use super::error::LibrarianError;
use super::index::Index;
use super::passage::{Passage, What};
use super::quote::{plain, quote};
use super::search::PassageHit;
use super::suit::{suit, tells};
use super::view::{View, ticked};
use crate::council::message::{Answer, Citation};

/// Least cover of a passage that is taken for an answer. On seven published crates 30 questions with a true
/// answer reached 0.87 and more (but for one), 77 questions about other things 0.58 and less. A question with one of
/// four words missing reaches about 0.68.
pub const FOUND: f64 = 0.6;
/// Passages that are read to choose from.
const READ: usize = 40;
/// Passages that are quoted.
const QUOTED: usize = 3;
/// A further passage must be worth this share of the best.
const FURTHER: f64 = 0.6;

/// What a section with an example suits an answer; less than that makes less sure.
const SUITS: f64 = 1.5;
/// What a contract suits one: it promises, and shows nothing.
const PROMISE: f64 = 1.2;

/// A section with fewer lines of its own is quoted with what is below it.
const SHORT: u32 = 4;

struct Candidate {
    row: i64,
    file: usize,
    path: String,
    passage: Passage,
    text: Vec<String>,
    worth: f64,
    suits: f64,
    cover: f64,
}

/// An answer, and how sure it is.
pub struct Reply {
    /// The answer.
    pub answer: Answer,
    /// Its best passage's cover, less where the passage suits an answer badly; at most 1.
    pub sure: f64,
}

/// The best answer from documents, examples, definitions and contracts; none when nothing covers the question.
///
/// # Errors
/// When the index or a file cannot be read.
pub fn answer(view: &View<'_>) -> Result<Option<Reply>, LibrarianError> {
    let chosen = choose(candidates(view)?);
    let mut parts = Vec::new();
    let mut citations = Vec::new();
    let mut sure = chosen
        .first()
        .map_or(0.0, |best| best.cover * best.suits / SUITS);
    for (name, contract) in &view.expert.provides {
        let share = view.found.share(view.promises(name, contract));
        if share >= FOUND {
            let files = ticked(&contract.files);
            let files = if files.is_empty() {
                files
            } else {
                format!(" ({files})")
            };
            parts.push(format!(
                "`{}` promises `{name}`{files}: {}\n",
                view.expert.name,
                plain(&contract.summary)
            ));
            sure = sure.max(share * PROMISE / SUITS);
        }
    }
    for best in &chosen {
        let title = format!("{}{}", best.passage.trail, best.passage.name);
        let title = title.trim_end_matches(" › ");
        if let Some(quote) = quote(
            &best.path,
            title,
            best.passage.lines.0,
            &best.text,
            view.query,
        ) {
            parts.push(quote.markdown);
            citations.push(Citation {
                path: best.path.clone(),
                lines: quote.lines,
            });
        }
    }
    if parts.is_empty() {
        return Ok(None);
    }
    let missing = view.missing();
    if !missing.is_empty() {
        parts.push(format!("Nothing here speaks of {}.\n", ticked(&missing)));
    }
    let sure = sure.clamp(0.0, 1.0);
    Ok(Some(Reply {
        answer: Answer {
            markdown: parts.join("\n"),
            citations,
            confidence: Some((sure * 100.0).round() as u8),
        },
        sure,
    }))
}

fn candidates(view: &View<'_>) -> Result<Vec<Candidate>, LibrarianError> {
    let strong = view.query.strong();
    let covering = view
        .found
        .passages
        .iter()
        .filter(|hit| hit.cover >= FOUND && hit.mask & strong != 0);
    let mut found = Vec::new();
    for PassageHit {
        row, score, cover, ..
    } in covering.take(READ)
    {
        let file = Index::file_of(*row);
        let Some(path) = view.index.file(file).map(|row| row.path.clone()) else {
            continue;
        };
        let mut passage = (*view.index.passage(*row)?).clone();
        if passage.what == What::Section && passage.lines.1 - passage.lines.0 < SHORT {
            passage.lines = passage.whole;
        }
        let text = view.reader.range(file, passage.lines)?;
        if !tells(view, &path, &passage, &text, strong) {
            continue;
        }
        let suits = suit(view, &path, &passage, &text);
        let worth = suits * score * (0.5 + cover);
        found.push(Candidate {
            row: *row,
            file,
            path,
            passage,
            text,
            worth,
            suits,
            cover: *cover,
        });
    }
    found.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(a.row.cmp(&b.row)));
    Ok(found)
}

/// Takes the best, then others that are nearly as good and come from elsewhere.
fn choose(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let least = candidates.first().map_or(0.0, |best| best.worth * FURTHER);
    let mut chosen: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        let new = chosen
            .iter()
            .all(|known| known.file != candidate.file && !alike(known, &candidate));
        if candidate.worth >= least && new && chosen.len() < QUOTED {
            chosen.push(candidate);
        }
    }
    chosen
}

/// Whether most of a passage's lines stand in another: copies add nothing.
fn alike(known: &Candidate, new: &Candidate) -> bool {
    let lines: Vec<&str> = new
        .text
        .iter()
        .map(|line| line.trim())
        .filter(|line| line.len() > 3)
        .collect();
    let same = lines
        .iter()
        .filter(|line| known.text.iter().any(|other| other.trim() == **line));
    same.count() * 2 > lines.len()
}

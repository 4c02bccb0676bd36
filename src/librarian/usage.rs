//! Answering a question: the passages that cover it, quoted with their place, or nothing.

use super::block::{Focus, closeness, focus};
use super::error::LibrarianError;
use super::index::Index;
use super::passage::{Passage, What};
use super::quote::{plain, quote};
use super::role::Role;
use super::search::PassageHit;
use super::suit::{fit, suit, tells};
use super::view::{View, ticked};
use crate::council::message::{Answer, Citation};

/// Least cover of a passage that is taken for an answer. On seven published crates 30 questions with a true
/// answer reached 0.87 and more (but for one), 77 questions about other things 0.58 and less. A question with one of
/// four words missing reaches about 0.68.
pub const FOUND: f64 = 0.6;
/// Passages that are looked at by name, and those of them that are read to choose from.
const SEEN: usize = 240;
const READ: usize = 48;
/// Passages that are quoted.
const QUOTED: usize = 3;
/// A further passage must be worth this share of the best, and one of the same file this.
const FURTHER: f64 = 0.6;
const SAME_FILE: f64 = 0.85;

/// What a section with an example suits an answer; less than that makes less sure.
const SUITS: f64 = 1.5;
/// What a contract suits one: it promises, and shows nothing.
const PROMISE: f64 = 1.2;

/// Share of the question that a promise must speak of to stand behind passages.
const PROMISED: f64 = 0.8;

/// A section with fewer lines of its own is read with what is below it.
const SHORT: u32 = 4;
/// One with fewer is quoted with what is below it, so many lines at most.
const BRIEF: u32 = 12;
const BELOW: u32 = 30;
/// Words below which a passage tells little, and what it is worth then.
const FEW: usize = 20;
const TERSE: f64 = 0.6;
/// What a comment between definitions is worth more than code there.
const COMMENT: f64 = 1.5;

struct Candidate {
    row: i64,
    file: usize,
    path: String,
    passage: Passage,
    text: Vec<String>,
    focus: Focus,
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
    let best = chosen.first().map_or(0.0, |best| best.cover);
    let mut sure = chosen
        .first()
        .map_or(0.0, |best| best.cover * best.suits.min(SUITS) / SUITS);
    for candidate in &chosen {
        if let Some((markdown, citation)) = cited(candidate) {
            parts.push(markdown);
            citations.push(citation);
        }
    }
    // A promise comes first where it speaks of more than any passage does.
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for (share, markdown) in promises(view) {
        sure = sure.max(share * PROMISE / SUITS);
        if share > best {
            first.push(markdown);
        } else if share >= PROMISED {
            last.push(markdown);
        }
    }
    let mut parts = [first, parts, last].concat();
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

/// The own contracts that speak of the question, each with how much of it.
fn promises(view: &View<'_>) -> Vec<(f64, String)> {
    let mut found = Vec::new();
    for (name, contract) in &view.expert.provides {
        let share = view.found.share(view.promises(name, contract));
        if share < FOUND {
            continue;
        }
        let files = match ticked(&contract.files) {
            files if files.is_empty() => files,
            files => format!(" ({files})"),
        };
        let summary = plain(&contract.summary);
        let markdown = format!(
            "`{}` promises `{name}`{files}: {summary}\n",
            view.expert.name
        );
        found.push((share, markdown));
    }
    found
}

fn cited(candidate: &Candidate) -> Option<(String, Citation)> {
    let passage = &candidate.passage;
    let title = format!("{}{}", passage.trail, passage.name);
    let quote = quote(
        &candidate.path,
        title.trim_end_matches(" › "),
        passage.lines.0,
        &candidate.text,
        candidate.focus.lines,
    )?;
    let citation = Citation {
        path: candidate.path.clone(),
        lines: quote.lines,
    };
    Some((quote.markdown, citation))
}

/// The passages that may answer, best first: those that promise most by name and place are read, and weighed by what they
/// tell where they tell most of it.
fn candidates(view: &View<'_>) -> Result<Vec<Candidate>, LibrarianError> {
    let strong = view.query.strong();
    let covering = view
        .found
        .passages
        .iter()
        .filter(|hit| hit.cover >= FOUND && hit.mask & strong != 0);
    let top = view.found.passages.first().map_or(1.0, |hit| hit.score);
    let mut rough = Vec::new();
    for PassageHit {
        row, score, cover, ..
    } in covering.take(SEEN)
    {
        let file = Index::file_of(*row);
        let Some(path) = view.index.file(file).map(|row| row.path.as_str()) else {
            continue;
        };
        let passage = view.index.passage(*row)?;
        let close = closeness(view, &passage.name);
        let worth = fit(view, path, &passage) * (0.3 + 0.7 * score / top) * (1.0 + close);
        rough.push((worth, *row, file, path, passage, *cover));
    }
    rough.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut found = Vec::new();
    for (worth, row, file, path, passage, cover) in rough.into_iter().take(READ) {
        let mut passage = (*passage).clone();
        if passage.what == What::Section && passage.lines.1 - passage.lines.0 < SHORT {
            passage.lines = passage.whole;
        }
        let text = view.reader.range(file, passage.lines)?;
        if !tells(view, path, &passage, &text, strong) {
            continue;
        }
        let heads = view
            .query
            .mask(&format!("{} {}", passage.trail, passage.name));
        let prose = passage.what == What::Section || Role::of(path) == Role::Document;
        let focus = focus(view, &text, heads, prose);
        let mut shown = suit(view, path, &text);
        if focus.prose && !prose && passage.what == What::Text {
            shown *= COMMENT;
        }
        let words = text.iter().flat_map(|line| line.split_whitespace());
        if words.take(FEW).count() < FEW {
            shown *= TERSE;
        }
        let own = passage.lines.1 - passage.lines.0;
        let text = match passage.what {
            What::Section if own < BRIEF && passage.whole.1 > passage.lines.1 => {
                let last = passage.whole.1.min(passage.lines.0 + BELOW - 1);
                view.reader.range(file, (passage.lines.0, last))?
            }
            _ => text,
        };
        found.push(Candidate {
            row,
            file,
            path: path.to_owned(),
            suits: fit(view, path, &passage) * shown,
            passage,
            text,
            worth: worth * shown * (0.15 + focus.told),
            focus,
            cover,
        });
    }
    found.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(a.row.cmp(&b.row)));
    Ok(found)
}

/// Takes the best, then others that are nearly as good: from elsewhere, or from another place of a file where they are as
/// good as can be.
fn choose(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let best = candidates.first().map_or(0.0, |best| best.worth);
    let mut chosen: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        let least = |known: &Candidate| match known.file == candidate.file {
            true => SAME_FILE,
            false => FURTHER,
        };
        let new = chosen.iter().all(|known| {
            candidate.worth >= best * least(known)
                && !(known.file == candidate.file && overlap(known, &candidate))
                && !alike(known, &candidate)
        });
        if new && chosen.len() < QUOTED {
            chosen.push(candidate);
        }
    }
    chosen
}

/// Whether lines of one passage are quoted with the other already.
fn overlap(known: &Candidate, new: &Candidate) -> bool {
    let end = |one: &Candidate| one.passage.lines.0 + one.text.len() as u32;
    known.passage.lines.0 < end(new) && new.passage.lines.0 < end(known)
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

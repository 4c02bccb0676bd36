//! Answers: the passages of the whole graph that answer a question, at most three, and each owner's part of them.

mod asked;
mod named;
pub mod passages;
mod place;
pub mod quote;
pub mod weights;

use crate::error::LibrarianError;
use crate::index::files::text;
use crate::index::shelf::Shelf;
use crate::text::request::RequestText;
use passages::{Hit, Passages};
use poag_core::council::message::{Answer, Citation};
use poag_core::expert::{Expert, Graph};
use quote::{head, quote};

/// Passages of an answer.
pub const QUOTED: usize = 3;
/// Passages among which they are chosen.
const LOOKED_AT: usize = 24;
/// How far behind the best passage a further one may be: one in fifty by the odds.
const FURTHER: f64 = 4.0;
/// What sentences that ask nothing count.
pub const CONTEXT: f64 = 0.5;
/// Share of a question's words, by how much they tell, below which a passage is a weak match.
const WEAK: f64 = 0.35;
/// Lines that are quoted of what has no section: a file from its beginning, a definition.
const LINES: u32 = 30;

/// A passage that answers, by the name of its file among all.
#[derive(Clone, Debug)]
pub struct ChosenPassage {
    /// Its file.
    pub path: String,
    /// The headings above it and its own, or what it defines.
    pub title: String,
    /// First and last line, from 1, inclusive.
    pub lines: (u32, u32),
    /// Its worth as a share of the best one's.
    pub share: f64,
    /// The share of the question's words that it holds, by how much they tell.
    pub cover: f64,
}

/// The same with its owner.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its owner.
    pub expert: String,
    /// Its path in the owner's flake.
    pub path: String,
    /// The headings above it and its own, or what it defines.
    pub title: String,
    /// First and last line, from 1, inclusive.
    pub lines: (u32, u32),
    /// Its worth as a share of the best one's.
    pub share: f64,
    /// The share of the question's words that it holds, by how much they tell.
    pub cover: f64,
}

/// The passages of all experts that answer a question, the best first.
///
/// # Errors
/// When knowledge cannot be read.
pub fn find(
    graph: &Graph,
    shelf: &Shelf,
    request: &RequestText,
) -> Result<Vec<Found>, LibrarianError> {
    let pool = shelf.passages(graph)?;
    let found = choose(&pool.of, request).into_iter().filter_map(|chosen| {
        let (expert, path) = pool.place(&chosen.path)?;
        Some(Found {
            expert: expert.to_owned(),
            path: path.to_owned(),
            title: chosen.title,
            lines: chosen.lines,
            share: chosen.share,
            cover: chosen.cover,
        })
    });
    let mut found: Vec<Found> = found.collect();
    if request.usage {
        named::add_files(&pool, request, &mut found);
        if found.is_empty() {
            found.extend(named::definition(graph, &pool, request));
        }
    }
    Ok(found)
}

/// The passages that answer a question, the best first, at most three.
#[must_use]
pub fn choose(passages: &Passages, request: &RequestText) -> Vec<ChosenPassage> {
    let wanted = request.wanted(CONTEXT);
    if !wanted
        .iter()
        .any(|word| word.weight >= CONTEXT && passages.knows(&word.term))
    {
        return Vec::new();
    }
    let hits = passages.rank(&wanted, LOOKED_AT);
    let best = hits.first().map_or(0.0, |hit| hit.worth);
    let aside = hits.first().is_some_and(|hit| hit.aside);
    let mut found: Vec<ChosenPassage> = Vec::new();
    for Hit {
        row,
        worth,
        cover,
        aside: last,
    } in hits
    {
        let row = &passages.rows[row];
        let section = &passages.sections[row.section as usize];
        let path = &passages.files[section.file as usize];
        let title = titled(section);
        let same = |known: &ChosenPassage| known.path == *path && known.title == title;
        let copy = |known: &ChosenPassage| {
            !section.name.is_empty()
                && known.title == title
                && known.path.rsplit('/').next() == path.rsplit('/').next()
        };
        if found.len() == QUOTED || last != aside || worth < best - FURTHER {
            break;
        }
        if found.iter().any(|known| same(known) || copy(known)) {
            continue;
        }
        found.push(ChosenPassage {
            path: path.clone(),
            title,
            lines: row.lines,
            share: (worth - best).exp(),
            cover,
        });
    }
    found
}

fn titled(row: &passages::SectionRow) -> String {
    match (row.trail.is_empty(), row.name.is_empty()) {
        (true, _) => row.name.clone(),
        (false, true) => row.trail.clone(),
        (false, false) => format!("{} › {}", row.trail, row.name),
    }
}

/// What one expert answers with the passages that it owns; none where it owns none.
#[must_use]
pub fn answer(expert: &Expert, found: &[Found]) -> Option<Answer> {
    let mut parts = Vec::new();
    let mut citations = Vec::new();
    let mut sure = 0.0f64;
    for one in found.iter().filter(|one| one.expert == expert.name) {
        let Some(text) = text(&expert.knowledge.path, &one.path) else {
            continue;
        };
        let (first, last) = one.lines;
        let lines: Vec<String> = text
            .lines()
            .skip(first as usize - 1)
            .take((last - first) as usize + 1)
            .map(str::to_owned)
            .collect();
        if let Some(quote) = quote(&one.path, first, &lines, (0, lines.len())) {
            let head = head(&expert.place_of(&one.path), quote.lines, &one.title);
            parts.push(head + &quote.markdown);
            citations.push(Citation {
                path: one.path.clone(),
                lines: quote.lines,
            });
            sure = sure.max(one.share);
        }
    }
    if parts.is_empty() {
        return None;
    }
    let weak = found.first().is_some_and(|best| best.cover < WEAK);
    if weak {
        parts.insert(0, "Weak matches only; the closest passages:\n".into());
    }
    Some(Answer {
        markdown: parts.join("\n"),
        citations,
        confidence: Some((sure * if weak { 40.0 } else { 90.0 }).round() as u8),
    })
}

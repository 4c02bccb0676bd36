//! Answers: the passages of the whole graph that answer a question, at most three, and each owner's part of them.

pub mod passages;
pub mod quote;

use crate::error::LibrarianError;
use crate::index::files::text;
use crate::index::shelf::Shelf;
use crate::text::request::RequestText;
use crate::text::role::Role;
use passages::Hit;
use poag_core::council::message::{Answer, Citation};
use poag_core::expert::{Expert, Graph};
use quote::{head, quote};

/// Passages of an answer.
pub const QUOTED: usize = 3;
/// Passages among which they are chosen.
const LOOKED_AT: usize = 24;
/// Share of the best passage's worth that a further one must have.
const FURTHER: f64 = 0.6;
/// What sentences that ask nothing count.
pub const CONTEXT: f64 = 0.65;
/// Share of a question's words, by how much they tell, below which a passage is a weak match.
const WEAK: f64 = 0.35;

/// A passage that answers.
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
    let terms = request.terms(CONTEXT);
    if !terms
        .iter()
        .any(|(term, weight)| *weight >= 0.5 && pool.of.knows(term))
    {
        return Ok(Vec::new());
    }
    let mut hits = pool.of.rank(&terms, LOOKED_AT);
    // A test shows what its author thought of, no more: it answers only who asks about tests.
    if !terms.contains_key("test") {
        let is_test =
            |hit: &Hit| Role::of(&pool.of.files[pool.of.rows[hit.row].file as usize]) == Role::Test;
        hits.retain(|hit| !is_test(hit));
    }
    let best = hits.first().map_or(0.0, |hit| hit.worth);
    let mut found: Vec<Found> = Vec::new();
    for Hit { row, worth, cover } in hits {
        let row = &pool.of.rows[row];
        let Some((expert, path)) = pool.place(&pool.of.files[row.file as usize]) else {
            continue;
        };
        let same = |known: &Found| {
            known.path == path && known.expert == expert && known.title == titled(row)
        };
        let copy = |known: &Found| {
            !row.name.is_empty()
                && known.title == titled(row)
                && known.path.rsplit('/').next() == path.rsplit('/').next()
        };
        if worth < best * FURTHER || found.len() == QUOTED {
            break;
        }
        if found.iter().any(|known| same(known) || copy(known)) {
            continue;
        }
        found.push(Found {
            expert: expert.to_owned(),
            path: path.to_owned(),
            title: titled(row),
            lines: row.lines,
            share: worth / best.max(f64::MIN_POSITIVE),
            cover,
        });
    }
    Ok(found)
}

fn titled(row: &passages::PassageRow) -> String {
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

//! Passages of one expert's files that match some words: for agents that look for themselves.

use super::error::LibrarianError;
use super::index::Index;
use super::query::Query;
use super::reader::Reader;
use super::search::search;
use super::shelf::Shelf;
use crate::council::message::Passage;
use crate::expert::Expert;

/// Most passages of one answer.
const MOST: usize = 12;
/// Most bytes of text of one answer.
const BYTES: usize = 24 << 10;
/// Longest query that is read, in characters.
const QUERY: usize = 2_000;

/// The best passages, best first, within bounds.
///
/// # Errors
/// When the knowledge cannot be read or its index is damaged.
pub fn lookup(shelf: &Shelf, expert: &Expert, query: &str) -> Result<Vec<Passage>, LibrarianError> {
    let words: String = query.chars().take(QUERY).collect();
    let index = shelf.of(expert)?;
    let found = search(&index, &Query::of(&words))?;
    let reader = Reader::new(&index);
    let mut passages = Vec::new();
    let mut room = BYTES;
    for hit in found.passages.iter().take(MOST) {
        let number = Index::file_of(hit.row);
        let Some(file) = index.file(number) else {
            continue;
        };
        let lines = index.passage(hit.row)?.lines;
        let text = reader.range(number, lines)?.join("\n");
        if text.len() > room {
            continue;
        }
        room -= text.len();
        passages.push(Passage {
            path: file.path.clone(),
            lines,
            text,
        });
    }
    Ok(passages)
}

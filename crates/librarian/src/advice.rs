//! What a search has for an expert that thinks with a model: passages of its own files, and neighbours worth asking. Both
//! come from the judgement by which the librarian answers itself.

use super::Library;
use super::answer::CONTEXT;
use super::change::instruct::{Search, edit, spots};
use super::change::judge::judge;
use super::change::judged::JudgedFile;
use super::error::LibrarianError;
use super::index::files::text;
use super::index::shelf::Pool;
use super::rank::Ranker;
use super::route::asks;
use super::text::request::RequestText;
use super::text::role::Role;
use super::text::words;
use super::turn::questions;
use poag_core::council::message::{Hint, Passage, TurnInput};
use poag_core::expert::Expert;
use poag_knowledge::tokens;

/// Passages of one turn.
const MOST: usize = 16;
/// Passages of the graph among which those of an expert are looked for.
const LOOKED_AT: usize = 400;
/// Passages and bytes of one answer to a lookup.
const FOUND: usize = 12;
const BYTES: usize = 24 << 10;
/// Longest query that is read, in characters.
const QUERY: usize = 2_000;
/// Neighbours that are named as worth asking.
const HINTS: usize = 5;

/// A file of an expert, and lines of it.
type PackagePlace = (String, (u32, u32));

/// What a search found for a turn.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Advice {
    /// Passages of the speaker's own files, the best first.
    pub passages: Vec<Passage>,
    /// Neighbours that own something of what is asked, in order of their names.
    pub hints: Vec<Hint>,
}

/// Searches for a turn in which somebody asks something; the passages have at most `budget` tokens together.
///
/// # Errors
/// When the graph lacks the speaker, or knowledge cannot be read.
pub fn advice(
    library: &Library,
    input: &TurnInput,
    budget: usize,
) -> Result<Advice, LibrarianError> {
    let mut advice = Advice::default();
    let expert = library
        .graph
        .expert(&input.expert)
        .ok_or_else(|| LibrarianError::Unknown {
            name: input.expert.clone(),
        })?;
    let mut left = budget;
    for question in questions(input) {
        let reading = library.reading(&question)?;
        let mut wanted: Vec<PackagePlace> = Vec::new();
        let pool = library.shelf.ranker(&library.graph)?;
        let search = Search::new(&reading.request, pool.of.corpus());
        wanted.extend(named(expert, &pool, &reading.request, &search));
        // Who only asks may still need what would change.
        let judged;
        let judgement = match reading.request.change {
            true => &reading.judgement,
            false => {
                judged = judge(&library.graph, &library.shelf, &reading.request, &question)?;
                &judged
            }
        };
        let known = |near: &&JudgedFile| {
            let mut files = judgement.files.iter();
            files.any(|file| file.expert == near.expert && file.path == near.path)
        };
        let near = judgement.near.iter().filter(|near| !known(near));
        let own = judgement.files.iter().chain(near);
        let mut files: Vec<_> = own.filter(|file| file.expert == expert.name).collect();
        // Documents of the flake first: they say how it is meant.
        files.sort_by_key(|file| Role::of(&file.path) != Role::Document);
        for file in files {
            let places = edit(expert, file, &search).evidence.into_iter();
            wanted.extend(places.filter_map(|place| Some((file.path.clone(), place.lines?))));
        }
        wanted.extend(ranked(library, expert, &question)?);
        for (path, lines) in wanted {
            if advice.passages.len() == MOST {
                break;
            }
            let taken = advice.passages.iter().any(|known| {
                known.path == path && known.lines.0 <= lines.1 && lines.0 <= known.lines.1
            });
            let Some(text) = (!taken).then(|| part(expert, &path, lines)).flatten() else {
                continue;
            };
            let size = tokens::count(&text);
            if size <= left && !text.trim().is_empty() {
                left -= size;
                advice.passages.push(Passage { path, lines, text });
            }
        }
        for ask in asks(&library.graph, input, &reading.worth_asking(HINTS)) {
            let known = advice.hints.iter().any(|hint| hint.to == ask.to);
            if !known && advice.hints.len() < HINTS {
                advice.hints.push(Hint {
                    to: ask.to,
                    reason: ask.reason,
                });
            }
        }
    }
    Ok(advice)
}

/// The passages of an expert's files that match `query`, best first, bounded in number and bytes.
///
/// # Errors
/// When knowledge cannot be read.
pub fn lookup(
    library: &Library,
    expert: &Expert,
    query: &str,
) -> Result<Vec<Passage>, LibrarianError> {
    let query: String = query.chars().take(QUERY).collect();
    let mut found: Vec<Passage> = Vec::new();
    let mut room = BYTES;
    for (path, lines) in ranked(library, expert, &query)? {
        let Some(text) = part(expert, &path, lines) else {
            continue;
        };
        if found.len() < FOUND && text.len() <= room {
            room -= text.len();
            found.push(Passage { path, lines, text });
        }
    }
    Ok(found)
}

/// Where an expert's files define the identifiers of a request.
fn named(
    expert: &Expert,
    pool: &Pool<Ranker>,
    request: &RequestText,
    search: &Search,
) -> Vec<PackagePlace> {
    let mut found = Vec::new();
    for name in request.names() {
        let last = words::last(&name);
        for file in pool.of.corpus().defining(&words::whole(last)) {
            let Some((owner, path)) = pool.place(file) else {
                continue;
            };
            if owner == expert.name
                && let Some(text) = text(&expert.knowledge.path, path)
            {
                let spots = spots(path, &text, search).into_iter();
                let here = spots.filter(|(title, _)| title == last);
                found.extend(here.map(|(_, lines)| (path.to_owned(), lines)));
            }
        }
    }
    found
}

/// The places of an expert's files that match a text: its passages, then what would change for it.
fn ranked(
    library: &Library,
    expert: &Expert,
    text: &str,
) -> Result<Vec<PackagePlace>, LibrarianError> {
    let request = RequestText::of(text);
    let pool = library.shelf.passages(&library.graph)?;
    let mut found = Vec::new();
    for hit in pool.of.rank(&request.wanted(CONTEXT), LOOKED_AT) {
        let row = &pool.of.rows[hit.row];
        if let Some((owner, path)) = pool.place(pool.of.file(hit.row))
            && owner == expert.name
        {
            found.push((path.to_owned(), row.lines));
        }
    }
    Ok(found)
}

fn part(expert: &Expert, path: &str, (first, last): (u32, u32)) -> Option<String> {
    let text = text(&expert.knowledge.path, path)?;
    let lines = text
        .lines()
        .skip(first as usize - 1)
        .take((last - first) as usize + 1);
    Some(lines.collect::<Vec<_>>().join("\n"))
}

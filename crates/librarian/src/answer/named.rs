//! What a question names outright: a file, or something that a file defines. Words in common are no measure for these, so
//! that a file which is named answers whatever it holds, and a definition answers where no section speaks of it.

use poag_core::expert::Graph;
use poag_knowledge::outline::outline;

use super::passages::Passages;
use super::place::AnswerPlace;
use super::{CONTEXT, Found, LINES, QUOTED, WEAK};
use crate::index::files::text;
use crate::index::shelf::Pool;
use crate::text::request::RequestText;
use crate::text::words;

/// Names of a question that are looked for.
const NAMES: usize = 4;

/// Adds the file that the question names: first where it is code or where the question has no other words, else behind what
/// was found. A name that several files have names none.
pub fn add_files(pool: &Pool<Passages>, request: &RequestText, found: &mut Vec<Found>) {
    let passages = &pool.of;
    for path in request.paths().iter().take(NAMES) {
        let ending = format!("/{path}");
        let mut same = passages
            .files
            .iter()
            .enumerate()
            .filter(|(_, file)| *file == path || file.ends_with(&ending));
        let (Some((number, file)), None) = (same.next(), same.next()) else {
            continue;
        };
        let Some((expert, own)) = pool.place(file) else {
            continue;
        };
        let known = |one: &Found| one.expert == expert && one.path == own;
        let (title, lines) = best(passages, number, request);
        let named = Found {
            expert: expert.to_owned(),
            path: own.to_owned(),
            title,
            lines,
            share: 1.0,
            cover: 1.0,
        };
        let code = AnswerPlace::of(file) == AnswerPlace::Source;
        if code || found.is_empty() || is_all(passages, request, path) {
            found.retain(|one| !known(one));
            found.insert(0, named);
        } else if !found.iter().any(known) && found.len() < QUOTED {
            found.push(named);
        }
        found.truncate(QUOTED);
    }
}

/// The definition of an identifier that the question names, else the first line that holds it, a weak match.
pub fn definition(graph: &Graph, pool: &Pool<Passages>, request: &RequestText) -> Option<Found> {
    let names = request.names();
    names.iter().take(NAMES).find_map(|name| {
        let mut weak = None;
        for file in &pool.of.files {
            let Some((owner, path)) = pool.place(file) else {
                continue;
            };
            let Some(text) = graph
                .expert(owner)
                .and_then(|expert| text(&expert.knowledge.path, path))
            else {
                continue;
            };
            let Some(line) = text.lines().position(|line| holds(line, name)) else {
                continue;
            };
            let found = |lines: (u32, u32), cover| Found {
                expert: owner.to_owned(),
                path: path.to_owned(),
                title: name.clone(),
                lines,
                share: 1.0,
                cover,
            };
            if let Some(symbol) = outline(path, &text).iter().find(|it| it.name == *name) {
                let (first, last) = symbol.lines;
                return Some(found((first, last.min(first + LINES - 1)), 1.0));
            }
            let line = u32::try_from(line + 1).unwrap_or(u32::MAX);
            weak = weak.or_else(|| Some(found((line, line), WEAK / 2.0)));
        }
        weak
    })
}

/// Whether `line` holds `name` as a word of its own.
fn holds(line: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name)
        .any(|(at, _)| !line[..at].ends_with(part) && !line[at + name.len()..].starts_with(part))
}

/// The passage of one file that holds most of the question's words, else its beginning: its title and lines.
fn best(passages: &Passages, number: usize, request: &RequestText) -> (String, (u32, u32)) {
    match passages.best_of(&request.wanted(CONTEXT), number) {
        Some(row) => {
            let title = super::titled(passages.section(row));
            (title, passages.rows[row].lines)
        }
        None => (String::new(), (1, LINES)),
    }
}

/// Whether a question has no word to search for beside those of a path.
fn is_all(passages: &Passages, request: &RequestText, path: &str) -> bool {
    let mut own = Vec::new();
    words::each(path, |term| own.push(term.to_owned()));
    !request
        .terms(CONTEXT)
        .iter()
        .any(|(term, weight)| *weight >= CONTEXT && !own.contains(term) && passages.knows(term))
}

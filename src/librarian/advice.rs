//! What a search has for somebody else who takes the turn: passages that match, and neighbours worth asking.

use std::collections::BTreeMap;

use super::change::{Changes, changes};
use super::declared::Declared;
use super::error::LibrarianError;
use super::index::Index;
use super::role::Role;
use super::route::Route;
use super::scout::Scout;
use super::shelf::Shelf;
use super::turn::{is_asked, read};
use super::usage::answer;
use super::view::View;
use crate::council::message::{Hint, Passage, TurnInput};
use crate::expert::Graph;
use crate::knowledge::tokens;

/// Passages of one turn.
const MOST: usize = 16;
/// Passages that are looked at for them.
const LOOKED_AT: usize = 64;

/// What a search found for a turn.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Advice {
    /// Whole passages of the speaker's own files, the best first.
    pub passages: Vec<Passage>,
    /// Neighbours that hold something of what is asked, in order of their names.
    pub hints: Vec<Hint>,
}

/// Searches for a turn in which somebody asks something; the passages have at most `budget` tokens together.
///
/// # Errors
/// When the graph lacks the speaker, or knowledge cannot be read.
pub fn advice(
    graph: &Graph,
    shelf: &Shelf,
    declared: &Declared,
    input: &TurnInput,
    budget: usize,
) -> Result<Advice, LibrarianError> {
    if !is_asked(input) {
        return Ok(Advice::default());
    }
    let unknown = || LibrarianError::Unknown {
        name: input.expert.clone(),
    };
    let expert = graph.expert(&input.expert).ok_or_else(unknown)?;
    let index = shelf.of(expert)?;
    let (intent, query) = read(graph, declared, expert, input);
    let ranker = match intent.change {
        true => shelf.ranker(expert)?,
        false => None,
    };
    let view =
        View::new(expert, &index, &intent, &query)?.ranked(ranker.as_deref(), &input.request);
    Ok(Advice {
        passages: passages(&view, budget)?,
        hints: hints(graph, shelf, declared, &view, input)?,
    })
}

fn passages(view: &View<'_>, budget: usize) -> Result<Vec<Passage>, LibrarianError> {
    let strong = view.query.strong();
    let hits = view.found.passages.iter();
    let hits = hits.filter(|hit| hit.mask & strong != 0).take(LOOKED_AT);
    let (mut found, mut left) = (Vec::new(), budget);
    let mut taken: BTreeMap<usize, Vec<(u32, u32)>> = BTreeMap::new();
    for hit in hits {
        let number = Index::file_of(hit.row);
        let path = match view.index.file(number) {
            Some(file) if Role::of(&file.path) != Role::Record => &file.path,
            _ => continue,
        };
        let passage = view.index.passage(hit.row)?;
        let taken = taken.entry(number).or_default();
        // With everything nested in it; where that is too much, its own lines.
        for lines in [passage.whole, passage.lines] {
            if taken
                .iter()
                .any(|known| known.0 <= lines.1 && lines.0 <= known.1)
            {
                continue;
            }
            let text = view.reader.range(number, lines)?.join("\n");
            let size = tokens::count(&text);
            if size <= left && !text.trim().is_empty() {
                left -= size;
                taken.push(lines);
                found.push(Passage {
                    path: path.clone(),
                    lines,
                    text,
                });
                break;
            }
        }
        if found.len() >= MOST {
            break;
        }
    }
    Ok(found)
}

fn hints(
    graph: &Graph,
    shelf: &Shelf,
    declared: &Declared,
    view: &View<'_>,
    input: &TurnInput,
) -> Result<Vec<Hint>, LibrarianError> {
    let scout = Scout::new(graph, shelf, view.query);
    let cover = match view.intent.usage {
        true => answer(view)?.map_or(0.0, |found| found.sure),
        false => 0.0,
    };
    let changes = match view.intent.change {
        true => changes(view)?,
        false => Changes::default(),
    };
    let route = Route {
        graph,
        declared,
        scout: &scout,
        shelf,
        view,
        changes: &changes,
        cover,
    };
    let (asks, _) = route.asks(input)?;
    let known = |to: &str| input.asked.iter().any(|asked| asked.to == to);
    let new = asks.into_iter().filter(|ask| !known(&ask.to));
    let hints = new.map(|ask| Hint {
        to: ask.to,
        reason: ask.reason,
    });
    Ok(hints.collect())
}

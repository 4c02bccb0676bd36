//! What other experts of the graph hold of a request: looked up in their indexes, each once in a turn.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::error::LibrarianError;
use super::index::Index;
use super::passage::What;
use super::query::Query;
use super::role::Role;
use super::search::{Found, search};
use super::shelf::Shelf;
use crate::expert::{Expert, Graph};

/// Experts that are looked into during one turn; beyond that names and contracts must do.
const MOST: usize = 24;

/// What one expert holds.
#[derive(Debug)]
pub struct Sight {
    /// Best cover of one passage.
    pub cover: f64,
    /// The words held anywhere, as bits.
    pub known: u64,
    /// Greatest share of what the request is about that a definition holds whose name says some of it.
    pub about: f64,
    /// Path and words of the best passage.
    pub best: Option<(String, u64)>,
}

/// Looks into experts.
pub struct Scout<'a> {
    graph: &'a Graph,
    shelf: &'a Shelf,
    query: &'a Query,
    seen: RefCell<BTreeMap<String, Rc<Sight>>>,
}

impl<'a> Scout<'a> {
    /// A scout for one request.
    pub fn new(graph: &'a Graph, shelf: &'a Shelf, query: &'a Query) -> Self {
        Self {
            graph,
            shelf,
            query,
            seen: RefCell::default(),
        }
    }

    /// What an expert holds; none where too many were looked into already.
    ///
    /// # Errors
    /// When its knowledge cannot be read.
    pub fn look(&self, expert: &Expert) -> Result<Option<Rc<Sight>>, LibrarianError> {
        if let Some(sight) = self.seen.borrow().get(&expert.name) {
            return Ok(Some(Rc::clone(sight)));
        }
        if self.seen.borrow().len() >= MOST {
            return Ok(None);
        }
        let index = self.shelf.of(expert)?;
        let sight = Rc::new(sight(&index, self.query, &search(&index, self.query)?)?);
        self.seen
            .borrow_mut()
            .insert(expert.name.clone(), Rc::clone(&sight));
        Ok(Some(sight))
    }

    /// The edges between an expert and one that it depends on; the number of all experts where there is no way.
    pub fn steps(&self, from: &Expert, to: &Expert) -> usize {
        let mut seen = BTreeSet::from([from.name.as_str()]);
        let mut here = vec![from];
        for steps in 0..self.graph.experts.len() {
            if here.iter().any(|expert| expert.name == to.name) {
                return steps;
            }
            let next = here.iter().flat_map(|expert| expert.neighbors.keys());
            let new = next.filter(|name| seen.insert(name.as_str()));
            here = new.filter_map(|name| self.graph.expert(name)).collect();
        }
        self.graph.experts.len()
    }

    /// The experts that `provider` depends on, the nearest first; itself left out.
    pub fn behind(&self, provider: &str) -> Vec<&'a Expert> {
        let mut seen = BTreeSet::from([provider]);
        let mut next = VecDeque::from([provider]);
        let mut found = Vec::new();
        while let Some(expert) = next.pop_front().and_then(|name| self.graph.expert(name)) {
            for name in expert.neighbors.keys() {
                if seen.insert(name) {
                    next.push_back(name);
                    found.extend(self.graph.expert(name));
                }
            }
        }
        found
    }
}

fn sight(index: &Index, query: &Query, found: &Found) -> Result<Sight, LibrarianError> {
    let strong = query.strong();
    let mut sight = Sight {
        cover: 0.0,
        known: found.known,
        about: 0.0,
        best: None,
    };
    for hit in found
        .passages
        .iter()
        .filter(|hit| hit.mask & strong != 0)
        .take(12)
    {
        let path = index
            .file(Index::file_of(hit.row))
            .map_or("", |row| row.path.as_str());
        if Role::of(path) == Role::Record {
            continue;
        }
        let passage = index.passage(hit.row)?;
        if passage.what == What::Definition && Role::of(path) == Role::Source {
            let named = query.mask(&passage.name) & strong;
            if named != 0 {
                sight.about = sight.about.max(found.strong_share(hit.mask, strong));
            }
        }
        if hit.cover > sight.cover {
            sight.cover = hit.cover;
            sight.best = Some((path.to_owned(), hit.mask));
        }
    }
    Ok(sight)
}

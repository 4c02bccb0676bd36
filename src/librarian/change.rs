//! A change → the files to change or read, each with its part in it and what told.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::cover::{Defined, follow};
use super::error::LibrarianError;
use super::index::Index;
use super::instruct::{self, Place};
use super::mentioned::mentioned;
use super::passage::{Passage, What};
use super::promised::{closeness, promised};
use super::provider::holds;
use super::remembered::{self, Blend};
use super::role::Role;
use super::search::FileHit;
use super::view::View;
use crate::council::message::{Action, Edit};
use crate::expert::Contract;

/// Files that are named for what they hold; more when the request says "every" or "all".
const MOST: usize = 6;
/// A file must be worth this share of the best one.
const LEAST: f64 = 0.4;
/// Where worth falls to this share from one file to the next, the rest is left out.
const DROP: f64 = 0.5;
/// What a file gains that holds a contract the request speaks of: there the thing is defined for others.
const PROMISED: f64 = 1.5;
/// Cover from which a file changes although nothing defined in it is named by the request.
const CHANGES: f64 = 0.6;
/// Share of what the request is about that the best places of a file must hold for its definitions to change: of two
/// words one may be new, of three not two.
pub const ABOUT: f64 = 0.25;
/// The same where they hold two words or more: a long report says much that stands nowhere.
const ABOUT_FEW: f64 = 0.12;
/// Cover from which a file is worth reading although nothing of the request is defined anywhere.
const READS: f64 = 0.35;
/// Passages of a file that are looked at for its places, and further ones for what is spelled as the request spells it.
const SEEN: usize = 12;
const SPELLED: usize = 80;
/// What a definition gains that is spelled as the request spells it, where prose would not.
const EXACT: f64 = 1.5;
/// What is named as closely as this share of the closest name is followed to its uses.
const CLOSE: f64 = 0.75;
/// Least cover of the best file for anything to be named at all.
const NAMED: f64 = 0.12;

/// What an expert would change.
#[derive(Debug, Default)]
pub struct Changes {
    /// Files by path.
    pub edits: BTreeMap<String, Edit>,
    /// What is defined in them and named by the request.
    pub defined: Vec<Defined>,
}

/// The files a change concerns; empty when nothing in the knowledge is named by the request.
///
/// # Errors
/// When the index or a file cannot be read.
pub fn changes(view: &View<'_>) -> Result<Changes, LibrarianError> {
    let mut changes = Changes::default();
    let mut advised = BTreeMap::new();
    let mut files = Vec::new();
    let chosen = chosen(view);
    for hit in &chosen {
        if let Some(row) = view.index.file(hit.file) {
            files.push((
                hit,
                row.path.as_str(),
                Role::of(&row.path),
                places(view, hit)?,
            ));
        }
    }
    let strong = view.query.strong();
    let names = |places: &[Place]| {
        let held = places.iter().fold(0, |mask, place| mask | place.mask) & strong;
        let share = view.found.strong_share(held, strong);
        let about = share >= ABOUT || held.count_ones() > 1 && share >= ABOUT_FEW;
        about && places.iter().any(|place| place.named != 0)
    };
    let defining =
        |role: Role, places: &[Place]| role == Role::Source && names(places) && !only_tests(places);
    let defined = files
        .iter()
        .any(|(_, _, role, places)| defining(*role, places));
    for (hit, path, role, places) in files {
        let cover = places
            .iter()
            .map(|place| view.found.share(place.mask))
            .fold(0.0, f64::max);
        let named = names(&places);
        let action = match role {
            Role::Test if Role::is_fixture(path) || instruct::is_helper(&places) => Action::Read,
            Role::Source if only_tests(&places) => Action::Read,
            Role::Source if named || cover >= CHANGES && !defined => Action::Change,
            Role::Test | Role::Document if named || cover >= CHANGES => Action::Change,
            Role::Configure | Role::Example if cover >= CHANGES => Action::Change,
            Role::Configure if defined => continue,
            _ if defined || cover >= READS => Action::Read,
            _ => continue,
        };
        if defining(role, &places) {
            let names = places
                .iter()
                .filter(|place| place.named != 0 && place.passage.what == What::Definition);
            changes.defined.extend(names.map(|place| Defined {
                name: place.passage.name.clone(),
                file: hit.file,
                lines: place.passage.whole,
            }));
        }
        if role == Role::Document && action == Action::Change {
            advised.extend(mentioned(view, hit.file, &places)?);
        }
        let edit = instruct::edit(view, path, role, action, &places, hit.mask);
        changes.edits.insert(path.to_owned(), edit);
    }
    let closest = changes
        .defined
        .iter()
        .map(|one| closeness(view, &one.name))
        .fold(0.0, f64::max);
    let near = |one: &Defined| closeness(view, &one.name) >= closest * CLOSE;
    changes.defined.retain(near);
    for promise in promised(view)? {
        let named = promise.defined.into_iter();
        let named = named.filter(|one| closeness(view, &one.name) > 0.0);
        changes.defined.extend(named);
        add(&mut changes.edits, promise.edit);
    }
    follow(view, &mut changes)?;
    for edit in advised.into_values() {
        add(&mut changes.edits, edit);
    }
    remembered::remember(view, &mut changes.edits);
    Ok(changes)
}

/// Whether a word is spelled as a name: with a capital or a mark within.
fn is_typed(word: &str) -> bool {
    word.contains(|c: char| c.is_uppercase() || c == '_')
}

/// Whether the request names tests alone in a file of code.
fn only_tests(places: &[Place]) -> bool {
    let mut named = places.iter().filter(|place| place.named != 0).peekable();
    named.peek().is_some() && named.all(|place| place.passage.test)
}

/// Adds an edit, or what it says to the one that is there; whoever says to change a file is heard first.
fn add(edits: &mut BTreeMap<String, Edit>, new: Edit) {
    match edits.entry(new.path.clone()) {
        Entry::Vacant(entry) => drop(entry.insert(new)),
        Entry::Occupied(mut entry) => {
            let known = entry.get_mut();
            if known.action == Action::Read {
                known.instruction = new.instruction;
            } else {
                known.instruction = format!("{}; {}", known.instruction, new.instruction);
            }
            known.action = known.action.min(new.action);
            known.evidence.extend(new.evidence);
        }
    }
}

/// The best files, down to where their worth drops.
fn chosen(view: &View<'_>) -> Vec<FileHit> {
    let strong = view.query.strong();
    let (most, least) = if view.intent.wide {
        (2 * MOST, 0.8 * LEAST)
    } else {
        (MOST, LEAST)
    };
    let kept: Vec<&str> = kept(view).collect();
    let blend = Blend::new(view.ranking.as_ref());
    let mut telling: Vec<FileHit> = Vec::new();
    for hit in &view.found.files {
        let path = view
            .index
            .file(hit.file)
            .map_or("", |row| row.path.as_str());
        let about = hit.mask & strong != 0 && view.found.share(hit.mask) >= NAMED;
        if about && Role::of(path) != Role::Record && !Role::is_history(path) {
            let more = if kept.iter().any(|file| holds(file, path)) {
                PROMISED
            } else {
                1.0
            };
            telling.push(FileHit {
                score: blend.of(path, hit.score) * more,
                ..hit.clone()
            });
        }
    }
    telling.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.file.cmp(&b.file)));
    let best = telling.first().map_or(0.0, |hit| hit.score);
    let mut last = best;
    telling
        .into_iter()
        .take(most)
        .take_while(|hit| {
            let near = hit.score >= best * least && hit.score >= last * DROP;
            last = hit.score;
            near
        })
        .collect()
}

/// The files of the contracts that speak of what the request is about.
fn kept<'v>(view: &'v View<'_>) -> impl Iterator<Item = &'v str> {
    let strong = view.query.strong();
    let about =
        move |(name, contract): &(&String, &Contract)| view.promises(name, contract) & strong != 0;
    let contracts = view.expert.provides.iter().filter(about);
    contracts.flat_map(|(_, contract)| contract.files.iter().map(String::as_str))
}

/// The passages of a file that tell most, at most three: those whose name the request names first.
fn places(view: &View<'_>, hit: &FileHit) -> Result<Vec<Place>, LibrarianError> {
    let strong = view.query.strong();
    let bonus = view
        .query
        .groups
        .iter()
        .enumerate()
        .filter(|(_, group)| group.bonus);
    let telling = bonus.fold(strong, |mask, (at, _)| mask | 1 << at);
    let path = view.index.file(hit.file).map_or("", |row| &row.path);
    let code = matches!(Role::of(path), Role::Source | Role::Test | Role::Example);
    let here = view
        .found
        .passages
        .iter()
        .filter(|passage| Index::file_of(passage.row) == hit.file);
    let mut places: Vec<(f64, Place)> = Vec::new();
    let spelled = |passage: &Passage| {
        let mut groups = view.query.groups.iter();
        groups.any(|group| group.surface == passage.name && is_typed(&group.surface))
    };
    let typed = view
        .query
        .groups
        .iter()
        .any(|group| is_typed(&group.surface));
    for (at, found) in here.take(if typed { SPELLED } else { SEEN }).enumerate() {
        let passage = view.index.passage(found.row)?;
        if at >= SEEN && !spelled(&passage) {
            continue;
        }
        let named = match passage.what {
            What::Text => 0,
            // The head of a module tells of it, and is not what changes.
            What::Section if code && passage.trail.is_empty() => 0,
            _ => view.query.mask(&passage.name) & telling,
        };
        let more = 1.0
            + if named == 0 {
                0.0
            } else {
                0.8 * closeness(view, &passage.name)
            };
        // `Session` is the class, not a function `session`.
        let exact = spelled(&passage);
        let more = more * if passage.test { 0.7 } else { 1.0 } * if exact { EXACT } else { 1.0 };
        places.push((
            found.score * more,
            Place {
                passage,
                mask: found.mask,
                named,
            },
        ));
    }
    places.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then(a.1.passage.lines.cmp(&b.1.passage.lines))
    });
    let least = places.first().map_or(0.0, |(best, _)| best * 0.5);
    places.retain(|(worth, _)| *worth >= least);
    let mut seen = BTreeSet::new();
    places.retain(|(_, place)| {
        place.passage.name.is_empty() || seen.insert(place.passage.name.clone())
    });
    places.truncate(3);
    Ok(places.into_iter().map(|(_, place)| place).collect())
}

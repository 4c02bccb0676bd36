//! What the past says of neighbours: most commits like the request changed their files.
//!
//! The rule was chosen by a simulation of it over the newest 400 commits of GitoxideLabs/gitoxide and tokio-rs/tracing
//! (subjects without their scope, 267 and 211 of 2 to 10 files), asked what came before them: of the packages named so, 84 and
//! 82 % were changed, and 5 and 14 % of all that were changed are named. Packages that often changed together with one that
//! the request concerns were right in 10 to 33 %, and are not named.

use std::collections::{BTreeMap, BTreeSet};

use super::clip::clip;
use super::declared::Declared;
use super::query::Query;
use super::view::View;
use crate::expert::Graph;
use crate::history::{Commit, commits_of};

/// Commits whose changes are read, those that are most like the request, and how many of them vote.
const READ: usize = 48;
const VOTES: usize = 12;
/// Files, and experts, of a commit above which it tells nothing of each.
const FILES: usize = 10;
const EXPERTS: usize = 3;
/// Share of what the request is about that a message must hold, each word by its rarity in messages.
const LIKE: f64 = 0.4;
/// Commits that must have changed the files of a neighbour, and their share of those that vote.
const TIMES: usize = 4;
const OFTEN: f64 = 0.6;
/// Bytes of a message that are read.
const LONG: usize = 2_000;

/// A neighbour whose files most past changes like this one changed.
pub struct Bound {
    /// Commits that changed its files, and all that vote.
    pub times: (usize, usize),
    /// The one that is most like the request: its id, cut, and the first line of its message.
    pub commit: (String, String),
}

/// The experts whose files most commits like the request changed, by name; none where there is no such past.
pub fn bound(graph: &Graph, declared: &Declared, view: &View<'_>) -> BTreeMap<String, Bound> {
    let mut found: BTreeMap<String, Bound> = BTreeMap::new();
    let Some(repository) = declared
        .repository
        .as_ref()
        .filter(|_| view.expert.is_local())
    else {
        return found;
    };
    let ids = like(view.query, declared.messages());
    if ids.len() < TIMES {
        return found;
    }
    let Ok(commits) = commits_of(repository, &ids) else {
        return found;
    };
    let folders = folders(graph);
    let voting: Vec<(&Commit, BTreeSet<&str>)> = commits
        .iter()
        .filter(|commit| commit.changes.len() <= FILES)
        .map(|commit| {
            let paths = commit.changes.iter().map(|change| change.path.as_str());
            let owners = paths.filter_map(|path| owner(&folders, path)).collect();
            (commit, owners)
        })
        .filter(|(_, owners): &(_, BTreeSet<&str>)| (1..=EXPERTS).contains(&owners.len()))
        .take(VOTES)
        .collect();
    for (commit, owners) in &voting {
        for name in owners {
            let bound = found.entry((*name).to_owned()).or_insert_with(|| Bound {
                times: (0, voting.len()),
                commit: told(commit),
            });
            bound.times.0 += 1;
        }
    }
    found.retain(|_, bound| {
        let (times, of) = bound.times;
        times >= TIMES && times as f64 >= OFTEN * of as f64
    });
    found
}

/// The commits whose messages are like the request, the most alike first, of these the newest.
fn like(query: &Query, messages: &[(String, String)]) -> Vec<String> {
    let strong = query.strong();
    let masks: Vec<u64> = messages
        .iter()
        .map(|(_, message)| query.mask(clip(message, LONG)) & strong)
        .collect();
    let all = masks.len() as f64;
    let rarity = |held: f64| ((all - held + 0.5) / (held + 0.5)).ln_1p();
    let worth: Vec<f64> = (0..query.groups.len())
        .map(|at| {
            let held = masks.iter().filter(|mask| *mask & (1 << at) != 0).count() as f64;
            let telling = strong & (1 << at) != 0;
            let weight = if telling {
                query.groups[at].weight
            } else {
                0.0
            };
            weight * (1.0 + rarity(held) / rarity(0.0))
        })
        .collect();
    let share = |mask: u64| -> f64 {
        let held = worth
            .iter()
            .enumerate()
            .filter(|(at, _)| mask & (1 << at) != 0);
        held.map(|(_, worth)| worth).sum::<f64>() / worth.iter().sum::<f64>().max(f64::MIN_POSITIVE)
    };
    let mut alike: Vec<(f64, usize)> = masks
        .iter()
        .enumerate()
        .map(|(at, mask)| (share(*mask), at))
        .filter(|(share, _)| *share >= LIKE)
        .collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let ids = alike.into_iter().take(READ);
    ids.map(|(_, at)| messages[at].0.clone()).collect()
}

fn told(commit: &Commit) -> (String, String) {
    let line = commit.message.lines().next().unwrap_or_default();
    let id = commit.id.get(..9).unwrap_or(&commit.id);
    (id.to_owned(), clip(line, 72).to_owned())
}

/// The folders of the local experts, each with its name, the deepest first.
fn folders(graph: &Graph) -> Vec<(&str, &str)> {
    let local = graph.experts.values().filter(|expert| expert.is_local());
    let mut all: Vec<(&str, &str)> = local
        .map(|expert| (expert.dir().trim_end_matches('/'), expert.name.as_str()))
        .collect();
    all.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.cmp(b)));
    all
}

/// The expert in whose folder a path lies: the deepest one.
fn owner<'a>(folders: &[(&'a str, &'a str)], path: &str) -> Option<&'a str> {
    let inside = |folder: &str| {
        folder.is_empty()
            || path
                .strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    let found = folders.iter().find(|(folder, _)| inside(folder));
    found.map(|(_, name)| *name)
}

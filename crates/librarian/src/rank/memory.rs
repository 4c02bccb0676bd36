//! The past as far as it concerns the files that are there now.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::corpus::Vocabulary;
use super::field::{Document, Field, Shape};
use super::message::{body, scope, without_places};
use crate::index::sheet::weigh;
use crate::text::role::Role;
use poag_git::history::{ChangeKind, Past};

/// Commits that are remembered, the newest.
pub const MOST: usize = 8_000;
/// Files of a commit above which it tells nothing of each.
pub const WIDE: usize = 40;
/// Files of a commit that one learns from.
const LEARNT: std::ops::RangeInclusive<usize> = 2..=10;
/// Changes of a commit that one learns from, files that are gone included.
const LEARNT_CHANGES: usize = WIDE;
/// How messages begin whose words are not about what changed.
const ROUTINE: &[&str] = &[
    "release",
    "bump ",
    "chore: release",
    "chore: bump",
    "chore: prepare",
    "prepare release",
    "prepare to release",
    "build(deps",
    "chore(deps",
    "adjusting changelogs",
    "cargo fmt",
    "update changelog",
    "thanks clippy",
];

/// One commit.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RememberedCommit {
    /// Its id.
    pub id: String,
    /// The message without trailers.
    pub message: String,
    /// Its scope, if it has one.
    pub scope: Option<String>,
    /// The files it changed, by number, in order.
    pub files: Vec<u32>,
    /// Those of them that it made: that tells less than a change.
    pub made: Vec<u32>,
    /// How many it changed, also such as are gone.
    pub size: usize,
    /// Whether its words can teach what its files are about.
    pub teaches: bool,
}

/// Commits, newest first, and their messages.
#[derive(Default, Deserialize, Serialize)]
pub struct Memory {
    /// The commits.
    pub commits: Vec<RememberedCommit>,
    /// Their messages, as a field.
    pub messages: Field,
    /// The terms of each message.
    pub terms: Vec<Document>,
    /// Scope → the commits that have it.
    pub scopes: BTreeMap<String, Vec<u32>>,
    /// Why there is less than one may expect.
    pub note: Option<String>,
}

impl Memory {
    /// Takes from `past` what concerns `paths`, which lie in `below`; renamed files keep their past.
    pub fn new(past: &Past, below: &str, paths: &[String], vocabulary: &mut Vocabulary) -> Self {
        let number: HashMap<&str, u32> = paths.iter().map(String::as_str).zip(0u32..).collect();
        let prefix = if below.is_empty() {
            String::new()
        } else {
            format!("{below}/")
        };
        // From what a file was called to what it is called now; commits stand before their ancestors.
        let mut now: HashMap<&str, &str> = HashMap::new();
        let mut commits: Vec<(i64, RememberedCommit)> = Vec::new();
        for commit in past.commits.iter().take(MOST) {
            let (mut files, mut made) = (Vec::new(), Vec::new());
            for change in &commit.changes {
                let path = change.path.as_str();
                let current = now.get(path).copied().unwrap_or(path);
                let inside = current.strip_prefix(prefix.as_str());
                let file = inside.and_then(|inside| number.get(inside)).copied();
                files.extend(file);
                if change.kind == ChangeKind::Added {
                    made.extend(file);
                }
                if let ChangeKind::Renamed { from } = &change.kind {
                    now.insert(from, current);
                }
            }
            if files.is_empty() {
                continue;
            }
            files.sort_unstable();
            files.dedup();
            let message = body(&commit.message);
            let teaches = teaches(
                commit.author.as_str(),
                &message,
                &files,
                commit.changes.len(),
                paths,
            );
            let told = RememberedCommit {
                id: commit.id.clone(),
                scope: scope(&message),
                message,
                files,
                made,
                size: commit.changes.len().max(1),
                teaches,
            };
            commits.push((commit.time, told));
        }
        // Ages are counted in commits: in the order of time, whatever branch they were made on.
        commits.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
        let commits: Vec<RememberedCommit> = commits.into_iter().map(|(_, told)| told).collect();
        let mut terms = Vec::with_capacity(commits.len());
        let mut scopes: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (at, told) in (0u32..).zip(&commits) {
            let mut document: Document = weigh(&told.message)
                .into_iter()
                .map(|(term, weight)| (vocabulary.learn(&term), weight as f32))
                .collect();
            document.sort_unstable_by_key(|(term, _)| *term);
            terms.push(document);
            if let Some(scope) = &told.scope {
                scopes.entry(scope.clone()).or_default().push(at);
            }
        }
        let shape = Shape {
            saturation: 1.0,
            length: 0.3,
            floor: 0.0,
        };
        let messages = Field::new(&terms, vocabulary.terms(), shape);
        Self {
            commits,
            messages,
            terms,
            scopes,
            note: past.note.clone(),
        }
    }
}

/// The request that a message stands for when one learns from it: in turn as it was written, and without places.
pub fn lesson(
    told: &RememberedCommit,
    number: usize,
    by_name: &BTreeMap<String, Vec<u32>>,
) -> String {
    if number.is_multiple_of(2) {
        told.message.clone()
    } else {
        without_places(&told.message, &|word| {
            by_name.contains_key(&word.to_lowercase())
        })
    }
}

fn teaches(author: &str, message: &str, files: &[u32], changes: usize, paths: &[String]) -> bool {
    let author = author.to_lowercase();
    let robot = ["[bot]", "dependabot", "renovate", "greenkeeper"]
        .iter()
        .any(|name| author.contains(name));
    let lower = message.to_lowercase();
    let routine = ROUTINE.iter().any(|start| lower.starts_with(start));
    let about = files.iter().any(|file| {
        let path = &paths[*file as usize];
        Role::of(path) != Role::Record && !Role::is_history(path)
    });
    !robot
        && !routine
        && !message.is_empty()
        && about
        && LEARNT.contains(&files.len())
        && changes <= LEARNT_CHANGES
}

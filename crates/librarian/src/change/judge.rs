//! One judgement for all experts: which files change, by one likelihood, cut once.
//!
//! No expert adds files because words match inside its own corner: the files of all are ranked together, and the same
//! number decides everywhere.

use std::collections::{BTreeMap, BTreeSet};

use super::decide::{File, decide};
use super::guide::{Guide, guide};
use super::siblings::siblings;
use crate::error::LibrarianError;
use crate::index::shelf::Shelf;
use crate::rank::Reason;
use crate::text::request::RequestText;
use poag_core::expert::Graph;

/// Likelihood of a file that lists all things of the kind to which one is added.
const LISTS: f64 = 0.9;

/// Why a file is judged as it is.
#[derive(Clone, Debug)]
pub enum Why {
    /// By the signals.
    Ranked(Vec<Reason>),
    /// The request names its path.
    Named,
    /// It lists all these names, of which the request adds one more.
    Lists(Vec<String>),
    /// It uses a name whose form changes.
    Uses(String),
}

/// A file that was judged.
#[derive(Clone, Debug)]
pub struct JudgedFile {
    /// Its owner.
    pub expert: String,
    /// Its path in the owner's flake.
    pub path: String,
    /// How probable it is that it changes, from 0 to 1.
    pub likelihood: f64,
    /// Whether it is named as to be changed; else it may change.
    pub named: bool,
    /// Why.
    pub why: Why,
}

/// What a request changes.
#[derive(Clone, Debug, Default)]
pub struct ChangeJudgement {
    /// The files, the likeliest first.
    pub files: Vec<JudgedFile>,
    /// The likeliest files, named or not: what somebody who thinks may look at.
    pub near: Vec<JudgedFile>,
    /// A guide of the repository for such a change.
    pub guide: Option<Guide>,
    /// Remarks for the person who asked.
    pub notes: Vec<String>,
}

impl ChangeJudgement {
    /// The experts that own files which are named as to be changed, with the likeliest file of each.
    #[must_use]
    pub fn owners(&self) -> BTreeMap<&str, &JudgedFile> {
        let mut owners = BTreeMap::new();
        for file in self.files.iter().filter(|file| file.named) {
            owners.entry(file.expert.as_str()).or_insert(file);
        }
        owners
    }
}

/// Judges the files of all experts of a graph for a request, which is what was read of `text`.
///
/// # Errors
/// When knowledge cannot be read.
pub fn judge(
    graph: &Graph,
    shelf: &Shelf,
    request: &RequestText,
    text: &str,
) -> Result<ChangeJudgement, LibrarianError> {
    let pool = shelf.ranker(graph)?;
    let mut found = ChangeJudgement::default();
    let decided = decide(&pool.of, request, text);
    if decided.weak {
        found.notes.push(
            "weak matches only: no file holds a quarter of what the request speaks of".into(),
        );
    }
    let judged = |file: File| {
        let (expert, path) = pool.place(&file.path)?;
        Some(JudgedFile {
            expert: expert.to_owned(),
            path: path.to_owned(),
            likelihood: file.likelihood,
            named: file.change,
            why: match (file.named, file.uses) {
                (true, _) => Why::Named,
                (false, Some(name)) => Why::Uses(name),
                (false, None) => Why::Ranked(file.reasons),
            },
        })
    };
    found.files = decided.files.into_iter().filter_map(judged).collect();
    found.near = decided.near.into_iter().filter_map(judged).collect();
    found.guide = guide(graph, shelf, request, &found.files)?;
    if request.wide
        && found.guide.is_some()
        && let Some(listed) = siblings(graph, &pool, &found)
    {
        widen(&mut found, listed);
    }
    if !pool.left_out.is_empty() {
        found.notes.push(format!(
            "the files of {} were not looked at: there is more text than is read at once",
            pool.left_out.join(", ")
        ));
    }
    Ok(found)
}

/// Puts the files of a wide change in the place of those that were found by likelihood.
fn widen(found: &mut ChangeJudgement, listed: Vec<JudgedFile>) {
    let wide: BTreeSet<(String, String)> = listed
        .iter()
        .map(|file| (file.expert.clone(), file.path.clone()))
        .collect();
    let rest: Vec<JudgedFile> = std::mem::take(&mut found.files)
        .into_iter()
        .filter(|file| !wide.contains(&(file.expert.clone(), file.path.clone())))
        .map(|file| JudgedFile {
            named: matches!(file.why, Why::Named),
            ..file
        })
        .collect();
    found.files = listed;
    found.files.extend(rest);
}

/// A file that lists or uses what a wide change touches.
#[must_use]
pub fn listed(expert: &str, path: &str, why: Why) -> JudgedFile {
    JudgedFile {
        expert: expert.to_owned(),
        path: path.to_owned(),
        likelihood: LISTS,
        named: true,
        why,
    }
}

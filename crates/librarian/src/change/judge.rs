//! One judgement for all experts: which files change, by one likelihood, cut once.
//!
//! No expert adds files because words match inside its own corner: the files of all are ranked together, and the same
//! number decides everywhere.

use std::collections::BTreeSet;

use super::decide::{File, decide};
use super::guide::guide;
use super::judged::{JudgedFile, Why};
use super::judgement::ChangeJudgement;
use super::siblings::siblings;
use crate::error::LibrarianError;
use crate::index::shelf::Shelf;
use crate::text::request::RequestText;
use poag_core::expert::Graph;

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

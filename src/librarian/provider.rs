//! A provider's contracts seen from a consumer: which names they define, and where the consumer uses them.

use std::collections::BTreeMap;

use super::change::Changes;
use super::error::LibrarianError;
use super::index::Index;
use super::passage::What;
use super::shelf::Shelf;
use super::uses::{Uses, uses};
use super::view::View;
use crate::council::message::{Action, TurnResult};
use crate::expert::Expert;

/// A name with the first and last line of its definition.
pub type Named = (String, (u32, u32));

/// A contract whose files a provider wants to change.
pub struct Touched {
    /// The contract.
    pub contract: String,
    /// Names defined there that others can use.
    pub names: Vec<String>,
}

/// The contracts of the edge from `consumer` that `result` of its provider touches.
///
/// # Errors
/// When the provider's knowledge cannot be read.
pub fn touched(
    shelf: &Shelf,
    consumer: &Expert,
    provider: &Expert,
    result: &TurnResult,
) -> Result<Vec<Touched>, LibrarianError> {
    let mut found = Vec::new();
    let Some(edge) = consumer.neighbors.get(&provider.name) else {
        return Ok(found);
    };
    for name in &edge.contracts {
        let Some(contract) = provider.provides.get(name) else {
            continue;
        };
        let changed = result
            .edits
            .iter()
            .filter(|edit| edit.action != Action::Read);
        for edit in changed.filter(|edit| contract.files.iter().any(|file| holds(file, &edit.path)))
        {
            let index = shelf.of(provider)?;
            let lines: Vec<(u32, u32)> = edit.evidence.iter().filter_map(|one| one.lines).collect();
            let all = exported(&index, &edit.path)?;
            let near = |range: &(u32, u32)| {
                lines
                    .iter()
                    .any(|(first, last)| *first <= range.1 && *last >= range.0)
            };
            let told: Vec<String> = all
                .iter()
                .filter(|(_, range)| near(range))
                .map(|(name, _)| name.clone())
                .collect();
            let names = if told.is_empty() {
                all.into_iter().map(|(name, _)| name).collect()
            } else {
                told
            };
            found.push(Touched {
                contract: name.clone(),
                names,
            });
        }
    }
    Ok(found)
}

/// The first contract of `provider` whose names stand in a file that `changes` would change: contract, the
/// names and the file.
///
/// # Errors
/// When the knowledge of either cannot be read.
pub fn touched_by(
    shelf: &Shelf,
    view: &View<'_>,
    provider: &Expert,
    changes: &Changes,
) -> Result<Option<(String, Vec<String>, String)>, LibrarianError> {
    let Some(edge) = view.expert.neighbors.get(&provider.name) else {
        return Ok(None);
    };
    if changes
        .edits
        .values()
        .all(|edit| edit.action == Action::Read)
    {
        return Ok(None);
    }
    let index = shelf.of(provider)?;
    for name in &edge.contracts {
        let Some(contract) = provider.provides.get(name) else {
            continue;
        };
        let mut names = Vec::new();
        for row in &index.files {
            if contract.files.iter().any(|file| holds(file, &row.path)) {
                names.extend(
                    exported(&index, &row.path)?
                        .into_iter()
                        .map(|(name, _)| name),
                );
            }
        }
        for (path, used) in used(view, &names)? {
            if changes
                .edits
                .get(&path)
                .is_some_and(|edit| edit.action != Action::Read)
            {
                return Ok(Some((name.clone(), used.names, path)));
            }
        }
    }
    Ok(None)
}

/// Where the speaker's files use any of `names`, by path.
///
/// # Errors
/// When the index or a file cannot be read.
pub fn used(view: &View<'_>, names: &[String]) -> Result<BTreeMap<String, Uses>, LibrarianError> {
    let found = uses(view.index, &view.reader, names)?;
    let named = found.into_iter();
    Ok(named
        .filter_map(|(file, uses)| Some((view.index.file(file)?.path.clone(), uses)))
        .collect())
}

/// Whether a declared file or folder is or holds `path`.
pub fn holds(declared: &str, path: &str) -> bool {
    let declared = declared.trim_start_matches("./").trim_end_matches('/');
    declared.is_empty()
        || path
            .strip_prefix(declared)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a file defines for others: names with their lines; everything where nothing is marked as public.
///
/// # Errors
/// When the index cannot be read.
pub fn exported(index: &Index, path: &str) -> Result<Vec<Named>, LibrarianError> {
    let Some(file) = index.number(path) else {
        return Ok(Vec::new());
    };
    let passages = index.passages_of(file)?;
    let defined: Vec<_> = passages
        .into_iter()
        .filter(|(_, passage)| {
            passage.what == What::Definition && !passage.test && !passage.name.is_empty()
        })
        .collect();
    let public = defined.iter().any(|(_, passage)| passage.public);
    let open = defined
        .into_iter()
        .filter(|(_, passage)| passage.public || !public);
    Ok(open
        .map(|(_, passage)| (passage.name, passage.whole))
        .collect())
}

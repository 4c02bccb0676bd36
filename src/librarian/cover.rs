//! From what changes to what depends on it in the same flake: tests that cover it, documents that tell of
//! it, code that uses it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::change::Changes;
use super::error::LibrarianError;
use super::role::Role;
use super::uses::{Uses, uses};
use super::view::{View, lines, ticked};
use crate::council::message::{Action, Edit, Evidence};

/// Files that are named for each role.
const MOST: usize = 4;

/// A definition that the request names.
#[derive(Clone, Debug)]
pub struct Defined {
    /// Its name.
    pub name: String,
    /// The file that defines it.
    pub file: usize,
    /// First and last line of the definition.
    pub lines: (u32, u32),
}

/// Adds the files that use what `changes` defines.
///
/// # Errors
/// When the index or a file cannot be read.
pub fn follow(view: &View<'_>, changes: &mut Changes) -> Result<(), LibrarianError> {
    let names: Vec<String> = changes
        .defined
        .iter()
        .map(|defined| defined.name.clone())
        .collect();
    let mut found: Vec<(usize, Uses)> = uses(view.index, &view.reader, &names)?
        .into_iter()
        .collect();
    for (file, uses) in &mut found {
        let own = changes
            .defined
            .iter()
            .filter(|defined| defined.file == *file);
        for defined in own {
            uses.lines
                .retain(|line| *line < defined.lines.0 || *line > defined.lines.1);
        }
    }
    found.retain(|(_, uses)| !uses.lines.is_empty());
    let worth: BTreeMap<usize, f64> = view
        .found
        .files
        .iter()
        .map(|hit| (hit.file, hit.score))
        .collect();
    let of = |file: &usize| worth.get(file).copied().unwrap_or(0.0);
    found.sort_by(|a, b| of(&b.0).total_cmp(&of(&a.0)).then(a.0.cmp(&b.0)));
    let mut taken: BTreeMap<Role, usize> = BTreeMap::new();
    for (file, uses) in found {
        let Some(row) = view.index.file(file) else {
            continue;
        };
        let role = if uses.only_tests {
            Role::Test
        } else {
            Role::of(&row.path)
        };
        let count = taken.entry(role).or_default();
        if *count == MOST || matches!(role, Role::Record) || Role::is_history(&row.path) {
            continue;
        }
        *count += 1;
        let fixture = Role::is_fixture(&row.path);
        let (action, instruction) = wording(role, fixture, &uses);
        match changes.edits.entry(row.path.clone()) {
            Entry::Vacant(entry) => {
                let (path, evidence) = (row.path.clone(), evidence(&uses));
                entry.insert(Edit {
                    path,
                    action,
                    instruction,
                    likelihood: None,
                    evidence,
                });
            }
            Entry::Occupied(mut entry)
                if action == Action::Change && entry.get().action == Action::Read =>
            {
                let edit = entry.get_mut();
                (edit.action, edit.instruction) = (action, instruction);
                edit.evidence.extend(evidence(&uses));
            }
            Entry::Occupied(_) => {}
        }
    }
    Ok(())
}

/// What a use asks for, by the role of its file.
fn wording(role: Role, fixture: bool, uses: &Uses) -> (Action, String) {
    let names = ticked(&uses.names);
    let place = places(&uses.lines);
    match role {
        Role::Test if fixture => (
            Action::Read,
            format!("see whether what the tests expect is still so: it names {names} ({place})"),
        ),
        Role::Test if uses.tests.is_empty() => (
            Action::Change,
            format!("extend the tests here: they use {names} ({place})"),
        ),
        Role::Test => (
            Action::Change,
            format!(
                "extend the tests here: {} use {names} ({place})",
                ticked(&uses.tests)
            ),
        ),
        Role::Document => (
            Action::Change,
            format!("update what is said about {names} ({place})"),
        ),
        Role::Example => (
            Action::Read,
            format!("check that the example still holds: it uses {names} ({place})"),
        ),
        _ => (
            Action::Read,
            format!("check that it still fits: it uses {names} ({place})"),
        ),
    }
}

fn places(all: &[u32]) -> String {
    match all {
        [] => String::new(),
        [one] => format!("line {one}"),
        [one, two] => format!("lines {one} and {two}"),
        [one, .., last] => format!("{} places between {}", all.len(), lines((*one, *last))),
    }
}

fn evidence(uses: &Uses) -> Vec<Evidence> {
    let what = format!("uses {}", ticked(&uses.names));
    uses.lines
        .iter()
        .take(3)
        .map(|line| Evidence {
            lines: Some((*line, *line)),
            what: what.clone(),
        })
        .collect()
}

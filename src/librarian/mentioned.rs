//! Files that the flake's own documents name where they tell of what the request is about.

use std::collections::BTreeMap;

use super::error::LibrarianError;
use super::instruct::Place;
use super::passage::What;
use super::quote::plain;
use super::role::Role;
use super::view::{View, lines};
use crate::council::message::{Action, Edit, Evidence};

/// Files taken from documents; a table of contents is no advice.
const MOST: usize = 12;

/// Paths that stand in the telling sections of a document, each with what to do.
///
/// # Errors
/// When the document cannot be read.
pub fn mentioned(
    view: &View<'_>,
    document: usize,
    places: &[Place],
) -> Result<BTreeMap<String, Edit>, LibrarianError> {
    let mut found = BTreeMap::new();
    let telling = places
        .iter()
        .filter(|place| place.named != 0 && place.passage.what == What::Section);
    for place in telling {
        let range = place.passage.lines;
        let section = format!("section “{}”", plain(&place.passage.name));
        for line in view.reader.range(document, range)? {
            for path in paths(view, &line) {
                if found.len() == MOST {
                    return Ok(BTreeMap::new());
                }
                if !found.contains_key(&path)
                    && let Some(edit) = edit(view, document, &path, &section, range)
                {
                    found.insert(path, edit);
                }
            }
        }
    }
    Ok(found)
}

fn edit(
    view: &View<'_>,
    document: usize,
    path: &str,
    section: &str,
    range: (u32, u32),
) -> Option<Edit> {
    let from = &view.index.file(document)?.path;
    let role = Role::of(path);
    if path == from || matches!(role, Role::Record) || Role::is_history(path) {
        return None;
    }
    Some(Edit {
        path: path.into(),
        action: if role == Role::Configure {
            Action::Read
        } else {
            Action::Change
        },
        instruction: format!("change it as {section} of {from} ({}) says", lines(range)),
        likelihood: None,
        evidence: vec![Evidence {
            lines: None,
            what: format!("{from}, {section}, names it where it tells of what the request names"),
        }],
    })
}

/// The files of the flake that a line names: by their whole path, or by an end of it that only one has.
fn paths(view: &View<'_>, line: &str) -> Vec<String> {
    let words = line.split(|c: char| !(c.is_alphanumeric() || "._-/+@".contains(c)));
    let files = words
        .map(|word| {
            word.trim_start_matches("./")
                .trim_end_matches(['.', '/', '-'])
        })
        .filter(|word| word.contains('.') || word.contains('/'))
        .filter_map(|word| named(view, word));
    files.collect()
}

fn named(view: &View<'_>, word: &str) -> Option<String> {
    if view.index.number(word).is_some() {
        return Some(word.to_owned());
    }
    let ends = |path: &str| {
        path.strip_suffix(word)
            .is_some_and(|rest| rest.ends_with('/'))
    };
    let mut files = view.index.files.iter().filter(|row| ends(&row.path));
    match (files.next(), files.next()) {
        (Some(only), None) => Some(only.path.clone()),
        _ => None,
    }
}

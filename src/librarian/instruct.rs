//! The words of an edit: where and why, as far as what was found tells, and no further.

use super::passage::{Passage, What};
use super::quote::plain;
use super::role::Role;
use super::view::{View, lines};
use crate::council::message::{Action, Edit, Evidence};

/// A passage that speaks for its file.
pub struct Place {
    /// The passage.
    pub passage: Passage,
    /// The words of the request it holds.
    pub mask: u64,
    /// Those that its own name holds.
    pub named: u64,
}

/// The edit of one file.
pub fn edit(
    view: &View<'_>,
    path: &str,
    role: Role,
    action: Action,
    places: &[Place],
    mask: u64,
) -> Edit {
    let matched = view.named(mask);
    let instruction = match places.first() {
        None => format!("its name holds {matched}: see whether it is concerned"),
        Some(first) if action == Action::Read => {
            format!(
                "read {}: it holds {}",
                place(first, role),
                view.named(first.mask)
            )
        }
        Some(_) => {
            let named: Vec<&Place> = places.iter().filter(|place| place.named != 0).collect();
            let shown: Vec<String> = if named.is_empty() {
                places.iter().take(1).collect()
            } else {
                named
            }
            .into_iter()
            .map(|one| place(one, role))
            .collect();
            wording(role, &shown.join(" and "), &matched)
        }
    };
    let evidence = places
        .iter()
        .map(|place| Evidence {
            lines: Some(cited(&place.passage)),
            what: what(view, place),
        })
        .collect();
    Edit {
        path: path.into(),
        action,
        instruction,
        evidence,
    }
}

fn wording(role: Role, places: &str, matched: &str) -> String {
    match role {
        Role::Test => format!("extend {places}: it tests what the request names ({matched})"),
        Role::Example => format!("update {places}: it shows what the request names ({matched})"),
        Role::Document => {
            format!("update {places}: it documents what the request names ({matched})")
        }
        Role::Configure => {
            format!("change {places}: it configures what the request names ({matched})")
        }
        Role::Source | Role::Record => {
            format!("change {places}: here stands what the request names ({matched})")
        }
    }
}

/// A place in a sentence: what it is, its name and its lines.
fn place(place: &Place, role: Role) -> String {
    let passage = &place.passage;
    let range = lines(cited(passage));
    match passage.what {
        _ if passage.name.is_empty() => range,
        What::Definition if passage.test && role != Role::Test => {
            format!("the test `{}` ({range})", passage.name)
        }
        What::Definition => format!("`{}` ({range})", passage.name),
        What::Section => format!("section “{}” ({range})", plain(&passage.name)),
        What::Text => format!("`{}` ({range})", plain(&passage.name)),
    }
}

/// The lines that stand for a passage: all of a definition, only its own of a section.
fn cited(passage: &Passage) -> (u32, u32) {
    if passage.what == What::Definition {
        passage.whole
    } else {
        passage.lines
    }
}

fn what(view: &View<'_>, place: &Place) -> String {
    let held = view.named(place.mask);
    let held = if held.is_empty() {
        "the request's words joined".into()
    } else {
        held
    };
    match place.passage.what {
        What::Definition => format!("defines `{}`; matches {held}", plain(&place.passage.name)),
        What::Section => format!("section “{}” matches {held}", plain(&place.passage.name)),
        What::Text => format!("matches {held}"),
    }
}

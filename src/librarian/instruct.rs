//! The words of an edit: where and why, as far as what was found tells, and no further.

use std::sync::Arc;

use super::passage::{Passage, What};
use super::quote::plain;
use super::role::Role;
use super::view::{View, lines, ticked};
use crate::council::message::{Action, Edit, Evidence};

/// A passage that speaks for its file.
pub struct Place {
    /// The passage.
    pub passage: Arc<Passage>,
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
    let instruction = match places.first() {
        None => format!(
            "its name holds {}: see whether it is concerned",
            held(view, mask)
        ),
        Some(first) if Role::is_fixture(path) => {
            format!(
                "see whether what the tests expect is still so: it names {}",
                held(view, first.mask)
            )
        }
        Some(first) if role == Role::Test && is_helper(places) => {
            format!(
                "see whether {}, a helper of the tests, has to change as well: it holds {}",
                place(first, role),
                held(view, first.mask)
            )
        }
        Some(first) if action == Action::Read => {
            format!(
                "{}: it holds {}",
                place(first, role),
                held(view, first.mask)
            )
        }
        Some(first) => {
            let mut shown: Vec<&Place> = places.iter().filter(|place| place.named != 0).collect();
            if shown.is_empty() {
                shown.push(first);
            }
            let defined = shown
                .iter()
                .all(|place| place.named != 0 && place.passage.what == What::Definition);
            let mask = shown.iter().fold(0, |mask, place| mask | place.mask);
            let shown: Vec<String> = shown.into_iter().map(|one| place(one, role)).collect();
            wording(role, &shown, defined, &held(view, mask))
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
        likelihood: None,
        evidence,
    }
}

/// Whether a file of tests is named for what is no test.
pub fn is_helper(places: &[Place]) -> bool {
    let named = |place: &Place| place.passage.what == What::Definition && !place.passage.test;
    !places.is_empty() && places.iter().all(named)
}

fn wording(role: Role, places: &[String], defined: bool, held: &str) -> String {
    let one = places.len() == 1;
    let verb = |one_does: &'static str, all_do: &'static str| if one { one_does } else { all_do };
    let all = places.join(" and ");
    match role {
        Role::Test => format!(
            "extend {all}, which {} what the request names ({held})",
            verb("tests", "test")
        ),
        Role::Example => format!(
            "update {all}, which {} what the request names ({held})",
            verb("shows", "show")
        ),
        Role::Document => format!(
            "update {all}, which {} what the request names ({held})",
            verb("documents", "document")
        ),
        Role::Configure => format!(
            "change {all}, which {} what the request names ({held})",
            verb("configures", "configure")
        ),
        Role::Source | Role::Record if defined => {
            format!(
                "change {all}, which {} what the request names ({held})",
                verb("defines", "define")
            )
        }
        Role::Source | Role::Record => {
            format!("change {all}: there stands what the request names ({held})")
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
    let held = held(view, place.mask);
    match place.passage.what {
        What::Definition => format!("defines `{}`; matches {held}", plain(&place.passage.name)),
        What::Section => format!("section “{}” matches {held}", plain(&place.passage.name)),
        What::Text => format!("matches {held}"),
    }
}

/// The words of the request in a mask; where there are only words joined, these.
fn held(view: &View<'_>, mask: u64) -> String {
    let named = view.named(mask);
    if !named.is_empty() {
        return named;
    }
    let groups = view.query.groups.iter().enumerate();
    let joined: Vec<&str> = groups
        .filter(|(at, _)| mask & (1 << at) != 0)
        .map(|(_, group)| group.surface.as_str())
        .collect();
    ticked(&joined)
}

//! How well a passage suits as an answer, apart from how much of the question it holds.

use super::language::{self, Language};
use super::passage::{Passage, What};
use super::role::Role;
use super::view::View;
use super::words;

/// Share of what the question is about that the name and documentation of code must hold.
const SAID: f64 = 0.4;

/// How well a passage suits as an answer, apart from what it is about.
pub fn suit(view: &View<'_>, path: &str, passage: &Passage, text: &[String]) -> f64 {
    let asked: Vec<&Language> = view.query.languages().collect();
    let documented = !passage.doc.is_empty();
    let role = match (Role::of(path), passage.what) {
        _ if Role::is_history(path) => 0.4,
        (Role::Record, _) => 0.1,
        (Role::Document, _) => 1.3,
        (Role::Example, _) => 1.15,
        (_, What::Definition) if passage.test => 0.8,
        (_, What::Definition) if documented && passage.public => 1.1,
        (Role::Test, _) => 0.8,
        (_, What::Definition) if documented => 0.9,
        (_, What::Definition) => 0.75,
        (Role::Configure, _) => 0.6,
        _ => 0.6,
    };
    let fences: Vec<&Language> = fences(text).collect();
    let code = !fences.is_empty() || Role::of(path) == Role::Example;
    let written = language::of_path(path);
    let spoken = asked
        .iter()
        .any(|one| fences.contains(one) || written == Some(*one));
    let language = if asked.is_empty() {
        1.0
    } else if spoken {
        1.5
    } else if code {
        0.6
    } else {
        0.9
    };
    let shown = if code { 1.2 } else { 1.0 };
    role * language * shown * exact(view, passage)
}

/// Whether code is about the question: its name, its documentation or its comments must say so, not only what stands
/// deep inside.
pub fn tells(view: &View<'_>, path: &str, passage: &Passage, text: &[String], strong: u64) -> bool {
    if !matches!(Role::of(path), Role::Source | Role::Test) || exact(view, passage) > 1.0 {
        return true;
    }
    let comments: Vec<&str> = text
        .iter()
        .map(|line| line.trim())
        .filter(|line| is_comment(line))
        .collect();
    if passage.doc.is_empty() && comments.is_empty() {
        return false;
    }
    let said = format!(
        "{} {} {} {}",
        passage.trail,
        passage.name,
        passage.doc,
        comments.join(" ")
    );
    let spoken = view
        .query
        .groups
        .iter()
        .enumerate()
        .filter(|(_, group)| group.language.is_some());
    let about = spoken.fold(strong, |mask, (at, _)| mask & !(1 << at));
    let about = if about == 0 { strong } else { about };
    view.found.strong_share(view.query.mask(&said), about) >= SAID
}

fn is_comment(line: &str) -> bool {
    ["//", "# ", "-- ", "/*", "* ", ";;", "\"\"\"", "%%"]
        .iter()
        .any(|start| line.starts_with(start))
}

/// What is called exactly as the question says is more likely meant than what only speaks of it.
fn exact(view: &View<'_>, passage: &Passage) -> f64 {
    let whole = words::whole(&passage.name);
    if passage.what != What::Definition || whole.is_empty() {
        return 1.0;
    }
    let named = |identifier: bool| {
        let mut groups = view.query.groups.iter().filter(|group| {
            let typed = group.bonus && !group.surface.contains(' ');
            if identifier {
                typed
            } else {
                group.bonus || group.weight >= 0.6
            }
        });
        groups.any(|group| group.terms.first().is_some_and(|(term, _)| *term == whole))
    };
    match (named(true), named(false)) {
        (true, _) => 1.8,
        (_, true) => 1.4,
        _ => 1.0,
    }
}

/// Languages of the code blocks in a document.
fn fences(text: &[String]) -> impl Iterator<Item = &'static Language> {
    text.iter().filter_map(|line| {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || "/!*#>".contains(c));
        let info = line
            .strip_prefix("```")
            .or_else(|| line.strip_prefix("~~~"))?;
        language::of_fence(info)
    })
}

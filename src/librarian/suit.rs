//! How well a passage suits as an answer, apart from how much of the question it holds.

use super::asking::Asking;
use super::language::{self, Language};
use super::passage::{Passage, What};
use super::role::Role;
use super::view::View;
use super::words;

/// Share of what the question is about that the name and documentation of code must hold.
const SAID: f64 = 0.4;

/// What is called exactly as the question says: where it is spelled as a name of code, where that is all the question says.
const NAMED: f64 = 1.8;
const CALLED: f64 = 1.3;

/// How errors are called, how questions speak of them, and what an error is worth elsewhere.
const FAULTS: [&str; 4] = ["Error", "Exception", "Errors", "Exceptions"];
const FAILING: &str = "error exception fail failure panic wrong";
const FAULT: f64 = 0.5;

/// How well a passage fits the kind of question, by what and where it is.
pub fn fit(view: &View<'_>, path: &str, passage: &Passage) -> f64 {
    use super::passage::What as Kind;
    use Asking::{How, Is, What, Where};
    let asking = view.intent.asking;
    let is = matches!(asking, Is | What);
    let documented = !passage.doc.is_empty();
    let role = match (Role::of(path), passage.what) {
        _ if Role::is_history(path) => 0.4,
        (Role::Record, _) => 0.1,
        (Role::Document, _) if asking == How => 1.6,
        (Role::Document, _) => 1.5,
        (Role::Source, Kind::Section) if is => 1.4,
        (Role::Source, Kind::Section) => 1.25,
        (Role::Example, _) if asking == How => 1.2,
        (Role::Example, _) => 0.9,
        (Role::Test, _) => 0.5,
        (_, Kind::Definition) if passage.test => 0.5,
        (_, Kind::Definition) if documented && passage.public && is => 1.2,
        (_, Kind::Definition) if documented && passage.public => 1.05,
        (Role::Configure, _) if asking == Where => 0.9,
        (_, Kind::Definition) if documented => 0.75,
        _ => 0.6,
    };
    role * exact(view, passage) * fault(view, passage)
}

/// What the definition of an error is worth where nobody asks about one: its texts hold the words of whatever can fail.
fn fault(view: &View<'_>, passage: &Passage) -> f64 {
    let bears = FAULTS.iter().any(|end| passage.name.ends_with(end));
    match passage.what == What::Definition && bears && view.query.mask(FAILING) == 0 {
        true => FAULT,
        false => 1.0,
    }
}

/// How well what a passage shows fits: in the language that is asked for, with an example where a way is asked for.
pub fn suit(view: &View<'_>, path: &str, text: &[String]) -> f64 {
    let asked: Vec<&Language> = view.query.languages().collect();
    let fences: Vec<&Language> = fences(text).collect();
    let code = !fences.is_empty() || Role::of(path) == Role::Example;
    let written = language::of_path(path);
    let spoken = asked
        .iter()
        .any(|one| fences.contains(one) || written == Some(*one));
    // Who asks for a way wants it in that language; else it may be what the question is about.
    let way = matches!(view.intent.asking, Asking::How | Asking::Other);
    let language = match (asked.is_empty(), spoken) {
        (true, _) => 1.0,
        (_, true) => 1.5,
        (_, false) if !way => 1.0,
        (_, false) if code => 0.6,
        (_, false) => 0.9,
    };
    let shown = match (code, view.intent.asking) {
        (true, Asking::How) => 1.2,
        (true, _) => 1.05,
        _ => 1.0,
    };
    language * shown
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

/// What is called exactly as the question says is more likely meant than what only speaks of it. A word of prose calls only
/// what others can use and what is explained: half of all words are the name of some helper.
fn exact(view: &View<'_>, passage: &Passage) -> f64 {
    let whole = words::whole(&passage.name);
    if passage.what != What::Definition || whole.is_empty() {
        return 1.0;
    }
    let named = |identifier: bool| {
        let mut groups = view.query.groups.iter().filter(|group| {
            let typed = group.bonus && !group.surface.contains(' ') || group.weight > 1.0;
            if identifier {
                typed
            } else {
                group.bonus || group.weight >= 0.6
            }
        });
        groups.any(|group| group.terms.first().is_some_and(|(term, _)| *term == whole))
    };
    let open = passage.public && !passage.doc.is_empty() && !passage.test;
    match (named(true), named(false)) {
        (true, _) => NAMED,
        (_, true) if open && called(view.intent.asking, &passage.name) => CALLED,
        _ => 1.0,
    }
}

/// Whether a name may be what is asked for: what something is tells a type, what it does tells a function as well.
fn called(asking: Asking, name: &str) -> bool {
    asking == Asking::What || asking == Asking::Is && name.starts_with(char::is_uppercase)
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

//! What must change with every new thing of a kind: the files that list all existing ones together.
//!
//! The kind is a definition with two to eight members (fields of a type) that a guide or the likeliest files name. A file
//! that holds all the members, as words of its code or text, lists them; a new one has to stand there as well.

use std::collections::BTreeSet;

use super::guide::Guide;
use super::judged::{JudgedFile, Why, listed};
use super::judgement::ChangeJudgement;
use crate::index::files::text;
use crate::index::shelf::Pool;
use crate::rank::Ranker;
use crate::text::role::Role;
use crate::text::words;
use poag_core::expert::Graph;
use poag_knowledge::outline::{SymbolKind, outline};

/// Files whose definitions are looked at.
const LOOKED_AT: usize = 12;
/// Members of one definition.
const MEMBERS: std::ops::RangeInclusive<usize> = 2..=8;
/// Lines of one definition.
const LINES: u32 = 60;
/// Files that list all members, at least: fewer are no family.
const FAMILY: usize = 3;

/// The files of all experts that list the members of the kind to which a wide request adds one, and those that use a name
/// which the guide says changes; none where no kind is found.
#[must_use]
pub fn siblings(
    graph: &Graph,
    pool: &Pool<Ranker>,
    found: &ChangeJudgement,
) -> Option<Vec<JudgedFile>> {
    let members = kind(graph, pool, found)?;
    let changing = found.guide.as_ref().map(changing).unwrap_or_default();
    let guide = found.guide.as_ref();
    let mut all = Vec::new();
    for name in &pool.of.corpus().paths {
        let Some((expert, path)) = pool.place(name) else {
            continue;
        };
        let is_guide = guide.is_some_and(|guide| guide.expert == expert && guide.path == path);
        let role = Role::of(path);
        let local = graph.expert(expert).filter(|owner| owner.is_local());
        let (Some(owner), false) = (
            local,
            is_guide || role == Role::Record || Role::is_history(path),
        ) else {
            continue;
        };
        if path == "poag.lock"
            || !holds(pool, name, &members)
                && !changing
                    .iter()
                    .any(|it| holds(pool, name, std::slice::from_ref(it)))
        {
            continue;
        }
        let Some(text) = text(&owner.knowledge.path, path) else {
            continue;
        };
        let lines = code(path, &text);
        if members
            .iter()
            .all(|member| lines.iter().any(|line| speaks(line, member)))
        {
            all.push(listed(expert, path, Why::Lists(members.clone())));
        } else if let Some(name) = changing
            .iter()
            .find(|name| lines.iter().any(|line| speaks(line, name)))
        {
            all.push(listed(expert, path, Why::Uses(name.clone())));
        }
    }
    (all.len() >= FAMILY).then_some(all)
}

/// The members of the kind: of the definition that the guide names first, else of the one in the likeliest files whose
/// members most files list.
fn kind(graph: &Graph, pool: &Pool<Ranker>, found: &ChangeJudgement) -> Option<Vec<String>> {
    let named: BTreeSet<&str> = found.guide.iter().flat_map(Guide::names).collect();
    let mut best: Option<(bool, usize, Vec<String>)> = None;
    let guided = found
        .guide
        .iter()
        .flat_map(|guide| guide.names().map(|name| (guide.expert.as_str(), name)));
    let judged = found
        .files
        .iter()
        .take(LOOKED_AT)
        .map(|file| (file.expert.as_str(), file.path.as_str()));
    let mut seen = BTreeSet::new();
    for (expert, path) in guided.chain(judged) {
        if !seen.insert((expert, path)) || pool.name(expert, path).is_none() {
            continue;
        }
        let Some(text) = graph
            .expert(expert)
            .and_then(|owner| text(&owner.knowledge.path, path))
        else {
            continue;
        };
        let symbols = outline(path, &text);
        for symbol in symbols
            .iter()
            .filter(|symbol| symbol.kind == SymbolKind::Type)
        {
            let members = members(&text, symbol.lines);
            if !MEMBERS.contains(&members.len()) {
                continue;
            }
            let by_guide = named.contains(symbol.name.as_str());
            let files = pool.of.corpus().paths.iter();
            let count = files.filter(|file| holds(pool, file, &members)).count();
            if count >= FAMILY
                && best
                    .as_ref()
                    .is_none_or(|(guided, known, _)| (by_guide, count) > (*guided, *known))
            {
                best = Some((by_guide, count, members));
            }
        }
    }
    best.map(|(_, _, members)| members)
}

/// The fields of a definition: names before a colon, each at the begin of its line.
fn members(text: &str, (first, last): (u32, u32)) -> Vec<String> {
    if last <= first || last - first > LINES {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    for line in text
        .lines()
        .skip(first as usize)
        .take((last - first) as usize - 1)
    {
        let line = line.trim();
        if line.starts_with(['/', '#', '*', '@', '}', '{']) || line.contains('(') {
            continue;
        }
        let line = line.strip_prefix("pub ").unwrap_or(line);
        let Some((name, _)) = line.split_once(':') else {
            continue;
        };
        let name = name.trim().trim_end_matches('?');
        let good = name.len() > 2 && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if good && !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    found
}

/// Identifiers that a guide says break their callers: those in ticks in a step that says so.
fn changing(guide: &Guide) -> Vec<String> {
    let breaking = guide.steps.iter().filter(|step| {
        let lower = step.to_lowercase();
        ["break", "callers", "argument of", "signature"]
            .iter()
            .any(|word| lower.contains(word))
    });
    breaking
        .flat_map(|step| super::guide::ticked(step))
        .filter(|name| {
            words::compound(name) && name.chars().all(|c| c.is_alphanumeric() || c == '_')
        })
        .map(str::to_owned)
        .collect()
}

/// Whether the words of a file hold all the names: quick, before its lines are read.
fn holds(pool: &Pool<Ranker>, file: &str, names: &[String]) -> bool {
    names
        .iter()
        .all(|name| pool.of.corpus().holds(file, &words::whole(name)))
}

/// The lines that say something to a program or a reader: of code, all but comments.
fn code<'t>(path: &str, text: &'t str) -> Vec<&'t str> {
    let prose = matches!(Role::of(path), Role::Document);
    let comment = |line: &str| {
        let line = line.trim_start();
        ["//", "#", "--", ";", "* ", "/*"]
            .iter()
            .any(|mark| line.starts_with(mark))
            && !line.starts_with("#[")
    };
    text.lines()
        .filter(|line| prose || !comment(line))
        .collect()
}

/// Whether a line holds a name as a word of its own or as a part of an identifier, in any case, or its plural.
#[must_use]
pub fn speaks(line: &str, name: &str) -> bool {
    let (low, name) = (line.to_ascii_lowercase(), name.to_ascii_lowercase());
    let mut from = 0;
    while let Some(at) = low.get(from..).and_then(|rest| rest.find(&name)) {
        let (start, end) = (from + at, from + at + name.len());
        let before = line[..start].chars().next_back();
        let first = line[start..].chars().next();
        let free = before.is_none_or(|before| {
            !before.is_alphanumeric()
                || before.is_lowercase() && first.is_some_and(char::is_uppercase)
        });
        let after = line[end..]
            .strip_prefix('s')
            .unwrap_or(&line[end..])
            .chars()
            .next();
        if free && after.is_none_or(|after| !after.is_lowercase()) {
            return true;
        }
        from = end;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_a_word_and_in_identifiers_and_not_inside_of_words() {
        for line in [
            "ending: Ending",
            "--ending",
            "UnknownEnding",
            "unknown_ending",
            "all endings",
        ] {
            assert!(speaks(line, "ending"), "{line}");
        }
        for line in ["pending", "the end", "endings_x", "é"] {
            assert_eq!(speaks(line, "ending"), line == "endings_x", "{line}");
        }
    }

    #[test]
    fn the_fields_of_a_type_are_its_members() {
        let text = "pub struct Style {\n    /// Doc: no.\n    pub locale: Locale,\n    ending: Ending,\n}\n";
        assert_eq!(members(text, (1, 5)), ["locale", "ending"]);
        assert!(members("struct A;", (1, 1)).is_empty());
    }
}

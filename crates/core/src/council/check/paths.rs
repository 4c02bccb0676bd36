//! Paths: inside the expert's own flake, there or new, with the lines that are cited.

use std::collections::BTreeMap;

use super::{Invalid, Tree, TreeEntry};
use crate::council::message::{Action, Answer, Edit, TurnResult};
use crate::expert::{Expert, Graph, Location};
use crate::name::is_invisible;

/// Files at a flake's root that nobody plans: programs write them.
const LOCKS: [&str; 2] = ["flake.lock", "poag.lock"];

/// Refuses every path that is not the expert's to name. A leading `./` is taken off.
pub(super) fn check(
    result: &mut TurnResult,
    expert: &Expert,
    graph: &Graph,
    tree: &dyn Tree,
) -> Result<(), Invalid> {
    let has_citations = |answer: &Answer| !answer.citations.is_empty();
    if result.edits.is_empty() && !result.answer.as_ref().is_some_and(has_citations) {
        return Ok(());
    }
    let inner = inner_flakes(expert, graph);
    let mut actions: BTreeMap<String, Action> = BTreeMap::new();
    for edit in &mut result.edits {
        clean(&mut edit.path)?;
        owned(&edit.path, &inner)?;
        exists_as_said(edit, tree)?;
        let said = *actions.entry(edit.path.clone()).or_insert(edit.action);
        if said != edit.action {
            return Err(wrong(&edit.path, "is named twice, to do different things"));
        }
        for (first, last) in edit.evidence.iter().filter_map(|evidence| evidence.lines) {
            if edit.action == Action::Create {
                return Err(wrong(&edit.path, "is new, so it has no lines to point to"));
            }
            lines(&edit.path, first, last, tree)?;
        }
    }
    for citation in result.answer.iter_mut().flat_map(|a| &mut a.citations) {
        cites(&mut citation.path, Some(citation.lines), &inner, tree)?;
    }
    Ok(())
}

/// Refuses a citation of what an expert does not know. A leading `./` is taken off.
pub(super) fn citation(
    path: &mut String,
    cited: Option<(u32, u32)>,
    (expert, graph): (&Expert, &Graph),
    tree: &dyn Tree,
) -> Result<(), Invalid> {
    cites(path, cited, &inner_flakes(expert, graph), tree)
}

fn cites(
    path: &mut String,
    cited: Option<(u32, u32)>,
    inner: &[(String, &str)],
    tree: &dyn Tree,
) -> Result<(), Invalid> {
    clean(path)?;
    owned(path, inner)?;
    if tree.entry(path) != TreeEntry::File {
        return Err(wrong(path, "is no file that its expert knows"));
    }
    match cited {
        Some((first, last)) => lines(path, first, last, tree),
        None => Ok(()),
    }
}

/// Only ordinary names between single slashes.
fn clean(path: &mut String) -> Result<(), Invalid> {
    if let Some(rest) = path.strip_prefix("./") {
        *path = rest.to_owned();
    }
    let problem = if path.is_empty() {
        "is empty"
    } else if path.starts_with('/') || path.starts_with('~') {
        "is not relative"
    } else if path.contains('\\') {
        "holds a backslash"
    } else if path.chars().any(char::is_control) {
        "holds a control character"
    } else if path.chars().any(is_formatting) {
        "holds a character that changes how text is laid out"
    } else if path.split('/').any(|name| name == "..") {
        "leads out of the flake"
    } else if path.split('/').any(|name| name.is_empty() || name == ".") {
        "is not written plainly"
    } else if path.split('/').any(is_git) {
        "belongs to git"
    } else if LOCKS.contains(&path.as_str()) {
        "is written by programs, not by hand"
    } else {
        return Ok(());
    };
    Err(wrong(path, problem))
}

/// Marks that turn the direction of writing (UAX #9), and separators of lines and paragraphs.
fn is_formatting(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a file system may take a name for `.git`, as git itself looks at it (`verify_path`): in any case, on NTFS with
/// dots and blanks behind it, as a stream, or by its short name, on HFS+ with characters in it that are passed over.
fn is_git(name: &str) -> bool {
    let seen: String = name.chars().filter(|c| !is_invisible(*c)).collect();
    let seen = seen.split(':').next().unwrap_or_default();
    let seen = seen.trim_end_matches(['.', ' ']).to_lowercase();
    let short = seen.strip_prefix("git~");
    seen == ".git"
        || short.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|c| c.is_ascii_digit()))
}

/// Folders of other experts' flakes inside this one, relative to it, each with its expert.
fn inner_flakes<'g>(expert: &Expert, graph: &'g Graph) -> Vec<(String, &'g str)> {
    let Location::Local { dir } = &expert.location else {
        return Vec::new();
    };
    let inner = |other: &'g Expert| {
        let Location::Local { dir: there } = &other.location else {
            return None;
        };
        let below = match dir.as_str() {
            "" => Some(there.as_str()),
            dir => there.strip_prefix(dir)?.strip_prefix('/'),
        };
        let below = below.filter(|below| !below.is_empty())?;
        Some((below.to_owned(), other.name.as_str()))
    };
    graph.experts.values().filter_map(inner).collect()
}

fn owned(path: &str, inner: &[(String, &str)]) -> Result<(), Invalid> {
    let inside = |dir: &str| {
        path.strip_prefix(dir)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    // A folder in a folder: the deepest one decides.
    let owners = inner.iter().filter(|(dir, _)| inside(dir));
    match owners.max_by_key(|(dir, _)| dir.len()) {
        Some((_, owner)) => Err(wrong(
            path,
            &format!("belongs to the expert '{owner}': ask it"),
        )),
        None => Ok(()),
    }
}

fn exists_as_said(edit: &Edit, tree: &dyn Tree) -> Result<(), Invalid> {
    let problem = match (edit.action, tree.entry(&edit.path)) {
        (_, TreeEntry::Foreign) => "belongs to another flake: ask its expert, or leave it alone",
        (
            Action::Change | Action::Delete | Action::Read | Action::Perhaps,
            TreeEntry::File | TreeEntry::Tracked,
        ) => {
            return Ok(());
        }
        (Action::Create, TreeEntry::Nothing) | (Action::Delete, TreeEntry::Other) => return Ok(()),
        (Action::Create, TreeEntry::Beyond) => "would lie below something that is no folder",
        (Action::Create, _) => "is to be created and is there already",
        (_, TreeEntry::Unseen) => "is not tracked by git, so that the flake does not see it",
        (_, TreeEntry::Folder) => "is a folder: name its files",
        (_, TreeEntry::Other) => "is a link, not a file",
        (_, TreeEntry::Nothing | TreeEntry::Beyond) => "is no file of this flake",
    };
    Err(wrong(&edit.path, problem))
}

fn lines(path: &str, first: u32, last: u32, tree: &dyn Tree) -> Result<(), Invalid> {
    let lines = tree
        .lines(path)
        .ok_or_else(|| wrong(path, "cannot be read, so its lines cannot be cited"))?;
    if first == 0 || first > last || last > lines {
        let path = path.to_owned();
        return Err(Invalid::Lines {
            path,
            first,
            last,
            lines,
        });
    }
    Ok(())
}

fn wrong(path: &str, problem: &str) -> Invalid {
    Invalid::Path {
        path: path.to_owned(),
        problem: problem.to_owned(),
    }
}

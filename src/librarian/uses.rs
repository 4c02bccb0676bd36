//! Where names are used: whole identifiers in the text, not terms of the index.

use std::collections::BTreeMap;

use super::error::LibrarianError;
use super::index::{Index, Level};
use super::reader::Reader;
use super::words;

/// Passages that are read for one name.
const READ: usize = 300;
/// Names that are looked for at once.
pub const NAMES: usize = 24;
/// A name that more files than this use, and more than a third of all, tells nothing.
const EVERYWHERE: usize = 12;

/// Uses in one file.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    /// Lines, ascending.
    pub lines: Vec<u32>,
    /// The names used there, sorted.
    pub names: Vec<String>,
    /// Names of the tests they stand in, in order.
    pub tests: Vec<String>,
    /// Whether every use stands in a test.
    pub only_tests: bool,
}

/// Whether a name is worth looking for: short ones are used for everything.
pub fn telling(name: &str) -> bool {
    const COMMON: &[&str] = &[
        "main",
        "test",
        "tests",
        "new",
        "default",
        "init",
        "__init__",
        "get",
        "set",
        "run",
        "from",
        "into",
        "name",
        "self",
        "this",
        "value",
        "data",
        "index",
        "lib",
        "mod",
        "next",
        "iter",
        "open",
        "read",
        "write",
        "error",
        "result",
        "exports",
        "module",
        "setup",
        "fmt",
        "clone",
        "drop",
        "eq",
        "cmp",
        "hash",
        "args",
        "type",
        "src",
        "version",
        "inputs",
        "outputs",
        "description",
        "url",
        "system",
        "pkgs",
    ];
    name.len() > 2 && name.len() < 80 && !COMMON.contains(&name.to_lowercase().as_str())
}

/// The files that use any of `names`, by number. A compound name also matches in another spelling,
/// as bindings to other languages spell it.
///
/// # Errors
/// When the index or a file cannot be read.
pub fn uses(
    index: &Index,
    reader: &Reader<'_>,
    names: &[String],
) -> Result<BTreeMap<usize, Uses>, LibrarianError> {
    let mut found: BTreeMap<usize, Uses> = BTreeMap::new();
    for name in names.iter().filter(|name| telling(name)).take(NAMES) {
        let here = uses_of(index, reader, name)?;
        if here.len() > EVERYWHERE && here.len() * 3 > index.files.len() {
            continue;
        }
        for (file, uses) in here {
            let all = found.entry(file).or_insert_with(|| Uses {
                only_tests: true,
                ..Uses::default()
            });
            all.only_tests &= uses.only_tests;
            all.lines.extend(uses.lines);
            all.names.push(name.clone());
            for test in uses.tests {
                if !all.tests.contains(&test) {
                    all.tests.push(test);
                }
            }
        }
    }
    for uses in found.values_mut() {
        uses.lines.sort_unstable();
        uses.lines.dedup();
        uses.names.sort_unstable();
        uses.names.dedup();
    }
    Ok(found)
}

fn uses_of(
    index: &Index,
    reader: &Reader<'_>,
    name: &str,
) -> Result<BTreeMap<usize, Uses>, LibrarianError> {
    let mut found: BTreeMap<usize, Uses> = BTreeMap::new();
    let term = words::whole(name);
    if term.is_empty() {
        return Ok(found);
    }
    let compound = words::compound(name);
    for posting in index
        .postings(Level::Passage, &term)?
        .into_iter()
        .take(READ)
    {
        let file = Index::file_of(posting.row);
        let passage = index.passage(posting.row)?;
        let mut hit = false;
        for (number, line) in (passage.lines.0..).zip(reader.range(file, passage.lines)?) {
            if mentions(&line, name, compound.then_some(term.as_str())) {
                let uses = found.entry(file).or_insert_with(|| Uses {
                    only_tests: true,
                    ..Uses::default()
                });
                uses.lines.push(number);
                hit = true;
            }
        }
        if hit && let Some(uses) = found.get_mut(&file) {
            uses.only_tests &= passage.test;
            if passage.test && !passage.name.is_empty() && !uses.tests.contains(&passage.name) {
                uses.tests.push(passage.name);
            }
        }
    }
    Ok(found)
}

/// Whether a line uses `name` as a whole identifier, or one that joins to `joined`. A name that is also an
/// ordinary word counts only where the text around it is code.
fn mentions(line: &str, name: &str, joined: Option<&str>) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_' || (c == '-' && name.contains('-'));
    let word = name.bytes().all(|b| b.is_ascii_lowercase());
    let mut at = 0;
    line.split(|c| !inside(c)).any(|run| {
        let (before, after) = (&line[..at], &line[at + run.len()..]);
        // The separator may be longer than a byte.
        at += run.len() + after.chars().next().map_or(0, char::len_utf8);
        if run == name {
            return !word || is_code(before, after);
        }
        joined.is_some_and(|joined| {
            run.len() >= joined.len()
                && run.len() < joined.len() * 2
                && words::compound(run)
                && words::whole(run) == joined
        })
    })
}

/// Whether what stands around a word makes it an identifier: a call, a path, a member, a quoted name, an import.
fn is_code(before: &str, after: &str) -> bool {
    let import = [
        "use ", "import ", "from ", "pub use ", "export ", "inherit ", "#include",
    ];
    let line = before.trim_start();
    ["(", "!", "::", "`", "<", " =", ": "]
        .iter()
        .any(|next| after.starts_with(next))
        && !(after.starts_with(": ") && !line.is_empty() && !line.ends_with(['{', ',', '(']))
        || ["::", "`", "->"].iter().any(|last| before.ends_with(last))
        || before
            .strip_suffix('.')
            .is_some_and(|rest| rest.ends_with(|c: char| c.is_alphanumeric() || ")]".contains(c)))
        || import.iter().any(|start| line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_another_name_is_no_use() {
        assert!(mentions("let x = greet(name);", "greet", None));
        assert!(!mentions("let x = greeting(name);", "greet", None));
        assert!(!mentions("regreet_all()", "greet", None));
        assert!(!mentions(
            "they greet people, as a greet. Then",
            "greet",
            None
        ));
        assert!(mentions("– “é” – call `greet` first", "greet", None));
        assert!(mentions("from x import greet", "greet", None));
    }

    #[test]
    fn another_language_spells_it_its_way() {
        assert!(mentions("parseDate(text)", "parse_date", Some("parsedate")));
        assert!(!mentions("parse(date)", "parse_date", Some("parsedate")));
    }
}

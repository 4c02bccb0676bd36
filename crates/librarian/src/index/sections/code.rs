//! Code: comments, each with the definition that it documents.

use super::{Kind, LONG, MOST, Section, split};
use crate::index::defining::{BEFORE, DEFINE};
use crate::text::clip::clip;

/// Lines behind a comment among which the definition is that it documents: attributes and annotations stand between.
const BETWEEN: usize = 6;

/// The comments of a file that document something.
pub fn sections(path: &str, lines: &[&str], extension: &str) -> Vec<Section> {
    let mut found = Vec::new();
    let mut row = 0;
    while row < lines.len() && found.len() < MOST {
        let Some((end, module)) = comment(lines, row, extension) else {
            row += 1;
            continue;
        };
        let words: usize = lines[row..end].iter().map(|line| words(line)).sum();
        if words >= 3 {
            let whole = module || row < 2 && end - row > 3;
            let definition = match module && extension != "json" {
                true => None,
                false => definition(lines, row, end, extension),
            };
            match definition {
                Some((name, first, last)) => {
                    split(
                        lines,
                        (first, last),
                        "",
                        clip(&name, LONG),
                        Kind::Definition,
                        &mut found,
                    );
                }
                None if whole => {
                    split(lines, (row, end), "", named(path), Kind::Prose, &mut found);
                }
                None if words >= 8 => {
                    split(lines, (row, end), "", "", Kind::Definition, &mut found);
                }
                None => {}
            }
        }
        row = end.max(row + 1);
    }
    found
}

/// Where the comment that begins in a row ends (exclusive), and whether it documents the whole module.
fn comment(lines: &[&str], row: usize, extension: &str) -> Option<(usize, bool)> {
    let line = lines[row].trim_start();
    for quotes in ["\"\"\"", "'''"] {
        let open = line.trim_start_matches(['r', 'u', 'b', 'f', 'R']);
        if extension == "py" && open.starts_with(quotes) {
            let rest = &open[3..];
            let end = match rest.contains(quotes) {
                true => row,
                false => (row + 1..lines.len()).find(|at| lines[*at].contains(quotes))?,
            };
            let before = lines[..row]
                .iter()
                .all(|line| line.trim().is_empty() || line.starts_with('#'));
            return Some((end + 1, before));
        }
    }
    if line.starts_with("/*") {
        let end = (row..lines.len()).find(|at| lines[*at].contains("*/"))?;
        return Some((end + 1, false));
    }
    let mark = line_mark(line, extension)?;
    let mut end = row + 1;
    while end < lines.len() && line_mark(lines[end].trim_start(), extension) == Some(mark) {
        end += 1;
    }
    Some((end, mark == "//!"))
}

fn line_mark(line: &str, extension: &str) -> Option<&'static str> {
    let marks: &[&'static str] = match extension {
        "py" | "sh" | "bash" | "nix" | "yaml" | "yml" | "toml" | "rb" | "cfg" | "ini" | "conf"
        | "mk" | "cmake" | "pl" | "jl" | "" => &["#"],
        "lua" | "sql" | "hs" | "elm" => &["--"],
        "clj" | "el" | "scm" | "lisp" => &[";"],
        "tex" | "erl" => &["%"],
        _ => &["//!", "///", "//"],
    };
    if line.starts_with("#!") {
        return None;
    }
    marks.iter().copied().find(|mark| line.starts_with(mark))
}

/// What a comment documents: the name, and the rows of both (exclusive end). A docstring stands behind it, other
/// comments before it.
fn definition(
    lines: &[&str],
    row: usize,
    end: usize,
    extension: &str,
) -> Option<(String, usize, usize)> {
    let docstring = extension == "py" && !lines[row].trim_start().starts_with('#');
    if docstring {
        let first = (row.saturating_sub(12)..row)
            .rev()
            .take_while(|at| !lines[*at].trim().is_empty() || *at + 1 == row)
            .find_map(|at| Some((at, defined(lines[at])?)))?;
        return Some((first.1, first.0, end));
    }
    let behind = lines.iter().enumerate().skip(end).take(BETWEEN);
    for (at, line) in behind {
        let line = line.trim();
        if line.is_empty() {
            return None;
        }
        let attribute = line.starts_with('@') || line.starts_with("#[") || line.starts_with('[');
        if attribute && !line.contains(" class ") {
            continue;
        }
        return defined(line).map(|name| (name, row, at + 1));
    }
    None
}

/// Further words that stand before the name of what a line defines.
const MODIFIERS: &[&str] = &[
    "val",
    "readonly",
    "override",
    "mut",
    "local",
    "record",
    "explicit",
    "synchronized",
    "sealed",
    "open",
    "data",
    "object",
];

/// Whether a word says of what kind a definition is, and is not its name. A template of C++ is the name of its line.
fn is_keyword(word: &str) -> bool {
    word != "template"
        && [BEFORE, DEFINE, MODIFIERS]
            .iter()
            .any(|words| words.contains(&word))
}

/// The name that a line defines: what stands before the first of `=`, `:`, `(`, `{`, `<`, `;` and `,` or, where several
/// words stand there, the last of them (`int timeout`) unless a keyword tells which (`fn name`, `name Type`).
fn defined(line: &str) -> Option<String> {
    let line = line.trim();
    let line = line.strip_prefix("pub(crate)").unwrap_or(line);
    let line = line.strip_prefix("func (").map_or(line, |rest| {
        rest.split_once(')').map_or(line, |(_, name)| name)
    });
    let end = line.find(|c| "=:({<;,![".contains(c)).unwrap_or(line.len());
    let mut words = line[..end].split_whitespace().peekable();
    let mut keyword = false;
    while words.peek().is_some_and(|word| is_keyword(word)) {
        keyword = true;
        words.next();
    }
    let rest: Vec<&str> = words.collect();
    let typed = line[end..].starts_with(['(', ';', '=', '{']);
    let name = match rest.as_slice() {
        [] => return None,
        [name] => name,
        [name, ..] if keyword => name,
        [.., name] if typed => name,
        [name, ..] => name,
    };
    let name = name.trim_matches(['*', '&', '"', '\'', '`', '$', '-', '.', '#', '@']);
    let good = !name.is_empty()
        && name.len() <= LONG
        && name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || "_-.$?".contains(c));
    (good
        && ![
            "return", "if", "for", "else", "import", "use", "from", "package",
        ]
        .contains(&name))
    .then(|| name.to_owned())
}

fn words(line: &str) -> usize {
    let word = |part: &&str| part.chars().filter(|c| c.is_alphabetic()).count() > 1;
    line.split_whitespace().filter(word).count()
}

/// The name of a module: of its file, or of the folder that it is the head of.
fn named(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    if ["mod", "lib", "main", "__init__", "index"].contains(&stem) {
        parts.find(|folder| *folder != "src").unwrap_or(stem)
    } else {
        stem
    }
}

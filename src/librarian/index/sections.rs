//! What an answer may quote: sections of documentation, and comments with the definition that they document.
//!
//! Everything is read line by line, so that any language with line comments, block comments or docstrings has its
//! documented definitions: environment variables, options, fields and constants as well as functions and types.

use crate::librarian::text::clip::clip;

/// Sections of one file; what comes after them is left out.
const MOST: usize = 4_000;
/// Longest name, in bytes.
const LONG: usize = 160;
/// Lines of one section; a longer one is split where a line is blank, or else there.
const LINES: usize = 30;
/// Lines behind a comment among which the definition is that it documents: attributes and annotations stand between.
const BETWEEN: usize = 6;

/// What a section is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A part of a document, or the documentation of a whole module.
    Prose,
    /// A comment and the definition that it documents.
    Definition,
}

/// Lines that belong together, under a name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Section {
    /// The headings above it, the outermost first, with ` › ` between them; empty for a definition.
    pub trail: String,
    /// Its heading, or the name of what is defined.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// First and last line, from 1, inclusive.
    pub lines: (u32, u32),
}

/// The sections of a file, in order; none where its kind is not known to document anything.
#[must_use]
pub fn sections(path: &str, text: &str) -> Vec<Section> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let lines: Vec<&str> = text.lines().collect();
    let mut found = match extension {
        "md" | "mdx" | "markdown" | "rst" | "adoc" | "asciidoc" | "txt" | "org" => {
            document(&lines, extension)
        }
        "" if name.to_lowercase().starts_with("readme") => document(&lines, "md"),
        _ => code(path, &lines, extension),
    };
    found.truncate(MOST);
    found
}

/// A heading: row from 0, first row of what it names, level from 1, title.
struct Heading {
    row: usize,
    below: usize,
    level: usize,
    title: String,
}

fn document(lines: &[&str], extension: &str) -> Vec<Section> {
    let headings = headings(lines, extension);
    let mut found = Vec::new();
    let mut open: Vec<(usize, &str)> = Vec::new();
    let first = headings.first().map_or(lines.len(), |heading| heading.row);
    split(lines, (0, first), "", "", Kind::Prose, &mut found);
    for (at, heading) in headings.iter().enumerate() {
        let end = headings.get(at + 1).map_or(lines.len(), |next| next.row);
        open.retain(|(level, _)| *level < heading.level);
        let trail: Vec<&str> = open.iter().map(|(_, title)| *title).collect();
        let trail = trail.join(" › ");
        open.push((heading.level, &heading.title));
        let name = clip(&heading.title, LONG);
        if heading.below >= end {
            continue;
        }
        split(
            lines,
            (heading.row, end),
            clip(&trail, LONG * 2),
            name,
            Kind::Prose,
            &mut found,
        );
    }
    found
}

fn headings(lines: &[&str], extension: &str) -> Vec<Heading> {
    let mut found = Vec::new();
    let mut fence: Option<&str> = None;
    let mut styles: Vec<(char, bool)> = Vec::new();
    let mark = match extension {
        "adoc" | "asciidoc" => '=',
        "org" => '*',
        _ => '#',
    };
    for (row, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let opens = ["```", "~~~", "----", "...."].into_iter().find(|it| {
            trimmed.starts_with(it)
                && (it.starts_with(['`', '~']) || mark == '=' && trimmed.trim_end() == *it)
        });
        match (fence, opens) {
            (None, Some(it)) => {
                fence = Some(it);
                continue;
            }
            (Some(open), Some(it)) if open == it => {
                fence = None;
                continue;
            }
            (Some(_), _) => continue,
            (None, None) => {}
        }
        let title = line.trim_start_matches(mark);
        let level = line.len() - title.len();
        if extension != "rst" && (1..=6).contains(&level) && title.starts_with(' ') {
            let title = title.trim().trim_end_matches(mark).trim();
            if !title.is_empty() {
                found.push(Heading {
                    row,
                    below: row + 1,
                    level,
                    title: title.to_owned(),
                });
            }
            continue;
        }
        // A title with a line of one mark below, and perhaps above; levels in order of appearance, as
        // <https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html#sections> says.
        let Some(sign) = ruler(line) else { continue };
        let allowed = match extension {
            "rst" | "txt" | "" => true,
            "md" | "mdx" | "markdown" => "=-".contains(sign) && line.trim_end().len() >= 3,
            _ => false,
        };
        let Some(title) = row.checked_sub(1).map(|above| lines[above].trim_end()) else {
            continue;
        };
        let over = row >= 2 && ruler(lines[row - 2]) == Some(sign);
        let blank = row < 2 || lines[row - 2].trim().is_empty();
        let wide = line.trim_end().chars().count() >= title.trim().chars().count();
        let plain = !title.trim().is_empty()
            && ruler(title).is_none()
            && (over || !title.starts_with(char::is_whitespace))
            && !title
                .trim_start()
                .starts_with(['|', '-', '*', '#', '>', '`']);
        if !(allowed && plain && (over || blank && wide)) {
            continue;
        }
        let style = (sign, over);
        let level = match styles.iter().position(|known| *known == style) {
            Some(at) => at + 1,
            None => {
                styles.push(style);
                styles.len()
            }
        };
        found.push(Heading {
            row: row - 1 - usize::from(over),
            below: row + 1,
            level,
            title: title.trim().to_owned(),
        });
    }
    found
}

fn ruler(line: &str) -> Option<char> {
    let line = line.trim_end();
    let sign = line
        .chars()
        .next()
        .filter(|sign| "=-`:.'\"~^_*+#<>".contains(*sign))?;
    (line.chars().count() >= 3 && line.chars().all(|other| other == sign)).then_some(sign)
}

/// Appends lines as one section, or as several where there are many.
fn split(
    lines: &[&str],
    (first, end): (usize, usize),
    trail: &str,
    name: &str,
    kind: Kind,
    found: &mut Vec<Section>,
) {
    let mut start = first;
    while start < end && lines[start].trim().is_empty() {
        start += 1;
    }
    while start < end && found.len() < MOST {
        let most = (start + LINES).min(end);
        let stop = if most < end {
            (start + LINES / 3..most)
                .rev()
                .find(|row| lines[*row].trim().is_empty())
                .map_or(most, |row| row + 1)
        } else {
            end
        };
        let mut last = stop;
        while last > start && lines[last - 1].trim().is_empty() {
            last -= 1;
        }
        if last > start {
            found.push(Section {
                trail: trail.to_owned(),
                name: name.to_owned(),
                kind,
                lines: (number(start + 1), number(last)),
            });
        }
        start = stop;
        while start < end && lines[start].trim().is_empty() {
            start += 1;
        }
    }
}

/// The comments of a file that document something.
fn code(path: &str, lines: &[&str], extension: &str) -> Vec<Section> {
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
            let definition = match whole && extension != "json" {
                true if module => None,
                _ => definition(lines, row, end, extension),
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

/// Words that stand before the name of what a line defines, or say what kind of thing it is.
const BEFORE: &[&str] = &[
    "pub",
    "export",
    "default",
    "async",
    "static",
    "const",
    "unsafe",
    "abstract",
    "public",
    "private",
    "protected",
    "final",
    "inline",
    "virtual",
    "extern",
    "declare",
    "constexpr",
    "fn",
    "struct",
    "enum",
    "trait",
    "mod",
    "type",
    "class",
    "def",
    "function",
    "interface",
    "func",
    "namespace",
    "union",
    "let",
    "var",
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
    "impl",
    "macro_rules",
];

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
    while words.peek().is_some_and(|word| BEFORE.contains(word)) {
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

fn number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

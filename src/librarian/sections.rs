//! Sections that no outline of definitions has: of reStructuredText and AsciiDoc, and of the documentation at the head of
//! a module, which is a document within code.

use crate::knowledge::outline::{Kind, Symbol, outline};

/// Sections of one file above which the rest is left out.
const MOST: usize = 10_000;
/// Longest heading, in bytes.
const LONG: usize = 200;

/// The sections of a file beyond what its outline says.
pub fn sections(path: &str, text: &str) -> Vec<Symbol> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("rst") => nested(&underlined(text), text.lines().count()),
        Some("adoc" | "asciidoc") => nested(&marked(text), text.lines().count()),
        Some("rs") => inner_docs(path, text),
        Some("py") => docstring(path, text),
        _ => Vec::new(),
    }
}

/// Row from 0, level from 1, and title.
type Heading<'t> = (usize, usize, &'t str);

/// Headings → sections that end where the next of the same level or above begins.
fn nested(headings: &[Heading<'_>], lines: usize) -> Vec<Symbol> {
    let mut found: Vec<Symbol> = Vec::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (row, level, title) in headings.iter().take(MOST) {
        while let Some((last, at)) = open.last().copied()
            && last >= *level
        {
            found[at].lines.1 = number(*row);
            open.pop();
        }
        open.push((*level, found.len()));
        found.push(section(title, (number(*row) + 1, number(lines))));
    }
    found
}

fn section(title: &str, lines: (u32, u32)) -> Symbol {
    Symbol {
        name: super::clip::clip(title, LONG).to_owned(),
        kind: Kind::Section,
        lines,
        signature: String::new(),
        doc: String::new(),
        public: true,
        test: false,
    }
}

/// Titles with a line of one mark below, and perhaps above; levels in order of appearance, as
/// <https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html#sections> says.
fn underlined(text: &str) -> Vec<Heading<'_>> {
    let lines: Vec<&str> = text.lines().collect();
    let mut styles: Vec<(u8, bool)> = Vec::new();
    let mut found = Vec::new();
    for row in 1..lines.len() {
        let (title, Some(sign)) = (lines[row - 1].trim_end(), ruler(lines[row])) else {
            continue;
        };
        let wide = lines[row].trim_end().len() >= title.chars().count();
        let blank_before = row < 2 || lines[row - 2].trim().is_empty();
        let over = row >= 2 && ruler(lines[row - 2]) == Some(sign);
        let indented = title.starts_with(char::is_whitespace) && !over;
        if title.trim().is_empty()
            || ruler(title).is_some()
            || !wide
            || indented
            || !(blank_before || over)
        {
            continue;
        }
        let level = styles.iter().position(|style| *style == (sign, over));
        let level = level.unwrap_or_else(|| {
            styles.push((sign, over));
            styles.len() - 1
        });
        found.push((row - 1 - usize::from(over), level + 1, title.trim()));
    }
    found
}

/// The mark of a line that is nothing but one mark, three times at least.
fn ruler(line: &str) -> Option<u8> {
    let line = line.trim_end().as_bytes();
    let sign = *line
        .first()
        .filter(|sign| b"=-`:.'\"~^_*+#<>".contains(sign))?;
    (line.len() >= 3 && line.iter().all(|other| *other == sign)).then_some(sign)
}

/// Titles after one to six `=`.
fn marked(text: &str) -> Vec<Heading<'_>> {
    let mut found = Vec::new();
    for (row, line) in text.lines().enumerate() {
        let title = line.trim_start_matches('=');
        let level = line.len() - title.len();
        if (1..=6).contains(&level) && title.starts_with(' ') && !title.trim().is_empty() {
            found.push((row, level, title.trim()));
        }
    }
    found
}

/// The `//!` lines at the head of a Rust file, as a document of the module's name with sections of its own.
fn inner_docs(path: &str, text: &str) -> Vec<Symbol> {
    let mut document = String::new();
    let (mut first, mut last) = (None, 0);
    for (row, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        if let Some(doc) = trimmed.strip_prefix("//!") {
            first.get_or_insert(row);
            last = row;
            document.push_str(doc.strip_prefix(' ').unwrap_or(doc));
        } else if !(trimmed.is_empty() || trimmed.starts_with("//") || trimmed.starts_with("#![")) {
            break;
        }
        document.push('\n');
    }
    let Some(first) = first else {
        return Vec::new();
    };
    let end = number(last + 1);
    let mut found = vec![section(module(path), (number(first + 1), end))];
    for mut heading in outline("module.md", &document) {
        heading.lines.1 = heading.lines.1.min(end);
        // A heading that opens the document is the document's own name.
        if heading.lines.0 == number(first + 1) {
            heading.lines.0 += 1;
        }
        if heading.lines.0 <= heading.lines.1 {
            found.push(heading);
        }
    }
    found
}

/// The text at the head of a Python file.
fn docstring(path: &str, text: &str) -> Vec<Symbol> {
    let mut lines = text.lines().enumerate();
    let start = lines.find(|(_, line)| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#')
    });
    let Some((first, line)) = start else {
        return Vec::new();
    };
    let opened = line.trim_start_matches(['r', 'u', 'R', 'U']);
    let Some(quotes) = ["\"\"\"", "'''"]
        .into_iter()
        .find(|quotes| opened.starts_with(quotes))
    else {
        return Vec::new();
    };
    let last = if opened[3..].contains(quotes) {
        Some(first)
    } else {
        lines
            .find(|(_, line)| line.contains(quotes))
            .map(|(row, _)| row)
    };
    let whole = last.map(|last| section(module(path), (number(first + 1), number(last + 1))));
    whole.into_iter().collect()
}

/// The name of a module: of its file, or of the folder that it is the head of.
fn module(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    if ["mod", "lib", "main", "__init__"].contains(&stem) {
        parts.find(|folder| *folder != "src").unwrap_or(stem)
    } else {
        stem
    }
}

fn number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<(String, (u32, u32))> {
        let all = sections(path, text).into_iter();
        all.map(|section| (section.name, section.lines)).collect()
    }

    fn named(name: &str, lines: (u32, u32)) -> (String, (u32, u32)) {
        (name.to_owned(), lines)
    }

    #[test]
    fn a_line_of_marks_makes_a_heading_of_the_line_above() {
        let text = ".. _top:\n\nGuide\n=====\n\nIntro.\n\nTimeouts\n--------\n\nWait.\n\nProxies\n-------\n\nGo round.\n";
        assert_eq!(
            found("docs/guide.rst", text),
            [
                named("Guide", (3, 16)),
                named("Timeouts", (8, 12)),
                named("Proxies", (13, 16)),
            ]
        );
        assert!(found("a.rst", "Name  Age\n----- ---\nJo    3\n").is_empty());
        assert!(found("a.rst", "===\n\n---\n").is_empty());
    }

    #[test]
    fn the_head_of_a_module_is_a_document() {
        let text = "//! Spans are periods of time.\n//!\n//! # Entering\n//!\n//! Call it.\n\nuse std::fmt;\n\n//! not here\n";
        assert_eq!(
            found("src/span.rs", text),
            [named("span", (1, 5)), named("Entering", (3, 5))]
        );
        assert_eq!(found("core/src/lib.rs", "//! Word.\n")[0].0, "core");
        assert_eq!(
            found(
                "notes/store.py",
                "#!/usr/bin/env python\n\"\"\"Notes\n\non disk.\"\"\"\n"
            ),
            [named("store", (2, 4))]
        );
        assert!(found("a.rs", "fn main() {}\n//! no\n").is_empty());
        assert!(found("a.py", "x = 1\n\"\"\"no\"\"\"\n").is_empty());
    }

    #[test]
    fn broken_text_has_no_sections_and_does_no_harm() {
        for text in ["", "\n", "===", "'''", "\"\"\"", "//!", "=\n=", "é\n==="] {
            for path in ["a.rst", "a.adoc", "a.rs", "a.py", "a.txt"] {
                let lines = text.lines().count();
                for (_, (first, last)) in found(path, text) {
                    assert!(1 <= first && first <= last && last as usize <= lines);
                }
            }
        }
    }
}

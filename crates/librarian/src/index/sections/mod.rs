//! What an answer may quote: sections of documentation, and comments with the definition that they document.
//!
//! Everything is read line by line, so that any language with line comments, block comments or docstrings has its
//! documented definitions: environment variables, options, fields and constants as well as functions and types.

mod code;
mod document;

/// Sections of one file; what comes after them is left out.
const MOST: usize = 4_000;
/// Longest name, in bytes.
const LONG: usize = 160;
/// Lines of one section; a longer one is split where a line is blank, or else there.
const LINES: usize = 30;

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
    /// Whether it goes on with the one before, which was too long for one.
    pub further: bool,
}

/// The sections of a file, in order; none where its kind is not known to document anything.
#[must_use]
pub fn sections(path: &str, text: &str) -> Vec<Section> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let lines: Vec<&str> = text.lines().collect();
    let mut found = match extension {
        "md" | "mdx" | "markdown" | "rst" | "adoc" | "asciidoc" | "txt" | "org" => {
            document::sections(&lines, extension)
        }
        "" if name.to_lowercase().starts_with("readme") => document::sections(&lines, "md"),
        _ => code::sections(path, &lines, extension),
    };
    found.truncate(MOST);
    found
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
    let mut further = false;
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
                further,
            });
            further = true;
        }
        start = stop;
        while start < end && lines[start].trim().is_empty() {
            start += 1;
        }
    }
}

fn number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

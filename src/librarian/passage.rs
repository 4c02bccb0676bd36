//! One file → passages: every line belongs to at most one, the innermost definition or section around it.

use super::clip::clip;
use super::sections::sections;
use crate::knowledge::outline::{Kind, Symbol, outline};

/// Lines above which a passage is cut at a blank line: of code, and of a document, whose paragraphs each tell their own.
const LONG: usize = 60;
const LONG_PROSE: usize = 24;
/// Characters of one line that are indexed; what follows is data, not text.
const WIDE: usize = 2_000;
/// Passages of one file, so that a row's number can hold both.
pub const MOST: usize = 1 << 20;

/// What a passage is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum What {
    /// The definition of something.
    Definition,
    /// A section of a document.
    Section,
    /// Text between definitions, or of a file without any; or the rest of a long passage.
    Text,
}

/// Some lines of a file that belong together.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Passage {
    /// First and last line that are indexed under it, from 1, inclusive.
    pub lines: (u32, u32),
    /// First and last line with everything nested in it.
    pub whole: (u32, u32),
    /// What it is.
    pub what: What,
    /// Name of the definition or section it is, or is a part of; may be empty.
    pub name: String,
    /// Names of what is around it, outermost first, each followed by ` › `.
    pub trail: String,
    /// First paragraph of its documentation.
    pub doc: String,
    /// Whether others can use it.
    pub public: bool,
    /// Whether it is a test.
    pub test: bool,
}

/// The passages of one file, in order of their lines.
pub fn passages(path: &str, text: &str) -> Vec<Passage> {
    let lines: Vec<&str> = text.lines().collect();
    let mut symbols = outline(path, text);
    symbols.extend(sections(path, text));
    symbols.retain(|symbol| {
        let (first, last) = symbol.lines;
        first >= 1 && first <= last && last as usize <= lines.len()
    });
    symbols.sort_by_key(|symbol| (symbol.lines.0, std::cmp::Reverse(symbol.lines.1)));
    let (owner, parent) = owners(&symbols, &lines);
    let mut seen = vec![false; symbols.len()];
    let mut found = Vec::new();
    let mut start = 0;
    while start < lines.len() && found.len() < MOST {
        let mut end = start + 1;
        while end < lines.len() && owner[end] == owner[start] {
            end += 1;
        }
        let prose = owner[start].is_some_and(|at| symbols[at].kind == Kind::Section);
        let long = if prose { LONG_PROSE } else { LONG };
        for (first, last) in pieces(&lines, start, end, long) {
            if lines[first..last]
                .iter()
                .any(|line| line.contains(char::is_alphanumeric))
            {
                let symbol = owner[start].map(|at| &symbols[at]);
                let opens = owner[start].is_some_and(|at| !std::mem::replace(&mut seen[at], true));
                found.push(passage(
                    symbol,
                    opens,
                    (first, last),
                    trail(owner[start], &symbols, &parent),
                ));
            }
        }
        start = end;
    }
    found.truncate(MOST);
    found
}

/// The text under which a passage is indexed.
pub fn body(lines: &[&str], passage: &Passage) -> String {
    let (first, last) = passage.lines;
    let mut text = String::new();
    for line in &lines[first as usize - 1..last as usize] {
        text.push_str(clip(line, WIDE));
        text.push('\n');
    }
    text
}

fn passage(symbol: Option<&Symbol>, opens: bool, lines: (usize, usize), trail: String) -> Passage {
    let own = (number(lines.0 + 1), number(lines.1));
    let what = match symbol {
        Some(symbol) if symbol.kind == Kind::Section => What::Section,
        Some(_) if opens => What::Definition,
        _ => What::Text,
    };
    Passage {
        lines: own,
        whole: match symbol {
            Some(symbol) if opens => (symbol.lines.0.min(own.0), symbol.lines.1),
            _ => own,
        },
        what,
        name: symbol.map(|symbol| symbol.name.clone()).unwrap_or_default(),
        trail,
        doc: symbol
            .filter(|_| opens)
            .map(|symbol| symbol.doc.clone())
            .unwrap_or_default(),
        public: symbol.is_some_and(|symbol| symbol.public),
        test: symbol.is_some_and(|symbol| symbol.test),
    }
}

fn number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

type Owner = Vec<Option<usize>>;

/// The innermost symbol around each line, and the symbol around each symbol.
fn owners(symbols: &[Symbol], lines: &[&str]) -> (Owner, Owner) {
    let mut owner: Owner = vec![None; lines.len()];
    let mut parent: Owner = vec![None; symbols.len()];
    for (at, symbol) in symbols.iter().enumerate() {
        let (first, last) = (symbol.lines.0 as usize - 1, symbol.lines.1 as usize);
        // Sorted by start, so whoever holds this line starts no later: it is around this symbol.
        parent[at] = owner[first];
        owner[first..last].fill(Some(at));
        if symbol.kind == Kind::Section {
            continue;
        }
        for line in (0..first).rev() {
            if owner[line] != parent[at] || !introduces(lines[line]) {
                break;
            }
            owner[line] = Some(at);
        }
    }
    (owner, parent)
}

/// Whether a line is a comment or an attribute of what follows it.
fn introduces(line: &str) -> bool {
    let line = line.trim_start();
    ["//", "#", "/*", "* ", "*/", "@", "-- ", "\"\"\""]
        .iter()
        .any(|start| line.starts_with(start))
}

fn trail(mut at: Option<usize>, symbols: &[Symbol], parent: &Owner) -> String {
    let mut names = Vec::new();
    while let Some(around) = at.and_then(|at| parent[at]) {
        names.push(symbols[around].name.as_str());
        at = Some(around);
        if names.len() == 8 {
            break;
        }
    }
    names
        .iter()
        .rev()
        .fold(String::new(), |trail, name| trail + name + " › ")
}

/// Cuts a run of lines where it is too long, at blank lines outside of code blocks if there are any.
fn pieces(lines: &[&str], start: usize, end: usize, long: usize) -> Vec<(usize, usize)> {
    let mut fence = false;
    let blank: Vec<bool> = lines[start..end]
        .iter()
        .map(|line| {
            let line = line.trim_start_matches(|c: char| c.is_whitespace() || "/!*".contains(c));
            fence ^= line.starts_with("```") || line.starts_with("~~~");
            line.is_empty() && !fence
        })
        .collect();
    let cut_at = |at: usize| blank[at - start];
    let mut pieces = Vec::new();
    let mut first = start;
    while end - first > long {
        let most = (first + LONG).min(end);
        let near = (first + long / 3..first + long)
            .rev()
            .find(|at| cut_at(*at));
        let far = || (first + long..most).find(|at| cut_at(*at));
        let cut = near.or_else(far).map_or(most, |at| at + 1);
        pieces.push((first, cut));
        first = cut;
    }
    if first < end {
        pieces.push((first, end));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_file_without_definitions_are_cut_at_blank_lines() {
        let text = "word\n".repeat(50) + "\n" + &"more\n".repeat(50);
        let found = passages("notes.xyz", &text);
        let lines: Vec<_> = found.iter().map(|p| p.lines).collect();
        assert_eq!(lines, [(1, 51), (52, 101)]);
    }

    #[test]
    fn a_long_section_is_cut_between_its_paragraphs_and_not_within_code() {
        let code = "```\n\ncode\n".to_owned() + &"\nmore\n".repeat(12) + "```\n";
        let text = "# Title\n\n".to_owned() + &"Words.\n\n".repeat(8) + &code + "\nLast.\n";
        let found = passages("a.md", &text);
        let lines: Vec<_> = found.iter().map(|p| p.lines).collect();
        assert_eq!(lines, [(1, 18), (19, 47), (48, 48)]);
        assert!(found.iter().all(|p| p.name == "Title"));
    }

    #[test]
    fn blank_text_has_no_passages() {
        assert!(passages("a.txt", "").is_empty());
        assert!(passages("a.txt", "\n\n ---- \n").is_empty());
    }

    #[test]
    fn a_giant_line_is_indexed_by_its_start() {
        let text = "word ".repeat(100_000);
        let found = passages("a.txt", &text);
        assert_eq!(found.len(), 1);
        let lines: Vec<&str> = text.lines().collect();
        assert!(body(&lines, &found[0]).len() <= WIDE + 1);
    }
}

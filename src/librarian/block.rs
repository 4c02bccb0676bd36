//! Where in a passage the answer stands: its paragraphs, items, rows and code blocks, and the few of them that tell most.

use super::asking::Asking;
use super::stop;
use super::view::View;

/// Blocks next to each other that are read as one.
const TOGETHER: usize = 3;
/// What each further block of a run costs: one that tells as much alone is better.
const FURTHER: f64 = 0.04;
/// What a number or flag of one sign adds, which no index holds.
const SMALL: f64 = 0.4;
/// What a number adds where one is asked for.
const NUMBER: f64 = 0.1;
/// What a path or variable adds where a place is asked for.
const PLACE: f64 = 0.3;
/// What a sentence adds that says what the asked thing is.
const DEFINES: f64 = 0.2;

/// The part of a passage that tells most.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Focus {
    /// First line of it and the line after its last, from 0, within the passage.
    pub lines: (usize, usize),
    /// Share of the question that it and the headings above it hold; a little more where it holds its numbers or
    /// defines what is asked.
    pub told: f64,
    /// Whether it is a comment or documentation, not code; of a document always.
    pub prose: bool,
}

/// Finds it in a `document`, or in code. `heads` are the words that the headings above hold, as bits.
pub fn focus(view: &View<'_>, text: &[String], heads: u64, document: bool) -> Focus {
    let strong = view.query.strong();
    let asking = view.intent.asking;
    let blocks = blocks(text);
    let held: Vec<(u64, f64)> = blocks
        .iter()
        .map(|(first, end)| {
            let lines = &text[*first..*end];
            let mask = lines
                .iter()
                .fold(0, |all, line| all | view.query.mask(line));
            let mut more = 0.0;
            if view.query.small(lines) {
                more += SMALL;
            }
            if asking == Asking::Is && defines(view, lines, strong) {
                more += DEFINES;
            }
            let digit = |line: &String| line.contains(|c: char| c.is_ascii_digit());
            if view.intent.amount && lines.iter().any(digit) {
                more += NUMBER;
            }
            if asking == Asking::Where && document && lines.iter().any(|line| is_place(line)) {
                more += PLACE;
            }
            (mask, more)
        })
        .collect();
    let mut best = Focus::default();
    for (from, (first, _)) in blocks.iter().enumerate() {
        let (mut mask, mut more) = (0, 0.0_f64);
        for (at, (_, end)) in blocks.iter().enumerate().skip(from).take(TOGETHER) {
            mask |= held[at].0;
            more = more.max(held[at].1);
            let told = view.found.share(mask | heads) + more - FURTHER * (at - from) as f64;
            if (mask != 0 || more > 0.0) && told > best.told + 1e-9 {
                best = Focus {
                    lines: (*first, *end),
                    told,
                    prose: false,
                };
            }
        }
    }
    if best.lines.1 == 0 {
        best.lines = blocks.first().copied().unwrap_or((0, text.len()));
    }
    best.prose = document || is_comment(text, best.lines);
    best
}

/// Whether most of some lines are comments.
fn is_comment(text: &[String], lines: (usize, usize)) -> bool {
    let mut open = false;
    let mut held = 0;
    for (row, line) in text.iter().enumerate().take(lines.1) {
        let line = line.trim();
        open |= line.starts_with("/*");
        let comment = open
            || ["//", "#", "--", ";;", "%%"]
                .iter()
                .any(|m| line.starts_with(m));
        if comment && row >= lines.0 {
            held += 1;
        }
        open &= !line.ends_with("*/");
    }
    held > 0 && held * 5 >= (lines.1 - lines.0) * 4
}

/// Whether a line names a place: a path or a variable of the environment.
fn is_place(line: &str) -> bool {
    let mut words = line.split(|c: char| c.is_whitespace() || "`'\"()[],".contains(c));
    words.any(|word| {
        let name = word.trim_start_matches("${").trim_start_matches('$');
        let loud = name.len() > 3
            && name.contains('_')
            && name
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        let path = word.len() > 3 && !word.contains("//") && word.contains('/');
        loud || path && word.starts_with(['/', '~', '$', '.'])
    })
}

/// How closely a name is what the question is about: the share of what it is about that the name holds, less where the
/// name speaks of other things, too; and more where it is nearly the question itself.
pub fn closeness(view: &View<'_>, name: &str) -> f64 {
    let strong = view.query.strong();
    let mask = view.query.mask(name);
    let share = view
        .found
        .strong_share(mask, strong)
        .max(view.found.share(mask));
    if share == 0.0 {
        return 0.0;
    }
    let words = name.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'));
    let (mut all, mut held) = (0.0, 0.0);
    for word in words.filter(|word| !word.is_empty()) {
        let worth = stop::asked(&word.to_lowercase()).unwrap_or(0.0);
        all += worth;
        if view.query.mask(word) != 0 {
            held += worth;
        }
    }
    let close = share * (0.4 + 0.6 * if all > 0.0 { held / all } else { 0.0 });
    close + view.query.likeness(name)
}

/// Whether lines begin with what the question is about, and say what it is; not what is done with it.
fn defines(view: &View<'_>, lines: &[String], strong: u64) -> bool {
    let mut before = 0;
    let words = lines.iter().flat_map(|line| bare(line).split_whitespace());
    let mut words = words.take(10);
    while let Some(word) = words.next() {
        if ["is", "are", "represents", "represent", "means", "describes"].contains(&word) {
            let done = words
                .next()
                .is_none_or(|next| next.ends_with("ed") || next == "not");
            return !done && before & strong == strong & view.found.known && before & strong != 0;
        }
        before |= view.query.mask(word);
    }
    false
}

/// First line and the line after the last of each block. A blank line ends a paragraph; items of lists, rows of tables and
/// headings begin one; a code block belongs to the paragraph that introduces it.
fn blocks(text: &[String]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut fence = false;
    let mut open = false;
    for (row, line) in text.iter().enumerate() {
        let line = bare(line);
        let mark = line.starts_with("```") || line.starts_with("~~~");
        let inside = fence || mark;
        if mark {
            fence = !fence;
        }
        if inside {
            // The fence that opens may follow a blank line after the paragraph.
            match found.last_mut() {
                Some(last) => last.1 = row + 1,
                None => found.push((row, row + 1)),
            }
            open = fence;
        } else if line.is_empty() {
            open = false;
        } else if open && !begins(line) {
            if let Some(last) = found.last_mut() {
                last.1 = row + 1;
            }
        } else {
            found.push((row, row + 1));
            open = true;
        }
    }
    found
}

/// A line without the marks of a comment.
fn bare(line: &str) -> &str {
    let line = line.trim();
    for mark in ["//!", "///", "//", "--", ";;"] {
        if let Some(rest) = line.strip_prefix(mark) {
            return rest.trim_start();
        }
    }
    line
}

/// Whether a line begins a block of its own although none is blank before it.
fn begins(line: &str) -> bool {
    let item = ["- ", "* ", "+ ", "|", "#"]
        .iter()
        .any(|start| line.starts_with(start));
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    item || digits.len() < line.len() && (digits.starts_with(". ") || digits.starts_with(") "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(usize, usize)> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        blocks(&lines)
    }

    #[test]
    fn paragraphs_items_and_rows_are_blocks_and_code_goes_with_its_introduction() {
        assert_eq!(
            cut("One\ntwo.\n\nRun it:\n\n```sh\nrun\n\nmore\n```\n\n- a\n  b\n- c\n"),
            [(0, 2), (3, 10), (11, 13), (13, 14)]
        );
        assert_eq!(
            cut("| a | b |\n|---|---|\n| 8 | no |\n"),
            [(0, 1), (1, 2), (2, 3)]
        );
        assert_eq!(
            cut("/// One.\n///\n/// Two.\nfn x() {}\n"),
            [(0, 1), (2, 4)]
        );
        assert!(cut("\n\n").is_empty());
        assert_eq!(cut("```\nnever closed\n"), [(0, 2)]);
    }
}

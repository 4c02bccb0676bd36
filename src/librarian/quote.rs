//! Quoting some lines of a file in Markdown, bounded, so that the numbers are those of the file.

use super::clip::clip;
use super::language;
use super::query::Query;
use super::role::Role;
use super::view::lines;

/// Lines of one quotation.
const LINES: usize = 30;
/// Characters of one quoted line.
const WIDE: usize = 240;

/// A quotation.
pub struct Quote {
    /// First and last line quoted, from 1, inclusive.
    pub lines: (u32, u32),
    /// The Markdown, with where it stands.
    pub markdown: String,
}

/// Quotes `text`, which begins at line `first` of `path`; where it is too long, the part that holds most
/// of the query. None when there is nothing but blank lines.
pub fn quote(path: &str, title: &str, first: u32, text: &[String], query: &Query) -> Option<Quote> {
    let (mut start, mut end) = window(text, query);
    while start < end && text[start].trim().is_empty() {
        start += 1;
    }
    while start < end && text[end - 1].trim().is_empty() {
        end -= 1;
    }
    if start >= end {
        return None;
    }
    let range = (first + offset(start), first + offset(end - 1));
    let cut: Vec<&str> = text[start..end]
        .iter()
        .map(|line| clip(line, WIDE))
        .collect();
    let title = if title.is_empty() {
        String::new()
    } else {
        format!(", “{}”", plain(title))
    };
    let head = format!("`{path}` {}{title}:\n\n", lines(range));
    let body = if Role::of(path) == Role::Document {
        prose(&cut)
    } else {
        code(path, &cut)
    };
    Some(Quote {
        lines: range,
        markdown: head + &body,
    })
}

/// Text from a repository as a part of one line of Markdown.
pub fn plain(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut = clip(&line, 160);
    let more = if cut.len() < line.len() { "…" } else { "" };
    cut.to_owned() + more
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The lines to quote: all, or the run of [`LINES`] that holds most different words, the earliest of these.
fn window(text: &[String], query: &Query) -> (usize, usize) {
    if text.len() <= LINES {
        return (0, text.len());
    }
    let masks: Vec<u64> = text.iter().map(|line| query.mask(line)).collect();
    let worth = |start: usize| {
        let run = &masks[start..start + LINES];
        let all = run.iter().fold(0, |all, mask| all | mask);
        (
            all.count_ones(),
            run.iter().filter(|mask| **mask != 0).count(),
        )
    };
    let best = (0..=text.len() - LINES)
        .rev()
        .max_by_key(|start| worth(*start))
        .unwrap_or(0);
    // From the start of a paragraph, if one begins shortly before.
    let start = (best.saturating_sub(6)..=best)
        .rev()
        .find(|at| *at == 0 || text[at - 1].trim().is_empty())
        .unwrap_or(best);
    (start, (start + LINES).min(text.len()))
}

/// A document as a block quotation; a fence that the cut left open is closed.
fn prose(text: &[&str]) -> String {
    let mut open: Option<&str> = None;
    let mut quoted = String::new();
    for line in text {
        let trimmed = line.trim_start();
        let fence = ["```", "~~~"]
            .into_iter()
            .find(|fence| trimmed.starts_with(fence));
        match (open, fence) {
            (None, Some(fence)) => open = Some(fence),
            (Some(current), Some(fence)) if current == fence => open = None,
            _ => {}
        }
        quoted.push_str(format!("> {line}").trim_end());
        quoted.push('\n');
    }
    if let Some(fence) = open {
        quoted.push_str(&format!("> {fence}\n"));
    }
    quoted
}

fn code(path: &str, text: &[&str]) -> String {
    let longest = text.iter().map(|line| ticks(line)).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let name = language::of_path(path).and_then(|language| language.words.first());
    format!(
        "{fence}{}\n{}\n{fence}\n",
        name.unwrap_or(&""),
        text.join("\n")
    )
}

fn ticks(line: &str) -> usize {
    line.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn the_numbers_are_those_of_the_lines_quoted() {
        let text = text(&["", "## Use", "", "Call it.", ""]);
        let quote = quote("README.md", "Use", 10, &text, &Query::of("call")).unwrap();
        assert_eq!(quote.lines, (11, 13));
        assert!(
            quote
                .markdown
                .starts_with("`README.md` lines 11–13, “Use”:")
        );
    }

    #[test]
    fn a_long_text_is_quoted_where_it_answers() {
        let mut long = vec!["filler".to_owned(); 200];
        long[150] = "the needle is here".into();
        let quote = quote("a.md", "", 1, &long, &Query::of("needle")).unwrap();
        assert!(quote.lines.0 <= 151 && quote.lines.1 >= 151);
        assert!(quote.lines.1 - quote.lines.0 < 31);
    }

    #[test]
    fn a_fence_in_the_text_does_not_end_the_quotation() {
        let code = text(&["/// ````", "/// x", "fn x() {}"]);
        assert!(
            quote("a.rs", "", 1, &code, &Query::of("x"))
                .unwrap()
                .markdown
                .contains("\n`````rust\n")
        );
        let open = text(&["```py", "x"]);
        assert!(
            quote("a.md", "", 1, &open, &Query::of("x"))
                .unwrap()
                .markdown
                .ends_with("> ```\n")
        );
    }
}

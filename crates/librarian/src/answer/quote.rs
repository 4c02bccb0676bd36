//! Quoting some lines of a file in Markdown, bounded, so that the numbers are those of the file.

use crate::text::clip::clip;
use crate::text::role::Role;

/// Lines of one quotation.
const LINES: usize = 30;
/// Lines before the focus that are quoted with it.
const BEFORE: usize = 10;
/// Characters of one quoted line.
const WIDE: usize = 240;

/// A quotation.
pub struct Quote {
    /// First and last line quoted, from 1, inclusive.
    pub lines: (u32, u32),
    /// The Markdown.
    pub markdown: String,
}

/// Quotes `text`, which begins at line `first` of `path`; where it is too long, the part around `focus`, the lines that
/// matter (the first and that after the last, from 0). None when there is nothing but blank lines.
pub fn quote(path: &str, first: u32, text: &[String], focus: (usize, usize)) -> Option<Quote> {
    let (mut start, mut end) = window(text, focus);
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
    let body = if Role::of(path) == Role::Document {
        prose(open_fence(&text[..start]), &cut)
    } else {
        code(path, &cut)
    };
    Some(Quote {
        lines: range,
        markdown: body,
    })
}

/// The line before a quotation: where it stands, and under which heading.
pub fn head(place: &str, (first, last): (u32, u32), title: &str) -> String {
    let lines = match first == last {
        true => format!("{first}"),
        false => format!("{first}-{last}"),
    };
    match title.is_empty() {
        true => format!("`{place}:{lines}`:\n\n"),
        false => format!("`{place}:{lines}`, “{}”:\n\n", plain(title)),
    }
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

/// The lines to quote: all, the beginning where that holds the focus, or what is around it, from one blank line to another.
fn window(text: &[String], focus: (usize, usize)) -> (usize, usize) {
    if text.len() <= LINES {
        return (0, text.len());
    }
    let from = focus.0.min(text.len() - 1);
    let to = focus.1.clamp(from + 1, text.len()).min(from + LINES);
    let blank = |at: usize| text[at].trim().is_empty();
    let start = if to <= LINES {
        0
    } else {
        let least = to.saturating_sub(LINES).max(from.saturating_sub(BEFORE));
        (least..=from).find(|at| blank(at - 1)).unwrap_or(from)
    };
    let most = (start + LINES).min(text.len());
    let end = (to..most).rev().find(|at| blank(*at));
    match end {
        _ if most == text.len() => (start, most),
        Some(end) => (start, end),
        None => (start, most),
    }
}

/// A document as a block quotation; a fence that the cut left open is closed, and one that was `open` before it is opened.
fn prose(open: Option<&str>, text: &[&str]) -> String {
    let mut quoted = String::new();
    if let Some(fence) = open {
        quoted.push_str(&format!("> {}\n", fence.trim()));
    }
    let mut open = open;
    for line in text {
        open = fenced(open, line);
        quoted.push_str(format!("> {line}").trim_end());
        quoted.push('\n');
    }
    if let Some(fence) = open {
        quoted.push_str(&format!("> {}\n", fence_of(fence).unwrap_or_default()));
    }
    quoted
}

/// The line that opened the code block in which `text` ends.
fn open_fence(text: &[String]) -> Option<&str> {
    text.iter().fold(None, |open, line| fenced(open, line))
}

/// The line that opened the code block in which the line after `line` stands, where `open` is that of `line` itself.
fn fenced<'t>(open: Option<&'t str>, line: &'t str) -> Option<&'t str> {
    match (open, fence_of(line)) {
        (None, Some(_)) => Some(line),
        (Some(opened), Some(fence)) if fence_of(opened) == Some(fence) => None,
        _ => open,
    }
}

fn fence_of(line: &str) -> Option<&'static str> {
    let trimmed = line.trim_start();
    ["```", "~~~"]
        .into_iter()
        .find(|fence| trimmed.starts_with(fence))
}

fn code(path: &str, text: &[&str]) -> String {
    let longest = text.iter().map(|line| ticks(line)).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let name = path.rsplit('/').next().unwrap_or(path);
    let language = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let plain = language.len() <= 8 && language.bytes().all(|b| b.is_ascii_alphanumeric());
    let language = if plain { language } else { "" };
    format!("{fence}{language}\n{}\n{fence}\n", text.join("\n"))
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
        let quote = quote("README.md", 10, &text, (3, 4)).unwrap();
        assert_eq!(quote.lines, (11, 13));
        assert_eq!(
            head("core/README.md", quote.lines, "Use"),
            "`core/README.md:11-13`, “Use”:\n\n"
        );
        assert_eq!(head("a.md", (3, 3), ""), "`a.md:3`:\n\n");
    }

    #[test]
    fn a_long_text_is_quoted_where_it_answers() {
        let mut long = vec!["filler".to_owned(); 200];
        long[150] = "the needle is here".into();
        let quote = quote("a.md", 1, &long, (150, 151)).unwrap();
        assert!(quote.lines.0 <= 151 && quote.lines.1 >= 151);
        assert!(quote.lines.1 - quote.lines.0 < 31);
    }

    #[test]
    fn a_fence_in_the_text_does_not_end_the_quotation() {
        let code = text(&["/// ````", "/// x", "fn x() {}"]);
        assert!(
            quote("a.rs", 1, &code, (0, 1))
                .unwrap()
                .markdown
                .starts_with("`````rs\n")
        );
        let open = text(&["```py", "x"]);
        assert!(
            quote("a.md", 1, &open, (0, 1))
                .unwrap()
                .markdown
                .ends_with("> ```\n")
        );
        let mut long = text(&["  ```tsx"]);
        long.extend(vec!["filler".to_owned(); 99]);
        long[60] = "the needle".into();
        long.push("```".into());
        let within = quote("a.md", 1, &long, (60, 61)).unwrap();
        assert!(within.markdown.starts_with("> ```tsx\n> the needle\n"));
        assert!(within.markdown.ends_with("> filler\n> ```\n"));
    }
}

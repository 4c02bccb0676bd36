//! Markdown: ATX headings outside fenced code, each with its section and first paragraph.
//! See <https://spec.commonmark.org/0.31.2/#atx-headings> and `#fenced-code-blocks`.

use super::walk::{one_line, paragraph};
use super::{Symbol, SymbolKind};

/// Sections above which the rest is left out.
const MAX_SECTIONS: usize = 10_000;

pub(super) fn outline(text: &str) -> Vec<Symbol> {
    let lines: Vec<&str> = text.lines().collect();
    let headings = headings(&lines);
    let mut sections: Vec<Symbol> = Vec::with_capacity(headings.len());
    // Sections still open, outermost first: a heading closes those of its level and below.
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (at, (row, level, title)) in headings.iter().enumerate() {
        while let Some((last, of)) = open.last().copied()
            && last >= *level
        {
            sections[of].lines.1 = number(*row);
            open.pop();
        }
        open.push((*level, at));
        let end = headings.get(at + 1).map_or(lines.len(), |next| next.0);
        sections.push(Symbol {
            name: one_line(title, 200),
            kind: SymbolKind::Section,
            lines: (number(row + 1), number(lines.len())),
            signature: format!("{} {}", "#".repeat(*level), one_line(title, 200)),
            doc: doc(&lines[row + 1..end]),
            public: true,
            test: false,
        });
    }
    sections
}

/// Row from 0, level and title of each heading.
fn headings<'t>(lines: &[&'t str]) -> Vec<(usize, usize, &'t str)> {
    let mut found = Vec::new();
    let mut fence: Option<&str> = None;
    for (row, line) in lines.iter().enumerate().skip(front_matter(lines)) {
        if let Some(mark) = fence_mark(line) {
            match fence {
                None => fence = Some(mark),
                Some(opened) if mark.starts_with(opened) && is_bare(line) => fence = None,
                Some(_) => {}
            }
        } else if fence.is_none()
            && let Some((level, title)) = heading(line)
        {
            found.push((row, level, title));
            if found.len() == MAX_SECTIONS {
                break;
            }
        }
    }
    found
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let rest = line.trim();
    let title = rest.trim_start_matches('#');
    let level = rest.len() - title.len();
    if indent > 3 || !(1..=6).contains(&level) || !title.starts_with([' ', '\t']) {
        return None;
    }
    let title = title.trim();
    let bare = title.trim_end_matches('#');
    let title = if bare.is_empty() || bare.ends_with(' ') {
        bare.trim()
    } else {
        title
    };
    (!title.is_empty()).then_some((level, title))
}

/// The run of backticks or tildes that opens or closes fenced code.
fn fence_mark(line: &str) -> Option<&str> {
    let rest = line.trim_start();
    let sign = rest.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = rest.len() - rest.trim_start_matches(sign).len();
    let info = &rest[length..];
    (length >= 3 && !(sign == '`' && info.contains('`'))).then(|| &rest[..length])
}

fn is_bare(line: &str) -> bool {
    line.trim().trim_start_matches(['`', '~']).is_empty()
}

/// Rows of a YAML block between `---` lines at the start.
fn front_matter(lines: &[&str]) -> usize {
    if lines.first().is_none_or(|line| line.trim_end() != "---") {
        return 0;
    }
    match lines
        .iter()
        .skip(1)
        .position(|line| line.trim_end() == "---")
    {
        Some(row) => row + 2,
        None => 0,
    }
}

/// The first paragraph that is prose: no code, table, picture or HTML.
fn doc(lines: &[&str]) -> String {
    let start = lines.iter().position(|line| !line.trim().is_empty());
    let Some(start) = start else {
        return String::new();
    };
    let first = lines[start].trim_start();
    if first.starts_with(['|', '<', '!', '[']) || fence_mark(first).is_some() {
        return String::new();
    }
    paragraph(lines[start..].iter().copied())
}

fn number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

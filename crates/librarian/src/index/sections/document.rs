//! Documents: sections by their headings, in Markdown, reStructuredText, AsciiDoc and Org.

use super::{Kind, LONG, Section, split};
use crate::text::clip::clip;

/// A heading: row from 0, first row of what it names, level from 1, title.
struct Heading {
    row: usize,
    below: usize,
    level: usize,
    title: String,
}

/// The sections of a document, in order.
pub fn sections(lines: &[&str], extension: &str) -> Vec<Section> {
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

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
        let below = lines.get(heading.below..end).unwrap_or_default();
        if below.iter().all(|line| line.trim().is_empty()) {
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
    let mut fence: Option<(char, usize)> = None;
    let mut styles: Vec<(char, bool)> = Vec::new();
    let mark = match extension {
        "adoc" | "asciidoc" => '=',
        "org" => '*',
        _ => '#',
    };
    let front = front_matter(lines);
    if let Some((below, title)) = &front {
        found.push(Heading {
            row: 0,
            below: *below,
            level: 0,
            title: title.clone(),
        });
    }
    let first = front.map_or(0, |(below, _)| below);
    for (row, line) in lines.iter().enumerate().skip(first) {
        let trimmed = line.trim();
        if let Some(open) = fence {
            fence = Some(open).filter(|open| !closes(trimmed, *open));
            continue;
        }
        fence = opens(trimmed, mark);
        if fence.is_some() {
            continue;
        }
        if let Some((level, below, title)) = html_heading(&lines[row..]) {
            found.push(Heading {
                row,
                below: row + below,
                level,
                title,
            });
            continue;
        }
        if extension == "rst"
            && let Some(title) = described(trimmed)
        {
            found.push(Heading {
                row,
                below: row + 1,
                level: DEEPEST,
                title: title.to_owned(),
            });
            continue;
        }
        let title = line.trim_start_matches(mark);
        let level = line.len() - title.len();
        if extension != "rst" && (1..=6).contains(&level) && title.starts_with(' ') {
            let title = without_attributes(title.trim().trim_end_matches(mark).trim());
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
        let Some(title) = row
            .checked_sub(1)
            .filter(|above| *above >= first)
            .map(|above| lines[above].trim_end())
        else {
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
    // A title that stands at the top and in a heading is one title.
    if found.len() > 1 && found[0].level == 0 && found[1].level == 1 {
        found.remove(0);
    }
    found
}

/// The level of what a directive of reStructuredText describes: below every heading.
const DEEPEST: usize = 99;
/// Directives that describe one thing, the name of which follows.
const DESCRIBING: &[&str] = &[
    "option",
    "cmdoption",
    "confval",
    "setting",
    "envvar",
    "fixture",
    "function",
    "class",
    "method",
    "attribute",
    "data",
    "exception",
    "decorator",
    "macro",
    "type",
    "var",
];

/// What a directive (`.. confval:: name`) describes.
fn described(line: &str) -> Option<&str> {
    let (directive, name) = line.strip_prefix(".. ")?.split_once(":: ")?;
    let kind = directive.rsplit(':').next().unwrap_or(directive);
    let name = name.trim();
    (DESCRIBING.contains(&kind) && !name.is_empty()).then_some(name)
}

/// The fence that a line opens: its mark and how often it stands there.
fn opens(line: &str, mark: char) -> Option<(char, usize)> {
    let sign = line.chars().next()?;
    let count = line.chars().take_while(|c| *c == sign).count();
    let whole = count == line.len() && count >= 4;
    match sign {
        '`' | '~' if count >= 3 && !line[count..].contains('`') => Some((sign, count)),
        '-' | '.' if mark == '=' && whole => Some((sign, count)),
        _ => None,
    }
}

/// Whether a line closes a fence: at least as many of its mark, and nothing else.
fn closes(line: &str, (sign, count): (char, usize)) -> bool {
    line.chars().count() >= count && line.chars().all(|c| c == sign)
}

/// The title between two lines of `---` at the top, and the row below them.
fn front_matter(lines: &[&str]) -> Option<(usize, String)> {
    if lines.first()?.trim_end() != "---" {
        return None;
    }
    let end = lines
        .iter()
        .skip(1)
        .position(|line| line.trim_end() == "---")?
        + 1;
    let title = lines[1..end]
        .iter()
        .find_map(|line| line.strip_prefix("title:"))?;
    let title = title.trim().trim_matches(['"', '\'']).trim();
    (!title.is_empty()).then(|| (end + 1, title.to_owned()))
}

/// Lines of a heading in HTML.
const HTML: usize = 4;

/// A heading in HTML (`<h3 name="x">`): its level, how many lines it takes, and its title without tags.
fn html_heading(lines: &[&str]) -> Option<(usize, usize, String)> {
    let rest = lines.first()?.trim_start().strip_prefix("<h")?;
    let level = rest
        .chars()
        .next()?
        .to_digit(10)
        .filter(|level| (1..=6).contains(level))?;
    if !rest[1..].starts_with([' ', '>']) {
        return None;
    }
    let end = lines
        .iter()
        .take(HTML)
        .position(|line| line.contains("</h"))?;
    let text = lines[..=end].join(" ");
    let mut title = String::new();
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => title.push(c),
            _ => {}
        }
    }
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    (!title.is_empty()).then_some((level as usize, end + 1, title))
}

/// A title without what some writers set behind it: `{#name .class}`, `<Badge />`.
fn without_attributes(title: &str) -> &str {
    let mut title = title;
    for (open, close) in [('{', '}'), ('<', '>')] {
        while title.ends_with(close)
            && let Some(start) = title.rfind(open)
            && (open == '{' || title.ends_with("/>"))
        {
            title = title[..start].trim_end().trim_end_matches('#').trim_end();
        }
    }
    title
}

fn ruler(line: &str) -> Option<char> {
    let line = line.trim_end();
    let sign = line
        .chars()
        .next()
        .filter(|sign| "=-`:.'\"~^_*+#<>".contains(*sign))?;
    (line.chars().count() >= 3 && line.chars().all(|other| other == sign)).then_some(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str, extension: &str) -> Vec<(String, String, (u32, u32))> {
        let lines: Vec<&str> = text.lines().collect();
        let found = sections(&lines, extension).into_iter();
        found.map(|it| (it.trail, it.name, it.lines)).collect()
    }

    fn section(trail: &str, name: &str, lines: (u32, u32)) -> (String, String, (u32, u32)) {
        (trail.to_owned(), name.to_owned(), lines)
    }

    #[test]
    fn a_heading_in_html_is_a_heading() {
        let text = "# FAQ\n\n<h3 name=\"x\">\nHow do I <code>x</code>?\n</h3>\n\nSo.\n\n<h2>More</h2>\n\nThus.\n";
        let expected = [
            section("FAQ", "How do I x?", (3, 7)),
            section("FAQ", "More", (9, 11)),
        ];
        assert_eq!(named(text, "md"), expected);
    }

    #[test]
    fn a_fence_is_closed_by_as_many_marks() {
        let text = "# A\n\n````md\n```\n# no heading\n```\n````\n\n# B\n\nb\n";
        let expected = [section("", "A", (1, 7)), section("", "B", (9, 11))];
        assert_eq!(named(text, "md"), expected);
    }

    #[test]
    fn the_title_at_the_top_of_a_file_is_above_its_headings() {
        let text = "---\ntitle: \"Caching\"\n---\n\nIt keeps.\n\n## Clearing {#clear}\n\nSo.\n";
        let expected = [
            section("", "Caching", (1, 5)),
            section("Caching", "Clearing", (7, 9)),
        ];
        assert_eq!(named(text, "md"), expected);
        let same = "---\ntitle: Caching\n---\n\n# Caching\n\nIt keeps.\n";
        assert_eq!(
            named(same, "md").last(),
            Some(&section("", "Caching", (5, 7)))
        );
    }

    #[test]
    fn what_a_directive_describes_has_a_name() {
        let text = "Options\n=======\n\n.. confval:: cache_dir\n\n   Where it is kept.\n\n.. note::\n\n   x\n";
        let found = named(text, "rst");
        assert_eq!(
            found.last(),
            Some(&section("Options", "cache_dir", (4, 10)))
        );
    }
}

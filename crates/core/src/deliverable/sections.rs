//! Markdown, as far as deliverables are held to it: sections `## ID: TITLE`, fields `Name: A, B`, and lists.

use std::collections::BTreeSet;

use super::Shortfall;

/// Lines with their numbers, from 1.
pub(super) type NumberedLines<'t> = Vec<(u32, &'t str)>;

/// A section of the second level.
pub(super) struct DocumentSection<'t> {
    /// What stands before the colon of its heading.
    pub id: &'t str,
    /// The line of its heading, from 1.
    pub line: u32,
    /// Its lines with their numbers, without those of code blocks.
    pub lines: NumberedLines<'t>,
}

impl DocumentSection<'_> {
    /// The words of the field `name`, which are separated by commas; none where it has no such field.
    pub fn field(&self, name: &str) -> Option<BTreeSet<String>> {
        let mut lines = self.lines.iter();
        let value =
            lines.find_map(|(_, line)| line.trim().strip_prefix(name)?.strip_prefix(':'))?;
        let words = value.split(',').map(str::trim);
        Some(
            words
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
        )
    }

    /// How many items its lists have, numbered or not.
    pub fn items(&self, numbered: bool) -> usize {
        let is = |line: &str| match numbered {
            false => line.starts_with("- ") || line.starts_with("* "),
            true => {
                let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
                rest.len() < line.len() && (rest.starts_with(". ") || rest.starts_with(") "))
            }
        };
        let lines = self.lines.iter();
        lines.filter(|(_, line)| is(line.trim_start())).count()
    }

    /// All that it says, in one line and in small letters.
    pub fn words(&self) -> String {
        let lines = self.lines.iter();
        let words = lines.flat_map(|(_, line)| line.split_whitespace());
        words.collect::<Vec<_>>().join(" ").to_lowercase()
    }
}

/// The lines of a text outside of code blocks, with their numbers from 1, and the languages of those blocks.
pub(super) fn lines(text: &str) -> (NumberedLines<'_>, NumberedLines<'_>) {
    let (mut outside, mut blocks) = (Vec::new(), Vec::new());
    let mut fence: Option<&str> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let trimmed = line.trim_start();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| trimmed.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => {
                blocks.push((number, trimmed.trim_start_matches(['`', '~']).trim()));
                fence = Some(mark);
            }
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => outside.push((number, line)),
            _ => {}
        }
    }
    (outside, blocks)
}

/// The sections of a text whose heading is `## ID: TITLE` with an id that fits; what else has that level falls short.
/// `example` is a heading as it should be.
pub(super) fn sections<'t>(
    file: &str,
    text: &'t str,
    (fits, example): (fn(&str) -> bool, &str),
) -> (Vec<DocumentSection<'t>>, Vec<Shortfall>) {
    let mut found: Vec<DocumentSection<'t>> = Vec::new();
    let mut shortfalls = Vec::new();
    for (number, line) in lines(text).0 {
        let Some(heading) = line.strip_prefix("## ") else {
            if let Some(section) = found.last_mut() {
                section.lines.push((number, line));
            }
            continue;
        };
        let parts = heading.split_once(':');
        let parts = parts.map(|(id, title)| (id.trim(), title.trim()));
        let Some((id, _)) = parts.filter(|(id, title)| fits(id) && !title.is_empty()) else {
            let text = format!("the heading is not as in '{example}'");
            shortfalls.push(Shortfall::at(file, number, text));
            continue;
        };
        if found.iter().any(|section| section.id == id) {
            let text = format!("'{id}' stands above already");
            shortfalls.push(Shortfall::at(file, number, text));
        }
        found.push(DocumentSection {
            id,
            line: number,
            lines: Vec::new(),
        });
    }
    if found.is_empty() {
        let text = format!("it has no section as '{example}'");
        shortfalls.push(Shortfall::of(file, text));
    }
    (found, shortfalls)
}

/// Whether a text is a letter and a number from 1, such as `S12`.
pub(super) fn is_id(letter: char, text: &str) -> bool {
    let number = text.strip_prefix(letter).unwrap_or_default();
    !number.starts_with('0')
        && (1..=4).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text holds a word, with no letter or digit beside it.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric())
        .any(|one| one == word)
}

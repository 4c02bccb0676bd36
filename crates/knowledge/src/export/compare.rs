//! What a file holds against what it should hold.

use similar::{ChangeTag, TextDiff};

use super::mark;
use super::text::cut;

/// Lines of a difference that are shown, and characters of each.
const LINES: usize = 20;
const WIDTH: usize = 160;
/// Bytes of a file up to which it is compared line by line.
const BYTES: usize = 1 << 20;

/// How a file is not what it should be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Difference {
    /// It is not there.
    Missing,
    /// A person wrote it.
    Foreign,
    /// It was written by poag, and edited by a person.
    Edited(String),
    /// It was written by poag, from what the expert knew then.
    Old(String),
}

impl Difference {
    /// Whether a person would lose something if it were written anew.
    #[must_use]
    pub fn is_of_a_person(&self) -> bool {
        matches!(self, Self::Foreign | Self::Edited(_))
    }

    /// What is to say about that file.
    #[must_use]
    pub fn tell(&self, file: &str, expert: &str) -> String {
        match self {
            Self::Missing => format!("{file} is not there"),
            Self::Foreign => format!("{file} was written by hand, not by poag"),
            Self::Edited(lines) => format!("{file} was edited by hand:\n{lines}"),
            Self::Old(lines) => format!("{file} is not what the expert {expert} knows:\n{lines}"),
        }
    }
}

/// The difference, where there is one.
#[must_use]
pub fn compare(found: Option<&str>, wanted: &str) -> Option<Difference> {
    match found {
        None => Some(Difference::Missing),
        Some(found) if found == wanted => None,
        Some(found) if !mark::is_export(found) => Some(Difference::Foreign),
        Some(found) if mark::is_untouched(found) => Some(Difference::Old(lines(found, wanted))),
        Some(found) => Some(Difference::Edited(lines(found, wanted))),
    }
}

/// The first lines that differ, with `-` and `+`.
fn lines(found: &str, wanted: &str) -> String {
    if found.len() > BYTES {
        return format!("  it has {} bytes, not {}", found.len(), wanted.len());
    }
    let difference = TextDiff::from_lines(found, wanted);
    let changed: Vec<String> = difference
        .iter_all_changes()
        .filter_map(|change| {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => return None,
            };
            let line = change.value().trim_end();
            // The state follows from the rest.
            (!mark::is_export(line)).then(|| format!("  {sign} {}", cut(line, WIDTH)))
        })
        .collect();
    let mut shown = changed.iter().take(LINES).cloned().collect::<Vec<_>>();
    if changed.len() > LINES {
        shown.push(format!("  … and {} more lines", changed.len() - LINES));
    }
    if shown.is_empty() {
        shown.push("  the line that says who made it".to_owned());
    }
    shown.join("\n")
}

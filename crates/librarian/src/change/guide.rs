//! A guide of the repository for a kind of change: a section of its documentation that lists places in order.

use crate::change::judged::JudgedFile;
use crate::error::LibrarianError;
use crate::index::files::text;
use crate::index::shelf::Shelf;
use crate::text::request::RequestText;
use poag_core::expert::Graph;

/// Passages among which a guide is looked for.
const LOOKED_AT: usize = 400;
/// Steps of a guide, at least and at most.
const STEPS: std::ops::RangeInclusive<usize> = 3..=12;
/// Bytes of one step.
const LONG: usize = 400;
/// How the title of a guide begins, or what it holds.
const TITLES: &[&str] = &["a new ", "adding ", "add a ", "how to add", "new "];

/// Steps that a document of the repository names for a kind of change.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Guide {
    /// Whose document it is.
    pub expert: String,
    /// Its path in the owner's flake.
    pub path: String,
    /// First and last line, from 1, inclusive.
    pub lines: (u32, u32),
    /// Its heading.
    pub title: String,
    /// The steps, as they stand there, in order.
    pub steps: Vec<String>,
}

impl Guide {
    /// What its steps name in ticks: paths and identifiers.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().flat_map(|step| ticked(step))
    }
}

/// The guide that fits a request best: its steps name a file that the request changes.
///
/// # Errors
/// When knowledge cannot be read.
pub fn guide(
    graph: &Graph,
    shelf: &Shelf,
    request: &RequestText,
    files: &[JudgedFile],
) -> Result<Option<Guide>, LibrarianError> {
    if files.is_empty() {
        return Ok(None);
    }
    let pool = shelf.passages(graph)?;
    let mut best: Option<(usize, Guide)> = None;
    for hit in pool.of.rank(&request.wanted(1.0), LOOKED_AT) {
        let row = &pool.of.rows[hit.row];
        let section = pool.of.section(hit.row);
        let title = section.name.to_lowercase();
        if !section.is_document() || !TITLES.iter().any(|start| title.starts_with(start)) {
            continue;
        }
        let Some((expert, path)) = pool.place(pool.of.file(hit.row)) else {
            continue;
        };
        let Some(owner) = graph.expert(expert) else {
            continue;
        };
        let Some(text) = text(&owner.knowledge.path, path) else {
            continue;
        };
        let steps = steps(&text, row.lines);
        if !STEPS.contains(&steps.len()) {
            continue;
        }
        let guide = Guide {
            expert: expert.to_owned(),
            path: path.to_owned(),
            lines: row.lines,
            title: section.name.clone(),
            steps,
        };
        let fits = files
            .iter()
            .filter(|file| file.expert == expert || file.named)
            .filter(|file| guide.names().any(|name| name == file.path))
            .count();
        if fits > 0 && best.as_ref().is_none_or(|(known, _)| fits > *known) {
            best = Some((fits, guide));
        }
    }
    Ok(best.map(|(_, guide)| guide))
}

/// The items of the numbered list between some lines, each on one line.
fn steps(text: &str, (first, last): (u32, u32)) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    let mut open = false;
    let count = (last - first) as usize + 1;
    for line in text.lines().skip(first as usize - 1).take(count) {
        let trimmed = line.trim();
        let number = trimmed.find(['.', ')']).filter(|at| {
            *at > 0
                && trimmed[..*at].bytes().all(|b| b.is_ascii_digit())
                && trimmed[*at + 1..].starts_with(' ')
        });
        if let Some(at) = number {
            steps.push(trimmed[at + 2..].trim().to_owned());
            open = true;
        } else if trimmed.is_empty() {
            open = false;
        } else if open
            && line.starts_with(char::is_whitespace)
            && let Some(step) = steps.last_mut()
            && step.len() + trimmed.len() < LONG
        {
            step.push(' ');
            step.push_str(trimmed);
        }
    }
    steps
}

/// What stands in ticks in a text.
pub fn ticked(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split('`').enumerate();
    parts
        .filter(|(at, part)| at % 2 == 1 && !part.is_empty())
        .map(|(_, part)| part)
}

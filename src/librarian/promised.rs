//! The contracts that a request is about → the files that hold the promise, and what they define of it.

use std::collections::BTreeSet;

use super::change::ABOUT;
use super::cover::Defined;
use super::error::LibrarianError;
use super::provider::{exported, holds};
use super::view::{View, lines, ticked};
use super::words;
use crate::council::message::{Action, Edit, Evidence};

/// Files of one contract that are named; a promise that is spread wider is not found by its files.
const MOST: usize = 6;

/// Files of one contract that are named for the contract alone.
const FEW: usize = 3;

/// A file that holds a promise.
pub struct Promise {
    /// What to do there.
    pub edit: Edit,
    /// What the promise names and the file defines.
    pub defined: Vec<Defined>,
}

/// The files of the contracts that are asked about and share a word with the request, of those that share
/// more than one, and of those that share all there is.
///
/// # Errors
/// When the index cannot be read.
pub fn promised(view: &View<'_>) -> Result<Vec<Promise>, LibrarianError> {
    let mut found = Vec::new();
    let strong = view.query.strong();
    let known = view.found.known & strong;
    for (name, contract) in &view.expert.provides {
        let mask = view.promises(name, contract) & strong;
        let asked = view.intent.contracts.contains(name) && mask != 0;
        let much = mask.count_ones() > 1 && view.found.strong_share(mask, strong) >= ABOUT;
        // Nobody named a contract: then one is meant that speaks of all that the flake knows of the request.
        let all = view.intent.contracts.is_empty() && mask != 0 && mask == known;
        if !asked && !much && !all {
            continue;
        }
        let named = whole_words(&format!("{name} {}", contract.summary));
        let files = (1..).zip(&view.index.files);
        let holding: Vec<_> = files
            .filter(|(_, row)| row.text && contract.files.iter().any(|file| holds(file, &row.path)))
            .collect();
        // Where many hold a promise, each a part of it, only such as speak of it are meant.
        let many = holding.len() > FEW;
        let speaks = |file: usize| {
            let mut hits = view.found.files.iter();
            let hit = hits.find(|hit| hit.file == file);
            hit.is_some_and(|hit| hit.mask & mask == mask)
        };
        let holding = holding
            .into_iter()
            .filter(|(file, _)| !many || speaks(*file));
        for (file, row) in holding.take(MOST) {
            let mut defined: Vec<Defined> = exported(view.index, &row.path)?
                .into_iter()
                .filter(|(name, _)| named.contains(name))
                .map(|(name, lines)| Defined { name, file, lines })
                .collect();
            defined.dedup_by(|a, b| a.name == b.name);
            let edit = edit(view, name, &row.path, mask, &defined);
            found.push(Promise { edit, defined });
        }
    }
    Ok(found)
}

/// The words of a promise as it writes them: `greet(name)` names `greet`.
fn whole_words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn edit(view: &View<'_>, contract: &str, path: &str, mask: u64, defined: &[Defined]) -> Edit {
    let held = view.named(mask);
    let why = format!("the contract `{contract}`, which speaks of {held}");
    let names: Vec<String> = defined
        .iter()
        .take(4)
        .map(|one| format!("`{}` ({})", one.name, lines(one.lines)))
        .collect();
    let instruction = if names.is_empty() {
        format!("change it where it keeps {why}")
    } else {
        format!("change {}: it keeps {why}", names.join(" and "))
    };
    let what = format!("held to the contract `{contract}`; its words match {held}");
    let mut evidence: Vec<Evidence> = defined
        .iter()
        .take(4)
        .map(|one| Evidence {
            lines: Some(one.lines),
            what: format!("defines {}, {what}", ticked(&[&one.name])),
        })
        .collect();
    if evidence.is_empty() {
        evidence.push(Evidence { lines: None, what });
    }
    Edit {
        path: path.into(),
        action: Action::Change,
        instruction,
        likelihood: None,
        evidence,
    }
}

/// The share of a name's parts that the request names: `GreetingError` is half of what "greeting" asks for.
pub fn closeness(view: &View<'_>, name: &str) -> f64 {
    let mut parts = Vec::new();
    words::each(name, |term| parts.push(term.to_owned()));
    if parts.len() > 1 && words::compound(name) {
        if view
            .query
            .groups
            .iter()
            .any(|group| group.terms.iter().any(|(term, _)| *term == parts[0]))
        {
            return 1.0;
        }
        parts.remove(0);
    }
    let named = |part: &&String| {
        let groups = view.query.groups.iter().filter(|group| !group.bonus);
        groups
            .flat_map(|group| &group.terms)
            .any(|(term, _)| term == *part)
    };
    parts.iter().filter(named).count() as f64 / parts.len().max(1) as f64
}

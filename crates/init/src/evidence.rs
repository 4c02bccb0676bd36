//! What the files of a flake say about its expert, each with the place where it says so.

pub mod checks;
mod code;
mod contracts;
mod interfaces;
mod manifest;
mod module_doc;
mod neighbors;
mod nix;
mod prose;
mod role;

use serde::Serialize;

pub use contracts::contracts;
pub use manifest::Manifest;
pub use neighbors::{Nearby, neighbors};
pub use nix::has_checks;
pub use role::{named, role};

/// One line of evidence.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct FieldEvidence {
    /// The field that rests on it: `role`, `provides.library`.
    pub field: String,
    /// The file, relative to the flake's folder; empty where it is none.
    pub file: String,
    /// The line there, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What is found there.
    pub says: String,
}

impl FieldEvidence {
    /// One line of evidence.
    pub fn new(
        field: impl Into<String>,
        file: impl Into<String>,
        line: usize,
        says: impl Into<String>,
    ) -> Self {
        Self {
            field: field.into(),
            file: file.into(),
            line,
            says: says.into(),
        }
    }

    /// `file:line`.
    #[must_use]
    pub fn place(&self) -> String {
        match (self.file.as_str(), self.line) {
            ("", _) => String::new(),
            (file, 0) => file.to_owned(),
            (file, line) => format!("{file}:{line}"),
        }
    }
}

/// Text out of a repository as one plain line of at most so many characters, cut between words.
#[must_use]
pub fn one_line(text: &str, most: usize) -> String {
    let words = text
        .split_whitespace()
        .map(|word| word.chars().filter(|c| !c.is_control()).collect::<String>());
    let mut out = String::new();
    for word in words.filter(|word| !word.is_empty()) {
        if out.chars().count() + word.chars().count() + 1 > most {
            match out.is_empty() {
                true => out.extend(word.chars().take(most.saturating_sub(1))),
                false => out.truncate(out.trim_end_matches([',', ';', ':', '(']).len()),
            }
            out.push('…');
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&word);
    }
    out
}

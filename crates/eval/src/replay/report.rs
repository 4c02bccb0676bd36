//! What a replay found, as data.

use serde::Serialize;

use super::eligible::Excluded;
use super::measure::Figures;

/// Said wherever the figures are shown.
pub const CAVEATS: [&str; 3] = [
    "messages are written after the change, by who knew it: they name what a request would not",
    "this compares searches with searches; it says nothing about an agent that explores",
    "other files than those that were touched may answer as well: they count as not found",
];

/// The whole result; the same for the same repository, options and version.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplayReport {
    /// Of this form.
    pub schema_version: u32,
    /// What asks: `commits` or `questions`.
    pub asked: &'static str,
    /// What the methods knew, one for each base commit.
    pub snapshots: Vec<Base>,
    /// Who asks, left out and why.
    pub left_out: LeftOutCommits,
    /// Of everything random: the order `random`, and the intervals.
    pub seed: u64,
    /// How it was measured, in sentences.
    pub protocol: Vec<String>,
    /// What the figures do not say.
    pub caveats: [&'static str; 3],
    /// The figures.
    pub methods: Vec<MethodRow>,
    /// Every question, where that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub each: Vec<One>,
}

/// One snapshot.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Base {
    /// Its commit.
    pub commit: String,
    /// Text files.
    pub files: usize,
    /// Their bytes.
    pub bytes: usize,
    /// Packages, the root's among them.
    pub packages: usize,
    /// What makes a folder a package.
    pub packages_by: String,
    /// Commits before it that methods knew; none where none asked for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub past: Option<usize>,
    /// Why there are not more of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub past_note: Option<String>,
    /// Questions that were asked of it.
    pub questions: usize,
}

/// What was not asked.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum LeftOutCommits {
    /// Commits.
    Commits(Excluded),
    /// Questions of a file.
    #[serde(rename_all = "camelCase")]
    Questions {
        /// Of another `set` than was asked for.
        other_set: usize,
        /// Their base commit is not in this repository.
        elsewhere: usize,
        /// None of their files is a text file of the base commit.
        without_files: usize,
    },
}

/// One method.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MethodRow {
    /// Its name.
    pub method: String,
    /// A signal that was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without: Option<String>,
    /// What it does.
    pub about: String,
    /// Asked with the whole text.
    pub full: Figures,
    /// Asked without scopes, names of files and numbers.
    pub no_scope: Figures,
}

/// One question.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct One {
    /// A commit, or the id of a question.
    pub id: String,
    /// What was asked without scopes.
    pub no_scope: String,
    /// The touched files.
    pub files: Vec<String>,
    /// By method: the place of each file in its ranking, for the whole text and without scopes; 0 where it is not found.
    pub places: std::collections::BTreeMap<String, [Vec<usize>; 2]>,
}

//! A file that was judged, and why it is judged so.

use crate::rank::Reason;

/// Likelihood of a file that lists all things of the kind to which one is added.
const LISTS: f64 = 0.9;

/// Why a file is judged as it is.
#[derive(Clone, Debug)]
pub enum Why {
    /// By the signals.
    Ranked(Vec<Reason>),
    /// The request names its path.
    Named,
    /// It lists all these names, of which the request adds one more.
    Lists(Vec<String>),
    /// It uses a name whose form changes.
    Uses(String),
}

/// A file that was judged.
#[derive(Clone, Debug)]
pub struct JudgedFile {
    /// Its owner.
    pub expert: String,
    /// Its path in the owner's flake.
    pub path: String,
    /// How probable it is that it changes, from 0 to 1.
    pub likelihood: f64,
    /// Whether it is named as to be changed; else it may change.
    pub named: bool,
    /// Why.
    pub why: Why,
}

/// A file that lists or uses what a wide change touches.
#[must_use]
pub fn listed(expert: &str, path: &str, why: Why) -> JudgedFile {
    JudgedFile {
        expert: expert.to_owned(),
        path: path.to_owned(),
        likelihood: LISTS,
        named: true,
        why,
    }
}

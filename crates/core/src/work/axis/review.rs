//! What others say about one tree.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who reviews.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reviewer {
    /// The expert's, actor's or person's name.
    pub name: String,
    /// What sort of reviewer.
    pub kind: ReviewerKind,
    /// The actor that spoke for an expert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
}

/// What sort of reviewer.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub enum ReviewerKind {
    /// The owner of a flake.
    Expert,
    /// Another actor.
    Actor,
    /// A person.
    Person,
    /// Rules without a model: they find things, and never approve.
    Rules,
}

/// What a reviewer says.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(tag = "verdict", rename_all = "camelCase", deny_unknown_fields)]
pub enum Verdict {
    /// It may be merged.
    Approve {},
    /// It may not be merged as it is.
    Object {
        /// Why.
        reason: String,
        /// Where.
        #[serde(default)]
        places: Vec<Place>,
    },
    /// A remark, which stops nothing.
    Comment {
        /// What.
        text: String,
        /// Where.
        #[serde(default)]
        places: Vec<Place>,
    },
}

/// A place in a changed file.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Place {
    /// From the repository's root.
    pub path: String,
    /// From 1; none for the whole file.
    #[serde(default)]
    pub line: Option<u32>,
}

/// A verdict, with the tree that it is about.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReviewRecord {
    /// Who.
    pub reviewer: Reviewer,
    /// Full id of the tree.
    pub tree: String,
    /// The patch id of the change, where it was known.
    pub patch: Option<String>,
    /// What.
    pub verdict: Verdict,
}

impl ReviewRecord {
    /// Whether it is about this tree, or about the same change on another base.
    #[must_use]
    pub fn is_about(&self, tree: &str, patch: Option<&str>) -> bool {
        self.tree == tree || (patch.is_some() && self.patch.as_deref() == patch)
    }
}

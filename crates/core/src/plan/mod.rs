//! The plan: what a council returns.

mod render;
mod report;
pub mod schema;
pub(crate) mod text;
pub(crate) mod title;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use render::{Emphasis, PlanView};
pub use report::{
    Citing, Dissent, Failing, Ground, Judgement, Member, Note, OpenDecision, Opinion, OwnerRequest,
    Question, RefusedQuestion, Report, TurnTaken,
};

/// Version of [`Plan`].
pub const PLAN_VERSION: u32 = 1;

/// Whether the hint of a file says that it does not change, and is named to be read.
#[must_use]
pub fn is_read(hint: &str) -> bool {
    hint.starts_with("(read)")
}

/// The document on standard output.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Plan {
    /// Version of this document: 1.
    #[schemars(range(min = 1, max = 1))]
    pub schema_version: u32,
    /// The person's request, as it was typed.
    pub request: String,
    /// Answer to a usage question, in Markdown with its sources; empty where nobody has one.
    pub answer: String,
    /// Expert → `./path` in its flake → what to do there, or why to read it. New files begin with `(new)`, files that
    /// go with `(delete)`, files that do not change with `(read)`. `council.likelihood` tells the most likely ones,
    /// `council.order` which flakes come first, `council.perhaps` what is too unsure to stand here.
    pub subflakes: BTreeMap<String, BTreeMap<String, String>>,
    /// What to do, in order; empty where nothing changes. The lines of a step after its first begin with `- `: what
    /// belongs to it, in order.
    pub plan: Vec<String>,
    /// How the council came to it.
    pub council: Report,
}

impl Plan {
    /// Whether nobody found anything: no answer, no path, not even an unsure one, no step.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.answer.is_empty()
            && self.subflakes.is_empty()
            && self.council.perhaps.is_empty()
            && self.plan.is_empty()
    }

    /// Whether somebody still objects.
    #[must_use]
    pub fn has_dissent(&self) -> bool {
        !self.council.dissent.is_empty()
    }

    /// Whether a limit cut the council short.
    #[must_use]
    pub fn is_cut_short(&self) -> bool {
        !self.council.limits.is_empty()
    }

    /// The failure that ended an expert's part, where the root itself failed.
    #[must_use]
    pub fn root_failure(&self) -> Option<&Failing> {
        let ours = |failing: &&Failing| failing.last && failing.expert == self.council.root;
        self.council.failures.iter().find(ours)
    }
}

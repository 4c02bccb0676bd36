//! What an expert knows: a text in layers within a budget of tokens, the same for the same inputs everywhere.

mod build;
mod bytes;
mod cache;
mod choice;
mod definer;
mod error;
mod fenced;
mod front;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod kept;
mod left_out;
mod meter;
mod names;
mod overview;
pub(super) mod place;
mod runs;
mod sandbox;
mod shelf;
mod survey;
mod template;
mod uses;
mod worth;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use error::PackError;
pub use left_out::{LeftOut, LeftOutReason};
pub use template::DEFAULT as DEFAULT_TEMPLATE;

use crate::files::Listed;
use poag_core::expert::{Expert, Graph};

/// Changes whenever the same inputs would give another text: part of the key of every cached pack.
pub const FORMAT: u32 = 3;

/// What an expert knows from the start.
#[derive(Clone, Debug, Deserialize, Eq, schemars::JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pack {
    /// The whole text.
    pub text: String,
    /// Its length in tokens (o200k); never more than the budget.
    pub tokens: usize,
    /// Its layers from front to end; their tokens add up to `tokens`.
    pub layers: Vec<Layer>,
    /// What is not in it, sorted by path.
    pub left_out: Vec<LeftOut>,
}

/// One layer of a pack.
#[derive(Clone, Debug, Deserialize, Eq, schemars::JsonSchema, PartialEq, Serialize)]
pub struct Layer {
    /// `role`, `contracts`, `proof`, `outline`, `sources` or `left out`.
    pub name: String,
    /// Its share of the text.
    pub tokens: usize,
}

/// How a pack is built.
#[derive(Clone, Debug, Default)]
pub struct PackOptions {
    /// Budget in tokens; none takes the expert's own `knowledge.maxTokens`.
    pub budget: Option<usize>,
    /// Its files, sorted by path, where not all below its knowledge folder are; none takes all.
    pub files: Option<Vec<Listed>>,
}

impl PackOptions {
    /// The budget for this expert.
    #[must_use]
    pub fn budget(&self, expert: &Expert) -> usize {
        self.budget.unwrap_or(expert.knowledge.max_tokens)
    }
}

impl Pack {
    /// Builds the pack of one expert from its files and the contracts on its edges.
    ///
    /// # Errors
    /// When files cannot be read, the template cannot be used, or the budget is too small for the front.
    pub fn build(graph: &Graph, expert: &Expert, options: &PackOptions) -> Result<Self, PackError> {
        choice::build(graph, expert, options, None)
    }

    /// The files that an expert is to learn by their content, out of more than it can; none where it learns all of
    /// them. Its pack is made of these and of the names of the others, see [`poag_core::expert::Knowledge::learned`].
    ///
    /// # Errors
    /// As [`Pack::build`].
    pub fn chosen(
        graph: &Graph,
        expert: &Expert,
        options: &PackOptions,
    ) -> Result<Option<BTreeSet<String>>, PackError> {
        choice::chosen(graph, expert, options, None)
    }
}

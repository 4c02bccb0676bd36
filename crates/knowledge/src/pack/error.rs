//! What can go wrong when a pack is built, each with its repair.

use thiserror::Error;

use crate::KnowledgeError;

/// Why an expert has no pack.
#[derive(Debug, Error)]
pub enum PackError {
    /// Its files cannot be read.
    #[error("the pack of expert '{expert}' cannot be built: {source}")]
    Knowledge {
        /// The expert whose files they are.
        expert: String,
        /// What went wrong, with the repair.
        source: KnowledgeError,
    },
    /// The template names a variable that does not exist.
    #[error(
        "the prompt template of expert '{expert}' uses the unknown variable '{variable}'{suggestion}\nrepair: use one of {known}; templates/expert.md.tera of poag documents them"
    )]
    Variable {
        /// The expert.
        expert: String,
        /// The unknown name.
        variable: String,
        /// `, did you mean '…'?` or nothing.
        suggestion: String,
        /// All names there are.
        known: String,
    },
    /// The template uses what a prompt template may not use.
    #[error(
        "the prompt template of expert '{expert}' uses `{construct}`, which a prompt template may not\nrepair: use only variables, `if`, `for`, `raw` and comments"
    )]
    Construct {
        /// The expert.
        expert: String,
        /// What was used.
        construct: String,
    },
    /// The template cannot be parsed or rendered.
    #[error(
        "the prompt template of expert '{expert}' cannot be rendered: {reason}\nrepair: correct the file that `prompt` of mkPoagExpert names, or remove `prompt` to use the default template"
    )]
    Template {
        /// The expert.
        expert: String,
        /// What the template engine said.
        reason: String,
    },
    /// What always stands in front is longer than the budget.
    #[error(
        "the pack of expert '{expert}' does not fit into {budget} tokens: role, contracts and checks alone take {front}\nrepair: set `knowledge.maxTokens` to {enough} or more, or shorten role and contracts"
    )]
    Front {
        /// The expert.
        expert: String,
        /// The budget in tokens.
        budget: usize,
        /// Tokens of the front.
        front: usize,
        /// A budget that leaves room for knowledge too.
        enough: usize,
    },
    /// An edge leads to an expert that the graph does not hold.
    #[error(
        "expert '{expert}' depends on '{neighbor}', which the graph does not hold\nrepair: make the `poag` output with poag.lib.mkPoagExpert"
    )]
    Neighbor {
        /// The expert.
        expert: String,
        /// The name that leads nowhere.
        neighbor: String,
    },
}

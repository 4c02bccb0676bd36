//! What the verbs write of an evaluated graph, for `fuzz/`.

use super::explain;
use crate::engine::poag_lock;
use crate::expert::{Expert, Graph};
use crate::knowledge::hash::Digest;

/// `poag.lock` of an expert with these files.
pub(crate) fn lock(graph: &Graph, expert: &Expert, files: &[(String, Digest)]) -> String {
    poag_lock::render(graph, expert, files)
}

/// What `poag explain` says.
pub(crate) fn explain(graph: &Graph, expert: &Expert) -> String {
    explain::freshness(graph, expert)
}

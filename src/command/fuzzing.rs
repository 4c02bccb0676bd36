//! What the verbs write of an evaluated graph, for `fuzz/`.

use super::{explain, lock_file};
use crate::expert::{Expert, Graph};
use crate::knowledge::hash::Digest;

/// `poag.lock` of an expert with these files.
pub(crate) fn lock(graph: &Graph, expert: &Expert, files: &[(String, Digest)]) -> String {
    lock_file::render(graph, expert, files)
}

/// What `poag explain` says.
pub(crate) fn explain(graph: &Graph, expert: &Expert) -> String {
    explain::freshness(graph, expert)
}

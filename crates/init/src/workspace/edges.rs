//! The edges between packages, without a cycle: a graph of experts has none.

use std::collections::{BTreeMap, BTreeSet};

use super::Workspace;

/// One edge, from a consumer's folder to a provider's.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WorkspaceEdge {
    /// The consumer's folder.
    pub from: String,
    /// The provider's folder.
    pub to: String,
    /// Whether only tests, benchmarks and the like need it.
    pub development: bool,
    /// Whether it is left out, because it would close a cycle.
    pub left_out: bool,
}

/// The edges among the chosen packages, by folder. Those that all need come first; a development-only one is left out
/// where it would close a cycle, and so is the later of two others.
#[must_use]
pub fn edges(workspace: &Workspace, chosen: &BTreeSet<String>) -> Vec<WorkspaceEdge> {
    let mut all = Vec::new();
    for package in workspace
        .packages
        .values()
        .filter(|one| chosen.contains(&one.dir))
    {
        for one in package
            .dependencies
            .iter()
            .filter(|one| chosen.contains(&one.dir))
        {
            all.push(WorkspaceEdge {
                from: package.dir.clone(),
                to: one.dir.clone(),
                development: one.development,
                left_out: false,
            });
        }
    }
    all.sort_by_key(|edge| edge.development);
    let mut kept: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for edge in &mut all {
        edge.left_out = reaches(&kept, &edge.to, &edge.from);
        if !edge.left_out {
            kept.entry(edge.from.clone())
                .or_default()
                .push(edge.to.clone());
        }
    }
    all
}

fn reaches(edges: &BTreeMap<String, Vec<String>>, from: &str, to: &str) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(one) = open.pop() {
        if one == to {
            return true;
        }
        if seen.insert(one) {
            open.extend(edges.get(one).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

//! The graph as a tree for a terminal.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::super::style;
use crate::expert::{Expert, Graph, Location, Status};

/// Consumers above, their providers below; an expert is unfolded where it is met first.
pub fn tree(graph: &Graph) -> String {
    let mut out = String::new();
    let mut seen = BTreeSet::new();
    if let Some(root) = graph.expert(&graph.root) {
        let _ = writeln!(out, "{}", title(root));
        branches(graph, root, "", &mut seen, &mut out);
    }
    out
}

fn branches<'a>(
    graph: &'a Graph,
    expert: &'a Expert,
    indent: &str,
    seen: &mut BTreeSet<&'a str>,
    out: &mut String,
) {
    seen.insert(&expert.name);
    let last = expert.neighbors.len().saturating_sub(1);
    for (index, (name, edge)) in expert.neighbors.iter().enumerate() {
        let Some(provider) = graph.expert(name) else {
            continue;
        };
        let (branch, below) = if index == last {
            ("└─ ", "   ")
        } else {
            ("├─ ", "│  ")
        };
        let contracts = match &edge.contracts[..] {
            [] => String::new(),
            all => format!(" {}", style::dim(format!("[{}]", all.join(", ")))),
        };
        let known = seen.contains(name.as_str()) && !provider.neighbors.is_empty();
        let above = if known {
            style::dim(" (see above)")
        } else {
            String::new()
        };
        let _ = writeln!(out, "{indent}{branch}{}{contracts}{above}", title(provider));
        if !known {
            branches(graph, provider, &format!("{indent}{below}"), seen, out);
        }
    }
}

fn title(expert: &Expert) -> String {
    let name = style::bold(&expert.name);
    let place = match &expert.location {
        Location::Local { .. } => String::new(),
        Location::Locked { .. } => style::dim(" (another repository)"),
        Location::Pack { .. } => style::dim(" (its pack alone)"),
    };
    match expert.freshness.status {
        Status::Stale => format!("{name}{place} {}", style::warn("stale")),
        Status::Unlearned if expert.is_local() => {
            format!("{name}{place} {}", style::warn("unlearned"))
        }
        _ => format!("{name}{place}"),
    }
}

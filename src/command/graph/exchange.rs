//! The graph for programs that draw: Graphviz and Mermaid.

use std::fmt::Write as _;

use crate::expert::{Graph, Status};

/// For Graphviz.
pub fn dot(graph: &Graph) -> String {
    let mut out = String::from("digraph poag {\n  rankdir=LR;\n  node [shape=box];\n");
    for expert in graph.experts.values() {
        let style = if expert.freshness.status == Status::Stale {
            " style=dashed"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "  {} [label={}{style}];",
            quote(&expert.name),
            quote(&expert.name)
        );
    }
    for (consumer, provider, contracts) in edges(graph) {
        let _ = writeln!(
            out,
            "  {} -> {} [label={}];",
            quote(consumer),
            quote(provider),
            quote(&contracts)
        );
    }
    out.push_str("}\n");
    out
}

/// For Markdown pages that draw Mermaid.
pub fn mermaid(graph: &Graph) -> String {
    let ids: Vec<&str> = graph.experts.keys().map(String::as_str).collect();
    let id = |name: &str| ids.binary_search(&name).map_or(0, |index| index);
    let mut out = String::from("graph LR\n");
    for name in &ids {
        let _ = writeln!(out, "  e{}[\"{name}\"]", id(name));
    }
    for (consumer, provider, contracts) in edges(graph) {
        let label = contracts.replace('"', "#quot;");
        let arrow = if label.is_empty() {
            "-->".into()
        } else {
            format!("-- \"{label}\" -->")
        };
        let _ = writeln!(out, "  e{} {arrow} e{}", id(consumer), id(provider));
    }
    out
}

fn edges(graph: &Graph) -> impl Iterator<Item = (&str, &str, String)> {
    graph.experts.values().flat_map(|expert| {
        expert.neighbors.iter().map(|(provider, edge)| {
            (
                expert.name.as_str(),
                provider.as_str(),
                edge.contracts.join(", "),
            )
        })
    })
}

fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

//! `poag graph`: the experts and their edges, as a tree or for other programs.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;

use clap::Args;

use super::global::Global;
use super::{Context, style};
use crate::error::{Error, exit};
use crate::expert::{Expert, Graph, Location, Status};

/// Shows the graph of experts: who depends on whom, for what
#[derive(Args, Debug)]
pub struct GraphArgs {
    /// The flake [default: the flake here]
    #[arg(value_name = "FLAKE")]
    named: Option<String>,
    /// As the flake evaluates it (the JSON of `.#poag`)
    #[arg(long, group = "form")]
    json: bool,
    /// For Graphviz
    #[arg(long, group = "form")]
    dot: bool,
    /// For Markdown pages that draw Mermaid
    #[arg(long, group = "form")]
    mermaid: bool,
}

/// Runs the verb.
pub async fn run(args: GraphArgs, global: Global) -> Result<u8, Error> {
    let context = Context::new(global, args.named.as_deref())?;
    let evaluation = context.evaluate().await?;
    let graph = &evaluation.graph;
    let mut out = anstream::stdout().lock();
    if args.json {
        out.write_all(&evaluation.json)?;
    } else if args.dot {
        out.write_all(dot(graph).as_bytes())?;
    } else if args.mermaid {
        out.write_all(mermaid(graph).as_bytes())?;
    } else {
        out.write_all(style::screened(&tree(graph)).as_bytes())?;
    }
    out.flush()?;
    Ok(exit::OK)
}

/// Consumers above, their providers below; an expert is unfolded where it is met first.
fn tree(graph: &Graph) -> String {
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
        let contracts = style::dim(format!("[{}]", edge.contracts.join(", ")));
        let known = seen.contains(name.as_str()) && !provider.neighbors.is_empty();
        let above = if known {
            style::dim(" (see above)")
        } else {
            String::new()
        };
        let _ = writeln!(
            out,
            "{indent}{branch}{} {contracts}{above}",
            title(provider)
        );
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

fn dot(graph: &Graph) -> String {
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

fn mermaid(graph: &Graph) -> String {
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

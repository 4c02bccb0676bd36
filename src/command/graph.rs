//! `poag graph`: the experts and their edges, as a tree, as a page, or for other programs.

mod card;
mod drawing;
mod exchange;
mod labels;
mod layout;
pub(super) mod open;
mod page;
mod spread;
mod tree;

#[cfg(test)]
mod tests;

use clap::Args;

use super::context::{cache_dir, engine, target};
use super::global::Global;
use super::remote::Remote;
use crate::engine::find;
use crate::error::{Error, exit};
use crate::expert::Graph;
use crate::terminal;

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
    /// As one HTML page that needs nothing else, on standard output
    #[arg(long, group = "form")]
    html: bool,
    /// That page in your browser ($BROWSER, or what the system opens pages with)
    #[arg(long, group = "form")]
    open: bool,
    /// The expert that the page opens with [default: the flake's own]
    #[arg(long, value_name = "EXPERT", conflicts_with_all = ["json", "dot", "mermaid"])]
    expert: Option<String>,
}

/// Runs the verb.
pub async fn run(args: GraphArgs, global: Global) -> Result<u8, Error> {
    if let Some(remote) = Remote::of(&global).await? {
        if args.json {
            let json = remote.graph_json(&global, args.named.as_deref()).await?;
            terminal::json(&json)?;
            return Ok(exit::OK);
        }
        let graph = remote.graph(&global, args.named.as_deref()).await?;
        return print(&args, &graph, &global);
    }
    let engine = engine(&global)?;
    let target = target(&engine, &global, args.named.as_deref())?;
    if args.json
        && let Some(json) = engine.cached_json(&target)
    {
        terminal::json(&json)?;
        return Ok(exit::OK);
    }
    let project = engine.open(&target).await?;
    if args.json {
        terminal::json(&project.json)?;
        return Ok(exit::OK);
    }
    print(&args, &project.graph, &global)
}

/// Prints a graph in any form but the JSON of its flake.
fn print(args: &GraphArgs, graph: &Graph, global: &Global) -> Result<u8, Error> {
    let named = args.expert.as_deref().unwrap_or(&graph.root);
    let asked = &find(graph, named)?.name;
    if args.open {
        let file = open::keep(&cache_dir()?, graph, asked)?;
        let shown = open::open(&file);
        if !global.quiet || !shown {
            terminal::note(&open::said(&file, shown));
        }
    } else if args.dot {
        terminal::document(&exchange::dot(graph))?;
    } else if args.mermaid {
        terminal::document(&exchange::mermaid(graph))?;
    } else if args.html {
        terminal::document(&page::page(graph, asked))?;
    } else {
        terminal::people(&tree::tree(graph))?;
    }
    Ok(exit::OK)
}

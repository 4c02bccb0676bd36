//! `poag pack`: what an expert knows from the start, as text.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::context::{engine, target};
use super::global::Global;
use super::remote::{Remote, not_routed};
use super::style;
use crate::engine::{find, read_graph, write_pack};
use crate::error::{Error, exit};
use crate::expert::Expert;
use crate::knowledge::pack::Pack;
use crate::terminal;
use poag_client::operations;

/// Prints what an expert knows from the start: role, contracts, outline, sources within its budget
#[derive(Args, Debug)]
pub struct PackArgs {
    /// The expert [default: the flake's own]
    #[arg(value_name = "EXPERT")]
    expert: Option<String>,
    /// Pack this folder, as git tracks it, instead of an expert: no flake and no nix is needed
    #[arg(long, value_name = "PATH", conflicts_with_all = ["expert", "flake", "store"])]
    folder: Option<PathBuf>,
    /// What its owner cares for, in a sentence
    #[arg(long, value_name = "TEXT", requires = "folder")]
    role: Option<String>,
    /// Budget in tokens [default: what the flake says]
    #[arg(long, value_name = "TOKENS")]
    budget: Option<usize>,
    /// Write it to this file instead of standard output
    #[arg(long, short, value_name = "FILE", group = "place")]
    output: Option<PathBuf>,
    /// Lay it out as a new folder, which `poag ask --pack FOLDER` asks where the flake is not
    #[arg(long, value_name = "FOLDER", group = "place", conflicts_with_all = ["json", "folder"])]
    into: Option<PathBuf>,
    /// Put it into the Nix store, for binary caches to hand out, and print its store path
    #[arg(long, group = "place")]
    store: bool,
    /// For a script: the text with its layers, tokens, and what was left out
    #[arg(long)]
    json: bool,
    /// Take the graph from this file, as `nix eval --json .#.poag` prints it, and start no nix
    #[arg(long, value_name = "FILE", conflicts_with_all = ["store", "flake", "folder"])]
    graph: Option<PathBuf>,
}

/// Runs the verb.
pub async fn run(args: PackArgs, global: Global) -> Result<u8, Error> {
    // Where a graph is brought, as inside of a build, there may be no place for a cache.
    let no_cache = global.no_cache || args.graph.is_some();
    let engine = engine(&Global {
        no_cache,
        ..global.clone()
    })?;
    let remote = match (&args.folder, &args.graph, args.store) {
        (None, None, false) => Remote::of(&global).await?,
        _ => {
            not_routed(&global, "`poag pack` with --folder, --graph or --store")?;
            None
        }
    };
    let (expert, pack) = match (&args.folder, &args.graph, &remote) {
        (_, _, Some(remote)) => asked(remote, &args, &global).await?,
        (Some(folder), ..) => engine.pack_folder(folder, args.role.as_deref(), args.budget)?,
        (None, file, None) => {
            let graph = match file {
                Some(file) => Arc::new(read_graph(file)?),
                None => engine.open(&target(&engine, &global, None)?).await?.graph,
            };
            let expert = find(&graph, args.expert.as_deref().unwrap_or(&graph.root))?;
            (expert.clone(), engine.pack(&graph, expert, args.budget)?)
        }
    };
    let text = if args.json {
        serde_json::to_string_pretty(&pack).map_err(std::io::Error::from)? + "\n"
    } else {
        pack.text.clone()
    };
    if args.store {
        let ending = if args.json { "json" } else { "md" };
        let name = format!("{}-pack.{ending}", expert.name);
        let path = engine.store_text(&name, &text).await?;
        terminal::document(&format!("{path}\n"))?;
    } else if let Some(folder) = &args.into {
        write_pack(folder, &expert, &pack)?;
    } else if let Some(file) = &args.output {
        engine.write(file, &text)?;
    } else {
        match args.json {
            true => terminal::json(text.as_bytes())?,
            false => terminal::document(&text)?,
        }
    }
    if !global.quiet {
        mention(&expert, &pack);
    }
    Ok(exit::OK)
}

/// A pack that a server makes.
async fn asked(remote: &Remote, args: &PackArgs, global: &Global) -> Result<(Expert, Pack), Error> {
    let graph = remote.graph(global, None).await?;
    let expert = find(&graph, args.expert.as_deref().unwrap_or(&graph.root))?;
    let flake = &remote.flake(global, None)?.name;
    let call = remote.call(operations::GET_PACK, &[flake, &expert.name]);
    let pack = call.query("budget", args.budget).answer().await?;
    Ok((expert.clone(), pack))
}

fn mention(expert: &Expert, pack: &Pack) {
    let left_out = match pack.left_out.len() {
        0 => String::new(),
        count => format!("; {count} left out, listed at its end"),
    };
    let line = format!(
        "poag: the pack of {} has {} tokens{left_out}",
        expert.name, pack.tokens
    );
    terminal::note(&style::dim(line));
}

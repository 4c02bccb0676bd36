//! `poag pack`: what an expert knows from the start, as text.

mod folder;

use std::path::{Path, PathBuf};

use clap::Args;

use super::context::{cache_dir, find};
use super::global::Global;
use super::{Context, style};
use crate::engine::inside::{self, Permissions};
use crate::error::{Error, exit};
use crate::expert::{Expert, Graph};
use crate::knowledge::pack::{Pack, PackOptions};
use crate::nix::{Nix, NixError};
use crate::share;
use crate::terminal;

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
    let (quiet, verbose, anew) = (global.quiet, global.verbose, global.no_cache);
    let (expert, pack) = match (&args.folder, &args.graph) {
        (Some(folder), _) => folder::pack(&args, anew, folder)?,
        // Whoever brings a graph may have no place for a cache, as inside of a build.
        (None, Some(file)) => of_graph(&args, true, &read_graph(file)?)?,
        (None, None) => {
            let context = Context::new(global, None)?;
            of_graph(&args, anew, &context.evaluate().await?.graph)?
        }
    };
    let text = if args.json {
        serde_json::to_string_pretty(&pack).map_err(std::io::Error::from)? + "\n"
    } else {
        pack.text.clone()
    };
    if args.store {
        let path = store(&Nix::new(verbose), &args, &expert, &text).await?;
        terminal::document(&format!("{path}\n"))?;
    } else if let Some(folder) = &args.into {
        share::write(folder, &expert, &pack)?;
    } else if let Some(file) = &args.output {
        inside::write_named(file, text.as_bytes(), Permissions::Kept)?;
    } else {
        match args.json {
            true => terminal::json(text.as_bytes())?,
            false => terminal::document(&text)?,
        }
    }
    if !quiet {
        mention(&expert, &pack);
    }
    Ok(exit::OK)
}

/// The graph that an evaluation left in a file.
pub fn read_graph(file: &Path) -> Result<Graph, Error> {
    let json = std::fs::read(file).map_err(|source| file_error(file, source))?;
    Ok(Graph::from_json(&json).map_err(NixError::from)?)
}

/// The expert that is meant, with its pack.
fn of_graph(args: &PackArgs, anew: bool, graph: &Graph) -> Result<(Expert, Pack), Error> {
    let expert = find(graph, args.expert.as_deref().unwrap_or(&graph.root))?;
    Ok((expert.clone(), build(args, anew, graph, expert)?))
}

fn build(args: &PackArgs, anew: bool, graph: &Graph, expert: &Expert) -> Result<Pack, Error> {
    let options = PackOptions {
        budget: args.budget,
        files: None,
    };
    Ok(if anew {
        Pack::build(graph, expert, &options)?
    } else {
        Pack::cached(&cache_dir()?, graph, expert, &options)?
    })
}

async fn store(nix: &Nix, args: &PackArgs, expert: &Expert, text: &str) -> Result<String, Error> {
    let ending = if args.json { "json" } else { "md" };
    let name = format!("{}-pack.{ending}", expert.name);
    let folder = tempfile::tempdir()?;
    let file = folder.path().join(&name);
    std::fs::write(&file, text).map_err(|source| file_error(&file, source))?;
    Ok(nix.add_file(&name, &file).await?)
}

fn file_error(path: &Path, source: std::io::Error) -> Error {
    Error::File {
        path: path.into(),
        source,
    }
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

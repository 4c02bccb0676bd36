//! `poag learn`: experts read their flakes again, and `poag.lock` records what they know.

mod prime;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::cast::Cast;
use super::cast::consent::CommandArgs;
use super::context::{cache_dir, select};
use super::global::Global;
use super::lock_file::Written;
use super::{Context, lock_file, style};
use crate::agent::patience;
use crate::error::{Error, exit};
use crate::expert::{Expert, Freshness, Graph, Status};
use crate::git;
use crate::knowledge::files::Files;
use crate::knowledge::hash;
use crate::knowledge::pack::{Pack, PackOptions};
use crate::name::shown;
use crate::nix::{FlakeRef, nar};
use crate::terminal;

/// Files named of each kind of change.
const NAMED: usize = 20;
/// Names shown of files that the flake does not see.
const SHOWN: usize = 5;

const EXAMPLES: &str = "\
Examples:
  poag learn
  poag learn --all --jobs 8
  poag learn --all --no-prime

Experts whose backend keeps what it read are primed, each with one turn that is paid for; the
librarian costs nothing. poag.lock says nothing of that: it stays on this machine, see
`poag checkpoints`.";

/// Lets experts learn their flakes: builds their packs and writes poag.lock
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Learn {
    /// The experts that learn [default: the flake's own]
    #[arg(value_name = "EXPERT", conflicts_with = "all")]
    experts: Vec<String>,
    /// Every expert of this repository in the graph
    #[arg(long, short)]
    all: bool,
    /// Only write poag.lock: let the first question prime backends that keep what they read
    #[arg(long)]
    no_prime: bool,
    /// Experts of one backend that are primed at the same time
    #[arg(long, short, value_name = "N", default_value_t = patience::AT_A_TIME, value_parser = jobs)]
    jobs: usize,
    /// Primes another backend than the flake declares: for all experts, or for one (`hello-rs=codex`)
    #[arg(long, value_name = "[EXPERT=]BACKEND")]
    backend: Vec<String>,
    #[command(flatten)]
    commands: CommandArgs,
}

/// How many at a time.
fn jobs(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(jobs @ 1..=64) => Ok(jobs),
        _ => Err("write a number from 1 to 64".into()),
    }
}

/// Runs the verb.
pub async fn run(args: Learn, global: Global) -> Result<u8, Error> {
    let context = Context::new(global, None)?;
    let graph = Arc::new(context.evaluate().await?.graph);
    let experts = select(&graph, &args.experts, args.all)?;
    let mut new = Vec::new();
    let learned = learn_all(&context, &graph, &experts, &mut new);
    // Those that were written are in place, whatever happened to the next one.
    git::intend_to_add(&new);
    learned?;
    if args.no_prime {
        return Ok(exit::OK);
    }
    let cast = Cast::new(&context, &graph, &args.backend, &args.commands)?.at_a_time(args.jobs);
    prime::all(cast, &experts, context.global.quiet).await
}

fn learn_all(
    context: &Context,
    graph: &Graph,
    experts: &[&Expert],
    new: &mut Vec<PathBuf>,
) -> Result<(), Error> {
    let untracked = untracked(context);
    for expert in experts {
        let folder = folder(&context.flake, expert)?;
        let learned = learn(context, graph, expert, &folder, new)?;
        terminal::people(&learned)?;
        notice_untracked(expert, &untracked);
    }
    Ok(())
}

/// The folder of an expert of this repository.
pub fn folder(flake: &FlakeRef, expert: &Expert) -> Result<std::path::PathBuf, Error> {
    let folder = if expert.is_local() {
        flake.folder_of(expert.dir())
    } else {
        None
    };
    folder.ok_or_else(|| Error::NotHere {
        name: expert.name.clone(),
    })
}

fn learn(
    context: &Context,
    graph: &Graph,
    expert: &Expert,
    folder: &Path,
    new: &mut Vec<PathBuf>,
) -> Result<String, Error> {
    let files = Files::of(&expert.knowledge)?;
    let digests = hash::digests(&files, nar::link_sri)?;
    let text = lock_file::render(graph, expert, &digests);
    let pack = Pack::cached(&cache_dir()?, graph, expert, &PackOptions::default())?;
    let root = match &context.flake {
        FlakeRef::Local { repository, .. } => repository,
        FlakeRef::Remote(_) => folder,
    };
    let written = lock_file::write(root, folder, &text)?;
    if let Written::New(in_the_way) = &written {
        new.push(folder.join(lock_file::NAME));
        if let Some(said) = in_the_way {
            terminal::note(&format!("{} {said}", style::warn("note:")));
        }
    }
    let name = style::bold(&expert.name);
    let size = format!("{} files, pack of {} tokens", digests.len(), pack.tokens);
    Ok(if written != Written::Already {
        let place = if expert.dir().is_empty() {
            String::new()
        } else {
            format!("{}/", expert.dir())
        };
        format!(
            "{name} learned {size} → {place}{}\n{}",
            lock_file::NAME,
            changes(&expert.freshness)
        )
    } else {
        format!("{name} knows its flake already ({size})\n")
    })
}

/// What was learned, a line each.
fn changes(freshness: &Freshness) -> String {
    if freshness.status == Status::Unlearned {
        return String::new();
    }
    let files = &freshness.files;
    let contracts = freshness.contracts.iter().map(|change| {
        (
            change.change.as_str(),
            format!("contract: {} provides {}", change.neighbor, change.contract),
        )
    });
    let fields = freshness
        .declaration
        .iter()
        .map(|field| ("changed", format!("declaration: {field}")));
    let mut out: String = [
        ("added", &files.added),
        ("changed", &files.changed),
        ("removed", &files.removed),
    ]
    .iter()
    .map(|(change, paths)| file_lines(change, paths))
    .collect();
    for (change, what) in fields.chain(contracts) {
        let _ = writeln!(out, "  {change} {what}");
    }
    out
}

/// The first files that changed in one way, a line each, and how many more there are.
fn file_lines(change: &str, paths: &[String]) -> String {
    let mut out = String::new();
    for path in paths.iter().take(NAMED) {
        let _ = writeln!(out, "  {change} file: {}", shown(path));
    }
    if paths.len() > NAMED {
        let _ = writeln!(out, "  {change} {} files more", paths.len() - NAMED);
    }
    out
}

/// Files of the repository that git does not track, sorted, but for where nobody wants to hear of them.
fn untracked(context: &Context) -> Vec<String> {
    match &context.flake {
        FlakeRef::Local {
            git: true,
            repository,
            ..
        } if !context.global.quiet => git::untracked(repository),
        _ => Vec::new(),
    }
}

/// A flake does not see what git does not track; nobody should wonder why it was not learned.
fn notice_untracked(expert: &Expert, untracked: &[String]) {
    let prefix = match expert.dir() {
        "" => String::new(),
        dir => format!("{dir}/"),
    };
    let from = untracked.partition_point(|name| *name < prefix);
    let names: Vec<&str> = untracked[from..]
        .iter()
        .map_while(|name| name.strip_prefix(&prefix))
        // This run has just written it.
        .filter(|name| *name != lock_file::NAME)
        .take(SHOWN + 1)
        .collect();
    if names.is_empty() {
        return;
    }
    let more = if names.len() > SHOWN { ", …" } else { "" };
    let first = names[..names.len().min(SHOWN)].iter();
    let first: Vec<_> = first.map(|name| shown(name)).collect();
    let first = first.join(", ");
    terminal::note(&format!(
        "{} {} does not see files that git does not track: {first}{more} (`git add` them, then learn again)",
        style::warn("note:"),
        expert.name
    ));
}

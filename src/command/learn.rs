//! `poag learn`: experts read their flakes again, and `poag.lock` records what they know.

mod prime;

use std::fmt::Write as _;

use clap::Args;

use super::consent::CommandArgs;
use super::context::{engine_with, target};
use super::global::Global;
use super::style;
use crate::agent::patience;
use crate::engine::{BackendChoice, Learned, poag_lock};
use crate::error::{Error, exit};
use crate::expert::{Expert, Freshness, Graph, Status};
use crate::name::shown;
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
    let engine = engine_with(&global, &args.commands)?;
    let target = target(&engine, &global, None)?;
    let project = engine.open_and_lock(&target).await?;
    let experts = match args.all {
        true => project.local(),
        false => project.named(&args.experts)?,
    };
    let untracked = match global.quiet {
        true => Vec::new(),
        false => project.untracked(),
    };
    let mut said = Ok(());
    let mut order = experts.iter();
    project.learn(&experts, &mut |learned| {
        if said.is_ok() {
            said = say(&learned);
        }
        if let Some(expert) = order.next()
            && !global.quiet
        {
            notice_untracked(expert, &untracked);
            notice_flakes(expert, &project.graph);
        }
    })?;
    said?;
    if args.no_prime {
        return Ok(exit::OK);
    }
    let choice = BackendChoice::of(args.backend.iter().map(String::as_str));
    let mut report = prime::PrimeReport::new(global.quiet);
    project
        .prime(&experts, &choice, args.jobs, &mut |step| report.tell(&step))
        .await?;
    report.code()
}

fn say(learned: &Learned) -> Result<(), Error> {
    let Learned {
        dir, files, tokens, ..
    } = learned;
    if let Some(replaced) = &learned.replaced {
        terminal::note(&format!("{} {replaced}", style::warn("note:")));
    }
    let name = style::bold(&learned.expert);
    let size = format!("{files} files, pack of {tokens} tokens");
    let text = match &learned.changes {
        None => format!("{name} knows its flake already ({size})\n"),
        Some(freshness) => {
            let place = match dir.is_empty() {
                true => String::new(),
                false => format!("{dir}/"),
            };
            let lock = poag_lock::NAME;
            format!(
                "{name} learned {size} → {place}{lock}\n{}",
                changes(freshness)
            )
        }
    };
    Ok(terminal::people(&text)?)
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
    for folder in &freshness.folders {
        let _ = writeln!(out, "  changed folder: {}", shown(folder));
    }
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

/// What lies in a flake of its own is nobody's as long as that flake has no expert; nobody should wonder why.
fn notice_flakes(expert: &Expert, graph: &Graph) {
    let left_out = graph.without_expert(expert);
    if left_out.is_empty() {
        return;
    }
    let first: Vec<_> = left_out.iter().take(SHOWN).map(|dir| shown(dir)).collect();
    let (what, that) = match left_out.len() {
        1 => ("is a flake without an expert", "it"),
        _ => ("are flakes without an expert", "them"),
    };
    let more = if left_out.len() > SHOWN { ", …" } else { "" };
    terminal::note(&format!(
        "{} {}/{more} {what}, so that nobody knows what lies there (declare one for {that} under `experts`)",
        style::warn("note:"),
        first.join("/, ")
    ));
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
        .filter(|name| *name != poag_lock::NAME)
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

//! `poag checkpoints`: what backends have read and keep on this machine.

mod carry;
mod list;
mod prune;

use clap::{Args, Subcommand};

use super::global::Global;
use crate::error::Error;

pub use list::in_words;

const EXAMPLES: &str = "\
Examples:
  poag checkpoints
  poag checkpoints list --json
  poag checkpoints export hello-rs hello-rs.checkpoint
  poag checkpoints import hello-rs.checkpoint
  poag checkpoints prune --older-than 7 --dry-run

A checkpoint is a conversation in which an expert has read its flake; each turn is forked from it.
They can be deleted at any time, and are made anew, and paid for anew, when they are needed.";

/// Lists, hands out, takes in and prunes what backends have read and keep
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Checkpoints {
    #[command(subcommand)]
    action: Option<CheckpointsVerb>,
    #[command(flatten)]
    list: list::List,
}

#[derive(Debug, Subcommand)]
enum CheckpointsVerb {
    List(list::List),
    Export(carry::ExportCheckpoint),
    Import(carry::Import),
    Prune(prune::Prune),
}

/// Runs the verb.
pub async fn run(args: Checkpoints, global: Global) -> Result<u8, Error> {
    match args.action {
        None => list::run(args.list, global).await,
        Some(CheckpointsVerb::List(args)) => list::run(args, global).await,
        Some(CheckpointsVerb::Export(args)) => carry::export(&args, &global),
        Some(CheckpointsVerb::Import(args)) => carry::import(&args, &global),
        Some(CheckpointsVerb::Prune(args)) => prune::run(&args, &global),
    }
}

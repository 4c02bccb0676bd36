//! `poag bench`: figures that anyone can take of their own repository.

mod error;
mod experts;
mod glob;
mod replay;
mod staleness;
mod workplace;

use clap::{Args, Subcommand};

pub use error::BenchError;

use super::global::Global;
use crate::error::Error;
use crate::terminal;

/// Measures poag on the past of a git repository, beside plain searches
#[derive(Args, Debug)]
pub struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Replay(replay::Replay),
    Staleness(staleness::Staleness),
}

/// Runs the verb.
pub async fn run(args: Bench, global: Global) -> Result<u8, Error> {
    match args.what {
        What::Replay(args) => replay::run(args, global).await,
        What::Staleness(args) => staleness::run(args, global).await,
    }
}

/// A line of progress on standard error.
fn tell(quiet: bool, text: &str) {
    if !quiet {
        let line = super::style::dim(format!("poag: {text}"));
        terminal::note(&line);
    }
}

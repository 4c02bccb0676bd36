//! `poag runs prune`: removes old runs, or what their turns left behind word by word.

use std::fmt::Write as _;

use clap::Args;

use super::{say, told};
use crate::engine::{PruneRuns, PrunedRuns, RunLedger};
use crate::error::Error;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Removes runs that came to their end long ago, of every flake
#[derive(Args, Debug)]
pub struct PruneArgs {
    /// Only runs that began before so many days
    #[arg(long, value_name = "DAYS")]
    older_than: u32,
    /// Keep their story; remove only what was said word by word
    #[arg(long)]
    artifacts_only: bool,
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
pub fn run(args: &PruneArgs, runs: &RunLedger) -> Result<u8, Error> {
    let now = jiff::Timestamp::now().as_millisecond();
    let pruned = runs.prune(PruneRuns {
        before: now - i64::from(args.older_than) * DAY,
        artifacts_only: args.artifacts_only,
        dry_run: args.dry_run,
    })?;
    let PrunedRuns {
        runs,
        open,
        younger,
        ..
    } = pruned;
    let what = match args.artifacts_only {
        true => "the artifacts of ",
        false => "",
    };
    let bytes = told::bytes(pruned.bytes);
    let mut text = match args.dry_run {
        true => format!("would remove {what}{runs} runs: {bytes}\n"),
        false => format!(
            "removed {what}{runs} runs: {bytes}; the ledger is {} smaller\n",
            told::bytes(pruned.freed)
        ),
    };
    if open > 0 {
        let _ = writeln!(
            text,
            "{open} older runs did not come to their end and stay; `poag ask --resume=ID` goes on with one"
        );
    }
    let _ = writeln!(text, "{younger} younger runs stay");
    say(&text)
}

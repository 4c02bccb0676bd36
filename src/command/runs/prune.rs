//! `poag runs prune`: removes old runs, or what their turns left behind word by word.

use std::fmt::Write as _;

use clap::Args;

use super::{say, told};
use crate::engine::run;
use crate::error::Error;
use crate::ledger::SqliteLedger;

/// What turns leave behind; the graph of a run is not among it, so that its story can still be told.
const OF_TURNS: &str = "turn/";
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Removes runs that came to their end long ago, of every flake
#[derive(Args, Debug)]
pub struct Prune {
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
pub fn run(args: &Prune, ledger: &SqliteLedger) -> Result<u8, Error> {
    let now = jiff::Timestamp::now().as_millisecond();
    let before = now - i64::from(args.older_than) * DAY;
    let old = run::list(ledger, None, None)?;
    let (old, kept): (Vec<_>, Vec<_>) = old.into_iter().partition(|run| run.created <= before);
    let (ended, open): (Vec<_>, Vec<_>) = old.into_iter().partition(|run| run.finished);
    let prefix = match args.artifacts_only {
        true => OF_TURNS,
        false => "",
    };
    let size = ledger.bytes()?;
    let (mut runs, mut bytes) = (0_u32, 0_u64);
    for run in &ended {
        let weight = ledger.weight(&run.id, prefix)?;
        if args.artifacts_only && weight.artifacts == 0 {
            continue;
        }
        runs += 1;
        bytes += weight.artifacts;
        if !args.artifacts_only {
            bytes += weight.events;
        }
        match (args.dry_run, args.artifacts_only) {
            (true, _) => {}
            (false, true) => ledger.remove_artifacts(&run.id, prefix)?,
            (false, false) => ledger.remove(&run.id)?,
        }
    }
    let what = match args.artifacts_only {
        true => "the artifacts of ",
        false => "",
    };
    let mut text = match args.dry_run {
        true => format!("would remove {what}{runs} runs: {}\n", told::bytes(bytes)),
        false => {
            // Only a file that has something to give back is worth the writing.
            if runs > 0 {
                ledger.shrink()?;
            }
            let freed = size.saturating_sub(ledger.bytes()?);
            format!(
                "removed {what}{runs} runs: {}; the ledger is {} smaller\n",
                told::bytes(bytes),
                told::bytes(freed)
            )
        }
    };
    if !open.is_empty() {
        let _ = writeln!(
            text,
            "{} older runs did not come to their end and stay; `poag ask --resume=ID` goes on with one",
            open.len()
        );
    }
    let _ = writeln!(text, "{} younger runs stay", kept.len());
    say(&text)
}

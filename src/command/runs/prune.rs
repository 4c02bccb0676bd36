//! `poag runs prune`: removes old runs, or what their turns left behind word by word.

use std::fmt::Write as _;

use clap::{ArgGroup, Args};

use super::{say, told};
use crate::engine::{PruneRuns, PrunedRuns, RunLedger};
use crate::error::Error;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Removes runs that came to their end, of every flake: those that are old, or more than there is room for
///
/// What can still go on stays, and so does the run by whose plan a work goes on.
#[derive(Args, Debug)]
#[command(group(ArgGroup::new("rule").required(true).multiple(true)))]
pub struct PruneArgs {
    /// Runs that began before so many days
    #[arg(long, value_name = "DAYS", group = "rule")]
    older_than: Option<u32>,
    /// The oldest runs, until what is left of all that came to their end has at most so many bytes, such as 500MB or 2GB
    #[arg(long, value_name = "SIZE", group = "rule", value_parser = size)]
    keep: Option<u64>,
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
        before: args.older_than.map(|days| now - i64::from(days) * DAY),
        most_bytes: args.keep,
        artifacts_only: args.artifacts_only,
        dry_run: args.dry_run,
    })?;
    let PrunedRuns {
        runs,
        open,
        needed,
        kept,
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
            "{open} such runs did not come to their end and stay; `poag ask --resume=ID` goes on with one"
        );
    }
    if needed > 0 {
        let _ = writeln!(
            text,
            "{needed} runs are needed by a work that goes on, or in use, and stay"
        );
    }
    let _ = writeln!(text, "{kept} other runs stay");
    say(&text)
}

/// An amount of bytes, as a person writes it.
fn size(text: &str) -> Result<u64, String> {
    let wrong = || "write a number of bytes, such as 500MB or 2GB".to_owned();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" | "B" => 1,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return Err(wrong()),
    };
    let number: u64 = digits.trim().parse().map_err(|_| wrong())?;
    number.checked_mul(unit).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_read_as_persons_write_them() {
        assert_eq!(size("0"), Ok(0));
        assert_eq!(size("12kB"), Ok(12_000));
        assert_eq!(size("2 GB"), Ok(2_000_000_000));
        for wrong in ["", "GB", "-1", "1.5GB", "2GiB", "99999999999GB", "ä"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}

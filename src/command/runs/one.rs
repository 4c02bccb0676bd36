//! `poag run`: one run: its story, its whole record, its plan again.

use std::fs::File;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;

use clap::{Args, Subcommand};

use super::{find, say, say_json, show, turn};
use crate::command::context::open_ledger;
use crate::command::global::Global;
use crate::engine::run::transcript::Transcript;
use crate::engine::run::{self, RunHistory, export};
use crate::error::{Error, exit};
use crate::ledger::{Ledger as _, SqliteLedger};
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  poag run show last
  poag run show 0197f --turn hello-rs/2
  poag run export last > run.jsonl
  poag run replay run.jsonl

ID is the beginning of a run's id, as `poag runs` lists them, or `last` for the latest of this flake.";

/// Tells the story of one run, exports it, or replays it
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct RunArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Tells who was asked by whom and why, what each said, and what it cost
    Show {
        /// The run
        #[arg(value_name = "ID")]
        run: String,
        /// What one turn was given and gave, word by word
        #[arg(long, value_name = "EXPERT/TURN")]
        turn: Option<String>,
        /// For a script
        #[arg(long)]
        json: bool,
        /// Everything, one JSON object per line, as `export` writes it
        #[arg(long, conflicts_with_all = ["turn", "json"])]
        jsonl: bool,
    },
    /// Writes everything that is known of a run, one JSON object per line
    Export {
        /// The run
        #[arg(value_name = "ID")]
        run: String,
        /// The form; there is one
        #[arg(long)]
        jsonl: bool,
    },
    /// Prints the plan again, from the events alone
    Replay {
        /// The run, a file that `export` wrote, or `-` for standard input
        #[arg(value_name = "ID|FILE")]
        run: String,
    },
}

/// Runs the verb.
pub async fn run(args: RunArgs, global: Global) -> Result<u8, Error> {
    match args.verb {
        Verb::Replay { run } => replay(&run, &global),
        Verb::Export { run, .. } => exported(&open_ledger()?, &run, &global),
        Verb::Show {
            run, jsonl: true, ..
        } => exported(&open_ledger()?, &run, &global),
        Verb::Show {
            run,
            turn,
            json: as_json,
            ..
        } => {
            let ledger = open_ledger()?;
            let run = find(&ledger, &run, &global)?;
            if let Some(turn) = turn {
                return turn::show(&ledger, &run, &turn, as_json);
            }
            let history = run::history(&ledger, &run)?;
            let transcript = Transcript::of(&history.council()?, &history.events);
            if as_json {
                return say_json(&transcript);
            }
            let stream = ledger.stream(&run)?;
            let holder = match stream.closed {
                true => None,
                false => ledger.holder(&run)?,
            };
            say(&show::text(&transcript, &stream.subject, holder.as_ref()))
        }
    }
}

fn exported(ledger: &SqliteLedger, run: &str, global: &Global) -> Result<u8, Error> {
    let run = find(ledger, run, global)?;
    let mut out = terminal::json_lines();
    export::write(ledger, &run, &mut out)?;
    out.flush()?;
    Ok(exit::OK)
}

fn replay(word: &str, global: &Global) -> Result<u8, Error> {
    let path = Path::new(word);
    let history: RunHistory = if word == "-" {
        read(&mut std::io::stdin().lock())?
    } else if path.is_file() {
        let file = File::open(path).map_err(|source| Error::File {
            path: path.into(),
            source,
        })?;
        read(&mut BufReader::new(file))?
    } else {
        let ledger = open_ledger()?;
        run::history(&ledger, &find(&ledger, word, global)?)?
    };
    let plan = history.plan()?;
    let mut text = plan.to_json().map_err(std::io::Error::from)?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    terminal::json(text.as_bytes())?;
    if !history.is_finished() {
        terminal::note("note: the run has not come to its end; this is what it had come to");
    }
    Ok(exit::OK)
}

fn read(from: &mut dyn BufRead) -> Result<RunHistory, Error> {
    Ok(export::read(from)?)
}

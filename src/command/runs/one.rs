//! `poag run`: one run: its story, its whole record, its plan again.

use std::fs::File;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;

use clap::{Args, Subcommand};

use super::{debate, find, remote, say, say_json, show, turn};
use crate::command::context::engine;
use crate::command::global::Global;
use crate::command::remote::Remote;
use crate::engine::EngineError;
use crate::engine::run::{RunHistory, export};
use crate::error::{Error, exit};
use crate::plan::Plan;
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
    verb: RunVerb,
}

#[derive(Debug, Subcommand)]
enum RunVerb {
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
        RunVerb::Replay { run } => replay(&run, &global).await,
        RunVerb::Export { run, .. }
        | RunVerb::Show {
            run, jsonl: true, ..
        } => match Remote::of(&global).await? {
            Some(server) => remote::export(&server, &run, &global).await,
            None => exported(&run, &global),
        },
        RunVerb::Show {
            run,
            turn,
            json: as_json,
            ..
        } => {
            if let Some(server) = Remote::of(&global).await? {
                let run = server.run(&run, &global).await?;
                return remote::tell(&server, &run, turn.as_deref(), as_json).await;
            }
            let runs = engine(&global)?.runs()?;
            let run = find(&runs, &run, &global)?;
            if let Some(turn) = turn {
                return turn::show(runs.turn(&run, &turn)?, as_json);
            }
            if let Some(details) = runs.debate(&run)? {
                return match as_json {
                    true => say_json(&details.view()),
                    false => say(&debate::text(&details)),
                };
            }
            let details = runs.details(&run)?;
            match as_json {
                true => say_json(&details.transcript),
                false => say(&show::text(&details)),
            }
        }
    }
}

fn exported(run: &str, global: &Global) -> Result<u8, Error> {
    let runs = engine(global)?.runs()?;
    let run = find(&runs, run, global)?;
    let mut out = terminal::json_lines();
    runs.export(&run, &mut out)?;
    out.flush()?;
    Ok(exit::OK)
}

async fn replay(word: &str, global: &Global) -> Result<u8, Error> {
    let path = Path::new(word);
    let history = if word == "-" {
        read(&mut std::io::stdin().lock())?
    } else if path.is_file() {
        let file = File::open(path).map_err(EngineError::file(path))?;
        read(&mut BufReader::new(file))?
    } else if let Some(server) = Remote::of(global).await? {
        let run = server.run(word, global).await?;
        let (plan, finished) = remote::plan(&server, &run).await?;
        return again(&plan, finished);
    } else {
        let runs = engine(global)?.runs()?;
        let run = find(&runs, word, global)?;
        if let Some(details) = runs.debate(&run)? {
            return say_json(&details.debate.outcome());
        }
        runs.history(&run)?
    };
    let plan = history.plan().map_err(EngineError::from)?;
    again(&plan, history.is_finished())
}

/// Prints a plan that was printed before.
fn again(plan: &Plan, finished: bool) -> Result<u8, Error> {
    let mut text = plan.to_json().map_err(std::io::Error::from)?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    terminal::json(text.as_bytes())?;
    if !finished {
        terminal::note("note: the run has not come to its end; this is what it had come to");
    }
    Ok(exit::OK)
}

fn read(from: &mut dyn BufRead) -> Result<RunHistory, Error> {
    Ok(export::read(from).map_err(EngineError::from)?)
}

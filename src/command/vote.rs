//! `poag vote`: counts ranked ballots.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use super::style;
use crate::engine::EngineError;
use crate::engine::vote::{BALLOT_FILE_BYTES, tally};
use crate::error::{Error, exit};
use crate::terminal;
use poag_core::vote::{Tally, TallyMethod};

const EXAMPLES: &str = "\
Examples:
  poag vote ballots.json
  poag vote - < ballots.json

ballots.json:
  {\"choices\": [\"tea\", \"coffee\", \"water\"],
   \"ballots\": [{\"by\": \"ada\", \"ranking\": [[\"tea\"], [\"coffee\", \"water\"]]},
               {\"by\": \"bob\", \"ranking\": [[\"water\"]]}]}

`ranking` holds ranks, best first; choices in one rank are equal, and choices left out come last. The choice that
beats every other one wins. If there is none, those that fewest ballots have in their highest rank leave, all with the
lowest count at once, until one is left. If all that are left have the same count, it is a tie, and nobody wins.";

/// Counts ranked ballots: the Condorcet winner, else instant runoff, else a tie
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct VoteArgs {
    /// A JSON file with choices and ballots; `-` reads it from standard input
    #[arg(value_name = "BALLOTS")]
    ballots: PathBuf,
    /// The result as JSON [default when piped]
    #[arg(long)]
    json: bool,
}

/// Runs the verb.
pub fn run(args: &VoteArgs) -> Result<u8, Error> {
    let tally = tally(&read(&args.ballots)?).map_err(EngineError::from)?;
    if args.json || !terminal::output_is_terminal() {
        let json = serde_json::to_string_pretty(&tally).map_err(io::Error::from)?;
        terminal::json(format!("{json}\n").as_bytes())?;
    } else {
        terminal::people(&report(&tally))?;
    }
    Ok(exit::OK)
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let source: Box<dyn Read> = match path == Path::new("-") {
        true => Box::new(io::stdin()),
        false => {
            let file = File::open(path).map_err(|error| {
                let path = path.display();
                Error::Usage(format!(
                    "'{path}' cannot be read: {error}\nrepair: name a file with ballots, or `-`"
                ))
            })?;
            Box::new(file)
        }
    };
    let mut bytes = Vec::new();
    // One byte more than is taken, for the engine to refuse.
    let most = BALLOT_FILE_BYTES as u64 + 1;
    source.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn report(tally: &Tally) -> String {
    let mut text = match (&tally.winner, tally.method) {
        (Some(winner), TallyMethod::Condorcet) => {
            format!("{} beats every other choice\n", style::bold(winner))
        }
        (Some(winner), _) => format!("{} wins by instant runoff\n", style::bold(winner)),
        (None, _) => format!("a tie between {}\n", tally.tied.join(", ")),
    };
    for (number, round) in tally.rounds.iter().enumerate() {
        let counts: Vec<_> = round
            .counts
            .iter()
            .map(|(choice, count)| format!("{choice} {count}"))
            .collect();
        let leave = match round.eliminated.is_empty() {
            true => "all equal".to_owned(),
            false => format!("{} out", round.eliminated.join(", ")),
        };
        let (number, counts) = (number + 1, counts.join(", "));
        let _ = writeln!(text, "round {number}: {counts}; {}", style::dim(leave));
    }
    for (one, row) in &tally.matrix {
        for (other, wins) in row.iter().filter(|(other, _)| *other > one) {
            let losses = tally.matrix[other][one];
            let _ = writeln!(
                text,
                "{one} over {other} {wins}, {other} over {one} {losses}"
            );
        }
    }
    if !tally.abstained.is_empty() {
        let _ = writeln!(text, "ranked nothing: {}", tally.abstained.join(", "));
    }
    text
}

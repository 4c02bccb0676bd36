//! `poag debate`: participants answer an open question in rounds, and vote on what they proposed.

mod panel;
mod seats;
mod show;
mod watch;

use clap::{Args, ValueEnum};

use super::consent::CommandArgs;
use super::context::{engine_allowing, target};
use super::global::Global;
use super::runs::{LAST, find};
use crate::engine::debate::{DebateOutcome, DebateRequest};
use crate::engine::{Consent, Engine, ProjectRef};
use crate::error::{Error, exit};
use crate::terminal;
use poag_core::debate::{DebateMethod, TieRule};

pub(super) use show::report;
use watch::DebateWatch;

const EXAMPLES: &str = "\
Examples:
  poag debate \"Where should the greeting be translated?\" --panel claude-code,codex,gemini
  poag debate --panel opus=claude-code:opus,hello-rs=codex --rounds 2 - < topic.txt
  poag debate \"…\" --panel \"codex,me=command:./say --slowly\"
  poag debate --resume
  poag debate --resume 0197f --choose B

Each participant proposes, sees what the others proposed when the round is over, argues, and ranks the proposals at the
end. Nobody knows who said what before the vote is counted. What is said cites files or earlier submissions, which is
checked; what comes late, is too large or has another form is refused. The proposal that beats every other one wins,
else instant runoff decides (`poag vote --help`), else `--tie`.

--panel takes participants, separated by commas, each one of
  NAME                   one that the flake declares in `panel`, an expert of the graph, or a backend
  NAME=BACKEND[:MODEL]   a name of your own, or an expert that thinks with this backend
  NAME=command:PROGRAM   a program of yours; it takes all that follows, so it comes last

A debate is for real alternatives: a plan is had for less with `poag ask`.";

/// Lets participants debate an open question in rounds, and vote
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct DebateArgs {
    /// The question, in your own words; `-` reads it from standard input
    #[arg(value_name = "TOPIC", conflicts_with = "resume")]
    topic: Vec<String>,
    /// Who takes part, instead of those that the flake declares in `panel`
    #[arg(long, value_name = "PARTICIPANTS", conflicts_with = "resume")]
    panel: Vec<String>,
    /// Begin with this expert instead of the flake's own: participants are given its knowledge
    #[arg(long, value_name = "EXPERT", conflicts_with = "resume")]
    to: Option<String>,
    /// Rounds before the vote, the first one of proposals
    #[arg(long, value_name = "N", default_value_t = 4, conflicts_with = "resume", value_parser = clap::value_parser!(u32).range(1..=20))]
    rounds: u32,
    /// How long each round and the vote take at most, such as 90s, 10m or 1h; what comes later is refused
    #[arg(long, value_name = "TIME", default_value = "10m", conflicts_with = "resume", value_parser = seconds)]
    deadline: u64,
    /// Vote on so many proposals at most: those that most participants support in the last round
    #[arg(long, value_name = "N", conflicts_with = "resume", value_parser = clap::value_parser!(u32).range(1..))]
    choices: Option<u32>,
    /// What becomes of a tie
    #[arg(
        long,
        value_name = "RULE",
        default_value = "ask",
        conflicts_with = "resume"
    )]
    tie: TieWord,
    /// Tokens over all turns; nobody is asked beyond it
    #[arg(long, value_name = "N", conflicts_with = "resume")]
    max_tokens: Option<u64>,
    /// US dollars over all turns; nobody is asked beyond it
    #[arg(long, value_name = "USD", conflicts_with = "resume", value_parser = super::ask::dollars)]
    max_cost: Option<f64>,
    /// The folder of the flake in which what was said is written: `round-N/NAME.md` and `result.md`
    #[arg(long, value_name = "FOLDER", default_value = "docs/debate", conflicts_with_all = ["resume", "no_files"])]
    out: String,
    /// Writes nothing into the flake
    #[arg(long, conflicts_with = "resume")]
    no_files: bool,
    /// Writes each round when it is over, and not all of them at the end
    #[arg(long, conflicts_with_all = ["resume", "no_files"])]
    live: bool,
    /// The result as JSON [default when piped]
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    commands: CommandArgs,
    /// Go on with a debate that is open: the latest of this flake, or the one named by the beginning of its id
    #[arg(long, value_name = "RUN", num_args = 0..=1, default_missing_value = LAST)]
    resume: Option<String>,
    /// Choose this label in a debate that ended in a tie
    #[arg(long, value_name = "LABEL", requires = "resume")]
    choose: Option<String>,
}

/// What becomes of a tie.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum TieWord {
    /// A person chooses: here on a terminal, else with `--resume RUN --choose LABEL`
    Ask,
    /// The first by label wins
    First,
    /// Nobody wins
    Fail,
}

impl From<TieWord> for TieRule {
    fn from(word: TieWord) -> Self {
        match word {
            TieWord::Ask => Self::Ask,
            TieWord::First => Self::First,
            TieWord::Fail => Self::Fail,
        }
    }
}

/// Runs the verb.
pub async fn run(args: DebateArgs, global: Global) -> Result<u8, Error> {
    let mut consent = args.commands.consent()?;
    let words = panel::words(&args.panel, &mut consent)?;
    let engine = engine_allowing(&global, consent)?;
    let mut watch = DebateWatch::new(global.quiet);
    let outcome = match &args.resume {
        Some(word) => resumed(&args, word, &engine, &global, &mut watch).await?,
        None => {
            let target = target(&engine, &global, None)?;
            let request = DebateRequest {
                run: None,
                topic: super::ask::request_of(&args.topic)?,
                expert: args.to.clone(),
                panel: words,
                rounds: args.rounds,
                deadline: args.deadline,
                choices: args.choices,
                max_tokens: args.max_tokens,
                max_cost_usd: args.max_cost,
                tie: args.tie.into(),
                out: (!args.no_files).then(|| args.out.clone()),
                live: args.live,
            };
            let outcome = engine.debate(&target, &request, &mut watch).await?;
            watch.stop();
            asked_on_terminal(outcome, &engine, &target, global.quiet).await?
        }
    };
    print(&args, &outcome)
}

async fn resumed(
    args: &DebateArgs,
    word: &str,
    engine: &Engine,
    global: &Global,
    watch: &mut DebateWatch,
) -> Result<DebateOutcome, Error> {
    let run = match word {
        LAST => None,
        word => Some(find(&engine.runs()?, word, global)?),
    };
    let target = match &run {
        Some(run) if global.flake.is_none() => engine.runs()?.target(run)?,
        _ => target(engine, global, None)?,
    };
    if let Some(choice) = &args.choose {
        let run = match run {
            Some(run) => run,
            None => engine.open_debate(&target)?,
        };
        return Ok(engine
            .break_tie(&target, &run, choice, &super::context::person())
            .await?);
    }
    let outcome = engine.resume_debate(&target, run.as_deref(), watch).await?;
    watch.stop();
    asked_on_terminal(outcome, engine, &target, global.quiet).await
}

/// Lets the person at the terminal choose among what is tied.
async fn asked_on_terminal(
    outcome: DebateOutcome,
    engine: &Engine,
    target: &ProjectRef,
    quiet: bool,
) -> Result<DebateOutcome, Error> {
    if outcome.tied.is_empty() || quiet || !terminal::can_ask() {
        return Ok(outcome);
    }
    let Some(choice) = show::choose(&outcome).await? else {
        return Ok(outcome);
    };
    let by = super::context::person();
    Ok(engine.break_tie(target, &outcome.run, &choice, &by).await?)
}

fn print(args: &DebateArgs, outcome: &DebateOutcome) -> Result<u8, Error> {
    let result = outcome.result.as_ref().unwrap_or(&outcome.so_far);
    if args.json || !terminal::output_is_terminal() {
        let json = serde_json::to_string_pretty(result).map_err(std::io::Error::from)?;
        terminal::json(format!("{json}\n").as_bytes())?;
    } else {
        terminal::people(&show::report(result))?;
    }
    if !outcome.tied.is_empty() {
        let (tied, run) = (outcome.tied.join(", "), &outcome.run);
        terminal::note(&format!(
            "a tie between {tied} waits for a person: poag debate --resume {run} --choose LABEL"
        ));
        return Ok(exit::NEEDS_PERSON);
    }
    Ok(match (&result.winner, result.method) {
        (Some(_), _) => exit::OK,
        (None, DebateMethod::Tie) => exit::DISSENT,
        (None, _) => exit::NO_ANSWER,
    })
}

/// A time with its unit, in seconds.
fn seconds(word: &str) -> Result<u64, String> {
    let wrong = || "write a whole number with a unit, such as 90s, 10m or 1h".to_owned();
    let unit = word.chars().next_back().ok_or_else(wrong)?;
    let each = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        _ => return Err(wrong()),
    };
    let number = word.strip_suffix(unit).unwrap_or_default();
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let seconds = number.checked_mul(each).filter(|seconds| *seconds > 0);
    seconds.ok_or_else(wrong)
}

/// What a person allows beside what is said of programs for all.
pub(super) fn allow(consent: &mut Consent, name: &str, command: Vec<String>) {
    consent.experts.insert(name.to_owned(), command);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit() {
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("10m"), Ok(600));
        assert_eq!(seconds("1h"), Ok(3600));
        for wrong in [
            "",
            "10",
            "m",
            "0s",
            "1.5m",
            "-1s",
            "1d",
            "99999999999999999999h",
            "9999999999999999h",
        ] {
            assert!(
                seconds(wrong).unwrap_err().contains("such as 90s"),
                "{wrong}"
            );
        }
    }
}

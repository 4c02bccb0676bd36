//! `poag ask`: a request goes to the experts of a flake, and one plan comes back.

mod limits;
pub mod watch;

use std::io::Read as _;
use std::path::PathBuf;

use clap::Args;

use super::consent::CommandArgs;
use super::context::{engine_with, target, target_of_pack};
use crate::command::global::Global;
use crate::engine::run::error::REQUEST_BYTES;
use crate::engine::{AskRequest, BackendChoice, ResumeRequest};
use crate::error::{Error, exit};
use crate::plan::Plan;
use crate::terminal;

use limits::LimitArgs;
use watch::Watch;

const EXAMPLES: &str = "\
Examples:
  poag ask \"How do I call the greeting from Python?\"
  poag ask --markdown \"Make the greeting polite on request\" > plan.md
  poag ask --to hello-py - < request.txt
  poag ask --pack ./result \"How do I call the greeting?\"
  poag ask --resume

A limit that is not given is the one that the flake of the first expert declares in `council`, else
poag's own. One expert is bound by `agent` of its flake, too.";

/// Lets the experts discuss a request, and prints one plan
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct AskArgs {
    /// The request, in your own words; `-` reads it from standard input
    #[arg(
        value_name = "REQUEST",
        required_unless_present = "resume",
        conflicts_with = "resume"
    )]
    request: Vec<String>,
    /// Begin with this expert instead of the flake's own
    #[arg(long, value_name = "EXPERT", conflicts_with = "resume")]
    to: Option<String>,
    /// Ask the expert of a pack where its flake is not: a folder that `nix build .#poag-pack` made
    #[arg(long, value_name = "FOLDER", conflicts_with = "to")]
    pack: Option<PathBuf>,
    /// The plan as JSON [default when piped]
    #[arg(long, group = "form")]
    json: bool,
    /// The plan as Markdown, for a pull request or a coding agent
    #[arg(long, group = "form")]
    markdown: bool,
    /// The plan for reading [default on a terminal]
    #[arg(long, group = "form")]
    text: bool,
    /// Who thinks: librarian, claude-code, codex, gemini, acp or command, for all experts or for one
    /// (`hello-rs=librarian`)
    #[arg(long, value_name = "[EXPERT=]BACKEND")]
    backend: Vec<String>,
    #[command(flatten)]
    commands: CommandArgs,
    /// Go on with a run that was interrupted: the latest of this flake, or the one named
    #[arg(long, value_name = "RUN", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    resume: Option<String>,
    #[command(flatten)]
    limits: LimitArgs,
}

/// Runs the verb.
pub async fn run(args: AskArgs, global: Global) -> Result<u8, Error> {
    let engine = engine_with(&global, &args.commands)?;
    let words = request(&args.request)?;
    let target = match &args.pack {
        Some(pack) => target_of_pack(&engine, &global, pack)?,
        None => target(&engine, &global, None)?,
    };
    let backends = BackendChoice::of(args.backend.iter().map(String::as_str));
    let mut watch = Watch::new(global.quiet);
    let outcome = match &args.resume {
        Some(_) if args.limits.given() => {
            return Err(Error::Usage(
                "a run keeps the limits that it began with\nrepair: go on without them, or ask again without --resume".into(),
            ));
        }
        Some(run) => {
            let run = Some(run.clone()).filter(|run| !run.is_empty());
            let request = ResumeRequest { run, backends };
            engine.resume(&target, &request, &mut watch).await?
        }
        None => {
            let request = AskRequest {
                request: words,
                expert: args.to.clone(),
                backends,
                limits: args.limits.settings(),
                turn_seconds: args.limits.turn_timeout,
            };
            engine.ask(&target, &request, &mut watch).await?
        }
    };
    print(&args, &outcome.plan)?;
    Ok(code(&outcome.plan))
}

fn request(words: &[String]) -> Result<String, Error> {
    if words != ["-"] {
        return Ok(words.join(" "));
    }
    let mut text = String::new();
    // One byte more than a council takes, for it to refuse.
    let most = REQUEST_BYTES as u64 + 1;
    std::io::stdin().take(most).read_to_string(&mut text)?;
    Ok(text.trim().to_string())
}

fn print(args: &AskArgs, plan: &Plan) -> Result<(), Error> {
    let whole = |text: String| match text.ends_with('\n') {
        true => text,
        false => text + "\n",
    };
    if args.markdown {
        terminal::document(&whole(plan.to_markdown()))?;
    } else if args.text || (terminal::output_is_terminal() && !args.json) {
        terminal::people(&whole(plan.to_terminal(terminal::paint::EMPHASIS)))?;
    } else {
        let json = plan.to_json().map_err(std::io::Error::from)?;
        terminal::json(whole(json).as_bytes())?;
    }
    Ok(())
}

fn code(plan: &Plan) -> u8 {
    if plan.has_dissent() {
        exit::DISSENT
    } else if !plan.is_empty() {
        exit::OK
    } else if plan.root_failure().is_some() {
        exit::NO_ANSWER
    } else {
        exit::NOTHING_FOUND
    }
}

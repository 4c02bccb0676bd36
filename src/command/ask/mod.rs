//! `poag ask`: a request goes to the experts of a flake, and one plan comes back.

mod limits;
mod participants;
mod remote;
mod request;
pub mod watch;

use std::path::PathBuf;

use clap::Args;

use super::consent::CommandArgs;
use super::context::{engine_with, target, target_of_pack};
use super::print::whole;
use super::remote::Remote;
use super::runs::{LAST, find, told};
use super::snippet::names;
use crate::command::global::Global;
use crate::engine::{AskRequest, BackendChoice, Engine, ProjectRef, ResumeRequest};
use crate::error::{Error, exit};
use crate::plan::{Plan, PlanView};
use crate::terminal;

use limits::LimitArgs;
pub(super) use limits::dollars;
pub(super) use request::of as request_of;
use watch::Watch;

const EXAMPLES: &str = "\
Examples:
  poag ask \"How do I call the greeting from Python?\"
  poag ask --markdown \"Make the greeting polite on request\" > plan.md
  poag ask --to hello-py - < request.txt
  poag ask --pack ./result \"How do I call the greeting?\"
  poag ask --backend claude-code --model opus \"Make the greeting polite on request\"
  poag ask --resume
  poag ask --resume 0197f

A run that goes on keeps the backends, models, commands and limits that it began with, unless others
are named. A limit that is not given is the one that the flake of the first expert declares in `council`, else
poag's own. One expert is bound by `agent` of its flake, too.";

/// Lets the experts discuss a request, and prints one plan
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct AskArgs {
    /// The request, in your own words; `-` reads it from standard input. Without it, what is piped is the request; on a
    /// terminal, what you write in $EDITOR
    #[arg(value_name = "REQUEST", conflicts_with = "resume")]
    request: Vec<String>,
    /// Begin with this expert instead of the flake's own
    #[arg(long, value_name = "EXPERT", conflicts_with = "resume")]
    to: Option<String>,
    /// Ask the expert of a pack where its flake is not: a folder that `nix build .#poag-pack` made
    #[arg(long, value_name = "FOLDER", conflicts_with = "to")]
    pack: Option<PathBuf>,
    /// With a snippet behind the request
    #[arg(long, value_name = "snippet:NAME", conflicts_with = "resume")]
    with: Vec<String>,
    /// The plan as JSON [default when piped]
    #[arg(long, group = "form")]
    json: bool,
    /// The plan as Markdown, for a pull request or a coding agent
    #[arg(long, group = "form")]
    markdown: bool,
    /// The plan for reading [default on a terminal]
    #[arg(long, group = "form")]
    text: bool,
    /// The plan for reading with everything in it: every file, all evidence, each line of a step
    #[arg(long, conflicts_with_all = ["json", "markdown"])]
    long: bool,
    /// Who thinks: librarian, claude-code, codex, gemini, acp, openai or command, for all experts or for one
    /// (`hello-rs=librarian`)
    #[arg(long, value_name = "[EXPERT=]BACKEND")]
    backend: Vec<String>,
    /// With which model, in the words of its backend, for all experts or for one (`hello-rs=opus`)
    #[arg(long, value_name = "[EXPERT=]MODEL")]
    model: Vec<String>,
    #[command(flatten)]
    commands: CommandArgs,
    /// Go on with a run that was interrupted: the latest of this flake, or the one named by the beginning of its id
    #[arg(long, value_name = "RUN", num_args = 0..=1, default_missing_value = LAST)]
    resume: Option<String>,
    #[command(flatten)]
    limits: LimitArgs,
}

/// Runs the verb.
pub async fn run(args: AskArgs, global: Global) -> Result<u8, Error> {
    if args.resume.is_some() && args.limits.given() {
        return Err(Error::Usage(
            "a run keeps the limits that it began with\nrepair: go on without them, or ask again without --resume".into(),
        ));
    }
    let mut watch = Watch::new(global.quiet);
    let plan = match Remote::of(&global).await? {
        Some(server) => remote::ask(&args, &global, &server, &mut watch).await?,
        None => here(&args, &global, &mut watch).await?,
    };
    match args.form() {
        // The plan itself ends with what it cost.
        Form::Text if terminal::output_is_terminal() => drop(watch),
        _ => watch.done(),
    }
    print(&args, &plan)?;
    Ok(code(&plan))
}

/// Asks on this machine.
async fn here(args: &AskArgs, global: &Global, watch: &mut Watch) -> Result<Plan, Error> {
    let engine = engine_with(global, &args.commands)?;
    let run = match &args.resume {
        Some(word) if word == LAST => None,
        Some(word) => Some(find(&engine.runs()?, word, global)?),
        None => None,
    };
    let target = asked(args, &engine, global, run.as_deref())?;
    let backends = args.backends();
    let outcome = if args.resume.is_some() {
        let request = ResumeRequest { run, backends };
        engine.resume(&target, &request, watch).await?
    } else {
        let words = request::of(&args.request)?;
        let request = AskRequest {
            run: None,
            request: engine.with_snippets(&words, &names(&args.with)?)?,
            expert: args.to.clone(),
            backends,
            limits: args.limits.settings(),
            turn_seconds: args.limits.turn_timeout,
        };
        engine.ask(&target, &request, watch).await?
    };
    Ok(outcome.plan)
}

/// Columns that text for reading has at most.
const WIDTH: usize = 100;

/// How the plan is printed.
#[derive(Clone, Copy, Debug)]
enum Form {
    Json,
    Markdown,
    Text,
}

impl AskArgs {
    fn backends(&self) -> BackendChoice {
        let backends = BackendChoice::of(self.backend.iter().map(String::as_str));
        backends.with_models(self.model.iter().map(String::as_str))
    }

    fn form(&self) -> Form {
        if self.markdown {
            Form::Markdown
        } else if self.text || self.long || (terminal::output_is_terminal() && !self.json) {
            Form::Text
        } else {
            Form::Json
        }
    }
}

/// What is asked: a run that is named is gone on with where it was begun, wherever the person stands.
fn asked(
    args: &AskArgs,
    engine: &Engine,
    global: &Global,
    run: Option<&str>,
) -> Result<ProjectRef, Error> {
    match (&args.pack, run) {
        (Some(pack), _) => target_of_pack(engine, global, pack),
        (None, Some(run)) if global.flake.is_none() => Ok(engine.runs()?.target(run)?),
        (None, _) => target(engine, global, None),
    }
}

fn print(args: &AskArgs, plan: &Plan) -> Result<(), Error> {
    match args.form() {
        Form::Markdown => terminal::document(&whole(plan.to_markdown()))?,
        Form::Text => {
            let view = PlanView {
                emphasis: terminal::paint::EMPHASIS,
                width: told::width().min(WIDTH),
                long: args.long,
            };
            terminal::people(&whole(plan.to_terminal(&view)))?;
        }
        Form::Json => {
            let json = plan.to_json().map_err(std::io::Error::from)?;
            terminal::json(whole(json).as_bytes())?;
        }
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

//! `poag ask`: a request goes to the experts of a flake, and one plan comes back.

mod hold;
mod limits;
pub mod watch;

use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::cast::Cast;
use super::cast::consent::CommandArgs;
use super::context::open_ledger;
use super::{Context, style};
use crate::command::global::Global;
use crate::council::plan::Plan;
use crate::engine::run::error::REQUEST_BYTES;
use crate::engine::run::{self, Outcome};
use crate::error::{Error, exit};
use crate::expert::{Graph, Status};
use crate::ledger::SqliteLedger;
use crate::terminal;

use hold::rooted;
pub use hold::{Wanted, hold};
pub use limits::LimitArgs;
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
pub struct Ask {
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
pub async fn run(args: Ask, global: Global) -> Result<u8, Error> {
    let request = request(&args.request)?;
    let context = match &args.pack {
        Some(pack) => Context::of_pack(global, pack)?,
        None => Context::new(global, None)?,
    };
    let quiet = context.global.quiet;
    let mut watch = Watch::new(quiet);
    let outcome = match &args.resume {
        Some(run) => resume(&args, &context, run, &mut watch).await?,
        None => {
            let wanted = Wanted {
                request: &request,
                to: args.to.as_deref(),
                backends: &args.backend,
                commands: &args.commands,
                limits: &args.limits,
            };
            let told = |graph: &Graph| {
                if !quiet {
                    mention_stale(graph);
                }
            };
            hold(&context, &wanted, told, &mut watch).await?
        }
    };
    print(&args, &outcome.plan)?;
    Ok(code(&outcome.plan))
}

async fn resume(
    args: &Ask,
    context: &Context,
    run: &str,
    watch: &mut Watch,
) -> Result<Outcome, Error> {
    if args.limits.given() {
        return Err(Error::Usage(
            "a run keeps the limits that it began with\nrepair: go on without them, or ask again without --resume".into(),
        ));
    }
    let graph = context.evaluate().await?.graph;
    let ledger: &SqliteLedger = &open_ledger()?;
    let flake = context.flake.to_string();
    let run = match run {
        "" => run::unfinished(ledger, &flake)?.map(|run| run.id),
        named => Some(named.to_string()),
    };
    let run = run.ok_or(Error::NothingToResume { flake })?;
    // The run may have begun with another expert than the flake's own.
    let history = run::history(ledger, &run)?;
    let graph = Arc::new(rooted(&graph, &history.graph.root)?);
    let mut backends = args.backend.clone();
    if backends.is_empty() {
        // Those that it began with, whatever the command line said then.
        let began = history.council()?.started().backends.clone();
        let here = began
            .into_iter()
            .filter(|(name, _)| graph.expert(name).is_some());
        backends.extend(here.map(|(name, backend)| format!("{name}={backend}")));
    }
    let cast = Cast::new(context, &graph, &backends, &args.commands)?;
    Ok(run::resume(&graph, &run, Arc::new(cast), ledger, watch).await?)
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

/// Whoever answers from an older state of its flake should not do so unseen.
fn mention_stale(graph: &Graph) {
    for expert in graph.experts.values() {
        let freshness = &expert.freshness;
        if freshness.status == Status::Stale {
            let name = &expert.name;
            let note = style::warn("note:");
            terminal::note(&format!(
                "{note} {name} is stale; it answers from its flake as it is now ({})",
                freshness.repair
            ));
        }
    }
}

fn print(args: &Ask, plan: &Plan) -> Result<(), Error> {
    let whole = |text: String| match text.ends_with('\n') {
        true => text,
        false => text + "\n",
    };
    if args.markdown {
        terminal::document(&whole(plan.to_markdown()))?;
    } else if args.text || (terminal::output_is_terminal() && !args.json) {
        terminal::people(&whole(plan.to_terminal()))?;
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

//! `poag work`: a plan is carried out, watched, reviewed and landed.

mod change;
mod look;
mod remote;
mod report;
mod start;
mod templates;
mod verify;
mod watch;

use clap::{Args, Subcommand};

use super::context::{engine, here};
use super::detach;
use super::global::Global;
use super::remote::Remote;
use crate::engine::Engine;
use crate::engine::work::WorkLedger;
use crate::error::{Error, exit};
use crate::terminal;
use poag_core::work::view::WorkView;

const EXAMPLES: &str = "\
Examples:
  poag ask \"Make the greeting polite on request\"
  poag work start --agent claude-code
  poag work start --agent-command ./do-it --review-command ./look-at-it --approvals 1
  poag work start tasks.json --agent codex --detach
  poag work start --template design --from last
  poag work show
  poag work review hello-py --object \"the default must not change\"
  poag work land

WORK is the beginning of a work's id, as `poag work list` shows them, or `last` for the newest of this flake; the
newest is meant where none is named.";

/// Carries a plan out: tasks, worktrees, reviews, merges, and one branch for you
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct WorkArgs {
    #[command(subcommand)]
    verb: WorkVerb,
}

#[derive(Debug, Subcommand)]
enum WorkVerb {
    Start(start::StartArgs),
    /// Lists the templates that `--template` knows by name, or prints one
    Templates(templates::TemplatesArgs),
    /// Tells whether the deliverables of a design are what they have to be
    Verify(verify::VerifyArgs),
    /// Lists the works of this flake, newest first
    List {
        /// Works of every flake on this machine
        #[arg(long)]
        all: bool,
        /// For a script
        #[arg(long)]
        json: bool,
    },
    /// Shows where each task stands, and what needs you
    Show(look::ShowArgs),
    /// Tells what happened, in order
    Log(look::LogArgs),
    /// Shows what was changed so far
    Diff(look::DiffArgs),
    /// Writes one HTML page about the work, with JUnit and SARIF beside it
    Page(report::PageArgs),
    /// Tells of every branch of the work whether it landed, is pending or was abandoned
    Audit(look::AuditArgs),
    /// Says something to who does a task, or answers what it asks
    Say(change::SayArgs),
    /// Lets no further attempt begin
    Pause(change::WholeArgs),
    /// Goes on: with a pause, or after poag was ended; with --budget beyond what was allowed
    Resume(change::ResumeArgs),
    /// Lets a task be tried again, or a finished one be done anew
    Retry(change::TaskArgs),
    /// Leaves a task out
    Abandon(change::TaskArgs),
    /// Ends everything within 2 seconds; nothing that was written is lost
    Abort(change::WholeArgs),
    /// Approves what a task changed, objects to it, or remarks on it
    Review(change::ReviewArgs),
    /// Agrees that a milestone is reached, so that the next one begins
    Nod(change::NodArgs),
    /// Moves your branch to what was done, or offers it as a pull request
    Land(change::LandArgs),
    /// Takes a landing back: your branch moves back, or a commit reverts it where others have it
    Rollback(change::WholeArgs),
}

/// Runs the verb.
pub async fn run(args: WorkArgs, global: Global) -> Result<u8, Error> {
    if let Some(server) = Remote::of(&global).await? {
        return remote::run(args.verb, &server, &global).await;
    }
    match args.verb {
        WorkVerb::Start(args) => start::run(args, global).await,
        WorkVerb::Templates(args) => templates::run(&args),
        WorkVerb::Verify(args) => verify::run(args, global).await,
        WorkVerb::List { all, json } => look::list(&global, all, json),
        WorkVerb::Show(args) => look::show(&args, &global),
        WorkVerb::Log(args) => look::log(&args, &global),
        WorkVerb::Diff(args) => look::diff(&args, &global),
        WorkVerb::Page(args) => report::run(&args, &global),
        WorkVerb::Audit(args) => look::audit(&args, &global),
        WorkVerb::Say(args) => change::say(args, global).await,
        WorkVerb::Pause(args) => change::pause(&args, &global),
        WorkVerb::Resume(args) => change::resume(args, global).await,
        WorkVerb::Retry(args) => change::retry(args, global).await,
        WorkVerb::Abandon(args) => change::abandon(&args, &global),
        WorkVerb::Abort(args) => change::abort(args, global).await,
        WorkVerb::Review(args) => change::review(args, global).await,
        WorkVerb::Nod(args) => change::nod(args, global).await,
        WorkVerb::Land(args) => change::land(&args, &global),
        WorkVerb::Rollback(args) => change::rollback(&args, &global),
    }
}

/// Works, and the id of the one that is meant.
fn meant(global: &Global, word: Option<&str>) -> Result<(Engine, WorkLedger, String), Error> {
    let engine = engine(global)?;
    let works = engine.works()?;
    let flake = here(&engine, global)?;
    let work = works.find(word.unwrap_or("last"), flake.as_deref())?;
    Ok((engine, works, work))
}

/// Lets a work go on without the terminal, and returns at once.
fn go_on_apart(engine: &Engine, work: &str) -> Result<u8, Error> {
    detach::start(engine, &["work", "resume", "--detached", work])?;
    terminal::note(&format!(
        "it goes on by itself; `poag work show {work}` tells how far it is"
    ));
    Ok(exit::OK)
}

/// The code with which a work that was looked at ends.
fn code(view: &WorkView) -> u8 {
    match view.state.as_str() {
        "needs you" => exit::NEEDS_PERSON,
        "aborted" => exit::FAILURE,
        _ if view.tasks.iter().any(|task| task.state == "in review") => exit::NEEDS_PERSON,
        _ => exit::OK,
    }
}

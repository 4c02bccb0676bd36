//! What a person changes about a work.

use clap::{ArgGroup, Args};

use super::start::budget;
use super::watch::WorkWatch;
use super::{code, go_on_apart, look, meant};
use crate::command::context::person;
use crate::command::detach;
use crate::command::global::Global;
use crate::engine::work::{LandRequest, OfferRequest, PolicyChange, ReviewWords};
use crate::engine::{Engine, EngineError};
use crate::error::{Error, exit};
use crate::terminal;
use poag_core::work::{TaskId, WorkEvent};

/// Something about the whole work.
#[derive(Args, Debug)]
pub struct WholeArgs {
    /// The work
    #[arg(value_name = "WORK")]
    pub work: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "a person said so")]
    pub reason: String,
}

/// Something about one task.
#[derive(Args, Debug)]
pub struct TaskArgs {
    /// The task
    #[arg(value_name = "TASK")]
    pub task: String,
    /// The work
    #[arg(long, value_name = "WORK")]
    pub work: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "a person said so")]
    pub reason: String,
}

/// Words to who does a task.
#[derive(Args, Debug)]
pub struct SayArgs {
    /// The task
    #[arg(value_name = "TASK")]
    pub task: String,
    /// What
    #[arg(value_name = "TEXT", required = true)]
    pub text: Vec<String>,
    /// The work
    #[arg(long, value_name = "WORK")]
    pub work: Option<String>,
}

/// How a work goes on.
#[derive(Args, Debug)]
pub struct ResumeArgs {
    /// The work
    #[arg(value_name = "WORK")]
    pub work: Option<String>,
    /// What it may take from now on, such as `5usd`, `200000tokens` or `30min`
    #[arg(long, value_name = "AMOUNT")]
    pub budget: Vec<String>,
    /// Approvals that each task needs from now on
    #[arg(long, value_name = "N")]
    pub approvals: Option<u32>,
    /// Returns at once; the work goes on without this terminal
    #[arg(long)]
    pub detach: bool,
    /// Set for the process that `--detach` starts
    #[arg(long, hide = true)]
    pub detached: bool,
}

/// A verdict.
#[derive(Args, Debug)]
#[command(group(ArgGroup::new("verdict").required(true)))]
pub struct ReviewArgs {
    /// The task
    #[arg(value_name = "TASK")]
    pub task: String,
    /// It may be merged
    #[arg(long, group = "verdict")]
    pub approve: bool,
    /// It may not, and why
    #[arg(long, value_name = "TEXT", group = "verdict")]
    pub object: Option<String>,
    /// A remark, with its place: `--comment src/lib.rs:12 "…"`, or `--comment - "…"` for none
    #[arg(long, num_args = 2, value_names = ["FILE:LINE", "TEXT"], group = "verdict")]
    pub comment: Option<Vec<String>>,
    /// The work
    #[arg(long, value_name = "WORK")]
    pub work: Option<String>,
}

/// Where it lands.
#[derive(Args, Debug)]
pub struct LandArgs {
    /// The work
    #[arg(value_name = "WORK")]
    pub work: Option<String>,
    /// The branch [default: the one that was checked out when the work began]
    #[arg(long, value_name = "BRANCH")]
    pub branch: Option<String>,
    /// Moves no branch of yours: pushes the work's branch to a remote, never by force, and opens a pull request with `gh`,
    /// or says the words that open it where there is no `gh`
    #[arg(long)]
    pub pr: bool,
    /// The remote
    #[arg(long, value_name = "REMOTE", default_value = "origin", requires = "pr")]
    remote: String,
}

/// A person's yes to a milestone.
#[derive(Args, Debug)]
pub struct NodArgs {
    /// The milestone [default: the one that waits for it]
    #[arg(value_name = "MILESTONE")]
    pub milestone: Option<String>,
    /// The work
    #[arg(long, value_name = "WORK")]
    pub work: Option<String>,
}

pub fn task(word: &str) -> Result<TaskId, Error> {
    TaskId::new(word).map_err(Error::Usage)
}

/// Writes one event about the whole work.
fn note(global: &Global, word: Option<&str>, event: &WorkEvent) -> Result<(Engine, String), Error> {
    let (engine, works, id) = meant(global, word)?;
    let mut work = works.open(&id).map_err(EngineError::from)?;
    work.note(event).map_err(EngineError::from)?;
    Ok((engine, id))
}

/// Lets a work go on where no process supervises it.
async fn go_on(engine: &Engine, work: &str, global: &Global) -> Result<u8, Error> {
    if engine
        .works()?
        .holder(work)
        .map_err(EngineError::from)?
        .is_some()
    {
        return Ok(exit::OK);
    }
    let view = engine
        .supervise_work(work, &mut WorkWatch::new(global.quiet))
        .await?;
    terminal::note(&look::table(&view));
    Ok(code(&view))
}

/// Runs `say`.
pub async fn say(args: SayArgs, global: Global) -> Result<u8, Error> {
    let (engine, works, id) = meant(&global, args.work.as_deref())?;
    let mut work = works.open(&id).map_err(EngineError::from)?;
    let text = args.text.join(" ");
    work.say(&task(&args.task)?, &person(), &text)
        .map_err(EngineError::from)?;
    go_on(&engine, &id, &global).await
}

/// Runs `pause`.
pub fn pause(args: &WholeArgs, global: &Global) -> Result<u8, Error> {
    let event = WorkEvent::Paused { by: person() };
    note(global, args.work.as_deref(), &event)?;
    Ok(exit::OK)
}

/// Runs `resume`.
pub async fn resume(args: ResumeArgs, global: Global) -> Result<u8, Error> {
    if args.detached {
        detach::leave_terminal();
    }
    let (engine, works, id) = meant(&global, args.work.as_deref())?;
    let mut change = PolicyChange {
        approvals: args.approvals,
        ..PolicyChange::default()
    };
    budget(&args.budget, &mut change)?;
    let mut work = works.open(&id).map_err(EngineError::from)?;
    work.change_policy(&change, &person())
        .map_err(EngineError::from)?;
    work.unpause(&person()).map_err(EngineError::from)?;
    if args.detach {
        return go_on_apart(&engine, &id);
    }
    let watch = WorkWatch::new(global.quiet);
    let mut watch = match args.detached {
        true => watch.detached(),
        false => watch,
    };
    let view = engine.supervise_work(&id, &mut watch).await?;
    terminal::note(&look::table(&view));
    Ok(code(&view))
}

/// Runs `retry`.
pub async fn retry(args: TaskArgs, global: Global) -> Result<u8, Error> {
    let (engine, works, id) = meant(&global, args.work.as_deref())?;
    let mut work = works.open(&id).map_err(EngineError::from)?;
    work.retry(&task(&args.task)?, &person())
        .map_err(EngineError::from)?;
    go_on(&engine, &id, &global).await
}

/// Runs `abandon`.
pub fn abandon(args: &TaskArgs, global: &Global) -> Result<u8, Error> {
    let event = WorkEvent::Abandoned {
        task: task(&args.task)?,
        reason: args.reason.clone(),
    };
    note(global, args.work.as_deref(), &event)?;
    Ok(exit::OK)
}

/// Runs `abort`.
pub async fn abort(args: WholeArgs, global: Global) -> Result<u8, Error> {
    let event = WorkEvent::Aborted {
        by: person(),
        reason: args.reason.clone(),
    };
    let (engine, id) = note(&global, args.work.as_deref(), &event)?;
    let kept = match engine.end_aborted(&id).await? {
        true => "branches and what was uncommitted are kept",
        false => "branches are kept, and what was uncommitted is being put into refs",
    };
    terminal::note(&format!("everything has ended; {kept} (`poag work audit`)"));
    Ok(exit::OK)
}

/// Runs `review`.
pub async fn review(args: ReviewArgs, global: Global) -> Result<u8, Error> {
    let (engine, works, id) = meant(&global, args.work.as_deref())?;
    let words = match (&args.object, &args.comment) {
        (Some(reason), _) => ReviewWords::Object(reason.clone()),
        (None, Some(words)) => comment(words),
        (None, None) => ReviewWords::Approve,
    };
    let mut work = works.open(&id).map_err(EngineError::from)?;
    let task = task(&args.task)?;
    work.review(&task, &person(), &words)
        .map_err(EngineError::from)?;
    go_on(&engine, &id, &global).await
}

pub fn comment(words: &[String]) -> ReviewWords {
    let text = words.get(1).cloned().unwrap_or_default();
    let place = words.first().filter(|place| *place != "-").map(|place| {
        let parts = place.rsplit_once(':');
        let line = parts.and_then(|(path, line)| Some((path.to_owned(), Some(line.parse().ok()?))));
        line.unwrap_or_else(|| (place.clone(), None))
    });
    ReviewWords::Comment(place, text)
}

/// Runs `nod`.
pub async fn nod(args: NodArgs, global: Global) -> Result<u8, Error> {
    let (engine, works, id) = meant(&global, args.work.as_deref())?;
    let mut work = works.open(&id).map_err(EngineError::from)?;
    work.nod(args.milestone.as_deref(), &person())
        .map_err(EngineError::from)?;
    go_on(&engine, &id, &global).await
}

/// Runs `land`.
pub fn land(args: &LandArgs, global: &Global) -> Result<u8, Error> {
    let (engine, _, id) = meant(global, args.work.as_deref())?;
    if args.pr {
        let request = OfferRequest {
            branch: args.branch.clone(),
            remote: args.remote.clone(),
        };
        let offered = engine.offer_work(&id, &request)?;
        let branch = &offered.branch;
        match &offered.opened {
            Some(address) => {
                terminal::note(&format!("{branch} is pushed, with a pull request:"));
                terminal::document(&format!("{address}\n"))?;
            }
            None => {
                terminal::note(&format!(
                    "{branch} is pushed; there is no gh here: this opens a pull request"
                ));
                terminal::document(&format!("{}\n", shell_words::join(&offered.words)))?;
            }
        }
        return Ok(exit::OK);
    }
    let request = LandRequest {
        branch: args.branch.clone(),
        by: person(),
    };
    let landing = engine.land_work(&id, &request)?;
    terminal::note(&format!(
        "{} is at {} now; `poag work rollback` takes it back",
        landing.branch, landing.after
    ));
    Ok(exit::OK)
}

/// Runs `rollback`.
pub fn rollback(args: &WholeArgs, global: &Global) -> Result<u8, Error> {
    let (engine, _, id) = meant(global, args.work.as_deref())?;
    let said = engine.rollback_work(&id, &person())?;
    terminal::note(&said);
    Ok(exit::OK)
}

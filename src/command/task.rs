//! `poag task`: what any worker does to a task, by JSON and exit codes.

mod remote;

use clap::{Args, Subcommand};

use super::context::engine;
use super::global::Global;
use super::print::{json_line, piped};
use super::remote::Remote;
use crate::engine::work::{ClaimRequest, OpenWork, claimed_outcome};
use crate::engine::{Engine, EngineError};
use crate::error::{Error, exit};
use poag_core::work::TaskId;

const EXAMPLES: &str = "\
Examples:
  poag task ready
  poag task claim --actor command
  poag task log hello-py --epoch 3 --percent 50 \"half of it\"
  poag task fail hello-py --epoch 3 --reason \"the tests are red\" --log - < log.txt

Every answer is one JSON document. A claim gives an epoch, which everything else under it carries; what comes under an older
one is kept, changes nothing, and ends with 11, as does whatever the board does not allow.";

/// Claims tasks of a work and tells what becomes of them, for any worker
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct TaskVerbArgs {
    /// The work: the beginning of its id, or `last`
    #[arg(long, global = true, value_name = "WORK", default_value = "last")]
    work: String,
    #[command(subcommand)]
    verb: TaskVerb,
}

/// A task under a lease.
#[derive(Args, Debug)]
struct Leased {
    /// The task
    #[arg(value_name = "TASK")]
    task: String,
    /// The epoch that the claim gave
    #[arg(long, value_name = "N")]
    epoch: u64,
}

#[derive(Debug, Subcommand)]
enum TaskVerb {
    /// Lists the tasks that can be claimed now
    Ready,
    /// Shows a task, with where it stands
    Show {
        /// The task
        #[arg(value_name = "TASK")]
        task: String,
    },
    /// Claims a task, or the first that is ready, and begins an attempt at it
    Claim {
        /// The task
        #[arg(value_name = "TASK")]
        task: Option<String>,
        /// Who
        #[arg(long, value_name = "ACTOR")]
        actor: String,
        /// How many tasks of one expert at most, each ready but for those before it
        #[arg(long, value_name = "N", default_value_t = 1)]
        trajectory: usize,
    },
    /// Makes a lease last longer
    Renew {
        /// The epoch that the claim gave
        #[arg(long, value_name = "N")]
        epoch: u64,
    },
    /// Gives a task back
    Release {
        #[command(flatten)]
        leased: Leased,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "given back")]
        reason: String,
    },
    /// Tells what is being done
    Log {
        #[command(flatten)]
        leased: Leased,
        /// What
        #[arg(value_name = "TEXT")]
        text: String,
        /// How far it is, from 0 to 100
        #[arg(long, value_name = "N")]
        percent: Option<u8>,
    },
    /// Says that a task is done: a commit of the repository, which is proven before it counts
    Done {
        #[command(flatten)]
        leased: Leased,
        /// The commit, from the work's branch; it changes nothing but the task's flake
        #[arg(long, value_name = "REV")]
        commit: String,
        /// What was done
        #[arg(long, value_name = "TEXT")]
        summary: String,
    },
    /// Says that an attempt came to nothing
    Fail {
        #[command(flatten)]
        leased: Leased,
        /// Why, in one line
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// A file with what the next attempt is told, or `-` for standard input
        #[arg(long, value_name = "FILE")]
        log: Option<String>,
    },
    /// Asks a person; the lease ends
    Ask {
        #[command(flatten)]
        leased: Leased,
        /// What
        #[arg(value_name = "QUESTION")]
        question: String,
    },
}

/// Runs the verb.
pub async fn run(args: TaskVerbArgs, global: Global) -> Result<u8, Error> {
    if let Some(server) = Remote::of(&global).await? {
        return remote::run(&args.verb, &args.work, &server).await;
    }
    let engine = engine(&global)?;
    let works = engine.works()?;
    let id = works.find(&args.work, None)?;
    if let TaskVerb::Done {
        leased,
        summary,
        commit,
    } = &args.verb
    {
        return done(&engine, &id, leased, (commit, summary)).await;
    }
    let mut work = works.open(&id).map_err(EngineError::from)?;
    verb(&args.verb, &mut work)
}

async fn done(
    engine: &Engine,
    work: &str,
    leased: &Leased,
    (commit, summary): (&str, &str),
) -> Result<u8, Error> {
    let outcome = claimed_outcome(summary);
    let lease = (&task(&leased.task)?, leased.epoch);
    match engine.worker_done(work, lease, (commit, &outcome)).await? {
        Ok(proof) => json_line(&serde_json::json!({ "ok": true, "proof": proof })),
        Err(why) => {
            json_line(&serde_json::json!({ "ok": false, "why": why }))?;
            Ok(exit::FAILURE)
        }
    }
}

fn verb(verb: &TaskVerb, work: &mut OpenWork<'_>) -> Result<u8, Error> {
    let under = |leased: &Leased| Ok::<_, Error>((task(&leased.task)?, leased.epoch));
    match verb {
        TaskVerb::Ready => {
            let ready = work.ready();
            let none = ready.is_empty();
            json_line(&ready)?;
            return Ok(match none {
                true => exit::NOTHING_FOUND,
                false => exit::OK,
            });
        }
        TaskVerb::Show { task } => {
            let record = work.board().task(task).ok_or_else(|| no_task(task))?;
            return json_line(record);
        }
        TaskVerb::Claim {
            task: word,
            actor,
            trajectory,
        } => return claim(work, word.as_deref(), actor, *trajectory),
        TaskVerb::Renew { epoch } => {
            let until = work.renew(*epoch).map_err(EngineError::from)?;
            return json_line(&serde_json::json!({ "epoch": epoch, "until": until }));
        }
        TaskVerb::Release { leased, reason } => {
            let (task, epoch) = under(leased)?;
            work.release(&task, epoch, reason)
        }
        TaskVerb::Log {
            leased,
            text,
            percent,
        } => {
            let (task, epoch) = under(leased)?;
            work.log(&task, epoch, text, *percent)
        }
        // It needs the repository, and is done before.
        TaskVerb::Done { .. } => return Ok(exit::OK),
        TaskVerb::Fail {
            leased,
            reason,
            log,
        } => {
            let (task, epoch) = under(leased)?;
            let log = log.as_deref().map(text).transpose()?.unwrap_or_default();
            work.fail(&task, epoch, (reason, &log))
        }
        TaskVerb::Ask { leased, question } => {
            let (task, epoch) = under(leased)?;
            work.ask(&task, epoch, question)
        }
    }
    .map_err(EngineError::from)?;
    json_line(&serde_json::json!({ "ok": true }))
}

fn claim(
    work: &mut OpenWork<'_>,
    word: Option<&str>,
    actor: &str,
    trajectory: usize,
) -> Result<u8, Error> {
    let request = ClaimRequest {
        actor: actor.to_owned(),
        task: word.map(task).transpose()?,
        trajectory,
        supervised: false,
    };
    let claimed = work.claim_and_begin(&request).map_err(EngineError::from)?;
    json_line(&claimed)
}

fn task(word: &str) -> Result<TaskId, Error> {
    TaskId::new(word).map_err(Error::Usage)
}

fn no_task(word: &str) -> Error {
    let task = TaskId::near(word);
    let refusal = poag_core::work::BoardRefusal::NoTask { task };
    EngineError::from(crate::engine::work::WorkError::from(refusal)).into()
}

/// A file, or standard input.
fn text(file: &str) -> Result<String, Error> {
    if file == "-" {
        return piped(1 << 20);
    }
    Ok(std::fs::read_to_string(file).map_err(EngineError::file(file))?)
}

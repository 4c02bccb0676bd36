//! Works that a server has. It lets them go on itself; what is waited for here is that it does so no more.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::change::{NodArgs, ResumeArgs, ReviewArgs, TaskArgs, comment, task};
use super::start::{StartArgs, budget, plan};
use super::watch::WorkWatch;
use super::{WorkVerb, code, look, report, templates};
use crate::command::context::engine;
use crate::command::global::Global;
use crate::command::remote::{PROGRAMS, Remote, no_options, not_routed};
use crate::engine::work::supervise::WorkObserver as _;
use crate::engine::work::{PolicyChange, ReviewWords, WorkEntry, WorkSource, WorkSummary};
use crate::engine::{BackendChoice, EngineError};
use crate::error::{Error, exit};
use crate::terminal;
use poag_client::{OperationDef, operations as op};
use poag_core::work::view::WorkView;

/// How long events that happened are waited for once nobody lets the work go on.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// How a work stands.
#[derive(Deserialize)]
struct Standing {
    supervised: bool,
    view: WorkView,
}

/// A work as files.
#[derive(Deserialize)]
struct SentReport {
    page: String,
    junit: String,
    sarif: String,
}

/// Runs the verb.
pub async fn run(verb: WorkVerb, remote: &Remote, global: &Global) -> Result<u8, Error> {
    let meant = async |word: &Option<String>| {
        let flake = remote.here(global, None)?;
        remote.work(word.as_deref().unwrap_or("last"), flake).await
    };
    match verb {
        WorkVerb::Start(args) => start(&args, remote, global).await,
        WorkVerb::Templates(args) => templates::run(&args),
        WorkVerb::Verify(_) => not_routed(global, "`poag work verify`").map(|()| exit::OK),
        WorkVerb::List { all, json } => {
            let flake = match all {
                true => None,
                false => remote.here(global, None)?,
            };
            look::say_list(&remote.works(flake).await?, json)
        }
        WorkVerb::Show(args) => {
            let id = meant(&args.work).await?.id;
            let view = remote.call(op::GET_WORK, &[&id]).answer().await?;
            look::say_view(&view, args.json)
        }
        WorkVerb::Log(args) => {
            let id = meant(&args.work).await?.id;
            let events: Vec<WorkEntry> = remote.call(op::GET_WORK_EVENTS, &[&id]).answer().await?;
            look::say_log(&events, &args)
        }
        WorkVerb::Diff(args) => {
            let id = meant(&args.work).await?.id;
            let call = remote.call(op::GET_WORK_DIFF, &[&id]);
            let call = call.query("task", args.task.as_ref());
            look::say_diff(&call.text().await?)
        }
        WorkVerb::Page(args) => {
            let id = meant(&args.work).await?.id;
            let sent: SentReport = remote.call(op::GET_WORK_REPORT, &[&id]).answer().await?;
            let files = [&*sent.page, &*sent.junit, &*sent.sarif];
            report::write(&engine(global)?, &args, files)
        }
        WorkVerb::Audit(args) => {
            let id = meant(&args.work).await?.id;
            let rows: Vec<look::AuditRow> = remote
                .call(op::AUDIT_WORK, &[&id])
                .field("branches")
                .await?;
            look::say_audit(&rows, args.json)
        }
        WorkVerb::Say(args) => {
            let work = meant(&args.work).await?;
            let body = json!({ "task": name(&args.task)?, "text": args.text.join(" ") });
            changed(remote, work, (op::SAY_TO_TASK, body), global).await
        }
        WorkVerb::Pause(args) => {
            let id = meant(&args.work).await?.id;
            noted(remote, op::PAUSE_WORK, &id, json!({})).await
        }
        WorkVerb::Resume(args) => resume(&args, meant(&args.work).await?, remote, global).await,
        WorkVerb::Retry(args) => {
            let work = meant(&args.work).await?;
            changed(remote, work, (op::RETRY_TASK, reason(&args)?), global).await
        }
        WorkVerb::Abandon(args) => {
            let id = meant(&args.work).await?.id;
            noted(remote, op::ABANDON_TASK, &id, reason(&args)?).await
        }
        WorkVerb::Abort(args) => {
            let id = meant(&args.work).await?.id;
            let body = json!({ "reason": args.reason });
            noted(remote, op::ABORT_WORK, &id, body).await?;
            terminal::note("everything has ended; what was written is kept (`poag work audit`)");
            Ok(exit::OK)
        }
        WorkVerb::Review(args) => {
            let work = meant(&args.work).await?;
            changed(remote, work, (op::REVIEW_TASK, review(&args)?), global).await
        }
        WorkVerb::Nod(args) => {
            let work = meant(&args.work).await?;
            let NodArgs { milestone, .. } = args;
            let body = json!({ "milestone": milestone });
            changed(remote, work, (op::NOD_TO_MILESTONE, body), global).await
        }
        WorkVerb::Land(args) => {
            let instead =
                "push the work's branch on the machine of the server, with `poag work land --pr`";
            no_options(&[("--pr", args.pr)], instead)?;
            let id = meant(&args.work).await?.id;
            let call = remote.call(op::LAND_WORK, &[&id]);
            let body = json!({ "branch": args.branch });
            let done: String = call.body(&body).field("done").await?;
            terminal::note(&format!("{done}; `poag work rollback` takes it back"));
            Ok(exit::OK)
        }
        WorkVerb::Rollback(args) => {
            let id = meant(&args.work).await?.id;
            let call = remote.call(op::ROLLBACK_WORK, &[&id]);
            let done: String = call.body(&json!({})).field("done").await?;
            terminal::note(&done);
            Ok(exit::OK)
        }
    }
}

/// The name of a task, refused here where it is none.
fn name(word: &str) -> Result<String, Error> {
    Ok(task(word)?.as_str().to_owned())
}

fn reason(args: &TaskArgs) -> Result<Value, Error> {
    Ok(json!({ "task": name(&args.task)?, "reason": args.reason }))
}

fn review(args: &ReviewArgs) -> Result<Value, Error> {
    let task = name(&args.task)?;
    let words = match (&args.object, &args.comment) {
        (Some(reason), _) => ReviewWords::Object(reason.clone()),
        (None, Some(words)) => comment(words),
        (None, None) => ReviewWords::Approve,
    };
    Ok(match words {
        ReviewWords::Approve => json!({ "task": task, "verdict": "approve" }),
        ReviewWords::Object(why) => json!({ "task": task, "verdict": "object", "text": why }),
        ReviewWords::Comment(place, text) => {
            let (path, line) = place.unzip();
            json!({ "task": task, "verdict": "comment", "text": text, "path": path, "line": line.flatten() })
        }
    })
}

fn policy(change: &PolicyChange) -> Value {
    json!({
        "approvals": change.approvals,
        "usd": change.usd,
        "outputTokens": change.output_tokens,
        "parallel": change.parallel,
        "seconds": change.seconds,
        "keepWorktrees": change.keep_worktrees,
        "neverLand": change.never_land,
        "bids": change.bids,
    })
}

async fn start(args: &StartArgs, remote: &Remote, global: &Global) -> Result<u8, Error> {
    let programs = [
        ("--agent-command", !args.agent_command.is_empty()),
        ("--allow-command", !args.allow_command.is_empty()),
        ("--review-command", args.review_command.is_some()),
    ];
    no_options(&programs, PROGRAMS)?;
    let others = [
        ("--template", args.template.is_some()),
        ("--notify", !args.notify.is_empty()),
    ];
    no_options(
        &others,
        "begin this work on the machine of the server, without --server",
    )?;
    let change = args.policy()?;
    let flake = remote.flake(global, None)?;
    let (run, document) = match plan(args.plan.as_deref())? {
        WorkSource::Run(Some(word)) => (Some(remote.run(&word, global).await?), None),
        WorkSource::Document(document) => (None, Some(*document)),
        _ => (None, None),
    };
    let body = json!({
        "flake": flake.name,
        "run": run,
        "document": document,
        "backends": BackendChoice::of(args.agent.iter().map(String::as_str)),
        "policy": policy(&change),
        "yes": args.yes,
        "base": args.base,
        "onlyBegin": args.only_begin,
    });
    let call = remote.call(op::START_WORK, &[]).body(&body);
    let work: String = call.field("work").await?;
    terminal::document(&format!("{work}\n"))?;
    if args.only_begin {
        return Ok(exit::OK);
    }
    if args.detach {
        return Ok(goes_on(&work));
    }
    watched(remote, &work, 0, global).await
}

fn goes_on(work: &str) -> u8 {
    terminal::note(&format!(
        "it goes on by itself; `poag work show {work}` tells how far it is"
    ));
    exit::OK
}

async fn resume(
    args: &ResumeArgs,
    work: WorkSummary,
    remote: &Remote,
    global: &Global,
) -> Result<u8, Error> {
    let mut change = PolicyChange {
        approvals: args.approvals,
        ..PolicyChange::default()
    };
    budget(&args.budget, &mut change)?;
    let after = last_event(remote, &work.id).await?;
    noted(remote, op::RESUME_WORK, &work.id, policy(&change)).await?;
    match args.detach {
        true => Ok(goes_on(&work.id)),
        false => watched(remote, &work.id, after, global).await,
    }
}

/// Changes a work.
async fn noted(
    remote: &Remote,
    operation: &'static OperationDef,
    work: &str,
    body: Value,
) -> Result<u8, Error> {
    remote.call(operation, &[work]).body(&body).bytes().await?;
    Ok(exit::OK)
}

/// Changes a work, and sees what comes of it where nobody let it go on before.
async fn changed(
    remote: &Remote,
    work: WorkSummary,
    (operation, body): (&'static OperationDef, Value),
    global: &Global,
) -> Result<u8, Error> {
    let after = last_event(remote, &work.id).await?;
    noted(remote, operation, &work.id, body).await?;
    match work.holder {
        Some(_) => Ok(exit::OK),
        None => watched(remote, &work.id, after, global).await,
    }
}

async fn last_event(remote: &Remote, work: &str) -> Result<u64, Error> {
    let events: Vec<WorkEntry> = remote.call(op::GET_WORK_EVENTS, &[work]).answer().await?;
    Ok(events.last().map_or(0, |last| last.seq))
}

/// Tells what happens in a work after that event, until nobody lets it go on any more.
async fn watched(remote: &Remote, work: &str, after: u64, global: &Global) -> Result<u8, Error> {
    let mut watch = WorkWatch::new(global.quiet);
    let mut events = remote.call(op::GET_WORK_EVENTS, &[work]).events(after);
    let rests = async {
        loop {
            let call = remote.call(op::WAIT_FOR_WORK, &[work]);
            let standing: Standing = call.answer().await?;
            if !standing.supervised {
                return Ok::<_, Error>(standing.view);
            }
        }
    };
    let mut rests = std::pin::pin!(rests);
    let mut view = None;
    loop {
        let event = tokio::select! {
            biased;
            event = events.next() => event?,
            rested = &mut rests, if view.is_none() => {
                view = Some(rested?);
                continue;
            }
            () = tokio::time::sleep(LAST_WORDS), if view.is_some() => None,
        };
        let Some(event) = event else { break };
        if event.kind != "gap" {
            let entry: WorkEntry = serde_json::from_str(&event.data).map_err(EngineError::from)?;
            watch.event(&entry.event);
        }
    }
    let view = match view {
        Some(view) => view,
        None => rests.await?,
    };
    terminal::note(&look::table(&view));
    Ok(code(&view))
}

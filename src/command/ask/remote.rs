//! A question that a server puts to the experts of a flake that it serves.

use std::cell::OnceCell;
use std::time::Duration;

use serde_json::json;

use super::watch::Watch;
use super::{AskArgs, request};
use crate::command::global::Global;
use crate::command::remote::{PROGRAMS, Remote, no_options};
use crate::command::runs::LAST;
use crate::command::snippet::names;
use crate::council::Event;
use crate::engine::run::{FollowedRun, Observer as _, RunEvent};
use crate::engine::{EngineError, RunState};
use crate::error::Error;
use crate::expert::Graph;
use crate::plan::Plan;
use poag_client::{ServerCall, operations as op};

/// After how long without an event it is looked whether the run still goes on: that it was stopped is none.
const QUIET: Duration = Duration::from_secs(2);
/// How long a run that is given up may take to be stopped.
const STOP: Duration = Duration::from_secs(5);

/// What a server was asked, so that it can be given up.
#[derive(Default)]
struct Asked {
    /// What begins the run: sent again, it names the same run.
    call: OnceCell<ServerCall>,
    run: OnceCell<String>,
}

/// Asks, tells what happens, and gives the plan. Ctrl-C stops the run; it can be resumed.
pub async fn ask(
    args: &AskArgs,
    global: &Global,
    remote: &Remote,
    watch: &mut Watch,
) -> Result<Plan, Error> {
    no_options(&args.commands.given(), PROGRAMS)?;
    let pack = [("--pack", args.pack.is_some())];
    no_options(
        &pack,
        "ask the expert of a pack on this machine, without --server",
    )?;
    let asked = Asked::default();
    let work = async {
        match &args.resume {
            Some(word) => resumed(args, word, (global, remote), (watch, &asked)).await,
            None => begun(args, (global, remote), (watch, &asked)).await,
        }
    };
    tokio::select! {
        plan = work => plan,
        _ = tokio::signal::ctrl_c() => {
            // A server that does not answer any more is not waited for.
            let _ = tokio::time::timeout(STOP, stop(&asked, remote)).await;
            Err(Error::Interrupted)
        }
    }
}

async fn stop(asked: &Asked, remote: &Remote) -> Result<(), Error> {
    let run = match (asked.run.get(), asked.call.get()) {
        (Some(run), _) => run.clone(),
        (None, Some(call)) => call.clone().field("run").await?,
        (None, None) => return Ok(()),
    };
    let call = remote.call(op::CANCEL_RUN, &[&run]);
    call.body(&json!({})).bytes().await?;
    Ok(())
}

async fn begun(
    args: &AskArgs,
    (global, remote): (&Global, &Remote),
    (watch, asked): (&mut Watch, &Asked),
) -> Result<Plan, Error> {
    let words = request::of(&args.request)?;
    let flake = remote.flake(global, None)?;
    let graph = remote.graph(global, None).await?;
    let root = args.to.as_deref().and_then(|name| graph.rooted_at(name));
    let graph = root.unwrap_or(graph);
    let body = json!({
        "flake": flake.name,
        "request": words,
        "with": names(&args.with)?,
        "expert": args.to,
        "backends": args.backends(),
        "limits": args.limits.settings(),
        "turnSeconds": args.limits.turn_timeout,
    });
    let key = format!("{:032x}", fastrand::u128(..));
    let call = remote.call(op::ASK, &[]).body(&body).idempotent(&key);
    let call = asked.call.get_or_init(|| call).clone();
    watch.opened(&graph);
    let run: String = call.field("run").await?;
    let run = asked.run.get_or_init(|| run);
    let mut followed = FollowedRun::new(&graph);
    follow(remote, (run, 0), &mut followed, watch).await?;
    Ok(remote.call(op::GET_PLAN, &[run]).answer().await?)
}

async fn resumed(
    args: &AskArgs,
    word: &str,
    (global, remote): (&Global, &Remote),
    (watch, asked): (&mut Watch, &Asked),
) -> Result<Plan, Error> {
    let run = match word {
        LAST => {
            let flake = remote.flake(global, None)?;
            let runs = remote.runs(Some(flake), None).await?;
            let open = runs.into_iter().find(|one| !one.run.finished);
            open.map(|one| one.run.id).ok_or_else(|| {
                let flake = flake.flake.clone();
                EngineError::NothingToResume { flake }
            })?
        }
        word => remote.run(word, global).await?,
    };
    let events: Vec<RunEvent> = remote.call(op::GET_RUN_EVENTS, &[&run]).answer().await?;
    let finished = matches!(
        events.last().map(|one| &one.event),
        Some(Event::RunFinished { .. })
    );
    if !finished {
        let graph = graph_of(&events, remote, global).await?;
        watch.opened(&graph);
        let call = remote.call(op::RESUME_RUN, &[&run]);
        let body = json!({ "backends": args.backends() });
        call.body(&body).bytes().await?;
        let run = asked.run.get_or_init(|| run.clone());
        let mut followed = FollowedRun::new(&graph);
        followed
            .catch_up(&events, watch)
            .map_err(EngineError::from)?;
        let after = events.last().map_or(0, |last| last.seq);
        follow(remote, (run, after), &mut followed, watch).await?;
    }
    Ok(remote.call(op::GET_PLAN, &[&run]).answer().await?)
}

/// The graph on which a run began, as far as it is as it was: a run whose flakes changed does not go on.
async fn graph_of(events: &[RunEvent], remote: &Remote, global: &Global) -> Result<Graph, Error> {
    let graph = remote.graph(global, None).await?;
    let root = match events.first().map(|first| &first.event) {
        Some(Event::RunStarted(started)) => graph.rooted_at(&started.root),
        _ => None,
    };
    Ok(root.unwrap_or(graph))
}

/// Tells what happens in a run after that event, until it has come to its end.
async fn follow(
    remote: &Remote,
    (run, after): (&str, u64),
    followed: &mut FollowedRun<'_>,
    watch: &mut Watch,
) -> Result<(), Error> {
    let mut events = remote.call(op::GET_RUN_EVENTS, &[run]).events(after);
    let mut idle = false;
    loop {
        let Ok(event) = tokio::time::timeout(QUIET, events.next()).await else {
            let state: RunState = remote.call(op::GET_RUN, &[run]).field("state").await?;
            // Whoever takes it over may just be about to.
            if state == RunState::Interrupted && idle {
                return Err(Error::Stopped {
                    run: run.to_owned(),
                });
            }
            idle = state == RunState::Interrupted;
            continue;
        };
        let Some(event) = event? else {
            return Ok(());
        };
        idle = false;
        if event.kind == "gap" {
            continue;
        }
        let event: RunEvent = serde_json::from_str(&event.data).map_err(EngineError::from)?;
        followed.take_in(&event, watch).map_err(EngineError::from)?;
    }
}

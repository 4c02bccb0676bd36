//! A work as a whole: waiting until it rests, its report, the records of its tasks, and leases that are asked for without
//! the name of a task.

use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse as _, Response};
use poag_core::work::view::WorkView;
use poag_engine::EngineError;
use poag_engine::work::{ClaimRequest, Claimed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tasks::{Renewed, no_task};
use super::{OfWork, changed, with_work};
use crate::api::{Call, Nothing, Reply};
use crate::problem::Problem;
use crate::within::Within;

/// Seconds that a client waits, where it does not say, and at most.
const WAIT: u64 = 60;
const WAIT_MOST: u64 = 300;
/// How often it is looked whether somebody still supervises a work: that is no event.
const LOOKS: Duration = Duration::from_millis(100);

/// For how long.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RestSeconds {
    /// At most; how it stands then is told all the same. 0 tells it at once.
    seconds: Option<Within<0, WAIT_MOST>>,
}

/// How a work stands.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct WorkStanding {
    /// Whether a process lets it go on; else it waits for a person, or is over.
    supervised: bool,
    /// Where each task stands.
    view: WorkView,
}

/// A milestone.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NodBody {
    /// Its name; without it, the one that waits.
    #[serde(default)]
    milestone: Option<String>,
}

/// A work as files.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct WorkFiles {
    /// One HTML page that needs nothing else.
    page: String,
    /// The checks, as JUnit.
    junit: String,
    /// What reviewers object to, as SARIF.
    sarif: String,
}

/// A task of a work.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct TaskOfWork {
    /// The work's id.
    work: String,
    /// The task's name.
    task: String,
}

/// Who claims.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstClaim {
    /// The actor, as the work names it.
    actor: String,
    /// How many tasks of one expert at most, each ready but for those before it.
    #[serde(default)]
    trajectory: Option<Within<1, 100>>,
}

/// An epoch.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeaseEpoch {
    /// The one that the claim gave.
    epoch: u64,
}

pub(crate) async fn rest(call: Call<OfWork, RestSeconds>) -> Result<WorkStanding, Problem> {
    let server = &call.server;
    let seconds = call.query.seconds.and_then(Within::to).unwrap_or(WAIT);
    let end = tokio::time::Instant::now() + Duration::from_secs(seconds);
    let mut stopping = server.stopping.clone();
    loop {
        let own = Arc::clone(server);
        let now = with_work(server, call.path.work.clone(), move |works, work| {
            // Whoever begins to supervise it here is there before it has its claim.
            let here = own.driving.drives(work.id());
            let held = works.holder(work.id()).map_err(EngineError::from)?;
            Ok(WorkStanding {
                supervised: here || held.is_some(),
                view: work.view(),
            })
        });
        let now = now.await?;
        if !now.supervised || tokio::time::Instant::now() >= end || *stopping.borrow() {
            return Ok(now);
        }
        tokio::select! {
            () = tokio::time::sleep(LOOKS) => {}
            _ = stopping.changed() => {}
        }
    }
}

pub(crate) async fn nod(call: Call<OfWork, Nothing, NodBody>) -> Result<Reply<WorkView>, Problem> {
    let (by, milestone) = (call.caller.name, call.body.milestone);
    let nod = move |work: &mut poag_engine::work::OpenWork<'_>| work.nod(milestone.as_deref(), &by);
    Ok(Reply::ok(changed(&call.server, call.path.work, nod).await?))
}

pub(crate) async fn report(call: Call<OfWork, Nothing>) -> Result<WorkFiles, Problem> {
    let engine = call.server.engine.clone();
    with_work(&call.server, call.path.work, move |_, work| {
        let report = engine.report_work(work.id())?;
        Ok(WorkFiles {
            page: report.page,
            junit: report.junit,
            sarif: report.sarif,
        })
    })
    .await
}

pub(crate) async fn record(call: Call<TaskOfWork, Nothing>) -> Result<Response, Problem> {
    let name = call.path.task;
    let record = with_work(&call.server, call.path.work, move |_, work| {
        match work.board().task(&name) {
            Some(record) => Ok(serde_json::to_value(record).map_err(EngineError::from)?),
            None => Err(no_task(poag_core::work::TaskId::near(&name))),
        }
    });
    Ok(axum::Json(record.await?).into_response())
}

pub(crate) async fn claim_first(
    call: Call<OfWork, Nothing, FirstClaim>,
) -> Result<Reply<Claimed>, Problem> {
    let request = ClaimRequest {
        actor: call.body.actor,
        task: None,
        trajectory: call.body.trajectory.and_then(Within::to).unwrap_or(1),
        supervised: false,
    };
    let claimed = with_work(&call.server, call.path.work, move |_, work| {
        Ok(work.claim_and_begin(&request).map_err(EngineError::from)?)
    });
    Ok(Reply::ok(claimed.await?))
}

pub(crate) async fn renew(
    call: Call<OfWork, Nothing, LeaseEpoch>,
) -> Result<Reply<Renewed>, Problem> {
    let epoch = call.body.epoch;
    let until = with_work(&call.server, call.path.work, move |_, work| {
        Ok(work.renew(epoch).map_err(EngineError::from)?)
    });
    let until = until.await?;
    Ok(Reply::ok(Renewed { epoch, until }))
}

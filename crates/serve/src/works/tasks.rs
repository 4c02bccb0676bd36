//! What any worker does to a task, under the epoch of its lease.

use std::sync::Arc;

use poag_core::work::assignment::ASSIGNMENT_VERSION;
use poag_core::work::{Outcome, OutcomeKind, Proof, Task};
use poag_engine::work::{ClaimRequest, Claimed, OpenWork, WorkError};
use poag_engine::{EngineError, on_own_thread};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{task, with_work};
use crate::api::{Call, Nothing, Reply};
use crate::problem::{Problem, ProblemKind};
use crate::server::blocking;
use crate::within::Within;

/// A task of a work.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct NamedTask {
    /// Its name, unique in its work.
    task: String,
}

/// Of which work.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadyFilter {
    /// Of this work alone.
    work: Option<String>,
}

/// A task that can be claimed.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct ReadyTask {
    /// Its work.
    work: String,
    /// The task.
    task: Task,
}

/// Tasks that can be claimed now.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct ReadyList {
    tasks: Vec<ReadyTask>,
}

/// Who claims.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimBody {
    /// The work.
    work: String,
    /// The actor, as the work names it.
    actor: String,
    /// How many tasks of one expert at most, each ready but for those before it.
    #[serde(default)]
    trajectory: Option<Within<1, 100>>,
}

/// A lease.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeaseBody {
    /// The work.
    work: String,
    /// The epoch that the claim gave.
    epoch: u64,
}

/// A lease, and something about it in words.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeaseWords {
    /// The work.
    work: String,
    /// The epoch that the claim gave.
    epoch: u64,
    /// The words: why, or what is asked.
    text: String,
}

/// What is being done.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogBody {
    /// The work.
    work: String,
    /// The epoch that the claim gave.
    epoch: u64,
    /// What.
    text: String,
    /// How far it is.
    #[serde(default)]
    percent: Option<Within<0, 100>>,
}

/// Why an attempt came to nothing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FailBody {
    /// The work.
    work: String,
    /// The epoch that the claim gave.
    epoch: u64,
    /// Why, in one line.
    reason: String,
    /// What the next attempt is told.
    #[serde(default)]
    log: String,
}

/// A commit that is said to do the task.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DoneBody {
    /// The work.
    work: String,
    /// The epoch that the claim gave.
    epoch: u64,
    /// The commit of the repository, from the work's branch.
    #[schemars(regex(pattern = "^[0-9a-f]{7,64}$"))]
    commit: String,
    /// What was done.
    summary: String,
}

/// Until when a lease lasts.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct Renewed {
    /// The lease.
    pub epoch: u64,
    /// In milliseconds since 1970 in UTC.
    pub until: i64,
}

/// That it was written down.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct Written {
    ok: bool,
}

/// Whether a commit was proven to do its task.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct Proven {
    ok: bool,
    /// The proof, where there is one.
    proof: Option<Proof>,
    /// Why there is none.
    why: Option<String>,
}

pub(crate) async fn ready(call: Call<Nothing, ReadyFilter>) -> Result<ReadyList, Problem> {
    let server = Arc::clone(&call.server);
    if let Some(work) = call.query.work {
        let tasks = with_work(&server, work, |_, work| Ok(of(work))).await?;
        return Ok(ReadyList { tasks });
    }
    blocking(move || {
        let works = server.engine.works()?;
        let listed = works.list(None, None)?.into_iter();
        let served = listed.filter(|work| server.of_subject(&work.flake).is_some());
        let open = served.filter_map(|work| works.open(&work.id).ok());
        let tasks = open.flat_map(|work| of(&work)).collect();
        Ok(ReadyList { tasks })
    })
    .await
}

fn of(work: &OpenWork<'_>) -> Vec<ReadyTask> {
    let ready = work.ready().into_iter();
    ready
        .map(|task| ReadyTask {
            work: work.id().to_owned(),
            task: task.clone(),
        })
        .collect()
}

pub(crate) async fn claim(
    call: Call<NamedTask, Nothing, ClaimBody>,
) -> Result<Reply<Claimed>, Problem> {
    let request = ClaimRequest {
        actor: call.body.actor,
        task: Some(task(&call.path.task)?),
        trajectory: call.body.trajectory.and_then(Within::to).unwrap_or(1),
        supervised: false,
    };
    let claimed = with_work(&call.server, call.body.work, move |_, work| {
        Ok(work.claim_and_begin(&request).map_err(EngineError::from)?)
    });
    Ok(Reply::ok(claimed.await?))
}

pub(crate) async fn renew(
    call: Call<NamedTask, Nothing, LeaseBody>,
) -> Result<Reply<Renewed>, Problem> {
    let (name, epoch) = (task(&call.path.task)?, call.body.epoch);
    let until = with_work(&call.server, call.body.work, move |_, work| {
        let known = work.board().task(name.as_str()).is_some();
        match known {
            true => Ok(work.renew(epoch).map_err(EngineError::from)?),
            false => Err(no_task(name)),
        }
    });
    let until = until.await?;
    Ok(Reply::ok(Renewed { epoch, until }))
}

pub(super) fn no_task(task: poag_core::work::TaskId) -> Problem {
    let refusal = poag_core::work::BoardRefusal::NoTask { task };
    EngineError::from(WorkError::from(refusal)).into()
}

/// Writes something down under a lease.
async fn written(
    server: &Arc<crate::server::Server>,
    work: String,
    act: impl FnOnce(&mut OpenWork<'_>) -> Result<(), WorkError> + Send + 'static,
) -> Result<Reply<Written>, Problem> {
    let done = with_work(server, work, move |_, work| {
        Ok(act(work).map_err(EngineError::from)?)
    });
    done.await?;
    Ok(Reply::ok(Written { ok: true }))
}

pub(crate) async fn release(
    call: Call<NamedTask, Nothing, LeaseWords>,
) -> Result<Reply<Written>, Problem> {
    let (name, body) = (task(&call.path.task)?, call.body);
    let (epoch, text) = (body.epoch, body.text);
    let act = move |work: &mut OpenWork<'_>| work.release(&name, epoch, &text);
    written(&call.server, body.work, act).await
}

pub(crate) async fn log(
    call: Call<NamedTask, Nothing, LogBody>,
) -> Result<Reply<Written>, Problem> {
    let (name, body) = (task(&call.path.task)?, call.body);
    let percent = body.percent.and_then(Within::to);
    let (epoch, text) = (body.epoch, body.text);
    let act = move |work: &mut OpenWork<'_>| work.log(&name, epoch, &text, percent);
    written(&call.server, body.work, act).await
}

pub(crate) async fn fail(
    call: Call<NamedTask, Nothing, FailBody>,
) -> Result<Reply<Written>, Problem> {
    let (name, body) = (task(&call.path.task)?, call.body);
    let (epoch, reason, log) = (body.epoch, body.reason, body.log);
    let act = move |work: &mut OpenWork<'_>| work.fail(&name, epoch, (&reason, &log));
    written(&call.server, body.work, act).await
}

pub(crate) async fn ask(
    call: Call<NamedTask, Nothing, LeaseWords>,
) -> Result<Reply<Written>, Problem> {
    let (name, body) = (task(&call.path.task)?, call.body);
    let (epoch, text) = (body.epoch, body.text);
    let act = move |work: &mut OpenWork<'_>| work.ask(&name, epoch, &text);
    written(&call.server, body.work, act).await
}

pub(crate) async fn done(
    call: Call<NamedTask, Nothing, DoneBody>,
) -> Result<Reply<Proven>, Problem> {
    let (name, body) = (task(&call.path.task)?, call.body);
    let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    if !(7..=64).contains(&body.commit.len()) || !body.commit.chars().all(hex) {
        let repair = "give 7 to 64 hexadecimal digits, as `git rev-parse` prints them";
        return Err(Problem::new(
            ProblemKind::Unusable,
            "`commit` is no commit",
            repair,
        ));
    }
    // Served, and there.
    let known = name.clone();
    let id = with_work(&call.server, body.work, move |_, work| {
        match work.board().task(known.as_str()) {
            Some(_) => Ok(work.id().to_owned()),
            None => Err(no_task(known)),
        }
    });
    let id = id.await?;
    let engine = call.server.engine.clone();
    let proven = async move || {
        let outcome = Outcome {
            schema_version: ASSIGNMENT_VERSION,
            outcome: OutcomeKind::Done,
            summary: body.summary,
            outputs: Vec::new(),
            usage: Default::default(),
            conversation: None,
            question: None,
            fault: None,
        };
        let lease = (&name, body.epoch);
        engine
            .worker_done(&id, lease, (&body.commit, &outcome))
            .await
    };
    let done = on_own_thread::<_, EngineError>(proven).await?;
    Ok(Reply::ok(match done {
        Ok(proof) => Proven {
            ok: true,
            proof: Some(proof),
            why: None,
        },
        Err(why) => Proven {
            ok: false,
            proof: None,
            why: Some(why),
        },
    }))
}

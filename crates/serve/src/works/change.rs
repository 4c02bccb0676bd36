//! What persons change about works. Programs to be started are never named here: they are what the command line allowed
//! where the server was started, and what flakes declare.

use axum::http::StatusCode;
use poag_core::work::WorkEvent;
use poag_core::work::view::WorkView;
use poag_engine::work::{LandRequest, PolicyChange, ReviewWords, StartRequest, WorkSource};
use poag_engine::{BackendChoice, EngineError, on_own_thread};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{OfWork, changed, go_on, task, with_work};
use crate::api::{Call, Nothing, Reply};
use crate::problem::{Problem, ProblemKind};
use crate::within::{Within, object};

/// What changes of the policy of a work; what is not given stays as it is.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(crate) struct PolicyBody {
    /// Approvals that a task needs.
    approvals: Option<u32>,
    /// US dollars over all turns.
    #[schemars(range(min = 0.0))]
    usd: Option<f64>,
    /// Tokens received over all turns.
    output_tokens: Option<u64>,
    /// Attempts under way at a time.
    parallel: Option<Within<1, 64>>,
    /// Wall clock of the whole work, in seconds.
    seconds: Option<u64>,
    /// Whether worktrees stay.
    keep_worktrees: bool,
    /// Whether nothing lands without a yes, whatever the flake allows.
    never_land: bool,
    /// Whether actors are asked for bids.
    bids: bool,
}

/// What is to be carried out: the plan of a run, or a document.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct StartBody {
    /// The name of a served flake; where only one is served, it need not be named.
    #[serde(default)]
    flake: Option<String>,
    /// The run whose plan it is; without it and `document`, the newest of the flake.
    #[serde(default)]
    run: Option<String>,
    /// A plan (schema/plan.v1.schema.json) or tasks (schema/tasks.v1.schema.json).
    #[serde(default)]
    document: Option<serde_json::Map<String, Value>>,
    /// Who writes, where it is not as the flakes declare.
    #[serde(default, deserialize_with = "object")]
    backends: BackendChoice,
    /// What changes of the policy.
    #[serde(default, deserialize_with = "object")]
    policy: PolicyBody,
    /// Yes to a policy that allows more than the flake does.
    #[serde(default)]
    yes: bool,
    /// The revision that it begins from; without it, the commit that is checked out.
    #[serde(default)]
    base: Option<String>,
    /// Nothing more: whoever claims its tasks or resumes it lets it go on.
    #[serde(default)]
    only_begin: bool,
}

/// A work that was begun.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct WorkStarted {
    /// Its id.
    work: String,
}

/// Why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    /// Why, in a few words.
    #[serde(default)]
    reason: Option<String>,
}

/// A task, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaskReason {
    /// The task.
    task: String,
    /// Why, in a few words.
    #[serde(default)]
    reason: Option<String>,
}

/// Words to who does a task.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SayBody {
    /// The task.
    task: String,
    /// What is said; where the task asks, that is the answer.
    text: String,
}

/// Where it lands.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LandBody {
    /// The branch; without it, the one that was checked out when the work began.
    #[serde(default)]
    branch: Option<String>,
}

/// What was said about a tree.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum VerdictWord {
    /// It may be merged.
    Approve,
    /// It may not; `text` says why.
    Object,
    /// A remark: `text`.
    Comment,
}

/// A verdict on what is proven of a task.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewBody {
    /// The task.
    task: String,
    /// The verdict.
    verdict: VerdictWord,
    /// Why, or the remark.
    #[serde(default)]
    text: String,
    /// The file that a remark is about, from the repository's root.
    #[serde(default)]
    path: Option<String>,
    /// The line of it, from 1.
    #[serde(default)]
    line: Option<u32>,
}

/// What was done.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct DoneWords {
    /// In words.
    done: String,
}

fn policy(body: PolicyBody) -> Result<PolicyChange, Problem> {
    if body.usd.is_some_and(|usd| !usd.is_finite() || usd < 0.0) {
        let repair = "give an amount of 0 or more";
        return Err(Problem::new(
            ProblemKind::Unusable,
            "`usd` is no amount",
            repair,
        ));
    }
    Ok(PolicyChange {
        approvals: body.approvals,
        usd: body.usd,
        output_tokens: body.output_tokens,
        parallel: body.parallel.and_then(Within::to),
        seconds: body.seconds,
        keep_worktrees: body.keep_worktrees,
        never_land: body.never_land,
        bids: body.bids,
    })
}

pub(crate) async fn start(
    call: Call<Nothing, Nothing, StartBody>,
) -> Result<Reply<WorkStarted>, Problem> {
    let (server, body) = (call.server, call.body);
    let target = server.flake(body.flake.as_deref())?.target.clone();
    let request = StartRequest {
        source: match body.document {
            Some(document) => WorkSource::Document(Box::new(Value::Object(document))),
            None => WorkSource::Run(body.run),
        },
        backends: body.backends,
        review_command: None,
        base: body.base,
        policy: policy(body.policy)?,
        yes: body.yes,
        notify: Vec::new(),
        installed: server.settings.installed.clone(),
    };
    let engine = server.engine.clone();
    let begin = async move || engine.start_work(&target, &request).await;
    let work = on_own_thread::<_, EngineError>(begin).await?;
    if !body.only_begin {
        go_on(&server, &work).await?;
    }
    let location = format!("/v1/works/{work}");
    Ok(Reply::accepted(WorkStarted { work }, location))
}

pub(crate) async fn say(call: Call<OfWork, Nothing, SayBody>) -> Result<Reply<WorkView>, Problem> {
    let (by, body) = (call.caller.name, call.body);
    let task = task(&body.task)?;
    let say = move |work: &mut poag_engine::work::OpenWork<'_>| work.say(&task, &by, &body.text);
    Ok(Reply::ok(changed(&call.server, call.path.work, say).await?))
}

pub(crate) async fn review(
    call: Call<OfWork, Nothing, ReviewBody>,
) -> Result<Reply<WorkView>, Problem> {
    let (by, body) = (call.caller.name, call.body);
    let task = task(&body.task)?;
    let words = match body.verdict {
        VerdictWord::Approve => ReviewWords::Approve,
        VerdictWord::Object => ReviewWords::Object(body.text),
        VerdictWord::Comment => {
            ReviewWords::Comment(body.path.map(|path| (path, body.line)), body.text)
        }
    };
    let act = move |work: &mut poag_engine::work::OpenWork<'_>| work.review(&task, &by, &words);
    Ok(Reply::ok(changed(&call.server, call.path.work, act).await?))
}

pub(crate) async fn retry(
    call: Call<OfWork, Nothing, TaskReason>,
) -> Result<Reply<WorkView>, Problem> {
    let by = call.caller.name;
    let task = task(&call.body.task)?;
    let act = move |work: &mut poag_engine::work::OpenWork<'_>| work.retry(&task, &by);
    Ok(Reply::ok(changed(&call.server, call.path.work, act).await?))
}

pub(crate) async fn resume(
    call: Call<OfWork, Nothing, PolicyBody>,
) -> Result<Reply<WorkView>, Problem> {
    let by = call.caller.name;
    let change = policy(call.body)?;
    let act = move |work: &mut poag_engine::work::OpenWork<'_>| {
        work.change_policy(&change, &by)?;
        work.unpause(&by)
    };
    Ok(Reply::ok(changed(&call.server, call.path.work, act).await?))
}

/// Writes one event.
async fn noted(
    server: &std::sync::Arc<crate::server::Server>,
    work: String,
    event: WorkEvent,
) -> Result<Reply<WorkView>, Problem> {
    let view = with_work(server, work, move |_, work| {
        work.note(&event).map_err(EngineError::from)?;
        Ok(work.view())
    });
    Ok(Reply::ok(view.await?))
}

pub(crate) async fn pause(
    call: Call<OfWork, Nothing, Nothing>,
) -> Result<Reply<WorkView>, Problem> {
    let by = call.caller.name;
    noted(&call.server, call.path.work, WorkEvent::Paused { by }).await
}

pub(crate) async fn abandon(
    call: Call<OfWork, Nothing, TaskReason>,
) -> Result<Reply<WorkView>, Problem> {
    let by = call.caller.name;
    let event = WorkEvent::Abandoned {
        task: task(&call.body.task)?,
        reason: call.body.reason.unwrap_or_else(|| format!("{by} said so")),
    };
    noted(&call.server, call.path.work, event).await
}

pub(crate) async fn abort(call: Call<OfWork, Nothing, Reason>) -> Result<Reply<WorkView>, Problem> {
    let by = call.caller.name;
    let reason = call.body.reason.unwrap_or_else(|| format!("{by} said so"));
    let id = call.path.work;
    let reply = noted(&call.server, id.clone(), WorkEvent::Aborted { by, reason }).await?;
    let engine = call.server.engine.clone();
    let end = async move || engine.end_aborted(&id).await;
    on_own_thread::<_, EngineError>(end).await?;
    Ok(reply)
}

pub(crate) async fn land(
    call: Call<OfWork, Nothing, LandBody>,
) -> Result<Reply<DoneWords>, Problem> {
    let engine = call.server.engine.clone();
    let request = LandRequest {
        branch: call.body.branch,
        by: call.caller.name,
    };
    let done = with_work(&call.server, call.path.work, move |_, work| {
        let landing = engine.land_work(work.id(), &request)?;
        Ok(format!("{} is at {} now", landing.branch, landing.after))
    });
    let done = done.await?;
    Ok(Reply {
        status: StatusCode::OK,
        location: None,
        body: DoneWords { done },
    })
}

pub(crate) async fn rollback(
    call: Call<OfWork, Nothing, Nothing>,
) -> Result<Reply<DoneWords>, Problem> {
    let engine = call.server.engine.clone();
    let by = call.caller.name;
    let done = with_work(&call.server, call.path.work, move |_, work| {
        Ok(engine.rollback_work(work.id(), &by)?)
    });
    let done = done.await?;
    Ok(Reply::ok(DoneWords { done }))
}

//! Questions to experts. A run asked for here is the same as one of the command line: `poag runs` lists it.

mod finished;
mod list;
mod turns;

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use poag_core::expert::CouncilSettings;
use poag_core::plan::Plan;
use poag_engine::run::{Run, RunEvent, RunKind};
use poag_engine::{
    AskRequest, BackendChoice, EngineError, ProjectRef, ResumeRequest, RunLedger, RunState,
    RunSummary,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::{Call, Nothing, Reply};
use crate::caller::Caller;
use crate::driving::{Question, put};
use crate::problem::{Problem, ProblemKind};
use crate::server::{Server, blocking};
use crate::within::{SNIPPETS, Within, object, snippets};

pub(crate) use finished::{FinishedRuns, ToldRun};
pub(crate) use list::list;
pub(crate) use turns::turn;

/// Longest key of a client, in bytes.
const KEY_BYTES: usize = 255;
/// The longest turn, in seconds: a week.
const SECONDS_MOST: u64 = 7 * 24 * 3600;

/// A run.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct OfRun {
    /// Its id.
    pub run: String,
}

/// Where to begin.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AfterEvent {
    /// After the event of that number.
    pub after: Option<u64>,
}

/// What is asked, and how far it may go.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct AskBody {
    /// The name of a served flake; where only one is served, it need not be named.
    #[serde(default)]
    flake: Option<String>,
    /// The change or question, in the person's own words.
    #[schemars(length(min = 1, max = 262_144), regex(pattern = r"\S"))]
    request: String,
    /// Names of snippets that are put behind it.
    #[serde(default, deserialize_with = "snippets")]
    #[schemars(length(max = SNIPPETS))]
    with: Vec<String>,
    /// The expert that it goes to first, instead of the flake's own.
    #[serde(default)]
    expert: Option<String>,
    /// Who thinks, where it is not as the flakes declare.
    #[serde(default, deserialize_with = "object")]
    backends: BackendChoice,
    /// How far the council may go; what is not given is as the flake of the first expert declares it.
    #[serde(default, deserialize_with = "strict_limits")]
    #[schemars(schema_with = "limits_schema")]
    limits: CouncilSettings,
    /// Wall clock of one turn, in seconds, of experts whose flake does not declare it.
    #[serde(default)]
    turn_seconds: Option<Within<1, SECONDS_MOST>>,
}

/// The limits of a question. Flakes may say more than this poag knows; who asks may not, so that nobody believes in a limit
/// that is none.
fn strict_limits<'de, D: serde::Deserializer<'de>>(from: D) -> Result<CouncilSettings, D::Error> {
    use serde::de::Error;
    let value = Value::Object(serde_json::Map::deserialize(from)?);
    let known = serde_json::to_value(CouncilSettings::default()).map_err(D::Error::custom)?;
    for (name, limit) in value.as_object().into_iter().flatten() {
        if known.get(name).is_none() {
            return Err(D::Error::custom(format!("unknown limit `{name}`")));
        }
        let may_be_0 = ["maxDepth", "maxMessages", "maxTokens", "retries"].contains(&name.as_str());
        if !may_be_0 && limit.as_f64().is_some_and(|limit| limit <= 0.0) {
            return Err(D::Error::custom(format!("`{name}` is a positive number")));
        }
    }
    CouncilSettings::deserialize(value).map_err(D::Error::custom)
}

fn limits_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let mut schema = CouncilSettings::json_schema(generator);
    schema.insert("additionalProperties".into(), false.into());
    if let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for name in ["maxTurns", "timeoutSeconds", "parallel"] {
            fields[name]["minimum"] = 1.into();
        }
        fields["maxCostUsd"]["exclusiveMinimum"] = 0.into();
    }
    schema
}

/// With whom a run goes on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct ResumeBody {
    /// Other backends and models than it began with.
    #[serde(default, deserialize_with = "object")]
    backends: BackendChoice,
}

/// A run that goes on.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct RunAccepted {
    /// Its id.
    run: String,
}

/// What became of a run.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct RunStopped {
    /// Its id.
    run: String,
    /// How far it has come.
    state: RunState,
}

pub(crate) async fn ask(
    call: Call<Nothing, Nothing, AskBody>,
) -> Result<Reply<RunAccepted>, Problem> {
    let Call {
        server,
        caller,
        body,
        bytes,
        headers,
        ..
    } = call;
    let flake = server.flake(body.flake.as_deref())?.clone();
    let named = match asked_before(&server, &caller, &headers, bytes).await? {
        Some((run, true)) => return Ok(accepted(run)),
        asked => asked.map(|(run, _)| run),
    };
    let engine = server.engine.clone();
    let (text, with) = (body.request, body.with);
    let asked = blocking(move || Ok(engine.with_snippets(text.trim(), &with)?)).await?;
    let request = AskRequest {
        run: named,
        request: asked,
        expert: body.expert,
        backends: body.backends,
        limits: body.limits,
        turn_seconds: body.turn_seconds.and_then(Within::to),
    };
    let question = Question::New(Box::new(request));
    Ok(accepted(put(&server, flake.target, question).await?))
}

fn accepted(run: String) -> Reply<RunAccepted> {
    accepted_at("/v1/runs", run)
}

/// A run that goes on, to be looked at below that path.
pub(crate) fn accepted_at(path: &str, run: String) -> Reply<RunAccepted> {
    let location = format!("{path}/{run}");
    Reply::accepted(RunAccepted { run }, location)
}

/// The id that the key of a client stands for, and whether that run has begun; none without a key.
pub(crate) async fn asked_before(
    server: &Arc<Server>,
    caller: &Caller,
    headers: &HeaderMap,
    question: Vec<u8>,
) -> Result<Option<(String, bool)>, Problem> {
    let Some(key) = key(headers)? else {
        return Ok(None);
    };
    let client = caller.id.clone();
    let (asked, there) = server
        .read(move |runs| {
            let asked = runs.keyed((&client, &key), &question)?;
            let there = runs.one(&asked.run).is_ok();
            Ok((asked, there))
        })
        .await?;
    match asked.same {
        true => Ok(Some((asked.run, there))),
        false => Err(Problem::new(
            ProblemKind::Unusable,
            "this `Idempotency-Key` was sent with another question",
            "send another key with another question",
        )),
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = value.to_str().unwrap_or_default();
    let plain = key.bytes().all(|byte| byte.is_ascii_graphic());
    match plain && (1..=KEY_BYTES).contains(&key.len()) {
        true => Ok(Some(key.to_owned())),
        false => Err(Problem::new(
            ProblemKind::BadRequest,
            &format!("an `Idempotency-Key` has 1 to {KEY_BYTES} plain characters, no spaces"),
            "send a UUID, for instance",
        )),
    }
}

/// A run of a served flake; all others are not there.
pub(crate) fn own(server: &Server, runs: &RunLedger, id: &str) -> Result<RunSummary, Problem> {
    let one = runs.one(id)?;
    of_served(server, &one.run)?;
    Ok(one)
}

fn of_served(server: &Server, run: &Run) -> Result<(), Problem> {
    match server.of_subject(&run.flake) {
        Some(_) => Ok(()),
        None => Err(Problem::not_served(&format!(
            "the flake of run {:?}",
            run.id
        ))),
    }
}

async fn served(server: &Arc<Server>, run: &str) -> Result<RunSummary, Problem> {
    let (own_server, id) = (Arc::clone(server), run.to_owned());
    server.read(move |runs| own(&own_server, runs, &id)).await
}

/// A run of a served flake, and that flake.
pub(crate) async fn served_with(
    server: &Arc<Server>,
    run: &str,
) -> Result<(RunSummary, ProjectRef), Problem> {
    let one = served(server, run).await?;
    match server.of_subject(&one.run.flake) {
        Some(flake) => Ok((one, flake.target.clone())),
        None => Err(Problem::not_served("its flake")),
    }
}

/// A debate has no plan, and what is said in its open round is hidden.
fn council(run: &Run) -> Result<(), Problem> {
    match run.kind {
        RunKind::Council => Ok(()),
        RunKind::Debate => Err(Problem::new(
            ProblemKind::Conflict,
            &format!("the run {} is a debate, not a council", run.id),
            &format!("GET /v1/debates/{} tells of it", run.id),
        )),
    }
}

/// Reads something of a council of a served flake.
pub(crate) async fn of_council<T: Send + 'static>(
    server: &Arc<Server>,
    id: String,
    read: impl FnOnce(&RunLedger, &str) -> Result<T, EngineError> + Send + 'static,
) -> Result<T, Problem> {
    let own_server = Arc::clone(server);
    let read = move |runs: &RunLedger| {
        council(&own(&own_server, runs, &id)?.run)?;
        Ok(read(runs, &id)?)
    };
    server.read(read).await
}

pub(crate) async fn one(call: Call<OfRun, Nothing>) -> Result<ToldRun, Problem> {
    let (server, id) = (Arc::clone(&call.server), call.path.run);
    let read = move |runs: &RunLedger| {
        let run = runs.run(&id)?;
        of_served(&server, &run)?;
        council(&run)?;
        Ok(server.finished.of(runs, &run)?)
    };
    call.server.read(read).await
}

pub(crate) async fn plan(call: Call<OfRun, Nothing>) -> Result<Plan, Problem> {
    let read = |runs: &RunLedger, run: &str| Ok(runs.history(run)?.plan()?);
    of_council(&call.server, call.path.run, read).await
}

pub(crate) async fn events(call: Call<OfRun, AfterEvent>) -> Result<Response, Problem> {
    let (run, after) = (call.path.run, call.query.after);
    let kind = served(&call.server, &run).await?.run.kind;
    if crate::events::wants_stream(&call.headers) {
        return crate::events::one(&call.server, run, &call.headers, after).await;
    }
    let after = crate::events::after(&call.headers, after)?;
    if kind == RunKind::Debate {
        return crate::events::so_far(&call.server, run, after).await;
    }
    let read = move |runs: &RunLedger, run: &str| runs.events(run, after);
    let events: Vec<RunEvent> = of_council(&call.server, run, read).await?;
    Ok(axum::Json(events).into_response())
}

pub(crate) async fn cancel(
    call: Call<OfRun, Nothing, Nothing>,
) -> Result<Reply<RunStopped>, Problem> {
    let server = &call.server;
    let one = served(server, &call.path.run).await?;
    let run = call.path.run;
    // Who drove it may still be leaving.
    if one.state == RunState::Finished {
        let state = one.state;
        return Ok(Reply::ok(RunStopped { run, state }));
    }
    if server.driving.cancel(&run) {
        let state = RunState::Interrupted;
        return Ok(Reply::ok(RunStopped { run, state }));
    }
    match (one.state, &one.holder) {
        (RunState::UnderWay, Some(holder)) => Err(Problem::new(
            ProblemKind::Conflict,
            &format!("the run is driven by {holder}, not by this server"),
            "stop that process on its machine; the run can then be resumed",
        )),
        (state, _) => Ok(Reply::ok(RunStopped { run, state })),
    }
}

pub(crate) async fn resume(
    call: Call<OfRun, Nothing, ResumeBody>,
) -> Result<Reply<RunAccepted>, Problem> {
    let (one, target) = served_with(&call.server, &call.path.run).await?;
    let run = call.path.run;
    if one.state == RunState::Finished || call.server.driving.drives(&run) {
        return Ok(accepted(run));
    }
    let question = match one.run.kind {
        RunKind::Debate if call.body.backends != BackendChoice::default() => {
            return Err(Problem::new(
                ProblemKind::Unusable,
                "who takes part in a debate cannot be changed",
                "send no `backends`",
            ));
        }
        RunKind::Debate => Question::DebateAgain(run),
        RunKind::Council => Question::Again(ResumeRequest {
            run: Some(run),
            backends: call.body.backends,
        }),
    };
    Ok(accepted(put(&call.server, target, question).await?))
}

pub(crate) async fn export(call: Call<OfRun, Nothing>) -> Result<Response, Problem> {
    let (server, run) = (Arc::clone(&call.server), call.path.run);
    let read = move |runs: &RunLedger| {
        own(&server, runs, &run)?;
        let mut lines = Vec::new();
        runs.export(&run, &mut lines)?;
        Ok(lines)
    };
    let mut response = call.server.read(read).await?.into_response();
    let media = HeaderValue::from_static("application/jsonl");
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_debate_is_refused_where_a_council_is_told_of() {
        let run = |kind| Run {
            id: "01".into(),
            flake: "f".into(),
            created: 0,
            finished: true,
            kind,
        };
        assert!(council(&run(RunKind::Council)).is_ok());
        let refused = council(&run(RunKind::Debate)).unwrap_err();
        assert_eq!(refused.status, 409);
        assert!(refused.detail.contains("GET /v1/debates/01"));
    }
}

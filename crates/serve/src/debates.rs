//! Debates, as `poag debate` holds them. Nothing that is said in an open round is shown to anybody, and no program is named here:
//! a participant that is one stands in the flake, and the command line allowed it where the server was started.

use std::sync::Arc;

use poag_core::debate::TieRule;
use poag_engine::debate::{DebateRequest, MAX_PANEL, PanelWord};
use poag_engine::run::RunKind;
use poag_engine::{DebateView, EngineError, RunLedger, RunState, on_own_thread};
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::api::{Api, Call, Doc, Nothing, Reply};
use crate::caller::Scope;
use crate::driving::{Question, put};
use crate::problem::{Problem, ProblemKind};
use crate::runs::{OfRun, RunAccepted, accepted_at, asked_before, own, served_with};
use crate::server::Server;
use crate::within::Within;

/// Rounds where nothing else is said, and seconds of each.
const ROUNDS: u32 = 4;
const DEADLINE: u64 = 600;
/// The longest round, in seconds: a week.
const DEADLINE_MOST: u64 = 7 * 24 * 3600;
/// Debates that are looked through for what waits.
const LOOKED: u32 = 200;

/// Somebody who takes part.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PanelBody {
    /// A participant that the flake declares, an expert or a backend; any name where `backend` is given.
    name: String,
    /// With what it thinks.
    #[serde(default)]
    backend: Option<String>,
    /// Its model, in the words of the backend.
    #[serde(default)]
    model: Option<String>,
}

/// What is debated, by whom, and how far it may go.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct DebateBody {
    /// The name of a served flake; where only one is served, it need not be named.
    #[serde(default)]
    flake: Option<String>,
    /// The question, in the person's own words.
    #[schemars(length(min = 1, max = 262_144), regex(pattern = r"\S"))]
    topic: String,
    /// The expert that it begins with, instead of the flake's own.
    #[serde(default)]
    expert: Option<String>,
    /// Who takes part, instead of those that the flake declares.
    #[serde(default, deserialize_with = "participants")]
    #[schemars(length(max = MAX_PANEL))]
    panel: Vec<PanelBody>,
    /// Rounds before the vote; 4 where nothing is said.
    #[serde(default)]
    rounds: Option<Within<1, 20>>,
    /// Seconds that each round and the vote take at most; 600 where nothing is said.
    #[serde(default)]
    deadline_seconds: Option<Within<1, DEADLINE_MOST>>,
    /// How many proposals are voted on at most.
    #[serde(default)]
    choices: Option<Within<1, 16>>,
    /// Tokens over all turns; nobody is asked beyond it.
    #[serde(default)]
    max_tokens: Option<u64>,
    /// US dollars over all turns; nobody is asked beyond it.
    #[serde(default, deserialize_with = "dollars")]
    #[schemars(range(min = 0.0))]
    max_cost_usd: Option<f64>,
    /// What becomes of a tie; a person chooses where nothing is said.
    #[serde(default)]
    tie: TieRule,
}

/// Participants, each as an object: what serde derives would take lists of their fields, too.
fn participants<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<PanelBody>, D::Error> {
    let all = Vec::<serde_json::Map<String, Value>>::deserialize(from)?;
    if all.len() > MAX_PANEL {
        let many = all.len();
        return Err(D::Error::custom(format!(
            "{many} participants are more than {MAX_PANEL}"
        )));
    }
    let read = |one| PanelBody::deserialize(Value::Object(one)).map_err(D::Error::custom);
    all.into_iter().map(read).collect()
}

fn dollars<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let sum = Option::<f64>::deserialize(from)?;
    match sum.is_some_and(|sum| sum < 0.0) {
        true => Err(D::Error::custom("a sum of money is 0 or more")),
        false => Ok(sum),
    }
}

/// What a person chooses among what is tied.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChoiceBody {
    /// The label.
    #[schemars(length(min = 1, max = 8))]
    choice: String,
}

/// All that is offered about them.
pub(crate) fn offered(api: Api) -> Api {
    let doc = Doc::new;
    api.post(
        doc(
            "debate",
            "/v1/debates",
            "Lets participants debate an open question; the run goes on by itself.",
            Scope::Ask,
        ),
        202,
        begin,
    )
    .get(
        doc(
            "getDebate",
            "/v1/debates/{run}",
            "Tells what came of a debate so far; nothing of an open round.",
            Scope::Read,
        ),
        one,
    )
    .post(
        doc(
            "chooseInDebate",
            "/v1/debates/{run}/choose",
            "Chooses among what is tied; of two who do so at once, the first counts.",
            Scope::Ask,
        ),
        200,
        choose,
    )
}

async fn begin(call: Call<Nothing, Nothing, DebateBody>) -> Result<Reply<RunAccepted>, Problem> {
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
        Some((run, true)) => return Ok(accepted_at("/v1/debates", run)),
        asked => asked.map(|(run, _)| run),
    };
    let panel = body.panel.into_iter().map(|one| PanelWord {
        name: one.name,
        backend: one.backend,
        model: one.model,
    });
    let request = DebateRequest {
        run: named,
        topic: body.topic.trim().to_owned(),
        expert: body.expert,
        panel: panel.collect(),
        rounds: body.rounds.and_then(Within::to).unwrap_or(ROUNDS),
        deadline: body
            .deadline_seconds
            .and_then(Within::to)
            .unwrap_or(DEADLINE),
        choices: body.choices.and_then(Within::to),
        max_tokens: body.max_tokens,
        max_cost_usd: body.max_cost_usd,
        tie: body.tie,
        // Nobody from elsewhere writes into the flake.
        out: None,
        live: false,
    };
    let question = Question::Debate(Box::new(request));
    let run = put(&server, flake.target, question).await?;
    Ok(accepted_at("/v1/debates", run))
}

async fn one(call: Call<OfRun, Nothing>) -> Result<DebateView, Problem> {
    view(&call.server, call.path.run).await
}

/// A debate of a served flake, as it stands.
pub(crate) async fn view(server: &Arc<Server>, id: String) -> Result<DebateView, Problem> {
    let own_server = Arc::clone(server);
    let read = move |runs: &RunLedger| {
        own(&own_server, runs, &id)?;
        match runs.debate(&id)? {
            Some(details) => Ok(details.view()),
            None => Err(council(&id)),
        }
    };
    server.read(read).await
}

fn council(run: &str) -> Problem {
    Problem::new(
        ProblemKind::Conflict,
        &format!("the run {run} is a council, not a debate"),
        &format!("GET /v1/runs/{run} tells of it"),
    )
}

async fn choose(call: Call<OfRun, Nothing, ChoiceBody>) -> Result<Reply<DebateView>, Problem> {
    let Call {
        server,
        caller,
        path,
        body,
        ..
    } = call;
    let (one, target) = served_with(&server, &path.run).await?;
    if one.run.kind != RunKind::Debate {
        return Err(council(&one.run.id));
    }
    // It ends with the choice: what is written into the flake by the rules that it began with is written here, too.
    let (engine, run, by) = (server.engine.clone(), one.run.id, caller.name);
    let chosen = async move || {
        engine
            .break_tie(&target, &run, &body.choice, &by)
            .await
            .map(drop)
    };
    on_own_thread::<_, EngineError>(chosen).await?;
    Ok(Reply::ok(view(&server, path.run).await?))
}

/// The debates of what is served that wait for a person to choose.
pub(crate) async fn tied(server: &Arc<Server>) -> Result<Vec<DebateView>, Problem> {
    let own_server = Arc::clone(server);
    let read = move |runs: &RunLedger| {
        let mut tied = Vec::new();
        for one in runs.list(None, Some(LOOKED))? {
            let open = one.run.kind == RunKind::Debate && one.state != RunState::Finished;
            if !open || own_server.of_subject(&one.run.flake).is_none() {
                continue;
            }
            // One of another version is none that can be answered here.
            if let Ok(Some(details)) = runs.debate(&one.run.id) {
                let view = details.view();
                if !view.tied.is_empty() {
                    tied.push(view);
                }
            }
        }
        Ok(tied)
    };
    server.read(read).await
}

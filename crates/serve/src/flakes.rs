//! What is served: flakes, their graphs, their experts and what those know.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use poag_core::expert::Expert;
use poag_engine::Pack;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::{Call, Nothing};
use crate::problem::Problem;
use crate::server::ServedFlake;
use crate::within::Within;

/// A flake that is served.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FlakeListing {
    /// What it is called in addresses.
    name: String,
    /// How runs and works name it.
    flake: String,
}

/// Flakes that are served.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct FlakeList {
    flakes: Vec<FlakeListing>,
}

/// Experts, providers before consumers.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct ExpertList {
    /// The flake's own expert.
    root: String,
    /// All of them.
    experts: Vec<Expert>,
}

/// A served flake.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct OfFlake {
    /// The name of a served flake.
    flake: String,
}

/// An expert of a served flake.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct OfExpert {
    /// The name of a served flake.
    flake: String,
    /// The name of an expert of its graph.
    expert: String,
}

/// How much of what is known.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackSize {
    /// Budget in tokens; without it, as the flake declares.
    budget: Option<Within<1, 10_000_000>>,
}

pub(crate) async fn list(call: Call<Nothing, Nothing>) -> Result<FlakeList, Problem> {
    let listing = |flake: &ServedFlake| FlakeListing {
        name: flake.name.clone(),
        flake: flake.subject.clone(),
    };
    Ok(FlakeList {
        flakes: call.server.flakes.iter().map(listing).collect(),
    })
}

pub(crate) async fn graph(call: Call<OfFlake, Nothing>) -> Result<Response, Problem> {
    let flake = call.server.flake(Some(&call.path.flake))?;
    let project = call.server.open(flake).await?;
    let mut response = project.json.into_response();
    let media = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    Ok(response)
}

pub(crate) async fn experts(call: Call<OfFlake, Nothing>) -> Result<ExpertList, Problem> {
    let flake = call.server.flake(Some(&call.path.flake))?;
    let project = call.server.open(flake).await?;
    let experts = project.graph.providers_first().into_iter().cloned();
    Ok(ExpertList {
        root: project.graph.root.clone(),
        experts: experts.collect(),
    })
}

pub(crate) async fn expert(call: Call<OfExpert, Nothing>) -> Result<Expert, Problem> {
    let flake = call.server.flake(Some(&call.path.flake))?;
    let project = call.server.open(flake).await?;
    Ok(project.expert(Some(&call.path.expert))?.clone())
}

pub(crate) async fn pack(call: Call<OfExpert, PackSize>) -> Result<Pack, Problem> {
    let flake = call.server.flake(Some(&call.path.flake))?;
    let project = call.server.open(flake).await?;
    let budget = call.query.budget.and_then(Within::to);
    let engine = call.server.engine.clone();
    crate::server::blocking(move || {
        let expert = project.expert(Some(&call.path.expert))?;
        Ok(engine.pack(&project.graph, expert, budget)?)
    })
    .await
}

//! What the tools give as data, with the schemas that they publish for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use poag_core::expert::{Expert, Graph, Status};
use poag_core::plan::schema;
use rmcp::model::JsonObject;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// Who there is.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ExpertListing {
    /// The expert of the flake that was named.
    pub root: String,
    /// All of them, providers before consumers.
    pub experts: Vec<ListedExpert>,
}

/// One expert.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ListedExpert {
    /// Its name, unique in the graph.
    pub name: String,
    /// What it owns.
    pub role: String,
    /// Where its flake lies.
    pub place: String,
    /// What it can do beyond answering.
    pub capabilities: Vec<String>,
    /// Commands that prove a change.
    pub checks: Vec<String>,
    /// Who thinks for it.
    pub backend: String,
    /// Contract → what is promised.
    pub provides: BTreeMap<String, ListedContract>,
    /// Provider → contract → what it is for, where the flake says so.
    pub needs: BTreeMap<String, BTreeMap<String, Option<String>>>,
    /// Whether it knows its flake as it is.
    pub freshness: ListedFreshness,
}

/// One contract.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ListedContract {
    /// The promise.
    pub summary: String,
    /// The files that it is about.
    pub files: Vec<String>,
}

/// Whether an expert knows its flake as it is.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ListedFreshness {
    /// `fresh`, `stale` or `unlearned`.
    #[schemars(with = "String")]
    pub status: Status,
    /// What differs; empty where nothing does.
    pub message: String,
    /// The command that learns it; empty where nothing differs.
    pub repair: String,
}

/// What is known of a pack beside its text.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ListedPack {
    /// Whose it is.
    pub expert: String,
    /// Its length in tokens (o200k).
    pub tokens: usize,
    /// Files that did not fit into it.
    pub left_out: usize,
}

impl ExpertListing {
    /// Those of a graph.
    #[must_use]
    pub fn of(graph: &Graph) -> Self {
        Self {
            root: graph.root.clone(),
            experts: graph.providers_first().into_iter().map(listed).collect(),
        }
    }
}

/// An expert without what only poag needs.
fn listed(expert: &Expert) -> ListedExpert {
    let provides = expert.provides.iter().map(|(name, contract)| {
        let listed = ListedContract {
            summary: contract.summary.clone(),
            files: contract.files.clone(),
        };
        (name.clone(), listed)
    });
    let needs = expert.neighbors.iter().map(|(provider, edge)| {
        let contracts = edge.contracts.iter();
        let needs = contracts.map(|name| (name.clone(), edge.needs.get(name).cloned()));
        (provider.clone(), needs.collect())
    });
    let backend = expert.agent.backend.as_deref();
    ListedExpert {
        name: expert.name.clone(),
        role: expert.role.trim().to_owned(),
        place: expert.place(),
        capabilities: expert.capabilities.clone(),
        checks: expert.checks.clone(),
        backend: backend.unwrap_or(poag_engine::DEFAULT_BACKEND).to_owned(),
        provides: provides.collect(),
        needs: needs.collect(),
        freshness: ListedFreshness {
            status: expert.freshness.status,
            message: expert.freshness.message.clone(),
            repair: expert.freshness.repair.clone(),
        },
    }
}

/// The schema of a plan, as `schema/plan.v1.schema.json` has it.
pub(super) fn plan_schema() -> Arc<JsonObject> {
    object(schema::plan())
}

/// The schema of a type, in words that JSON Schema knows.
pub(super) fn schema_of<T: JsonSchema>() -> Arc<JsonObject> {
    object(schema::readable(schemars::schema_for!(T).to_value()))
}

fn object(schema: Value) -> Arc<JsonObject> {
    match schema {
        Value::Object(fields) => Arc::new(fields),
        // No schema of a type with fields is another one.
        _ => Arc::default(),
    }
}

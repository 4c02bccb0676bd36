//! What a turn that goes on is told about contracts and files, in a council and in a debate.

use std::sync::Arc;

use poag_core::council::gossip::CallResult;
use poag_core::expert::{Expert, Graph};
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::BackendSelection;
use super::contract;

/// Who waits for an answer. Whoever called may have gone: then nobody hears it.
pub(crate) type CallAnswer = oneshot::Sender<CallResult>;

/// Tells what a neighbour of an expert promises in a contract.
pub(crate) fn tell_contract(
    lookups: &mut JoinSet<()>,
    (graph, expert): (&Graph, &Expert),
    (neighbor, contract): (&str, String),
    answer: CallAnswer,
) {
    match contract::find(graph, expert, neighbor, &contract).cloned() {
        Err(problem) => drop(answer.send(CallResult::Failed(problem))),
        Ok(provider) => {
            lookups.spawn_blocking(move || {
                let _ = answer.send(contract::read(&provider, &contract));
            });
        }
    }
}

/// Tells what a search finds among the files of an expert.
pub(crate) fn tell_found(
    lookups: &mut JoinSet<()>,
    backends: Arc<dyn BackendSelection>,
    expert: Arc<Expert>,
    query: String,
    answer: CallAnswer,
) {
    lookups.spawn(async move {
        let found = backends.lookup(&expert, &query).await;
        let _ = answer.send(match found {
            Err(problem) => CallResult::Failed(problem),
            Ok(found) if found.is_empty() => {
                CallResult::Said("nothing in this flake speaks of it".into())
            }
            Ok(found) => CallResult::Said(json_text(&found)),
        });
    });
}

/// What an agent wants checked. Agents like to write JSON as text.
pub(crate) fn meant(result: Value) -> Value {
    match &result {
        Value::String(text) => serde_json::from_str(text).unwrap_or(result),
        _ => result,
    }
}

pub(crate) fn json_text(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

//! JSON Schemas of what councils read and write, made from the types; published in `schema/`.

use std::sync::{Arc, LazyLock};

use schemars::{JsonSchema, schema_for};
use serde_json::Value;

use super::Plan;
use crate::agent::command::protocol;
use crate::council::message::{TurnInput, TurnResult};

static TURN_RESULT: LazyLock<Arc<Value>> = LazyLock::new(|| Arc::new(of::<TurnResult>()));

/// The schema of what an expert says in a turn.
#[must_use]
pub fn turn_result() -> Arc<Value> {
    Arc::clone(&TURN_RESULT)
}

/// Published file name → schema.
#[must_use]
pub fn published() -> Vec<(&'static str, Value)> {
    let mut all = protocol::published();
    all.extend([
        ("plan.v1.schema.json", of::<Plan>()),
        ("turn-input.v1.schema.json", of::<TurnInput>()),
        ("turn-result.v1.schema.json", turn_result().as_ref().clone()),
    ]);
    all
}

fn of<T: JsonSchema>() -> Value {
    schema_for!(T).to_value()
}

//! JSON Schemas of what councils read and write, made from the types; published in `schema/`.

use std::sync::LazyLock;

use schemars::{JsonSchema, schema_for};
use serde_json::Value;

use super::Plan;
use crate::council::message::{TurnInput, TurnResult};

static TURN_RESULT: LazyLock<Value> = LazyLock::new(of::<TurnResult>);

/// The schema of what an expert says in a turn.
#[must_use]
pub fn turn_result() -> Value {
    TURN_RESULT.clone()
}

/// Published file name → schema.
#[must_use]
pub fn published() -> Vec<(&'static str, Value)> {
    vec![
        ("plan.v1.schema.json", of::<Plan>()),
        ("turn-input.v1.schema.json", of::<TurnInput>()),
        ("turn-result.v1.schema.json", turn_result()),
    ]
}

fn of<T: JsonSchema>() -> Value {
    schema_for!(T).to_value()
}

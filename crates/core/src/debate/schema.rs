//! JSON Schemas of what debates read and write, made from the types; published in `schema/`.

use std::sync::{Arc, LazyLock};

use schemars::{JsonSchema, schema_for};
use serde_json::Value;

use super::{DebateAnswer, DebateEvent, DebateInput, DebateResult};
use crate::plan::schema::readable;

static ANSWER: LazyLock<Arc<Value>> = LazyLock::new(|| Arc::new(of::<DebateAnswer>()));

/// The schema of what a participant gives back: one for rounds and vote, so that everything before a question stays the same.
#[must_use]
pub fn answer() -> Arc<Value> {
    Arc::clone(&ANSWER)
}

/// Published file name → schema.
#[must_use]
pub fn published() -> Vec<(&'static str, Value)> {
    vec![
        ("debate-answer.v1.schema.json", answer().as_ref().clone()),
        ("debate-event.v1.schema.json", of::<DebateEvent>()),
        ("debate-input.v1.schema.json", of::<DebateInput>()),
        ("debate-result.v1.schema.json", of::<DebateResult>()),
    ]
}

fn of<T: JsonSchema>() -> Value {
    readable(schema_for!(T).to_value())
}

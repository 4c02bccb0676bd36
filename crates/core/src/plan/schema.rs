//! JSON Schemas of what councils and works read and write, made from the types; published in `schema/`.

use std::sync::{Arc, LazyLock};

use schemars::{JsonSchema, schema_for};
use serde_json::Value;

use super::Plan;
use crate::council::message::{TurnInput, TurnResult};
use crate::work::from_file::TaskFile;
use crate::work::template::WorkTemplate;
use crate::work::view::WorkView;
use crate::work::workflow::Workflow;
use crate::work::{Assignment, Outcome, WorkEvent};

static TURN_RESULT: LazyLock<Arc<Value>> = LazyLock::new(|| Arc::new(of::<TurnResult>()));

/// The schema of what an expert says in a turn.
#[must_use]
pub fn turn_result() -> Arc<Value> {
    Arc::clone(&TURN_RESULT)
}

/// The schema of a plan.
#[must_use]
pub fn plan() -> Value {
    of::<Plan>()
}

/// Published file name → schema.
#[must_use]
pub fn published() -> Vec<(&'static str, Value)> {
    vec![
        ("assignment.v1.schema.json", of::<Assignment>()),
        ("outcome.v1.schema.json", of::<Outcome>()),
        ("plan.v1.schema.json", plan()),
        ("tasks.v1.schema.json", of::<TaskFile>()),
        ("turn-input.v1.schema.json", of::<TurnInput>()),
        ("turn-result.v1.schema.json", turn_result().as_ref().clone()),
        ("work-event.v1.schema.json", of::<WorkEvent>()),
        ("work-template.v1.schema.json", of::<WorkTemplate>()),
        ("work-view.v1.schema.json", of::<WorkView>()),
        ("workflow.v1.schema.json", of::<Workflow>()),
    ]
}

fn of<T: JsonSchema>() -> Value {
    readable(schema_for!(T).to_value())
}

/// A schema in words that JSON Schema knows: the width of a number in Rust is no format there, and its bounds say it.
#[must_use]
pub fn readable(mut schema: Value) -> Value {
    spare_widths(&mut schema);
    schema
}

fn spare_widths(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            let width = |format: &Value| {
                let format = format.as_str().unwrap_or_default();
                format.starts_with("uint") || format.starts_with("int") || format == "double"
            };
            // A property may be called so, too; its value is a schema then, and no text.
            if fields.get("format").is_some_and(width) {
                fields.remove("format");
            }
            fields.values_mut().for_each(spare_widths);
        }
        Value::Array(items) => items.iter_mut().for_each(spare_widths),
        _ => {}
    }
}

//! Real documents against the published schemas.

use serde_json::{Value, json};

use super::{answers, changed, playground};
use crate::council::conclude::assemble;
use crate::council::message::TurnResult;
use crate::plan::schema;
use crate::testing::{objects, start, take};

fn valid(file: &str, document: &Value) {
    let (_, schema) = schema::published()
        .into_iter()
        .find(|(name, _)| *name == file)
        .unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(document)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{file}: {errors:?}");
}

#[test]
fn plans_are_valid_by_their_schema() {
    let graph = playground();
    let full = assemble(&changed(&graph));
    valid("plan.v1.schema.json", &serde_json::to_value(&full).unwrap());
    let mut council = crate::testing::council(&graph);
    take(&mut council, "app", objects("py", "no"));
    council.apply(&crate::council::Event::TimeIsUp {}).unwrap();
    let cut = assemble(&council);
    assert!(cut.is_cut_short());
    valid("plan.v1.schema.json", &serde_json::to_value(&cut).unwrap());
}

#[test]
fn turns_are_valid_by_their_schemas() {
    let graph = playground();
    let mut council = changed(&graph);
    for seat in council.seats.values() {
        let result = seat.result.as_ref().unwrap();
        valid(
            "turn-result.v1.schema.json",
            &serde_json::to_value(result).unwrap(),
        );
    }
    let answer = answers("so", "README.md");
    valid(
        "turn-result.v1.schema.json",
        &serde_json::to_value(answer).unwrap(),
    );
    council = crate::testing::council(&graph);
    take(&mut council, "app", crate::testing::asks(&["py"]));
    let (turn, messages) = start(&mut council, "py");
    let input = council.input(&turn, &messages);
    valid(
        "turn-input.v1.schema.json",
        &serde_json::to_value(input).unwrap(),
    );
}

#[test]
fn the_schema_refuses_what_the_runner_refuses() {
    let validator = jsonschema::validator_for(&schema::turn_result()).unwrap();
    let good = json!({"schemaVersion": 1, "edits": [], "answer": null, "asks": [],
        "verdict": {"verdict": "accept"}});
    assert!(validator.is_valid(&good));
    serde_json::from_value::<TurnResult>(good.clone()).unwrap();
    for (field, value) in [
        ("thoughts", json!("hm")),
        ("verdict", json!({"verdict": "maybe"})),
        (
            "edits",
            json!([{"path": "x", "action": "rename", "instruction": ""}]),
        ),
        ("schemaVersion", json!("1")),
    ] {
        let mut bad = good.clone();
        bad[field] = value;
        assert!(!validator.is_valid(&bad), "{field}");
        assert!(
            serde_json::from_value::<TurnResult>(bad).is_err(),
            "{field}"
        );
    }
}

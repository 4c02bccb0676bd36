//! Shapes and sizes.

use serde_json::{Value, json};

use super::{edit, judge, turn};

#[test]
fn another_shape_version_or_field_is_no_turn() {
    let mut extra = turn(json!([]));
    extra["thoughts"] = json!("hm");
    let mut version = turn(json!([]));
    version["schemaVersion"] = json!(2);
    let mut verdict = turn(json!([]));
    verdict["verdict"] = json!({"verdict": "maybe"});
    let action = edit("src/lib.rs", "rename");
    for (output, problem) in [
        (json!(null), "is no turn"),
        (json!("text"), "is no turn"),
        (json!({}), "missing field"),
        (extra, "thoughts"),
        (version, "has schemaVersion 2"),
        (verdict, "maybe"),
        (action, "rename"),
    ] {
        let error = judge(&output).unwrap_err();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn deep_nesting_is_refused_before_anything_is_read() {
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!([deep]);
    }
    assert!(judge(&deep).unwrap_err().contains("nested too deeply"));
}

#[test]
fn lists_and_texts_beyond_their_bounds_are_refused_by_name() {
    let many = |count: usize, item: Value| Value::Array(vec![item; count]);
    let edits = many(
        501,
        json!({"path": "src/lib.rs", "action": "change", "instruction": ""}),
    );
    let ask = json!({"to": "inner", "text": "", "reason": ""});
    let with = |field: &str, value: Value| {
        let mut output = turn(json!([]));
        output[field] = value;
        output
    };
    for (output, problem) in [
        (turn(edits), "edits has 501 entries"),
        (with("asks", many(65, ask)), "asks has 65 entries"),
        (with("notes", many(129, json!(""))), "notes has 129 entries"),
        (
            with(
                "steps",
                many(65, json!({"phase": "after", "what": "build"})),
            ),
            "steps has 65 entries",
        ),
        (
            with(
                "steps",
                json!([{"phase": "after", "what": "x".repeat(1001)}]),
            ),
            "a step has 1001 bytes",
        ),
        (
            with(
                "steps",
                json!([{"phase": "after", "what": "x", "proof": "x".repeat(1001)}]),
            ),
            "the proof of a step has 1001 bytes",
        ),
        (
            with(
                "decisions",
                many(33, json!({"question": "which?", "proposal": "this"})),
            ),
            "decisions has 33 entries",
        ),
        (
            turn(
                json!([{"path": "src/lib.rs", "action": "change", "instruction": "", "likelihood": 101}]),
            ),
            "a likelihood has 101 percent",
        ),
        (
            with("notes", json!(["x".repeat(5000)])),
            "a note has 5000 bytes",
        ),
        (edit(&"x".repeat(2000), "create"), "a path has 2000 bytes"),
        (
            with(
                "verdict",
                json!({"verdict": "amend", "reason": "x".repeat(40_000)}),
            ),
            "40000 bytes",
        ),
        (
            with(
                "answer",
                json!({"markdown": "x".repeat(300_000), "citations": []}),
            ),
            "the answer has 300000",
        ),
        (with("notes", json!(["x".repeat(2 << 20)])), "bytes of JSON"),
    ] {
        let error = judge(&output).unwrap_err();
        assert!(error.contains(problem), "{problem}: {error}");
    }
}

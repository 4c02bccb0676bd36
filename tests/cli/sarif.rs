//! `poag check --sarif`: what differs, as code hosts read it.

use serde_json::Value;

use crate::harness::{Repository, text};

/// The schema that OASIS published, less its descriptions.
fn schema() -> Value {
    let text = include_str!("sarif-schema-2.1.0.json");
    let mut schema: Value = serde_json::from_str(text).unwrap();
    // Its pattern for languages has a bracket too many, which only lenient readers of expressions take.
    for object in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][object]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    schema
}

#[test]
fn everything_that_differs_is_a_result_that_fits_the_schema() {
    let family = Repository::family();
    family.edit("base/src/greet.py", "Says hello", "Says good day");
    family.write("base/src/new file.py", "x = 1\n");
    family.git(&["rm", "-q", "base/src/private.py"]);
    family.git(&["add", "-A"]);
    let output = family
        .poag("app")
        .args(["check", "--all", "--sarif"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema = schema();
    assert!(
        schema["$id"]
            .as_str()
            .unwrap()
            .ends_with("sarif-schema-2.1.0.json")
    );
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&log)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let results = log["runs"][0]["results"].as_array().unwrap();
    let told: Vec<String> = results
        .iter()
        .map(|one| {
            let place = &one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
            format!(
                "{} {}",
                one["ruleId"].as_str().unwrap(),
                place.as_str().unwrap()
            )
        })
        .collect();
    let expected = [
        "poag/file base/src/new%20file.py",
        "poag/file base/src/greet.py",
        "poag/file base/poag.lock",
        "poag/contract app/flake.nix",
    ];
    for line in expected {
        assert!(
            told.iter().any(|one| one == line),
            "{line} is not in {told:?}"
        );
    }
    let message = results[0]["message"]["text"].as_str().unwrap();
    assert!(message.contains("Repair: "), "{message}");
}

#[test]
fn a_fresh_expert_has_no_results() {
    let family = Repository::family();
    let output = family
        .poag("app")
        .args(["check", "--sarif"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
}

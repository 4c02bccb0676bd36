//! A whole question to a small family of flakes, each expert spoken for by a real agent.

use serde_json::{Value, json};

use crate::harness::{Repository, text};
use crate::stand_in::{Call, Reply};

/// What the experts of [`Repository::family`] say: `app` asks `base` for its part and then plans its own.
pub fn script(call: &Call) -> Reply {
    let said = call.last_user();
    let input = said.rsplit_once("Its input:").unwrap().1;
    let (from, to) = (input.find('{').unwrap(), input.rfind('}').unwrap());
    let input: Value = serde_json::from_str(&input[from..=to]).unwrap();
    let edit = |path: &str, instruction: &str| json!([{ "path": path, "action": "change", "instruction": instruction }]);
    let result = |edits: Value, asks: Value| {
        Reply::Structured(json!({
            "schemaVersion": 1, "edits": edits, "answer": null, "asks": asks,
            "verdict": { "verdict": "accept" }, "notes": [],
        }))
    };
    let first = input["previous"].is_null();
    match input["expert"].as_str().unwrap() {
        "base" => result(edit("src/greet.py", "Take a title and say it."), json!([])),
        "app" if first => result(
            json!([]),
            json!([{ "to": "base", "contract": "greet", "text": "Greet with a title?", "reason": "It prints it." }]),
        ),
        "app" => result(edit("main.py", "Pass the title on."), json!([])),
        other => panic!("nobody is called {other}"),
    }
}

/// Asks the family with that backend, and gives the plan, which fits its schema and is what was scripted.
pub fn ask(backend: &str, env: &[(&str, String)]) -> Value {
    let family = Repository::family();
    let output = family
        .poag("app")
        .args(["ask", "--quiet", "--backend", backend])
        .arg("Greet people with their title")
        .envs(env.iter().map(|(name, value)| (*name, value)))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema = include_str!("../../schema/plan.v1.schema.json");
    let schema = serde_json::from_str(schema).unwrap();
    let errors: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&plan)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?} in {plan:#}");
    for (expert, path, what) in [
        ("base", "./src/greet.py", "Take a title and say it."),
        ("app", "./main.py", "Pass the title on."),
    ] {
        let told = plan["subflakes"][expert][path].as_str();
        assert!(told.is_some_and(|told| told.contains(what)), "{plan:#}");
    }
    plan
}

//! One debate with the real Claude Code, Codex and Gemini and with the backend `openai`, against the stand-in; one of them
//! fails in the second round.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::brain::input;
use crate::harness::{Repository, text};
use crate::stand_in::{Api, Call, Reply, StandIn, clis_or_skip};

const TOPIC: &str = "How should the greeting be made polite?";
const PANEL: &str =
    "claude-code=claude-code:sonnet,codex,gemini=gemini:gemini-2.5-flash,openai=openai:local-model";

/// Who a model says it is: each of the four has an API of its own here.
fn name(api: Api) -> &'static str {
    match api {
        Api::Anthropic => "claude-code",
        Api::Responses => "codex",
        Api::Gemini => "gemini",
        Api::Chat => "openai",
    }
}

/// What the four say: a proposal each, arguments that cite a file and one another, and a ballot. Gemini's provider refuses it
/// in the second round.
fn script(call: &Call) -> Reply {
    let Some(input) = input(call) else {
        return Reply::Text("Title".into());
    };
    let name = name(call.api);
    let round = input["round"].as_u64().unwrap();
    if (name, round) == ("gemini", 2) {
        return Reply::Status {
            code: 401,
            retry_after: None,
            message: "API key not valid".into(),
        };
    }
    let labels: Vec<&Value> = input["choices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["label"])
        .collect();
    Reply::Structured(match input["want"].as_str().unwrap() {
        "ranking" => {
            let ranking: Vec<Vec<&Value>> = labels.into_iter().map(|label| vec![label]).collect();
            json!({"schemaVersion": 1, "submission": null, "ranking": ranking})
        }
        want => {
            let file = json!({"kind": "file", "expert": null, "path": "main.py", "lines": [1, 1]});
            let mut citations = vec![file];
            if want == "argument" {
                let cited = &input["submissions"][0];
                citations.push(
                    json!({"kind": "submission", "round": cited["round"], "label": cited["label"]}),
                );
            }
            json!({"schemaVersion": 1, "ranking": null, "submission": {
                "position": format!("As {name} says in round {round}: ask the person."),
                "arguments": [{"text": "it is called there", "citations": citations}],
                "supports": labels, "withdraws": false,
            }})
        }
    })
}

#[test]
fn four_vendors_debate_and_one_of_them_fails_in_the_second_round() {
    let Some(bin) = clis_or_skip() else { return };
    let family = Repository::family();
    let model = StandIn::start(script);
    let mut poag = family.poag("app");
    let path = std::env::var_os("PATH").unwrap();
    let path = std::iter::once(bin).chain(std::env::split_paths(&path));
    for (name, _) in std::env::vars() {
        let of_agents = ["ANTHROPIC_", "CLAUDE", "OPENAI_", "GEMINI_", "GOOGLE_"];
        if of_agents.iter().any(|prefix| name.starts_with(prefix)) {
            poag.env_remove(name);
        }
    }
    let output = poag
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("ANTHROPIC_BASE_URL", model.url())
        .env("ANTHROPIC_API_KEY", "none")
        .env("OPENAI_BASE_URL", format!("{}/v1", model.url()))
        .env("OPENAI_API_KEY", "sk-very-secret")
        .env("GOOGLE_GEMINI_BASE_URL", model.url())
        .env("GEMINI_API_KEY", "none")
        .args([
            "debate", "--quiet", "--json", "--rounds", "3", "--panel", PANEL, TOPIC,
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{:.2000}", text(&output.stderr));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema = include_str!("../../schema/debate-result.v1.schema.json");
    let schema = serde_json::from_str(schema).unwrap();
    let errors = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = errors
        .iter_errors(&result)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?} in {result:#}");

    let rounds = result["rounds"].as_array().unwrap();
    let said: Vec<usize> = rounds
        .iter()
        .map(|round| round["submissions"].as_object().unwrap().len())
        .collect();
    assert_eq!(said, [4, 3, 4], "{result:#}");
    assert_eq!(rounds[1]["missing"][0]["by"], "gemini");
    let participants = result["participants"].as_object().unwrap();
    for (name, one) in participants {
        assert_eq!(one["ranking"].as_array().unwrap().len(), 4, "{name}");
        assert!(one["usage"]["inputTokens"].as_u64().unwrap() > 0, "{name}");
    }
    assert_eq!(
        (result["method"].as_str(), result["winner"].as_str()),
        (Some("condorcet"), Some("A"))
    );

    let apis: BTreeSet<&str> = model.calls().iter().map(|call| name(call.api)).collect();
    assert_eq!(
        apis.into_iter().collect::<Vec<_>>(),
        ["claude-code", "codex", "gemini", "openai"]
    );
    for call in model.calls() {
        let Some(input) = input(&call) else { continue };
        let round = input["round"].as_u64();
        for seen in input["submissions"].as_array().unwrap() {
            assert!(seen["round"].as_u64() < round, "{input:#}");
            // Nobody is told who said it.
            let position = seen["submission"]["position"].as_str().unwrap();
            assert!(position.starts_with("As [participant] says"), "{position}");
        }
    }
    // The key is in no record.
    for words in [&["run", "show", "last"][..], &["run", "export", "last"]] {
        let output = family.poag("app").args(words).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(!text(&output.stdout).contains("sk-very-secret"));
    }
}

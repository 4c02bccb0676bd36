//! An expert that thinks with the real Claude Code asks its neighbour within its turn, and checks its result.

use serde_json::{Value, json};

use crate::brain::{input, nothing};
use crate::harness::{Repository, text};
use crate::stand_in::{Call, Reply, Role, StandIn, clis_or_skip};

const REQUEST: &str = "Make greet(name) say goodbye";

/// What tools gave in this turn so far, oldest first.
fn results(call: &Call) -> Vec<&str> {
    let asks = |(_, text): &(Role, String)| text.contains("Its input:");
    let from = call.messages.iter().rposition(asks).unwrap_or(0);
    let since = call.messages[from..].iter();
    let tools = since.filter(|(role, _)| *role == Role::Tool);
    tools.map(|(_, text)| text.as_str()).collect()
}

/// `app` consults `base`, checks a result that holds what it heard, and ends with mere words: what was right counts.
fn app(call: &Call) -> Reply {
    let tool = |name: &str, input: Value| Reply::Tool {
        name: format!("mcp__poag__{name}"),
        input,
    };
    if input(call).is_some_and(|input| input["turn"] == 0) {
        return Reply::Structured(nothing());
    }
    match results(call)[..] {
        [] => tool(
            "consult",
            json!({ "to": "base", "text": REQUEST, "contract": "greet", "reason": "it makes the text" }),
        ),
        [heard] => {
            let first = serde_json::Deserializer::from_str(heard).into_iter().next();
            let Some(Ok::<Value, _>(message)) = first else {
                panic!("no message: {heard:.300}")
            };
            let edits = message["body"]["result"]["edits"].as_array().unwrap();
            let paths = edits.iter().filter_map(|edit| edit["path"].as_str());
            let instruction = format!("follow {}", paths.collect::<Vec<_>>().join(" and "));
            tool(
                "check",
                json!({ "result": {
                    "schemaVersion": 1, "answer": null, "asks": [], "notes": [],
                    "verdict": { "verdict": "accept" },
                    "edits": [{ "path": "main.py", "action": "change", "instruction": instruction, "evidence": [] }],
                }}),
            )
        }
        _ => Reply::Text("It is done.".into()),
    }
}

#[test]
fn claude_consults_a_neighbour_within_its_turn_and_checks_its_result() {
    let Some(bin) = clis_or_skip() else { return };
    let family = Repository::family();
    let model = StandIn::start(app);
    let mut poag = family.poag("app");
    let path = std::env::var_os("PATH").unwrap();
    let path = std::iter::once(bin).chain(std::env::split_paths(&path));
    for (name, _) in std::env::vars() {
        if name.starts_with("ANTHROPIC_") || name.starts_with("CLAUDE") {
            poag.env_remove(name);
        }
    }
    let output = poag
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("ANTHROPIC_BASE_URL", model.url())
        .env("ANTHROPIC_API_KEY", "none")
        .args(["ask", "--quiet", "--max-parallel", "1"])
        .args(["--backend", "app=claude-code", REQUEST])
        .output()
        .unwrap();
    assert!(output.status.success(), "{:.2000}", text(&output.stderr));
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    let said = plan["subflakes"]["app"]["./main.py"].as_str();
    let said = said.unwrap_or_else(|| panic!("{:.2000}", plan["council"].to_string()));
    assert!(said.contains("src/greet.py"), "{said}");
    assert!(plan["subflakes"]["base"]["./src/greet.py"].is_string());
    // One turn for each: nobody needed a second one to read an answer.
    let turns = plan["council"]["turns"].as_array().unwrap();
    let turns: Vec<_> = turns
        .iter()
        .map(|turn| {
            (
                turn["expert"].as_str().unwrap(),
                turn["turn"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(turns, [("app", 1), ("base", 1)]);
    assert_eq!(plan["council"]["asked"][0]["answered"], true);
    let calls = model.calls();
    // The tools are offered in every call, under the names that they are allowed by.
    for tool in ["check", "consult", "contract", "lookup"] {
        let name = format!("mcp__poag__{tool}");
        assert!(
            calls.iter().all(|call| call.tools.contains(&name)),
            "{name}"
        );
    }
}

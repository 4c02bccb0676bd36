//! `poag ask` with experts that think with Claude Code.

use std::path::Path;

use assert_cmd::Command;
use serde_json::{Value, json};

use super::stage::asked;
use crate::brain::input;
use crate::harness::{Repository, text};
use crate::stand_in::{Call, Reply, StandIn, clis_or_skip};

/// What the experts of the family say: `app` asks `base`, and both change a file.
fn expert(call: &Call) -> Reply {
    let input = asked(call);
    let edit = |path: &str| {
        json!([{ "path": path, "action": "change", "instruction": "say it politely",
            "evidence": [{ "lines": [1, 1], "what": "it stands here" }] }])
    };
    let (edits, asks) = match (
        input["expert"].as_str().unwrap(),
        input["turn"].as_u64().unwrap(),
    ) {
        ("base", _) => (edit("src/greet.py"), json!([])),
        ("app", 1) => (
            edit("main.py"),
            json!([{ "to": "base", "text": "be polite", "reason": "it makes the text", "contract": "greet" }]),
        ),
        _ => (edit("main.py"), json!([])),
    };
    Reply::Structured(json!({
        "schemaVersion": 1, "edits": edits, "answer": null, "asks": asks,
        "verdict": { "verdict": "accept" }, "notes": [],
    }))
}

/// poag in a folder of the family, with nothing of this process's keys.
fn poag(family: &Repository, bin: &Path, model: &StandIn) -> Command {
    let mut poag = family.poag("app");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path =
        std::env::join_paths(std::iter::once(bin.to_owned()).chain(std::env::split_paths(&path)));
    for (name, _) in std::env::vars() {
        if name.starts_with("ANTHROPIC_") || name.starts_with("CLAUDE") {
            poag.env_remove(name);
        }
    }
    poag.env("PATH", path.unwrap())
        .env("ANTHROPIC_BASE_URL", model.url())
        .args([
            "ask",
            "--quiet",
            "--backend",
            "claude-code",
            "Make the greeting polite",
        ]);
    poag
}

#[test]
fn a_family_of_experts_gives_one_plan_that_fits_the_schema() {
    let Some(bin) = clis_or_skip() else { return };
    let family = Repository::family();
    let model = StandIn::start(expert);
    let output = poag(&family, &bin, &model)
        .env("ANTHROPIC_API_KEY", "the-key-of-the-test")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();

    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/plan.v1.schema.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(schema).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&plan)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    for (expert, path) in [("app", "./main.py"), ("base", "./src/greet.py")] {
        let what = plan["subflakes"][expert][path].as_str();
        assert!(
            what.is_some_and(|what| what.contains("politely")),
            "{:#}",
            plan["subflakes"]
        );
    }
    let usage = &plan["council"]["usage"];
    assert!(usage["costUsd"].as_f64().unwrap() > 0.0, "{usage}");
    let calls = model.calls();
    let priming = |call: &&Call| input(call).is_some_and(|input| input["turn"] == 0);
    assert_eq!(
        calls.iter().filter(priming).count(),
        2,
        "each is primed once"
    );
    assert_eq!(calls.len(), 2 + 3, "app, base, app");
    assert!(
        calls
            .iter()
            .all(|call| call.header("x-api-key") == Some("the-key-of-the-test"))
    );
    assert!(
        calls[0].messages[0].1.contains("main.py"),
        "the pack is there"
    );
}

/// For one that is logged in and has no key.
#[test]
fn a_login_is_lent_to_the_experts() {
    let Some(bin) = clis_or_skip() else { return };
    let family = Repository::family();
    let model = StandIn::start(expert);
    let home = tempfile::tempdir().unwrap();
    let login = json!({ "claudeAiOauth": {
        "accessToken": "sk-ant-oat01-test", "refreshToken": "sk-ant-ort01-test", "expiresAt": 4_102_444_800_000_u64,
        "scopes": ["user:inference", "user:profile"], "subscriptionType": "max",
    }});
    let file = home.path().join(".claude/.credentials.json");
    std::fs::create_dir(home.path().join(".claude")).unwrap();
    std::fs::write(&file, login.to_string()).unwrap();
    let output = poag(&family, &bin, &model)
        .env("HOME", home.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let calls = model.calls();
    assert!(
        calls
            .iter()
            .all(|call| call.header("authorization") == Some("Bearer sk-ant-oat01-test"))
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), login.to_string());
}

//! A person's own coding agent, the real Claude Code, with poag as a tool.

use serde_json::{Value, json};

use crate::harness::Repository;
use crate::place::{Place, told};
use crate::stand_in::{Reply, StandIn};

const REQUEST: &str = "Make greet(name) say goodbye";

#[test]
fn claude_asks_the_experts_by_its_tool_and_has_the_plan() {
    let Some(place) = Place::new() else { return };
    let repository = Repository::family();
    let model = StandIn::start(|call| match call.tool_result() {
        Some(_) => Reply::Text("planned".into()),
        None => Reply::Tool {
            name: "mcp__poag__ask".into(),
            input: json!({ "request": REQUEST }),
        },
    });
    let claude = |args: &[&str]| {
        let mut command = place.command("claude");
        command
            .env("ANTHROPIC_BASE_URL", model.url())
            .env("ANTHROPIC_API_KEY", "none")
            .env("CLAUDE_CONFIG_DIR", place.home().join("claude"))
            .env("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")
            .env("DISABLE_AUTOUPDATER", "1")
            .current_dir(repository.root.join("app"))
            .args(args);
        for name in ["NIX_CONFIG", "NIX_REMOTE", "NIXW_NIX", "NIX_SSL_CERT_FILE"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        command
    };
    // The line of the README, with the built program in the place of `nix run`.
    let poag = assert_cmd::cargo::cargo_bin!("poag").display().to_string();
    let state = format!("POAG_STATE_DIR={}", repository.state().display());
    let cache = format!("POAG_CACHE_DIR={}", place.home().join("cache").display());
    claude(&[
        "mcp", "add", "poag", "-e", &state, "-e", &cache, "--", &poag, "mcp",
    ])
    .assert()
    .success();
    let output = claude(&[
        "-p",
        "plan it",
        "--output-format",
        "stream-json",
        "--verbose",
    ])
    .args([
        "--model",
        "claude-sonnet-4-5",
        "--allowedTools",
        "mcp__poag__ask",
    ])
    .output()
    .unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let calls = model.calls();
    let result = calls.iter().find_map(|call| call.tool_result());
    let result = result.unwrap_or_else(|| panic!("no result of a tool: {}", told(&output)));
    // Claude hands the structured content on, with words of its own behind; it is the plan that the command line gives.
    let first = serde_json::Deserializer::from_str(result)
        .into_iter()
        .next();
    let Some(Ok::<Value, _>(plan)) = first else {
        panic!("no plan: {result:.200}")
    };
    let line = repository
        .poag("app")
        .args(["ask", "--json", REQUEST])
        .output()
        .unwrap();
    let line: Value = serde_json::from_slice(&line.stdout).unwrap();
    // Not the whole: Claude writes 0.0 as 0.
    for part in ["request", "answer", "subflakes", "plan"] {
        assert_eq!(plan[part], line[part]);
    }
    assert_eq!(plan["council"]["asked"], line["council"]["asked"]);
    assert!(
        plan["subflakes"]["base"]["./src/greet.py"].is_string(),
        "{plan}"
    );
}

//! A person's own coding agent, the real Claude Code, with poag as a tool.

use rmcp::ServiceExt as _;
use rmcp::model::{CallToolRequest, CallToolRequestParams, ClientRequest};
use rmcp::service::PeerRequestOptions;
use rmcp::transport::TokioChildProcess;
use serde_json::{Value, json};

use crate::harness::{Repository, text};
use crate::place::{Place, told};
use crate::stand_in::{Reply, StandIn, clis_or_skip};

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
        let mut command = place.claude_in(repository.root.join("app"), &model);
        command.args(args);
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

#[test]
fn a_cancelled_request_stops_its_council_which_goes_on_when_it_is_resumed() {
    let Some(bin) = clis_or_skip() else { return };
    let repository = Repository::family();
    let model = StandIn::start(|_| Reply::Stall);
    let mut process = std::process::Command::new(assert_cmd::cargo::cargo_bin!("poag"));
    repository.place(&mut process, "app");
    let path = std::env::var_os("PATH").unwrap();
    let path = std::iter::once(bin).chain(std::env::split_paths(&path));
    process
        .arg("mcp")
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("ANTHROPIC_BASE_URL", model.url())
        .env("ANTHROPIC_API_KEY", "none");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let child = TokioChildProcess::new(tokio::process::Command::from(process)).unwrap();
        let client = ().serve(child).await.unwrap();
        let arguments = json!({ "request": REQUEST, "backend": "app=claude-code" });
        let params = CallToolRequestParams::new("ask")
            .with_arguments(arguments.as_object().unwrap().clone());
        let request = ClientRequest::CallToolRequest(CallToolRequest::new(params));
        let options = PeerRequestOptions::no_options();
        let handle = client
            .send_cancellable_request(request, options)
            .await
            .unwrap();
        while model.calls().is_empty() {
            tokio::task::yield_now().await;
        }
        handle.cancel(None).await.unwrap();
        // The run is free for whoever goes on with it, while the server is still there.
        let resumed = loop {
            let resumed = repository
                .poag("app")
                .args(["ask", "--resume", "--json", "--backend", "librarian"])
                .output()
                .unwrap();
            if !text(&resumed.stderr).contains("is being driven by") {
                break resumed;
            }
        };
        let plan: Value = serde_json::from_slice(&resumed.stdout)
            .unwrap_or_else(|_| panic!("{}", text(&resumed.stderr)));
        assert_eq!(plan["request"], REQUEST);
        client.cancel().await.unwrap();
    });
}

//! Tools of a turn over the protocol: the agent starts their server and its model may call them.

use poag::agent::ToolServer;
use serde_json::json;

use crate::acp_claude::{claude, turns};
use crate::spoken::{SERVER, Speaker, asked, told};
use crate::stand_in::{Call, Reply, StandIn, clis_or_skip};

/// Calls the tool of that name, and answers with its result.
fn looks(tool: &'static str) -> impl Fn(&Call) -> Reply + Send + Sync {
    move |call| match call.tool_result() {
        None if call.tools.is_empty() => Reply::Text("Title".into()),
        None => Reply::Tool {
            name: tool.into(),
            input: json!({}),
        },
        Some(result) => {
            assert!(!asked(&call.last_user()).is_empty());
            Reply::Text(json!({ "said": result }).to_string())
        }
    }
}

fn called(mut speaker: Speaker, model: &StandIn, tool: &str, other: &str) {
    speaker.tools = Some(ToolServer {
        name: "poag".into(),
        program: "/usr/bin/env".into(),
        args: vec!["python3".into(), "-c".into(), SERVER.into()],
        env: vec![("MINE".into(), "1".into())],
        tools: vec!["look".into()],
    });
    let output = speaker.turn("moo?", None);
    let Ok(answer) = &output.outcome else {
        panic!("{}", told(&output))
    };
    let heard = answer["said"].as_str().unwrap();
    assert!(heard.contains("seen") && heard.contains("MINE"), "{heard}");
    assert!(!heard.contains("API_KEY"), "a key reached it: {heard}");
    let offered = &turns(model)[0].tools;
    assert!(offered.iter().any(|name| name == tool), "{offered:?}");
    assert!(!offered.iter().any(|name| name == other), "{offered:?}");
}

#[test]
fn opencode_starts_the_server_and_its_model_calls_the_tool() {
    let Some(bin) = clis_or_skip() else { return };
    let model = StandIn::start(looks("poag_look"));
    let speaker = Speaker::new("acp", crate::acp::command(&bin.join("opencode"), &model));
    called(speaker, &model, "poag_look", "poag_other");
}

#[test]
fn claude_starts_the_server_and_its_model_calls_the_tool() {
    let model = StandIn::start(looks("mcp__poag__look"));
    let Some(speaker) = claude(&model) else {
        return;
    };
    called(speaker, &model, "mcp__poag__look", "Bash");
}

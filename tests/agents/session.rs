//! A session goes on in the conversation of its agent.

use serde_json::Value;

use crate::playground::Stage;
use crate::stand_in::{Call, Reply};
use crate::{brain, stand_in};

/// Says how many questions it has been asked in this conversation, and whether it was primed before.
fn counting(call: &Call) -> Reply {
    let Some(input) = brain::input(call) else {
        return Reply::Text("Title".into());
    };
    let mut result = brain::nothing();
    if input["turn"] != 0 {
        let mut said = String::new();
        for (role, text) in &call.messages {
            if *role == stand_in::Role::User {
                said.push_str(text);
            }
        }
        let heard = ["the first question", "the second question"]
            .iter()
            .filter(|question| said.contains(**question))
            .count();
        let primed = said.contains("Draw the map of your flake");
        let markdown = format!("questions: {heard}, primed: {primed}");
        result["answer"] = serde_json::json!({"markdown": markdown, "citations": []});
    }
    Reply::Structured(result)
}

fn talk(backend: &str) {
    let Some(stage) = Stage::saying(counting) else {
        return;
    };
    let poag = |words: &[&str]| {
        let output = stage.poag().arg("session").args(words).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words:?}: {told}");
        String::from_utf8(output.stdout).unwrap()
    };
    let name = poag(&["open", "hello-py", "--backend", backend]);
    let say = |text: &str| poag(&["say", name.trim(), "--wait", text]);
    assert_eq!(say("the first question"), "questions: 1, primed: true\n");
    // Another process, the same conversation.
    assert_eq!(say("the second question"), "questions: 2, primed: true\n");
    poag(&["ctl", name.trim(), "compact"]);
    let answer = say("and now?");
    assert!(answer.ends_with("primed: true\n"), "{answer}");
    let status: Value = serde_json::from_str(&poag(&["status", name.trim(), "--json"])).unwrap();
    assert_eq!(status["messages"], 3);
    assert!(
        status["usage"]["inputTokens"].as_u64().unwrap() > 0,
        "{status}"
    );
}

#[test]
fn a_session_goes_on_in_the_conversation_of_claude_code() {
    talk("claude-code");
}

#[test]
fn a_session_goes_on_in_the_conversation_of_codex() {
    talk("codex");
}

//! The tools for sessions: what `poag session` does, by a client of the protocol over standard input and output.

use serde_json::{Value, json};

use crate::harness::Repository;
use crate::mcp::{Client, block, call, client, fits, said};

#[test]
fn an_agent_talks_with_two_experts_and_passes_on_what_one_said() {
    let repository = Repository::family();
    block(async {
        let client: Client = client(&repository, "app", None).await;
        let tools = client.list_all_tools().await.unwrap();
        let mut names: Vec<&str> = tools
            .iter()
            .filter_map(|tool| tool.name.strip_prefix("session_"))
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["close", "open", "out", "say", "status", "wait"]);
        let good = async |tool: &'static str, arguments: Value| {
            let result = call(&client, tool, arguments).await;
            assert_eq!(result.is_error, Some(false), "{tool}: {}", said(&result));
            fits(&tools, tool, &result);
            result.structured_content.unwrap()
        };
        let bad = async |tool: &'static str, arguments: Value| {
            let result = call(&client, tool, arguments).await;
            assert_eq!(result.is_error, Some(true), "{tool}: {}", said(&result));
            assert!(said(&result).contains("\nrepair: "), "{}", said(&result));
        };
        let base = good("session_open", json!({"expert": "base"})).await;
        assert_eq!(
            (&base["name"], &base["status"]),
            (&json!("base"), &json!("idle"))
        );
        bad("session_open", json!({"expert": "base", "name": "base"})).await;
        bad("session_open", json!({"expert": "nobody"})).await;
        good("session_open", json!({"name": "talk"})).await;
        let none = good("session_out", json!({"session": "base"})).await;
        assert_eq!(none["text"], Value::Null);
        let question = "How do I call greet?";
        good("session_say", json!({"session": "base", "text": question})).await;
        let stands = good("session_wait", json!({"session": "base"})).await;
        assert_eq!(
            (&stands["status"], &stands["messages"]),
            (&json!("await"), &json!(1))
        );
        let out = good("session_out", json!({"session": "base"})).await;
        let text = out["text"].as_str().unwrap();
        assert!(text.contains("greet"), "{out:#}");
        // The same on the command line.
        let printed = repository
            .poag("app")
            .args(["session", "out", "base"])
            .output();
        assert_eq!(crate::harness::text(&printed.unwrap().stdout), text);
        let passed = json!({"session": "talk", "text": "What of it?", "from": ["base"]});
        good("session_say", passed).await;
        good("session_wait", json!({"session": "talk", "seconds": 300})).await;
        let log = repository
            .poag("app")
            .args(["session", "log", "talk", "--json"])
            .output();
        let log: Value = serde_json::from_slice(&log.unwrap().stdout).unwrap();
        let heard = log[0]["text"].as_str().unwrap();
        assert!(
            heard.starts_with("What of it?\n\nThe expert `base` says:"),
            "{heard}"
        );
        assert!(
            heard.ends_with(text.trim_end()) || heard.ends_with(text),
            "{heard}"
        );
        let many: Vec<&str> = vec!["base"; 17];
        bad(
            "session_say",
            json!({"session": "talk", "text": "?", "from": many}),
        )
        .await;
        bad("session_say", json!({"session": "nothing", "text": "?"})).await;
        let closed = good("session_close", json!({"session": "talk"})).await;
        assert_eq!(closed["status"], "closed");
        bad("session_say", json!({"session": "talk", "text": "?"})).await;
        let status = good("session_status", json!({"session": "base"})).await;
        assert_eq!(status["status"], "await");
    });
}

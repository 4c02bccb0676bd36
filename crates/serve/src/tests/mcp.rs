//! The tools of `poag mcp` over HTTP, and what the server counts.

use serde_json::{Value, json};

use super::stage::{Answer, Stage, refused};
use crate::{Scope, TokenStore};

/// Calls a method of the protocol.
fn call(stage: &Stage, method: &str, params: &Value) -> Answer {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let accept = "Accept: application/json, text/event-stream\r\n";
    stage.post_with("/mcp", accept, &body.to_string())
}

/// What a tool came to: the last message, where others came before it.
fn tool(stage: &Stage, name: &str, arguments: &Value) -> Value {
    let answer = call(
        stage,
        "tools/call",
        &json!({ "name": name, "arguments": arguments }),
    );
    assert_eq!(answer.status, 200, "{}", answer.body);
    let events = answer
        .body
        .lines()
        .filter_map(|line| line.strip_prefix("data:"));
    let last = events.map(str::trim).rfind(|data| !data.is_empty());
    let answer: Value = serde_json::from_str(last.unwrap_or(&answer.body)).unwrap();
    answer["result"].clone()
}

fn said(result: &Value) -> &str {
    result["content"][0]["text"].as_str().unwrap()
}

#[test]
fn a_question_over_http_is_a_run_like_any_other() {
    let stage = Stage::new();
    let begun = call(
        &stage,
        "initialize",
        &json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" } }),
    );
    assert_eq!(begun.status, 200, "{}", begun.body);
    let experts = tool(&stage, "experts", &json!({}));
    assert_eq!(
        experts["structuredContent"]["experts"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let plan = tool(
        &stage,
        "ask",
        &json!({ "request": "How do I greet someone?", "flake": "hello", "backend": "librarian" }),
    );
    assert_ne!(plan["isError"], true, "{plan:#}");
    let (_, run) = said(&plan).rsplit_once("poag run show ").unwrap();
    let run = run.trim().trim_end_matches('`');
    stage.wait(run, "finished");
}

#[test]
fn no_flake_but_a_served_one_is_reached() {
    let stage = Stage::new();
    let secret = stage.folder.path().join("secret");
    let secret = secret.to_str().unwrap();
    for flake in [secret, "secret", "github:owner/repository", "."] {
        for (name, arguments) in [
            ("experts", json!({ "flake": flake })),
            ("pack", json!({ "flake": flake, "expert": "secret" })),
            (
                "ask",
                json!({ "flake": flake, "request": "Where is hidden?" }),
            ),
        ] {
            let result = tool(&stage, name, &arguments);
            assert_eq!(result["isError"], true, "{name} {flake}: {result:#}");
            assert!(said(&result).contains("repair: "), "{result:#}");
        }
    }
    let runs = stage.get("/v1/runs").json();
    assert_eq!(runs["runs"], json!([]), "nothing was asked");
}

#[test]
fn a_token_reaches_the_tools_that_it_has_a_right_to() {
    let stage = Stage::new();
    let store = TokenStore::new(&stage.engine.state_folder().unwrap());
    let reader = store.add("reader", [Scope::Read].into()).unwrap();
    let asker = store.add("asker", [Scope::Ask].into()).unwrap();
    let sent = |token: &str, name: &str, arguments: Value| {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": name, "arguments": arguments } });
        let (host, body) = (stage.address, body.to_string());
        stage.send(&format!(
            "POST /mcp HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    };
    assert_eq!(sent(&reader, "experts", json!({})).status, 200);
    let forbidden = [
        ("ask", json!({ "request": "How do I greet someone?" })),
        ("task_claim", json!({ "actor": "me" })),
        ("task_log", json!({ "task": "a", "epoch": 1, "text": "b" })),
        ("session_open", json!({})),
        ("session_say", json!({ "session": "a", "text": "b" })),
        ("session_close", json!({ "session": "a" })),
    ];
    for (name, arguments) in forbidden {
        let answer = sent(&reader, name, arguments);
        assert!(
            answer.body.contains("has no right to"),
            "{name}: {}",
            answer.body
        );
    }
    refused(&sent(&asker, "experts", json!({})), 403);
    refused(&sent("wrong", "experts", json!({})), 401);
}

#[test]
fn sessions_are_talked_in_by_tools_and_those_of_other_flakes_are_not_there() {
    let stage = Stage::new();
    let secret = stage.folder.path().join("secret");
    let target = stage.engine.packed(&secret).unwrap();
    let request = poag_engine::session::OpenSessionRequest {
        name: Some("hidden".into()),
        ..Default::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    runtime
        .block_on(stage.engine.open_session(&target, &request))
        .unwrap();
    let opened = tool(&stage, "session_open", &json!({ "name": "talk" }));
    assert_eq!(opened["isError"], json!(false), "{opened:#}");
    let say = json!({ "session": "talk", "text": "What does greet do?" });
    tool(&stage, "session_say", &say);
    let waited = tool(&stage, "session_wait", &json!({ "session": "talk" }));
    assert_eq!(waited["structuredContent"]["status"], "await", "{waited:#}");
    let session = stage.get("/v1/sessions").json()["sessions"][0]["id"].clone();
    let sessions = stage.engine.sessions().unwrap();
    let open = sessions.open(session.as_str().unwrap()).unwrap();
    assert_eq!(open.session().start.by, "somebody", "whoever calls");
    let out = tool(&stage, "session_out", &json!({ "session": "talk" }));
    let path = format!("/v1/sessions/{}/out", session.as_str().unwrap());
    assert_eq!(
        out["structuredContent"]["text"],
        stage.get(&path).json()["text"]
    );
    for name in [
        "session_say",
        "session_out",
        "session_wait",
        "session_close",
    ] {
        let mut arguments = json!({ "session": "hidden" });
        if name == "session_say" {
            arguments["text"] = json!("Who are you?");
        }
        let refused = tool(&stage, name, &arguments);
        assert_eq!(refused["isError"], json!(true), "{name}: {refused:#}");
    }
}

#[test]
fn what_is_no_message_is_refused_and_the_server_goes_on() {
    let stage = Stage::new();
    refused(
        &stage.send(&format!("{}\r\n", stage.head("POST", "/mcp"))),
        415,
    );
    for body in ["", "{", "[]", "{}", "null", &"[".repeat(100_000)] {
        let answer = stage.post_with(
            "/mcp",
            "Accept: application/json, text/event-stream\r\n",
            body,
        );
        assert!(
            (400..500).contains(&answer.status),
            "{body:.9}: {}",
            answer.head
        );
    }
    for method in ["GET", "DELETE", "PUT"] {
        let answer = stage.send(&(stage.head(method, "/mcp") + "\r\n"));
        assert_eq!(answer.status, 405, "{method}: {}", answer.head);
    }
    assert_eq!(tool(&stage, "experts", &json!({}))["isError"], json!(false));
}

#[test]
fn the_server_counts_what_happens() {
    let stage = Stage::new();
    let run = stage.ask(r#"{"request": "How do I greet someone?"}"#);
    stage.wait(&run, "finished");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let text = loop {
        let answer = stage.get("/metrics");
        assert_eq!(answer.status, 200);
        assert!(
            answer.head.contains("application/openmetrics-text"),
            "{}",
            answer.head
        );
        // The events come by the way of all listeners.
        if answer.body.contains(r#"kind="runFinished""#) {
            break answer.body;
        }
        assert!(std::time::Instant::now() < until, "{}", answer.body);
    };
    for line in [
        r#"poag_events_total{of="run",kind="turnFinished"} 1"#,
        r#"poag_tokens_total{kind="output"} "#,
        "poag_questions_free 8",
        "poag_inbox 0",
        "poag_http_request_duration_seconds_count{",
        r#"resource="/v1/runs/{run}""#,
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains(&run), "names are no labels\n{text}");
    assert!(text.ends_with("# EOF\n"), "{text}");
}

//! Sessions and snippets over HTTP are those of the command line.

use poag_core::session::SessionStatus;
use poag_engine::session::{OpenSessionRequest, output};
use serde_json::{Value, json};

use super::stage::{Stage, refused};
use crate::{Scope, TokenStore};

const QUESTION: &str = "{\"text\":\"What does greet do?\"}";

fn open(stage: &Stage, body: &str) -> String {
    let answer = stage.post("/v1/sessions", body);
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert!(answer.head.to_ascii_lowercase().contains("location: /v1/s"));
    let standing = answer.json();
    assert_eq!(standing["status"], "idle");
    standing["id"].as_str().unwrap().to_owned()
}

fn said(stage: &Stage, session: &str, body: &str) -> Value {
    let answer = stage.post(&format!("/v1/sessions/{session}/in"), body);
    assert_eq!(answer.status, 202, "{}", answer.body);
    answer.json()["number"].clone()
}

fn waited(stage: &Stage, session: &str) -> Value {
    let answer = stage.get(&format!("/v1/sessions/{session}/wait"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

fn out(stage: &Stage, session: &str) -> Value {
    stage.get(&format!("/v1/sessions/{session}/out")).json()
}

#[test]
fn a_message_is_taken_at_once_and_its_output_stays_until_the_next() {
    let stage = Stage::new();
    let session = open(&stage, "{\"name\":\"talk\"}");
    assert_eq!(out(&stage, &session)["text"], Value::Null);
    assert_eq!(said(&stage, &session, QUESTION), 1);
    let standing = waited(&stage, &session);
    assert_eq!(standing["status"], "await");
    assert_eq!(standing["output"], 1);
    let first = out(&stage, &session);
    let sessions = stage.engine.sessions().unwrap();
    let here = sessions.open(&session).unwrap();
    let (_, result) = here.session().output().unwrap();
    assert_eq!(first["text"], output(result));
    assert_eq!(first["result"], serde_json::to_value(result).unwrap());
    assert!(
        first["text"].as_str().unwrap().contains("greet"),
        "{first:#}"
    );
    assert_eq!(out(&stage, &session), first);
    assert_eq!(said(&stage, &session, QUESTION), 2);
    waited(&stage, &session);
    assert_eq!(out(&stage, &session)["number"], 2);
    let log = stage.get(&format!("/v1/sessions/{session}/log")).json();
    assert_eq!(log["messages"][0]["by"], "somebody");
    assert_eq!(log["messages"][1]["reception"]["is"], "replied");
    let list = stage.get("/v1/sessions?flake=hello").json();
    assert_eq!(list["sessions"][0]["id"], session.as_str());
    assert_eq!(list["sessions"][0]["messages"], 2);
    let taken = stage.post("/v1/sessions", "{\"name\":\"talk\"}");
    refused(&taken, 409);
}

#[test]
fn what_is_under_way_is_waited_for_interrupted_and_closed() {
    let stage = Stage::new();
    let session = open(&stage, "{\"backend\":\"silent\"}");
    let at = |what: &str| format!("/v1/sessions/{session}/{what}");
    std::thread::scope(|scope| {
        // Before anything is said: told once it is.
        let said_to = scope.spawn(|| stage.get(&at("wait?status=idle")).json());
        assert_eq!(said(&stage, &session, QUESTION), 1);
        assert_eq!(said_to.join().unwrap()["status"], "running");
    });
    // Nothing blocks but the wait, and that only for its time.
    assert_eq!(stage.get(&at("status")).json()["status"], "running");
    assert_eq!(out(&stage, &session)["status"], "running");
    assert_eq!(stage.get(&at("wait?seconds=1")).json()["status"], "running");
    assert_eq!(said(&stage, &session, QUESTION), 2);
    std::thread::scope(|scope| {
        let ended = scope.spawn(|| waited(&stage, &session));
        let interrupted = stage.post(&at("ctl"), "{\"word\":\"interrupt\"}");
        assert_eq!(interrupted.json()["status"], "idle", "{}", interrupted.body);
        assert_eq!(ended.join().unwrap()["status"], "idle");
    });
    assert_eq!(stage.post(&at("ctl"), "{\"word\":\"compact\"}").status, 200);
    for _ in 0..2 {
        let closed = stage.post(&at("ctl"), "{\"word\":\"close\"}").json();
        assert_eq!(closed["status"], "closed");
    }
    refused(&stage.post(&at("in"), QUESTION), 409);
    refused(&stage.post(&at("ctl"), "{\"word\":\"remove\"}"), 422);
    let list = |query: &str| {
        let list = stage.get(&format!("/v1/sessions{query}")).json();
        list["sessions"].as_array().unwrap().len()
    };
    assert_eq!((list(""), list("?closed=true")), (0, 1));
}

#[test]
fn sessions_of_flakes_that_are_not_served_and_what_is_none_are_not_there() {
    let stage = Stage::new();
    let secret = stage.folder.path().join("secret");
    let target = stage.engine.packed(&secret).unwrap();
    let engine = stage.engine.clone();
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    let request = OpenSessionRequest::default();
    let (hidden, _) = runtime
        .block_on(engine.open_session(&target, &request))
        .unwrap();
    let run = stage.ask("{\"request\":\"What does greet do?\"}");
    for id in [&hidden, &run, "0198", "nothing", "..%2F.."] {
        for what in ["", "/status", "/out", "/log", "/wait"] {
            refused(&stage.get(&format!("/v1/sessions/{id}{what}")), 404);
        }
        refused(&stage.post(&format!("/v1/sessions/{id}/in"), QUESTION), 404);
        let close = "{\"word\":\"close\"}";
        refused(&stage.post(&format!("/v1/sessions/{id}/ctl"), close), 404);
    }
    let own = open(&stage, "{}");
    let from = format!("{{\"text\":\"And?\",\"from\":{{\"session\":\"{hidden}\"}}}}");
    refused(&stage.post(&format!("/v1/sessions/{own}/in"), &from), 404);
    assert_eq!(
        stage.get("/v1/sessions").json()["sessions"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    refused(&stage.post("/v1/sessions", "{\"flake\":\"secret\"}"), 404);
}

#[test]
fn a_message_that_a_killed_server_left_is_answered_by_the_next() {
    let stage = Stage::new();
    let session = open(&stage, "{}");
    // Taken, and nobody has it answered.
    let sessions = stage.engine.sessions().unwrap();
    let mut left = sessions.open(&session).unwrap();
    left.say("What does greet do?", "somebody").unwrap();
    assert_eq!(left.session().status(), SessionStatus::Running);
    drop(left);
    let stage = stage.again();
    assert_eq!(waited(&stage, &session)["status"], "await");
    // Whoever waits has it answered as well.
    let mut left = sessions.open(&session).unwrap();
    left.say("What does greet do?", "somebody").unwrap();
    assert_eq!(waited(&stage, &session)["output"], 2);
}

#[test]
fn why_nobody_can_be_asked_is_said_in_the_session() {
    let stage = Stage::new();
    let session = open(&stage, "{}");
    std::fs::remove_dir_all(stage.folder.path().join("hello")).unwrap();
    said(&stage, &session, QUESTION);
    assert_eq!(waited(&stage, &session)["status"], "failed");
    let failure = out(&stage, &session)["failure"].clone();
    assert!(failure.as_str().unwrap().contains("repair: "), "{failure}");
}

#[test]
fn snippets_are_set_given_to_messages_and_removed() {
    let stage = Stage::new();
    let set = |text: &str| {
        let body = json!({ "text": text }).to_string();
        stage.body("PUT", "/v1/snippets/style", ("", &body))
    };
    refused(&stage.get("/v1/snippets/style"), 404);
    assert_eq!(set("Long words.").status, 200);
    assert_eq!(set("Short words.").json()["text"], "Short words.");
    let list = stage.get("/v1/snippets").json();
    assert_eq!(list["snippets"][0]["name"], "style");
    let kept = stage.engine.snippets().unwrap().get("style").unwrap();
    assert_eq!(kept.text, "Short words.");
    refused(&set(&"x".repeat((256 << 10) + 1)), 422);
    refused(
        &stage.body("PUT", "/v1/snippets/..", ("", "{\"text\":\"\"}")),
        422,
    );
    refused(
        &stage.body("PUT", "/v1/snippets/-a", ("", "{\"text\":\"\"}")),
        422,
    );
    let session = open(&stage, "{}");
    let body = "{\"text\":\"What does greet do?\",\"with\":[\"style\"]}";
    said(&stage, &session, body);
    let log = stage.get(&format!("/v1/sessions/{session}/log")).json();
    assert_eq!(
        log["messages"][0]["text"],
        "What does greet do?\n\n[style]\nShort words."
    );
    let run = stage.ask("{\"request\":\"What does greet do?\",\"with\":[\"style\"]}");
    let told = stage.get(&format!("/v1/runs/{run}")).json();
    assert_eq!(
        told["transcript"]["request"],
        "What does greet do?\n\n[style]\nShort words."
    );
    let many = json!({ "text": "?", "with": vec!["style"; 17] }).to_string();
    refused(
        &stage.post(&format!("/v1/sessions/{session}/in"), &many),
        422,
    );
    let remove = stage.head("DELETE", "/v1/snippets/style") + "\r\n";
    assert_eq!(stage.send(&remove).status, 204);
    refused(&stage.send(&remove), 404);
    refused(
        &stage.post(&format!("/v1/sessions/{session}/in"), body),
        404,
    );
}

#[test]
fn what_one_session_came_to_is_given_to_another() {
    let stage = Stage::new();
    let (one, other) = (open(&stage, "{}"), open(&stage, "{\"backend\":\"silent\"}"));
    let from = |summary: bool| {
        let from = json!({ "session": one, "summary": summary });
        json!({ "text": "What of this?", "from": from }).to_string()
    };
    let path = format!("/v1/sessions/{other}/in");
    refused(&stage.post(&path, &from(false)), 409);
    said(&stage, &one, QUESTION);
    waited(&stage, &one);
    assert_eq!(stage.post(&path, &from(false)).status, 202);
    assert_eq!(stage.post(&path, &from(true)).status, 202);
    let log = stage.get(&format!("/v1/sessions/{other}/log")).json();
    let text = |at: usize| log["messages"][at]["text"].as_str().unwrap().to_owned();
    let last = out(&stage, &one)["text"].as_str().unwrap().to_owned();
    assert!(text(0).starts_with("What of this?\n\nThe expert `"));
    assert!(text(0).ends_with(&last), "{}", text(0));
    assert!(
        text(1).contains("What was said with the expert"),
        "{}",
        text(1)
    );
}

#[test]
fn who_may_only_read_says_and_sets_nothing() {
    let stage = Stage::new();
    let session = open(&stage, "{}");
    let tokens = TokenStore::new(&stage.engine.state_folder().unwrap());
    let token = tokens.add("reader", [Scope::Read].into()).unwrap();
    let send = |method: &str, path: &str, body: &str| {
        let head = stage.head(method, path).replace(&stage.token, &token);
        let length = body.len();
        stage.send(&format!(
            "{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
    };
    for (method, path, body) in [
        ("POST", "/v1/sessions".to_owned(), "{}"),
        ("POST", format!("/v1/sessions/{session}/in"), QUESTION),
        (
            "POST",
            format!("/v1/sessions/{session}/ctl"),
            "{\"word\":\"close\"}",
        ),
        ("PUT", "/v1/snippets/a".to_owned(), "{\"text\":\"x\"}"),
        ("DELETE", "/v1/snippets/a".to_owned(), ""),
    ] {
        refused(&send(method, &path, body), 403);
    }
    assert_eq!(send("GET", "/v1/sessions", "").status, 200);
    assert_eq!(waited(&stage, &session)["status"], "idle");
}

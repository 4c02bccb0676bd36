//! The stand-in on the wire, without an agent.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Barrier;
use std::time::Duration;

use serde_json::{Value, json};

use crate::stand_in::{Reply, StandIn};

/// Sends a request.
fn send(model: &StandIn, path: &str, body: &Value) -> TcpStream {
    let address = model.url().replace("http://", "");
    let mut stream = TcpStream::connect(&address).unwrap();
    let body = body.to_string();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    stream
}

/// All that is answered until the connection is closed.
fn receive(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A connection that breaks leaves what came before.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}

fn ask(model: &StandIn, path: &str, body: &Value) -> String {
    receive(send(model, path, body))
}

/// The JSON of an answer that came in one piece.
fn body(answer: &str) -> Value {
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn question(text: &str) -> Value {
    json!({ "model": "m", "stream": true, "messages": [{ "role": "user", "content": text }] })
}

#[test]
fn a_stream_comes_in_pieces_and_has_an_end() {
    let model = StandIn::start(|_| Reply::Text("one two three four".into()));
    let answer = ask(&model, "/v1/messages", &question("go"));
    assert!(
        answer.matches("content_block_delta").count() > 2,
        "{answer}"
    );
    assert!(answer.contains("message_stop"), "{answer}");
    let answer = ask(&model, "/v1/chat/completions", &question("go"));
    assert!(answer.contains("data: [DONE]"), "{answer}");
}

#[test]
fn failures_are_as_the_script_says() {
    let model = StandIn::start(|call| match call.last_user().as_str() {
        "refuse" => Reply::Refuse,
        "garbage" => Reply::Garbage,
        "cut" => Reply::Cut("half".into()),
        "early" => Reply::EndEarly("half".into()),
        "slow" => Reply::Slow {
            text: "slowly".into(),
            pause: Duration::from_millis(1),
        },
        "busy" => Reply::Status {
            code: 429,
            retry_after: Some(7),
            message: "slow down".into(),
        },
        other => panic!("not scripted: {other}"),
    });
    let said = |text: &str| ask(&model, "/v1/messages", &question(text));
    assert_eq!(said("refuse"), "");
    assert!(said("garbage").contains("Welcome"));
    assert!(said("slow").contains("message_stop"));

    let cut = said("cut");
    assert!(cut.contains("200 OK") && !cut.contains("message_stop"));
    assert!(!cut.ends_with("0\r\n\r\n"), "{cut}");
    let early = said("early");
    assert!(!early.contains("message_stop"));
    assert!(early.ends_with("0\r\n\r\n"), "{early}");

    let busy = said("busy");
    assert!(busy.contains("429 ") && busy.contains("retry-after: 7"));
    assert_eq!(body(&busy)["error"]["type"], "rate_limit_error");
    assert!(said("a panic").contains("400 "));
    assert_eq!(model.calls()[0].usage.input, 0, "a failure costs nothing");
}

#[test]
fn silence_lasts_until_the_stand_in_is_dropped() {
    let model = StandIn::start(|call| match call.last_user().as_str() {
        "half" => Reply::StallAfter("half".into()),
        _ => Reply::Stall,
    });
    let silent = send(&model, "/v1/messages", &question("go"));
    let mut half = send(&model, "/v1/messages", &question("half"));
    let mut began = [0; 12];
    half.read_exact(&mut began).unwrap();
    while model.calls().len() < 2 {
        std::thread::yield_now();
    }
    drop(model);
    assert_eq!(receive(silent), "");
    assert_eq!(&began, b"HTTP/1.1 200");
    assert!(!receive(half).contains("message_stop"));
}

#[test]
fn calls_are_answered_in_parallel() {
    let both = Barrier::new(2);
    let model = StandIn::start(move |_| {
        both.wait();
        Reply::Text("met".into())
    });
    let first = send(&model, "/v1/messages", &question("one"));
    let second = send(&model, "/v1/messages", &question("two"));
    assert!(receive(first).contains("200 OK") && receive(second).contains("200 OK"));
    let numbers: Vec<_> = model.calls().iter().map(|call| call.number).collect();
    assert_eq!(numbers, [0, 1]);
}

#[test]
fn anthropic_caches_up_to_breakpoints_and_nothing_without_one() {
    let model = StandIn::start(|_| Reply::Text("ok".into()));
    let long = "a long text ".repeat(1000);
    let marked = |last: &str, mark: bool| {
        let mut known = json!({ "type": "text", "text": long });
        if mark {
            known["cache_control"] = json!({ "type": "ephemeral" });
        }
        let said = json!([known, { "type": "text", "text": last }]);
        json!({ "model": "m", "messages": [{ "role": "user", "content": said }] })
    };
    let usage = |request: &Value| body(&ask(&model, "/v1/messages", request))["usage"].clone();
    let unmarked = usage(&marked("a", false));
    assert_eq!(unmarked["cache_creation_input_tokens"], 0);
    let written = usage(&marked("b", true));
    let read = usage(&marked("c", true));
    assert_eq!(written["cache_read_input_tokens"], 0);
    assert_eq!(
        read["cache_read_input_tokens"],
        written["cache_creation_input_tokens"]
    );
    assert_eq!(read["cache_creation_input_tokens"], 0);
    assert!(read["input_tokens"].as_u64().unwrap() < 20, "{read}");
    let short = json!({ "model": "m", "messages": [{ "role": "user", "content": [
        { "type": "text", "text": "short", "cache_control": { "type": "ephemeral" } },
    ] }] });
    assert_eq!(usage(&short)["cache_creation_input_tokens"], 0);
}

#[test]
fn openai_and_gemini_cache_in_steps() {
    let model = StandIn::start(|_| Reply::Text("ok".into()));
    let long = "a long text ".repeat(1000);
    let chat = |last: &str| json!({ "model": "m", "messages": [{ "role": "user", "content": format!("{long}{last}") }] });
    let responses = |last: &str| json!({ "model": "m", "input": format!("{long}{last}") });
    let gemini = |last: &str| json!({ "contents": [{ "role": "user", "parts": [{ "text": format!("{long}{last}") }] }] });
    let usages = [
        (
            "/v1/chat/completions",
            [chat("a"), chat("b")],
            "/usage/prompt_tokens_details/cached_tokens",
        ),
        (
            "/v1/responses",
            [responses("a"), responses("b")],
            "/usage/input_tokens_details/cached_tokens",
        ),
        (
            "/v1beta/models/m:generateContent",
            [gemini("a"), gemini("b")],
            "/usageMetadata/cachedContentTokenCount",
        ),
    ];
    for (path, [first, second], at) in usages {
        let before = body(&ask(&model, path, &first));
        let after = body(&ask(&model, path, &second));
        assert_eq!(before.pointer(at), Some(&json!(0)), "{path}");
        let cached = after.pointer(at).unwrap().as_u64().unwrap();
        assert!(
            cached > 2000 && cached.is_multiple_of(128),
            "{path}: {cached}"
        );
    }
}

#[test]
fn whatever_else_is_asked_is_answered_and_is_no_call() {
    let model = StandIn::start(|_| Reply::Text("ok".into()));
    let counted = body(&ask(&model, "/v1/messages/count_tokens", &question("go")));
    assert!(counted["input_tokens"].as_u64().unwrap() > 0);
    assert!(ask(&model, "/api/event_logging/batch", &json!({})).contains("200 OK"));
    assert!(model.calls().is_empty());
    assert_eq!(model.asides().len(), 2);
}

//! What clients send that are broken, slow or too many.

use std::io::{Read, Write};
use std::time::Duration;

use super::stage::{Stage, refused};

#[test]
fn bodies_are_bounded_whatever_they_say_of_themselves() {
    let stage = Stage::with(|bounds| bounds.body = 1000);
    let head = stage.head("POST", "/v1/runs") + "Content-Type: application/json\r\n";
    refused(
        &stage.send(&format!("{head}Content-Length: 1000000000\r\n\r\n{{")),
        413,
    );
    let mut stream = stage.connect();
    let begin = format!("{head}Transfer-Encoding: chunked\r\n\r\n");
    stream.write_all(begin.as_bytes()).unwrap();
    let chunk = format!("3e8\r\n{}\r\n", "x".repeat(1000));
    // A gigabyte in chunks, of which it reads the first few.
    let mut sent = 0_u64;
    while sent < 1 << 30 && stream.write_all(chunk.as_bytes()).is_ok() {
        sent += 1000;
    }
    assert!(sent < 1 << 30, "it took all of it");
    assert_eq!(stage.get("/healthz").status, 200);
}

#[test]
fn broken_bodies_and_unknown_fields_are_told() {
    let stage = Stage::new();
    let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
    let deep = format!("{{\"request\":{open}1{close}}}");
    let deep_limits = format!("{{\"request\":\"x\",\"limits\":{open}1{close}}}");
    for (body, status) in [
        ("", 400),
        ("{", 400),
        ("{\"request\":\"x\"} {}", 400),
        (deep.as_str(), 422),
        (deep_limits.as_str(), 422),
        ("[]", 422),
        (" [\"What does greet do?\"]", 422),
        ("{\"request\":\"x\",\"backends\":[\"librarian\"]}", 422),
        ("{\"request\":\"x\",\"limits\":[1]}", 422),
        ("{}", 422),
        ("{\"request\":1}", 422),
        ("{\"request\":\"x\",\"other\":1}", 422),
        ("{\"request\":\"x\",\"limits\":{\"maxTurn\":1}}", 422),
        ("{\"request\":\"x\",\"limits\":{\"parallel\":0}}", 422),
        (
            "{\"request\":\"x\",\"backends\":{\"everyone\":\"librarian\"}}",
            422,
        ),
        ("{\"request\":\"x\",\"backends\":{\"all\":\"nobody\"}}", 422),
        ("{\"request\":\"  \"}", 422),
        ("{\"request\":\"x\",\"request\":\"y\"}", 422),
        ("{\"request\":\"x\",\"expert\":\"nobody\"}", 404),
    ] {
        let answer = stage.post("/v1/runs", body);
        refused(&answer, status);
    }
    for path in [
        "/v1/runs?limit=x",
        "/v1/runs?limit=0",
        "/v1/runs?limit=201",
        "/v1/runs?other=1",
        "/v1/runs?state=lost",
        "/v1/events?after=-1",
    ] {
        refused(&stage.get(path), 400);
    }
    for last in ["x", "-1", ""] {
        let header = format!("Last-Event-ID: {last}\r\n");
        refused(&stage.get_with("/v1/events", &header), 400);
    }
}

#[test]
fn methods_that_are_not_offered_are_refused_with_those_that_are() {
    let stage = Stage::new();
    for method in ["DELETE", "PUT", "PATCH", "TRACE", "OPTIONS"] {
        let answer = stage.send(&(stage.head(method, "/v1/runs") + "\r\n"));
        refused(&answer, 405);
        assert!(
            answer
                .head
                .to_ascii_lowercase()
                .contains("allow: get,head,post"),
            "{}",
            answer.head
        );
    }
}

#[test]
fn who_sends_slowly_is_left_and_others_are_answered_meanwhile() {
    let stage = Stage::with(|bounds| {
        bounds.head_time = Duration::from_millis(200);
        bounds.body_time = Duration::from_millis(200);
    });
    let mut slow: Vec<_> = (0..50).map(|_| stage.connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"GET / HTTP/1.1\r\nX: ").unwrap();
    }
    assert_eq!(stage.get("/v1/flakes").status, 200);
    for stream in &mut slow {
        let mut rest = Vec::new();
        // It ends: closed, or reset.
        let _ = stream.read_to_end(&mut rest);
    }
    let head = stage.head("POST", "/v1/runs")
        + "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{";
    refused(&stage.send(&head), 408);
}

#[test]
fn too_many_requests_are_told_when_to_come_back() {
    let stage = Stage::with(|bounds| {
        bounds.changes_per_second = 0.01;
        bounds.strangers_per_second = 0.01;
    });
    let answer = stage.post("/v1/runs", "{}");
    refused(&answer, 429);
    assert!(answer.head.contains("retry-after: "), "{}", answer.head);
    let request = format!(
        "GET /v1/runs HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        stage.address
    );
    refused(&stage.send(&request), 429);
    // Who has a right to it looks as often as they like.
    for _ in 0..50 {
        assert_eq!(stage.get("/v1/flakes").status, 200);
    }
}

#[test]
fn what_a_form_of_another_page_can_send_is_no_json() {
    let stage = Stage::new();
    let body = "{\"request\":\"x\"}";
    for media in [
        "Content-Type: text/plain\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: multipart/form-data; boundary=x\r\n",
        "Content-Type: application/jsonp\r\n",
        "",
    ] {
        let head = stage.head("POST", "/v1/runs");
        let length = body.len();
        let answer = stage.send(&format!(
            "{head}{media}Content-Length: {length}\r\n\r\n{body}"
        ));
        refused(&answer, 415);
    }
    assert_eq!(
        stage.get("/v1/runs").json()["runs"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
}

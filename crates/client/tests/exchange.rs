//! The client against a server that says exactly what it is told to say.

#![expect(clippy::unwrap_used, reason = "a test says best where it fails")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use poag_client::{ClientError, ServerAddress, ServerClient, operations as op};
use serde_json::{Value, json};

/// Reads a request up to the end of its body.
fn request(stream: &mut impl Read) -> String {
    let mut text = Vec::new();
    let mut part = [0; 4096];
    loop {
        let got = stream.read(&mut part).unwrap();
        text.extend_from_slice(&part[..got]);
        let whole = String::from_utf8_lossy(&text).into_owned();
        let Some((head, body)) = whole.split_once("\r\n\r\n") else {
            assert!(got > 0, "the request ends in its head: {whole}");
            continue;
        };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let is_length = name.eq_ignore_ascii_case("content-length");
            is_length.then(|| value.trim().parse::<usize>().unwrap())
        });
        if body.len() >= length.unwrap_or(0) {
            return whole;
        }
    }
}

/// Answers one connection after the other; gives the address, and what was asked.
fn says(answers: Vec<String>) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = channel();
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            tell.send(request(&mut stream)).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (address, told)
}

fn answer(status: &str, media: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// The head of a stream of events, and what is sent before the connection is cut.
fn events(text: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n{text}")
}

fn client(address: &str, token: Option<&str>) -> ServerClient {
    let address: ServerAddress = address.parse().unwrap();
    ServerClient::new(address, token).unwrap()
}

#[tokio::test]
async fn an_operation_is_called_with_its_method_path_token_and_body() {
    let body = answer("200 OK", "application/json", "{\"number\":7}");
    let (address, told) = says(vec![body.clone(), body]);
    let client = client(&address, Some(" secret\n"));
    let call = client.call(op::SAY_IN_SESSION, &["a/b ?"]);
    let call = call.body(&json!({ "text": "hello" }));
    assert_eq!(call.field::<u32>("number").await.unwrap(), 7);
    let said = told.recv().unwrap();
    assert!(
        said.starts_with("POST /v1/sessions/a%2Fb%20%3F/in HTTP/1.1\r\n"),
        "{said}"
    );
    assert!(said.contains("authorization: Bearer secret\r\n"), "{said}");
    assert!(
        said.contains("content-type: application/json\r\n"),
        "{said}"
    );
    assert!(said.ends_with("\r\n\r\n{\"text\":\"hello\"}"), "{said}");
    let call = client.call(op::LIST_RUNS, &[]).query("flake", Some("a&b"));
    let call = call.query("state", None::<&str>);
    let _: Value = call.answer().await.unwrap();
    let said = told.recv().unwrap();
    assert!(
        said.starts_with("GET /v1/runs?flake=a%26b HTTP/1.1\r\n"),
        "{said}"
    );
    assert!(!said.to_lowercase().contains("content-type"), "{said}");
}

#[tokio::test]
async fn a_problem_keeps_its_repair_and_its_exit_code() {
    let problem = json!({
        "type": "urn:poag:problem:conflict", "title": "It does not allow this now", "status": 409,
        "detail": "it is leased\nrepair: wait", "repair": "wait", "exitCode": 11,
    });
    let media = "application/problem+json";
    let (address, _told) = says(vec![
        answer("409 Conflict", media, &problem.to_string()),
        answer("502 Bad Gateway", "text/html", "<h1>no</h1>"),
    ]);
    let client = client(&address, None);
    let refused = client.call(op::GET_INBOX, &[]).bytes().await.unwrap_err();
    assert_eq!(refused.to_string(), "it is leased\nrepair: wait");
    let ClientError::Problem(problem) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!((problem.exit_code, problem.repair.as_str()), (11, "wait"));
    // Whatever stands between is no server of poag.
    let refused = client.call(op::GET_INBOX, &[]).bytes().await.unwrap_err();
    assert!(matches!(refused, ClientError::Answer { .. }), "{refused:?}");
    // And then nobody is there any more.
    let refused = client.call(op::GET_INBOX, &[]).bytes().await.unwrap_err();
    assert!(
        matches!(refused, ClientError::Unreachable { .. }),
        "{refused:?}"
    );
    assert!(
        refused.to_string().contains("repair: start it"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_stream_that_breaks_goes_on_after_the_last_event() {
    let (address, told) = says(vec![
        events(
            "retry: 1\n\nid: 1\nevent: said\ndata: {\"n\":1}\n\nid: 2\nevent: said\ndata: {\"n\"",
        ),
        events("retry: 1\n\nid: 2\nevent: said\ndata: {\"n\":2}\n\nevent: stopping\ndata: {}\n\n"),
        events(
            "id: 3\nevent: gap\ndata: {}\n\nid: 5\nevent: said\ndata: {\"n\":5}\n\nevent: end\ndata: {}\n\n",
        ),
    ]);
    let mut events = client(&address, None)
        .call(op::GET_RUN_EVENTS, &["r"])
        .events(0);
    let mut found = Vec::new();
    while let Some(event) = events.next().await.unwrap() {
        found.push((event.number.unwrap(), event.kind));
    }
    let expected = [(1, "said"), (2, "said"), (3, "gap"), (5, "said")];
    assert_eq!(
        found,
        expected.map(|(number, kind)| (number, kind.to_owned()))
    );
    let asked: Vec<String> = told.iter().take(3).collect();
    assert!(!asked[0].contains("last-event-id"), "{}", asked[0]);
    assert!(asked[1].contains("last-event-id: 1\r\n"), "{}", asked[1]);
    assert!(asked[2].contains("last-event-id: 2\r\n"), "{}", asked[2]);
}

#[tokio::test]
async fn a_stream_that_the_server_refuses_is_not_asked_for_again() {
    let problem =
        json!({ "type": "x", "status": 404, "detail": "there is no run 'r'\nrepair: look" });
    let (address, told) = says(vec![answer(
        "404 Not Found",
        "application/json",
        &problem.to_string(),
    )]);
    let mut events = client(&address, None)
        .call(op::GET_RUN_EVENTS, &["r"])
        .events(7);
    let refused = events.next().await.unwrap_err();
    assert!(matches!(refused, ClientError::Problem(_)), "{refused:?}");
    assert!(told.recv().unwrap().contains("last-event-id: 7\r\n"));
}

#[tokio::test]
async fn a_unix_socket_is_asked_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("s");
    let listener = UnixListener::bind(&socket).unwrap();
    let asked = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let said = request(&mut stream);
        let body = answer("200 OK", "application/json", "{\"flakes\":[]}");
        stream.write_all(body.as_bytes()).unwrap();
        said
    });
    let client = client(socket.to_str().unwrap(), None);
    let flakes: Vec<Value> = client
        .call(op::LIST_FLAKES, &[])
        .field("flakes")
        .await
        .unwrap();
    assert!(flakes.is_empty());
    let said = asked.join().unwrap();
    assert!(
        said.to_lowercase().contains("host: localhost\r\n"),
        "{said}"
    );
}

//! `poag mcp` answers every request, also those that cannot be read, and goes on.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::harness::Repository;

struct Server {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Server {
    fn start(repository: &Repository, words: &[&str]) -> Self {
        let mut process = Command::new(assert_cmd::cargo::cargo_bin!("poag"));
        repository.place(&mut process, "");
        let child = process
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = child.unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            input,
            output,
        }
    }

    fn say(&mut self, line: &[u8]) {
        self.input.write_all(line).unwrap();
        self.input.write_all(b"\n").unwrap();
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"))
    }

    fn hello(&mut self) {
        let hello = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}});
        self.say(hello.to_string().as_bytes());
        assert_eq!(self.hear()["id"], 1);
        self.say(br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
    }
}

/// Lines that cannot be read, each with the id that its answer has.
fn lines() -> Vec<(Vec<u8>, Value)> {
    let call = |params: &str| {
        format!(r#"{{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{params}}}"#)
    };
    let deep = "[".repeat(5000) + &"]".repeat(5000);
    let mut all: Vec<(Vec<u8>, Value)> = vec![
        (
            call(&format!(
                r#"{{"name":"ask","arguments":{{"request":"{}"}}}}"#,
                "a".repeat(5 << 20)
            ))
            .into(),
            json!(2),
        ),
        (call(&deep).into(), json!(2)),
        (
            format!(r#"{{"params":{deep},"id":"x"}}"#).into(),
            json!("x"),
        ),
        (call("\"text\"").into(), json!(2)),
        (call("[1]").into(), json!(2)),
        (call("{}").into(), json!(2)),
        (call(r#"{"name":5}"#).into(), json!(2)),
        (
            call(r#"{"name":"ask","arguments":"text"}"#).into(),
            json!(2),
        ),
        (
            call(r#"{"name":"ask","arguments":{"request":5}}"#).into(),
            json!(2),
        ),
        (call(r#"{"name":"nothing"}"#).into(), json!(2)),
        (
            b"{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"\xff\xfe\"}".to_vec(),
            json!(2),
        ),
        (b"\x00\xff".to_vec(), Value::Null),
    ];
    for (line, id) in [
        ("{nonsense", Value::Null),
        (r#"{"jsonrpc":"2.0","id":2,"#, json!(2)),
        (r#"{"jsonrpc":"2.0","id":2,"method":5}"#, json!(2)),
        (r#"{"jsonrpc":"2.0","id":2,"method":"no/such"}"#, json!(2)),
        (r#"{"jsonrpc":"2.0","id":2}"#, json!(2)),
        (r#"{"jsonrpc":"1.0","id":2,"method":"ping"}"#, json!(2)),
        (r#"{"id":2,"method":"ping"}"#, json!(2)),
        (
            r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
            Value::Null,
        ),
        (
            r#"{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}"#,
            Value::Null,
        ),
        (
            r#"{"jsonrpc":"2.0","id":true,"method":"ping"}"#,
            Value::Null,
        ),
        (
            r#"{"jsonrpc":"2.0","id":-1e99,"method":"ping"}"#,
            Value::Null,
        ),
        (r#"[{"jsonrpc":"2.0","id":2,"method":"ping"}]"#, Value::Null),
        ("[]", Value::Null),
        ("\"text\"", Value::Null),
        ("null", Value::Null),
    ] {
        all.push((line.into(), id));
    }
    all
}

#[test]
fn each_line_that_cannot_be_read_gets_one_error_and_the_session_goes_on() {
    let repository = Repository::new();
    for words in [&["mcp"][..], &["mcp", "--turn"]] {
        let mut server = Server::start(&repository, words);
        server.hello();
        for (line, id) in lines() {
            let shown = String::from_utf8_lossy(&line[..line.len().min(100)]).into_owned();
            server.say(b"");
            server.say(&line);
            let answer = server.hear();
            assert_eq!(answer["id"], id, "{shown}: {answer}");
            let failed = answer["error"]["code"].is_i64() || answer["result"]["isError"] == true;
            assert!(failed, "{shown}: {answer}");
            server.say(br#"{"jsonrpc":"2.0","id":9,"method":"ping"}"#);
            assert_eq!(
                server.hear(),
                json!({"jsonrpc": "2.0", "id": 9, "result": {}}),
                "{shown}"
            );
        }
        drop(server.input);
        assert!(server.child.wait().unwrap().success());
    }
}

#[test]
fn before_the_session_has_begun_it_is_the_same() {
    let repository = Repository::new();
    let mut server = Server::start(&repository, &["mcp"]);
    server.say(br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
    server.say(br#"{"jsonrpc":"2.0","id":7,"result":{}}"#);
    for (line, id) in lines() {
        let shown = String::from_utf8_lossy(&line[..line.len().min(100)]).into_owned();
        server.say(&line);
        let answer = server.hear();
        assert_eq!(answer["id"], id, "{shown}: {answer}");
        assert!(answer["error"]["code"].is_i64(), "{shown}: {answer}");
    }
    server.say(br#"{"jsonrpc":"2.0","id":3,"method":"initialize","params":{"protocolVersion":5}}"#);
    assert_eq!(server.hear()["error"]["code"], -32602);
    server.hello();
    server.say(br#"{"jsonrpc":"2.0","id":4,"method":"tools/list"}"#);
    assert!(server.hear()["result"]["tools"].is_array());
}

#[cfg(target_os = "linux")]
#[test]
fn a_line_without_an_end_takes_no_memory() {
    let repository = Repository::new();
    let mut server = Server::start(&repository, &["mcp"]);
    server.hello();
    let most = |server: &Server| {
        let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id()));
        let status = status.unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let kilobytes = line.unwrap().split_whitespace().nth(1).unwrap();
        kilobytes.parse::<u64>().unwrap()
    };
    let before = most(&server);
    let part = vec![b'a'; 1 << 20];
    server
        .input
        .write_all(br#"{"jsonrpc":"2.0","id":2,"method":""#)
        .unwrap();
    for _ in 0..64 {
        server.input.write_all(&part).unwrap();
    }
    server.say(b"\"}");
    assert_eq!(server.hear()["id"], 2);
    let after = most(&server);
    assert!(after < before + (24 << 10), "{before} kB, then {after} kB");
}

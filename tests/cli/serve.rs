//! `poag serve` beside the command line, on real flakes: the same work, whoever looks at it, and what its inbox holds.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::harness::served::ServedRepository;
use crate::harness::{Repository, text};
use crate::served_files::ServedFiles;
use crate::work::{Stage, stage};

/// How long a test waits for anything before it says that nothing comes.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server on a unix socket.
struct Server(ServedRepository);

impl Server {
    fn start(repository: &Repository, folder: &str) -> Self {
        let files = repository.beside("served/9p");
        let words = ["--9p", files.to_str().unwrap()];
        Self(ServedRepository::start(repository, folder, &words))
    }

    /// The same as files.
    fn files(&self) -> ServedFiles {
        ServedFiles::open(&self.0.socket().with_file_name("9p"))
    }

    /// The status and the body of an answer.
    fn exchange(&self, request: &str) -> (u16, String) {
        let mut stream = UnixStream::connect(self.0.socket()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = text(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, body.to_owned())
    }

    fn get(&self, path: &str) -> String {
        let (status, body) =
            self.exchange(&format!("GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n"));
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.get(path)).unwrap()
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let body = body.to_string();
        let length = body.len();
        let (status, answer) = self.exchange(&format!(
            "POST {path} HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        ));
        assert!((200..300).contains(&status), "{path}: {answer}");
        serde_json::from_str(&answer).unwrap()
    }
}

/// The command line, HTTP, the page and the files say the same of a work, at a moment at which nothing happens; none where
/// something happened meanwhile.
fn says_the_same(stage: &Stage, server: &Server, work: &str) -> Option<Value> {
    let over_http = || server.json(&format!("/v1/works/{work}"));
    let before = over_http();
    let tasks = before["tasks"].as_array().unwrap();
    let (here, page) = (stage.view(), server.get(&format!("/board/{work}")));
    let mut files = server.files();
    let statuses: Vec<String> = tasks
        .iter()
        .map(|task| {
            let task = task["id"].as_str().unwrap();
            files.cat(&format!("tasks/{work}.{task}/status"))
        })
        .collect();
    if over_http() != before {
        return None;
    }
    assert_eq!(here, before);
    for (task, status) in tasks.iter().zip(statuses) {
        let state = task["state"].as_str().unwrap();
        let shown = format!(">{state}</b>");
        assert!(page.contains(&shown), "{shown}\n{page}");
        let mut lines = status.lines();
        assert_eq!(lines.next(), Some(state), "{status}");
        let detail = task["detail"].as_str().unwrap_or_default();
        let detail = Some(detail.replace('\n', " ")).filter(|text| !text.is_empty());
        assert_eq!(lines.next(), detail.as_deref(), "{status}");
    }
    Some(before)
}

#[test]
fn all_views_of_a_work_say_the_same_while_it_goes_on() {
    let (stage, words) = stage("1");
    let server = Server::start(&stage.repository, "app");
    let mut process = Command::new(assert_cmd::cargo::cargo_bin!("poag"));
    stage.repository.place(&mut process, "app");
    let mut carried = process
        .args(&words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let until = Instant::now() + PATIENCE;
    let work = loop {
        if let Some(work) = server.json("/v1/works")["works"][0]["id"].as_str() {
            break work.to_owned();
        }
        assert!(Instant::now() < until, "no work begins");
    };
    let mut seen = Vec::new();
    while carried.try_wait().unwrap().is_none() {
        if let Some(view) = says_the_same(&stage, &server, &work)
            && seen.last() != Some(&view)
        {
            seen.push(view);
        }
        assert!(Instant::now() < until, "it does not end: {seen:#?}");
    }
    let last = says_the_same(&stage, &server, &work).unwrap();
    assert_eq!(last["state"], "done", "{last:#}");
    // What was landed over HTTP is landed.
    server.post(&format!("/v1/works/{work}/land"), &json!({}));
    says_the_same(&stage, &server, &work).unwrap();
    assert!(stage.repository.read("app/notes.md").contains("Politely."));
    server.0.stop();
}

/// The rows of a work's stream, taken out of the ledger but for the first, and put back one after the other.
struct Boundaries {
    ledger: Connection,
    left: Vec<i64>,
}

impl Boundaries {
    /// Nothing may drive the work meanwhile.
    fn of(stage: &Stage, work: &str, beside: &Path) -> Self {
        let ledger = Connection::open(stage.repository.state().join("ledger.sqlite")).unwrap();
        ledger
            .execute("ATTACH ? AS later", [beside.to_str().unwrap()])
            .unwrap();
        let stream: i64 = ledger
            .query_row("SELECT id FROM streams WHERE name = ?", [work], |row| {
                row.get(0)
            })
            .unwrap();
        let (first, end) = (stream << 32, (stream + 1) << 32);
        ledger
            .execute(
                "CREATE TABLE later.kept AS SELECT * FROM rows WHERE key >= ? AND key < ?",
                [first, end],
            )
            .unwrap();
        let keys: Vec<i64> = {
            let mut keys = ledger
                .prepare("SELECT key FROM later.kept ORDER BY key")
                .unwrap();
            let keys = keys.query_map([], |row| row.get(0)).unwrap();
            keys.map(Result::unwrap).collect()
        };
        ledger
            .execute("DELETE FROM rows WHERE key > ? AND key < ?", [keys[0], end])
            .unwrap();
        ledger
            .execute("DELETE FROM feed WHERE key > ? AND key < ?", [keys[0], end])
            .unwrap();
        let left = keys[1..].to_vec();
        Self { ledger, left }
    }

    /// After each event. Events that were recorded at once are never seen apart, by anybody.
    fn each(&self, mut at: impl FnMut(usize)) {
        at(1);
        for (count, key) in self.left.iter().enumerate() {
            let again = "INSERT INTO rows SELECT * FROM later.kept WHERE key = ?";
            assert_eq!(self.ledger.execute(again, [key]).unwrap(), 1);
            at(count + 2);
        }
    }
}

#[test]
fn all_views_of_a_work_say_the_same_at_every_event() {
    let (stage, words) = stage("1");
    let carried = stage.repository.poag("app").args(&words).output().unwrap();
    assert!(carried.status.success(), "{}", text(&carried.stderr));
    let work = stage.view()["work"].as_str().unwrap().to_owned();
    let all = Boundaries::of(&stage, &work, &stage.repository.beside("later.sqlite"));
    let server = Server::start(&stage.repository, "app");
    let mut states = Vec::new();
    all.each(|count| {
        let view = says_the_same(&stage, &server, &work);
        states.push(view.unwrap_or_else(|| panic!("something goes on after event {count}")));
    });
    assert_eq!(states.last().unwrap()["state"], "done");
    states.dedup();
    assert!(states.len() > 10, "{states:#?}");
    server.0.stop();
}

#[test]
fn what_waits_for_a_person_is_in_the_inbox_and_who_holds_no_lease_changes_nothing() {
    let (stage, _) = stage("0");
    let server = Server::start(&stage.repository, "app");
    let task = json!({
        "id": "base", "title": "Be polite", "expert": "base", "prompt": "Be polite.",
        "checks": ["grep -q politely src/greet.py"], "maxAttempts": 1,
    });
    let document = json!({ "schemaVersion": 1, "request": "Be polite", "tasks": [task] });
    let file = stage.repository.root.parent().unwrap().join("one.json");
    fs::write(&file, document.to_string()).unwrap();
    let started = stage
        .repository
        .poag("app")
        .args([
            "work",
            "start",
            "--agent-command",
            "false",
            "--approvals",
            "0",
            "--yes",
        ])
        .arg(&file)
        .output()
        .unwrap();
    // What was to do it does not work, so that it waits for a person.
    assert!(!started.status.success());
    let works = server.json("/v1/works");
    let work = works["works"][0]["id"].as_str().unwrap().to_owned();
    let inbox = server.json("/v1/inbox").to_string();
    assert!(inbox.contains(&work) && inbox.contains("parked"), "{inbox}");
    assert!(says_the_same(&stage, &server, &work).is_some());
    let (status, refused) = server.exchange(&format!(
        "POST /v1/tasks/base/done HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        late(&work).len(),
        late(&work)
    ));
    assert_eq!(status, 409, "{refused}");
    assert!(refused.contains("repair"), "{refused}");
    // There is no milestone to agree to.
    let nod = format!("/v1/works/{work}/nod");
    let head = "Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 2";
    let (status, refused) = server.exchange(&format!("POST {nod} HTTP/1.0\r\n{head}\r\n\r\n{{}}"));
    assert_eq!(status, 409, "{refused}");
    server.0.stop();
}

/// Something done under a lease that there never was.
fn late(work: &str) -> String {
    json!({ "work": work, "epoch": 99, "commit": "0".repeat(40), "summary": "done" }).to_string()
}

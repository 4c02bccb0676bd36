//! A server of its own for each test.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use poag_agent::{Agent, AgentError, Capabilities, Pending, Settings, TurnOutput, TurnRequest};
use poag_engine::{Engine, EngineSettings, write_pack};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::{Bounds, Listening, NinePlace, ServeSettings, serve};

/// How long a test waits for anything before it says that nothing comes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Never answers.
struct Silent;

impl Agent for Silent {
    fn name(&self) -> &'static str {
        "silent"
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }
    fn probe<'a>(&'a self, _: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        Box::pin(async { Ok("1".into()) })
    }
    fn turn(&self, _: TurnRequest) -> Pending<'_, TurnOutput> {
        Box::pin(std::future::pending())
    }
}

/// Takes part in debates: proposes what is its own, cites the first line, and ranks the labels; `bob` the other way round.
struct Talker;

impl Agent for Talker {
    fn name(&self) -> &'static str {
        "talker"
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }
    fn probe<'a>(&'a self, _: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        Box::pin(async { Ok("1".into()) })
    }
    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput> {
        let (name, input) = (&request.persona.speaker, &request.input);
        let answer = match input["want"].as_str() {
            Some("ranking") => {
                let labels = input["choices"].as_array().into_iter().flatten();
                let mut ranking: Vec<Value> = labels.map(|one| json!([one["label"]])).collect();
                if name == "bob" {
                    ranking.reverse();
                }
                json!({ "schemaVersion": 1, "ranking": ranking })
            }
            _ => json!({ "schemaVersion": 1, "submission": {
                "position": format!("secret of {name}"),
                "arguments": [{ "text": "<b onclick=x()>it</b> stands there", "citations": [
                    { "kind": "file", "path": "hello.py", "lines": [1, 1] }] }],
            } }),
        };
        let output = TurnOutput {
            outcome: Ok(answer),
            usage: Default::default(),
            raw: Default::default(),
        };
        Box::pin(async { output })
    }
}

pub struct Stage {
    pub folder: TempDir,
    pub address: SocketAddr,
    pub socket: PathBuf,
    pub nine: SocketAddr,
    pub nine_socket: PathBuf,
    pub token: String,
    pub login: String,
    pub engine: Engine,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl Stage {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Bounds)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (served, other) = (folder.path().join("hello"), folder.path().join("secret"));
        let settings = |state: &str| {
            let at = |name: &str| folder.path().join(name);
            let mut settings =
                EngineSettings::new(at("cache"), at(state), folder.path().to_owned());
            settings
                .agents
                .insert("silent".into(), Arc::new(Silent) as Arc<dyn Agent>);
            settings
                .agents
                .insert("talker".into(), Arc::new(Talker) as Arc<dyn Agent>);
            settings
        };
        let engine = Engine::new(settings("state"));
        for (pack, text) in [(&served, "greet"), (&other, "hidden")] {
            let source = folder.path().join("source").join(text);
            std::fs::create_dir_all(&source).unwrap();
            let code = format!("def {text}(name):\n    return f\"Hello, {{name}}!\"\n");
            std::fs::write(source.join("hello.py"), code).unwrap();
            let (expert, made) = engine
                .pack_folder(&source, Some("Owns greetings."), None)
                .unwrap();
            write_pack(pack, &expert, &made).unwrap();
        }
        Self::start(folder, engine, change)
    }

    fn start(folder: TempDir, engine: Engine, change: impl FnOnce(&mut Bounds)) -> Self {
        let mut bounds = Bounds {
            changes_per_second: 1000.0,
            strangers_per_second: 1000.0,
            ..Bounds::default()
        };
        change(&mut bounds);
        let socket = folder.path().join("run/s.sock");
        let settings = ServeSettings {
            flakes: vec![engine.packed(&folder.path().join("hello")).unwrap()],
            listen: Some(([127, 0, 0, 1], 0).into()),
            socket: Some(socket.clone()),
            nine: vec![
                NinePlace::Address(([127, 0, 0, 1], 0).into()),
                NinePlace::Socket(folder.path().join("run/9p.sock")),
            ],
            behind_proxy: false,
            hosts: Vec::new(),
            person: "somebody".into(),
            installed: Vec::new(),
            bounds,
        };
        let (tell, told) = mpsc::channel::<Listening>();
        let (stop, stopped) = oneshot::channel::<()>();
        let own = engine.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = { runtime }.enable_all().build().unwrap();
            let ready = move |listening: &Listening| tell.send(listening.clone()).unwrap();
            let stop = async move { drop(stopped.await) };
            runtime.block_on(serve(own, settings, ready, stop)).unwrap();
        });
        let listening = told.recv_timeout(PATIENCE).unwrap();
        let url = listening.url.clone().unwrap();
        let [NinePlace::Address(nine), NinePlace::Socket(nine_socket)] = &listening.nine[..] else {
            panic!("{listening:?}");
        };
        Self {
            nine: *nine,
            nine_socket: nine_socket.clone(),
            address: url.trim_start_matches("http://").parse().unwrap(),
            token: std::fs::read_to_string(listening.token_file)
                .unwrap()
                .trim()
                .to_owned(),
            login: listening.login.unwrap().split_off(url.len()),
            folder,
            socket,
            engine,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Stops the server, and waits until it has.
    pub fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    /// The same ledger and flakes with another server.
    pub fn again(mut self) -> Self {
        self.stop();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        Self::start(folder, self.engine.clone(), |_| {})
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// The head of a request that everything is right with, but for the blank line at its end.
    pub fn head(&self, method: &str, path: &str) -> String {
        let (address, token) = (self.address, &self.token);
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n"
        )
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(&(self.head("GET", path) + "\r\n"))
    }

    pub fn get_with(&self, path: &str, headers: &str) -> Answer {
        self.send(&(self.head("GET", path) + headers + "\r\n"))
    }

    pub fn post(&self, path: &str, body: &str) -> Answer {
        self.post_with(path, "", body)
    }

    pub fn post_with(&self, path: &str, headers: &str, body: &str) -> Answer {
        self.body("POST", path, (headers, body))
    }

    pub fn body(&self, method: &str, path: &str, (headers, body): (&str, &str)) -> Answer {
        let length = body.len();
        let head = self.head(method, path);
        self.send(&format!(
            "{head}Content-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        ))
    }

    /// Sends bytes as they are, and reads until the other side closes.
    pub fn send(&self, request: &str) -> Answer {
        exchange(self.connect(), request)
    }

    /// The same over the unix socket.
    pub fn send_local(&self, request: &str) -> Answer {
        exchange(UnixStream::connect(&self.socket).unwrap(), request)
    }

    /// Asks something, and gives the id of its run.
    pub fn ask(&self, body: &str) -> String {
        let answer = self.post("/v1/runs", body);
        assert_eq!(answer.status, 202, "{}", answer.body);
        answer.json()["run"].as_str().unwrap().to_owned()
    }

    /// Waits until a run has come so far.
    pub fn wait(&self, run: &str, state: &str) -> Value {
        let until = std::time::Instant::now() + PATIENCE;
        loop {
            let told = self.get(&format!("/v1/runs/{run}")).json();
            if told["state"] == state {
                return told;
            }
            assert!(std::time::Instant::now() < until, "not {state}: {told:#}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        drop(self.stop.take());
    }
}

fn exchange(mut stream: impl Read + Write, request: &str) -> Answer {
    // The other side may refuse before it has read all.
    let _ = stream.write_all(request.as_bytes());
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let chunked = head
        .to_ascii_lowercase()
        .contains("transfer-encoding: chunked");
    Answer {
        status: status.unwrap_or(0),
        head: head.to_owned(),
        body: match chunked {
            true => whole(body),
            false => body.to_owned(),
        },
    }
}

/// A body that came in chunks.
fn whole(mut body: &str) -> String {
    let mut all = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let Ok(size) = usize::from_str_radix(size, 16) else {
            break;
        };
        let Some(part) = rest.get(..size) else { break };
        all.push_str(part);
        body = rest.get(size + 2..).unwrap_or_default();
    }
    all
}

/// It is refused with this status, by a problem that ends in what to do.
#[track_caller]
pub fn refused(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}\n{}", answer.head, answer.body);
    let problem = answer.json();
    assert_eq!(problem["status"], status);
    let kind = problem["type"].as_str().unwrap();
    assert!(kind.starts_with("urn:poag:problem:"), "{kind}");
    let (detail, repair) = (&problem["detail"], &problem["repair"]);
    let end = format!("\nrepair: {}", repair.as_str().unwrap());
    assert!(detail.as_str().unwrap().ends_with(&end), "{problem:#}");
    assert!(
        answer.head.contains("application/problem+json"),
        "{}",
        answer.head
    );
}

//! What a session costs over its backend, and how soon who waits for it hears: `cargo bench -p poag-serve --bench session
//! [-- TURNS]` prints a Markdown table.
//!
//! The backend is in this process and takes a fixed time, which it measures itself: what passed besides is the session's. The
//! server has the same ledger, over a flake that is a pack, so that nix is not needed.

#![expect(clippy::disallowed_methods, reason = "a benchmark makes what it needs")]
#![expect(clippy::unwrap_used, reason = "a benchmark says best where it fails")]

mod place;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use poag_agent::{Agent, AgentError, Capabilities, Pending, Settings, TurnOutput, TurnRequest};
use poag_core::session::{Reception, SessionMessage, SessionStatus};
use poag_engine::session::OpenSessionRequest;
use poag_engine::{BackendChoice, Engine, ProjectRef};
use poag_serve::{Listening, serve};
use serde_json::{Value, json};

use place::{packed, runtime, settings};

/// What the backend takes for a turn: long enough for all who wait to be there.
const TURN: Duration = Duration::from_millis(40);
/// The goals of the table, in milliseconds: of a turn, and of who waits.
const GOALS: [f64; 2] = [1.0, 5.0];

/// Answers after a fixed time, and tells when it began and ended.
struct Punctual(Arc<Mutex<[Instant; 2]>>);

impl Agent for Punctual {
    fn name(&self) -> &'static str {
        "punctual"
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }
    fn probe<'a>(&'a self, _: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        Box::pin(async { Ok("1".into()) })
    }
    fn turn(&self, _: TurnRequest) -> Pending<'_, TurnOutput> {
        let began = Instant::now();
        Box::pin(async move {
            tokio::time::sleep(TURN).await;
            let output = TurnOutput {
                outcome: Ok(json!({
                    "schemaVersion": 1, "edits": [], "asks": [],
                    "answer": { "markdown": "It greets.", "citations": [{ "path": "hello.py", "lines": [1, 2] }] },
                    "verdict": { "verdict": "accept" },
                })),
                usage: Default::default(),
                raw: Default::default(),
            };
            *self.0.lock().unwrap() = [began, Instant::now()];
            output
        })
    }
}

fn main() {
    // cargo adds `--bench`.
    let words = std::env::args().skip(1).find(|word| word != "--bench");
    let turns: usize = words.map_or(100, |word| word.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let now = Instant::now();
    let times = Arc::new(Mutex::new([now, now]));
    let agent: Arc<dyn Agent> = Arc::new(Punctual(Arc::clone(&times)));
    let (engine, target) = packed(folder.path(), |settings| {
        settings.agents.insert("punctual".into(), agent);
    });
    let request = OpenSessionRequest {
        backends: BackendChoice {
            all: Some("punctual".into()),
            ..BackendChoice::default()
        },
        by: "somebody".into(),
        ..OpenSessionRequest::default()
    };
    // Who drives one holds it a moment longer than it answers: one for each.
    let [here, there] = [(); 2].map(|()| {
        let opened = engine.open_session(&target, &request);
        runtime().block_on(opened).unwrap().0
    });
    let served = Served::start(&engine, target);
    let mut cost = Costs::default();
    for _ in 0..turns {
        cost.turn(&engine, &here, &times, &served);
        cost.over_http(&there, &times, &served);
    }
    cost.print();
}

/// Milliseconds, one of each turn.
#[derive(Default)]
struct Costs {
    turn: Vec<f64>,
    heard_here: Vec<f64>,
    heard_over_http: Vec<f64>,
    turn_over_http: Vec<f64>,
}

impl Costs {
    /// A turn that this process drives, with one who waits as the command line does, and one who does so over HTTP.
    fn turn(&mut self, engine: &Engine, session: &str, times: &Mutex<[Instant; 2]>, at: &Served) {
        let (thinks, thinking) = mpsc::channel::<()>();
        let (here, over_http, whole) = std::thread::scope(|scope| {
            let (of_here, of_http) = (engine.clone(), thinks);
            let over_http = scope.spawn(move || {
                is_thinking(&of_here, session);
                of_http.send(()).unwrap();
                at.get(&format!("/v1/sessions/{session}/wait"));
                Instant::now()
            });
            let here = scope.spawn(move || {
                thinking.recv().unwrap();
                let sessions = engine.sessions().unwrap();
                let mut open = sessions.open(session).unwrap();
                let most = Duration::from_secs(60);
                let changed = open.changed(SessionStatus::Running, most);
                assert_eq!(runtime().block_on(changed).unwrap(), SessionStatus::Await);
                Instant::now()
            });
            let sessions = engine.sessions().unwrap();
            let mut open = sessions.open(session).unwrap();
            let driving = runtime();
            let began = Instant::now();
            open.say("What does greet do?", "somebody").unwrap();
            let driven = driving.block_on(engine.drive_session(session)).unwrap();
            let whole = began.elapsed();
            assert_eq!(driven, SessionStatus::Await);
            (here.join().unwrap(), over_http.join().unwrap(), whole)
        });
        let [began, ended] = *times.lock().unwrap();
        self.turn.push(ms(whole.saturating_sub(ended - began)));
        self.heard_here.push(ms(here - ended));
        self.heard_over_http.push(ms(over_http - ended));
    }

    /// A turn that the server drives: from the message to the answer, each a request of its own.
    fn over_http(&mut self, session: &str, times: &Mutex<[Instant; 2]>, at: &Served) {
        let said = Instant::now();
        at.say(session);
        let standing = at.get(&format!("/v1/sessions/{session}/wait"));
        let whole = said.elapsed();
        assert_eq!(standing["status"], "await", "{standing}");
        let [began, ended] = *times.lock().unwrap();
        self.turn_over_http
            .push(ms(whole.saturating_sub(ended - began)));
    }

    fn print(self) {
        println!("| job | median | 90 of 100 within | goal |\n|---|---|---|---|");
        let rows = [
            (
                "a turn over its backend's own time, ms",
                self.turn,
                Some(GOALS[0]),
            ),
            (
                "the answer until `session wait` ends, ms",
                self.heard_here,
                Some(GOALS[1]),
            ),
            (
                "the answer until `wait` over HTTP ends, ms",
                self.heard_over_http,
                Some(GOALS[1]),
            ),
            (
                "a turn through two requests over HTTP, ms",
                self.turn_over_http,
                None,
            ),
        ];
        for (job, mut times, goal) in rows {
            times.sort_by(f64::total_cmp);
            let of = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
            let goal = goal.map(|goal| format!("≤ {goal}")).unwrap_or_default();
            println!("| {job} | {:.2} | {:.2} | {goal} |", of(50), of(90));
        }
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Until the message that was said is thought about: whoever waits earlier may have it answered, too.
fn is_thinking(engine: &Engine, session: &str) {
    let sessions = engine.sessions().unwrap();
    let mut open = sessions.open(session).unwrap();
    let thinks = |one: &SessionMessage| one.reception == Reception::Thinking;
    while !open.session().messages.last().is_some_and(thinks) {
        std::thread::sleep(Duration::from_millis(1));
        open.catch_up().unwrap();
    }
}

/// The server, on a thread of its own that ends with this process.
struct Served {
    address: SocketAddr,
    token: String,
}

impl Served {
    fn start(engine: &Engine, target: ProjectRef) -> Self {
        let settings = settings(target);
        let (tell, told) = mpsc::channel();
        let ready = move |listening: &Listening| tell.send(listening.clone()).unwrap();
        let engine = engine.clone();
        std::thread::spawn(move || {
            let served = serve(engine, settings, ready, std::future::pending());
            runtime().block_on(served).unwrap();
        });
        let listening = told.recv().unwrap();
        let url = listening.url.as_deref().unwrap();
        let token = std::fs::read_to_string(&listening.token_file).unwrap();
        Self {
            address: url.trim_start_matches("http://").parse().unwrap(),
            token: token.trim().to_owned(),
        }
    }

    fn head(&self, method: &str, path: &str) -> String {
        let (address, token) = (self.address, &self.token);
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n"
        )
    }

    fn get(&self, path: &str) -> Value {
        self.send(&(self.head("GET", path) + "\r\n"))
    }

    fn say(&self, session: &str) {
        let body = "{\"text\":\"What does greet do?\"}";
        let (head, length) = (
            self.head("POST", &format!("/v1/sessions/{session}/in")),
            body.len(),
        );
        let kind = "Content-Type: application/json";
        let said = self.send(&format!(
            "{head}{kind}\r\nContent-Length: {length}\r\n\r\n{body}"
        ));
        assert!(said["number"].is_u64(), "{said}");
    }

    fn send(&self, request: &str) -> Value {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
    }
}

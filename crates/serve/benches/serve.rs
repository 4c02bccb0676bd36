//! What a server costs that many listen to: `cargo bench -p poag-serve [-- READERS RUNS]` prints a Markdown table.
//!
//! The server is a process of its own, over a flake that is a pack, so that nix is not needed. Beside it a bare axum server that
//! says hello, in the same run, takes the same requests from the same client.

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark makes and starts what it needs"
)]
#![expect(clippy::unwrap_used, reason = "a benchmark says best where it fails")]

mod place;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use poag_serve::serve;
use serde_json::Value;

use place::{packed, runtime, settings};

/// Set for the process that serves: `poag`, or `hello` for the bare server.
const SERVER: &str = "POAG_BENCH_SERVER";
/// How long requests are counted.
const COUNTED: Duration = Duration::from_secs(3);
/// The goals of the table: milliseconds, kilobytes, share of a bare server.
const GOALS: [&str; 3] = ["≤ 50 ms", "≤ 20 kB", "≥ 0.3"];

fn main() {
    match std::env::var(SERVER).as_deref() {
        Ok("poag") => return poag(),
        Ok(_) => return hello(),
        Err(_) => {}
    }
    // cargo adds `--bench`.
    let words = std::env::args().skip(1).filter(|word| word != "--bench");
    let words: Vec<usize> = words.map(|word| word.parse().unwrap()).collect();
    let readers = words.first().copied().unwrap_or(1000);
    let runs = words.get(1).copied().unwrap_or(100);
    println!("| job | poag | beside | goal |\n|---|---|---|---|");
    requests();
    idle(readers);
    comers_and_goers(readers, runs);
}

/// A server in a process of its own.
struct Served {
    child: Child,
    address: SocketAddr,
    token: String,
}

impl Served {
    fn start(kind: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .env(SERVER, kind)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut line = || lines.next().unwrap().unwrap();
        let (address, token) = (line().parse().unwrap(), line());
        Self {
            child,
            address,
            token,
        }
    }

    /// Kilobytes that it holds in memory.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let number = line.unwrap().split_whitespace().nth(1).unwrap();
        number.parse().unwrap()
    }

    fn head(&self, method: &str, path: &str) -> String {
        let (address, token) = (self.address, &self.token);
        format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n")
    }

    fn get(&self, path: &str) -> Value {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let request = self.head("GET", path) + "Connection: close\r\n\r\n";
        json(&mut stream, &request)
    }

    fn ask(&self) -> String {
        let body = "{\"request\":\"What does greet do?\"}";
        let length = body.len();
        let head = self.head("POST", "/v1/runs");
        let request = format!(
            "{head}Connection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        loop {
            let mut stream = TcpStream::connect(self.address).unwrap();
            let told = json(&mut stream, &request);
            if let Some(run) = told["run"].as_str() {
                return run.to_owned();
            }
            // More questions than it takes at once.
            assert!(matches!(told["status"].as_u64(), Some(429 | 503)), "{told}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn finished(&self, run: &str) {
        while self.get(&format!("/v1/runs/{run}"))["state"] != "finished" {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// A stream of events from after that number on.
    fn listen(&self, after: u64) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let head = self.head("GET", "/v1/events");
        let request = format!("{head}Accept: text/event-stream\r\nLast-Event-ID: {after}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        BufReader::new(stream)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It ends with its input.
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
}

fn json(stream: &mut TcpStream, request: &str) -> Value {
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let body = text.split_once("\r\n\r\n").unwrap().1;
    serde_json::from_str(body).unwrap()
}

/// Requests a second over one connection that stays open, one after the other, each in turn with the bare server.
fn requests() {
    let (served, bare) = (Served::start("poag"), Served::start("hello"));
    let run = served.ask();
    served.finished(&run);
    let mut best = [0.0_f64; 2];
    for _ in 0..3 {
        let own = per_second(&served, &format!("/v1/runs/{run}"));
        let other = per_second(&bare, "/");
        best = [best[0].max(own), best[1].max(other)];
    }
    let [own, other] = best;
    println!(
        "| `GET /v1/runs/{{run}}`, one connection | {own:.0}/s | axum hello {other:.0}/s, ratio {:.2} | {} |",
        own / other,
        GOALS[2]
    );
}

fn per_second(served: &Served, path: &str) -> f64 {
    let mut stream = BufReader::new(TcpStream::connect(served.address).unwrap());
    stream.get_ref().set_nodelay(true).unwrap();
    let request = served.head("GET", path) + "\r\n";
    let (began, mut count) = (Instant::now(), 0.0);
    while began.elapsed() < COUNTED {
        stream.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut length, mut line) = (0, String::new());
        loop {
            line.clear();
            stream.read_line(&mut line).unwrap();
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        stream.read_exact(&mut vec![0; length]).unwrap();
        count += 1.0;
    }
    count / began.elapsed().as_secs_f64()
}

/// What a reader costs that waits.
fn idle(readers: usize) {
    let served = Served::start("poag");
    served.finished(&served.ask());
    let before = served.memory();
    let mut all: Vec<_> = (0..readers).map(|_| served.listen(1_000_000)).collect();
    for one in &mut all {
        one.read_line(&mut String::new()).unwrap();
    }
    let each = (served.memory() - before) as f64 / readers as f64;
    println!(
        "| memory of an idle reader, of {readers} | {each:.1} kB | | {} |",
        GOALS[1]
    );
}

/// Readers that go and come back at random while questions are asked: each gets every event once, in order.
fn comers_and_goers(readers: usize, runs: usize) {
    let served = Served::start("poag");
    let late = Mutex::new(Vec::new());
    let (came_back, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for reader in 0..readers {
            let (served, late, came_back, done) = (&served, &late, &came_back, &done);
            let thread = std::thread::Builder::new().stack_size(128 << 10);
            let read = move || {
                let own = follow(served, reader as u64, runs, came_back);
                late.lock().unwrap().extend(own);
                done.fetch_add(1, Ordering::Relaxed);
            };
            thread.spawn_scoped(scope, read).unwrap();
        }
        for _ in 0..runs {
            served.ask();
        }
    });
    let mut late = late.into_inner().unwrap();
    late.sort_unstable();
    let of = |share: usize| late[(late.len() - 1) * share / 100];
    let (events, back) = (late.len() / readers, came_back.into_inner());
    println!(
        "| {readers} readers, {runs} runs: {events} events, each once and in order at {} of them, who came back {back} times; \
         from the record to the reader, median | {} ms | 90 of 100: {} ms | {} |",
        done.into_inner(),
        of(50),
        of(90),
        GOALS[0]
    );
}

/// Reads until all runs have ended; gives how many milliseconds after its record each event came that was not waited for.
fn follow(served: &Served, seed: u64, runs: usize, came_back: &AtomicUsize) -> Vec<u64> {
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut last, mut ended, mut late) = (0_u64, 0, Vec::new());
    while ended < runs {
        let mut stream = served.listen(last);
        let mut left = random.usize(20..400);
        let mut line = String::new();
        while left > 0 && ended < runs {
            line.clear();
            assert!(stream.read_line(&mut line).unwrap() > 0, "the stream ended");
            if let Some(id) = line.trim_end().strip_prefix("id: ") {
                let id: u64 = id.parse().unwrap();
                assert_eq!(id, last + 1, "an event is missing, or came twice");
                last = id;
            } else if let Some(data) = line.strip_prefix("data: ") {
                let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
                let data: Value = serde_json::from_str(data).unwrap();
                late.push((now.as_millis() as u64).saturating_sub(data["at"].as_u64().unwrap()));
                ended += usize::from(data["kind"] == "runFinished");
                left -= 1;
            }
        }
        came_back.fetch_add(usize::from(ended < runs), Ordering::Relaxed);
    }
    late
}

/// Until the input ends.
async fn input_ends() {
    let read = || std::io::stdin().read_to_end(&mut Vec::new());
    let _ = tokio::task::spawn_blocking(read).await;
}

fn hello() {
    runtime().block_on(async {
        let router = axum::Router::new().fallback(async || "hello");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}\nnone", listener.local_addr().unwrap());
        let served = axum::serve(listener, router);
        served.with_graceful_shutdown(input_ends()).await.unwrap();
    });
}

fn poag() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, target) = packed(folder.path(), |_| {});
    let settings = settings(target);
    let ready = |listening: &poag_serve::Listening| {
        let url = listening.url.as_deref().unwrap();
        let token = std::fs::read_to_string(&listening.token_file).unwrap();
        println!("{}\n{}", url.trim_start_matches("http://"), token.trim());
    };
    runtime()
        .block_on(serve(engine, settings, ready, input_ends()))
        .unwrap();
}

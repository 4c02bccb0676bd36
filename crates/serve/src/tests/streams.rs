//! Events as they happen: once, in order, and from where one stopped.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use super::stage::Stage;
use crate::{Scope, TokenStore};

const QUESTION: &str = "{\"request\":\"What does greet do?\"}";

/// One event of a stream.
#[derive(Debug)]
pub struct Told {
    pub id: Option<u64>,
    pub kind: String,
    pub data: Value,
}

/// A stream of events, read as a browser reads it.
pub struct Stream(BufReader<TcpStream>);

impl Stream {
    pub fn open(stage: &Stage, path: &str, headers: &str) -> Self {
        Self::with(stage, &stage.token, &(path.to_owned(), headers.to_owned()))
    }

    /// With a token of its own.
    pub fn with(stage: &Stage, token: &str, (path, headers): &(String, String)) -> Self {
        let mut stream = stage.connect();
        let head = stage.head("GET", path).replace(&stage.token, token);
        let request = format!("{head}Accept: text/event-stream\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        assert!(line.starts_with("HTTP/1.1 200"), "{line}");
        while line != "\r\n" {
            line.clear();
            stream.read_line(&mut line).unwrap();
        }
        Self(stream)
    }

    /// The next event; none where the stream has ended.
    pub fn next(&mut self) -> Option<Told> {
        let (mut id, mut kind, mut data) = (None, String::new(), None);
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            let line = line.trim_end_matches(['\r', '\n']);
            if let Some(text) = line.strip_prefix("id: ") {
                id = Some(text.parse().unwrap());
            } else if let Some(text) = line.strip_prefix("event: ") {
                kind = text.to_owned();
            } else if let Some(text) = line.strip_prefix("data: ") {
                data = Some(serde_json::from_str(text).unwrap());
            } else if line.is_empty()
                && let Some(data) = data.take()
            {
                return Some(Told { id, kind, data });
            }
        }
    }
}

#[test]
fn a_run_is_followed_from_its_beginning_to_its_end() {
    let stage = Stage::new();
    let run = stage.ask(QUESTION);
    let mut stream = Stream::open(&stage, &format!("/v1/runs/{run}/events"), "");
    let mut all = Vec::new();
    while let Some(told) = stream.next() {
        all.push(told);
    }
    let last = all.pop().unwrap();
    assert_eq!(last.kind, "end");
    let recorded = stage.get(&format!("/v1/runs/{run}/events")).json();
    let recorded = recorded.as_array().unwrap();
    let kinds: Vec<_> = all
        .iter()
        .map(|told| (told.kind.clone(), told.id))
        .collect();
    assert_eq!(all.len(), recorded.len(), "{kinds:?}");
    for (told, recorded) in all.iter().zip(recorded) {
        assert_eq!(told.data, *recorded);
        assert_eq!(told.id, recorded["seq"].as_u64());
        assert_eq!(told.kind, recorded["event"]["event"]);
    }
    assert_eq!(all.last().unwrap().kind, "runFinished");
    // From any place on; and nothing more after the last, so that a browser does not come back.
    let middle = Stream::open(
        &stage,
        &format!("/v1/runs/{run}/events"),
        "Last-Event-ID: 2\r\n",
    )
    .next();
    assert_eq!(middle.unwrap().id, Some(3));
    let end = all.len();
    let after = format!("Accept: text/event-stream\r\nLast-Event-ID: {end}\r\n");
    assert_eq!(
        stage
            .get_with(&format!("/v1/runs/{run}/events"), &after)
            .status,
        204
    );
}

#[test]
fn a_stream_ends_before_the_next_event_when_its_token_is_revoked() {
    let stage = Stage::new();
    let tokens = TokenStore::new(&stage.folder.path().join("state"));
    let word = tokens.add("reader", [Scope::Read].into()).unwrap();
    let path = "/v1/events".to_owned();
    let mut stream = Stream::with(&stage, &word, &(path, String::new()));
    let other = tokens.add("other", [Scope::Read].into()).unwrap();
    stage.ask(QUESTION);
    let first = stream.next().unwrap();
    assert!(first.id.is_some(), "{first:?}");
    tokens.revoke("reader").unwrap();
    stage.wait(&stage.ask(QUESTION), "finished");
    let mut last = stream.next().unwrap();
    while last.id.is_some() {
        last = stream.next().unwrap();
    }
    assert_eq!(last.kind, "revoked");
    assert!(stream.next().is_none());
    // Who has another one goes on.
    let after = ("/v1/events".to_owned(), "Last-Event-ID: 1\r\n".to_owned());
    assert_eq!(
        Stream::with(&stage, &other, &after).next().unwrap().id,
        Some(2)
    );
}

#[test]
fn everything_is_told_once_and_in_order_to_who_comes_and_goes() {
    let stage = Stage::new();
    let runs: Vec<String> = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..4_u64)
            .map(|reader| {
                let stage = &stage;
                scope.spawn(move || {
                    let mut random = fastrand::Rng::with_seed(reader);
                    let (mut last, mut seen, mut ended) = (0, Vec::new(), 0);
                    while ended < 6 {
                        let header = format!("Last-Event-ID: {last}\r\n");
                        let mut stream = Stream::open(stage, "/v1/events", &header);
                        for _ in 0..random.usize(1..12) {
                            let told = stream.next().unwrap();
                            last = told
                                .id
                                .unwrap_or_else(|| panic!("{}: {}", told.kind, told.data));
                            ended += usize::from(told.kind == "runFinished");
                            seen.push((last, told.data["id"].as_str().unwrap().to_owned()));
                            if ended == 6 {
                                break;
                            }
                        }
                    }
                    seen
                })
            })
            .collect();
        let runs = (0..6).map(|_| stage.ask(QUESTION)).collect();
        let seen: Vec<_> = readers
            .into_iter()
            .map(|reader| reader.join().unwrap())
            .collect();
        for one in &seen {
            assert_eq!(one, &seen[0], "all see the same");
        }
        let numbers: Vec<u64> = seen[0].iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
        runs
    });
    for run in runs {
        let of = |kind: &str| {
            let mut stream = Stream::open(&stage, &format!("/v1/events?{kind}={run}&after=0"), "");
            stream.next().unwrap()
        };
        assert_eq!(of("run").data["id"], run.as_str());
    }
}

#[test]
fn only_events_about_an_expert_are_told_where_they_are_wanted() {
    let stage = Stage::new();
    let run = stage.ask(QUESTION);
    let told = stage.wait(&run, "finished");
    let root = told["transcript"]["root"].as_str().unwrap();
    let mut stream = Stream::open(&stage, &format!("/v1/events?after=0&expert={root}"), "");
    let first = stream.next().unwrap();
    assert_eq!(first.kind, "turnStarted");
    assert_eq!(first.data["event"]["turn"]["expert"], root);
}

#[test]
fn what_was_removed_and_what_is_of_another_ledger_is_told_as_a_gap() {
    let stage = Stage::new();
    let gone = stage.ask(QUESTION);
    stage.wait(&gone, "finished");
    let prune = poag_engine::PruneRuns {
        before: Some(i64::MAX),
        most_bytes: None,
        artifacts_only: false,
        dry_run: false,
    };
    assert_eq!(stage.engine.runs().unwrap().prune(prune).unwrap().runs, 1);
    let stage = stage.again();
    let run = stage.ask(QUESTION);
    stage.wait(&run, "finished");
    let mut stream = Stream::open(&stage, "/v1/events", "Last-Event-ID: 1\r\n");
    let mut told = stream.next().unwrap();
    let mut before = 1;
    while told.kind == "gap" {
        assert_eq!(told.data["after"], before);
        before = told.id.unwrap();
        assert!(told.data["repair"].is_string());
        told = stream.next().unwrap();
    }
    assert_eq!(told.id, Some(before + 1));
    assert_eq!(told.data["id"], run.as_str());
    let mut beyond = Stream::open(&stage, "/v1/events", "Last-Event-ID: 100000\r\n");
    let told = beyond.next().unwrap();
    assert_eq!(told.kind, "gap");
    // It goes on with what comes now, perhaps with the last of what was there.
    let next = stage.ask(QUESTION);
    while beyond.next().unwrap().data["id"] != next.as_str() {}
}

#[test]
fn a_stream_ends_with_a_word_when_the_server_stops() {
    let mut stage = Stage::new();
    let mut stream = Stream::open(&stage, "/v1/events", "");
    stage.stop();
    assert_eq!(stream.next().unwrap().kind, "stopping");
    assert!(stream.next().is_none());
}

#[test]
fn a_reader_that_reads_nothing_holds_nobody_up_and_loses_nothing() {
    let stage = Stage::new();
    let mut slow = Stream::open(&stage, "/v1/events?after=0", "");
    let runs: Vec<String> = (0..8).map(|_| stage.ask(QUESTION)).collect();
    for run in &runs {
        stage.wait(run, "finished");
    }
    let mut ended = Vec::new();
    let mut last = 0;
    while ended.len() < runs.len() {
        let told = slow.next().unwrap();
        assert_eq!(told.id, Some(last + 1));
        last += 1;
        if told.kind == "runFinished" {
            ended.push(told.data["id"].as_str().unwrap().to_owned());
        }
    }
    ended.sort();
    let mut runs = runs;
    runs.sort();
    assert_eq!(ended, runs);
}

//! Questions over HTTP are runs of the ledger.

use serde_json::json;

use super::stage::{Stage, refused};

const QUESTION: &str = "{\"request\":\"What does greet do?\"}";
/// One that no agent answers.
const OPEN: &str = "{\"request\":\"What does greet do?\",\"backends\":{\"all\":\"silent\"}}";

#[test]
fn a_question_is_a_run_like_any_other() {
    let stage = Stage::new();
    let run = stage.ask(QUESTION);
    let told = stage.wait(&run, "finished");
    assert_eq!(told["transcript"]["request"], "What does greet do?");
    let here = stage.engine.runs().unwrap();
    let details = here.details(&run).unwrap();
    assert_eq!(told, serde_json::to_value(&details).unwrap());
    let plan = stage.get(&format!("/v1/runs/{run}/plan")).json();
    assert_eq!(
        plan,
        serde_json::to_value(&details.transcript.plan).unwrap()
    );
    let mut lines = Vec::new();
    here.export(&run, &mut lines).unwrap();
    let exported = stage.get(&format!("/v1/runs/{run}/export"));
    assert_eq!(exported.body, String::from_utf8(lines).unwrap());
    assert!(exported.head.contains("application/jsonl"));
    let events = stage.get(&format!("/v1/runs/{run}/events")).json();
    let seqs: Vec<u64> = events
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["seq"].as_u64().unwrap())
        .collect();
    assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>());
    let rest = stage.get(&format!("/v1/runs/{run}/events?after=1")).json();
    assert_eq!(
        rest.as_array().unwrap()[..],
        events.as_array().unwrap()[1..]
    );
}

#[test]
fn flakes_experts_and_packs_are_those_of_the_engine() {
    let stage = Stage::new();
    let flakes = stage.get("/v1/flakes").json();
    assert_eq!(flakes["flakes"][0]["name"], "hello");
    let graph = stage.get("/v1/flakes/hello/graph").json();
    let root = graph["root"].as_str().unwrap().to_owned();
    let experts = stage.get("/v1/flakes/hello/experts").json();
    assert_eq!(experts["root"], root.as_str());
    let one = stage
        .get(&format!("/v1/flakes/hello/experts/{root}"))
        .json();
    assert_eq!(one, experts["experts"][0]);
    let pack = stage
        .get(&format!("/v1/flakes/hello/experts/{root}/pack"))
        .json();
    assert!(pack["text"].as_str().unwrap().contains("greet"), "{pack:#}");
}

#[test]
fn a_key_of_the_client_asks_once_and_for_one_question() {
    let stage = Stage::new();
    let ask = |body: &str| stage.post_with("/v1/runs", "Idempotency-Key: k-1\r\n", body);
    let first = ask(QUESTION);
    assert_eq!(first.status, 202, "{}", first.body);
    let run = first.json()["run"].clone();
    stage.wait(run.as_str().unwrap(), "finished");
    assert_eq!(ask(QUESTION).json()["run"], run);
    assert_eq!(ask(OPEN).status, 422);
    assert_eq!(
        stage.get("/v1/runs").json()["runs"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // Another server of the same ledger knows it, too.
    let stage = stage.again();
    let again = stage.post_with("/v1/runs", "Idempotency-Key: k-1\r\n", QUESTION);
    assert_eq!(again.json()["run"], run);
    let bad = stage.post_with("/v1/runs", "Idempotency-Key: \r\n", QUESTION);
    assert_eq!(bad.status, 400);
}

#[test]
fn one_key_sent_many_times_at_once_asks_once() {
    let stage = Stage::new();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let answer = stage.post_with("/v1/runs", "Idempotency-Key: k\r\n", QUESTION);
                // Told the run, or that it is just being begun.
                assert!([202, 409].contains(&answer.status), "{}", answer.body);
            });
        }
    });
    assert_eq!(
        stage.get("/v1/runs").json()["runs"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_run_is_cancelled_and_resumed() {
    let stage = Stage::new();
    let run = stage.ask(OPEN);
    let told = stage.get(&format!("/v1/runs/{run}")).json();
    assert_eq!(told["state"], "underWay");
    let stopped = stage.post(&format!("/v1/runs/{run}/cancel"), "{}");
    assert_eq!(
        stopped.json(),
        json!({ "run": run, "state": "interrupted" })
    );
    stage.wait(&run, "interrupted");
    // Once more changes nothing.
    assert_eq!(
        stage.post(&format!("/v1/runs/{run}/cancel"), "{}").json()["state"],
        "interrupted"
    );
    let body = "{\"backends\":{\"all\":\"librarian\"}}";
    let again = stage.post(&format!("/v1/runs/{run}/resume"), body);
    assert_eq!(again.status, 202, "{}", again.body);
    stage.wait(&run, "finished");
    let done = stage.post(&format!("/v1/runs/{run}/resume"), "{}");
    assert_eq!(done.status, 202);
    assert_eq!(
        stage.post(&format!("/v1/runs/{run}/cancel"), "{}").json()["state"],
        "finished"
    );
}

#[test]
fn a_client_that_goes_away_stops_nothing() {
    use std::io::Write as _;
    let stage = Stage::new();
    let head = stage.head("POST", "/v1/runs");
    let length = QUESTION.len();
    let mut stream = stage.connect();
    let request = format!(
        "{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{QUESTION}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    drop(stream);
    // Whether it was asked depends on how far the request came; what was asked goes on to its end.
    let asked = stage.ask(QUESTION);
    stage.wait(&asked, "finished");
    for run in stage.get("/v1/runs").json()["runs"].as_array().unwrap() {
        stage.wait(run["id"].as_str().unwrap(), "finished");
    }
}

#[test]
fn a_server_that_stops_leaves_runs_that_another_goes_on_with() {
    let stage = Stage::new();
    let run = stage.ask(OPEN);
    let stage = stage.again();
    let told = stage.wait(&run, "interrupted");
    assert_eq!(told["transcript"]["finished"], false);
    let body = "{\"backends\":{\"all\":\"librarian\"}}";
    assert_eq!(
        stage.post(&format!("/v1/runs/{run}/resume"), body).status,
        202
    );
    stage.wait(&run, "finished");
}

#[test]
fn what_another_process_drives_is_not_cancelled_here() {
    let stage = Stage::new();
    let engine = stage.engine.clone();
    let (tell, told) = std::sync::mpsc::channel();
    struct Begun(std::sync::mpsc::Sender<String>);
    impl poag_engine::run::Observer for Begun {
        fn begun(&mut self, started: &poag_core::council::Started, _: bool) {
            self.0.send(started.run.clone()).unwrap();
        }
    }
    let target = engine.packed(&stage.folder.path().join("hello")).unwrap();
    let request = poag_engine::AskRequest {
        request: "x".into(),
        backends: poag_engine::BackendChoice::of(["silent"]),
        ..Default::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let other = std::thread::spawn(move || {
        runtime.block_on(async {
            let mut begun = Begun(tell);
            tokio::select! {
                _ = engine.ask(&target, &request, &mut begun) => {}
                _ = stopped => {}
            }
        });
    });
    let run = told.recv().unwrap();
    let answer = stage.post(&format!("/v1/runs/{run}/cancel"), "{}");
    assert_eq!(answer.status, 409, "{}", answer.body);
    assert!(
        answer
            .body
            .contains(&format!("process {}", std::process::id())),
        "{}",
        answer.body
    );
    drop(stop);
    other.join().unwrap();
}

#[test]
fn runs_are_listed_page_by_page_and_by_state() {
    let stage = Stage::new();
    let mut runs: Vec<String> = (0..5).map(|_| stage.ask(QUESTION)).collect();
    for run in &runs {
        stage.wait(run, "finished");
    }
    runs.reverse();
    let (mut seen, mut before) = (Vec::new(), String::new());
    loop {
        let page = stage.get(&format!("/v1/runs?limit=2{before}")).json();
        for run in page["runs"].as_array().unwrap() {
            seen.push(run["id"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["next"].as_str() else {
            break;
        };
        before = format!("&before={next}");
    }
    assert_eq!(seen, runs);
    let none = stage.get("/v1/runs?state=interrupted").json();
    assert_eq!(none["runs"], json!([]));
}

#[test]
fn a_finished_run_is_told_the_same_each_time_until_it_is_removed() {
    let stage = Stage::new();
    let run = stage.ask(QUESTION);
    stage.wait(&run, "finished");
    let path = format!("/v1/runs/{run}");
    let first = stage.get(&path);
    let details = stage.engine.runs().unwrap().details(&run).unwrap();
    assert_eq!(first.body, serde_json::to_string(&details).unwrap());
    assert_eq!(stage.get(&path).body, first.body);
    let other = stage.ask(QUESTION);
    stage.wait(&other, "finished");
    let told = stage.get(&format!("/v1/runs/{other}"));
    assert_ne!(told.body, first.body);
    let all = poag_engine::PruneRuns {
        before: Some(i64::MAX),
        most_bytes: None,
        artifacts_only: false,
        dry_run: false,
    };
    stage.engine.runs().unwrap().prune(all).unwrap();
    refused(&stage.get(&path), 404);
}

#[test]
fn more_questions_than_it_takes_are_told_to_wait() {
    let stage = Stage::with(|bounds| bounds.questions = 1);
    let run = stage.ask(OPEN);
    let answer = stage.post("/v1/runs", QUESTION);
    assert_eq!(answer.status, 429, "{}", answer.body);
    stage.post(&format!("/v1/runs/{run}/cancel"), "{}");
    stage.wait(&run, "interrupted");
    // The place is given back with the run.
    loop {
        let answer = stage.post("/v1/runs", QUESTION);
        if answer.status == 202 {
            break;
        }
        assert_eq!(answer.status, 429, "{}", answer.body);
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

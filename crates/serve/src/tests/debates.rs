//! Debates over HTTP: begun, watched, a tie broken, and what is hidden stays so.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::stage::{Stage, refused};

/// A debate of two that answer and, where `silent`, one that never does.
fn body(silent: bool, rest: &Value) -> String {
    let mut panel = vec![
        json!({ "name": "ada", "backend": "talker" }),
        json!({ "name": "bob", "backend": "talker" }),
    ];
    if silent {
        panel.push(json!({ "name": "cleo", "backend": "silent" }));
    }
    let mut body = json!({ "topic": "How should it greet?", "panel": panel, "rounds": 1 });
    for (name, value) in rest.as_object().unwrap() {
        body[name] = value.clone();
    }
    body.to_string()
}

fn begin(stage: &Stage, body: &str) -> String {
    let answer = stage.post("/v1/debates", body);
    assert_eq!(answer.status, 202, "{}", answer.body);
    let run = answer.json()["run"].as_str().unwrap().to_owned();
    assert!(
        answer.head.contains(&format!("/v1/debates/{run}")),
        "{}",
        answer.head
    );
    run
}

fn until(stage: &Stage, run: &str, so_far: impl Fn(&Value) -> bool) -> Value {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let view = stage.get(&format!("/v1/debates/{run}")).json();
        if so_far(&view) {
            return view;
        }
        assert!(Instant::now() < end, "it does not come so far: {view:#}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_tie_waits_in_the_inbox_and_is_broken_once() {
    let stage = Stage::new();
    let run = begin(&stage, &body(false, &json!({})));
    let view = until(&stage, &run, |view| view["tied"] != json!([]));
    assert_eq!(
        (&view["tied"], &view["state"]),
        (&json!(["A", "B"]), &json!("interrupted"))
    );
    assert_eq!(view["result"]["tally"]["method"], "tie");

    let items = stage.get("/v1/inbox").json()["items"].clone();
    assert_eq!(items[0]["run"], json!(run), "{items:#}");
    assert_eq!(
        (&items[0]["state"], &items[0]["work"]),
        (&json!("tie"), &Value::Null)
    );
    let inbox = stage.get("/inbox").body;
    assert!(inbox.contains(&format!("href=\"/runs/{run}\"")), "{inbox}");
    let page = stage.get(&format!("/runs/{run}")).body;
    for part in [
        "Choose A",
        "Choose B",
        "secret of ada",
        "Round 1",
        "The vote",
        "against",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // What is said is text.
    assert!(
        page.contains("&lt;b onclick=x()&gt;it") && !page.contains("<b onclick"),
        "{page}"
    );

    let choose = |choice: &str| {
        stage.post(
            &format!("/v1/debates/{run}/choose"),
            &json!({ "choice": choice }).to_string(),
        )
    };
    refused(&choose("Z"), 409);
    let chosen = choose("B");
    assert_eq!(chosen.status, 200, "{}", chosen.body);
    let chosen = chosen.json();
    assert_eq!(
        (
            &chosen["state"],
            &chosen["result"]["method"],
            &chosen["result"]["winner"]
        ),
        (&json!("finished"), &json!("person"), &json!("B"))
    );
    let second = choose("A");
    refused(&second, 409);
    assert_eq!(stage.get("/v1/inbox").json()["items"], json!([]));
    assert!(stage.get(&format!("/runs/{run}")).body.contains("B won"));
    // The command line shows the same.
    let runs = stage.engine.runs().unwrap();
    let own = runs.debate(&run).unwrap().unwrap().view();
    assert_eq!(serde_json::to_value(own).unwrap(), chosen);
}

#[test]
fn what_is_said_in_an_open_round_is_shown_nowhere() {
    let stage = Stage::new();
    let run = begin(&stage, &body(true, &json!({ "deadlineSeconds": 600 })));
    let events = format!("/v1/runs/{run}/events");
    let end = Instant::now() + Duration::from_secs(60);
    while !stage.get(&events).body.contains("submitted") {
        assert!(Instant::now() < end, "nobody submits anything");
        std::thread::sleep(Duration::from_millis(10));
    }
    let all = ["/v1/debates/", "/runs/"].map(|path| stage.get(&format!("{path}{run}")).body);
    for told in all.iter().chain([&stage.get(&events).body]) {
        assert!(!told.contains("secret of"), "{told}");
    }
    assert!(all[1].contains("hidden until it closes"), "{}", all[1]);
    refused(&stage.get(&format!("/v1/runs/{run}/export")), 409);
    let stopped = stage.post(&format!("/v1/runs/{run}/cancel"), "{}");
    assert_eq!(stopped.json()["state"], "interrupted", "{}", stopped.body);
}

#[test]
fn a_debate_is_followed_to_its_end_and_is_no_council() {
    let stage = Stage::new();
    let rest = json!({ "tie": "first", "deadlineSeconds": 2 });
    let run = begin(&stage, &body(true, &rest));
    let stream = stage.get_with(
        &format!("/v1/runs/{run}/events"),
        "Accept: text/event-stream\r\n",
    );
    for kind in [
        "debateStarted",
        "roundOpened",
        "submitted",
        "roundClosed",
        "tieBroken",
        "debateFinished",
    ] {
        assert!(
            stream.body.contains(&format!("event: {kind}\n")),
            "{kind}: {}",
            stream.body
        );
    }
    let view = until(&stage, &run, |view| view["state"] == "finished");
    assert_eq!(
        view["result"]["rounds"][0]["missing"][0]["by"], "cleo",
        "{view:#}"
    );
    // Labels are drawn by lot: the first of those that are tied is A, unless that is who said nothing.
    let silent = view["result"]["participants"]["cleo"]["label"].clone();
    let first = if silent == "A" { "B" } else { "A" };
    assert_eq!(view["result"]["winner"], first, "{view:#}");
    let page = stage.get(&format!("/runs/{run}")).body;
    let won = format!("{first} won");
    assert!(
        page.contains(&won) && page.contains("did not vote"),
        "{page}"
    );
    refused(&stage.get(&format!("/v1/runs/{run}")), 409);
    refused(&stage.get(&format!("/v1/runs/{run}/plan")), 409);
    let listed = stage.get("/v1/runs").json();
    assert_eq!(listed["runs"][0]["kind"], "debate", "{listed:#}");
    // What is over gives its result again.
    assert_eq!(
        stage.post(&format!("/v1/runs/{run}/resume"), "{}").status,
        202
    );
}

#[test]
fn a_key_debates_once_and_what_is_none_is_refused() {
    let stage = Stage::new();
    let first = stage.post_with(
        "/v1/debates",
        "Idempotency-Key: one\r\n",
        &body(false, &json!({})),
    );
    let second = stage.post_with(
        "/v1/debates",
        "Idempotency-Key: one\r\n",
        &body(false, &json!({})),
    );
    assert_eq!(first.json()["run"], second.json()["run"]);
    let other = body(false, &json!({ "rounds": 2 }));
    refused(
        &stage.post_with("/v1/debates", "Idempotency-Key: one\r\n", &other),
        422,
    );
    for (rest, status) in [
        (json!({ "topic": " " }), 422),
        (json!({ "panel": [] }), 422),
        (
            json!({ "panel": [{ "name": "ada", "backend": "talker" }] }),
            422,
        ),
        (
            json!({ "panel": [["ada", "talker"], ["bob", "talker"]] }),
            422,
        ),
        (
            json!({ "panel": [{ "name": "../x", "backend": "talker" }, { "name": "bob", "backend": "talker" }] }),
            422,
        ),
        (json!({ "rounds": 21 }), 422),
        (json!({ "maxCostUsd": -1 }), 422),
        (json!({ "out": "docs" }), 422),
        (json!({ "flake": "secret" }), 404),
    ] {
        let answer = stage.post("/v1/debates", &body(false, &rest));
        assert_eq!(answer.status, status, "{rest}: {}", answer.body);
    }
    refused(&stage.get("/v1/debates/nothing"), 404);
    let council = stage.ask(r#"{"request": "greet"}"#);
    refused(&stage.get(&format!("/v1/debates/{council}")), 409);
}

//! What the files hold, and what is said and done through them.

use serde_json::{Value, json};

use super::super::stage::Stage;
use super::client::{Nine, read_fields, stats};
use crate::{Scope, TokenStore};

const QUESTION: &str = "What does greet do?";

/// Has nobody answer, so that a session stays as it is.
fn silent(stage: &Stage) {
    let answer = stage.post("/v1/sessions", "{\"backend\":\"silent\"}");
    assert_eq!(answer.status, 201, "{}", answer.body);
}

#[test]
fn a_question_is_written_waited_for_and_its_answer_read() {
    let stage = Stage::new();
    let mut nine = Nine::local(&stage);
    assert_eq!(
        nine.names(""),
        ["events", "experts", "runs", "snippets", "tasks"]
    );
    assert_eq!(nine.names("experts"), ["greet"]);
    let own = ["contracts", "ctl", "in", "out", "pack", "status", "wait"];
    assert_eq!(nine.names("experts/greet"), own);
    assert_eq!(nine.cat("experts/greet/status"), "idle\n");
    assert_eq!(nine.cat("experts/greet/out"), "");
    assert_eq!(nine.echo("experts/greet/in", QUESTION).kind, 121);
    assert_eq!(nine.cat("experts/greet/wait"), "await\n");
    assert_eq!(nine.cat("experts/greet/status"), "await\n");
    let out = nine.cat("experts/greet/out");
    let list = stage.get("/v1/sessions").json();
    let session = list["sessions"][0]["id"].as_str().unwrap().to_owned();
    let over_http = stage.get(&format!("/v1/sessions/{session}/out")).json();
    assert_eq!(over_http["text"], out.as_str());
    assert!(out.contains("greet"), "{out}");
    let log = stage.get(&format!("/v1/sessions/{session}/log")).json();
    assert_eq!(log["messages"][0]["text"], QUESTION);
    // It stays until the next takes its place, and who opened it before keeps it.
    let kept = nine.opened("experts/greet/out", 0);
    assert_eq!(nine.echo("experts/greet/in", "Who uses it?").kind, 121);
    assert_eq!(nine.cat("experts/greet/wait"), "await\n");
    assert_eq!(nine.rest(kept), out.as_bytes());
    assert_eq!(
        stage.get("/v1/sessions").json()["sessions"][0]["messages"],
        2
    );
    let ctl: Value = serde_json::from_str(&nine.cat("experts/greet/ctl")).unwrap();
    assert_eq!((&ctl["output"], &ctl["id"]), (&json!(2), &json!(session)));
    assert_eq!(nine.echo("experts/greet/ctl", "close").kind, 121);
    assert_eq!(nine.cat("experts/greet/status"), "idle\n");
}

#[test]
fn an_empty_message_and_one_that_was_not_closed_are_not_said() {
    let stage = Stage::new();
    let mut nine = Nine::local(&stage);
    assert_eq!(nine.echo("experts/greet/in", " ").kind, 121);
    let fid = nine.opened("experts/greet/in", 1);
    assert_eq!(nine.write_at(fid, 0, "half of").kind, 119);
    drop(nine);
    let mut nine = Nine::local(&stage);
    assert_eq!(nine.cat("experts/greet/status"), "idle\n");
    // In two parts; where they are said to lie is all the same.
    let fid = nine.opened("experts/greet/in", 1);
    assert_eq!(nine.write_at(fid, 0, "What does ").kind, 119);
    assert_eq!(nine.write_at(fid, 0, "greet do?").kind, 119);
    assert_eq!(nine.fid_only(120, fid).kind, 121);
    assert_eq!(nine.cat("experts/greet/wait"), "await\n");
    let list = stage.get("/v1/sessions").json();
    assert_eq!(list["sessions"].as_array().unwrap().len(), 1);
    let session = list["sessions"][0]["id"].as_str().unwrap();
    let log = stage.get(&format!("/v1/sessions/{session}/log")).json();
    assert_eq!(log["messages"].as_array().unwrap().len(), 1);
    assert_eq!(log["messages"][0]["text"], QUESTION);
}

#[test]
fn who_waits_holds_nobody_up_and_can_give_up() {
    let stage = Stage::new();
    silent(&stage);
    let mut nine = Nine::local(&stage);
    assert_eq!(nine.echo("experts/greet/in", QUESTION).kind, 121);
    let fid = nine.opened("experts/greet/wait", 0);
    let waiting = nine.send(116, &read_fields(fid, 0, 100));
    // Everything else goes on, with the same file, too.
    assert_eq!(nine.cat("experts/greet/status"), "running\n");
    assert_eq!(nine.echo("experts/greet/in", "And?").kind, 121);
    assert_eq!(nine.stat(fid).name, "wait");
    let flush = nine.send(108, &waiting.to_le_bytes());
    let said = nine.receive();
    assert_eq!((said.kind, said.tag), (109, flush));
    // Closed while it is waited for: that ends by the next change.
    nine.send(116, &read_fields(fid, 0, 100));
    let closing = nine.send(120, &fid.to_le_bytes());
    let said = nine.receive();
    assert_eq!((said.kind, said.tag), (121, closing));
    let mut other = Nine::local(&stage);
    assert_eq!(other.echo("experts/greet/ctl", "interrupt").kind, 121);
    let said = nine.receive();
    assert_eq!((said.kind, &said.fields[4..]), (117, b"idle\n".as_slice()));
    assert!(
        other
            .echo("experts/greet/ctl", "remove")
            .error()
            .contains("interrupt, compact or close")
    );
}

#[test]
fn snippets_are_made_cut_appended_to_and_removed() {
    let stage = Stage::new();
    let mut nine = Nine::local(&stage);
    let held = |name: &str| stage.engine.snippets().unwrap().get(name).unwrap().text;
    let (fid, _) = nine.walk("snippets");
    assert_eq!(nine.create(fid, "style", 0o644).kind, 115);
    // It is there at once, as programs on Linux want it.
    assert_eq!(nine.names("snippets"), ["style"]);
    nine.write_at(fid, 0, "Short words.\n");
    assert_eq!(held("style"), "");
    assert_eq!(nine.fid_only(120, fid).kind, 121);
    assert_eq!(held("style"), "Short words.\n");
    let (again, _) = nine.walk("snippets");
    assert_eq!(nine.create(again, "style", 0o644).error(), "File exists");
    assert_eq!(nine.create(again, "a.b", 0o644).error(), "Invalid argument");
    let directory = nine.create(again, "folder", 0x8000_01ed);
    assert_eq!(directory.error(), "permission denied");
    // Two who append, each from what was there when they opened it.
    let (one, other) = (
        nine.opened("snippets/style", 1),
        nine.opened("snippets/style", 1),
    );
    for (fid, line) in [(one, "No riddles.\n"), (other, "No slang.\n")] {
        assert_eq!(nine.write_at(fid, 13, line).kind, 119);
        assert_eq!(nine.fid_only(120, fid).kind, 121);
    }
    assert_eq!(held("style"), "Short words.\nNo riddles.\nNo slang.\n");
    let fid = nine.opened("snippets/style", 2);
    assert_eq!(nine.write_at(fid, 6, "texts").kind, 119);
    assert_eq!(nine.write_at(fid, 99, "x").error(), "Invalid argument");
    assert_eq!(nine.wstat_length(fid, 12).kind, 127);
    // Nothing to be changed: what was written is kept.
    assert_eq!(nine.wstat_length(fid, u64::MAX).kind, 127);
    assert_eq!(held("style"), "Short texts.");
    assert_eq!(nine.rest(fid), b"Short words.\nNo riddles.\nNo slang.\n");
    nine.fid_only(120, fid);
    assert_eq!(nine.stat(again).name, "snippets");
    assert_eq!(nine.echo("snippets/style", "Anew.").kind, 121);
    assert_eq!(held("style"), "Anew.\n");
    let (fid, _) = nine.walk("snippets/style");
    assert_eq!(nine.stat(fid).length, 6);
    assert_eq!(nine.wstat_length(fid, 0).kind, 127);
    assert_eq!(held("style"), "");
    assert_eq!(nine.fid_only(122, fid).kind, 123);
    assert_eq!(nine.names("snippets"), [""; 0]);
    assert_eq!(nine.walk("snippets/style").1.fields[0], 1, "no further");
}

#[test]
fn a_run_over_9p_is_that_of_http_and_of_the_engine() {
    let stage = Stage::new();
    let run = stage.ask("{\"request\":\"What does greet do?\"}");
    stage.wait(&run, "finished");
    let mut nine = Nine::local(&stage);
    assert_eq!(nine.names("runs"), [run.as_str()]);
    let plan: Value = serde_json::from_str(&nine.cat(&format!("runs/{run}/plan"))).unwrap();
    assert_eq!(plan, stage.get(&format!("/v1/runs/{run}/plan")).json());
    let own = stage.engine.runs().unwrap().history(&run).unwrap();
    assert_eq!(plan, serde_json::to_value(own.plan().unwrap()).unwrap());
    let events = nine.cat(&format!("runs/{run}/events"));
    let events: Vec<Value> = events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let over_http = stage.get(&format!("/v1/runs/{run}/events")).json();
    assert_eq!(json!(events), over_http);
    // All that happened since the server began, and what happens from then on.
    let fid = nine.opened("events", 0);
    let first = nine.rest(fid);
    let lines = first.split_inclusive(|byte| *byte == b'\n');
    let all: Vec<Value> = lines
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(all.len(), events.len());
    assert_eq!(all[0]["event"], events[0]["event"]);
    let more = stage.ask("{\"request\":\"What does greet give?\"}");
    stage.wait(&more, "finished");
    let next = nine.read_at(fid, first.len() as u64, 8000);
    let line = next.fields[4..].split(|byte| *byte == b'\n').next();
    let line: Value = serde_json::from_slice(line.unwrap()).unwrap();
    assert_eq!(line["id"], more.as_str());
}

#[test]
fn directories_are_read_in_whole_entries_and_stats_are_true() {
    let stage = Stage::new();
    let mut nine = Nine::local(&stage);
    let fid = nine.opened("experts/greet", 0);
    assert_eq!(nine.read_at(fid, 0, 10).error(), "Invalid argument");
    let (mut offset, mut names) = (0, Vec::new());
    loop {
        let said = nine.read_at(fid, offset, 160);
        let part = &said.fields[4..];
        if part.is_empty() {
            break;
        }
        names.extend(stats(part).into_iter().map(|stat| stat.name));
        offset += part.len() as u64;
    }
    assert_eq!(names.len(), 7);
    let wrong = nine.read_at(fid, offset - 1, 160);
    assert_eq!(wrong.error(), "bad offset in directory read");
    let (fid, said) = nine.walk("experts/greet/out");
    let walked = u64::from_le_bytes(said.fields[2 + 26 + 5..].try_into().unwrap());
    let before = nine.stat(fid);
    assert_eq!((before.kind, before.mode, before.path), (0, 0o400, walked));
    assert_eq!(nine.echo("experts/greet/in", QUESTION).kind, 121);
    nine.cat("experts/greet/wait");
    let after = nine.stat(fid);
    assert_eq!(after.length, nine.cat("experts/greet/out").len() as u64);
    assert!(after.version > before.version, "{before:?} {after:?}");
    let pack = nine.opened("experts/greet/pack", 0);
    let length = nine.stat(pack).length;
    assert_eq!(length, nine.rest(pack).len() as u64);
    assert!(length > 0);
    let own: Value = serde_json::from_str(&nine.cat("experts/greet/contracts")).unwrap();
    assert!(own["provides"].is_object(), "{own}");
}

#[test]
fn who_may_what_is_as_over_http() {
    let stage = Stage::new();
    let tokens = TokenStore::new(&stage.engine.state_folder().unwrap());
    let reader = tokens.add("reader", [Scope::Read].into()).unwrap();
    let asker = tokens.add("asker", [Scope::Ask].into()).unwrap();
    let attached = |token: &str| {
        let mut nine = Nine::tcp(&stage);
        nine.version();
        let said = nine.attach(u32::MAX, token);
        (nine, said)
    };
    for wrong in ["", "/", "poag_wrong", &"x".repeat(300)] {
        assert_eq!(attached(wrong).1.error(), "authentication failed");
    }
    assert!(attached(&asker).1.error().contains("no right to 'read'"));
    let (mut nine, said) = attached(&reader);
    assert_eq!(said.kind, 105);
    assert_eq!(nine.cat("experts/greet/status"), "idle\n");
    for path in ["experts/greet/in", "experts/greet/ctl"] {
        let (fid, _) = nine.walk(path);
        assert!(nine.open(fid, 1).error().contains("no right to 'ask'"));
    }
    let (fid, _) = nine.walk("snippets");
    assert!(nine.create(fid, "a", 0o600).error().contains("'ask'"));
    // What is revoked opens nothing from then on.
    tokens.revoke("reader").unwrap();
    assert_eq!(nine.walk("experts").1.error(), "authentication failed");
    // With a fid for it, in two parts and with a line's end.
    let mut nine = Nine::tcp(&stage);
    nine.version();
    let mut fields = 7_u32.to_le_bytes().to_vec();
    fields.extend(super::client::text("somebody"));
    fields.extend(super::client::text(""));
    let said = nine.ask(102, &fields);
    assert_eq!((said.kind, said.fields[0]), (103, 8));
    assert_eq!(nine.attach(7, "").error(), "authentication failed");
    let (first, second) = stage.token.split_at(9);
    assert_eq!(nine.write_at(7, 0, first).kind, 119);
    assert_eq!(nine.write_at(7, 9, &format!("{second}\n")).kind, 119);
    assert_eq!(nine.attach(7, "").kind, 105);
    assert_eq!(
        nine.echo("snippets/../experts/greet/in", QUESTION).kind,
        121
    );
    assert_eq!(nine.cat("experts/greet/wait"), "await\n");
    let mut nine = Nine::socket(&stage);
    nine.version();
    assert!(nine.ask(102, &fields).error().contains("not required"));
}

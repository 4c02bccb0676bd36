use super::*;
use serde_json::json;

fn message(id: u64, from: &str, to: &str, body: serde_json::Value) -> Message {
    let message = json!({ "id": id, "from": from, "to": to, "body": body });
    serde_json::from_value(message).unwrap()
}

fn ask(id: u64, from: &str, to: &str) -> Message {
    message(
        id,
        from,
        to,
        json!({ "kind": "ask", "text": "polite?", "contract": null }),
    )
}

fn begins(expert: &str) -> Event {
    let turn = json!({ "expert": expert, "turn": 1, "attempt": 1 });
    let event = json!({ "event": "turnStarted", "turn": turn, "messages": [1] });
    serde_json::from_value(event).unwrap()
}

fn ends(expert: &str, tokens: u64) -> Event {
    let turn = json!({ "expert": expert, "turn": 1, "attempt": 1 });
    let usage =
        json!({ "inputTokens": tokens, "cachedTokens": 0, "outputTokens": 0, "costUsd": 0.5 });
    let result =
        json!({ "schemaVersion": 1, "edits": [], "asks": [], "verdict": { "verdict": "accept" } });
    let event = json!({ "event": "turnFinished", "turn": turn, "backend": "codex", "result": result, "usage": usage });
    serde_json::from_value(event).unwrap()
}

/// The council of an app that asked a base and a web, which asked the base too.
fn council() -> Participants {
    let mut council = Participants {
        run: "0197f3c2-aaaa".into(),
        ..Participants::default()
    };
    let with = [
        ("app", "claude-code"),
        ("base", "codex"),
        ("web", "librarian"),
    ];
    let with = with.map(|(name, backend)| (name.to_owned(), backend.to_owned()));
    council.selection.backends = with.into();
    council.selection.models.insert("app".into(), "opus".into());
    let at = Duration::from_secs;
    council.row("app", None, at(0));
    council.event(&begins("app"), at(0));
    council.event(&ends("app", 1200), at(5));
    council.message(&ask(2, "app", "base"), at(5));
    council.message(&ask(3, "app", "web"), at(5));
    council.event(&begins("base"), at(5));
    council.event(&begins("web"), at(6));
    council
}

fn plain(lines: &[String]) -> Vec<String> {
    let plain = |line: &String| crate::terminal::paint::plain(line);
    lines.iter().map(plain).collect()
}

#[test]
fn who_was_asked_stands_under_who_asked_and_what_is_waited_for_is_told() {
    let lines = plain(&council().lines(Duration::from_secs(9), 100));
    let expected = [
        "poag: run 0197f3c2-aaaa, 9 s, 1 turn of 3 experts, 1200 tok $0.500",
        "  app     claude-code (opus)      4 s   1200 tok $0.500  waits for base, web",
        "    base  codex                   4 s                    thinks about 1 message",
        "    web   librarian               3 s                    thinks about 1 message",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn an_answer_ends_the_waiting_and_a_failure_is_told() {
    let mut council = council();
    let at = Duration::from_secs(10);
    let turn = json!({ "expert": "web", "turn": 1, "attempt": 1 });
    let failure =
        json!({ "kind": "timeout", "reason": "no answer within 4 s\nrepair: x", "retry": false });
    let usage = json!({ "inputTokens": 0, "cachedTokens": 0, "outputTokens": 0, "costUsd": 0.0 });
    let event = json!({ "event": "turnFailed", "turn": turn, "backend": "librarian", "failure": failure, "usage": usage });
    council.event(&serde_json::from_value(event).unwrap(), at);
    for (id, from) in [(4, "web"), (5, "base")] {
        let body = json!({ "kind": "noReply", "to_ask": 1, "reason": "it failed" });
        council.message(&message(id, from, "app", body), at);
    }
    council.event(&ends("base", 20_000), at);
    let lines = plain(&council.lines(at, 80));
    assert!(lines[1].ends_with("  has answered"), "{lines:#?}");
    assert!(lines[2].contains("20 k tok $0.500"), "{lines:#?}");
    assert!(lines[3].contains("failed: no answer"), "{lines:#?}");
    for line in &lines {
        assert!(line.chars().count() <= 80, "{lines:#?}");
    }
    let all = council.summary(at);
    assert!(
        all.starts_with(
            "poag: run 0197f3c2-aaaa took 10.0 s: 2 turns of 3 experts, sent 21,200 tokens"
        ),
        "{all}"
    );
}

#[test]
fn a_large_council_fits_a_screen() {
    let mut council = council();
    for at in 0..100_u64 {
        let name = format!("library-{at}");
        council.message(&ask(10 + at, "base", &name), Duration::ZERO);
        council.event(&begins(&name), Duration::ZERO);
    }
    let lines = plain(&council.lines(Duration::from_secs(1), 80));
    assert_eq!(lines.len(), 1 + ROWS + 1);
    assert_eq!(lines.last().unwrap(), "  and 87 more");
}

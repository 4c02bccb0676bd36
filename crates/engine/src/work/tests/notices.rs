//! Who is told what, by a real receiver that checks the signature of what it gets.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

use poag_core::work::{OutcomeKind, WorkEvent};

use super::stage::*;
use crate::notify::{NoticeKind, Secret, sign};
use crate::work::NoticeRecipient;
use crate::work::notices::RECIPIENTS;

/// Answers so many requests with these statuses; gives the bodies whose signatures are right.
fn receiver(answers: Vec<&'static str>) -> (String, JoinHandle<Vec<(String, String)>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let mut told = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = String::new();
            let mut bytes = [0; 4096];
            while !whole(&request) {
                let read = stream.read(&mut bytes).unwrap();
                request.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
            }
            write!(
                stream,
                "HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            .unwrap();
            told.push(checked(&request));
        }
        told
    });
    (url, thread)
}

fn header<'r>(request: &'r str, name: &str) -> &'r str {
    let mut lines = request.lines();
    let found = lines.find_map(|line| {
        let (key, value) = line.split_once(": ")?;
        key.eq_ignore_ascii_case(name).then_some(value)
    });
    found.unwrap_or_default()
}

fn whole(request: &str) -> bool {
    request
        .split_once("\r\n\r\n")
        .is_some_and(|(head, body)| header(head, "content-length").parse() == Ok(body.len()))
}

/// Its id and body, where its signature is that of the specification.
fn checked(request: &str) -> (String, String) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let id = header(head, "webhook-id");
    let at = header(head, "webhook-timestamp").parse().unwrap();
    let secret = Secret::parse(SECRET).unwrap();
    assert_eq!(
        header(head, "webhook-signature"),
        sign(&secret, id, at, body)
    );
    (id.to_owned(), body.to_owned())
}

fn recipient(url: &str, on: &[NoticeKind]) -> NoticeRecipient {
    NoticeRecipient {
        name: "me".into(),
        url: Some(url.to_owned()),
        secret_env: Some("HOOK".into()),
        private: true,
        on: on.to_vec(),
        ..NoticeRecipient::default()
    }
}

fn told_by(stage: &Stage, recipients: &[NoticeRecipient]) {
    let kept = serde_json::to_vec(recipients).unwrap();
    stage.open().keep(RECIPIENTS, &kept).unwrap();
}

/// One task asks a person, and the others are done without anybody's approval.
fn asking() -> Stage {
    Stage::started(
        |assignment, folder| {
            let asked = assignment.context.contains("the blue one");
            if assignment.task.id.as_str() == "docs" && !asked {
                let mut asking = done("which one?");
                asking.outcome = OutcomeKind::Asking;
                return asking;
            }
            write(assignment, folder)
        },
        |start| start.policy.approvals = 0,
    )
}

#[test]
fn a_person_is_told_when_they_are_needed_and_when_it_is_done_once_each() {
    let stage = asking();
    let (url, receiver) = receiver(vec!["204 No Content", "200 OK"]);
    told_by(&stage, &[recipient(&url, &[])]);
    stage.supervise().unwrap();
    // Another supervisor finds nothing new to tell.
    stage.supervise().unwrap();
    stage
        .open()
        .say(&id("docs"), "Ada", "the blue one")
        .unwrap();
    stage.supervise().unwrap();
    let told = receiver.join().unwrap();
    let types: Vec<serde_json::Value> = told
        .iter()
        .map(|(_, body)| serde_json::from_str(body).unwrap())
        .collect();
    assert_eq!(types[0]["type"], "work.needs_you");
    assert_eq!(types[0]["data"]["work"], WORK);
    let text = types[0]["data"]["text"][0].as_str().unwrap();
    assert!(text.contains("docs asks: which one?"), "{text}");
    assert_eq!(types[1]["type"], "work.done");
    assert_ne!(told[0].0, told[1].0);
}

#[test]
fn who_did_not_take_it_is_told_again_by_the_same_id_and_no_secret_is_kept() {
    let stage = asking();
    let (url, receiver) = receiver(vec!["500 No", "204 No Content"]);
    told_by(&stage, &[recipient(&url, &[NoticeKind::NeedsYou])]);
    // The second try comes after 5 s, for which a supervisor stays.
    stage.supervise().unwrap();
    let told = receiver.join().unwrap();
    assert_eq!(told[0], told[1]);
    let kept = stage.open().kept(RECIPIENTS).unwrap().unwrap();
    let events = poag_ledger::Ledger::events(&stage.ledger, &format!("{WORK}-notices"), 0);
    let events = format!("{:?} {}", events.unwrap(), String::from_utf8(kept).unwrap());
    assert!(
        !events.contains("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        "{events}"
    );
    assert!(
        events.contains("missed") && events.contains("told"),
        "{events}"
    );
}

#[test]
fn an_abort_is_a_failure_and_who_listens_for_something_else_is_not_told() {
    let stage = asking();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let program = |name: &str, on: NoticeKind| NoticeRecipient {
        name: name.into(),
        command: Some(vec![
            "sh".into(),
            "-c".into(),
            format!("cat >> '{}'", file(name).display()),
        ]),
        on: vec![on],
        ..NoticeRecipient::default()
    };
    told_by(
        &stage,
        &[
            program("failed", NoticeKind::Failed),
            program("done", NoticeKind::Done),
        ],
    );
    let abort = WorkEvent::Aborted {
        by: "Ada".into(),
        reason: "changed my mind".into(),
    };
    stage.open().note(&abort).unwrap();
    stage.supervise().unwrap();
    let told = std::fs::read_to_string(file("failed")).unwrap();
    assert!(
        told.contains("work.failed") && told.contains("changed my mind"),
        "{told}"
    );
    assert!(!file("done").exists());
}

//! What an actor is kept from while it carries a task out, and how a person hears of it.

use std::fs;

use serde_json::{Value, json};

use crate::harness::text;
use crate::work::{Stage, stage};

/// A stage with one task for one attempt, and a writer of its own.
fn one(writer: &str, checks: &[&str]) -> (Stage, Vec<String>) {
    let (stage, words) = stage("1");
    let beside = stage.repository.root.parent().unwrap().to_owned();
    let writer = writer.replace("SITE", beside.to_str().unwrap());
    fs::write(beside.join("programs/writer"), writer).unwrap();
    let task = json!({
        "id": "app", "title": "be polite", "expert": "app", "prompt": "Be polite.", "maxAttempts": 1,
        "checks": checks,
    });
    let tasks = json!({"schemaVersion": 1, "request": "Be polite", "tasks": [task]});
    fs::write(beside.join("programs/tasks.json"), tasks.to_string()).unwrap();
    (stage, words)
}

fn says(stage: &Stage, words: &[&str]) -> String {
    let output = stage.repository.poag("app").args(words).output().unwrap();
    text(&output.stdout)
}

/// What the page, the log and the table say.
fn told(stage: &Stage) -> [String; 3] {
    stage
        .repository
        .poag("app")
        .args(["work", "page"])
        .assert()
        .success();
    let page = stage.repository.read("app/work.html");
    [
        page,
        says(stage, &["work", "log", "--task", "app"]),
        says(stage, &["work", "show"]),
    ]
}

fn has_landlock(stage: &Stage) -> bool {
    let log = says(stage, &["work", "log"]);
    let has = log.contains("the kernel refuses writing outside");
    if !has {
        eprintln!("skipped: this kernel has no Landlock");
    }
    has
}

#[test]
fn a_write_outside_that_fails_the_attempt_is_told_everywhere() {
    let (stage, words) = one(
        "#!/bin/sh\nset -e\ncat >/dev/null\necho x >SITE/outside\n",
        &[],
    );
    let repository = &stage.repository;
    let outside = repository.root.parent().unwrap().join("outside");
    let output = repository.poag("app").args(&words).output().unwrap();
    if !has_landlock(&stage) {
        return;
    }
    assert!(!outside.exists());
    let refused = format!("the kernel refused writing {}", outside.display());
    for said in told(&stage) {
        // The table cuts what is long.
        let begin = "the kernel refused writing";
        assert!(
            said.contains(&refused) || said.contains(begin) && said.lines().count() < 20,
            "{said}"
        );
    }
    assert!(text(&output.stderr).contains(&refused));
}

#[test]
fn a_write_outside_that_a_program_goes_on_after_is_told_in_its_log_and_on_the_page() {
    let writer = "#!/bin/sh\ncat >/dev/null\ntouch SITE/outside\necho 'Politely.' >>notes.md\n\
                  echo '{\"schemaVersion\": 1, \"outcome\": \"done\", \"summary\": \"made it polite\"}'\n";
    let (stage, words) = one(writer, &["grep -q Politely notes.md"]);
    let repository = &stage.repository;
    repository.poag("app").args(&words).assert().success();
    if !has_landlock(&stage) {
        return;
    }
    let outside = repository.root.parent().unwrap().join("outside");
    assert!(!outside.exists());
    let refused = format!("the kernel refused writing {}", outside.display());
    let [page, log, _] = told(&stage);
    assert!(page.contains(&refused) && log.contains(&refused), "{log}");
    assert_eq!(stage.view()["state"], "done");
}

/// A flake that allows no network: its program and its checks have none, and an agent with a shell of its own does not begin.
#[test]
fn without_network_neither_a_program_nor_a_check_connects_and_codex_does_not_begin() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    let connect = format!("exec 3<>/dev/tcp/127.0.0.1/{port}");
    let writer = format!(
        "#!/bin/bash\ncat >/dev/null\n({connect}) 2>/dev/null && echo CONNECTED >>notes.md\n\
         echo 'Politely.' >>notes.md\n\
         echo '{{\"schemaVersion\": 1, \"outcome\": \"done\", \"summary\": \"made it polite\"}}'\n"
    );
    let check = format!("bash -c '! ({connect})'");
    let (stage, words) = one(&writer, &[&check, "sh -c '! grep CONNECTED notes.md'"]);
    let repository = &stage.repository;
    repository.edit(
        "app/flake.nix",
        "src = ./.;",
        "src = ./.;\n    work.policy.network = false;",
    );
    repository.poag("app").arg("learn").assert().success();
    repository.commit("without network");
    let output = repository.poag("app").args(&words).output().unwrap();
    let said = text(&output.stderr);
    if said.contains("this kernel cannot refuse it") {
        eprintln!("skipped: this kernel's Landlock knows no network");
        return;
    }
    assert!(
        output.status.success(),
        "{said}{}",
        says(&stage, &["work", "log"])
    );
    server.set_nonblocking(true).unwrap();
    assert!(server.accept().is_err(), "somebody connected");

    let tasks = repository
        .root
        .parent()
        .unwrap()
        .join("programs/tasks.json");
    let mut codex = repository.poag("app");
    let codex = codex.args([
        "work",
        "start",
        tasks.to_str().unwrap(),
        "--agent",
        "codex",
        "--yes",
    ]);
    let output = codex.output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("network = false") && said.contains("codex"),
        "{said}"
    );
    let works: Value = serde_json::from_str(&says(&stage, &["work", "list", "--json"])).unwrap();
    assert_eq!(works.as_array().unwrap().len(), 1);
}

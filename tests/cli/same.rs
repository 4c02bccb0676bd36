//! What a server does for the command line is what this machine does: printed byte for byte, with the same exit code.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::served::ServedRepository;
use crate::harness::{Repository, text};

/// What is compared.
const SAME: &[&[&str]] = &[
    &["graph"],
    &["graph", "--json"],
    &["graph", "--dot"],
    &["graph", "--mermaid"],
    &["graph", "--html"],
    &["graph", "--html", "--expert", "nobody"],
    &["experts"],
    &["experts", "--json"],
    &["experts", "app"],
    &["experts", "base", "--json"],
    &["experts", "nobody"],
    &["pack"],
    &["pack", "base", "--json"],
    &["pack", "base", "--budget", "200"],
    &["pack", "nobody"],
    &["runs"],
    &["runs", "--json"],
    &["runs", "--all"],
    &["runs", "-n", "1"],
    &["run", "show", "last"],
    &["run", "show", "last", "--json"],
    &["run", "show", "last", "--turn", "base/1"],
    &["run", "show", "last", "--turn", "base/1", "--json"],
    &["run", "show", "last", "--turn", "base/99"],
    &["run", "show", "zzz"],
    &["run", "export", "last"],
    &["run", "replay", "last"],
    &["work", "list"],
    &["work", "list", "--json"],
    &["work", "list", "--all"],
    &["work", "show"],
    &["work", "show", "--json"],
    &["work", "show", "zzz"],
    &["work", "log"],
    &["work", "log", "--jsonl"],
    &["work", "log", "--task", "base"],
    &["work", "diff"],
    &["work", "audit"],
    &["work", "audit", "--json"],
    &["work", "templates"],
    &["work", "land"],
    &["work", "review", "nothing", "--approve"],
    &["work", "nod"],
    &["task", "ready"],
    &["task", "show", "base"],
    &["task", "show", "nothing"],
    &["task", "log", "base", "--epoch", "99", "late"],
    &["session", "list"],
    &["session", "list", "--json"],
    &["session", "list", "--all"],
    &["session", "status", "talk"],
    &["session", "status", "talk", "--json"],
    &["session", "out", "talk"],
    &["session", "out", "talk", "--json"],
    &["session", "log", "talk"],
    &["session", "log", "talk", "--json"],
    &["session", "wait", "talk"],
    &["session", "status", "nobody"],
    &["snippet", "list"],
    &["snippet", "list", "--json"],
    &["snippet", "get", "style"],
    &["snippet", "get", "nothing"],
    &["snippet", "set", "../x", "x"],
    &["ask", "--quiet", "--json", "How do I call greet?"],
    &["ask", "--quiet", "--markdown", "Make greet shout the name"],
    &[
        "ask",
        "--quiet",
        "--text",
        "--to",
        "base",
        "Make greet shout",
    ],
    &["ask", "--quiet", "--to", "nobody", "How?"],
    &["ask", "--quiet", "--backend", "nothing", "How?"],
    &["ask", "--quiet", " "],
];

/// What differs, and only there: the id of the new run that a question is.
fn without_new_run(words: &[&str], said: &str) -> String {
    match words {
        ["ask", ..] => said
            .split_inclusive(|c: char| c != '-' && !c.is_ascii_hexdigit())
            .map(|word| match word.get(..36) {
                Some(id) if id.matches('-').count() == 4 => word.replace(id, "RUN"),
                _ => word.to_owned(),
            })
            .collect(),
        _ => said.to_owned(),
    }
}

/// A family of which something can be told of every kind.
fn told() -> Repository {
    let family = Repository::family();
    let poag = |words: &[&str]| {
        let output = family.poag_here("app").args(words).output().unwrap();
        assert!(
            output.status.success(),
            "{words:?}: {}",
            text(&output.stderr)
        );
    };
    poag(&["ask", "--quiet", "Make greet shout the name"]);
    let tasks = json!({ "schemaVersion": 1, "request": "Be polite", "tasks": [{
        "id": "base", "title": "Be polite", "expert": "base", "prompt": "Be polite.", "checks": ["true"],
    }] });
    let file = family.beside("tasks.json");
    fs::write(&file, tasks.to_string()).unwrap();
    family.git(&["config", "user.name", "Test"]);
    family.git(&["config", "user.email", "test@example.org"]);
    let file = file.to_str().unwrap();
    poag(&[
        "work",
        "start",
        file,
        "--agent-command",
        "false",
        "--only-begin",
        "--yes",
    ]);
    poag(&["session", "open", "base", "--name", "talk"]);
    poag(&["session", "say", "talk", "--wait", "How do I call greet?"]);
    poag(&["snippet", "set", "style", "Plain English"]);
    family
}

#[test]
fn what_is_printed_is_the_same_byte_for_byte() {
    let family = told();
    let server = family.served("app", &[]);
    let mut different = Vec::new();
    for words in SAME {
        let here = family.poag_here("app").args(*words).output().unwrap();
        let mut there = family.poag_here("app");
        let there = there
            .args(*words)
            .args(["--server", server.socket().to_str().unwrap()]);
        let there = there.output().unwrap();
        let said = |output: &Output| {
            let code = output.status.code();
            let out = without_new_run(words, &text(&output.stdout));
            (code, out, text(&output.stderr))
        };
        let (here, there) = (said(&here), said(&there));
        if here != there {
            different.push(format!("{words:?}\nhere:  {here:?}\nthere: {there:?}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n\n"));
}

#[test]
fn what_only_this_machine_does_says_so_in_a_line() {
    let nowhere = Repository::new();
    let refused = |words: &[&str]| {
        let mut command = nowhere.poag_here("");
        let output = command
            .args(words)
            .env("POAG_SERVER", "/nowhere/s")
            .output();
        let output = output.unwrap();
        assert!(output.stdout.is_empty(), "{words:?}");
        (output.status.code(), text(&output.stderr))
    };
    for verb in [
        "init",
        "learn",
        "check",
        "explain app",
        "export",
        "serve",
        "mcp",
        "checkpoints",
        "lock lint",
        "doctor",
        "completions bash",
        "man",
        "debate which",
        "runs prune --older-than 1",
    ] {
        let words: Vec<&str> = verb.split(' ').collect();
        let (code, said) = refused(&words);
        assert_eq!(code, Some(2), "{verb}: {said}");
        assert!(
            said.contains("is done on this machine alone: leave out --server"),
            "{verb}: {said}"
        );
        assert_eq!(said.lines().count(), 1, "{verb}: {said}");
    }
    let (code, said) = refused(&["runs"]);
    assert!(
        code == Some(1) && said.contains("repair: start it with `poag serve`"),
        "{said}"
    );
    for (server, problem) in [
        ("poag", "is no address of a server"),
        ("http://example.org", "nothing encrypts"),
    ] {
        let (code, said) = refused(&["runs", "--server", server]);
        assert!(
            code == Some(2) && said.contains(problem),
            "{server}: {said}"
        );
    }
}

#[test]
fn over_tcp_a_token_is_needed_and_that_of_this_machine_is_found() {
    let family = Repository::family();
    let mut process = Command::new(assert_cmd::cargo::cargo_bin!("poag"));
    family.place(&mut process, "app");
    let mut child = process
        .args(["serve", "--listen", "127.0.0.1:0", "."])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut url = String::new();
    let mut printed = BufReader::new(child.stdout.take().unwrap());
    printed.read_line(&mut url).unwrap();
    let _server = ServedRepository::of(child, Path::new(url.trim()));
    let asked = |folder: &str, token: Option<&str>, words: &[&str]| {
        let mut command = family.poag_here(folder);
        command.args(words).env("POAG_SERVER", url.trim());
        match token {
            Some(token) => command.env("POAG_SERVER_TOKEN", token),
            None => command.env_remove("POAG_SERVER_TOKEN"),
        };
        let output = command.output().unwrap();
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let (code, out, _) = asked("app", None, &["graph"]);
    assert_eq!((code, out.as_str()), (Some(0), "app\n└─ base [greet]\n"));
    let (code, _, said) = asked("app", Some("nothing"), &["graph"]);
    assert!(code == Some(1) && said.contains("repair:"), "{said}");
    // A flake that is not served is not taken for one that is.
    let (code, _, said) = asked("base", None, &["graph"]);
    assert!(
        code == Some(2) && said.contains("is not served") && said.contains("--flake: app"),
        "{said}"
    );
    let (code, out, _) = asked("base", None, &["graph", "--flake", "app"]);
    assert_eq!((code, out.as_str()), (Some(0), "app\n└─ base [greet]\n"));
}

/// Answers once `go` is there.
const SLOW: &str = r#"
import json, os, sys, time
json.load(sys.stdin)
folder = sys.argv[1]
open(os.path.join(folder, "begun"), "a").close()
while not os.path.exists(os.path.join(folder, "go")):
    time.sleep(0.02)
output = {"schemaVersion": 1, "edits": [], "asks": [], "verdict": {"verdict": "accept"},
          "answer": {"markdown": "at last", "citations": []}}
json.dump({"output": output}, sys.stdout)
"#;

#[test]
fn a_question_is_stopped_at_the_server_and_goes_on_there() {
    let family = Repository::family();
    let folder = family.beside("slow");
    fs::create_dir(&folder).unwrap();
    let program = folder.join("program.py");
    fs::write(&program, SLOW).unwrap();
    let command = format!("python3 {} {}", program.display(), folder.display());
    let server = family.served("app", &["--agent-command", &command]);
    let mut process = Command::new(assert_cmd::cargo::cargo_bin!("poag"));
    family.place(&mut process, "app");
    let mut asking = process
        .args(["ask", "--backend", "command", "What now?"])
        .env("POAG_SERVER", server.socket())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(120);
    while !folder.join("begun").exists() {
        assert!(Instant::now() < until, "no turn begins");
        std::thread::sleep(Duration::from_millis(20));
    }
    let id = rustix::process::Pid::from_child(&asking);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    let mut said = String::new();
    asking
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!(asking.wait().unwrap().code(), Some(130), "{said}");
    assert!(said.contains("interrupted; nothing is lost"), "{said}");
    let poag = |words: &[&str]| {
        let mut command = family.poag_here("app");
        let output = command
            .args(words)
            .env("POAG_SERVER", server.socket())
            .output();
        let output = output.unwrap();
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let (_, runs, _) = poag(&["runs"]);
    assert!(runs.contains("interrupted"), "{runs}");
    fs::write(folder.join("go"), "").unwrap();
    let (_, plan, said) = poag(&["ask", "--resume"]);
    assert!(plan.contains("at last"), "{plan}{said}");
    assert!(said.contains("goes on as it was begun"), "{said}");
    let (_, runs, _) = poag(&["runs"]);
    assert!(
        runs.lines().count() == 1 && runs.contains("finished"),
        "{runs}"
    );
}

//! What repositories and agents say cannot change a terminal, whatever prints it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::{Value, json};

use crate::harness::{Repository, flake, text};

/// A title, a conceal, a colour, C1, a carriage return, directions, and characters that hide.
const EVIL: &str = "a\u{1b}]0;PWN\u{7}\u{1b}[8mb\u{1b}[35mc\u{9b}31md\re\u{202e}f\u{2066}g\u{200b}h\u{feff}i\u{e0041}j\u{7f}k";

/// Runs a process on a terminal of its own, and gives what the terminal was sent.
fn on_terminal(process: Command) -> String {
    typed_on_terminal(process, "")
}

/// The same, with what a person types.
pub fn typed_on_terminal(mut process: Command, typed: &str) -> String {
    let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&near).unwrap();
    unlockpt(&near).unwrap();
    let name = ptsname(&near, Vec::new()).unwrap();
    let far = || {
        let mut options = fs::File::options();
        options.read(true).write(true);
        options.open(name.to_str().unwrap()).unwrap()
    };
    let mut child = process
        .env("TERM", "xterm-256color")
        .env_remove("NO_COLOR")
        .stdin(far())
        .stdout(far())
        .stderr(far())
        .spawn()
        .unwrap();
    // Its ends of the terminal.
    drop(process);
    let mut sent = Vec::new();
    let mut near = fs::File::from(near);
    near.write_all(typed.as_bytes()).unwrap();
    let mut buffer = [0; 4096];
    // Reading fails when the last end on the other side is closed.
    while let Ok(read @ 1..) = near.read(&mut buffer) {
        sent.extend_from_slice(&buffer[..read]);
    }
    child.wait().unwrap();
    text(&sent)
}

/// Takes poag's own colours away: bold, dim, red, green, yellow, and their end.
fn without_colours(mut sent: String) -> String {
    for own in [
        "\u{1b}[0m",
        "\u{1b}[1m",
        "\u{1b}[2m",
        "\u{1b}[4m",
        "\u{1b}[31m",
        "\u{1b}[32m",
        "\u{1b}[33m",
    ] {
        sent = sent.replace(own, "");
    }
    sent
}

/// Takes away what draws the lines of progress: up, to the beginning, and empty.
fn without_lines(mut sent: String) -> String {
    for own in ["\r\u{1b}[2K", "\u{1b}[2K", "\u{1b}[1A", "\u{1b}[1B"] {
        sent = sent.replace(own, "");
    }
    sent
}

fn is_harmless(what: &str, sent: &str) {
    let rest = without_lines(without_colours(sent.to_owned())).replace("\r\n", "\n");
    let bad = rest.chars().find(|c| {
        c.is_control() && *c != '\n' && *c != '\t'
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
    });
    assert_eq!(bad, None, "{what}: {rest:?}");
}

/// A flake whose role, files, names of files and agent all say [`EVIL`].
fn evil() -> (Repository, PathBuf) {
    let repository = Repository::new();
    let role = format!("Owns the {EVIL} greeting.");
    let declared = format!(
        "role = \"{role}\"; provides.greet = {{ summary = \"{EVIL}\"; files = [ \"greet.py\" ]; }}; checks = [ \"{EVIL}\" ];"
    );
    repository.write("flake.nix", &flake("solo", "", &declared));
    repository.write("README.md", &format!("# {EVIL}\n\nCall greet: {EVIL}\n"));
    repository.write(
        "greet.py",
        &format!("def greet():\n    \"\"\"Greets {EVIL}\"\"\"\n"),
    );
    repository.commit("begin");
    let _ = repository.poag("").arg("learn").output();
    let agent = repository.root.parent().unwrap().join("agent");
    let said = json!({"output": {
        "schemaVersion": 1, "edits": [], "notes": [EVIL], "asks": [], "verdict": {"verdict": "accept"},
        "answer": {"markdown": EVIL, "citations": []}}});
    fs::write(
        &agent,
        format!("#!/bin/sh\ncat >/dev/null\ncat <<'END'\n{said}\nEND\nprintf '{EVIL}' >&2\n"),
    )
    .unwrap();
    fs::set_permissions(&agent, fs::Permissions::from_mode(0o755)).unwrap();
    (repository, agent)
}

fn poag(repository: &Repository, words: &[&str]) -> Command {
    let mut process = Command::new(assert_cmd::cargo::cargo_bin!("poag"));
    repository.place(&mut process, "");
    process.args(words);
    process
}

#[test]
fn nothing_foreign_changes_a_terminal_whatever_verb_prints_it() {
    let (repository, agent) = evil();
    let agent = agent.to_str().unwrap();
    let with = ["--backend", "command", "--agent-command", agent, "greet"];
    let ask = |form: &'static str| [&["ask", form], &with[..]].concat();
    // Untracked, and so told of by its name.
    repository.write(&EVIL.replace('\u{1b}', "").replace(['\r', '/'], ""), "x");
    repository.write(&format!("{}.md", "u\u{1b}]0;PWN\u{7}"), "x");
    let mut printed = 0;
    for words in [
        ask("--text"),
        ask("--markdown"),
        ask("--json"),
        vec!["pack", "solo"],
        vec!["pack", "solo", "--json"],
        vec!["export", "agents-md"],
        vec!["export", "llms-txt"],
        vec!["experts"],
        vec!["experts", "solo"],
        vec!["experts", "--json"],
        vec!["graph"],
        vec!["graph", "--json"],
        vec!["graph", "--dot"],
        vec!["graph", "--mermaid"],
        vec!["graph", "--html"],
        vec!["check"],
        vec!["check", "--json"],
        vec!["check", "--sarif"],
        vec!["explain", "solo"],
        vec!["explain", "solo", "--run"],
        vec!["learn"],
        vec!["doctor"],
        vec!["runs"],
        vec!["runs", "--json"],
        vec!["run", "show", "last"],
        vec!["run", "show", "last", "--turn", "solo/1"],
        vec!["run", "show", "last", "--json"],
        vec!["run", "export", "last"],
        vec!["run", "replay", "last"],
        vec!["init", "--dry-run", "--poag-url", EVIL],
        vec!["--verbose", "experts", EVIL],
        vec!["experts", "\u{1b}[35mevil\u{1b}[8m"],
        vec!["check", "--flake", "./\u{1b}]0;PWN\u{7}"],
        vec!["\u{1b}[35mevil\u{1b}]0;PWN\u{7}"],
        vec!["ask", "--\u{1b}[35mevil"],
        vec!["run", "show", "\u{9b}35m"],
        vec!["lock", "lint"],
        vec!["checkpoints"],
        vec!["man"],
        vec!["--help"],
    ] {
        let sent = on_terminal(poag(&repository, &words));
        assert!(!sent.is_empty(), "{words:?} printed nothing");
        is_harmless(&format!("{words:?}"), &sent);
        printed += usize::from(sent.contains("\\u{1b}]0;PWN") || sent.contains("\\u001b]0;PWN"));
    }
    // Else there would have been nothing to clean.
    assert!(printed > 15, "{printed}");
}

#[test]
fn json_on_a_terminal_is_the_document_that_a_pipe_gets() {
    let (repository, _) = evil();
    for words in [
        &["experts", "--json"][..],
        &["graph", "--json"],
        &["check", "--json"],
    ] {
        let sent = on_terminal(poag(&repository, words));
        let piped = poag(&repository, words).output().unwrap().stdout;
        let shown: Value = serde_json::from_str(&sent.replace("\r\n", "\n")).unwrap();
        assert_eq!(
            shown,
            serde_json::from_slice::<Value>(&piped).unwrap(),
            "{words:?}"
        );
    }
}

#[test]
fn what_is_piped_stays_as_it_is() {
    let (repository, _) = evil();
    let pack = poag(&repository, &["pack", "--quiet"]).output().unwrap();
    assert!(text(&pack.stdout).contains("Call greet: a\u{1b}]0;PWN"));
}

#[test]
fn colours_of_poag_itself_are_shown() {
    let family = Repository::family();
    let mut process = Command::new(assert_cmd::cargo::cargo_bin!("poag"));
    family.place(&mut process, "app");
    process.arg("check");
    let sent = on_terminal(process);
    assert!(
        sent.contains("\u{1b}[1mapp\u{1b}[0m is \u{1b}[32mfresh\u{1b}[0m"),
        "{sent:?}"
    );
}

#[test]
fn without_words_a_person_writes_the_request_in_their_editor() {
    let family = Repository::family();
    let mut process = Command::new(assert_cmd::cargo::cargo_bin!("poag"));
    family.place(&mut process, "app");
    let writes = "sh -c 'cp \"$0\" \"$0.seen\"; echo \"How do I call greet?\" >>\"$0\"; cp \"$0.seen\" ../seen'";
    process
        .args(["ask", "--json"])
        .env_remove("VISUAL")
        .env("EDITOR", writes);
    let sent = on_terminal(process);
    assert!(
        sent.contains("\"request\": \"How do I call greet?\""),
        "{sent}"
    );
    assert!(family.read("seen").contains("# What is wanted?"));
    let mut process = Command::new(assert_cmd::cargo::cargo_bin!("poag"));
    family.place(&mut process, "app");
    process
        .arg("ask")
        .env_remove("VISUAL")
        .env("EDITOR", "true");
    let sent = on_terminal(process);
    assert!(
        sent.contains("nothing was written, and nothing was asked"),
        "{sent}"
    );
}

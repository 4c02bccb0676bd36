//! Sessions with experts, and snippets, as a person uses them.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{Repository, text};

both_ways!(
    an_expert_is_talked_with_and_its_last_answer_stays,
    snippets_are_given_to_questions_and_sessions,
    the_librarian_is_talked_with_offline,
);

/// Repeats what it was told, once `go` is there where it is asked to take its time; it fails where it is asked to.
const PROGRAM: &str = r#"
import json, os, sys, time
request = json.load(sys.stdin)
folder, said = sys.argv[1], request["input"]["request"]
with open(os.path.join(folder, "log"), "a") as log:
    log.write(said.splitlines()[0] + "\n")
while "slowly" in said.splitlines()[0] and not os.path.exists(os.path.join(folder, "go")):
    time.sleep(0.02)
if "fail" in said.splitlines()[0]:
    sys.exit("the program is out of words")
output = {"schemaVersion": 1, "edits": [], "asks": [], "verdict": {"verdict": "accept"},
          "answer": {"markdown": "heard: " + said, "citations": []}}
json.dump({"output": output, "usage": {"inputTokens": 3, "outputTokens": 2}}, sys.stdout)
"#;

struct Talk {
    family: Repository,
    folder: PathBuf,
}

impl Talk {
    fn new() -> Self {
        let family = Repository::family();
        let folder = family.root.parent().unwrap().join("agent");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("program.py"), PROGRAM).unwrap();
        let talk = Self { family, folder };
        if crate::harness::served::is_wanted() {
            let command = talk.command();
            talk.family.served("app", &["--agent-command", &command]);
        }
        talk
    }

    /// The program that takes the place of a model.
    fn command(&self) -> String {
        let program = self.folder.join("program.py");
        format!("python3 {} {}", program.display(), self.folder.display())
    }

    /// `poag` in the folder of the consumer, which must end with `code`: what it printed.
    fn poag(&self, code: i32, words: &[&str]) -> String {
        let output = self.family.poag("app").args(words).output().unwrap();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{words:?}\n{out}\n{err}");
        format!("{out}{err}")
    }

    /// A session with the program in the place of a model.
    fn open(&self, words: &[&str]) -> String {
        let command = self.command();
        let mut all = vec!["session", "open", "--backend", "command"];
        // Programs are allowed where the server is started.
        if !crate::harness::served::is_wanted() {
            all.extend(["--agent-command", &command]);
        }
        all.extend(words);
        self.poag(0, &all).trim().to_owned()
    }

    fn status(&self, name: &str) -> Value {
        let output = self
            .family
            .poag("app")
            .args(["session", "status", name, "--json"])
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The first lines of what the program was told, in order.
    fn told(&self) -> Vec<String> {
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }

    fn until(&self, what: &str, happened: impl Fn(&Self) -> bool) {
        let end = Instant::now() + Duration::from_secs(120);
        while !happened(self) {
            assert!(Instant::now() < end, "{what} does not happen");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn an_expert_is_talked_with_and_its_last_answer_stays() {
    let talk = Talk::new();
    assert_eq!(talk.open(&["base"]), "base");
    assert_eq!(talk.open(&["base"]), "base-2");
    talk.poag(1, &["session", "open", "base", "--name", "base"]);
    assert_eq!(talk.poag(0, &["session", "status", "base"]), "idle\n");
    talk.poag(4, &["session", "out", "base"]);
    let answer = talk.poag(0, &["session", "say", "base", "--wait", "first", "words"]);
    assert_eq!(answer, "heard: first words\n");
    assert_eq!(talk.poag(0, &["session", "wait", "base"]), "await\n");
    // It is told what was said before, since the program remembers nothing.
    let answer = talk.poag(0, &["session", "say", "base", "--wait", "second"]);
    assert!(answer.starts_with("heard: second\n"), "{answer}");
    assert!(answer.contains("heard: first words"), "{answer}");
    // A failure is no answer, and the last answer is not taken for one.
    let failed = talk.poag(7, &["session", "say", "base", "--wait", "please fail"]);
    assert!(failed.contains("out of words"), "{failed}");
    assert_eq!(talk.poag(7, &["session", "status", "base"]), "failed\n");
    let status = talk.status("base");
    assert_eq!(
        (&status["output"], &status["messages"]),
        (&2.into(), &3.into())
    );
    assert_eq!(status["usage"]["inputTokens"], 6);
    // What one said is given to another, whole or in short.
    let copied = talk.poag(
        0,
        &[
            "session",
            "say",
            "base-2",
            "--wait",
            "--from",
            "base",
            "What of it?",
        ],
    );
    assert!(copied.contains("The expert `base` says:"), "{copied}");
    let short = talk.poag(
        0,
        &[
            "session",
            "say",
            "base-2",
            "--wait",
            "--from",
            "base:summary",
            "And?",
        ],
    );
    assert!(
        short.contains("first words") && short.contains("out of words"),
        "{short}"
    );
    talk.poag(0, &["session", "close", "base"]);
    talk.poag(0, &["session", "close", "base"]);
    let refused = talk.poag(1, &["session", "say", "base", "more"]);
    assert!(refused.contains("is closed"), "{refused}");
    let list = talk.poag(0, &["session", "list"]);
    assert!(
        list.contains("base-2") && !list.starts_with("base "),
        "{list}"
    );
    let log = talk.poag(0, &["session", "log", "base"]);
    assert!(
        log.contains("first words") && log.contains("no answer"),
        "{log}"
    );
}

#[test]
fn what_is_killed_or_interrupted_loses_no_message() {
    let talk = Talk::new();
    let name = talk.open(&["base", "--name", "talk"]);
    talk.poag(0, &["session", "say", &name, "one, slowly"]);
    talk.poag(0, &["session", "say", &name, "two"]);
    talk.until("the turn", |talk| talk.told() == ["one, slowly"]);
    assert_eq!(
        talk.poag(0, &["session", "wait", &name, "--timeout", "0"]),
        "running\n"
    );
    // The process that has it answered is killed; the next who waits has it answered.
    let claims = talk.family.state().join("ledger.sqlite-claims");
    let id = talk.status(&name)["id"].as_str().unwrap().to_owned();
    let holder: Value = fs::read_dir(&claims)
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let named = path.file_name()?.to_str()?.starts_with(&id);
            serde_json::from_slice(&fs::read(path).ok()?)
                .ok()
                .filter(|_| named)
        })
        .next()
        .expect("somebody holds the claim");
    let pid = i32::try_from(holder["pid"].as_i64().unwrap()).unwrap();
    rustix::process::kill_process(
        rustix::process::Pid::from_raw(pid).unwrap(),
        rustix::process::Signal::KILL,
    )
    .unwrap();
    fs::write(talk.folder.join("go"), "").unwrap();
    assert_eq!(talk.poag(0, &["session", "wait", &name]), "await\n");
    let answer = talk.poag(0, &["session", "out", &name]);
    assert!(answer.starts_with("heard: two"), "{answer}");
    assert_eq!(talk.told(), ["one, slowly", "one, slowly", "two"]);
    // Interrupted: no answer, and the next message is taken.
    fs::remove_file(talk.folder.join("go")).unwrap();
    talk.poag(0, &["session", "say", &name, "three, slowly"]);
    talk.until("the turn", |talk| talk.told().len() == 4);
    talk.poag(0, &["session", "ctl", &name, "interrupt"]);
    assert_eq!(talk.poag(0, &["session", "status", &name]), "idle\n");
    let answer = talk.poag(0, &["session", "say", &name, "--wait", "four"]);
    assert!(answer.starts_with("heard: four"), "{answer}");
    assert!(!answer.contains("three"), "{answer}");
}

fn snippets_are_given_to_questions_and_sessions() {
    let talk = Talk::new();
    talk.poag(0, &["snippet", "set", "style", "Plain", "English"]);
    talk.poag(0, &["snippet", "set", "style", "Short words"]);
    assert_eq!(talk.poag(0, &["snippet", "get", "style"]), "Short words\n");
    let list = talk.poag(0, &["snippet", "list"]);
    assert_eq!(list, "style  11 bytes  Short words\n");
    let name = talk.open(&["base"]);
    let with = [
        "session",
        "say",
        &name,
        "--wait",
        "--with",
        "snippet:style",
        "Say it",
    ];
    let answer = talk.poag(0, &with);
    assert_eq!(answer, "heard: Say it\n\n[style]\nShort words\n");
    let plan = talk.poag(
        0,
        &[
            "ask",
            "--quiet",
            "--with",
            "snippet:style",
            "How do I greet?",
        ],
    );
    assert!(plan.contains("Short words"), "{plan}");
    for bad in ["../x", "a/b", ""] {
        let refused = talk.poag(1, &["snippet", "set", bad, "x"]);
        assert!(refused.contains("repair:"), "{refused}");
    }
    let refused = talk.poag(2, &["ask", "--with", "file:x", "How?"]);
    assert!(refused.contains("snippet:NAME"), "{refused}");
    talk.poag(0, &["snippet", "rm", "style"]);
    let missing = talk.poag(1, &["snippet", "get", "style"]);
    assert!(missing.contains("there is no snippet 'style'"), "{missing}");
}

fn the_librarian_is_talked_with_offline() {
    let talk = Talk::new();
    let name = talk.poag(0, &["session", "open"]);
    let answer = talk.poag(
        0,
        &["session", "say", name.trim(), "--wait", "How do I greet?"],
    );
    assert!(!answer.trim().is_empty(), "{answer}");
    let none = talk.poag(1, &["session", "say", "nobody", "x"]);
    assert!(none.contains("there is no session 'nobody'"), "{none}");
}

#[test]
fn a_session_takes_up_no_more_than_its_flake_lets_it() {
    let talk = Talk::new();
    talk.family.edit(
        "base/flake.nix",
        "role = ",
        "quota.artifactsEach = 2; role = ",
    );
    talk.family.commit("a quota");
    let name = talk.open(&["base"]);
    for words in ["one", "two"] {
        talk.poag(0, &["session", "say", &name, "--wait", words]);
    }
    let told = talk.told().len();
    let refused = talk.poag(7, &["session", "say", &name, "--wait", "three"]);
    assert!(
        refused.contains(
            "with what 'base' says there would be 3 artifacts, one participant may leave 2"
        ),
        "{refused}"
    );
    assert_eq!(talk.told().len(), told, "nobody was asked");
    // What was said before is still there.
    assert!(
        talk.poag(0, &["session", "log", &name])
            .contains("heard: two")
    );
}

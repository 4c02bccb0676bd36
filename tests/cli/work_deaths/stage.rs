//! Two flakes, programs that change and review them, and what must hold of a work whenever anything of it is killed.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use poag::ledger::{Filter, Ledger as _, SqliteLedger};
use serde_json::{Value, json};

use crate::harness::{Repository, text};

/// Makes the change of a task, slowly, beside a draft of bytes that no other attempt has; leaves something running.
const WRITER: &str = r#"#!/bin/sh
attempt=$(cat)
(setsid sleep 600 >/dev/null 2>&1 &)
head -c 40 /dev/urandom | od -An -tx1 >"draft-$$"
sleep 0.05
case "$attempt" in
  *'"id":"base"'*) file=src/greet.py line='# politely' ;;
  *) file=notes.md line=Politely. ;;
esac
grep -q "$line" $file || echo "$line" >>$file
sleep 0.05
rm -f draft-*
echo '{"schemaVersion":1,"outcome":"done","summary":"made it polite","usage":{"inputTokens":10,"outputTokens":1,"costUsd":1}}'
"#;

/// Approves whatever it is shown that says how it is done.
const REVIEWER: &str = r#"#!/bin/sh
case "$(cat)" in
  *olitely*) echo '{"schemaVersion": 1, "verdict": "approve", "reason": ""}' ;;
  *) echo '{"schemaVersion": 1, "verdict": "object", "reason": "it is not polite", "places": []}' ;;
esac
"#;

/// One work, to be killed at any time.
pub struct Stage {
    pub repository: Repository,
    programs: PathBuf,
    /// Stands in the command line of every process of this stage but poag itself.
    mark: String,
}

/// What an end of a work comes to, however often it was killed on the way.
#[derive(Debug, PartialEq)]
pub struct Essence {
    /// The tree of the work's branch.
    tree: String,
    /// Task → state.
    states: Vec<(String, String)>,
    /// What all turns cost but those whose worker was killed when it had said what it cost: one that finished is paid once.
    cost: f64,
    /// (task, reviewer) of every verdict.
    verdicts: Vec<(String, String)>,
}

/// The two flakes once, learned; each stage has a clone.
fn family() -> &'static Repository {
    static FAMILY: OnceLock<Repository> = OnceLock::new();
    FAMILY.get_or_init(Repository::family)
}

impl Stage {
    pub fn new() -> Self {
        let repository = family().clone_of();
        repository.git(&["config", "user.name", "Test"]);
        repository.git(&["config", "user.email", "test@example.org"]);
        let programs = repository.root.parent().unwrap().join("programs");
        fs::create_dir(&programs).unwrap();
        for (name, script) in [("writer", WRITER), ("reviewer", REVIEWER)] {
            let file = programs.join(name);
            fs::write(&file, script).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let task = |name: &str, after: &[&str], check: &str| {
            json!({
                "id": name, "title": format!("{name}: be polite"), "expert": name, "prompt": "Be polite.",
                "dependsOn": after, "checks": [check],
            })
        };
        let tasks = json!({
            "schemaVersion": 1, "request": "Be polite", "tasks": [
                task("base", &[], "grep -q politely src/greet.py"),
                task("app", &["base"], "grep -q politely ../base/src/greet.py"),
            ],
        });
        fs::write(programs.join("tasks.json"), tasks.to_string()).unwrap();
        let mark = repository.root.parent().unwrap().display().to_string();
        Self {
            repository,
            programs,
            mark,
        }
    }

    /// A place beside the repository.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.programs.with_file_name(name)
    }

    pub fn database(&self) -> PathBuf {
        self.repository.state().join("ledger.sqlite")
    }

    /// poag with some words, to be started.
    pub fn poag(&self, words: &[&str]) -> Command {
        let mut process = Command::new(assert_cmd::cargo::cargo_bin!("poag"));
        self.repository.place(&mut process, "app");
        process
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        process
    }

    /// The work and its events, once it has begun.
    pub fn events(&self) -> Vec<Value> {
        let ledger = SqliteLedger::open(&self.database()).unwrap();
        let filter = Filter {
            kind: Some("work"),
            ..Filter::default()
        };
        let mut works = ledger.streams(&filter).unwrap();
        assert!(works.len() < 2, "a work was begun anew instead of resumed");
        let Some(work) = works.pop() else {
            return Vec::new();
        };
        let events = ledger.events(&work.id, 0).unwrap();
        events.iter().map(|event| event.value().unwrap()).collect()
    }

    /// Begins the work, or goes on with it.
    pub fn supervise(&self) -> Child {
        let program = |name: &str| self.programs.join(name).display().to_string();
        let (tasks, writer, reviewer) = (
            program("tasks.json"),
            program("writer"),
            program("reviewer"),
        );
        let begin = [
            "work",
            "start",
            &tasks,
            "--agent-command",
            &writer,
            "--review-command",
            &reviewer,
            "--approvals",
            "1",
            "--parallel",
            "1",
            "--yes",
        ];
        let words: &[&str] = match self.events().is_empty() {
            true => &begin,
            false => &["work", "resume"],
        };
        self.poag(words).spawn().unwrap()
    }

    fn processes(&self, of: &str) -> Vec<i32> {
        let entries = fs::read_dir("/proc").unwrap().flatten();
        let found = entries.filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let words = fs::read(entry.path().join("cmdline")).ok()?;
            text(&words).contains(of).then_some(pid)
        });
        found.collect()
    }

    /// Waits until no process of this stage lives.
    pub fn gone(&self) {
        let began = Instant::now();
        while !self.processes(&self.mark).is_empty() {
            let late = began.elapsed() > Duration::from_secs(30);
            assert!(!late, "a process goes on");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Kills the programs that write, if any is at it; whether one was.
    pub fn kill_writers(&self) -> bool {
        let mut any = false;
        let writer = format!("{}\0", self.programs.join("writer").display());
        for pid in self.processes(&writer) {
            // Its guards and its supervisor have it in their command lines, too: they are not the worker.
            let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            let itself = text(&words) == format!("/bin/sh\0{writer}");
            if let (true, Some(pid)) = (itself, rustix::process::Pid::from_raw(pid)) {
                any |= rustix::process::kill_process(pid, rustix::process::Signal::KILL).is_ok();
            }
        }
        any
    }

    /// Every file that lies in a worktree now, as git names its bytes.
    pub fn bytes(&self) -> BTreeSet<String> {
        let works = self.repository.state().join("work");
        let mut found = BTreeSet::new();
        for work in fs::read_dir(works).into_iter().flatten().flatten() {
            let files = walkdir::WalkDir::new(work.path().join("trees"));
            for file in files.into_iter().flatten() {
                let git = file.depth() == 2 && file.file_name() == ".git";
                if file.file_type().is_file() && !git {
                    let path = file.path().display().to_string();
                    found.insert(self.repository.git(&["hash-object", "--no-filters", &path]));
                }
            }
        }
        found
    }

    /// Bytes that were there are in a ref.
    pub fn holds(&self, bytes: &BTreeSet<String>) {
        let objects = self.repository.git(&["rev-list", "--objects", "--all"]);
        let held: BTreeSet<&str> = objects
            .lines()
            .filter_map(|line| line.split(' ').next())
            .collect();
        for id in bytes {
            assert!(held.contains(id.trim()), "bytes {id} are in no ref");
        }
    }

    /// Nothing of it is left running or lying about, and what became of each branch is known.
    pub fn is_clean(&self) {
        self.gone();
        let state = self.repository.state();
        for folder in ["turns", "merges", "ledger.sqlite-claims"] {
            let left: Vec<_> = fs::read_dir(state.join(folder))
                .into_iter()
                .flatten()
                .flatten()
                .collect();
            assert!(left.is_empty(), "{left:?}");
        }
        let worktrees = self.repository.git(&["worktree", "list"]);
        assert_eq!(worktrees.lines().count(), 1, "{worktrees}");
        let audit = self
            .poag(&["work", "audit", "--json"])
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        let audit: Value = serde_json::from_slice(&audit.stdout).unwrap();
        let rows = audit.as_array().unwrap();
        for row in rows {
            let known = ["landed", "pending", "abandoned"].map(Value::from);
            assert!(known.contains(&row["fate"]), "{audit:#}");
        }
        let branches =
            self.repository
                .git(&["branch", "--list", "--format=%(refname:short)", "command/*"]);
        for branch in branches.lines() {
            assert!(
                rows.iter().any(|row| row["branch"] == branch),
                "nobody knows of {branch}: {audit:#}"
            );
        }
    }

    /// How it stands.
    pub fn view(&self) -> Value {
        let shown = self.poag(&["work", "show", "--json"]).output().unwrap();
        serde_json::from_slice(&shown.stdout).unwrap_or_else(|_| panic!("{}", text(&shown.stderr)))
    }

    /// What it came to.
    pub fn essence(&self) -> Essence {
        let view = self.view();
        let tip = format!("{}^{{tree}}", view["tip"].as_str().unwrap());
        let mut verdicts: Vec<_> = self
            .events()
            .iter()
            .filter_map(|event| event.get("reviewed"))
            .map(|event| {
                let reviewer = &event["review"]["reviewer"]["name"];
                (event["task"].to_string(), reviewer.to_string())
            })
            .collect();
        verdicts.sort();
        let tasks = view["tasks"].as_array().unwrap().iter();
        Essence {
            tree: self.repository.git(&["rev-parse", &tip]),
            states: tasks
                .map(|task| (task["id"].to_string(), task["state"].to_string()))
                .collect(),
            cost: view["spent"]["costUsd"].as_f64().unwrap() - self.spoiled(),
            verdicts,
        }
    }

    /// What turns cost whose worker said so, and was killed before it had ended.
    fn spoiled(&self) -> f64 {
        let mut cost = 0.0;
        let mut last = 0.0;
        for event in self.events() {
            if let Some(usage) = event.pointer("/settled/usage/costUsd") {
                last = usage.as_f64().unwrap();
            }
            let end = event.pointer("/attemptEnded/end").map(Value::to_string);
            if end.is_some_and(|end| end.contains("its program was ended")) {
                cost += last;
            }
        }
        cost
    }

    /// Takes it to its end without another death; what it came to must be `expected`, and `bytes` must be in refs.
    pub fn to_the_end(&self, expected: &Essence, bytes: &BTreeSet<String>) {
        let output = self.supervise().wait_with_output().unwrap();
        let said = text(&output.stderr);
        assert!(output.status.success(), "{said}");
        assert_eq!(&self.essence(), expected, "{said}");
        self.holds(bytes);
        self.is_clean();
    }

    /// Makes whoever writes this event think for ever, in the middle of its commit.
    pub fn stop_at(&self, seq: usize) {
        drop(SqliteLedger::open(&self.database()).unwrap());
        let raw = rusqlite::Connection::open(self.database()).unwrap();
        let endless = format!(
            "CREATE TABLE pad (x);
             INSERT INTO pad WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 1000) SELECT x FROM c;
             CREATE TRIGGER stop AFTER INSERT ON rows WHEN NEW.last >= {seq}
               AND coalesce((SELECT last FROM rows WHERE key = NEW.key - 1), 0) < {seq} BEGIN
               SELECT sum(a.x * b.x * c.x * d.x) FROM pad a, pad b, pad c, pad d;
             END;"
        );
        raw.execute_batch(&endless).unwrap();
    }

    /// No longer.
    pub fn go_on(&self) {
        let raw = rusqlite::Connection::open(self.database()).unwrap();
        raw.busy_timeout(Duration::from_secs(10)).unwrap();
        raw.execute_batch("DROP TRIGGER stop; DROP TABLE pad")
            .unwrap();
    }

    /// Waits until somebody is in the middle of a commit and stays there; false where it ended first.
    pub fn stopped(&self, child: &mut Child) -> bool {
        let raw = rusqlite::Connection::open(self.database()).unwrap();
        raw.busy_timeout(Duration::ZERO).unwrap();
        let mut busy = 0;
        let began = Instant::now();
        while busy < 20 {
            let late = began.elapsed() > Duration::from_secs(120);
            assert!(!late, "it did not stop");
            if child.try_wait().unwrap().is_some() {
                return false;
            }
            match raw.execute_batch("BEGIN IMMEDIATE; ROLLBACK") {
                Ok(()) => busy = 0,
                Err(_) => busy += 1,
            }
            thread::sleep(Duration::from_millis(2));
        }
        true
    }
}

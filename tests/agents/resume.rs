//! A run that was killed goes on with what it was begun with, though nothing of it is said again: every backend, with the
//! real programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use poag::council::Event;
use poag::engine::run::{history, list};
use poag::ledger::SqliteLedger;
use serde_json::{Value, json};

use crate::brain;
use crate::harness::{Repository, text};
use crate::stand_in::{Call, Reply, StandIn, clis_or_skip};

/// The family, its model, and what agents find on this machine.
struct Interrupted {
    family: Repository,
    model: StandIn,
    bin: PathBuf,
    home: tempfile::TempDir,
    /// While it is set, the model says nothing in turns of `base`.
    silent: Arc<AtomicBool>,
}

impl Interrupted {
    fn new(name: &str) -> Option<Self> {
        let bin = clis_or_skip()?;
        let silent = Arc::new(AtomicBool::new(true));
        let held = Arc::clone(&silent);
        let model = StandIn::start(move |call: &Call| {
            let input = brain::input(call);
            let of_base = |input: &Value| input["expert"] == "base" && input["turn"] != 0;
            match held.load(Ordering::SeqCst) && input.as_ref().is_some_and(of_base) {
                true => Reply::Stall,
                false => brain::reply(call),
            }
        });
        let home = tempfile::tempdir().unwrap();
        // Where OpenCode looks for the person's own settings.
        let config = home.path().join(".config/opencode");
        fs::create_dir_all(&config).unwrap();
        let models = json!({ name: {"name": name}, "m1": {"name": "m1"} });
        let settings = json!({
            "model": "stand_in/m1", "small_model": "stand_in/m1",
            "provider": {"stand_in": {
                "npm": "@ai-sdk/openai-compatible", "name": "stand-in",
                "options": {"baseURL": format!("{}/v1", model.url()), "apiKey": "none"},
                "models": models
            }}
        });
        fs::write(config.join("opencode.json"), settings.to_string()).unwrap();
        let family = Repository::family();
        family.write("app/README.md", "# app\n");
        family.commit("a title");
        Some(Self {
            family,
            model,
            bin,
            home,
            silent,
        })
    }

    /// While it is there, a program that looks for it says nothing in turns of `base`.
    fn hold(&self) -> PathBuf {
        self.home.path().join("hold")
    }

    fn poag(&self) -> Command {
        let mut process = Command::new(assert_cmd::cargo::cargo_bin!("poag"));
        self.family.place(&mut process, "app");
        let path = std::env::var_os("PATH").unwrap();
        let path = std::iter::once(self.bin.clone()).chain(std::env::split_paths(&path));
        process
            .env("PATH", std::env::join_paths(path).unwrap())
            .env("HOME", self.home.path())
            .env("ANTHROPIC_BASE_URL", self.model.url())
            .env("ANTHROPIC_API_KEY", "none")
            .env("OPENAI_BASE_URL", format!("{}/v1", self.model.url()))
            .env("OPENAI_API_KEY", "none")
            .env("GEMINI_API_KEY", "none")
            .env("GOOGLE_GEMINI_BASE_URL", self.model.url())
            .arg("ask");
        process
    }

    fn events(&self) -> Vec<Event> {
        let ledger = self.family.state().join("ledger.sqlite");
        let ledger = SqliteLedger::open(&ledger).unwrap();
        let Some(run) = list(&ledger, None, None).unwrap().pop() else {
            return Vec::new();
        };
        let events = history(&ledger, &run.id).unwrap().events.into_iter();
        events.map(|event| event.event).collect()
    }

    /// Kills a question by SIGKILL when `app` has asked, and `base` thinks.
    fn kill_in_the_middle(&self, words: &[&str]) {
        let mut child = self
            .poag()
            .args(words)
            .arg("Make the greeting polite")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let began = Instant::now();
        let under_way = || {
            let of_base = |event: &Event| matches!(event, Event::TurnStarted { turn, .. } if turn.expert == "base");
            self.events().iter().any(of_base)
        };
        while !under_way() {
            assert_eq!(child.try_wait().unwrap(), None, "it ended too early");
            assert!(
                began.elapsed() < Duration::from_secs(120),
                "{:?}",
                self.events()
            );
            sleep(Duration::from_millis(20));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        self.silent.store(false, Ordering::SeqCst);
        let _ = fs::remove_file(self.hold());
    }

    /// Goes on, with no word of how it began.
    fn resume(&self) -> (Value, String) {
        let output = self.poag().arg("--resume").output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
        (serde_json::from_slice(&output.stdout).unwrap(), said)
    }
}

/// Begins with these words, kills, goes on without them: the same backend, model, command and limits.
fn goes_on(backend: &str, model: Option<&str>, words: &[&str]) {
    let name = model.unwrap_or("m1").trim_start_matches("stand_in/");
    if let Some(run) = Interrupted::new(name) {
        goes_on_from(&run, backend, model, words);
    }
}

fn goes_on_from(run: &Interrupted, backend: &str, model: Option<&str>, words: &[&str]) {
    let mut begun = vec!["--backend", backend, "--max-turns", "3", "--retries", "0"];
    if let Some(model) = model {
        begun.extend(["--model", model]);
    }
    begun.extend(words);
    run.kill_in_the_middle(&begun);
    let before = run.events();
    let calls = run.model.calls().len();
    let (plan, said) = run.resume();
    let with = match model {
        Some(model) => format!("{backend} ({model}) thinks for all"),
        None => format!("{backend} thinks for all"),
    };
    assert!(said.contains(&with), "{said}");
    assert!(said.contains("goes on as it was begun"), "{said}");
    assert_eq!(plan["council"]["failures"], json!([]), "{plan:#}");
    for member in plan["council"]["members"].as_array().unwrap() {
        assert_eq!(member["member"]["backend"], backend, "{member}");
        assert_eq!(member["member"]["model"], json!(model), "{member}");
    }
    for expert in ["app", "base"] {
        let what = plan["subflakes"][expert]["./README.md"].as_str();
        assert_eq!(what, Some(&*format!("Say what {expert} does now.")));
    }
    let after = run.events();
    assert_eq!(after[..before.len()], before[..], "the ledger only grows");
    let (Event::RunStarted(started), Some(Event::Resumed { selection })) =
        (&after[0], after.get(before.len()))
    else {
        panic!("{:?}", &after[before.len()..]);
    };
    assert_eq!(**selection, started.selection);
    assert_eq!(
        (started.limits.turns_per_expert, started.limits.retries),
        (3, 0)
    );
    let again = |event: &&Event| matches!(event, Event::TurnStarted { turn, .. } if turn.expert == "app" && turn.turn == 1);
    assert_eq!(
        after.iter().filter(again).count(),
        1,
        "a finished turn is paid for once"
    );
    if backend != "command" {
        let later = run.model.calls().split_off(calls);
        assert!(!later.is_empty());
        for call in later.iter().filter(|call| brain::input(call).is_some()) {
            let asked = model.unwrap_or("m1").trim_start_matches("stand_in/");
            assert_eq!(call.model, asked);
        }
    }
}

#[test]
fn claude_code_goes_on_as_it_was_begun() {
    goes_on("claude-code", Some("claude-opus-4-5"), &[]);
}

#[test]
fn codex_goes_on_as_it_was_begun() {
    goes_on("codex", Some("gpt-5.5"), &[]);
}

#[test]
fn gemini_goes_on_as_it_was_begun() {
    goes_on("gemini", Some("gemini-2.5-flash"), &[]);
}

#[test]
fn opencode_goes_on_over_acp_as_it_was_begun() {
    let words = ["--agent-command", "opencode acp"];
    goes_on("acp", Some("stand_in/m2"), &words);
}

/// A program that stays silent in turns of `base` for as long as a file is there.
#[test]
fn a_program_goes_on_as_it_was_begun() {
    let Some(run) = Interrupted::new("m1") else {
        return;
    };
    let owner = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agents/owner.py");
    let script = run.home.path().join("program");
    fs::write(run.hold(), "").unwrap();
    fs::write(
        &script,
        format!(
            "if [ \"$POAG_EXPERT\" = base ] && [ -e {} ]; then exec sleep 600; fi\nexec python3 {}\n",
            run.hold().display(),
            owner.display()
        ),
    )
    .unwrap();
    let command = format!("sh {}", script.display());
    goes_on_from(&run, "command", Some("any"), &["--agent-command", &command]);
}

#[test]
fn each_expert_goes_on_with_its_own() {
    let Some(run) = Interrupted::new("m1") else {
        return;
    };
    run.kill_in_the_middle(&[
        "--backend=claude-code",
        "--model=app=claude-opus-4-5",
        "--backend=base=codex",
        "--model=base=gpt-5.5",
    ]);
    let (plan, said) = run.resume();
    let with = "claude-code (claude-opus-4-5) thinks for app; codex (gpt-5.5) thinks for base";
    assert!(said.contains(with), "{said}");
    assert_eq!(plan["council"]["failures"], json!([]), "{plan:#}");
}

//! The real agents carrying out a task in a worktree: they change the files of their flake and no others, whatever their model
//! wants, and what a reading turn has primed is read from the cache.

mod claude_code;
mod codex;
mod others;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use poag::agent::{
    Agent, Checkpoint, Persona, Settings, Start, TurnOutput, TurnRequest, Writing, backends,
};
use poag::plan::schema;
use poag_git::testing::Repository;
use poag_git::work::{WorkRepository, Worktree};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::request::{launcher, wait};
use crate::spoken::told;
use crate::stand_in::{Call, Reply, Role, StandIn, clis_or_skip};

/// A repository with a flake in a folder, its worktree, and an agent that owns the flake.
struct Site {
    made: Repository,
    temp: TempDir,
    work: WorkRepository,
    tree: Worktree,
    model: StandIn,
    agent: Arc<dyn Agent>,
    settings: Settings,
    pack: String,
}

impl Site {
    /// `None` where the agents cannot be had.
    fn new(
        backend: &str,
        script: impl Fn(&Call, &Places) -> Reply + Send + Sync + 'static,
    ) -> Option<Self> {
        let bin = clis_or_skip()?;
        let made = Repository::new();
        made.write("flake/greet.py", "GREETING = 'hello'\n");
        made.write("other/keep.py", "KEEP = 1\n");
        made.commit("begin");
        let temp = tempfile::tempdir().unwrap();
        let work = WorkRepository::open(made.path()).unwrap();
        let place = temp.path().canonicalize().unwrap().join("tree");
        let tree = work
            .make_worktree(&place, "ada/t1", "main", "a test")
            .unwrap();
        let places = Places {
            flake: tree.path.join("flake"),
            main: made.path().canonicalize().unwrap(),
        };
        let model = StandIn::start(move |call| script(call, &places));
        let (command, name) = command(backend, &bin, &model);
        Some(Self {
            agent: backends::make(backend, &launcher(&temp.path().join("turns"))).unwrap(),
            settings: Settings {
                model: name.map(str::to_owned),
                command: Some(command),
                server: None,
            },
            pack: "The greeting is in `greet.py`.".into(),
            made,
            temp,
            work,
            tree,
            model,
        })
    }

    fn flake(&self) -> PathBuf {
        self.tree.path.join("flake")
    }

    fn request(&self, start: Start, input: Value) -> TurnRequest {
        let persona = Persona {
            speaker: "hello".into(),
            instructions: "# How you work\n\nYou own one flake.".into(),
            pack: self.pack.as_str().into(),
            schema: schema::turn_result(),
            // Where it reads: the person's checkout.
            folder: self.made.path().canonicalize().unwrap().join("flake"),
            settings: self.settings.clone(),
            search_path: None,
        };
        TurnRequest {
            persona: Arc::new(persona),
            start,
            input,
            // Only so that an agent that hangs ends the test.
            timeout: Duration::from_secs(120),
            correlation: Vec::new(),
            tools: None,
            writing: None,
        }
    }

    fn task(&self, start: Start, input: Value) -> TurnRequest {
        let mut request = self.request(start, input);
        request.writing = Some(Writing {
            network: true,
            worktree: self.tree.path.clone(),
            folder: self.flake(),
            file_bytes: 1 << 30,
        });
        request
    }

    fn seal(&self, request: TurnRequest, name: &str) -> (TurnOutput, Checkpoint) {
        let place = self.temp.path().join(name);
        fs::create_dir(&place).unwrap();
        let (output, sealed) = wait(self.agent.seal(request, &place));
        let sealed = sealed.unwrap_or_else(|| panic!("{}", told(&output)));
        (output, sealed)
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.flake().join(path)).unwrap_or_default()
    }

    /// Nothing but the worktree changed, and that is as it was made.
    fn is_contained(&self) {
        assert_eq!(self.made.git(&["status", "--porcelain"]), "");
        self.work.prove(&self.tree).unwrap();
        let changed = poag_git::testing::git(&self.tree.path, &["status", "--porcelain"]);
        for line in changed.lines() {
            assert!(line.contains(" flake/"), "{changed}");
        }
    }
}

/// Where the script of a model aims at.
struct Places {
    flake: PathBuf,
    main: PathBuf,
}

impl Places {
    fn inside(&self, path: &str) -> String {
        self.flake.join(path).display().to_string()
    }

    fn outside(&self, path: &str) -> String {
        self.main.join(path).display().to_string()
    }
}

/// How an agent is started, and its model.
fn command(
    backend: &str,
    bin: &std::path::Path,
    model: &StandIn,
) -> (Vec<String>, Option<&'static str>) {
    let url = model.url();
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|&word| word.to_owned())
            .collect::<Vec<_>>()
    };
    let program = |name: &str| bin.join(name).display().to_string();
    match backend {
        "claude-code" => {
            let base = format!("ANTHROPIC_BASE_URL={url}");
            let words = words(&["env", &base, "ANTHROPIC_API_KEY=none", &program("claude")]);
            (words, None)
        }
        "codex" => {
            let mut words = vec![program("codex")];
            for set in [
                format!("model_providers.poag.base_url=\"{url}/v1\""),
                "model_providers.poag.requires_openai_auth=false".into(),
                "model_providers.poag.experimental_bearer_token=\"none\"".into(),
            ] {
                words.extend(["-c".into(), set]);
            }
            (words, Some("gpt-5.5"))
        }
        "gemini" => {
            let base = format!("GOOGLE_GEMINI_BASE_URL={url}");
            let words = words(&["env", "GEMINI_API_KEY=none", &base, &program("gemini")]);
            (words, Some("gemini-2.5-flash"))
        }
        _ => (crate::acp::command(&bin.join("opencode"), model), None),
    }
}

/// How many tools ran since the last question.
fn step(call: &Call) -> usize {
    let since = call.messages.iter().rev();
    let since = since.take_while(|(role, text)| {
        *role != Role::User || text.trim().is_empty() || text.starts_with("<system-reminder>")
    });
    since.filter(|(role, _)| *role == Role::Tool).count()
}

fn tool(name: &str, input: Value) -> Reply {
    Reply::Tool {
        name: name.into(),
        input,
    }
}

/// The end of a turn.
fn done(call: &Call) -> Reply {
    let results: Vec<&str> = call
        .messages
        .iter()
        .filter(|(role, _)| *role == Role::Tool)
        .map(|(_, text)| text.as_str())
        .collect();
    let result = json!({
        "schemaVersion": 1, "edits": [], "asks": [], "verdict": { "verdict": "accept" },
        "answer": { "markdown": "done", "citations": [], "confidence": null },
        "notes": [results.join("\n---\n")],
    });
    Reply::Structured(result)
}

fn polite() -> Value {
    json!({ "context": "# Be polite\n\nSay please.", "previous": null })
}

fn note(output: &TurnOutput) -> String {
    let outcome = output.outcome.as_ref();
    let outcome = outcome.unwrap_or_else(|_| panic!("{}", told(output)));
    outcome["notes"][0].as_str().unwrap_or_default().to_owned()
}

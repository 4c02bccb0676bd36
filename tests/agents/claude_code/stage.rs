//! What a turn of the backend takes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use poag::agent::claude_code::ClaudeCode;
use poag::agent::process::Launcher;
use poag::agent::{Agent as _, Checkpoint, Persona, Settings, Start, TurnOutput, TurnRequest};
use poag::plan::schema;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::stand_in::{Call, Reply, StandIn, clis_or_skip};

/// A backend, a folder that its speaker owns, and the model that it talks to.
pub struct Stage {
    /// Holds all of it.
    pub temp: TempDir,
    /// The model.
    pub model: StandIn,
    /// The backend.
    pub agent: ClaudeCode,
    /// What the speaker knows.
    pub pack: String,
    program: PathBuf,
}

impl Stage {
    /// With that script; `None` where the program cannot be had.
    pub fn new(script: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Option<Self> {
        let bin = clis_or_skip()?;
        let temp = tempfile::tempdir().unwrap();
        fs::create_dir(temp.path().join("flake")).unwrap();
        let poag = assert_cmd::cargo::cargo_bin!("poag");
        let launcher = Launcher::new(poag.into(), &temp.path().join("turns")).unwrap();
        Some(Self {
            temp,
            model: StandIn::start(script),
            agent: ClaudeCode::new(launcher),
            pack: "The cow is kept in `cow.py`.".into(),
            program: bin.join("claude"),
        })
    }

    /// The speaker's folder.
    pub fn folder(&self) -> PathBuf {
        self.temp.path().join("flake").canonicalize().unwrap()
    }

    /// Writes a file of the speaker's.
    pub fn write(&self, path: &str, text: &str) -> PathBuf {
        let file = self.folder().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        file
    }

    /// A new empty folder.
    pub fn place(&self, name: &str) -> PathBuf {
        let place = self.temp.path().join(name);
        fs::create_dir(&place).unwrap();
        place
    }

    /// Settings by which the program asks the stand-in, with further words before its arguments.
    pub fn settings(&self, words: &[&str]) -> Settings {
        let url = format!("ANTHROPIC_BASE_URL={}", self.model.url());
        let key = "ANTHROPIC_API_KEY=the-key-of-the-test";
        let program = self.program.to_str().unwrap();
        let command = ["env", &url, key].into_iter().chain(words.iter().copied());
        Settings {
            model: None,
            command: Some(command.chain([program]).map(String::from).collect()),
            server: None,
        }
    }

    /// The speaker.
    pub fn persona(&self) -> Persona {
        Persona {
            speaker: "farm".into(),
            instructions: "# How you work\n\nYou own one flake.".into(),
            pack: self.pack.as_str().into(),
            schema: schema::turn_result(),
            folder: self.folder(),
            settings: self.settings(&[]),
            search_path: None,
        }
    }

    /// A turn.
    pub fn request(&self, start: Start, question: &str) -> TurnRequest {
        TurnRequest {
            persona: Arc::new(self.persona()),
            start,
            input: json!({ "expert": "farm", "request": question }),
            // Only so that a program that hangs ends the test.
            timeout: Duration::from_secs(100),
            correlation: vec![("POAG_RUN".into(), "test".into())],
            tools: None,
            writing: None,
        }
    }

    /// Takes a turn.
    pub fn turn(&self, request: TurnRequest) -> TurnOutput {
        wait(self.agent.turn(request))
    }

    /// Seals a first turn.
    pub fn seal(&self, place: &Path) -> Checkpoint {
        self.seal_as(self.request(Start::New, "prime"), place)
    }

    /// Seals a turn.
    pub fn seal_as(&self, request: TurnRequest, place: &Path) -> Checkpoint {
        let (output, checkpoint) = wait(self.agent.seal(request, place));
        answer(output);
        checkpoint.unwrap()
    }
}

/// Runs a future to its end.
pub fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(future)
}

/// A valid turn that says so in its note.
pub fn said(note: &str) -> Value {
    json!({
        "schemaVersion": 1, "edits": [], "answer": null, "asks": [],
        "verdict": { "verdict": "accept" }, "notes": [note],
    })
}

/// The answer of a turn that must have one.
pub fn answer(output: TurnOutput) -> Value {
    output.outcome.unwrap_or_else(|error| {
        let stdout = String::from_utf8_lossy(&output.raw.stdout);
        panic!("{error}\n{}", stdout.chars().take(600).collect::<String>())
    })
}

/// What the person asks in a call: the input of the turn.
pub fn asked(call: &Call) -> Value {
    let said = call.last_user();
    let (from, to) = (said.rfind("Take this turn."), said.rfind('}'));
    let said = &said[from.unwrap()..=to.unwrap()];
    serde_json::from_str(&said[said.find('{').unwrap()..]).unwrap()
}

/// Repeats the question in a note.
pub fn echo(call: &Call) -> Reply {
    Reply::Structured(said(asked(call)["request"].as_str().unwrap()))
}

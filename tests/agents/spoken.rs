//! Turns of a backend, taken in this process.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use poag::agent::process::Launcher;
use poag::agent::{
    Agent, Checkpoint, Fault, Persona, Settings, Start, ToolServer, TurnOutput, TurnRequest,
    Writing,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::stand_in::{Reply, StandIn};

/// A server of tools in a few lines; it tells its environment.
pub const SERVER: &str = r#"
import json, os, sys
for line in sys.stdin:
    asked = json.loads(line)
    if "id" not in asked: continue
    tool = {"name": "look", "description": "Looks.", "inputSchema": {"type": "object", "properties": {}}}
    result = {
        "initialize": {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "x", "version": "1"}},
        "tools/list": {"tools": [tool, dict(tool, name="other")]},
        "tools/call": {"content": [{"type": "text", "text": "seen " + " ".join(sorted(k for k in os.environ if os.environ[k]))}]},
    }.get(asked["method"], {})
    print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}), flush=True)
"#;

/// A speaker, its folder, and where its turns take place.
pub struct Speaker {
    temp: TempDir,
    pub agent: Arc<dyn Agent>,
    pub settings: Settings,
    pub pack: String,
    pub schema: Value,
    pub tools: Option<ToolServer>,
    pub timeout: Duration,
}

impl Speaker {
    /// `command` is the backend's program with its arguments.
    pub fn new(backend: &str, command: Vec<String>) -> Self {
        let temp = tempfile::tempdir().unwrap();
        fs::create_dir(temp.path().join("flake")).unwrap();
        let poag = assert_cmd::cargo::cargo_bin!("poag");
        let launcher = Launcher::new(poag.into(), &temp.path().join("turns")).unwrap();
        Self {
            agent: poag::agent::backends::make(backend, &launcher).unwrap(),
            settings: Settings {
                model: None,
                command: Some(command),
                server: None,
            },
            pack: "The pack says moo.".into(),
            schema: json!({
                "type": "object", "required": ["said"], "additionalProperties": false,
                "properties": { "said": { "type": "string" } },
            }),
            tools: None,
            // Only so that an agent that hangs ends the test.
            timeout: Duration::from_secs(120),
            temp,
        }
    }

    /// The speaker's folder.
    pub fn folder(&self) -> PathBuf {
        self.temp.path().join("flake")
    }

    /// A place for something else.
    pub fn place(&self, name: &str) -> PathBuf {
        let place = self.temp.path().join(name);
        fs::create_dir_all(&place).unwrap();
        place
    }

    /// Writes a file below the speaker's folder.
    pub fn write(&self, path: &str, text: &str) {
        let file = self.folder().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn request(&self, input: Value, start: Start) -> TurnRequest {
        let persona = Persona {
            speaker: "cow".into(),
            instructions: "Answer as a cow would.".into(),
            pack: self.pack.as_str().into(),
            schema: Arc::new(self.schema.clone()),
            folder: self.folder(),
            settings: self.settings.clone(),
            search_path: None,
        };
        TurnRequest {
            persona: Arc::new(persona),
            start,
            input,
            timeout: self.timeout,
            correlation: Vec::new(),
            tools: self.tools.clone(),
            writing: None,
        }
    }

    /// A turn of a new conversation, or of a fork.
    pub fn turn(&self, asked: &str, from: Option<&Checkpoint>) -> TurnOutput {
        let start = from.map_or(Start::New, |from| Start::Checkpoint(from.clone()));
        wait(
            self.agent
                .turn(self.request(json!({ "asked": asked }), start)),
        )
    }

    /// A turn that may change files.
    pub fn writing(&self, asked: &str, writing: Writing) -> TurnOutput {
        let mut request = self.request(json!({ "asked": asked }), Start::New);
        request.writing = Some(writing);
        // What is asked of a turn that writes is a task.
        request.input = json!({ "task": { "title": asked, "prompt": asked }, "checks": [] });
        wait(self.agent.turn(request))
    }

    /// Turns of forks, all at once.
    pub fn turns(&self, asked: &[&str], from: &Checkpoint) -> Vec<TurnOutput> {
        std::thread::scope(|scope| {
            let all: Vec<_> = asked
                .iter()
                .map(|asked| scope.spawn(move || self.turn(asked, Some(from))))
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        })
    }

    /// A turn that leaves a checkpoint.
    pub fn seal(
        &self,
        asked: &str,
        from: Option<&Checkpoint>,
        place: &Path,
    ) -> (TurnOutput, Option<Checkpoint>) {
        let start = from.map_or(Start::New, |from| Start::Checkpoint(from.clone()));
        let request = self.request(json!({ "asked": asked }), start);
        wait(self.agent.seal(request, place))
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

/// The sort of a failure.
pub fn fault(output: &TurnOutput) -> Option<Fault> {
    output.outcome.as_ref().err().map(|error| error.fault)
}

/// Those of these replies of a model whose failure is told by another sort; a speaker that cannot be had is left out.
pub fn wrongly_told<const N: usize>(
    table: [(Reply, Fault); N],
    speaker: impl Fn(&StandIn) -> Option<Speaker>,
) -> Vec<String> {
    let wrong = table.into_iter().filter_map(|(reply, expected)| {
        let scripted = reply.clone();
        let model = StandIn::start(move |_| scripted.clone());
        let output = speaker(&model)?.turn("moo?", None);
        (fault(&output) != Some(expected)).then(|| format!("{reply:?}: {}", told(&output)))
    });
    wrong.collect()
}

/// All about a turn that went otherwise, in bounds.
pub fn told(output: &TurnOutput) -> String {
    let begin = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        text.chars().take(1500).collect::<String>()
    };
    format!(
        "{:?}\n{:?}\n{}\n{}",
        output.outcome,
        output.usage,
        begin(&output.raw.stdout),
        begin(&output.raw.stderr)
    )
}

/// What was asked, from the input at the end of the user's last words.
pub fn asked(last_user: &str) -> String {
    let input = last_user.rsplit_once("Its input:").unwrap().1;
    let (from, to) = (input.find('{').unwrap(), input.rfind('}').unwrap());
    let input: Value = serde_json::from_str(&input[from..=to]).unwrap();
    input["asked"].as_str().unwrap().to_owned()
}

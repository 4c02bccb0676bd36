//! Checkpoints of a backend that follows a script, on a real disk and a real ledger.

mod archives;
mod opening;
mod pruning;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::open::Opened;
use super::{OpenRequest, Store};
use poag_agent::{
    Agent, AgentError, Capabilities, Checkpoint, Fault, Pending, Persona, Settings, Start,
    TurnOutput, TurnRequest, Usage,
};

/// A backend whose conversations are text files: what was said in them, line by line.
#[derive(Default)]
pub struct Forks {
    /// The inputs of all turns that were sealed, with the conversation each began with.
    pub sealed: Mutex<Vec<(Value, Option<String>)>>,
    /// What the next turns fail with, before they work again.
    pub failing: Mutex<Vec<Fault>>,
    /// What it answers.
    pub answer: Mutex<Option<Value>>,
}

impl Forks {
    pub fn calls(&self) -> usize {
        self.sealed.lock().unwrap().len()
    }

    fn take(&self, request: &TurnRequest) -> TurnOutput {
        let fault = self.failing.lock().unwrap().pop();
        let answer = self.answer.lock().unwrap().clone();
        TurnOutput {
            outcome: match fault {
                Some(fault) => Err(AgentError::usual(fault, "forks", "as written")),
                None => Ok(answer.unwrap_or_else(|| json!({"said": request.input}))),
            },
            usage: Usage {
                input_tokens: 100,
                cached_tokens: 90,
                output_tokens: 1,
                cost_usd: 0.5,
            },
            ..TurnOutput::free(Ok(Value::Null))
        }
    }
}

impl Agent for Forks {
    fn name(&self) -> &str {
        "forks"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            fork: true,
            portable: true,
            ..Capabilities::default()
        }
    }

    fn probe<'a>(&'a self, _: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        Box::pin(std::future::ready(Ok("1".into())))
    }

    fn frozen(&self, _: &Settings) -> Vec<String> {
        vec!["--quiet".into()]
    }

    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput> {
        Box::pin(async move { self.take(&request) })
    }

    fn seal<'a>(
        &'a self,
        request: TurnRequest,
        place: &'a Path,
    ) -> Pending<'a, (TurnOutput, Option<Checkpoint>)> {
        Box::pin(async move {
            // Whoever else wants the same gets to run meanwhile.
            tokio::time::sleep(Duration::from_millis(20)).await;
            let before = match &request.start {
                Start::New => None,
                Start::Checkpoint(from) => {
                    Some(std::fs::read_to_string(from.folder.join("deep/talk.txt")).unwrap())
                }
            };
            std::fs::create_dir(place.join("deep")).unwrap();
            let talk = format!("{}{}\n", before.clone().unwrap_or_default(), request.input);
            std::fs::write(place.join("deep/talk.txt"), talk).unwrap();
            let output = self.take(&request);
            self.sealed.lock().unwrap().push((request.input, before));
            let sealed = output.outcome.is_ok().then(|| Checkpoint {
                id: "talk".into(),
                folder: place.to_owned(),
            });
            (output, sealed)
        })
    }
}

/// A state folder, a backend, and an expert that wants a checkpoint.
pub struct Place {
    pub temp: TempDir,
    pub store: Arc<Store>,
    pub forks: Arc<Forks>,
}

impl Place {
    pub fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        Self {
            store: Arc::new(store(temp.path())),
            temp,
            forks: Arc::default(),
        }
    }

    pub fn folder(&self) -> std::path::PathBuf {
        self.temp.path().join("checkpoints")
    }

    pub async fn open(&self, pack: &str) -> Result<Opened, Box<TurnOutput>> {
        self.open_at(pack, "1").await
    }

    pub async fn open_at(&self, pack: &str, version: &str) -> Result<Opened, Box<TurnOutput>> {
        let persona = persona(pack);
        let request = OpenRequest {
            agent: self.forks.as_ref(),
            persona: &persona,
            version,
            identity: "identity of a",
            priming: json!({"prime": true}),
            telling: &|difference| json!({"tell": difference}),
            accept: |answer| match answer.is_object() {
                true => Ok(()),
                false => Err("no object".into()),
            },
            timeout: Duration::from_secs(60),
            correlation: Vec::new(),
            tools: None,
        };
        self.store.open(&request).await
    }
}

pub fn store(state: &Path) -> Store {
    Store::new(state.join("checkpoints"), state.join("ledger.sqlite"))
}

pub fn persona(pack: &str) -> Arc<Persona> {
    Arc::new(Persona {
        speaker: "a".into(),
        instructions: "be brief".into(),
        pack: pack.into(),
        schema: Arc::new(json!({"type": "object"})),
        folder: "/".into(),
        settings: Settings {
            model: Some("small".into()),
            command: None,
            server: None,
        },
        search_path: None,
    })
}

/// A pack of many lines, with one of them as it is given.
pub fn pack(line: &str) -> String {
    let lines = (0..200).map(|at| format!("fn number_{at}() -> u32 {{ {at} }}\n"));
    lines.collect::<String>() + line + "\n"
}

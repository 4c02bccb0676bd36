//! Runs on a real ledger, with agents that follow a script.

mod deaths;
mod failures;
mod flake_tree;
mod followed;
mod history;
mod rounds;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{BackendSelection, Participant, RunOutcome, RunRequest, TurnContext, ask};
use crate::run::error::CouncilError;
pub(super) use crate::testing::block;
use poag_agent::{
    Agent, AgentError, Capabilities, Pending, Raw, Settings, TurnOutput, TurnRequest, Usage,
};
use poag_core::council::limits::Limits;
use poag_core::expert::{Expert, Graph};
use poag_core::testing::{asks, edits, flake, graph, said};
use poag_ledger::SqliteLedger;

/// What an agent does for an expert's turn.
type Script = dyn Fn(&str, u64) -> Result<Value, AgentError> + Send + Sync;

/// An agent that follows a script and remembers which turns it took.
pub(super) struct Scripted {
    script: Box<Script>,
    pub taken: Mutex<Vec<(String, u64)>>,
    /// What it was given, every attempt.
    pub inputs: Mutex<Vec<Value>>,
    /// An expert whose turns take longer than the others'.
    pub slow: Mutex<String>,
    /// Turns under way now, and the most there ever were.
    pub busy: Mutex<(u32, u32)>,
}

impl Scripted {
    pub fn new(
        script: impl Fn(&str, u64) -> Result<Value, AgentError> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            script: Box::new(script),
            taken: Mutex::default(),
            inputs: Mutex::default(),
            slow: Mutex::default(),
            busy: Mutex::default(),
        })
    }

    pub fn taken(&self) -> Vec<(String, u64)> {
        self.taken.lock().unwrap().clone()
    }
}

impl Agent for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }
    fn probe<'a>(&'a self, _: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        Box::pin(async { Ok("1".into()) })
    }
    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput> {
        Box::pin(async move {
            {
                let mut busy = self.busy.lock().unwrap();
                busy.0 += 1;
                busy.1 = busy.1.max(busy.0);
            }
            let speaker = request.persona.speaker.clone();
            let slow = *self.slow.lock().unwrap() == speaker;
            for _ in 0..if slow { 50 } else { 1 } {
                tokio::task::yield_now().await;
            }
            self.busy.lock().unwrap().0 -= 1;
            self.inputs.lock().unwrap().push(request.input.clone());
            let turn = request.input["turn"].as_u64().unwrap();
            let output = match (self.script)(&speaker, turn) {
                Ok(output) => output,
                Err(error) => return error.into(),
            };
            self.taken.lock().unwrap().push((speaker, turn));
            TurnOutput {
                outcome: Ok(output),
                usage: Usage {
                    input_tokens: 10,
                    cost_usd: 0.1,
                    ..Usage::default()
                },
                raw: Raw::default(),
            }
        })
    }
}

/// Everybody is played by the same agent.
pub(super) struct Same(pub Arc<Scripted>);

impl BackendSelection for Same {
    fn backend(&self, _: &Expert) -> String {
        "scripted".into()
    }
    fn connect<'a>(
        &'a self,
        expert: &'a Expert,
        _: &'a TurnContext,
    ) -> Pending<'a, Result<Participant, Box<TurnOutput>>> {
        let agent: Arc<dyn Agent> = self.0.clone();
        Box::pin(async move { Ok(Participant::bare(agent, "1".into(), expert)) })
    }
}

/// Five flakes with one file each: app → (web, py) → lib, and tool for itself.
pub(super) struct Stage {
    pub folder: TempDir,
    pub graph: Graph,
    pub ledger: SqliteLedger,
}

pub(super) fn stage() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    stage_in(folder.path(), &folder.path().join("ledger.db")).into_stage(folder)
}

pub(super) struct Bare(pub Graph, pub SqliteLedger);

impl Bare {
    fn into_stage(self, folder: TempDir) -> Stage {
        Stage {
            folder,
            graph: self.0,
            ledger: self.1,
        }
    }
}

/// The same in a folder that is there, as a child process finds it.
pub(super) fn stage_in(folder: &Path, ledger: &Path) -> Bare {
    let flakes = vec![
        flake("app", &["py", "web"]),
        flake("web", &["lib"]),
        flake("py", &["lib"]),
        flake("lib", &[]),
        flake("tool", &[]),
    ];
    let at_home = flakes.into_iter().map(|mut flake| {
        let home = folder.join(flake["name"].as_str().unwrap());
        std::fs::create_dir_all(home.join("api")).unwrap();
        std::fs::write(home.join("api/greet"), "one\ntwo\n").unwrap();
        std::fs::write(home.join("main"), "main\n").unwrap();
        flake["knowledge"]["path"] = json!(home);
        flake
    });
    Bare(
        graph(at_home.collect()),
        SqliteLedger::open(ledger).unwrap(),
    )
}

/// The usual history: down to lib, whose contract changes, and back up.
pub(super) fn usual(expert: &str, turn: u64) -> Value {
    let result = match (expert, turn) {
        ("app", 1) => asks(&["py", "web"]),
        ("py" | "web", 1) => asks(&["lib"]),
        ("lib", _) => edits(&["api/greet"]),
        ("py" | "web", _) => edits(&["main"]),
        _ => said(),
    };
    serde_json::to_value(result).unwrap()
}

pub(super) fn question(limits: Limits) -> RunRequest<'static> {
    RunRequest {
        run: None,
        request: "Make it polite",
        flake: "/some/flake",
        limits,
    }
}

pub(super) fn hold(
    stage: &Stage,
    agent: &Arc<Scripted>,
    limits: Limits,
) -> Result<RunOutcome, CouncilError> {
    let backends = Arc::new(Same(agent.clone()));
    let question = question(limits);
    block(ask(
        &stage.graph,
        &question,
        backends,
        &stage.ledger,
        &mut (),
    ))
}

/// The plan without what differs from run to run.
pub(super) fn essence(outcome: &RunOutcome) -> Value {
    let mut plan = serde_json::to_value(&outcome.plan).unwrap();
    plan["council"]["id"] = json!("");
    plan
}

/// How often each turn was taken.
pub(super) fn times(agents: &[&Arc<Scripted>]) -> BTreeMap<(String, u64), u32> {
    let mut times = BTreeMap::new();
    for turn in agents.iter().flat_map(|agent| agent.taken()) {
        *times.entry(turn).or_default() += 1;
    }
    times
}

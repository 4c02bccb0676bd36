//! Debates on a real ledger, with participants that follow a script.

mod bad_input;
mod deaths;
mod pages;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use poag_agent::{
    Agent, AgentError, Capabilities, Fault, Pending, Raw, Settings, TurnOutput, TurnRequest, Usage,
};
use poag_core::council::identity;
use poag_core::debate::{Debate, DebateStart, TieRule};
use poag_core::expert::{Expert, Graph};
use poag_core::testing::{flake, graph};
use poag_ledger::{Ledger, SqliteLedger};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::drive::DebateParts;
use super::files::DebatePages;
use super::panel::{Panel, PanelWord, panel};
use super::{DebateError, DebateOutcome, go_on, hold, open};
use crate::run::{BackendSelection, Participant, TurnContext};
pub(super) use crate::testing::block;

/// What a participant does in a turn: its name, its input.
type Script = dyn Fn(&str, &Value) -> Result<Value, AgentError> + Send + Sync;

/// Plays every participant, and remembers the turns it took and what it was given.
pub(super) struct Cast {
    script: Box<Script>,
    pub taken: Mutex<Vec<(String, u64)>>,
    pub inputs: Mutex<Vec<(String, Value)>>,
    /// Participants that never answer.
    pub mute: Vec<&'static str>,
}

impl Cast {
    pub fn new(
        script: impl Fn(&str, &Value) -> Result<Value, AgentError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            script: Box::new(script),
            taken: Mutex::default(),
            inputs: Mutex::default(),
            mute: Vec::new(),
        }
    }

    /// Those that do all right: each holds to its own proposal, and ranks the labels in their order.
    pub fn usual() -> Arc<Self> {
        Arc::new(Self::new(|name, input| Ok(usual(name, input))))
    }

    pub fn taken(&self) -> Vec<(String, u64)> {
        self.taken.lock().unwrap().clone()
    }
}

impl Agent for Cast {
    fn name(&self) -> &str {
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
            let name = request.persona.speaker.clone();
            if self.mute.contains(&name.as_str()) {
                return std::future::pending().await;
            }
            tokio::task::yield_now().await;
            let input = request.input;
            self.inputs
                .lock()
                .unwrap()
                .push((name.clone(), input.clone()));
            let outcome = (self.script)(&name, &input);
            if outcome.is_ok() {
                let round = input["round"].as_u64().unwrap();
                self.taken.lock().unwrap().push((name, round));
            }
            TurnOutput {
                outcome,
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

/// Selects the cast for everybody.
pub(super) struct OneCast(pub Arc<Cast>);

impl BackendSelection for OneCast {
    fn backend(&self, _: &Expert) -> String {
        "scripted".into()
    }
    fn connect<'a>(
        &'a self,
        expert: &'a Expert,
        _: &'a TurnContext,
    ) -> Pending<'a, Result<Participant, Box<TurnOutput>>> {
        self.connect_debater(expert, expert)
    }
    fn connect_debater<'a>(
        &'a self,
        seat: &'a Expert,
        _: &'a Expert,
    ) -> Pending<'a, Result<Participant, Box<TurnOutput>>> {
        let agent: Arc<dyn Agent> = self.0.clone();
        Box::pin(async move { Ok(Participant::bare(agent, "1".into(), seat)) })
    }
}

pub(super) fn usual(name: &str, input: &Value) -> Value {
    match input["want"].as_str().unwrap() {
        "ranking" => {
            let labels = input["choices"].as_array().unwrap().iter();
            let ranking: Vec<Value> = labels.map(|choice| json!([choice["label"]])).collect();
            json!({"schemaVersion": 1, "ranking": ranking})
        }
        _ => json!({"schemaVersion": 1, "submission": {
            "position": format!("what {name} wants"),
            "arguments": [{"text": "it stands there", "citations": [{"kind": "file", "path": "main", "lines": [1, 1]}]}],
        }}),
    }
}

/// One flake, and a ledger beside it.
pub(super) struct Scene {
    pub folder: TempDir,
    pub graph: Graph,
    pub ledger: SqliteLedger,
}

impl Scene {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (graph, ledger) = at(folder.path());
        Self {
            folder,
            graph,
            ledger,
        }
    }

    pub fn start(&self, names: &[&str], rounds: u32) -> (DebateStart, Panel) {
        start(&self.graph, names, rounds)
    }

    pub fn parts<'a>(
        &'a self,
        ledger: &'a dyn Ledger,
        panel: &'a Panel,
        cast: &Arc<Cast>,
        observer: &'a mut (),
    ) -> DebateParts<'a> {
        DebateParts {
            ledger,
            graph: &self.graph,
            panel,
            backends: Arc::new(OneCast(cast.clone())),
            pages: None,
            observer,
        }
    }

    /// A whole debate.
    pub fn hold(&self, start: DebateStart, panel: &Panel, cast: &Arc<Cast>) -> DebateOutcome {
        let mut observer = ();
        let parts = self.parts(&self.ledger, panel, cast, &mut observer);
        block(hold(start, "/some/flake", parts)).unwrap()
    }

    pub fn resume(&self, run: &str, panel: &Panel, cast: &Arc<Cast>) -> DebateOutcome {
        let mut observer = ();
        let parts = self.parts(&self.ledger, panel, cast, &mut observer);
        let replica = open(&self.ledger, run).unwrap();
        block(go_on(replica, parts)).unwrap()
    }

    pub fn debate(&self, run: &str) -> Debate {
        open(&self.ledger, run).unwrap().state().0.clone()
    }
}

/// The flake and the ledger in a folder, as a child process finds them.
pub(super) fn at(folder: &std::path::Path) -> (Graph, SqliteLedger) {
    let home = folder.join("app");
    std::fs::create_dir_all(&home).unwrap();
    std::fs::write(home.join("main"), "main\n").unwrap();
    let mut app = flake("app", &[]);
    app["knowledge"]["path"] = json!(home);
    let ledger = SqliteLedger::open(&folder.join("ledger.sqlite")).unwrap();
    (graph(vec![app]), ledger)
}

pub(super) fn start(graph: &Graph, names: &[&str], rounds: u32) -> (DebateStart, Panel) {
    let run = uuid::Uuid::now_v7().to_string();
    let panel = panel(graph, &words(names), &["scripted"], &run).unwrap();
    let seats = panel.iter();
    let start = DebateStart {
        run,
        topic: "How should it greet?".into(),
        root: graph.root.clone(),
        graph: identity::of(graph),
        panel: seats
            .map(|(name, seat)| (name.clone(), seat.debater.clone()))
            .collect(),
        selection: Default::default(),
        rounds,
        deadline: 600,
        choices: None,
        retries: 1,
        max_tokens: None,
        max_cost_usd: None,
        tie: TieRule::Ask,
        out: None,
        live: false,
    };
    (start, panel)
}

pub(super) fn words(names: &[&str]) -> Vec<PanelWord> {
    let word = |name: &&str| PanelWord {
        name: (*name).to_owned(),
        backend: Some("scripted".into()),
        model: None,
    };
    names.iter().map(word).collect()
}

pub(super) fn fails(fault: Fault) -> AgentError {
    AgentError::usual(fault, "scripted", "it broke")
}

/// How often each turn was taken.
pub(super) fn times(casts: &[&Arc<Cast>]) -> BTreeMap<(String, u64), u32> {
    let mut times = BTreeMap::new();
    for turn in casts.iter().flat_map(|cast| cast.taken()) {
        *times.entry(turn).or_default() += 1;
    }
    times
}

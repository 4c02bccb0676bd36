//! Two flakes, a ledger, and an agent in this process that follows a script with its tools at hand.

use std::sync::{Arc, Mutex};

use poag::agent::{
    Agent, AgentError, Capabilities, Fault, Pending, Raw, Settings, ToolServer, TurnOutput,
    TurnRequest, Usage,
};
use poag::council::message::Passage;
use poag::council::{Event, Limits, TurnId};
use poag::engine::run::{
    BackendSelection, Participant, RunOutcome, RunRequest, TurnContext, ask, history,
};
use poag::expert::{Expert, Graph};
use poag::ledger::SqliteLedger;
use poag::librarian::Librarian;
use rmcp::model::CallToolRequestParams;
use rmcp::service::RunningService;
use rmcp::transport::TokioChildProcess;
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::{Value, json};

/// What an agent does in a turn: who, which attempt, its tools.
type Script =
    dyn Fn(String, usize, Tools) -> Pending<'static, Result<Value, AgentError>> + Send + Sync;

/// An agent that follows a script, with its tools at hand.
pub struct Scripted {
    script: Box<Script>,
    pub inputs: Mutex<Vec<Value>>,
    pub servers: Mutex<Vec<ToolServer>>,
}

impl Agent for Scripted {
    fn name(&self) -> &str {
        "scripted"
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            takes_tools: true,
            ..Capabilities::default()
        }
    }
    fn probe<'a>(&'a self, _: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        Box::pin(async { Ok("1".into()) })
    }
    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput> {
        Box::pin(async move {
            let server = request.tools.unwrap();
            self.servers.lock().unwrap().push(server.clone());
            let count = {
                let mut inputs = self.inputs.lock().unwrap();
                inputs.push(request.input.clone());
                inputs
                    .iter()
                    .filter(|input| input["expert"] == request.input["expert"])
                    .count()
            };
            let speaker = request.persona.speaker.clone();
            let outcome = (self.script)(speaker, count, Tools(server)).await;
            TurnOutput {
                outcome,
                usage: Usage::default(),
                raw: Raw::default(),
            }
        })
    }
}

pub struct Cast(Arc<Scripted>, Librarian);

impl BackendSelection for Cast {
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
    fn tools(&self, _: &TurnId) -> Option<ToolServer> {
        let poag = assert_cmd::cargo::cargo_bin!("poag");
        Some(poag::mcp::turn::server(poag.to_path_buf()))
    }
    fn lookup<'a>(
        &'a self,
        expert: &'a Expert,
        query: &'a str,
    ) -> Pending<'a, Result<Vec<Passage>, String>> {
        let found = self
            .1
            .lookup(expert, query)
            .map_err(|error| error.to_string());
        Box::pin(std::future::ready(found))
    }
}

/// The tools of a turn, as its agent starts them.
pub struct Tools(pub ToolServer);

impl Tools {
    pub async fn client(&self) -> RunningService<RoleClient, ()> {
        let mut process = tokio::process::Command::new(&self.0.program);
        process
            .args(&self.0.args)
            .env_clear()
            .envs(self.0.env.clone());
        ().serve(TokioChildProcess::new(process).unwrap())
            .await
            .unwrap()
    }

    /// Calls a tool: (whether it failed, what it said).
    pub async fn call(&self, tool: &'static str, arguments: Value) -> (bool, String) {
        let client = self.client().await;
        let arguments = arguments.as_object().unwrap().clone();
        let params = CallToolRequestParams::new(tool).with_arguments(arguments);
        let result = client.call_tool(params).await.unwrap();
        client.cancel().await.unwrap();
        let texts = result
            .content
            .iter()
            .filter_map(|content| content.as_text());
        let said = texts.map(|content| content.text.as_str()).collect();
        (result.is_error == Some(true), said)
    }

    pub async fn consult(&self, to: &str) -> (bool, String) {
        let ask = json!({"to": to, "text": "What is the greeting?", "contract": "api", "reason": "it is printed"});
        self.call("consult", ask).await
    }
}

pub struct Stage {
    pub folder: tempfile::TempDir,
    pub graph: Arc<Graph>,
    pub ledger: SqliteLedger,
}

/// app → base, with two files each.
pub fn stage() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let flake = |name: &str, neighbors: Value| {
        let home = folder.path().join(name);
        std::fs::create_dir_all(home.join("api")).unwrap();
        std::fs::write(
            home.join("api/greet"),
            format!("greeting of {name}\nBLUE\n"),
        )
        .unwrap();
        std::fs::write(home.join("main"), "the main program\n").unwrap();
        json!({
            "name": name, "role": format!("Owns {name}."), "prompt": null,
            "knowledge": {"path": home, "include": [], "exclude": [], "maxTokens": 1000},
            "provides": {"api": {"summary": format!("what {name} does"), "files": ["api"], "hash": "00"}},
            "neighbors": neighbors, "checks": [],
            "location": {"kind": "local", "dir": name},
            "identity": name, "declaration": {}, "freshness": {"status": "fresh"}
        })
    };
    let edge = json!({"base": {"needs": {"api": "to work"}, "contracts": ["api"]}});
    let graph = json!({"schema": poag::expert::SCHEMA, "root": "app", "experts": {
        "app": flake("app", edge), "base": flake("base", json!({})), "other": flake("other", json!({}))
    }});
    Stage {
        graph: Arc::new(Graph::from_json(graph.to_string().as_bytes()).unwrap()),
        ledger: SqliteLedger::open(&folder.path().join("ledger.db")).unwrap(),
        folder,
    }
}

pub fn said(instruction: &str) -> Value {
    json!({
        "schemaVersion": 1, "answer": null, "asks": [], "verdict": {"verdict": "accept"}, "notes": [],
        "edits": [{"path": "main", "action": "change", "instruction": instruction, "evidence": []}]
    })
}

pub fn none() -> AgentError {
    AgentError::new(
        Fault::Invalid,
        "scripted",
        "there is no JSON object",
        "answer with one",
    )
}

/// A cast that follows a script, and its agent.
pub fn play<F>(
    stage: &Stage,
    script: impl Fn(String, usize, Tools) -> F + Send + Sync + 'static,
) -> (Arc<Cast>, Arc<Scripted>)
where
    F: Future<Output = Result<Value, AgentError>> + Send + 'static,
{
    let agent = Arc::new(Scripted {
        script: Box::new(move |who, attempt, tools| Box::pin(script(who, attempt, tools))),
        inputs: Mutex::default(),
        servers: Mutex::default(),
    });
    let librarian = Librarian::new(Arc::clone(&stage.graph), stage.folder.path().join("cache"));
    (Arc::new(Cast(Arc::clone(&agent), librarian)), agent)
}

pub fn question(limits: Limits) -> RunRequest<'static> {
    RunRequest {
        run: None,
        request: "Make it polite",
        flake: "/some/flake",
        limits,
    }
}

pub fn block<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(future)
}

/// A whole council.
pub fn hold<F>(
    stage: &Stage,
    limits: Limits,
    script: impl Fn(String, usize, Tools) -> F + Send + Sync + 'static,
) -> (RunOutcome, Arc<Scripted>)
where
    F: Future<Output = Result<Value, AgentError>> + Send + 'static,
{
    let (backends, agent) = play(stage, script);
    let question = question(limits);
    let outcome = block(ask(
        &stage.graph,
        &question,
        backends,
        &stage.ledger,
        &mut (),
    ));
    (outcome.unwrap(), agent)
}

pub fn kinds(stage: &Stage, run: &str) -> Vec<String> {
    let history = history(&stage.ledger, run).unwrap();
    let kinds = history.events.iter().map(|event| match &event.event {
        Event::TurnStarted { turn, .. } | Event::TurnFinished { turn, .. } => {
            format!("{} {}", event.event.kind(), turn.expert)
        }
        event => event.kind().to_owned(),
    });
    kinds.filter(|kind| kind != "joined").collect()
}

//! Turns under way that talk: an agent in this process, the real `poag mcp --turn`, a real council.

use std::path::Path;
use std::sync::{Arc, Mutex};

use poag::agent::{
    Agent, AgentError, Capabilities, Fault, Pending, Raw, Settings, ToolServer, TurnOutput,
    TurnRequest, Usage,
};
use poag::council::message::Passage;
use poag::council::runner::{Casting, Errand, Member, Outcome, Question, ask, story};
use poag::council::{Event, Limits, TurnId};
use poag::expert::{Expert, Graph};
use poag::ledger::SqliteLedger;
use poag::librarian::Librarian;
use rmcp::model::CallToolRequestParams;
use rmcp::service::RunningService;
use rmcp::transport::TokioChildProcess;
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::{Value, json};
use tokio::sync::Notify;

/// What an agent does in a turn: who, which attempt, its tools.
type Script =
    dyn Fn(String, usize, Tools) -> Pending<'static, Result<Value, AgentError>> + Send + Sync;

/// An agent that follows a script, with its tools at hand.
struct Scripted {
    script: Box<Script>,
    inputs: Mutex<Vec<Value>>,
    servers: Mutex<Vec<ToolServer>>,
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

struct Cast(Arc<Scripted>, Librarian);

impl Casting for Cast {
    fn backend(&self, _: &Expert) -> String {
        "scripted".into()
    }
    fn member<'a>(
        &'a self,
        expert: &'a Expert,
        _: &'a Errand,
    ) -> Pending<'a, Result<Member, Box<TurnOutput>>> {
        let agent: Arc<dyn Agent> = self.0.clone();
        Box::pin(async move { Ok(Member::bare(agent, "1".into(), expert)) })
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
struct Tools(ToolServer);

impl Tools {
    async fn client(&self) -> RunningService<RoleClient, ()> {
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
    async fn call(&self, tool: &'static str, arguments: Value) -> (bool, String) {
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

    async fn consult(&self, to: &str) -> (bool, String) {
        let ask = json!({"to": to, "text": "What is the greeting?", "contract": "api", "reason": "it is printed"});
        self.call("consult", ask).await
    }
}

struct Stage {
    folder: tempfile::TempDir,
    graph: Arc<Graph>,
    ledger: SqliteLedger,
}

/// app → base, with two files each.
fn stage() -> Stage {
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

fn said(instruction: &str) -> Value {
    json!({
        "schemaVersion": 1, "answer": null, "asks": [], "verdict": {"verdict": "accept"}, "notes": [],
        "edits": [{"path": "main", "action": "change", "instruction": instruction, "evidence": []}]
    })
}

fn none() -> AgentError {
    AgentError::new(
        Fault::Invalid,
        "scripted",
        "there is no JSON object",
        "answer with one",
    )
}

fn hold<F>(
    stage: &Stage,
    limits: Limits,
    script: impl Fn(String, usize, Tools) -> F + Send + Sync + 'static,
) -> (Outcome, Arc<Scripted>)
where
    F: Future<Output = Result<Value, AgentError>> + Send + 'static,
{
    let agent = Arc::new(Scripted {
        script: Box::new(move |who, attempt, tools| Box::pin(script(who, attempt, tools))),
        inputs: Mutex::default(),
        servers: Mutex::default(),
    });
    let librarian = Librarian::new(Arc::clone(&stage.graph), stage.folder.path().join("cache"));
    let casting = Arc::new(Cast(Arc::clone(&agent), librarian));
    let question = Question {
        request: "Make it polite",
        flake: "/some/flake",
        limits,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let outcome = runtime.block_on(ask(
        &stage.graph,
        &question,
        casting,
        &stage.ledger,
        &mut (),
    ));
    (outcome.unwrap(), agent)
}

fn kinds(stage: &Stage, run: &str) -> Vec<String> {
    let story = story(&stage.ledger, run).unwrap();
    let kinds = story.moments.iter().map(|moment| match &moment.event {
        Event::TurnStarted { turn, .. } | Event::TurnFinished { turn, .. } => {
            format!("{} {}", moment.event.kind(), turn.expert)
        }
        event => event.kind().to_owned(),
    });
    kinds.filter(|kind| kind != "joined").collect()
}

#[test]
fn a_question_within_a_turn_is_answered_within_it_even_one_at_a_time() {
    let stage = stage();
    let limits = Limits {
        parallel: 1,
        ..Limits::default()
    };
    let (outcome, agent) = hold(&stage, limits, |who, _, tools| async move {
        if who == "base" {
            return Ok(said("say BLUE"));
        }
        let (failed, answer) = tools.consult("base").await;
        assert!(!failed, "{answer}");
        let message: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(message["body"]["kind"], "reply");
        let heard = &message["body"]["result"]["edits"][0]["instruction"];
        let (failed, told) = tools
            .call("leave", json!({"result": said(heard.as_str().unwrap())}))
            .await;
        assert!(!failed, "{told}");
        Err(none())
    });
    assert_eq!(outcome.plan.subflakes["app"]["./main"], "say BLUE");
    assert_eq!(outcome.taken, 2);
    assert_eq!(
        kinds(&stage, &outcome.run),
        [
            "runStarted",
            "turnStarted app",
            "asked",
            "turnStarted base",
            "turnFinished base",
            "heard",
            "turnFinished app",
            "runFinished"
        ]
    );
    let inputs = agent.inputs.lock().unwrap();
    assert_eq!(inputs.len(), 2);
    // Nothing but the way to the council is in the environment, and it is another way for each turn.
    let servers = agent.servers.lock().unwrap();
    for server in servers.iter() {
        let names: Vec<&str> = server.env.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["POAG_SOCKET", "POAG_TOKEN"]);
        let socket = Path::new(&server.env[0].1);
        assert!(!socket.exists(), "the socket goes with the council");
    }
    assert_ne!(servers[0].env[1], servers[1].env[1]);
}

#[test]
fn what_is_left_is_checked_at_once_and_the_last_that_is_right_counts() {
    let stage = stage();
    let (outcome, _) = hold(&stage, Limits::default(), |_, _, tools| async move {
        let mut wrong = said("x");
        wrong["edits"][0]["path"] = json!("../base/main");
        let (failed, told) = tools.call("leave", json!({"result": wrong})).await;
        assert!(
            failed && told.contains("../base/main") && told.contains("\nrepair: "),
            "{told}"
        );
        for instruction in ["first", "second"] {
            // As text too, which agents like to write.
            let result = json!({"result": said(instruction).to_string()});
            let (failed, told) = tools.call("leave", result).await;
            assert!(!failed, "{told}");
        }
        let (failed, _) = tools.call("leave", json!({"result": wrong})).await;
        assert!(failed);
        Ok(json!("done"))
    });
    assert_eq!(outcome.plan.subflakes["app"]["./main"], "second");
    // What it ends with counts before what it left.
    let (outcome, _) = hold(&stage, Limits::default(), |_, _, tools| async move {
        tools.call("leave", json!({"result": said("left")})).await;
        Ok(said("said"))
    });
    assert_eq!(outcome.plan.subflakes["app"]["./main"], "said");
}

#[test]
fn contracts_are_read_and_the_own_flake_is_searched_within_bounds() {
    let stage = stage();
    let big = "word ".repeat(40_000);
    std::fs::write(stage.folder.path().join("base/api/long"), &big).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", stage.folder.path().join("base/api/link")).unwrap();
    hold(&stage, Limits::default(), |_, _, tools| async move {
        let contract =
            |neighbor: &str, contract: &str| json!({"neighbor": neighbor, "contract": contract});
        let (failed, told) = tools.call("contract", contract("base", "api")).await;
        assert!(!failed, "{told}");
        assert!(
            told.contains("what base does") && told.contains("greeting of base\nBLUE"),
            "{told}"
        );
        assert!(
            told.contains("api/long: 200000 bytes, left out"),
            "{:.300}",
            told
        );
        assert!(!told.contains("root:"), "{:.300}", told);
        for (arguments, wanted) in [
            (
                contract("bsae", "api"),
                "did you mean 'base'?\nrepair: name one of: base",
            ),
            (contract("other", "api"), "'other' is no neighbour"),
            (contract("base", "ap"), "did you mean 'api'?"),
        ] {
            let (failed, told) = tools.call("contract", arguments).await;
            assert!(failed && told.contains(wanted), "{told}");
        }
        let (failed, told) = tools
            .call("lookup", json!({"query": "where is the greeting"}))
            .await;
        assert!(
            !failed && told.contains("greeting of app") && !told.contains("of base"),
            "{told}"
        );
        Ok(said("x"))
    });
}

#[test]
fn a_question_that_may_not_be_asked_is_refused_with_its_reason() {
    let stage = stage();
    let (outcome, _) = hold(&stage, Limits::default(), |_, _, tools| async move {
        let (failed, told) = tools.consult("other").await;
        assert!(
            failed && told.contains("not a neighbour") && told.contains("\nrepair: "),
            "{told}"
        );
        let long = json!({"to": "base", "text": "x".repeat(40_000), "reason": "y"});
        let (failed, told) = tools.call("consult", long).await;
        assert!(failed && told.contains("40000 bytes"), "{told}");
        Ok(said("x"))
    });
    assert_eq!(outcome.taken, 1);
}

#[test]
fn a_turn_that_fails_loses_no_answer_and_asks_nothing_twice() {
    let stage = stage();
    let (outcome, agent) = hold(
        &stage,
        Limits::default(),
        |who, attempt, tools| async move {
            if who == "base" {
                return Ok(said("say BLUE"));
            }
            let (failed, answer) = tools.consult("base").await;
            assert!(!failed && answer.contains("BLUE"), "{answer}");
            match attempt {
                1 => Err(AgentError::new(
                    Fault::Failed,
                    "scripted",
                    "it fell over",
                    "try again",
                )),
                _ => Ok(said("heard")),
            }
        },
    );
    assert_eq!(outcome.plan.subflakes["app"]["./main"], "heard");
    let inputs = agent.inputs.lock().unwrap();
    let who: Vec<&str> = inputs
        .iter()
        .map(|input| input["expert"].as_str().unwrap())
        .collect();
    assert_eq!(who, ["app", "base", "app"]);
    // The second attempt is given what the first one heard.
    assert_eq!(inputs[2]["unread"][1]["body"]["kind"], "reply");
    let kinds = kinds(&stage, &outcome.run);
    assert_eq!(
        kinds.iter().filter(|kind| *kind == "asked").count(),
        1,
        "{kinds:?}"
    );
}

#[test]
fn an_asker_that_hangs_up_finds_the_answer_in_its_next_turn() {
    let stage = stage();
    let (asked, gone) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (outcome, agent) = hold(&stage, Limits::default(), move |who, count, tools| {
        let (asked, gone) = (Arc::clone(&asked), Arc::clone(&gone));
        async move {
            if who == "base" {
                asked.notify_one();
                gone.notified().await;
            } else if count == 1 {
                tokio::select! {
                    answer = tools.consult("base") => panic!("{answer:?}"),
                    () = asked.notified() => gone.notify_one(),
                }
            }
            Ok(said("done"))
        }
    });
    assert_eq!(outcome.taken, 3);
    let inputs = agent.inputs.lock().unwrap();
    assert_eq!(inputs[2]["expert"], "app");
    assert_eq!(inputs[2]["unread"][0]["body"]["kind"], "reply");
    let kinds = kinds(&stage, &outcome.run);
    assert!(!kinds.contains(&"heard".to_owned()), "{kinds:?}");
}

#[test]
fn without_a_council_or_after_the_turn_the_tools_say_so() {
    let stage = stage();
    let (_, agent) = hold(&stage, Limits::default(), |_, _, tools| async move {
        let mut strange = Tools(tools.0.clone());
        strange.0.env[1].1 = "guessed".into();
        let (failed, told) = strange.consult("base").await;
        assert!(failed && told.contains("not under way"), "{told}");
        Ok(said("x"))
    });
    let server = agent.servers.lock().unwrap()[0].clone();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut tools = Tools(server);
        let (failed, told) = tools.consult("base").await;
        assert!(failed && told.contains("\nrepair: "), "{told}");
        let offered = tools.client().await.list_all_tools().await.unwrap();
        tools.0.env.clear();
        let (failed, told) = tools.consult("base").await;
        assert!(failed && told.contains("no council listens"), "{told}");
        // The same tools, word by word, whatever the turn.
        assert_eq!(
            offered,
            tools.client().await.list_all_tools().await.unwrap()
        );
    });
}

//! What the council itself costs: turns that do nothing through the real runner and the real ledger in a
//! file, and the wall clock of an uneven graph over its critical path. Prints one JSON object.

#![expect(clippy::unwrap_used, reason = "a benchmark says best where it fails")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use poag::agent::{Agent, AgentError, Capabilities, Pending, Settings, TurnOutput, TurnRequest};
use poag::council::Limits;
use poag::engine::run::{BackendSelection, Participant, RunRequest, TurnContext, ask};
use poag::expert::{Expert, Graph};
use poag::ledger::SqliteLedger;
use serde_json::{Value, json};

const REPETITIONS: usize = 10;
/// Layers and width of the uneven graph.
const LAYERS: usize = 6;
const WIDTH: usize = 8;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(&folder.path().join("ledger.sqlite")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let chain = |experts: usize| {
        let names: Vec<String> = (0..experts).map(|at| format!("expert{at}")).collect();
        let providers = |at: usize| names.get(at + 1).cloned().into_iter().collect();
        let nodes = (0..experts).map(|at| (names[at].clone(), providers(at)));
        graph(nodes.collect())
    };
    let mut times = BTreeMap::from([("long", Vec::new()), ("short", Vec::new())]);
    let mut uneven = Vec::new();
    let (long, short) = (chain(500), chain(10));
    let layered = layers();
    for repetition in 0..REPETITIONS {
        for (name, graph, councils) in [("long", &long, 1), ("short", &short, 50)] {
            let agent = Arc::new(NoOp::default());
            let began = Instant::now();
            let mut turns = 0;
            for _ in 0..councils {
                turns += runtime.block_on(hold(graph, agent.clone(), &ledger));
            }
            let micros = began.elapsed().as_secs_f64() * 1e6;
            times.get_mut(name).unwrap().push(micros / turns as f64);
        }
        let agent = Arc::new(NoOp::uneven(&layered, repetition as u64));
        let began = Instant::now();
        runtime.block_on(hold(&layered, agent.clone(), &ledger));
        let wall = began.elapsed();
        uneven.push(wall.as_secs_f64() / agent.critical(&layered).as_secs_f64());
    }
    println!(
        "{}",
        json!({"long": times["long"], "short": times["short"], "uneven": uneven})
    );
}

/// Holds a council to its end; gives the number of turns.
async fn hold(graph: &Graph, agent: Arc<NoOp>, ledger: &SqliteLedger) -> usize {
    let question = RunRequest {
        run: None,
        request: "Do nothing",
        flake: "/bench",
        limits: Limits {
            turns_per_expert: 64,
            depth: 1000,
            messages: 10_000,
            parallel: 64,
            ..Limits::default()
        },
    };
    let backends = Arc::new(Same(agent));
    let outcome = ask(graph, &question, backends, ledger, &mut ()).await;
    let outcome = outcome.unwrap();
    assert!(outcome.plan.council.limits.is_empty() && outcome.plan.council.failures.is_empty());
    outcome.taken
}

/// Experts and their providers; the first is the root.
fn graph(nodes: Vec<(String, Vec<String>)>) -> Graph {
    let root = nodes[0].0.clone();
    let experts: serde_json::Map<String, Value> = nodes
        .into_iter()
        .map(|(name, providers)| {
            let edge = |provider: String| {
                let edge = json!({"needs": {"api": "to work"}, "contracts": ["api"]});
                (provider, edge)
            };
            let neighbors: serde_json::Map<String, Value> =
                providers.into_iter().map(edge).collect();
            let expert = json!({
                "name": name, "role": format!("Owns {name}."), "prompt": null,
                "knowledge": {"path": format!("/nowhere/{name}"), "include": [], "exclude": [], "maxTokens": 1000},
                "provides": {"api": {"summary": "what it does", "files": ["api"], "hash": "00"}},
                "neighbors": neighbors, "checks": ["nix flake check"],
                "location": {"kind": "local", "dir": format!("flakes/{name}")},
                "identity": format!("identity of {name}"), "declaration": {},
                "freshness": {"status": "fresh"}
            });
            (name, expert)
        })
        .collect();
    let graph = json!({"schema": poag::expert::SCHEMA, "root": root, "experts": experts});
    Graph::from_json(graph.to_string().as_bytes()).unwrap()
}

/// A root over layers in which each expert takes from two of the next.
fn layers() -> Graph {
    let name = |layer: usize, at: usize| format!("node{layer}x{}", at % WIDTH);
    let mut nodes = vec![(
        "root".to_owned(),
        (0..WIDTH).map(|at| name(0, at)).collect(),
    )];
    for layer in 0..LAYERS {
        for at in 0..WIDTH {
            let providers = match layer + 1 < LAYERS {
                true => vec![name(layer + 1, at), name(layer + 1, at + 1)],
                false => Vec::new(),
            };
            nodes.push((name(layer, at), providers));
        }
    }
    graph(nodes)
}

/// Asks every neighbour, and works, if it has any work, when all answers are there.
#[derive(Default)]
struct NoOp {
    work: BTreeMap<String, Duration>,
    /// Expert → answers it has had, and how long its work took in truth.
    seen: Mutex<BTreeMap<String, (usize, Duration)>>,
}

impl NoOp {
    /// Between 10 and 100 ms of work for each, by chance.
    fn uneven(graph: &Graph, seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let names = graph.experts.keys().filter(|name| *name != "root");
        let work = names.map(|name| (name.clone(), Duration::from_millis(random.u64(10..=100))));
        Self {
            work: work.collect(),
            ..Self::default()
        }
    }

    /// The longest way through the graph, with the times that work took in truth.
    fn critical(&self, graph: &Graph) -> Duration {
        let seen = self.seen.lock().unwrap();
        let mut ends: BTreeMap<&str, Duration> = BTreeMap::new();
        for expert in graph.providers_first() {
            let providers = expert.neighbors.keys();
            let ready = providers.filter_map(|name| ends.get(name.as_str())).max();
            let own = seen.get(&expert.name).map_or(Duration::ZERO, |seen| seen.1);
            ends.insert(&expert.name, ready.copied().unwrap_or_default() + own);
        }
        ends.values().copied().max().unwrap_or_default()
    }
}

impl Agent for NoOp {
    fn name(&self) -> &str {
        "no-op"
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }
    fn probe<'a>(&'a self, _: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        Box::pin(async { Ok("1".into()) })
    }
    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput> {
        Box::pin(async move {
            let input = &request.input;
            let neighbors = input["neighbors"].as_object().unwrap();
            let mut turn = json!({
                "schemaVersion": 1, "edits": [], "answer": null, "asks": [],
                "verdict": {"verdict": "accept"}, "notes": []
            });
            if input["turn"] == 1 && !neighbors.is_empty() {
                let ask = |to: &String| json!({"to": to, "text": "do nothing", "contract": "api", "reason": "it is there"});
                turn["asks"] = neighbors.keys().map(ask).collect();
            }
            if let Some(work) = self.work.get(&request.persona.speaker) {
                let unread = input["unread"].as_array().unwrap().iter();
                let replies = unread.filter(|message| message["body"]["kind"] == "reply");
                let ready = {
                    let mut seen = self.seen.lock().unwrap();
                    let seen = seen.entry(request.persona.speaker.clone()).or_default();
                    seen.0 += replies.count();
                    seen.0 == neighbors.len() && seen.1.is_zero()
                };
                if ready {
                    let began = Instant::now();
                    tokio::time::sleep(*work).await;
                    let mut seen = self.seen.lock().unwrap();
                    seen.get_mut(&request.persona.speaker).unwrap().1 = began.elapsed();
                }
            }
            TurnOutput::free(Ok(turn))
        })
    }
}

/// Everybody is played by the same agent.
struct Same(Arc<NoOp>);

impl BackendSelection for Same {
    fn backend(&self, _: &Expert) -> String {
        "no-op".into()
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

//! Graphs and turns for the tests of councils.

#![expect(clippy::unwrap_used, reason = "for tests alone")]

use serde_json::{Value, json};

use crate::agent::Usage;
use crate::council::event::{AgentSelection, Event, Started, TurnId};
use crate::council::identity;
use crate::council::limits::Limits;
use crate::council::machine::{Council, NextStep};
use crate::council::message::{Action, Ask, Edit, TURN_VERSION, TurnResult, Verdict};
use crate::expert::Graph;

/// A flake in a folder of its own name, with `providers` and one contract `api` over `api/`.
pub fn flake(name: &str, providers: &[&str]) -> Value {
    let edges: serde_json::Map<String, Value> = providers
        .iter()
        .map(|provider| {
            let edge = json!({"needs": {"api": "to work"}, "contracts": ["api"]});
            ((*provider).to_owned(), edge)
        })
        .collect();
    json!({
        "name": name, "role": format!("Owns {name}."), "prompt": null,
        "knowledge": {"path": format!("/nowhere/{name}"), "include": [], "exclude": [], "maxTokens": 1000},
        "provides": {"api": {"summary": format!("what {name} does"), "files": ["api"], "hash": "00"}},
        "neighbors": edges, "checks": ["nix flake check"],
        "location": {"kind": "local", "dir": format!("flakes/{name}")},
        "identity": format!("identity of {name}"), "declaration": {},
        "freshness": {"status": "fresh"}
    })
}

/// The same as a locked input from elsewhere.
pub fn locked(mut flake: Value) -> Value {
    flake["location"] = json!({
        "kind": "locked", "dir": "", "source": "/nix/store/x-source",
        "ref": {"type": "github", "owner": "o", "repo": "r", "rev": "abc"}
    });
    flake
}

/// A graph of flakes; the first is the root.
pub fn graph(flakes: Vec<Value>) -> Graph {
    let root = flakes[0]["name"].clone();
    let experts: serde_json::Map<String, Value> = flakes
        .into_iter()
        .map(|flake| (flake["name"].as_str().unwrap().to_owned(), flake))
        .collect();
    let graph = json!({"schema": crate::expert::SCHEMA, "root": root, "experts": experts});
    Graph::from_json(graph.to_string().as_bytes()).unwrap()
}

pub fn started(graph: &Graph, limits: Limits) -> Started {
    let names = graph.experts.keys();
    Started {
        run: "a-run".into(),
        request: "Make it polite".into(),
        root: graph.root.clone(),
        graph: identity::of(graph),
        limits,
        selection: AgentSelection {
            backends: names
                .map(|name| (name.clone(), "scripted".into()))
                .collect(),
            ..AgentSelection::default()
        },
        stale: Default::default(),
    }
}

pub fn council(graph: &Graph) -> Council<'_> {
    Council::new(graph, started(graph, Limits::default()))
}

/// A turn that says nothing and accepts.
pub fn said() -> TurnResult {
    TurnResult {
        schema_version: TURN_VERSION,
        edits: Vec::new(),
        answer: None,
        asks: Vec::new(),
        verdict: Verdict::Accept,
        notes: Vec::new(),
        steps: Vec::new(),
        decisions: Vec::new(),
    }
}

/// A turn that changes these files.
pub fn edits(paths: &[&str]) -> TurnResult {
    let edit = |path: &&str| Edit {
        path: (*path).to_owned(),
        action: Action::Change,
        instruction: format!("work on {path}"),
        likelihood: None,
        evidence: Vec::new(),
    };
    TurnResult {
        edits: paths.iter().map(edit).collect(),
        ..said()
    }
}

/// A turn that asks these neighbours.
pub fn asks(whom: &[&str]) -> TurnResult {
    let ask = |to: &&str| Ask {
        to: (*to).to_owned(),
        text: format!("what will {to} do?"),
        contract: Some("api".into()),
        reason: "it provides what is asked for".into(),
    };
    TurnResult {
        asks: whom.iter().map(ask).collect(),
        ..said()
    }
}

/// A turn that objects.
pub fn objects(to: &str, reason: &str) -> TurnResult {
    TurnResult {
        verdict: Verdict::Object {
            reason: reason.into(),
            to: to.into(),
        },
        ..said()
    }
}

/// The names of the experts whose turn is due.
pub fn due(council: &Council<'_>) -> Vec<String> {
    let starts = council
        .actions()
        .into_iter()
        .filter_map(|action| match action {
            NextStep::StartTurn { turn, .. } => Some(turn.expert),
            NextStep::Finish => None,
        });
    starts.collect()
}

/// Starts the turn that is due for an expert; gives its identity and the messages it reads.
pub fn start(council: &mut Council<'_>, expert: &str) -> (TurnId, Vec<u64>) {
    let found = council
        .actions()
        .into_iter()
        .find_map(|action| match action {
            NextStep::StartTurn { turn, messages } if turn.expert == expert => {
                Some((turn, messages))
            }
            _ => None,
        });
    let (turn, messages) = found.unwrap_or_else(|| panic!("no turn of {expert} is due"));
    let event = Event::TurnStarted {
        turn: turn.clone(),
        messages: messages.clone(),
    };
    council.apply(&event).unwrap();
    (turn, messages)
}

pub fn finished(turn: &TurnId, result: TurnResult) -> Event {
    Event::TurnFinished {
        turn: turn.clone(),
        backend: "scripted".into(),
        result: Box::new(result),
        usage: Usage {
            input_tokens: 100,
            cached_tokens: 10,
            output_tokens: 20,
            cost_usd: 0.001,
        },
    }
}

/// Takes the turn that is due for an expert.
pub fn take(council: &mut Council<'_>, expert: &str, result: TurnResult) {
    let (turn, _) = start(council, expert);
    council.apply(&finished(&turn, result)).unwrap();
}

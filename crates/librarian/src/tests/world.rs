//! Experts over folders written for one test, and turns of theirs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Librarian;
use poag_core::agent::{Agent, AgentError, Persona, Settings, Start, TurnRequest};
use poag_core::council::message::{Body, Message, NeighborView, TurnInput, TurnResult};
use poag_core::expert::Graph;

/// A graph under construction, its folders and its cache.
pub struct World {
    folder: TempDir,
    experts: BTreeMap<String, Value>,
}

impl World {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            experts: BTreeMap::new(),
        }
    }

    pub fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    pub fn knowledge(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}-knowledge"))
    }

    /// Adds an expert with its files.
    pub fn expert(mut self, name: &str, role: &str, files: &[(&str, &str)]) -> Self {
        let root = self.knowledge(name);
        std::fs::create_dir_all(&root).unwrap();
        for (path, text) in files {
            write(&root.join(path), text.as_bytes());
        }
        let expert = json!({
            "name": name, "role": role, "prompt": null, "provides": {}, "neighbors": {},
            "knowledge": {"path": root, "include": [], "exclude": [], "maxTokens": 1000},
            "location": {"kind": "local", "dir": name}, "identity": name, "declaration": {},
            "freshness": {"status": "fresh"}
        });
        self.experts.insert(name.into(), expert);
        self
    }

    pub fn provides(mut self, name: &str, contract: &str, summary: &str, files: &[&str]) -> Self {
        let promise = json!({"summary": summary, "files": files, "hash": "0"});
        self.experts.get_mut(name).unwrap()["provides"][contract] = promise;
        self
    }

    pub fn needs(mut self, consumer: &str, provider: &str, contract: &str, need: &str) -> Self {
        let edge = &mut self.experts.get_mut(consumer).unwrap()["neighbors"][provider];
        if edge.is_null() {
            *edge = json!({"needs": {}, "contracts": []});
        }
        edge["needs"][contract] = json!(need);
        edge["contracts"]
            .as_array_mut()
            .unwrap()
            .push(json!(contract));
        self
    }

    pub fn graph(&self) -> Arc<Graph> {
        let root = self.experts.keys().next().unwrap();
        let value = json!({"schema": "poag.graph/1", "root": root, "experts": self.experts});
        Arc::new(Graph::from_json(value.to_string().as_bytes()).unwrap())
    }

    pub fn librarian(&self) -> Librarian {
        Librarian::new(self.graph(), self.cache())
    }

    /// The first turn of an expert that the person asked.
    pub fn input(&self, expert: &str, request: &str) -> TurnInput {
        let graph = self.graph();
        let speaker = graph.expert(expert).unwrap();
        let view = |name: &String| {
            let provider = graph.expert(name).unwrap();
            let provides = provider
                .provides
                .iter()
                .map(|(n, c)| (n.clone(), c.summary.clone()))
                .collect();
            let needs = speaker.neighbors[name].needs.clone();
            (
                name.clone(),
                NeighborView {
                    role: provider.role.clone(),
                    provides,
                    needs,
                },
            )
        };
        let body = Body::Ask {
            text: request.into(),
            contract: None,
        };
        TurnInput {
            schema_version: 1,
            expert: expert.into(),
            turn: 1,
            request: request.into(),
            unread: vec![Message {
                id: 1,
                from: None,
                to: expert.into(),
                body,
            }],
            previous: None,
            asked: Vec::new(),
            neighbors: speaker.neighbors.keys().map(view).collect(),
            consumers: BTreeMap::new(),
            retry: None,
            worth_asking: Vec::new(),
            passages: Vec::new(),
            in_pack: Vec::new(),
            earlier_plans: Vec::new(),
        }
    }

    pub fn ask(&self, expert: &str, request: &str) -> TurnResult {
        self.turn(&self.input(expert, request))
    }

    pub fn turn(&self, input: &TurnInput) -> TurnResult {
        let output = take(
            &self.librarian(),
            &input.expert,
            serde_json::to_value(input).unwrap(),
        )
        .unwrap();
        let result: TurnResult = serde_json::from_value(output).unwrap();
        self.check(&input.expert, &result);
        result
    }

    /// Every path exists and every line is inside its file.
    pub fn check(&self, expert: &str, result: &TurnResult) {
        let lines = |path: &str| {
            let bytes = std::fs::read(self.knowledge(expert).join(path)).unwrap();
            u32::try_from(String::from_utf8_lossy(&bytes).lines().count()).unwrap()
        };
        let inside = |path: &str, range: (u32, u32)| {
            let all = lines(path);
            assert!(
                1 <= range.0 && range.0 <= range.1 && range.1 <= all,
                "{path}: {range:?} of {all}"
            );
        };
        for edit in &result.edits {
            assert!(
                self.knowledge(expert).join(&edit.path).is_file(),
                "{}",
                edit.path
            );
            assert!(!edit.instruction.is_empty());
            edit.evidence
                .iter()
                .filter_map(|one| one.lines)
                .for_each(|range| inside(&edit.path, range));
        }
        for citation in result.answer.iter().flat_map(|answer| &answer.citations) {
            inside(&citation.path, citation.lines);
        }
    }

    /// The lines a citation names.
    pub fn cited(&self, expert: &str, result: &TurnResult) -> Vec<(String, String)> {
        let citations = result.answer.iter().flat_map(|answer| &answer.citations);
        citations
            .map(|citation| {
                let text =
                    std::fs::read_to_string(self.knowledge(expert).join(&citation.path)).unwrap();
                let (first, last) = citation.lines;
                let lines: Vec<&str> = text
                    .lines()
                    .skip(first as usize - 1)
                    .take((last - first) as usize + 1)
                    .collect();
                (citation.path.clone(), lines.join("\n"))
            })
            .collect()
    }
}

pub fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// One turn through the trait, as the council takes it.
pub fn take(librarian: &Librarian, speaker: &str, input: Value) -> Result<Value, AgentError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let persona = Persona {
        speaker: speaker.into(),
        instructions: "".into(),
        pack: "".into(),
        schema: std::sync::Arc::default(),
        folder: PathBuf::from("/"),
        settings: Settings::default(),
        search_path: None,
    };
    let request = TurnRequest {
        persona: std::sync::Arc::new(persona),
        input,
        start: Start::New,
        timeout: Duration::from_secs(120),
        correlation: Vec::new(),
        tools: None,
        writing: None,
    };
    runtime.block_on(librarian.turn(request)).outcome
}

/// The paths of a result's edits, those that change.
pub fn changed(result: &TurnResult) -> Vec<&str> {
    use poag_core::council::message::Action;
    let edits = result
        .edits
        .iter()
        .filter(|edit| edit.action == Action::Change);
    edits.map(|edit| edit.path.as_str()).collect()
}

/// The instruction for a path.
pub fn instruction<'r>(result: &'r TurnResult, path: &str) -> &'r str {
    let edit = result.edits.iter().find(|edit| edit.path == path);
    edit.map_or("", |edit| edit.instruction.as_str())
}

/// The answer's Markdown.
pub fn markdown(result: &TurnResult) -> &str {
    result
        .answer
        .as_ref()
        .map_or("", |answer| answer.markdown.as_str())
}

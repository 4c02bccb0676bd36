//! What is accepted from an agent, and every way to be refused.

mod bounds;
mod paths;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Tree, TreeEntry, accept, json_bytes};
use crate::council::message::TurnResult;
use crate::expert::Graph;
use crate::testing::{flake, graph};

/// Files with their number of lines; folders follow from them.
struct Files(BTreeMap<&'static str, u32>);

impl Tree for Files {
    fn entry(&self, path: &str) -> TreeEntry {
        match path {
            "link" => return TreeEntry::Other,
            "Cargo.lock" => return TreeEntry::Tracked,
            "untracked" => return TreeEntry::Unseen,
            "foreign" | "foreign/new" => return TreeEntry::Foreign,
            _ => {}
        }
        if path.starts_with("link/")
            || self
                .0
                .keys()
                .any(|file| path.starts_with(&format!("{file}/")))
        {
            return TreeEntry::Beyond;
        }
        if self.0.contains_key(path) {
            return TreeEntry::File;
        }
        match self
            .0
            .keys()
            .any(|file| file.starts_with(&format!("{path}/")))
        {
            true => TreeEntry::Folder,
            false => TreeEntry::Nothing,
        }
    }
    fn lines(&self, path: &str) -> Option<u32> {
        match path {
            "Cargo.lock" => Some(9),
            _ => self.0.get(path).copied(),
        }
    }
}

/// A root flake at the top of the repository, with another flake in `inner`.
fn repository() -> Graph {
    let mut root = flake("root", &["inner"]);
    root["location"] = json!({"kind": "local", "dir": ""});
    let mut inner = flake("inner", &[]);
    inner["location"] = json!({"kind": "local", "dir": "inner"});
    graph(vec![root, inner])
}

/// Accepts an output of the root, or says why not.
fn judge(output: &Value) -> Result<TurnResult, String> {
    let graph = repository();
    let tree = Files(BTreeMap::from([
        ("flake.nix", 30),
        ("src/lib.rs", 10),
        ("README.md", 3),
    ]));
    let expert = graph.expert("root").unwrap();
    accept(output, json_bytes(output), expert, &graph, &tree).map_err(|error| {
        let text = error.to_string();
        assert!(text.contains("\nrepair: "), "{text}");
        text
    })
}

/// A turn with one edit.
fn edit(path: &str, action: &str) -> Value {
    turn(json!([{"path": path, "action": action, "instruction": "do it"}]))
}

fn turn(edits: Value) -> Value {
    json!({"schemaVersion": 1, "edits": edits, "answer": null, "asks": [], "verdict": {"verdict": "accept"}})
}

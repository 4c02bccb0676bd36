//! The nodes of a flake.lock and where their inputs lead.
//!
//! Format: "Lock files" of the Nix manual (`nix flake --help`), version 7.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::FlakeLockError;

/// Names of inputs, from the root on.
pub type Path = Vec<String>;

/// How many `follows` may lead to one another.
const MOST_HOPS: usize = 256;

/// One instance of an input.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct LockNode {
    /// Whether it is used as a flake; as a rule left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flake: Option<bool>,
    /// Input → what it is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, Edge>,
    /// The exact source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked: Option<Value>,
    /// What flake.nix asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<Value>,
    /// The instance that a relative path counts from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Path>,
    /// What a later Nix may say about it.
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

/// What an input is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Edge {
    /// A node of its own.
    Node(String),
    /// What another input is, from the root on.
    Follows(Path),
}

/// A whole flake.lock.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Lock {
    /// Name → node.
    pub nodes: BTreeMap<String, LockNode>,
    /// Name of the node that stands for the flake itself.
    pub root: String,
    /// Version of the format.
    pub version: u64,
    /// Path of a `follows` → the node that it leads to in the end.
    #[serde(skip)]
    followed: HashMap<Path, Option<String>>,
}

impl Lock {
    /// Reads a flake.lock.
    ///
    /// # Errors
    /// When it is not one of version 7, or an input leads nowhere.
    pub fn parse(text: &[u8]) -> Result<Self, FlakeLockError> {
        let mut lock: Self = serde_json::from_slice(text)?;
        if lock.version != 7 {
            return Err(FlakeLockError::Version(lock.version));
        }
        if !lock.nodes.contains_key(&lock.root) {
            return Err(FlakeLockError::Broken(format!("no node '{}'", lock.root)));
        }
        let mut known = HashMap::new();
        for edge in lock.nodes.values().flat_map(|node| node.inputs.values()) {
            if let Edge::Follows(path) = edge {
                lock.follow(path, 0, &mut known);
            }
        }
        lock.followed = known;
        for (name, node) in &lock.nodes {
            for (input, edge) in &node.inputs {
                if lock.target(edge).is_none() {
                    let what = format!("input '{input}' of '{name}' leads nowhere");
                    return Err(FlakeLockError::Broken(what));
                }
            }
        }
        Ok(lock)
    }

    /// The name of the node that an edge leads to in the end.
    #[must_use]
    pub fn target<'a>(&'a self, edge: &'a Edge) -> Option<&'a str> {
        match edge {
            Edge::Node(name) => self.nodes.contains_key(name).then_some(name.as_str()),
            Edge::Follows(path) => self.followed.get(path)?.as_deref(),
        }
    }

    /// The name of the node at a path of inputs.
    #[must_use]
    pub fn at(&self, path: &[String]) -> Option<&str> {
        path.iter().try_fold(self.root.as_str(), |at, input| {
            self.target(self.nodes.get(at)?.inputs.get(input)?)
        })
    }

    /// Where a path leads, each path resolved once: they may follow one another in ways that double with every step.
    fn follow(
        &self,
        path: &Path,
        hops: usize,
        known: &mut HashMap<Path, Option<String>>,
    ) -> Option<String> {
        if let Some(found) = known.get(path) {
            return found.clone();
        }
        // Until it is known otherwise, so that a circle ends.
        known.insert(path.clone(), None);
        let mut at = self.root.clone();
        for input in path {
            at = match self.nodes.get(&at)?.inputs.get(input)? {
                Edge::Node(name) => self.nodes.contains_key(name).then(|| name.clone())?,
                Edge::Follows(_) if hops > MOST_HOPS => return None,
                Edge::Follows(next) => self.follow(next, hops + 1, known)?,
            };
        }
        known.insert(path.clone(), Some(at.clone()));
        Some(at)
    }

    /// Names of the nodes that an evaluation can reach, as nix keeps them.
    #[must_use]
    pub fn reachable(&self) -> Vec<&str> {
        let mut found = std::collections::BTreeSet::from([self.root.as_str()]);
        let mut waiting = vec![self.root.as_str()];
        while let Some(node) = waiting.pop().and_then(|name| self.nodes.get(name)) {
            for edge in node.inputs.values() {
                if let Edge::Node(name) = edge
                    && found.insert(name)
                {
                    waiting.push(name);
                }
            }
        }
        found.into_iter().collect()
    }

    /// The lock as nix writes it: JSON, indented by two.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).map_or_else(|_| String::new(), |text| text + "\n")
    }
}

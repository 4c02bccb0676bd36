//! The graph of experts: an edge runs from a consumer to the provider it depends on.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Expert;

/// The schema of `.#poag` this runner reads.
pub const SCHEMA: &str = "poag.graph/1";

/// Every expert reachable from the root, each once.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
pub struct Graph {
    /// Schema tag, [`SCHEMA`].
    pub schema: String,
    /// Name of the expert whose flake was asked.
    pub root: String,
    /// Name → expert.
    pub experts: BTreeMap<String, Expert>,
}

/// Why a graph cannot be used.
#[derive(Debug, Error)]
pub enum GraphError {
    /// Not JSON of the expected shape.
    #[error(
        "the flake's `poag` output cannot be read: {0}\nrepair: make it with poag.lib.mkPoagExpert of the same poag as this runner"
    )]
    Shape(#[from] serde_json::Error),
    /// Another version of the schema.
    #[error(
        "the flake's `poag` output has schema '{found}', this runner reads '{SCHEMA}'\nrepair: run the runner of the flake itself (`nix run .#poag`), or `nix flake update poag`"
    )]
    Schema {
        /// The tag that was found.
        found: String,
    },
    /// An edge or the root names an expert that is not there.
    #[error(
        "the graph names expert '{name}' but does not hold it\nrepair: make the `poag` output with poag.lib.mkPoagExpert"
    )]
    Missing {
        /// The name that leads nowhere.
        name: String,
    },
    /// An expert stands under another name than its own.
    #[error(
        "the graph holds the expert '{name}' under the name '{key}'\nrepair: make the `poag` output with poag.lib.mkPoagExpert"
    )]
    Named {
        /// The name it stands under.
        key: String,
        /// Its own.
        name: String,
    },
    /// Edges run in a circle.
    #[error(
        "the experts depend on each other in a circle: {}\nrepair: remove one of these `neighbors`",
        path.join(" → ")
    )]
    Cycle {
        /// The experts of the circle; the first again at the end.
        path: Vec<String>,
    },
}

impl Graph {
    /// Reads and validates the JSON of `nix eval --json .#.poag`.
    ///
    /// # Errors
    /// When the schema is another one, an edge leads nowhere, an expert stands under another's name, or edges run in a
    /// circle.
    pub fn from_json(json: &[u8]) -> Result<Self, GraphError> {
        #[derive(Deserialize)]
        struct Tag {
            schema: Option<String>,
        }
        let read: Result<Self, _> = serde_json::from_slice(json);
        // Only what cannot be used is looked at twice: its tag says more than what is missing in it.
        let found = match &read {
            Ok(graph) => Some(graph.schema.clone()),
            Err(_) => serde_json::from_slice::<Tag>(json)?.schema,
        };
        if found.as_deref() != Some(SCHEMA) {
            return Err(GraphError::Schema {
                found: found.unwrap_or_else(|| "none".into()),
            });
        }
        let graph = read?;
        graph.validate()?;
        Ok(graph)
    }

    fn validate(&self) -> Result<(), GraphError> {
        let named = self
            .experts
            .values()
            .flat_map(|expert| expert.neighbors.keys())
            .chain(std::iter::once(&self.root));
        for name in named {
            if !self.experts.contains_key(name) {
                return Err(GraphError::Missing { name: name.clone() });
            }
        }
        // Order, council and plan go by the names that experts have themselves.
        if let Some((key, expert)) = self.experts.iter().find(|(key, one)| **key != one.name) {
            return Err(GraphError::Named {
                key: key.clone(),
                name: expert.name.clone(),
            });
        }
        match self.circle() {
            Some(path) => Err(GraphError::Cycle { path }),
            None => Ok(()),
        }
    }

    /// The expert of that name.
    #[must_use]
    pub fn expert(&self, name: &str) -> Option<&Expert> {
        self.experts.get(name)
    }

    /// The part of the graph that `name` can reach, with it as the root; none when it is not here.
    #[must_use]
    pub fn rooted_at(&self, name: &str) -> Option<Self> {
        let mut experts = BTreeMap::new();
        let mut waiting = vec![self.expert(name)?];
        while let Some(expert) = waiting.pop() {
            if experts
                .insert(expert.name.clone(), expert.clone())
                .is_none()
            {
                waiting.extend(expert.neighbors.keys().filter_map(|name| self.expert(name)));
            }
        }
        Some(Self {
            schema: self.schema.clone(),
            root: name.into(),
            experts,
        })
    }

    /// Names of the experts that depend on `name` directly, sorted.
    #[must_use]
    pub fn consumers(&self, name: &str) -> Vec<&str> {
        self.experts
            .values()
            .filter(|expert| expert.neighbors.contains_key(name))
            .map(|expert| expert.name.as_str())
            .collect()
    }

    /// Folders in the flake of an expert, relative to it, in which flakes begin that no expert of this graph owns.
    #[must_use]
    pub fn without_expert<'e>(&self, expert: &'e Expert) -> Vec<&'e str> {
        let local = self.experts.values().filter(|other| other.is_local());
        let dirs: BTreeSet<&str> = local.map(Expert::dir).collect();
        let owned = |flake: &str| match expert.dir() {
            "" => dirs.contains(flake),
            dir => dirs.contains(format!("{dir}/{flake}").as_str()),
        };
        let flakes = expert.knowledge.flakes.iter().map(String::as_str);
        flakes.filter(|flake| !owned(flake)).collect()
    }

    /// Number of edges.
    #[must_use]
    pub fn edges(&self) -> usize {
        self.experts.values().map(|e| e.neighbors.len()).sum()
    }

    /// All experts, providers before consumers; among equals, by name.
    #[must_use]
    pub fn providers_first(&self) -> Vec<&Expert> {
        let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
        let mut consumers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut ready: BTreeSet<&str> = BTreeSet::new();
        for expert in self.experts.values() {
            if expert.neighbors.is_empty() {
                ready.insert(&expert.name);
            }
            waiting.insert(&expert.name, expert.neighbors.len());
            for provider in expert.neighbors.keys() {
                consumers.entry(provider).or_default().push(&expert.name);
            }
        }
        let mut order = Vec::with_capacity(self.experts.len());
        while let Some(name) = ready.pop_first() {
            order.extend(self.experts.get(name));
            for consumer in consumers.get(name).into_iter().flatten() {
                if let Some(left) = waiting.get_mut(consumer) {
                    *left -= 1;
                    if *left == 0 {
                        ready.insert(consumer);
                    }
                }
            }
        }
        order
    }

    /// A circle of edges, if there is one: its experts in order, the first again at the end.
    fn circle(&self) -> Option<Vec<String>> {
        let ordered: BTreeSet<&str> = self
            .providers_first()
            .iter()
            .map(|expert| expert.name.as_str())
            .collect();
        let start = self
            .experts
            .keys()
            .find(|name| !ordered.contains(name.as_str()))?;
        // Whoever is left waits for somebody who is left, so this walk must come back to itself.
        let mut path: Vec<String> = vec![start.clone()];
        loop {
            let here = self.experts.get(path.last()?)?;
            let next = here
                .neighbors
                .keys()
                .find(|name| !ordered.contains(name.as_str()))?;
            if let Some(at) = path.iter().position(|name| name == next) {
                path.drain(..at);
                path.push(next.clone());
                return Some(path);
            }
            path.push(next.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn graph(edges: &[(&str, &[&str])]) -> Result<Graph, GraphError> {
        let experts: serde_json::Map<String, Value> = edges
            .iter()
            .map(|(name, providers)| {
                let neighbors: serde_json::Map<String, Value> = providers
                    .iter()
                    .map(|p| ((*p).to_string(), json!({"needs": {}, "contracts": []})))
                    .collect();
                let expert = json!({
                    "name": name, "role": "r", "prompt": null, "provides": {}, "neighbors": neighbors,
                    "knowledge": {"path": "/k", "include": [], "exclude": [], "maxTokens": 1},
                    "location": {"kind": "local", "dir": ""}, "identity": name, "declaration": {},
                    "freshness": {"status": "fresh"}
                });
                ((*name).to_string(), expert)
            })
            .collect();
        let value = json!({"schema": SCHEMA, "root": edges[0].0, "experts": experts});
        Graph::from_json(value.to_string().as_bytes())
    }

    #[test]
    fn providers_come_before_their_consumers_and_ties_by_name() {
        let graph = graph(&[
            ("app", &["b", "a"]),
            ("a", &["base"]),
            ("b", &["base"]),
            ("base", &[]),
        ])
        .unwrap();
        let names: Vec<_> = graph
            .providers_first()
            .iter()
            .map(|e| e.name.clone())
            .collect();
        assert_eq!(names, ["base", "a", "b", "app"]);
        assert_eq!(graph.consumers("base"), ["a", "b"]);
    }

    #[test]
    fn a_graph_rooted_elsewhere_holds_what_can_be_reached_from_there() {
        let edges: [(&str, &[&str]); 3] = [("app", &["a"]), ("a", &["base"]), ("base", &[])];
        let part = graph(&edges).unwrap().rooted_at("a").unwrap();
        assert_eq!(part.root, "a");
        assert_eq!(part.experts.keys().collect::<Vec<_>>(), ["a", "base"]);
    }

    #[test]
    fn a_circle_is_refused_with_its_path() {
        let error = graph(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"])]).unwrap_err();
        assert!(error.to_string().contains("b → c → b"), "{error}");
    }

    #[test]
    fn another_schema_is_refused_with_the_repair() {
        let error = Graph::from_json(br#"{"schema":"poag.graph/9"}"#)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("poag.graph/9") && error.contains("repair:"),
            "{error}"
        );
    }

    /// Found by fuzzing: two experts of one name, of which the order held none.
    #[test]
    fn an_expert_under_another_name_than_its_own_is_refused() {
        let mut graph = graph(&[("a", &["b"]), ("b", &[])]).unwrap();
        if let Some(expert) = graph.experts.get_mut("b") {
            expert.name = "a".into();
        }
        let json = serde_json::to_vec(&graph).unwrap();
        let error = Graph::from_json(&json).unwrap_err().to_string();
        assert!(error.contains("'a' under the name 'b'"), "{error}");
    }

    #[test]
    fn an_edge_that_leads_nowhere_is_refused() {
        let error = graph(&[("a", &["ghost"])]).unwrap_err();
        assert!(error.to_string().contains("'ghost'"), "{error}");
    }
}

//! The identity of a graph: equal means that a council begun on one can go on on the other.

use sha2::{Digest, Sha256};

use crate::expert::Graph;

/// Hex SHA-256 over everything a council and its plan depend on: experts, edges, contracts,
/// knowledge, checks and places; not whether `poag.lock` is up to date.
#[must_use]
pub fn of(graph: &Graph) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        // Length first, so that no two lists of texts run together into one.
        hash.update(text.len().to_le_bytes());
        hash.update(text.as_bytes());
    };
    add(&graph.schema);
    add(&graph.root);
    for (name, expert) in &graph.experts {
        add(name);
        add(&expert.identity);
        add(&expert.role);
        add(expert.prompt.as_deref().unwrap_or_default());
        add(&expert.knowledge.path.to_string_lossy());
        // Numbers, names and lists whose JSON form is always the same.
        for part in [
            serde_json::to_string(&expert.provides),
            serde_json::to_string(&expert.neighbors),
            serde_json::to_string(&expert.agent),
            serde_json::to_string(&expert.checks),
            serde_json::to_string(&expert.location),
        ] {
            add(&part.unwrap_or_default());
        }
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

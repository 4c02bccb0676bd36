//! Labels of packs from anywhere, for `fuzz/`.

use std::path::PathBuf;

use super::read;

/// Reads a label, and makes the graph that it stands for.
pub fn label(json: &[u8]) {
    if let Ok(label) = read::label(json) {
        let files = PathBuf::from("/pack/files");
        let graph = read::graph(label, PathBuf::from("/pack"), files.clone());
        let expert = graph.experts.values().next();
        let expert =
            expert.filter(|one| one.knowledge.path == files && one.agent.command.is_none());
        assert!(expert.is_some_and(|one| one.name == graph.root && !one.is_local()));
    }
}

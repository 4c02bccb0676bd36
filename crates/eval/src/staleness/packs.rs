//! The packs of folders at states of the past.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::super::experts::Packages;
use super::super::workplace::Desk;
use crate::BenchError;
use poag_core::expert::{Graph, GraphError, SCHEMA};
use poag_git::history;
use poag_knowledge::pack::{Pack, PackOptions};
use poag_knowledge::parallel;

/// What tells two packs apart.
type PackPrint = [u8; 32];

/// The pack of each state, a package and the tree of its folder: equal prints mean equal packs.
pub fn digests<'s>(
    repository: &Path,
    packages: &Packages,
    states: &BTreeSet<(usize, &'s str)>,
    budget: usize,
    desk: &Desk,
) -> Result<BTreeMap<(usize, &'s str), PackPrint>, BenchError> {
    let all: Vec<(usize, &str)> = states.iter().copied().collect();
    let digests = parallel::map(&all, |(at, tree)| {
        let room = desk.room(&format!("{at}-{tree}"));
        let digest = digest(repository, packages, (*at, tree), budget, &room);
        room.clear();
        digest.map(|digest| ((*at, *tree), digest))
    });
    digests.collect()
}

fn digest(
    repository: &Path,
    packages: &Packages,
    (at, tree): (usize, &str),
    budget: usize,
    room: &Desk,
) -> Result<PackPrint, BenchError> {
    let folder = &packages.folders[at];
    let mut files = history::tree(repository, tree)?;
    files.retain(|file| packages.holding(&format!("{folder}/{}", file.path)) == at);
    files.retain(|file| !file.is_link());
    let ids: Vec<&str> = files.iter().map(|file| file.id.as_str()).collect();
    let texts = history::contents(repository, &ids)?;
    // An empty folder is one, too.
    room.write(".poag-bench", "")?;
    for (file, text) in files.iter().zip(&texts) {
        // What is no text is named with its size; a NUL makes it what it is.
        let size = file
            .size
            .and_then(|size| usize::try_from(size).ok())
            .unwrap_or_default();
        match text {
            Some(text) => room.write(&file.path, text)?,
            None => room.write(&file.path, &"\0".repeat(size.min(1 << 20)))?,
        }
    }
    let graph = graph(folder, room.folder(), budget)?;
    let expert = graph.experts.values().next();
    let Some(expert) = expert else {
        return Ok(PackPrint::default());
    };
    let pack = Pack::build(&graph, expert, &PackOptions::default())?;
    Ok(Sha256::digest(pack.text.as_bytes()).into())
}

/// One expert of a folder that declares none.
fn graph(folder: &str, place: &Path, budget: usize) -> Result<Graph, GraphError> {
    let expert = json!({
        "name": folder, "role": format!("Owns {folder}."), "prompt": null,
        "knowledge": {"path": place, "include": [], "exclude": [], "maxTokens": budget},
        "provides": {}, "neighbors": {}, "checks": [], "capabilities": [],
        "location": {"kind": "local", "dir": folder}, "identity": folder,
        "declaration": {}, "freshness": {"status": "unlearned"}
    });
    let graph = json!({"schema": SCHEMA, "root": folder, "experts": {folder: expert}});
    Graph::from_json(graph.to_string().as_bytes())
}

//! Packs kept on disk under the hash of everything that goes into them: unchanged means one small read.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::kept::KeptFiles;
use super::template::DEFAULT;
use super::{FORMAT, Pack, PackError, PackOptions, choice, place};
use poag_core::expert::{Expert, Graph};
use poag_core::hex;

/// Packs kept in one folder; the oldest go first.
const MAX_ENTRIES: usize = 1024;
/// Bytes of an entry above which it cannot be one.
const MAX_BYTES: u64 = 64 << 20;
/// Bytes of all of them.
const MAX_TOTAL: u64 = 1 << 30;
/// The folder beside them with what is known of files.
const FILES: &str = "files";

/// What a file of the cache holds.
#[derive(Deserialize, Serialize)]
struct KeptPack {
    /// Hex SHA-256 of the pack's text, so that a damaged file is not believed.
    sha256: String,
    pack: Pack,
}

impl Pack {
    /// The pack of one expert, from `folder` if it was built before with the same inputs. A cache that cannot be
    /// read or written costs time, nothing else.
    ///
    /// # Errors
    /// As [`Pack::build`].
    pub fn cached(
        folder: &Path,
        graph: &Graph,
        expert: &Expert,
        options: &PackOptions,
    ) -> Result<Self, PackError> {
        let path = folder.join(format!(
            "{}.json",
            key(graph, expert, options.budget(expert))?
        ));
        if let Some(pack) = load(&path) {
            return Ok(pack);
        }
        let kept = KeptFiles::load(&folder.join(FILES), expert);
        let pack = choice::build(graph, expert, options, Some(kept))?;
        let _ = store(folder, &path, &pack);
        Ok(pack)
    }

    /// The same where only the files are known to be what they were, not the expert as a whole.
    ///
    /// # Errors
    /// As [`Pack::build`].
    pub fn renewed(
        folder: &Path,
        graph: &Graph,
        expert: &Expert,
        options: &PackOptions,
    ) -> Result<Self, PackError> {
        let kept = KeptFiles::load(&folder.join(FILES), expert);
        choice::build(graph, expert, options, Some(kept))
    }
}

/// Hex SHA-256 over everything a pack is made of. Files count by the expert's identity and the hashes of contracts,
/// which the evaluation computed: nothing is read here.
fn key(graph: &Graph, expert: &Expert, budget: usize) -> Result<String, PackError> {
    let mut edges = Vec::new();
    for (name, neighbor) in &expert.neighbors {
        let provider = graph.expert(name).ok_or_else(|| PackError::Neighbor {
            expert: expert.name.clone(),
            neighbor: name.clone(),
        })?;
        for contract in &neighbor.contracts {
            let promise = provider.provides.get(contract);
            edges.push((
                name,
                contract,
                neighbor.needs.get(contract),
                promise.map(|promise| (&promise.hash, &promise.summary, &promise.files)),
            ));
        }
    }
    let inputs = (
        (FORMAT, env!("CARGO_PKG_VERSION"), budget),
        (
            &expert.name,
            &expert.role,
            expert.prompt.as_deref().unwrap_or(DEFAULT),
            expert.dir(),
        ),
        (&expert.identity, &expert.knowledge.path, &expert.provides),
        &expert.knowledge.learned,
        (&expert.checks, &expert.capabilities),
        edges,
    );
    let json = serde_json::to_vec(&inputs).map_err(|error| PackError::Template {
        expert: expert.name.clone(),
        reason: error.to_string(),
    })?;
    Ok(hex(&Sha256::digest(&json)))
}

fn load(path: &Path) -> Option<Pack> {
    let bytes = place::read(path, MAX_BYTES).ok()?;
    let entry: KeptPack = serde_json::from_slice(&bytes).ok()?;
    (entry.sha256 == hex(&Sha256::digest(entry.pack.text.as_bytes()))).then_some(entry.pack)
}

fn store(folder: &Path, path: &Path, pack: &Pack) -> std::io::Result<()> {
    let entry = KeptPack {
        sha256: hex(&Sha256::digest(pack.text.as_bytes())),
        pack: pack.clone(),
    };
    place::write(path, &serde_json::to_vec(&entry)?)?;
    place::prune_at_times(folder, "json", MAX_ENTRIES, MAX_TOTAL)
}

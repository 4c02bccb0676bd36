//! Packs kept on disk under the hash of everything that goes into them: unchanged means one small read.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::template::DEFAULT;
use super::{FORMAT, Pack, PackError, PackOptions};
use crate::expert::{Expert, Graph};
use crate::knowledge::hash::hex;

/// Packs kept in one folder; the oldest go first.
const MAX_ENTRIES: usize = 1024;
/// Bytes of an entry above which it cannot be one.
const MAX_BYTES: u64 = 64 << 20;

/// Tells the temporary files of one process apart.
static WRITES: AtomicU64 = AtomicU64::new(0);

/// What a file of the cache holds.
#[derive(Deserialize, Serialize)]
struct Entry {
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
        let pack = Self::build(graph, expert, options)?;
        let _ = store(folder, &path, &pack);
        Ok(pack)
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
    if fs::symlink_metadata(path).ok()?.len() > MAX_BYTES {
        return None;
    }
    let entry: Entry = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    (entry.sha256 == hex(&Sha256::digest(entry.pack.text.as_bytes()))).then_some(entry.pack)
}

/// Written beside its place and renamed, so that nobody ever reads half of it.
fn store(folder: &Path, path: &Path, pack: &Pack) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let entry = Entry {
        sha256: hex(&Sha256::digest(pack.text.as_bytes())),
        pack: pack.clone(),
    };
    let turn = WRITES.fetch_add(1, Ordering::Relaxed);
    let beside = path.with_extension(format!("{}-{turn}.tmp", std::process::id()));
    let written = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(&serde_json::to_vec(&entry)?)?;
        fs::rename(&beside, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written?;
    prune(folder)
}

fn prune(folder: &Path) -> std::io::Result<()> {
    let mut entries: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        entries.push((entry.metadata()?.modified()?, entry.path()));
    }
    entries.sort();
    for (_, path) in entries
        .iter()
        .take(entries.len().saturating_sub(MAX_ENTRIES))
    {
        fs::remove_file(path)?;
    }
    Ok(())
}

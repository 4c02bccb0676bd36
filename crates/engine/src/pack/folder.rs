//! The pack of any folder, without a flake and without nix.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::project::find;
use crate::{Engine, EngineError};
use poag_core::expert::{Expert, Graph, SCHEMA};
use poag_core::hex;
use poag_knowledge::files::{self, Listed};
use poag_knowledge::pack::{Pack, PackOptions};
use poag_knowledge::parallel;
use poag_nix::NixError;

/// Tokens, as mkPoagExpert has them.
const BUDGET: usize = 24_000;
/// How old the last change must be for times to tell that nothing has changed since: clocks of file systems are coarse.
const SETTLED: Duration = Duration::from_secs(2);

impl Engine {
    /// The pack of a folder as git tracks it, within so many tokens, and the expert that is made of the folder.
    /// `role` says in a sentence what its owner cares for.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn pack_folder(
        &self,
        folder: &Path,
        role: Option<&str>,
        budget: Option<usize>,
    ) -> Result<(Expert, Pack), EngineError> {
        let here = self.settings.folder.join(folder);
        let here = here.canonicalize().map_err(EngineError::file(folder))?;
        let (files, identity, settled) = state(&here, listed(&here)?);
        let graph = graph(&here, role, &identity)?;
        let expert = find(&graph, &graph.root)?;
        let options = PackOptions {
            budget,
            files: Some(files),
        };
        let pack = match (self.settings.no_cache, settled) {
            (true, _) => Pack::build(&graph, expert, &options),
            (false, true) => Pack::cached(&self.cache()?, &graph, expert, &options),
            (false, false) => Pack::renewed(&self.cache()?, &graph, expert, &options),
        };
        Ok((expert.clone(), pack?))
    }
}

/// What a flake in that folder would see: what git tracks; where there is no git, everything.
fn listed(folder: &Path) -> Result<Vec<Listed>, EngineError> {
    if let Some(tracked) = poag_git::tracked(folder) {
        let listed = |(path, link)| Listed { path, link };
        return Ok(tracked.into_iter().map(listed).collect());
    }
    let mut listed = files::list(folder)?;
    listed.retain(|file| !files::is_below(&file.path, ".git"));
    Ok(listed)
}

/// The files that are there, a hash over what the file system says of them, and whether that can be relied upon.
fn state(folder: &Path, listed: Vec<Listed>) -> (Vec<Listed>, String, bool) {
    let facts: Vec<_> = parallel::map(&listed, |file| {
        let data = folder.join(&file.path).symlink_metadata().ok()?;
        let link = data.is_symlink();
        let changed = data.mtime().max(data.ctime());
        let facts = [
            data.len(),
            data.ino(),
            data.dev(),
            changed.cast_unsigned(),
            data.mtime_nsec().cast_unsigned(),
            data.ctime_nsec().cast_unsigned(),
            u64::from(link),
        ];
        (link || data.is_file()).then_some((facts, changed, link))
    })
    .collect();
    let mut all = Vec::with_capacity(128 * listed.len());
    let mut newest = 0;
    let mut there = Vec::with_capacity(listed.len());
    for (file, facts) in listed.into_iter().zip(facts) {
        let Some((facts, changed, link)) = facts else {
            continue;
        };
        newest = newest.max(changed);
        all.extend_from_slice(file.path.as_bytes());
        all.push(0);
        all.extend(facts.iter().flat_map(|fact| fact.to_le_bytes()));
        there.push(Listed { link, ..file });
    }
    let before = SystemTime::now()
        .checked_sub(SETTLED)
        .and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    let settled = before.is_some_and(|before| i128::from(newest) < i128::from(before.as_secs()));
    (there, hex(&Sha256::digest(&all)), settled)
}

fn graph(folder: &Path, role: Option<&str>, identity: &str) -> Result<Graph, EngineError> {
    let name = folder
        .file_name()
        .map_or_else(|| "root".into(), |name| name.to_string_lossy());
    let role = role.map_or_else(|| format!("Knows the folder `{name}`."), str::to_owned);
    let expert = json!({
        "name": name, "role": role, "prompt": null,
        "knowledge": { "path": folder, "include": [], "exclude": [], "maxTokens": BUDGET },
        "provides": {}, "neighbors": {}, "checks": [], "capabilities": [],
        "location": { "kind": "local", "dir": "" }, "identity": identity,
        "declaration": {}, "freshness": { "status": "fresh" }
    });
    let graph = json!({ "schema": SCHEMA, "root": name, "experts": { name.as_ref(): expert } });
    Ok(Graph::from_json(graph.to_string().as_bytes()).map_err(NixError::from)?)
}

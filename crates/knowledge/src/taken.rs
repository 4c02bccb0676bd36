//! Which names of a provider stand in the files of a consumer: what it seems to build on, by words alone.
//!
//! Kept on disk by content, so that a question costs a small read once both flakes are known.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::KnowledgeError;
use super::files::{self, Files, Listed};
use super::outline::{SymbolKind, outline};
use super::pack::place;
use poag_core::expert::{Expert, FileRole};
use poag_core::hex;

/// Version of what is kept.
const FORMAT: u32 = 1;
/// Names of one edge: as many as a reader takes in at a glance.
const MOST: usize = 24;
/// Bytes of a name below which it is everywhere, as for the ranks of packs.
const MIN_NAME: usize = 4;
/// Bytes of a consumer's files that are read.
const READ: u64 = 4 << 20;
/// Bytes of an entry above which it cannot be one.
const MAX_BYTES: u64 = 4 << 20;
/// Entries that are kept, and bytes of all of them.
const MAX_ENTRIES: usize = 4096;
const MAX_TOTAL: u64 = 64 << 20;

/// Names that the files of the contracts on this edge define for others and that the consumer's files mention, those in
/// most files first, at most 24. `cache` is a folder of poag's own, made when it is needed; one that cannot be read or
/// written costs time, nothing else.
///
/// # Errors
/// When the files of either cannot be read.
pub fn taken(
    cache: &Path,
    provider: &Expert,
    consumer: &Expert,
) -> Result<Vec<String>, KnowledgeError> {
    let Some(edge) = consumer.neighbors.get(&provider.name) else {
        return Ok(Vec::new());
    };
    let contracts = edge.contracts.iter();
    let promised: Vec<&String> = contracts
        .filter_map(|name| provider.provides.get(name))
        .flat_map(|contract| &contract.files)
        .collect();
    let of_provider = (&provider.identity, &promised);
    let of_edge = (of_provider, &consumer.identity);
    kept(cache, &of_edge, || {
        // Many consumers may take the same contracts.
        let given = kept(cache, &of_provider, || given(provider, &promised))?;
        mentioned(consumer, &given)
    })
}

/// What was found before for the same inputs, or what is found now. Without a place to keep it, it is found again the
/// next time.
fn kept<T: Serialize + DeserializeOwned>(
    cache: &Path,
    inputs: &impl Serialize,
    find: impl FnOnce() -> Result<T, KnowledgeError>,
) -> Result<T, KnowledgeError> {
    let inputs = serde_json::to_vec(&(FORMAT, inputs)).unwrap_or_default();
    let path = cache.join(format!("{}.json", hex(&Sha256::digest(inputs))));
    let there = place::read(&path, MAX_BYTES).ok();
    if let Some(there) = there.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
        return Ok(there);
    }
    let found = find()?;
    if let Ok(bytes) = serde_json::to_vec(&found) {
        let _ = place::write(&path, &bytes);
        let _ = place::prune_at_times(cache, "json", MAX_ENTRIES, MAX_TOTAL);
    }
    Ok(found)
}

/// What the contracts' files define for others.
fn given(provider: &Expert, promised: &[&String]) -> Result<BTreeSet<String>, KnowledgeError> {
    let mut names = BTreeSet::new();
    if promised.is_empty() {
        return Ok(names);
    }
    let files = Files::read(&provider.knowledge.path)?;
    for file in promised.iter().flat_map(|path| files.below(path)) {
        let Some(text) = files.text(file)? else {
            continue;
        };
        let symbols = outline(&file.path, &text).into_iter();
        let public = symbols
            .filter(|symbol| symbol.public && !symbol.test && symbol.kind != SymbolKind::Section);
        // `Style::parse` is mentioned as `parse`.
        let last = public.filter_map(|symbol| words(&symbol.name).last().map(str::to_owned));
        names.extend(last.filter(|name| name.len() >= MIN_NAME));
    }
    Ok(names)
}

/// Of these names, those that stand in the consumer's files other than its documents, which say them as words.
fn mentioned(consumer: &Expert, names: &BTreeSet<String>) -> Result<Vec<String>, KnowledgeError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let root = &consumer.knowledge.path;
    let mut listed = files::list(root)?;
    listed.retain(|file| {
        !matches!(
            FileRole::of(&file.path),
            FileRole::Document | FileRole::Record
        )
    });
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    let mut left = READ;
    for file in &listed {
        let Some((bytes, found)) = look(root, file, names)? else {
            continue;
        };
        for name in found {
            *count.entry(name).or_default() += 1;
        }
        left = left.saturating_sub(bytes);
        if left == 0 {
            break;
        }
    }
    let mut count: Vec<(&str, usize)> = count.into_iter().collect();
    count.sort_by_key(|(name, files)| (std::cmp::Reverse(*files), *name));
    let names = count.into_iter().map(|(name, _)| name.to_owned());
    Ok(names.take(MOST).collect())
}

/// The size of a text, and which of the names stand in it.
fn look<'n>(
    root: &Path,
    file: &Listed,
    names: &'n BTreeSet<String>,
) -> Result<Option<(u64, BTreeSet<&'n str>)>, KnowledgeError> {
    files::look(root, file, |file, text| {
        let found = words(text?).filter_map(|word| names.get(word).map(String::as_str));
        Some((file.size, found.collect()))
    })
}

fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
}

//! What exports tell: the declaration of an expert without its secrets, and the outline of its files within a bound.

#![expect(clippy::disallowed_methods, reason = "a temporary folder")]

use std::collections::BTreeMap;
use std::fs;

use tempfile::TempDir;

use super::mark;
use super::text::one_line;
use crate::files::{Content, Files};
use crate::pack::{Pack, PackError, PackOptions};
use crate::secrets::redact;
use crate::{KnowledgeError, tokens};
use poag_core::expert::{Expert, Graph};
use poag_core::name::shown;

/// Tokens of the outline.
const OUTLINE: usize = 2_000;
/// What stands for the rest of it.
const MORE: &str = "… and more";
/// Budget of the pack that the outline is taken from: an outline may take a third of it, less a reserve.
const BUDGET: usize = 4 * OUTLINE;

/// What an expert has to tell.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Its name.
    pub name: String,
    pub(super) role: String,
    pub(super) provides: Vec<ExportedContract>,
    pub(super) neighbors: Vec<ExportedNeed>,
    pub(super) checks: Vec<String>,
    pub(super) capabilities: Vec<String>,
    /// One file or definition a line, most important first.
    pub(super) outline: Vec<String>,
    /// Path and what the file says about itself, as far as the outline lists them.
    pub(super) files: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub(super) struct ExportedContract {
    pub name: String,
    pub summary: String,
    pub files: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct ExportedNeed {
    pub provider: String,
    pub contract: String,
    pub summary: String,
    /// What it is needed for; may be empty.
    pub need: String,
}

impl Facts {
    /// Those of an expert. Its own exports are passed by, declared or not.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub fn of(graph: &Graph, expert: &Expert) -> Result<Self, PackError> {
        let clean = |text: &str| redact("flake.nix", text).0.trim().to_owned();
        let line = |text: &str| one_line(&clean(text));
        let failed = |source| PackError::Knowledge {
            expert: expert.name.clone(),
            source,
        };
        let files = Files::of(&expert.knowledge).map_err(failed)?;
        let apart = apart(&files).map_err(failed)?;
        let mut told = expert.clone();
        told.prompt = Some("{{ outline }}".into());
        if let Some(folder) = &apart {
            told.knowledge.path = folder.path().to_owned();
            told.knowledge.linked = None;
        }
        let options = PackOptions {
            budget: Some(BUDGET),
            files: None,
        };
        let outline = outline(&Pack::build(graph, &told, &options)?.text);
        let promises = expert
            .provides
            .iter()
            .map(|(name, promise)| ExportedContract {
                name: name.clone(),
                summary: line(&promise.summary),
                files: promise.files.clone(),
            });
        let needs = expert.neighbors.iter().flat_map(|(provider, edge)| {
            let provides = graph.expert(provider).map(|expert| &expert.provides);
            edge.contracts.iter().map(move |contract| ExportedNeed {
                provider: provider.clone(),
                contract: contract.clone(),
                summary: provides
                    .and_then(|all| all.get(contract))
                    .map_or_else(String::new, |promise| line(&promise.summary)),
                need: edge
                    .needs
                    .get(contract)
                    .map_or_else(String::new, |need| line(need)),
            })
        });
        Ok(Self {
            name: expert.name.clone(),
            role: clean(&expert.role),
            provides: promises.collect(),
            neighbors: needs.collect(),
            checks: expert.checks.iter().map(|check| line(check)).collect(),
            capabilities: expert.capabilities.iter().map(|word| line(word)).collect(),
            files: titles(&outline, &files),
            outline,
        })
    }
}

/// A folder with all files but exports, where there are any: an export that told of itself would never be right.
fn apart(files: &Files) -> Result<Option<TempDir>, KnowledgeError> {
    let mut exports = Vec::new();
    for file in &files.files {
        let named = [".md", ".mdc", ".txt"]
            .iter()
            .any(|end| file.path.ends_with(end));
        if named && files.text(file)?.is_some_and(|text| mark::is_export(&text)) {
            exports.push(file.path.as_str());
        }
    }
    if exports.is_empty() {
        return Ok(None);
    }
    let failed = |path: &str| {
        let path = path.to_owned();
        move |source| KnowledgeError::Read { path, source }
    };
    let folder = tempfile::tempdir().map_err(failed("a temporary folder"))?;
    for file in &files.files {
        if exports.contains(&file.path.as_str()) || file.content == Content::Symlink {
            continue;
        }
        let target = folder.path().join(&file.path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(failed(&file.path))?;
        }
        let source = files.inside(&file.path)?;
        if fs::hard_link(&source, &target).is_err() {
            fs::copy(&source, &target).map_err(failed(&file.path))?;
        }
    }
    Ok(Some(folder))
}

/// The lines of an outline within its bound, without what every edit moves: numbers of lines, of tests and of files
/// that found no room. An export that named them would hardly ever be right.
fn outline(text: &str) -> Vec<String> {
    let mut left = OUTLINE;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.starts_with("… and ") {
            lines.push(MORE.to_owned());
            break;
        }
        let Some(line) = lasting(line) else { continue };
        let size = tokens::count(&line) + 1;
        if size > left {
            lines.push(MORE.to_owned());
            break;
        }
        left -= size;
        lines.push(line);
    }
    lines
}

/// A line of the outline as it is told; none where nothing of it lasts.
fn lasting(line: &str) -> Option<String> {
    let Some(inner) = line.strip_prefix("  ") else {
        return (!line.trim().is_empty()).then(|| line.to_owned());
    };
    match inner.trim_start_matches(|c: char| c.is_ascii_digit()) {
        " test" | " tests" => None,
        rest => Some(format!("  {}", rest.trim_start())),
    }
}

/// The files that an outline lists, each with its title.
fn titles(outline: &[String], files: &Files) -> Vec<(String, String)> {
    let names = files.files.iter();
    let known: BTreeMap<_, &str> = names
        .map(|file| (shown(&file.path), file.path.as_str()))
        .collect();
    let title = |line: &String| {
        if let Some(path) = known.get(line.as_str()) {
            return Some(((*path).to_owned(), String::new()));
        }
        let mut ends = line.match_indices(": ");
        ends.find_map(|(end, between)| {
            let (path, title) = (&line[..end], &line[end + between.len()..]);
            let path = known.get(path)?;
            Some(((*path).to_owned(), title.to_owned()))
        })
    };
    outline.iter().filter_map(title).collect()
}

//! Opens a pack: its expert as a graph of one. The folder may come from anywhere.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{FILES, LABEL, Label, SCHEMA, ShareError};
use poag_core::expert::{
    self, AgentSettings, CouncilSettings, Expert, Freshness, Graph, Knowledge, Location,
    QuotaSettings, Status,
};

/// Most bytes of `pack.json` that are read.
const LABEL_BYTES: u64 = 16 << 20;
/// Longest name, in bytes.
const NAME_BYTES: usize = 256;

/// The graph that a pack stands for: its expert alone, which sees the files of the pack and nothing else. Neither how
/// it would think nor which programs it would run is taken from there.
///
/// # Errors
/// When the folder is no pack, or one of another schema.
pub fn open(folder: &Path) -> Result<Graph, ShareError> {
    let source = folder.canonicalize().map_err(ShareError::file(folder))?;
    let no_pack = |problem: String| ShareError::NoPack {
        path: folder.to_owned(),
        problem,
    };
    let mut json = Vec::new();
    let file = source.join(LABEL);
    let plain = file.symlink_metadata().is_ok_and(|found| found.is_file());
    if !plain {
        return Err(no_pack(format!("it holds no {LABEL}")));
    }
    let handle = File::open(&file).map_err(ShareError::file(&file))?;
    let read = handle.take(LABEL_BYTES + 1).read_to_end(&mut json);
    read.map_err(ShareError::file(&file))?;
    if json.len() as u64 > LABEL_BYTES {
        return Err(no_pack(format!(
            "its {LABEL} has more than {LABEL_BYTES} bytes"
        )));
    }
    let label = label(&json).map_err(|wrong| match wrong {
        Wrong::Schema(found) => ShareError::Schema {
            path: folder.to_owned(),
            found,
        },
        Wrong::Shape(problem) => no_pack(problem),
    })?;
    let files = source.join(FILES);
    if !files.symlink_metadata().is_ok_and(|found| found.is_dir()) {
        return Err(no_pack(format!("it holds no folder {FILES}")));
    }
    Ok(graph(label, source, files))
}

/// Why a label is none.
#[derive(Debug)]
pub(crate) enum Wrong {
    /// The tag that was found.
    Schema(String),
    /// What is wrong.
    Shape(String),
}

/// Reads `pack.json`.
pub(crate) fn label(json: &[u8]) -> Result<Label, Wrong> {
    #[derive(Deserialize)]
    struct Tag {
        schema: Option<String>,
    }
    let shape =
        |error: serde_json::Error| Wrong::Shape(format!("its {LABEL} cannot be read: {error}"));
    let tag: Tag = serde_json::from_slice(json).map_err(shape)?;
    if tag.schema.as_deref() != Some(SCHEMA) {
        let found = tag.schema.unwrap_or_else(|| "none".into());
        return Err(Wrong::Schema(found.chars().take(NAME_BYTES).collect()));
    }
    let label: Label = serde_json::from_slice(json).map_err(shape)?;
    let name = &label.expert.name;
    if name.is_empty() || name.len() > NAME_BYTES || name.chars().any(char::is_control) {
        return Err(Wrong::Shape("its expert has no name".into()));
    }
    Ok(label)
}

/// The graph of that expert alone.
pub(crate) fn graph(label: Label, source: PathBuf, files: PathBuf) -> Graph {
    let owner = label.expert;
    let expert = Expert {
        name: owner.name.clone(),
        role: owner.role,
        prompt: None,
        knowledge: Knowledge {
            path: files,
            linked: None,
            include: Vec::new(),
            exclude: Vec::new(),
            flakes: Vec::new(),
            learned: None,
            max_tokens: label.pack.tokens.max(24_000),
        },
        provides: owner.provides,
        neighbors: BTreeMap::new(),
        agent: AgentSettings::default(),
        council: CouncilSettings::default(),
        quota: QuotaSettings::default(),
        panel: BTreeMap::new(),
        work: Default::default(),
        capabilities: owner.capabilities,
        checks: owner.checks,
        exports: BTreeMap::new(),
        location: Location::Pack { source },
        identity: owner.identity,
        declaration: owner.declaration,
        freshness: Freshness {
            status: Status::Fresh,
            files: Default::default(),
            folders: Vec::new(),
            declaration: Vec::new(),
            contracts: Vec::new(),
            message: String::new(),
            repair: String::new(),
        },
    };
    Graph {
        schema: expert::SCHEMA.to_owned(),
        root: owner.name.clone(),
        experts: [(owner.name, expert)].into(),
    }
}

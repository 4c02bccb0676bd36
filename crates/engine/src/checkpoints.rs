//! The checkpoints of this machine: which there are, and how they are carried to another one.

use std::path::Path;

use serde::Serialize;

use super::backends::portable;
use super::checkpoint::{CheckpointEntry, CheckpointError, Meta, Store, Uses, sha256};
use super::inside::{self, Permissions};
use super::{Engine, EngineError, Project};
use poag_core::council::brief;
use poag_core::expert::Expert;
use poag_core::plan::schema;

/// What a checkpoint is to a flake.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CheckpointState {
    /// It knows its expert's flake as it is now.
    Current,
    /// Its flake, its model or what experts are told has changed since.
    Old,
    /// No expert of that name is in the graph of the flake.
    Elsewhere,
    /// There is no flake to compare it with.
    Unknown,
    /// It cannot be read.
    Damaged,
}

/// A checkpoint in a list.
#[derive(Clone, Debug)]
pub struct ListedCheckpoint {
    /// Its key, and what is known of it.
    pub entry: CheckpointEntry,
    /// How it was used.
    pub uses: Uses,
    /// What it is to the flake that it was compared with.
    pub state: CheckpointState,
}

impl Engine {
    /// All checkpoints, the newest first, compared with a flake where one is given.
    ///
    /// # Errors
    /// When they or the ledger cannot be read, or a pack cannot be built.
    pub fn checkpoints(
        &self,
        project: Option<&Project>,
    ) -> Result<Vec<ListedCheckpoint>, EngineError> {
        let store = self.store()?;
        let listed = |entry: CheckpointEntry| {
            Ok(ListedCheckpoint {
                uses: store.uses(&entry.key)?,
                state: match &entry.meta {
                    Ok(meta) => state(project, meta)?,
                    Err(_) => CheckpointState::Damaged,
                },
                entry,
            })
        };
        store.list()?.into_iter().map(listed).collect()
    }

    /// Writes a checkpoint into a file, for its owner alone, and gives what is known of it and the file's size in
    /// bytes. `name` is its key, the beginning of one, or the expert whose latest it is; `file` an absolute path.
    ///
    /// # Errors
    /// When there is no such checkpoint, it is damaged or of use on this machine only, or the file cannot be written.
    pub fn export_checkpoint(&self, name: &str, file: &Path) -> Result<(Meta, usize), EngineError> {
        let store = self.store()?;
        let archive = store.export(&store.named(name)?)?;
        let backend = &archive.meta.key_parts.backend;
        if portable(self, backend) != Some(true) {
            let backend = backend.clone();
            return Err(CheckpointError::NotPortable { backend }.into());
        }
        let json = serde_json::to_vec(&archive)?;
        // It holds what the expert has read.
        inside::write_named(file, &json, Permissions::Exactly(0o600))?;
        Ok((archive.meta, json.len()))
    }

    /// Takes in a checkpoint that was exported, and says whether it is new here. See [`Store::import`].
    ///
    /// # Errors
    /// When it is none, damaged, or of no use here.
    pub fn import_checkpoint(&self, bytes: &[u8]) -> Result<(Meta, bool), EngineError> {
        let store: Store = self.store()?;
        Ok(store.import(bytes, |backend| portable(self, backend))?)
    }
}

fn state(project: Option<&Project>, meta: &Meta) -> Result<CheckpointState, EngineError> {
    let Some(project) = project else {
        return Ok(CheckpointState::Unknown);
    };
    let Some(expert) = project.graph.expert(&meta.key_parts.expert) else {
        return Ok(CheckpointState::Elsewhere);
    };
    Ok(match project.holds_all(expert, meta)? {
        true => CheckpointState::Current,
        false => CheckpointState::Old,
    })
}

impl Project {
    /// Whether a checkpoint holds what its expert would be given now. The backend's version is not asked for.
    pub(super) fn holds_all(&self, expert: &Expert, meta: &Meta) -> Result<bool, EngineError> {
        let parts = &meta.key_parts;
        let declared = expert.agent.backend.as_deref() == Some(parts.backend.as_str());
        if declared && expert.agent.model != parts.model
            || parts.instructions != sha256(brief::INSTRUCTIONS.as_bytes())
            || parts.schema != sha256(schema::turn_result().to_string().as_bytes())
        {
            return Ok(false);
        }
        let pack = self.known(expert)?;
        Ok(meta.pack == sha256(pack.text.as_bytes()))
    }
}

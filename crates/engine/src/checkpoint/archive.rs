//! A checkpoint as one file: JSON, the backend's files in base64. It may come from anywhere.

#![expect(
    clippy::disallowed_methods,
    reason = "checkpoints, in the state folder"
)]

use std::collections::BTreeMap;
use std::fs::{self};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::error::CheckpointError;
use super::meta::{Meta, SessionFile, TELLINGS, VERSION, is_key, sha256};
use super::record::CheckpointEvent;
use super::session::{FILES, is_inside};
use super::store::{PACK_BYTES, Store};
use poag_env::folders;

/// Largest archive that is taken in, in bytes.
pub const ARCHIVE_BYTES: usize = 256 << 20;
/// Longest name or reason in an archive, in bytes.
const NAME: usize = 512;
const REASON: usize = 8 << 10;

/// A checkpoint on its way.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Archive {
    /// Version of the form.
    pub poag_checkpoint: u32,
    /// What is known of it.
    pub meta: Meta,
    /// The text that it knows.
    pub pack: String,
    /// Path → content in base64.
    pub files: BTreeMap<String, String>,
}

impl Store {
    /// Packs a checkpoint up.
    ///
    /// # Errors
    /// When there is none of that key, it is damaged, or it cannot be read.
    pub fn export(&self, key: &str) -> Result<Archive, CheckpointError> {
        let none = || CheckpointError::None { name: key.into() };
        let stored = self.find(key)?.ok_or_else(none)?;
        let session = stored.folder.join("session");
        let mut files = BTreeMap::new();
        for file in &stored.meta.files {
            let path = session.join(&file.path);
            let content = fs::read(&path).map_err(CheckpointError::io("read", path))?;
            files.insert(file.path.clone(), STANDARD.encode(content));
        }
        Ok(Archive {
            poag_checkpoint: VERSION,
            pack: stored.pack()?,
            meta: stored.meta.clone(),
            files,
        })
    }

    /// Takes an archive in, and says whether it is new here. `portable` says of a backend whether its
    /// checkpoints are of use on another machine; none where there is no such backend.
    ///
    /// The key is made anew from what the archive holds and must be the one it names. That proves that it
    /// was made for this pack, these instructions and these flags, not that the conversation is honest: whoever
    /// takes one in trusts whoever made it.
    ///
    /// # Errors
    /// When it is no archive, of another backend, not what its key says, or cannot be kept.
    pub fn import(
        &self,
        bytes: &[u8],
        portable: impl Fn(&str) -> Option<bool>,
    ) -> Result<(Meta, bool), CheckpointError> {
        let refused = |reason: String| CheckpointError::Archive { reason };
        if bytes.len() > ARCHIVE_BYTES {
            return Err(refused(format!("it has more than {ARCHIVE_BYTES} bytes")));
        }
        let archive: Archive = serde_json::from_slice(bytes)
            .map_err(|error| refused(format!("it is no such JSON: {error}")))?;
        let files = archive.check().map_err(refused)?;
        let Archive { meta, pack, .. } = archive;
        let backend = &meta.key_parts.backend;
        match portable(backend) {
            Some(true) => {}
            Some(false) => {
                let backend = backend.clone();
                return Err(CheckpointError::NotPortable { backend });
            }
            None => return Err(refused(format!("this poag holds no backend '{backend}'"))),
        }
        let Some(_claim) = self.claim(&meta.key)? else {
            return Err(refused("another poag is making the same just now".into()));
        };
        match self.find(&meta.key) {
            Ok(Some(_)) => return Ok((meta, false)),
            Ok(None) => {}
            Err(_) => self.set_aside(&meta.key)?,
        }
        let making = self.begin(&meta.key)?;
        for (file, content) in files {
            put(&making.session(), &file, &content)?;
        }
        self.finish(making, &meta, &pack)?;
        self.note(
            &meta.key,
            &meta.key_parts.expert,
            &CheckpointEvent::Imported {},
        )?;
        Ok((meta, true))
    }
}

impl Archive {
    /// Compares what it holds with what it says, and gives its files.
    fn check(&self) -> Result<Vec<(SessionFile, Vec<u8>)>, String> {
        let Self {
            poag_checkpoint,
            meta,
            pack,
            files,
        } = self;
        if (*poag_checkpoint, meta.schema_version) != (VERSION, VERSION) {
            return Err(format!("it is of version {poag_checkpoint}, not {VERSION}"));
        }
        let key_parts = &meta.key_parts;
        let plain =
            |text: &str, most: usize| text.len() <= most && !text.chars().any(char::is_control);
        let names = [
            &key_parts.expert,
            &key_parts.backend,
            &key_parts.version,
            &meta.identity,
        ];
        let mut names = names
            .into_iter()
            .chain(&key_parts.model)
            .chain(&key_parts.frozen);
        if !names.all(|name| plain(name, NAME)) || !plain(&meta.why, REASON) {
            return Err("a name in it is too long, or is none".into());
        }
        // Backends put it on a command line, or into a path.
        let id = &meta.id;
        if id.is_empty() || !plain(id, NAME) || id.starts_with('-') || id.contains(['/', '\\']) {
            return Err("the name of its conversation is none".into());
        }
        if meta.told_on.len() > TELLINGS || !meta.told_on.iter().all(|key| is_key(key)) {
            return Err("what it was told on top of are no keys".into());
        }
        if pack.len() as u64 > PACK_BYTES || meta.pack != sha256(pack.as_bytes()) {
            return Err("its pack is not the one it names".into());
        }
        if !is_key(&meta.key) || key_parts.key(pack) != meta.key {
            return Err("its key is not that of what it holds".into());
        }
        if meta.files.len() != files.len() || files.len() > FILES {
            return Err("its files are not those it names".into());
        }
        let mut found = Vec::new();
        for file in &meta.files {
            let path = &file.path;
            if !is_inside(path) {
                return Err(format!("{path:?} is no path inside of it"));
            }
            let content = files.get(path).and_then(|text| STANDARD.decode(text).ok());
            let content = content.filter(|content| {
                content.len() as u64 == file.size && sha256(content) == file.sha256
            });
            let content = content.ok_or_else(|| format!("{path} is not the file it names"))?;
            found.push((file.clone(), content));
        }
        Ok(found)
    }
}

/// Writes a file below a folder that is new and nobody else's.
fn put(session: &Path, file: &SessionFile, content: &[u8]) -> Result<(), CheckpointError> {
    let path = session.join(&file.path);
    let folder = path.parent().unwrap_or(session);
    folders::make_private(folder).map_err(CheckpointError::io("make the folder", folder))?;
    fs::write(&path, content).map_err(CheckpointError::io("write", path))
}

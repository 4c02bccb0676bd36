//! The checkpoints on disk.

#![expect(
    clippy::disallowed_methods,
    reason = "checkpoints, in the state folder"
)]

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::error::CheckpointError;
use super::meta::{Meta, VERSION, is_key, sha256};
use super::session;
use poag_agent::Checkpoint;
use poag_env::folders;
use poag_ledger::{Ledger as _, LedgerError, SqliteLedger};

/// Most bytes of `meta.json`.
const META_BYTES: u64 = 8 << 20;
/// Most bytes of `pack.txt`.
pub const PACK_BYTES: u64 = 64 << 20;
/// What a folder begins with that is being made.
const MAKING: &str = ".making-";
/// What a folder begins with that was set aside.
pub const ASIDE: &str = ".damaged-";

/// All checkpoints of this machine's user.
#[derive(Debug)]
pub struct Store {
    pub(super) folder: PathBuf,
    ledger: PathBuf,
    open: Mutex<Option<SqliteLedger>>,
}

/// A checkpoint that is whole. While this lives, `prune` leaves it alone.
#[derive(Debug)]
pub struct Stored {
    /// What is known of it.
    pub meta: Meta,
    /// Its folder.
    pub folder: PathBuf,
    // Shared by all who use it.
    _used: File,
}

impl Stored {
    /// As a backend takes it.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            id: self.meta.id.clone(),
            folder: self.folder.join("session"),
        }
    }

    /// The text that it knows.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn pack(&self) -> Result<String, CheckpointError> {
        let path = self.folder.join("pack.txt");
        fs::read_to_string(&path).map_err(CheckpointError::io("read", path))
    }
}

/// A checkpoint in a list; whether its files are whole was not looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckpointEntry {
    /// Its key.
    pub key: String,
    /// What is known of it, or what is wrong.
    pub meta: Result<Meta, String>,
}

/// A folder in which a checkpoint is made; dropped before it is done, it is gone.
#[derive(Debug)]
pub(super) struct Making {
    folder: PathBuf,
    key: String,
}

impl Making {
    /// Where the backend puts its files.
    pub fn session(&self) -> PathBuf {
        self.folder.join("session")
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        // Renamed by now, if it became one.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Store {
    /// The checkpoints in `folder`, whose story is told in `ledger`. Neither need be there yet.
    #[must_use]
    pub fn new(folder: PathBuf, ledger: PathBuf) -> Self {
        Self {
            folder,
            ledger,
            open: Mutex::default(),
        }
    }

    /// Does something with the ledger.
    pub(super) fn with_ledger<T>(
        &self,
        act: impl FnOnce(&SqliteLedger) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.is_none() {
            *open = Some(SqliteLedger::open(&self.ledger)?);
        }
        match open.as_ref() {
            Some(ledger) => act(ledger),
            None => Err(LedgerError::Unknown {
                stream: "checkpoints".into(),
            }),
        }
    }

    /// The right to make the checkpoint of that key; none while somebody else makes it.
    pub(super) fn claim(&self, key: &str) -> Result<Option<poag_ledger::Claim>, LedgerError> {
        match self.with_ledger(|ledger| ledger.claim(&super::meta::stream(key))) {
            Ok(claim) => Ok(Some(claim)),
            Err(LedgerError::Claimed { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The checkpoint of that key, whole; none where there is none.
    ///
    /// # Errors
    /// When it is there and not what it should be.
    pub fn find(&self, key: &str) -> Result<Option<Stored>, CheckpointError> {
        let folder = self.folder.join(key);
        let damaged = |reason: String| CheckpointError::Damaged {
            key: key.to_owned(),
            reason,
        };
        loop {
            match fs::symlink_metadata(&folder) {
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(damaged(error.to_string())),
                Ok(found) if !found.is_dir() => return Err(damaged("it is no folder".into())),
                Ok(_) => {}
            }
            let path = folder.join("meta.json");
            let used = File::open(&path).and_then(|file| file.lock_shared().map(|()| file));
            let used = used.map_err(|error| damaged(format!("meta.json: {error}")))?;
            // Pruned between opening and locking: look again.
            if !is_at(&used, &path) {
                continue;
            }
            let meta = read_meta(&folder, key).map_err(damaged)?;
            whole(&folder, &meta).map_err(damaged)?;
            return Ok(Some(Stored {
                meta,
                folder,
                _used: used,
            }));
        }
    }

    /// All checkpoints, the newest first, and those that cannot be read last.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub fn list(&self) -> Result<Vec<CheckpointEntry>, CheckpointError> {
        let mut entries = Vec::new();
        for name in self.names()? {
            if is_key(&name) {
                let meta = read_meta(&self.folder.join(&name), &name);
                entries.push(CheckpointEntry { key: name, meta });
            }
        }
        entries.sort_by_cached_key(|entry| {
            let created = entry.meta.as_ref().map(|meta| meta.created).ok();
            (std::cmp::Reverse(created), entry.key.clone())
        });
        Ok(entries)
    }

    /// What lies in the folder, by name.
    pub(super) fn names(&self) -> Result<Vec<String>, CheckpointError> {
        let failed = || CheckpointError::io("read", &self.folder);
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed())?,
        };
        let mut names = Vec::new();
        for entry in entries {
            if let Ok(name) = entry.map_err(failed())?.file_name().into_string() {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// An empty place for the checkpoint of that key. Whoever calls this has the claim on the key, so
    /// what is left there is of somebody who was ended.
    pub(super) fn begin(&self, key: &str) -> Result<Making, CheckpointError> {
        let folder = self.folder.join(format!("{MAKING}{key}"));
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(CheckpointError::io("clear", &folder))?;
        }
        let session = folder.join("session");
        folders::make_private(&session)
            .map_err(CheckpointError::io("make the folder", &session))?;
        Ok(Making {
            folder,
            key: key.to_owned(),
        })
    }

    /// Makes what lies in the place a checkpoint.
    pub(super) fn finish(
        &self,
        making: Making,
        meta: &Meta,
        pack: &str,
    ) -> Result<Stored, CheckpointError> {
        let write = |name: &str, text: &[u8]| {
            let path = making.folder.join(name);
            fs::write(&path, text).map_err(CheckpointError::io("write", path))
        };
        write("pack.txt", pack.as_bytes())?;
        let json = serde_json::to_vec_pretty(meta).unwrap_or_default();
        write("meta.json", &json)?;
        session::freeze(&making.folder)?;
        let place = self.folder.join(&making.key);
        fs::rename(&making.folder, &place)
            .map_err(CheckpointError::io("rename the checkpoint to", &place))?;
        self.find(&making.key)?
            .ok_or_else(|| CheckpointError::None {
                name: making.key.clone(),
            })
    }

    /// Puts what lies under a key out of the way, to be looked at until the next `prune`.
    pub(super) fn set_aside(&self, key: &str) -> Result<(), CheckpointError> {
        let now = jiff::Timestamp::now().as_millisecond();
        let aside = self.folder.join(format!("{ASIDE}{key}-{now}"));
        let place = self.folder.join(key);
        match fs::rename(&place, &aside) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(CheckpointError::io("set aside", place)(error))
            }
            _ => Ok(()),
        }
    }

    /// The key of the only checkpoint that begins so, or of the newest of that expert.
    ///
    /// # Errors
    /// When there is none, or more than one key begins so.
    pub fn named(&self, name: &str) -> Result<String, CheckpointError> {
        let entries = self.list()?;
        let of_expert = entries
            .iter()
            .find(|entry| matches!(&entry.meta, Ok(meta) if meta.key_parts.expert == name));
        if let Some(entry) = of_expert {
            return Ok(entry.key.clone());
        }
        let mut keys: Vec<String> = entries.into_iter().map(|entry| entry.key).collect();
        keys.retain(|key| name.len() >= 4 && key.starts_with(name));
        let none = || CheckpointError::None { name: name.into() };
        match keys.len() {
            0 | 1 => keys.pop().ok_or_else(none),
            _ => Err(CheckpointError::Several {
                name: name.into(),
                keys,
            }),
        }
    }
}

/// Whether an open file is still the one at a path.
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    let same = |here: fs::Metadata, there: fs::Metadata| {
        (here.dev(), here.ino()) == (there.dev(), there.ino())
    };
    file.metadata()
        .and_then(|here| Ok(same(here, fs::metadata(path)?)))
        .unwrap_or(false)
}

/// What `meta.json` says, which must be about that key.
fn read_meta(folder: &Path, key: &str) -> Result<Meta, String> {
    let bytes = read_bounded(&folder.join("meta.json"), META_BYTES)?;
    let meta: Meta =
        serde_json::from_slice(&bytes).map_err(|error| format!("meta.json: {error}"))?;
    if meta.schema_version != VERSION {
        return Err(format!("meta.json is of version {}", meta.schema_version));
    }
    if meta.key != key {
        return Err("meta.json is that of another key".into());
    }
    Ok(meta)
}

/// Compares pack and session with what was sealed.
fn whole(folder: &Path, meta: &Meta) -> Result<(), String> {
    let pack = read_bounded(&folder.join("pack.txt"), PACK_BYTES)?;
    let pack = String::from_utf8(pack).map_err(|_| "pack.txt is no text".to_owned())?;
    if sha256(pack.as_bytes()) != meta.pack || meta.key_parts.key(&pack) != meta.key {
        return Err("its key is not that of what it holds".into());
    }
    let session = folder.join("session");
    if !session.is_dir() {
        return Err("its session is missing".into());
    }
    let files = session::read(&session).map_err(|error| {
        let text = error.to_string();
        text.lines().next().unwrap_or_default().to_owned()
    })?;
    let odd = meta.files.iter().find(|file| !files.contains(file));
    match odd {
        Some(file) => Err(format!("{} is missing or not as it was", file.path)),
        None if files.len() != meta.files.len() => {
            Err("its session holds a file that was not sealed".into())
        }
        None => Ok(()),
    }
}

/// A file of at most so many bytes.
fn read_bounded(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let read = || -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(|error| format!("{name}: {error}"))?;
    if bytes.len() as u64 > most {
        return Err(format!("{name} has more than {most} bytes"));
    }
    Ok(bytes)
}

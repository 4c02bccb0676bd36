//! Takes checkpoints away that nobody uses.

#![expect(
    clippy::disallowed_methods,
    reason = "checkpoints, in the state folder"
)]

use std::fs::{self, File, TryLockError};
use std::time::Duration;

use serde::Serialize;

use super::error::CheckpointError;
use super::meta::is_key;
use super::record::CheckpointEvent;
use super::store::{ASIDE, CheckpointEntry, Store, is_at};

/// What a folder begins with that is being taken away.
const GOING: &str = ".gone-";

/// Which checkpoints go.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Which {
    /// All that are not in use.
    All,
    /// Those that were neither made nor used for so long.
    Idle(Duration),
}

/// A checkpoint that goes, or would.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gone {
    /// Its key, or the name of a folder that was set aside.
    pub key: String,
    /// Its expert, where that is known.
    pub expert: Option<String>,
    /// Why it goes, or stays.
    pub why: String,
    /// Whether it goes.
    pub goes: bool,
}

impl Store {
    /// Takes checkpoints away, or only says which would go. Damaged ones always go; those that a running poag
    /// forks its turns from stay.
    ///
    /// # Errors
    /// When they cannot be listed or removed.
    pub fn prune(&self, which: Which, dry: bool) -> Result<Vec<Gone>, CheckpointError> {
        let mut gone = Vec::new();
        for entry in self.list()? {
            let Some(why) = self.reason(&entry, which)? else {
                continue;
            };
            let expert = entry.meta.as_ref().ok();
            let expert = expert.map(|meta| meta.key_parts.expert.clone());
            let goes = dry || self.remove(&entry.key)?;
            if goes && !dry {
                let subject = expert.as_deref().unwrap_or_default();
                self.note(&entry.key, subject, &CheckpointEvent::Pruned {})?;
            }
            gone.push(Gone {
                key: entry.key,
                expert,
                why: if goes { why } else { "in use".into() },
                goes,
            });
        }
        for name in self.names()? {
            if name.starts_with(ASIDE) || name.starts_with(GOING) {
                if !dry {
                    let path = self.folder.join(&name);
                    fs::remove_dir_all(&path).map_err(CheckpointError::io("remove", path))?;
                }
                gone.push(Gone {
                    key: name,
                    expert: None,
                    why: "damaged".into(),
                    goes: true,
                });
            }
        }
        Ok(gone)
    }

    fn reason(
        &self,
        entry: &CheckpointEntry,
        which: Which,
    ) -> Result<Option<String>, CheckpointError> {
        let meta = match &entry.meta {
            Ok(meta) => meta,
            Err(reason) => return Ok(Some(format!("damaged: {reason}"))),
        };
        let idle = match which {
            Which::All => return Ok(Some("all go".into())),
            Which::Idle(idle) => idle,
        };
        let last = self.uses(&entry.key)?.last.unwrap_or(meta.created);
        let since = jiff::Timestamp::now().as_millisecond().saturating_sub(last);
        let since = Duration::from_millis(since.max(0).cast_unsigned());
        Ok((since >= idle).then(|| format!("unused for {} days", since.as_secs() / 86_400)))
    }

    /// Removes a checkpoint unless somebody uses it.
    fn remove(&self, key: &str) -> Result<bool, CheckpointError> {
        debug_assert!(is_key(key));
        let place = self.folder.join(key);
        let path = place.join("meta.json");
        // Nobody can use one without it.
        if let Ok(meta) = File::open(&path) {
            match meta.try_lock() {
                Ok(()) if is_at(&meta, &path) => return self.take_away(key),
                Ok(()) => return Ok(true),
                Err(TryLockError::WouldBlock) => return Ok(false),
                Err(TryLockError::Error(error)) => {
                    return Err(CheckpointError::io("lock", path)(error));
                }
            }
        }
        self.take_away(key)
    }

    fn take_away(&self, key: &str) -> Result<bool, CheckpointError> {
        let place = self.folder.join(key);
        let going = self.folder.join(format!("{GOING}{key}"));
        fs::rename(&place, &going).map_err(CheckpointError::io("rename", &place))?;
        fs::remove_dir_all(&going).map_err(CheckpointError::io("remove", &going))?;
        Ok(true)
    }
}

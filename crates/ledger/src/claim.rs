//! Claims: one process drives a stream. The operating system's file lock is the claim, since it ends
//! with the process, however that ends; no heartbeat can be late and no process id reused.

#![expect(clippy::disallowed_methods, reason = "the ledger, in the state folder")]

use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{LedgerError, streams};

/// How often a claim that is taken is tried again before it is taken for one.
const LOOKS: u32 = 5;

/// The right to drive one stream, given back when dropped.
#[derive(Debug)]
pub struct Claim(ClaimForm);

#[derive(Debug)]
enum ClaimForm {
    /// Dropped, it is given back.
    Locked { _lock: LockedFile },
    #[cfg(feature = "nats")]
    Leased(super::nats::Lease),
}

impl Claim {
    #[cfg(feature = "nats")]
    pub(super) fn leased(lease: super::nats::Lease) -> Self {
        Self(ClaimForm::Leased(lease))
    }

    /// The number of the lease, larger than that of every earlier one of its stream; none where a lock is the claim, which
    /// needs no number as nobody can hold it late.
    #[must_use]
    pub fn epoch(&self) -> Option<u64> {
        match &self.0 {
            ClaimForm::Locked { .. } => None,
            #[cfg(feature = "nats")]
            ClaimForm::Leased(lease) => Some(lease.epoch()),
        }
    }

    /// Whether it was not lost, as far as this process has heard: a lease is lost where its server heard nothing of its
    /// holder for too long. What is written late is refused by the stream, not by this.
    #[must_use]
    pub fn is_held(&self) -> bool {
        match &self.0 {
            ClaimForm::Locked { .. } => true,
            #[cfg(feature = "nats")]
            ClaimForm::Leased(lease) => lease.is_held(),
        }
    }
}

#[derive(Debug)]
struct LockedFile {
    path: PathBuf,
    // Closing it releases the lock.
    _lock: File,
}

impl Drop for LockedFile {
    fn drop(&mut self) {
        // Gone while still locked: whoever opened it meanwhile notices and takes a new file.
        // An empty file left behind by a failure here does no harm.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Who has a claim, as it wrote itself.
#[derive(Clone, Debug, Deserialize, Eq, schemars::JsonSchema, PartialEq, Serialize)]
pub struct Holder {
    /// Process id, in the holder's own numbering; 0 when it has not said yet.
    pub pid: u32,
    /// Since when, in milliseconds since 1970 in UTC.
    pub since: i64,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.since) {
            Ok(since) if self.pid != 0 => write!(f, "process {} since {since:.0}", self.pid),
            _ => write!(f, "another process"),
        }
    }
}

/// Takes the claim on a stream of the ledger at `ledger`.
pub(super) fn take(ledger: &Path, stream: &str) -> Result<Claim, LedgerError> {
    streams::check_id(stream)?;
    let path = place(ledger, stream);
    if let Some(folder) = path.parent() {
        private_folder(folder)?;
        sweep(folder, stream);
    }
    let mut looks = 0;
    loop {
        let failed = |doing| {
            let path = path.clone();
            move |source| LedgerError::Io {
                doing,
                path,
                source,
            }
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(failed("open the claim"))?;
        match file.try_lock() {
            Ok(()) => {}
            // Perhaps somebody only looks who has it, see [`holder_of`].
            Err(TryLockError::WouldBlock) if looks < LOOKS => {
                looks += 1;
                std::thread::sleep(Duration::from_millis(2));
                continue;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(LedgerError::Claimed {
                    stream: stream.to_owned(),
                    holder: holder(file),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed("lock the claim")(source)),
        }
        // The former holder may have removed the file between opening and locking it here.
        if !is_at(&file, &path).map_err(failed("look at the claim"))? {
            continue;
        }
        let me = Holder {
            pid: std::process::id(),
            since: jiff::Timestamp::now().as_millisecond(),
        };
        file.set_len(0)
            .and_then(|()| file.write_all(serde_json::json!(me).to_string().as_bytes()))
            .map_err(failed("write the claim"))?;
        return Ok(Claim(ClaimForm::Locked {
            _lock: LockedFile { path, _lock: file },
        }));
    }
}

/// Removes what processes that were killed left of their claims on other streams.
fn sweep(folder: &Path, stream: &str) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name() == stream {
            continue;
        }
        // Removed while locked, as by [`Claim`]. One that cannot be is left for the next.
        if let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
            && is_at(&file, &entry.path()).is_ok_and(|is| is)
        {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Who has the claim on a stream, if anybody.
pub(super) fn holder_of(ledger: &Path, stream: &str) -> Result<Option<Holder>, LedgerError> {
    streams::check_id(stream)?;
    let path = place(ledger, stream);
    let failed = |source| LedgerError::Io {
        doing: "look at the claim",
        path: path.clone(),
        source,
    };
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => Ok(Some(holder(file))),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// The file that is locked for a stream.
fn place(ledger: &Path, stream: &str) -> PathBuf {
    let mut folder = ledger.as_os_str().to_owned();
    folder.push("-claims");
    PathBuf::from(folder).join(stream)
}

/// Makes a folder that only its owner can read, where there is none.
pub(super) fn private_folder(path: &Path) -> Result<(), LedgerError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|source| LedgerError::Io {
        doing: "make the folder",
        path: path.to_owned(),
        source,
    })
}

fn is_at(file: &File, path: &Path) -> std::io::Result<bool> {
    let here = file.metadata()?;
    match std::fs::metadata(path) {
        Ok(there) => Ok((here.dev(), here.ino()) == (there.dev(), there.ino())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn holder(file: File) -> Holder {
    let mut text = String::new();
    let unknown = Holder { pid: 0, since: 0 };
    match file.take(4096).read_to_string(&mut text) {
        Ok(_) => serde_json::from_str(&text).unwrap_or(unknown),
        Err(_) => unknown,
    }
}

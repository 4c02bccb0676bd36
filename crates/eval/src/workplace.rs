//! A temporary folder that is gone when the measurement ends, however it ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::BenchError;

/// How often the removal is tried while another thread may still be writing.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(10);

/// The folder's owner: dropped, it stops whoever works there and removes the folder.
pub struct TemporaryFolder {
    desk: Desk,
}

/// What works there; it may outlive the folder, and is told so.
#[derive(Clone)]
pub struct Desk {
    folder: PathBuf,
    stopped: Arc<Mutex<bool>>,
}

impl TemporaryFolder {
    /// A new folder.
    pub fn new() -> Result<Self, BenchError> {
        let made = tempfile::Builder::new().prefix("poag-bench-").tempdir();
        let folder = made.map_err(|source| BenchError::File {
            path: std::env::temp_dir(),
            source,
        })?;
        Ok(Self {
            desk: Desk {
                folder: folder.keep(),
                stopped: Arc::default(),
            },
        })
    }

    /// For the thread that works.
    pub fn desk(&self) -> Desk {
        self.desk.clone()
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        *self
            .desk
            .stopped
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = true;
        // Under another name, nobody who still writes finds it.
        let gone = self.desk.folder.with_extension("gone");
        let folder = match fs::rename(&self.desk.folder, &gone) {
            Ok(()) => gone,
            Err(_) => self.desk.folder.clone(),
        };
        for _ in 0..TRIES {
            // A file that was just being made can make it fail once.
            if fs::remove_dir_all(&folder).is_ok() || !folder.exists() {
                return;
            }
            thread::sleep(PAUSE);
        }
    }
}

impl Desk {
    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A folder in it, for a part of the work.
    pub fn room(&self, name: &str) -> Self {
        Self {
            folder: self.folder.join(name),
            stopped: Arc::clone(&self.stopped),
        }
    }

    /// Removes what was written.
    pub fn clear(&self) {
        // What stays is removed with the whole.
        let _ = fs::remove_dir_all(&self.folder);
    }

    /// Fails once nobody waits for the work any more.
    pub fn going_on(&self) -> Result<(), BenchError> {
        match *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) {
            true => Err(BenchError::Stopped),
            false => Ok(()),
        }
    }

    /// Writes a file, by a relative path without `..`, and the folders around it.
    pub fn write(&self, path: &str, text: &str) -> Result<(), BenchError> {
        // Held while writing, so that nothing is made again that was removed.
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        if *stopped {
            return Err(BenchError::Stopped);
        }
        let place = self.folder.join(path);
        let inside = Path::new(path)
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        let result = if inside {
            place
                .parent()
                .map_or(Ok(()), fs::create_dir_all)
                .and_then(|()| fs::write(&place, text))
        } else {
            Err(std::io::ErrorKind::InvalidFilename.into())
        };
        result.map_err(|source| BenchError::File {
            path: place,
            source,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_goes_with_its_owner_and_does_not_come_back() {
        let place = TemporaryFolder::new().unwrap();
        let desk = place.desk();
        desk.write("a/b.txt", "text").unwrap();
        assert!(desk.folder().join("a/b.txt").is_file());
        drop(place);
        assert!(!desk.folder().exists());
        assert!(matches!(desk.write("c", ""), Err(BenchError::Stopped)));
        assert!(!desk.folder().exists());
    }

    #[test]
    fn no_path_leads_out_of_it() {
        let place = TemporaryFolder::new().unwrap();
        for path in ["../x", "/tmp/x", "a/../../x"] {
            assert!(place.desk().write(path, "").is_err(), "{path}");
        }
    }

    #[test]
    fn who_writes_without_asking_does_not_keep_it_there() {
        let place = TemporaryFolder::new().unwrap();
        let folder = place.desk().folder().to_owned();
        let busy = thread::spawn({
            let folder = folder.clone();
            move || (0..100_000).all(|at| fs::write(folder.join(at.to_string()), "").is_ok())
        });
        thread::sleep(PAUSE);
        drop(place);
        assert!(!folder.exists());
        assert!(!busy.join().unwrap());
    }
}

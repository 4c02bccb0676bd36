//! What the past of a repository teaches about an expert's files: learned once per commit and knowledge, kept on disk.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::LibrarianError;
use super::rank::{Corpus, MOST_COMMITS, Options, Ranker, Sheet};
use super::store;
use crate::expert::Expert;
use crate::history::{self, Past};
use crate::knowledge::files::Files;
use crate::knowledge::parallel;
use crate::knowledge::secrets::{redact, secret_name};

/// Version of what is kept; another number means that it is learned anew.
const VERSION: u32 = 1;
/// Bytes of text above which files are found by their words alone: to learn would take too long.
const HEAVY: u64 = 48 << 20;
/// Bytes above which nothing is kept.
const KEPT: usize = 256 << 20;

type Slot = Arc<OnceLock<Option<Arc<Ranker>>>>;

/// The past of one repository, for all experts that live in it.
pub struct Recall {
    repository: PathBuf,
    cache: PathBuf,
    head: OnceLock<Result<String, String>>,
    past: OnceLock<Arc<Past>>,
    rankers: Mutex<HashMap<String, Slot>>,
}

/// What is kept on disk: one file per expert's folder, replaced when its key changes.
#[derive(Deserialize)]
struct Kept {
    key: String,
    ranker: Ranker,
}

/// The same, to be written.
#[derive(Serialize)]
struct Keep<'r> {
    key: &'r str,
    ranker: &'r Ranker,
}

impl Recall {
    /// Nothing is read before it is needed.
    pub fn new(repository: PathBuf, cache: PathBuf) -> Self {
        Self {
            repository,
            cache,
            head: OnceLock::new(),
            past: OnceLock::new(),
            rankers: Mutex::default(),
        }
    }

    /// The ranker of a local expert; none without a past.
    ///
    /// # Errors
    /// When the knowledge cannot be read.
    pub fn ranker(&self, expert: &Expert) -> Result<Option<Arc<Ranker>>, LibrarianError> {
        let Ok(head) = self.head() else {
            return Ok(None);
        };
        let slot = {
            let mut rankers = self.rankers.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(rankers.entry(expert.name.clone()).or_default())
        };
        if let Some(known) = slot.get() {
            return Ok(known.clone());
        }
        let ranker = self.read(expert, head)?;
        Ok(slot.get_or_init(|| ranker).clone())
    }

    /// Why there is less of a past than one may expect, as a note.
    pub fn note(&self) -> Option<String> {
        let told = match self.head() {
            Err(reason) => Some(reason.clone()),
            Ok(_) => self.past.get().and_then(|past| past.note.clone()),
        };
        told.map(|reason| format!("the past did not help to find files: {reason}"))
    }

    fn head(&self) -> Result<&String, &String> {
        let head = self.head.get_or_init(|| {
            history::resolve(&self.repository, "HEAD").map_err(|error| {
                let text = error.to_string();
                text.lines().next().unwrap_or_default().to_owned()
            })
        });
        head.as_ref()
    }

    fn read(&self, expert: &Expert, head: &str) -> Result<Option<Arc<Ranker>>, LibrarianError> {
        let knowledge = &expert.knowledge.path;
        let key = self.key(expert, head);
        let place = self.place(expert);
        if let Some(ranker) = kept(&place, &key) {
            return Ok((ranker.corpus().commits() > 0).then(|| Arc::new(ranker)));
        }
        let files = Files::read(knowledge)?;
        if files.files.iter().map(|file| file.size).sum::<u64>() > HEAVY {
            return Ok(None);
        }
        let sheets = parallel::map(&files.files, |file| {
            let text = match secret_name(&file.path) {
                Some(_) => None,
                None => files.text(file)?,
            };
            let text = text.map(|text| redact(&file.path, &text).0.into_owned());
            Ok((file.path.clone(), Sheet::of(&file.path, text.as_deref())))
        });
        let sheets = sheets.collect::<Result<Vec<_>, LibrarianError>>()?;
        let past = self
            .past
            .get_or_init(|| Arc::new(Past::known(&self.repository, head, "", MOST_COMMITS)));
        let corpus = Corpus::new(sheets, past, expert.dir(), None);
        let ranker = Ranker::new(corpus, Options::default());
        keep(&place, &key, &ranker);
        Ok((ranker.corpus().commits() > 0).then(|| Arc::new(ranker)))
    }

    /// What a ranker depends on: the knowledge, the commit, and how it is learned.
    fn key(&self, expert: &Expert, head: &str) -> String {
        let knowledge = store::place(Path::new(""), &expert.knowledge.path);
        format!(
            "{VERSION} {} {head} {}",
            env!("CARGO_PKG_VERSION"),
            knowledge.display()
        )
    }

    fn place(&self, expert: &Expert) -> PathBuf {
        let mut hash = Sha256::new();
        hash.update(self.repository.as_os_str().as_encoded_bytes());
        hash.update(b"\0");
        hash.update(expert.dir());
        hash.update(b"\0");
        hash.update(&expert.name);
        let bytes = hash.finalize();
        let name = bytes
            .iter()
            .take(16)
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        self.cache.join(format!("{name}.ranker"))
    }
}

fn kept(place: &Path, key: &str) -> Option<Ranker> {
    let bytes = fs::read(place).ok()?;
    let kept: Kept = rmp_serde::from_slice(&bytes).ok()?;
    (kept.key == key && kept.ranker.is_whole()).then_some(kept.ranker)
}

/// Keeps a ranker for the next time. Whether that succeeds changes nothing but how long the next time takes.
fn keep(place: &Path, key: &str, ranker: &Ranker) {
    let Ok(bytes) = rmp_serde::to_vec(&Keep { key, ranker }) else {
        return;
    };
    let Some(folder) = place.parent().filter(|_| bytes.len() <= KEPT) else {
        return;
    };
    let part = folder.join(format!(".{}.part", uuid::Uuid::now_v7().simple()));
    let written = fs::create_dir_all(folder)
        .and_then(|()| fs::write(&part, bytes))
        .and_then(|()| fs::rename(&part, place));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
}

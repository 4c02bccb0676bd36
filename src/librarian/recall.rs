//! The ranker of an expert's files, with what the past of its repository teaches: kept on disk, and made of what is kept of
//! single files and commits where either changed.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use sha2::{Digest as _, Sha256};

use super::error::LibrarianError;
use super::rank::{Corpus, MOST_COMMITS, Options, Ranker};
use super::sheets::sheets;
use super::{kept, store};
use crate::expert::Expert;
use crate::history::{self, Log, Past};
use crate::knowledge::hash::hex;

/// Version of what is kept; another number means that it is learned anew.
const VERSION: u32 = 2;
/// Bytes of text above which files are found by their words alone: to learn would take too long, and too much memory.
const HEAVY: u64 = 48 << 20;

type Slot = Arc<OnceLock<Option<Arc<Ranker>>>>;

/// The rankers of experts, and the past of the repository that local ones live in.
pub struct Recall {
    cache: PathBuf,
    repository: Option<PathBuf>,
    head: OnceLock<Result<String, String>>,
    past: OnceLock<Past>,
    rankers: Mutex<HashMap<String, Slot>>,
    /// [`HEAVY`], or what a test has for it.
    pub(super) most: u64,
    /// Experts that have too much text.
    heavy: Mutex<BTreeSet<String>>,
}

impl Recall {
    /// Nothing is read before it is needed. Without a repository nobody has a past.
    pub fn new(cache: PathBuf, repository: Option<PathBuf>) -> Self {
        Self {
            cache,
            repository,
            head: OnceLock::new(),
            past: OnceLock::new(),
            rankers: Mutex::default(),
            most: HEAVY,
            heavy: Mutex::default(),
        }
    }

    /// The ranker of an expert's files; where there is no past of them, by all that the files themselves say. None where
    /// that is too much.
    ///
    /// # Errors
    /// When the knowledge cannot be read.
    pub fn ranker(&self, expert: &Expert) -> Result<Option<Arc<Ranker>>, LibrarianError> {
        let slot = {
            let mut rankers = self.rankers.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(rankers.entry(expert.name.clone()).or_default())
        };
        if let Some(known) = slot.get() {
            return Ok(known.clone());
        }
        let ranker = self.read(expert)?.map(Arc::new);
        Ok(slot.get_or_init(|| ranker).clone())
    }

    /// Why the past told less of a local expert's files than one may expect, as a note.
    pub fn note(&self, expert: &Expert) -> Option<String> {
        if self.heavy().contains(&expert.name) {
            return Some(format!(
                "files were found by their words alone, without the past: `{}` has more than {} MiB of text",
                expert.name,
                self.most >> 20
            ));
        }
        let told = match self.head(expert)? {
            Err(reason) => Some(reason.clone()),
            Ok(_) => self.past.get().and_then(|past| past.note.clone()),
        };
        told.map(|reason| format!("the past did not help to find files: {reason}"))
    }

    /// The newest commit, for those who live where there may be one, or why there is none.
    fn head(&self, expert: &Expert) -> Option<&Result<String, String>> {
        let repository = self.repository.as_ref().filter(|_| expert.is_local())?;
        Some(self.head.get_or_init(|| {
            history::resolve(repository, "HEAD").map_err(|error| {
                let text = error.to_string();
                text.lines().next().unwrap_or_default().to_owned()
            })
        }))
    }

    fn read(&self, expert: &Expert) -> Result<Option<Ranker>, LibrarianError> {
        let head = self.head(expert).and_then(|head| head.as_ref().ok());
        let title = title(expert, head);
        let place = self.place(expert, "ranker");
        if let Some(ranker) = known(&place, &title) {
            return Ok(Some(ranker));
        }
        let sheets = sheets(
            &expert.knowledge.path,
            &self.place(expert, "sheets"),
            self.most,
        )?;
        let Some(sheets) = sheets else {
            self.heavy().insert(expert.name.clone());
            return Ok(None);
        };
        let none = Past::default();
        let past = match head {
            Some(head) => self.past.get_or_init(|| self.read_past(head)),
            None => &none,
        };
        let corpus = Corpus::new(sheets, past, expert.dir(), None);
        let ranker = Ranker::new(corpus, Options::default());
        kept::write(&place, &title, |to| {
            rmp_serde::encode::write(to, &ranker).is_ok()
        });
        Ok(Some(ranker))
    }

    /// The commits before and at `head`; those that were read before are not read again.
    fn read_past(&self, head: &str) -> Past {
        let repository = self.repository.as_deref().unwrap_or(Path::new("."));
        let title = format!("poag past {VERSION} {}", env!("CARGO_PKG_VERSION"));
        let place = self.file(&[], "past");
        let older: Option<Log> =
            kept::read(&place, &title).and_then(|bytes| rmp_serde::from_slice(&bytes).ok());
        let before = older.as_ref().map(|log| log.past.head.clone());
        match history::renew(repository, head, MOST_COMMITS, older) {
            Ok(log) => {
                if before.as_ref() != Some(&log.past.head) {
                    kept::write(&place, &title, |to| {
                        rmp_serde::encode::write(to, &log).is_ok()
                    });
                }
                log.past
            }
            Err(error) => Past::unknown(&error),
        }
    }

    fn place(&self, expert: &Expert, ending: &str) -> PathBuf {
        let index = store::place(Path::new(""), &expert.knowledge.path);
        let name = index.to_str().and_then(store::family).unwrap_or_default();
        let of = [expert.dir(), &expert.name, name];
        self.file(&of.map(str::as_bytes), ending)
    }

    /// The file that is kept for something of that identity.
    fn file(&self, of: &[&[u8]], ending: &str) -> PathBuf {
        let repository = self.repository.as_deref().unwrap_or(Path::new(""));
        let mut identity = vec![repository.as_os_str().as_encoded_bytes()];
        identity.extend(of);
        let name = hex(&Sha256::digest(identity.join(&0)));
        self.cache.join(format!("{}.{ending}", &name[..32]))
    }

    fn heavy(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.heavy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a ranker depends on: the knowledge, the commit, and how it is learned.
fn title(expert: &Expert, head: Option<&String>) -> String {
    let knowledge = store::place(Path::new(""), &expert.knowledge.path);
    format!(
        "poag ranker {VERSION} {} {} {}",
        env!("CARGO_PKG_VERSION"),
        head.map_or("no-past", String::as_str),
        knowledge.display()
    )
}

fn known(place: &Path, title: &str) -> Option<Ranker> {
    let ranker: Ranker = rmp_serde::from_slice(&kept::read(place, title)?).ok()?;
    ranker.is_whole().then_some(ranker)
}

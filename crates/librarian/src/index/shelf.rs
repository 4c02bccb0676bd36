//! The files of all experts of a graph, read once: for the ranker with the past of their repository, and for answers.
//!
//! Files are named from the top of the repository, so that the past knows them; files of flakes elsewhere begin with the
//! expert's name, which no path of the repository does.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::files::sheets;
use super::kept;
use super::sheet::Sheet;
use crate::answer::passages::Passages;
use crate::error::LibrarianError;
use crate::rank::{Corpus, MOST_COMMITS, Options, Ranker};
use poag_core::expert::{Expert, Graph};
use poag_core::hex;
use poag_git::history::{self, Log, Past};
use poag_knowledge::files::Files;

/// Version of what is kept; another one is made again.
const VERSION: u32 = 11;
/// Bytes of text that are read of all experts together; experts beyond that, farthest from the root first, are left out.
const MOST: u64 = 96 << 20;

/// What can be kept, and tells whether what was read of it fits together.
trait Kept: Serialize + DeserializeOwned {
    fn is_whole(&self) -> bool;
}

impl Kept for Ranker {
    fn is_whole(&self) -> bool {
        self.is_whole()
    }
}

impl Kept for Passages {
    fn is_whole(&self) -> bool {
        self.is_whole()
    }
}

/// Sheets under the names of their files.
type Named = Vec<(String, Sheet)>;
/// The same with their owners.
type Sheets = (Named, Pool<()>);

/// Files of many experts under names of their own, and something made of them.
#[derive(Deserialize, Serialize)]
pub struct Pool<T> {
    /// What was made of them.
    pub of: T,
    /// The experts, in the order of their names.
    experts: Vec<String>,
    /// What stands before the paths of each expert.
    prefixes: Vec<String>,
    /// File → the number of its expert.
    owners: HashMap<String, u32>,
    /// Experts whose files were too many to be read.
    pub left_out: Vec<String>,
}

impl<T> Pool<T> {
    /// The expert that owns a file, and the file's path in its flake.
    #[must_use]
    pub fn place<'p>(&'p self, file: &'p str) -> Option<(&'p str, &'p str)> {
        let owner = *self.owners.get(file)? as usize;
        let path = file.strip_prefix(self.prefixes.get(owner)?.as_str())?;
        Some((self.experts.get(owner)?, path))
    }

    /// The name in the pool of a file of an expert's flake, where it has one.
    #[must_use]
    pub fn name(&self, expert: &str, path: &str) -> Option<String> {
        let at = self.experts.iter().position(|name| name == expert)?;
        let name = format!("{}{path}", self.prefixes[at]);
        self.owners.contains_key(&name).then_some(name)
    }
}

/// Where the pools of one graph are kept.
pub struct Shelf {
    cache: PathBuf,
    repository: Option<PathBuf>,
    head: OnceLock<Result<String, String>>,
    past: OnceLock<Past>,
    ranker: Mutex<Option<Arc<Pool<Ranker>>>>,
    passages: Mutex<Option<Arc<Pool<Passages>>>>,
    /// What was read for the first of both, until the other takes it.
    sheets: Mutex<Option<Arc<Sheets>>>,
}

impl Shelf {
    /// Nothing is read before it is needed. Without a repository there is no past.
    #[must_use]
    pub fn new(cache: PathBuf, repository: Option<PathBuf>) -> Self {
        Self {
            cache,
            repository,
            head: OnceLock::new(),
            past: OnceLock::new(),
            ranker: Mutex::default(),
            passages: Mutex::default(),
            sheets: Mutex::default(),
        }
    }

    /// The ranker of all files of the graph.
    ///
    /// # Errors
    /// When knowledge cannot be read.
    pub fn ranker(&self, graph: &Graph) -> Result<Arc<Pool<Ranker>>, LibrarianError> {
        let head = self.head().and_then(|head| head.as_ref().ok()).cloned();
        let title = self.title(graph, "ranker", head.as_deref());
        self.kept(&self.ranker, graph, "ranker", &title, |files| {
            let none = Past::default();
            let past = match &head {
                Some(head) => self.past.get_or_init(|| self.read_past(head)),
                None => &none,
            };
            Ranker::new(Corpus::new(files, past, "", None), Options::default())
        })
    }

    /// The passages of all files of the graph.
    ///
    /// # Errors
    /// When knowledge cannot be read.
    pub fn passages(&self, graph: &Graph) -> Result<Arc<Pool<Passages>>, LibrarianError> {
        let title = self.title(graph, "passages", None);
        self.kept(&self.passages, graph, "passages", &title, |files| {
            Passages::new(files)
        })
    }

    /// Why the past did not help to find files, where one may expect that it does.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        let reason = match self.head()? {
            Err(reason) => Some(reason.clone()),
            Ok(_) => self.past.get().and_then(|past| past.note.clone()),
        };
        reason.map(|reason| format!("the past did not help to find files: {reason}"))
    }

    fn kept<T: Kept>(
        &self,
        slot: &Mutex<Option<Arc<Pool<T>>>>,
        graph: &Graph,
        ending: &str,
        title: &str,
        make: impl FnOnce(&Named) -> T,
    ) -> Result<Arc<Pool<T>>, LibrarianError> {
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*slot {
            return Ok(Arc::clone(known));
        }
        let place = self.file(&[graph.root.as_bytes()], ending);
        let known = kept::read(&place, title)
            .and_then(|bytes| rmp_serde::from_slice(&bytes).ok())
            .filter(|known: &Pool<T>| known.of.is_whole());
        let pool = match known {
            Some(pool) => pool,
            None => {
                let read = self.read_once(graph)?;
                let (files, pool) = &*read;
                let pool = Pool {
                    of: make(files),
                    experts: pool.experts.clone(),
                    prefixes: pool.prefixes.clone(),
                    owners: pool.owners.clone(),
                    left_out: pool.left_out.clone(),
                };
                kept::write(&place, title, |to| {
                    rmp_serde::encode::write(to, &pool).is_ok()
                });
                pool
            }
        };
        let pool = Arc::new(pool);
        *slot = Some(Arc::clone(&pool));
        Ok(pool)
    }

    /// What [`Self::read`] gives, read once for the ranker and the passages: who comes second takes it away.
    fn read_once(&self, graph: &Graph) -> Result<Arc<Sheets>, LibrarianError> {
        let mut slot = self.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(read) = slot.take() {
            return Ok(read);
        }
        let read = Arc::new(self.read(graph)?);
        *slot = Some(Arc::clone(&read));
        Ok(read)
    }

    /// The sheets of all experts, those nearest to the root first while there is room.
    fn read(&self, graph: &Graph) -> Result<Sheets, LibrarianError> {
        let mut pool = Pool {
            of: (),
            experts: Vec::new(),
            prefixes: Vec::new(),
            owners: HashMap::new(),
            left_out: Vec::new(),
        };
        let (mut files, mut room) = (Vec::new(), MOST);
        for expert in nearest_first(graph) {
            let place = self.place(expert);
            let Some(read) = sheets(&expert.knowledge.path, &place, room)? else {
                pool.left_out.push(expert.name.clone());
                continue;
            };
            let number = u32::try_from(pool.experts.len()).unwrap_or(u32::MAX);
            let prefix = prefix(expert);
            for (path, sheet) in read {
                room = room.saturating_sub(sheet.size as u64);
                let name = format!("{prefix}{path}");
                pool.owners.insert(name.clone(), number);
                files.push((name, sheet));
            }
            pool.experts.push(expert.name.clone());
            pool.prefixes.push(prefix);
        }
        files.sort_by(|a, b| a.0.cmp(&b.0));
        files.dedup_by(|a, b| a.0 == b.0);
        Ok((files, pool))
    }

    /// The newest commit, or why there is none; none without a repository.
    fn head(&self) -> Option<&Result<String, String>> {
        let repository = self.repository.as_ref()?;
        Some(self.head.get_or_init(|| {
            history::resolve(repository, "HEAD").map_err(|error| {
                let text = error.to_string();
                text.lines().next().unwrap_or_default().to_owned()
            })
        }))
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

    /// What a pool depends on: the knowledge of all experts and the commit.
    fn title(&self, graph: &Graph, what: &str, head: Option<&str>) -> String {
        let mut sum = Sha256::new();
        for expert in graph.experts.values() {
            sum.update(expert.name.as_bytes());
            sum.update([0]);
            sum.update(prefix(expert).as_bytes());
            sum.update([0]);
            sum.update(content(&expert.knowledge.path).as_bytes());
            sum.update([0]);
        }
        format!(
            "poag {what} {VERSION} {} {} {}",
            env!("CARGO_PKG_VERSION"),
            head.unwrap_or("no-past"),
            hex(&sum.finalize())
        )
    }

    /// Where the sheets of an expert are kept.
    fn place(&self, expert: &Expert) -> PathBuf {
        let knowledge = expert.knowledge.path.to_string_lossy().into_owned();
        let name = match knowledge.strip_prefix("/nix/store/") {
            // The same files at another time have another hash and the same name.
            Some(stored) => stored.get(33..).unwrap_or("").to_owned(),
            None => knowledge,
        };
        self.file(
            &[
                prefix(expert).as_bytes(),
                expert.name.as_bytes(),
                name.as_bytes(),
            ],
            "sheets",
        )
    }

    /// The file that is kept for something of that identity.
    fn file(&self, of: &[&[u8]], ending: &str) -> PathBuf {
        let repository = self.repository.as_deref().unwrap_or(Path::new(""));
        let mut identity = vec![repository.as_os_str().as_encoded_bytes()];
        identity.extend(of);
        let name = hex(&Sha256::digest(identity.join(&0)));
        self.cache.join(format!("{}.{ending}", &name[..32]))
    }
}

/// What stands before the paths of an expert: its folder in the repository, or its name where it lives elsewhere.
fn prefix(expert: &Expert) -> String {
    match (expert.is_local(), expert.dir()) {
        (true, "") => String::new(),
        (true, dir) => format!("{dir}/"),
        (false, _) => format!("//{}/", expert.name),
    }
}

/// Tells the content of a knowledge folder: its path in the Nix store, else its files with size and time.
fn content(knowledge: &Path) -> String {
    let path = knowledge.to_string_lossy().into_owned();
    if knowledge.starts_with("/nix/store") {
        return path;
    }
    let mut sum = Sha256::new();
    let files = Files::read(knowledge)
        .map(|files| files.files)
        .unwrap_or_default();
    for file in files {
        let changed = std::fs::symlink_metadata(knowledge.join(&file.path))
            .and_then(|meta| meta.modified())
            .ok()
            .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        sum.update(file.path.as_bytes());
        sum.update(file.size.to_le_bytes());
        sum.update(changed.map_or(0, |since| since.as_nanos()).to_le_bytes());
    }
    path + &hex(&sum.finalize())
}

/// All experts, by their distance from the root; among equals, by name.
fn nearest_first(graph: &Graph) -> Vec<&Expert> {
    let mut seen: BTreeSet<&str> = BTreeSet::from([graph.root.as_str()]);
    let mut waiting: VecDeque<&Expert> = graph.expert(&graph.root).into_iter().collect();
    let mut all = Vec::new();
    while let Some(expert) = waiting.pop_front() {
        all.push(expert);
        for name in expert.neighbors.keys() {
            if seen.insert(name) {
                waiting.extend(graph.expert(name));
            }
        }
    }
    all.extend(
        graph
            .experts
            .values()
            .filter(|expert| !seen.contains(expert.name.as_str())),
    );
    all
}

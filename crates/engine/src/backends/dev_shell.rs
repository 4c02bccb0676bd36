//! The dev shell of an expert's flake, around the agent that thinks for it: only its `PATH`, behind the folder of
//! poag and the person's own. It adds programs, and cannot put others in the place of those that are there:
//! nobody was asked whether what a repository brings may run. Its other variables could have programs of the
//! person run code of the repository (`LD_PRELOAD`, `NODE_OPTIONS`, `GIT_…`), and are not taken.

#![expect(clippy::disallowed_methods, reason = "the cache folder")]

use std::collections::BTreeMap;
use std::env::{consts, join_paths, split_paths};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;

use crate::{Engine, Progress};
use poag_agent::environment::own_path;
use poag_core::expert::{Expert, Graph};
use poag_core::hex;
use poag_env::folders;
use poag_nix::{FlakeRef, Nix};

/// How long nix may take over one.
const ALLOWED: Duration = Duration::from_secs(60);
/// Lines of nix's that a note quotes.
const QUOTED_LINES: usize = 12;

/// The dev shells of one run.
pub struct DevShells {
    nix: Nix,
    flake: FlakeRef,
    cache: PathBuf,
    /// The folder of poag itself.
    own: Option<PathBuf>,
    progress: Arc<dyn Progress>,
    /// Expert → its search path, found out once.
    found: Mutex<BTreeMap<String, Arc<OnceCell<Option<OsString>>>>>,
}

/// What a file of the cache holds.
#[derive(Deserialize, Serialize)]
struct CachedPath {
    /// The dev shell's `PATH`; none where there is no dev shell.
    path: Option<String>,
}

impl DevShells {
    /// Those of a flake's experts.
    pub fn new(engine: &Engine, flake: &FlakeRef, cache: &Path) -> Self {
        let settings = engine.settings();
        let program = settings.program.as_deref();
        Self {
            nix: engine.nix(),
            flake: flake.clone(),
            cache: cache.join("dev-shells"),
            own: program.and_then(Path::parent).map(Path::to_owned),
            progress: Arc::clone(&settings.progress),
            found: Mutex::default(),
        }
    }

    /// Where an expert's agent finds programs; none where its flake has no dev shell, or where that cannot be
    /// made, which is said once. Flakes of other repositories bring nothing.
    pub async fn search_path(&self, graph: &Graph, expert: &Expert) -> Option<OsString> {
        let folder = self.flake.folder_of(expert.dir());
        let folder = folder.filter(|_| expert.is_local())?;
        let cell = {
            let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(found.entry(expert.name.clone()).or_default())
        };
        let find = || async {
            let path = self.find(graph, expert, &folder).await?;
            around(self.own.clone(), &path)
        };
        cell.get_or_init(find).await.clone()
    }

    async fn find(&self, graph: &Graph, expert: &Expert, folder: &Path) -> Option<OsString> {
        let declaration = fs::read(folder.join("flake.nix")).ok()?;
        if !names_a_shell(&declaration) {
            return None;
        }
        let file = self.cache.join(key(graph, expert, folder, &declaration));
        if let Some(known) = load(&file) {
            return known.path.map(OsString::from);
        }
        let name = &expert.name;
        let what = format!("making the dev shell of {name} (--no-dev-shell leaves it out)");
        let waiting = self.progress.begin(what);
        let made = match FlakeRef::around(folder) {
            Ok(flake) => self.nix.dev_path(&flake, ALLOWED).await,
            Err(_) => Ok(None),
        };
        drop(waiting);
        match made {
            Ok(path) => {
                let text = path.as_deref().map(OsStr::to_str);
                if text != Some(None) {
                    let path = text.flatten().map(str::to_owned);
                    // Without it, nix is asked again the next time.
                    let _ = store(&file, &CachedPath { path });
                }
                path
            }
            Err(error) => {
                self.progress.note(note(name, &error.to_string()));
                None
            }
        }
    }
}

/// Whether a flake may have a dev shell: where its text names none, nix is not asked.
fn names_a_shell(declaration: &[u8]) -> bool {
    let text = String::from_utf8_lossy(declaration);
    ["devShell", "mkShell"]
        .iter()
        .any(|word| text.contains(word))
}

/// Everything a dev shell is made of, as far as poag knows it: its flake, what is locked, and the flakes that
/// it may take from this repository.
fn key(graph: &Graph, expert: &Expert, folder: &Path, declaration: &[u8]) -> String {
    let reached = graph.rooted_at(&expert.name);
    let reached = reached.iter().flat_map(|graph| graph.experts.values());
    let lock = fs::read(folder.join("flake.lock")).unwrap_or_default();
    let mut hash = Sha256::new();
    let machine = format!("{}-{}", consts::ARCH, consts::OS);
    let place = folder.as_os_str().as_encoded_bytes();
    let parts = [machine.as_bytes(), place, declaration, &lock];
    for part in parts
        .into_iter()
        .chain(reached.map(|expert| expert.identity.as_bytes()))
    {
        hash.update(Sha256::digest(part));
    }
    format!("{}.json", hex(&hash.finalize()))
}

/// An answer that still holds: what it names may have been collected as garbage.
fn load(file: &Path) -> Option<CachedPath> {
    let entry: CachedPath = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
    let folders = entry.path.iter().flat_map(split_paths);
    folders
        .into_iter()
        .all(|folder| folder.is_dir())
        .then_some(entry)
}

/// Written beside its place and renamed, so that nobody ever reads half of it.
fn store(file: &Path, entry: &CachedPath) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    folders::make_private(folder)?;
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer(&mut beside, entry)?;
    beside.persist(file)?;
    Ok(())
}

/// The folder of poag, those of this process, and the dev shell's.
fn around(own: Option<PathBuf>, shell: &OsStr) -> Option<OsString> {
    let path = own_path().unwrap_or_default();
    let folders = own.into_iter().chain(split_paths(&path));
    join_paths(folders.chain(split_paths(shell))).ok()
}

fn note(name: &str, error: &str) -> String {
    let lines: Vec<&str> = error.lines().collect();
    let skipped = lines.len().saturating_sub(QUOTED_LINES);
    let mut note =
        format!("{name} thinks without the dev shell of its flake (--no-dev-shell leaves it out):");
    for line in lines.iter().skip(skipped) {
        note.push_str("\n  ");
        note.push_str(line);
    }
    note
}

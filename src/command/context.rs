//! What every verb starts from: the flake that is meant, nix, and poag's own folders.

use std::env;
use std::path::{Path, PathBuf};

use super::global::Global;
use crate::engine::checkpoint::Store;
use crate::error::Error;
use crate::expert::{Expert, Graph};
use crate::folders;
use crate::ledger::SqliteLedger;
use crate::near::nearest;
use crate::nix::{Evaluation, FlakeRef, Nix, repository_root};
use crate::progress::Waiting;

/// Set by the app of a flake: that flake's folder relative to its repository.
const APP_DIR: &str = "POAG_APP_DIR";
/// Set by the app of a flake: the name of its expert.
const APP_EXPERT: &str = "POAG_APP_EXPERT";

/// The flake that is meant and the tools to look at it.
pub struct Context {
    /// The flake.
    pub flake: FlakeRef,
    /// The one door to nix.
    pub nix: Nix,
    /// Options of every verb.
    pub global: Global,
    /// The expert whose app started poag, where the flake was not named by hand.
    app_expert: Option<String>,
    /// The pack that stands for a flake.
    pack: Option<PathBuf>,
}

impl Context {
    /// `named` is the flake that the verb itself was given; else `--flake`, else the one here.
    pub fn new(global: Global, named: Option<&str>) -> Result<Self, Error> {
        let here = env::current_dir().map_err(|source| Error::File {
            path: ".".into(),
            source,
        })?;
        let nix = Nix::new(global.verbose);
        if let (Some(_), Some(_)) = (named, &global.flake) {
            return Err(Error::Usage(
                "the flake is named twice\nrepair: name it as an argument or with --flake, not both".into(),
            ));
        }
        let (flake, app_expert) = match named.or(global.flake.as_deref()) {
            Some(text) => (FlakeRef::parse(text, &here)?, None),
            None => match app_flake(&here) {
                Some(flake) => (flake, env::var(APP_EXPERT).ok()),
                None => (FlakeRef::parse(".", &here)?, None),
            },
        };
        Ok(Self {
            flake,
            nix,
            global,
            app_expert,
            pack: None,
        })
    }

    /// The expert of a pack, where its flake is not: see [`crate::share`]. Nothing of nix is started for it.
    pub fn of_pack(global: Global, folder: &Path) -> Result<Self, Error> {
        if global.flake.is_some() {
            return Err(Error::Usage(
                "a flake and a pack are named\nrepair: name one of --flake and --pack".into(),
            ));
        }
        let place = folder.canonicalize().map_err(|source| Error::File {
            path: folder.into(),
            source,
        })?;
        Ok(Self {
            flake: FlakeRef::Remote(format!("path:{}", place.display())),
            nix: Nix::new(global.verbose),
            global,
            app_expert: None,
            pack: Some(place),
        })
    }

    /// The JSON of `.#poag`, where nix need not be asked for it and nothing of it must be looked at.
    pub fn kept_json(&self) -> Option<Vec<u8>> {
        if self.global.no_cache || self.pack.is_some() || self.app_expert.is_some() {
            return None;
        }
        self.nix.cached_json(&self.flake, &graphs().ok()?)
    }

    /// The graph of the flake, from one nix process, or from none where nothing changed since the last one; or
    /// that of the pack.
    pub async fn evaluate(&self) -> Result<Evaluation, Error> {
        if let Some(pack) = &self.pack {
            let graph = crate::share::open(pack)?;
            let json = serde_json::to_vec(&graph).map_err(std::io::Error::from)?;
            return Ok(Evaluation {
                graph,
                json,
                cached: false,
            });
        }
        let _waiting = Waiting::new(self.global.quiet, format!("evaluating {}", self.flake));
        let evaluation = if self.global.no_cache {
            self.nix.graph(&self.flake).await?
        } else {
            self.nix.cached_graph(&self.flake, &graphs()?).await?
        };
        match &self.app_expert {
            Some(expected) if *expected != evaluation.graph.root => Err(Error::OtherFlake {
                expected: expected.clone(),
                found: evaluation.graph.root.clone(),
            }),
            _ => Ok(evaluation),
        }
    }
}

/// The flake whose app started this process (`nix run ./some/flake#poag`), looked for around `here`.
fn app_flake(here: &Path) -> Option<FlakeRef> {
    let dir = env::var(APP_DIR).ok()?;
    let folder = repository_root(here)?.join(dir);
    folder
        .join("flake.nix")
        .is_file()
        .then(|| FlakeRef::around(&folder).ok())?
}

/// Where evaluated graphs are kept.
fn graphs() -> Result<PathBuf, Error> {
    Ok(cache_dir()?.join("graphs"))
}

/// The expert of that name, or an error with the closest one.
pub fn find<'a>(graph: &'a Graph, name: &str) -> Result<&'a Expert, Error> {
    graph.expert(name).ok_or_else(|| Error::NoSuchExpert {
        name: name.into(),
        close: nearest(name, graph.experts.keys().map(String::as_str)).map(str::to_owned),
    })
}

/// The experts that a verb is about: those named, all of this repository, or the root.
///
/// Experts of other repositories are kept by their owners.
pub fn select<'a>(graph: &'a Graph, names: &[String], all: bool) -> Result<Vec<&'a Expert>, Error> {
    if all {
        let mut experts = graph.providers_first();
        experts.retain(|expert| expert.is_local());
        return Ok(experts);
    }
    if names.is_empty() {
        return Ok(vec![find(graph, &graph.root)?]);
    }
    names.iter().map(|name| find(graph, name)).collect()
}

/// Where poag keeps what can be made again: `$XDG_CACHE_HOME/poag`.
///
/// # Errors
/// See [`Error::NoFolder`].
pub fn cache_dir() -> Result<PathBuf, Error> {
    folder("POAG_CACHE_DIR", "XDG_CACHE_HOME", ".cache")
}

/// Where poag keeps its ledger and what lives beside it: `$XDG_STATE_HOME/poag`.
///
/// # Errors
/// See [`Error::NoFolder`].
pub fn state_dir() -> Result<PathBuf, Error> {
    folder("POAG_STATE_DIR", "XDG_STATE_HOME", ".local/state")
}

/// The ledger of this machine's user.
pub fn open_ledger() -> Result<SqliteLedger, Error> {
    Ok(SqliteLedger::open(&ledger_file()?)?)
}

/// The checkpoints of this machine's user.
pub fn checkpoints() -> Result<Store, Error> {
    Ok(Store::new(state_dir()?.join("checkpoints"), ledger_file()?))
}

fn ledger_file() -> Result<PathBuf, Error> {
    Ok(state_dir()?.join("ledger.sqlite"))
}

fn folder(own: &'static str, xdg: &'static str, fallback: &str) -> Result<PathBuf, Error> {
    let missing = Error::NoFolder { own, xdg };
    match env::var_os(own).filter(|folder| !folder.is_empty()) {
        // Somebody means a folder by it, and would not look for it elsewhere.
        Some(_) => folders::from_environment(own).ok_or(missing),
        None => folders::xdg(xdg, fallback)
            .map(|base| base.join("poag"))
            .ok_or(missing),
    }
}

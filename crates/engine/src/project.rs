//! A flake or a pack, named and then opened: the graph of its experts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Engine, EngineError};
use poag_core::expert::{Expert, Graph};
use poag_core::suggest::nearest;
use poag_nix::{Evaluation, FlakeRef, LockWriting, NixError};

/// What a request is put to: a flake, or a pack where the flake is not.
#[derive(Clone, Debug)]
pub struct ProjectRef {
    /// The flake; of a pack, its folder. Runs are found by its text.
    pub flake: FlakeRef,
    /// The expert that the flake must declare as its own; see [`EngineError::OtherFlake`].
    pub expected: Option<String>,
    /// The folder of the pack that stands for a flake; see [`poag_knowledge::share`]. Nix is not started for it.
    pub pack: Option<PathBuf>,
}

impl ProjectRef {
    /// A flake.
    #[must_use]
    pub fn flake(flake: FlakeRef) -> Self {
        Self {
            flake,
            expected: None,
            pack: None,
        }
    }
}

/// A flake or a pack that was opened.
#[derive(Clone)]
pub struct Project {
    /// The engine that opened it.
    pub engine: Engine,
    /// What was opened.
    pub target: ProjectRef,
    /// Its experts.
    pub graph: Arc<Graph>,
    /// The JSON of `.#poag`.
    pub json: Vec<u8>,
    /// Whether it came from the cache, since nothing that it depends on has changed.
    pub cached: bool,
}

impl Engine {
    /// The flake that a reference means: a folder, or whatever nix takes for one.
    ///
    /// # Errors
    /// When it is no reference, or a folder without a flake.
    pub fn flake(&self, reference: &str) -> Result<ProjectRef, EngineError> {
        let flake = FlakeRef::parse(reference, &self.settings.folder)?;
        Ok(ProjectRef::flake(flake))
    }

    /// The pack in a folder, which stands for a flake.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn packed(&self, folder: &Path) -> Result<ProjectRef, EngineError> {
        let place = self.settings.folder.join(folder);
        let place = place.canonicalize().map_err(EngineError::file(folder))?;
        Ok(ProjectRef {
            flake: FlakeRef::Remote(format!("path:{}", place.display())),
            expected: None,
            pack: Some(place),
        })
    }

    /// The JSON of `.#poag`, where nix need not be asked for it and nothing of it must be looked at.
    #[must_use]
    pub fn cached_json(&self, target: &ProjectRef) -> Option<Vec<u8>> {
        if self.settings.no_cache || target.pack.is_some() || target.expected.is_some() {
            return None;
        }
        self.nix().cached_json(&target.flake, &self.graphs().ok()?)
    }

    /// Opens a target: from one nix process, or from none where nothing changed since the last one. Nothing is written
    /// beside the flake.
    ///
    /// # Errors
    /// When the flake cannot be evaluated, declares no expert or another than was expected, or the pack is none.
    pub async fn open(&self, target: &ProjectRef) -> Result<Project, EngineError> {
        self.open_and(target, LockWriting::Never).await
    }

    /// As [`Engine::open`], and nix completes the flake.lock of the flake where it is not complete.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub async fn open_and_lock(&self, target: &ProjectRef) -> Result<Project, EngineError> {
        self.open_and(target, LockWriting::Allowed).await
    }

    async fn open_and(
        &self,
        target: &ProjectRef,
        writing: LockWriting,
    ) -> Result<Project, EngineError> {
        let evaluation = match &target.pack {
            Some(pack) => {
                let graph = poag_knowledge::share::open(pack)?;
                let json = serde_json::to_vec(&graph)?;
                Evaluation {
                    graph,
                    json,
                    cached: false,
                }
            }
            None => self.evaluate(target, writing).await?,
        };
        Ok(Project {
            engine: self.clone(),
            target: target.clone(),
            graph: Arc::new(evaluation.graph),
            json: evaluation.json,
            cached: evaluation.cached,
        })
    }

    async fn evaluate(
        &self,
        target: &ProjectRef,
        writing: LockWriting,
    ) -> Result<Evaluation, EngineError> {
        let flake = &target.flake;
        let _waiting = self.settings.progress.begin(format!("evaluating {flake}"));
        let nix = self.nix();
        let evaluated = match self.settings.no_cache {
            true => nix.graph(flake, writing).await,
            false => nix.cached_graph(flake, &self.graphs()?, writing).await,
        };
        let evaluation = evaluated.map_err(|error| seen_from(&self.settings.folder, error))?;
        let found = &evaluation.graph.root;
        match &target.expected {
            Some(expected) if expected != found => Err(EngineError::OtherFlake {
                expected: expected.clone(),
                found: found.clone(),
            }),
            _ => Ok(evaluation),
        }
    }

    /// Where evaluated graphs are kept.
    fn graphs(&self) -> Result<PathBuf, EngineError> {
        Ok(self.cache()?.join("graphs"))
    }
}

impl Project {
    /// The expert of that name; without a name the flake's own.
    ///
    /// # Errors
    /// When there is none; the error has the closest name.
    pub fn expert(&self, name: Option<&str>) -> Result<&Expert, EngineError> {
        find(&self.graph, name.unwrap_or(&self.graph.root))
    }

    /// The experts of these names; without a name the flake's own.
    ///
    /// # Errors
    /// When there is none of one of the names.
    pub fn named(&self, names: &[String]) -> Result<Vec<&Expert>, EngineError> {
        if names.is_empty() {
            return Ok(vec![self.expert(None)?]);
        }
        names.iter().map(|name| self.expert(Some(name))).collect()
    }

    /// Every expert of this repository, providers first. Those of other repositories are kept by their owners.
    #[must_use]
    pub fn local(&self) -> Vec<&Expert> {
        let mut experts = self.graph.providers_first();
        experts.retain(|expert| expert.is_local());
        experts
    }

    /// The graph as the expert of that name sees it.
    pub(super) fn rooted(&self, name: Option<&str>) -> Result<Arc<Graph>, EngineError> {
        let rooted = self.graph.rooted_at(&self.expert(name)?.name);
        Ok(rooted.map_or_else(|| Arc::clone(&self.graph), Arc::new))
    }

    /// The folder of an expert of this repository.
    pub(super) fn folder(&self, expert: &Expert) -> Result<PathBuf, EngineError> {
        let local = expert.is_local();
        let folder = local.then(|| self.target.flake.folder_of(expert.dir()));
        folder.flatten().ok_or_else(|| EngineError::NotHere {
            name: expert.name.clone(),
        })
    }
}

/// An error that names a file, with its path as a person in `folder` would type it.
fn seen_from(folder: &Path, error: NixError) -> NixError {
    match error {
        NixError::Untracked { file, ignored } => NixError::Untracked {
            file: match file.strip_prefix(folder) {
                Ok(below) => below.to_owned(),
                Err(_) => file,
            },
            ignored,
        },
        other => other,
    }
}

/// The expert of that name in a graph.
///
/// # Errors
/// When there is none; the error has the closest name.
pub fn find<'a>(graph: &'a Graph, name: &str) -> Result<&'a Expert, EngineError> {
    graph.expert(name).ok_or_else(|| EngineError::NoSuchExpert {
        name: name.into(),
        close: nearest(name, graph.experts.keys().map(String::as_str)).map(str::to_owned),
    })
}

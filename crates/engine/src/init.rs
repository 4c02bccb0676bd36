//! Flakes that are there, or folders, get their experts: what is proposed, and how it is written.

mod around;
mod packages;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Engine, EngineError};
use around::{Around, relative, relative_path};
pub use packages::PackageChoice;
use poag_init::survey::Survey;
use poag_init::workspace::Workspace;
use poag_init::{InitError, Proposal, Subject, propose, survey};
pub use write::{Upkeep, write_proposal};

/// What is to get experts, and how they are declared.
#[derive(Clone, Copy, Debug, Default)]
pub struct InitScope {
    /// Every flake below the folder, and every package.
    pub all: bool,
    /// A flake of its own in the folder `dev`, so that the flake there keeps its inputs.
    pub dev: bool,
    /// The declaration stands in flake.nix itself, and not in a poag.nix beside it.
    pub inline: bool,
}

/// The flakes that are to get an expert, with what the repository around them says.
pub struct InitSurvey {
    engine: Engine,
    around: Around,
    scope: InitScope,
    /// The folder that was asked for.
    pub folder: PathBuf,
    /// The folders of the flakes, that one or those below it.
    pub folders: Vec<PathBuf>,
    /// Flakes below it that are samples and are left out.
    pub samples: Vec<PathBuf>,
    /// Flakes in other folders of a repository that gets a new one.
    pub near: Vec<PathBuf>,
    /// Flake's folder → its packages, in the order of their folders.
    pub packages: BTreeMap<PathBuf, Vec<PackageChoice>>,
}

impl Engine {
    /// Looks at a folder, which may be no flake yet; with `all` at every flake below it, but for samples. Nothing is
    /// written. `folder` is absolute and without links.
    ///
    /// # Errors
    /// When the files there cannot be read.
    pub async fn survey(&self, folder: &Path, scope: InitScope) -> Result<InitSurvey, EngineError> {
        let (found, samples) = survey::flakes(folder);
        let is_flake = folder.join("flake.nix").exists();
        let whole = Survey::of(folder);
        let packages = Workspace::of(&whole).below().next().is_some();
        let folders = match scope.all && !scope.dev {
            true if is_flake || (!packages && !found.is_empty()) => found.clone(),
            true => std::iter::once(folder.to_owned())
                .chain(found.iter().cloned())
                .collect(),
            false if scope.dev => vec![folder.join("dev")],
            false => vec![folder.to_owned()],
        };
        let near = match folders.iter().any(|one| one == folder) && !is_flake {
            true => found,
            false => Vec::new(),
        };
        let around = Around::new(folder, &folders, self).await?;
        let mut survey = InitSurvey {
            packages: BTreeMap::new(),
            around,
            engine: self.clone(),
            scope,
            folder: folder.to_owned(),
            folders,
            samples: if scope.all { samples } else { Vec::new() },
            near: if scope.all { Vec::new() } else { near },
        };
        for place in survey.folders.clone() {
            let choices = packages::choices(&Survey::of(&survey.source(&place)));
            survey.packages.insert(place, choices);
        }
        Ok(survey)
    }
}

impl InitSurvey {
    /// What `inputs.poag.url` is to be in the flake of a folder: `given`, relative within a repository and absolute
    /// elsewhere, else what another flake of the repository says; none where none says it.
    #[must_use]
    pub fn poag_url(&self, place: &Path, given: Option<&str>) -> Option<String> {
        match given {
            Some(given) => Some(self.local(given, place)),
            None => self.around.poag_url(place),
        }
    }

    /// What is proposed for the flake of a folder, with this `inputs.poag.url`; the packages in `chosen`, by their
    /// folders, get an expert of their own.
    ///
    /// # Errors
    /// When the reference cannot stand in a flake.nix, or the files cannot be read.
    pub fn propose(
        &self,
        place: &Path,
        url: &str,
        chosen: &BTreeSet<String>,
    ) -> Result<Proposal, EngineError> {
        let bad = |c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '"' | '\\' | '#' | '`' | '\'')
        };
        if url.is_empty() || url.contains(bad) || url.contains("${") {
            return Err(InitError::Url(url.to_owned()).into());
        }
        let source = self.source(place);
        Ok(propose(&Subject {
            folder: place,
            source: &source,
            dir: &relative(&self.folder, place),
            called: &self.around.called(&source),
            url,
            nearby: &self.around.nearby(place),
            inline: self.scope.inline,
            packages: chosen,
        })?)
    }

    /// The folder of the code of a flake.
    fn source(&self, place: &Path) -> PathBuf {
        match self.scope.dev {
            true => self.folder.clone(),
            false => survey::source(&self.around.root, place),
        }
    }

    /// A folder on this machine as a reference.
    fn local(&self, given: &str, folder: &Path) -> String {
        let path = given.strip_prefix("path:").unwrap_or(given);
        let whole = self.engine.settings.folder.join(path);
        let real = match path.starts_with(['.', '/']) && !path.contains('?') {
            true => whole.canonicalize().ok(),
            false => None,
        };
        let Some(real) = real else {
            return given.to_owned();
        };
        match poag_nix::repository_root(&real) {
            Some(root) if folder.starts_with(root) => {
                format!("path:{}", relative_path(folder, &real))
            }
            Some(root) if root == real => format!("git+file://{}", real.display()),
            Some(root) => {
                let dir = real.strip_prefix(root).unwrap_or(&real);
                format!("git+file://{}?dir={}", root.display(), dir.display())
            }
            None => format!("path:{}", real.display()),
        }
    }
}

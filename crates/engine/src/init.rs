//! Flakes that are there, or folders, get their experts: what is proposed, and how it is written.

mod around;
mod write;

use std::path::{Path, PathBuf};

use super::{Engine, EngineError};
use around::{Around, relative, relative_path};
use poag_init::{InitError, Proposal, Subject, propose, survey};
pub use write::{Upkeep, write_proposal};

/// The flakes that are to get an expert, with what the repository around them says.
pub struct InitSurvey {
    engine: Engine,
    around: Around,
    /// The folder that was asked for.
    pub folder: PathBuf,
    /// The folders of the flakes, that one or those below it.
    pub folders: Vec<PathBuf>,
    /// Flakes below it that are samples and are left out.
    pub samples: Vec<PathBuf>,
}

impl Engine {
    /// Looks at a folder, which may be no flake yet; with `all` at every flake below it, but for samples. Nothing is
    /// written. `folder` is absolute and without links.
    ///
    /// # Errors
    /// When the files there cannot be read.
    pub async fn survey(&self, folder: &Path, all: bool) -> Result<InitSurvey, EngineError> {
        let (mut folders, samples) = match all {
            true => survey::flakes(folder),
            false => (Vec::new(), Vec::new()),
        };
        if folders.is_empty() {
            folders.push(folder.to_owned());
        }
        Ok(InitSurvey {
            around: Around::new(folder, &folders, self).await?,
            engine: self.clone(),
            folder: folder.to_owned(),
            folders,
            samples,
        })
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

    /// What is proposed for the flake of a folder, with this `inputs.poag.url`.
    ///
    /// # Errors
    /// When the reference cannot stand in a flake.nix, or the files cannot be read.
    pub fn propose(&self, place: &Path, url: &str) -> Result<Proposal, EngineError> {
        let bad = |c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '"' | '\\' | '#' | '`' | '\'')
        };
        if url.is_empty() || url.contains(bad) || url.contains("${") {
            return Err(InitError::Url(url.to_owned()).into());
        }
        Ok(propose(&Subject {
            folder: place,
            dir: &relative(&self.folder, place),
            called: &self.around.called(place),
            url,
            nearby: &self.around.nearby(place),
        })?)
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

//! What experts know from the start, as text.

#![expect(
    clippy::disallowed_methods,
    reason = "a temporary folder on its way to the store"
)]

mod folder;

use std::path::Path;

use super::{Engine, EngineError, Project};
use poag_core::expert::{Expert, Graph};
use poag_knowledge::pack::{Pack, PackOptions};
use poag_knowledge::share;
use poag_nix::NixError;

/// The graph in a file, as `nix eval --json .#.poag` prints it.
///
/// # Errors
/// When the file cannot be read or holds no graph.
pub fn read_graph(file: &Path) -> Result<Graph, EngineError> {
    let json = std::fs::read(file).map_err(EngineError::file(file))?;
    Ok(Graph::from_json(&json).map_err(NixError::from)?)
}

/// Lays a pack out as a new folder, which [`Engine::packed`] opens where the flake is not.
///
/// # Errors
/// When the folder is there already, or files cannot be read or written.
pub fn write_pack(folder: &Path, expert: &Expert, pack: &Pack) -> Result<(), EngineError> {
    share::write(folder, expert, pack)?;
    Ok(())
}

impl Project {
    /// The pack of an expert, as its backend is given it.
    pub(super) fn known(&self, expert: &Expert) -> Result<Pack, EngineError> {
        let cache = self.engine.cache()?;
        Ok(Pack::cached(
            &cache,
            &self.graph,
            expert,
            &PackOptions::default(),
        )?)
    }
}

impl Engine {
    /// The pack of an expert, within so many tokens where they are given, else as its flake declares.
    ///
    /// # Errors
    /// When its files cannot be read, its template is wrong, or there is no cache folder and the cache is wanted.
    pub fn pack(
        &self,
        graph: &Graph,
        expert: &Expert,
        budget: Option<usize>,
    ) -> Result<Pack, EngineError> {
        let options = PackOptions {
            budget,
            files: None,
        };
        Ok(match self.settings.no_cache {
            true => Pack::build(graph, expert, &options)?,
            false => Pack::cached(&self.cache()?, graph, expert, &options)?,
        })
    }

    /// Puts a text into the Nix store as a file of that name, and gives its store path.
    ///
    /// # Errors
    /// When nix fails.
    pub async fn store_text(&self, name: &str, text: &str) -> Result<String, EngineError> {
        let folder = tempfile::tempdir().map_err(EngineError::file(name))?;
        let file = folder.path().join(name);
        std::fs::write(&file, text).map_err(EngineError::file(&file))?;
        Ok(self.nix().add_file(name, &file).await?)
    }
}

//! Files put into the Nix store.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::{Nix, NixError, nar};

impl Nix {
    /// Puts one file into the store under `name` and returns its store path, after comparing the
    /// store's NAR hash with that of the file.
    ///
    /// # Errors
    /// When nix fails, the file cannot be read, or the hashes differ.
    pub async fn add_file(&self, name: &str, file: &Path) -> Result<String, NixError> {
        let doing = format!("putting {name} into the Nix store");
        let file_arg = file.to_string_lossy();
        let args = ["store", "add", "--mode", "flat", "--name", name, &file_arg];
        let printed = self.run(&doing, &args).await?;
        let path = String::from_utf8_lossy(&printed).trim().to_string();
        let info = self.run(&doing, &["path-info", "--json", &path]).await?;
        let found = nar_hash(&info).map_err(|source| NixError::Answer { doing, source })?;
        let expected = nar::sri(file).map_err(|error| NixError::Start {
            source: error.source,
        })?;
        if found.as_deref() == Some(expected.as_str()) {
            return Ok(path);
        }
        Err(NixError::StoreMismatch {
            path,
            expected,
            found: found.unwrap_or_else(|| "none".into()),
        })
    }
}

/// The one `narHash` in the answer of `nix path-info --json`: a map of store paths.
fn nar_hash(json: &[u8]) -> Result<Option<String>, serde_json::Error> {
    let paths: BTreeMap<String, Value> = serde_json::from_slice(json)?;
    let info = paths.into_values().next();
    Ok(info.and_then(|info| info.get("narHash")?.as_str().map(String::from)))
}

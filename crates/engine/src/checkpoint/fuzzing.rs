//! Archives from anywhere, for `fuzz/`.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Store;
use super::archive::Archive;
use super::meta::{SessionFile, sha256};

/// Takes an archive in; then once more with every hash in it made right, so that what lies behind them is
/// reached. Nothing is written outside of the store in `folder`.
pub fn archive(folder: &Path, bytes: &[u8]) {
    let store = Store::new(folder.join("store"), folder.join("ledger"));
    let _ = store.import(bytes, |_| Some(true));
    let Ok(mut archive) = serde_json::from_slice::<Archive>(bytes) else {
        return;
    };
    archive.poag_checkpoint = super::meta::VERSION;
    archive.meta.schema_version = super::meta::VERSION;
    archive.meta.pack = sha256(archive.pack.as_bytes());
    archive.meta.key = archive.meta.key_parts.key(&archive.pack);
    archive.meta.files = archive
        .files
        .iter()
        .filter_map(|(path, text)| {
            let content = STANDARD.decode(text).ok()?;
            Some(SessionFile {
                path: path.clone(),
                size: content.len() as u64,
                sha256: sha256(&content),
            })
        })
        .collect();
    let bytes = serde_json::to_vec(&archive).unwrap_or_default();
    let _ = store.import(&bytes, |_| Some(true));
}

//! Parcels from anywhere, for `fuzz/`.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::meta::{SessionFile, sha256};
use super::{Parcel, Store};

/// Takes a parcel in; then once more with every hash in it made right, so that what lies behind them is
/// reached. Nothing is written outside of the store in `folder`.
pub(crate) fn parcel(folder: &Path, bytes: &[u8]) {
    let store = Store::new(folder.join("store"), folder.join("ledger"));
    let _ = store.import(bytes, |_| Some(true));
    let Ok(mut parcel) = serde_json::from_slice::<Parcel>(bytes) else {
        return;
    };
    parcel.poag_checkpoint = super::meta::VERSION;
    parcel.meta.schema_version = super::meta::VERSION;
    parcel.meta.pack = sha256(parcel.pack.as_bytes());
    parcel.meta.key = parcel.meta.mould.key(&parcel.pack);
    parcel.meta.files = parcel
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
    let bytes = serde_json::to_vec(&parcel).unwrap_or_default();
    let _ = store.import(&bytes, |_| Some(true));
}

//! The folders of poag: whether they can be written, and how much they hold.

#![expect(
    clippy::disallowed_methods,
    reason = "state and cache folders, to see whether they can be used"
)]

use std::path::Path;

use walkdir::WalkDir;

use super::DoctorCheck;
use crate::command::context::{cache_dir, state_dir};

/// Files that are counted in one folder.
const MOST: usize = 200_000;

/// The ledger's and the cache's.
pub fn all() -> Vec<DoctorCheck> {
    [
        ("ledger", state_dir(), "POAG_STATE_DIR"),
        ("cache", cache_dir(), "POAG_CACHE_DIR"),
    ]
    .into_iter()
    .map(|(name, folder, variable)| match folder {
        Ok(folder) => one(name, &folder, variable),
        Err(error) => {
            let error = error.to_string();
            let (says, repair) = error.split_once("\nrepair: ").unwrap_or((&error, ""));
            DoctorCheck::bad(name, says, repair)
        }
    })
    .collect()
}

fn one(name: &str, folder: &Path, variable: &str) -> DoctorCheck {
    let shown = folder.display();
    // Where it is not there yet, it must be possible to make it.
    let near = folder.ancestors().find(|one| one.exists());
    let writable = near.map(|near| {
        tempfile::Builder::new()
            .prefix(".poag-doctor")
            .tempfile_in(near)
    });
    match writable {
        Some(Ok(_)) if folder.exists() => {
            DoctorCheck::good(name, format!("{shown} holds {}", size(folder)))
        }
        Some(Ok(_)) => DoctorCheck::good(name, format!("{shown} is made when it is needed")),
        Some(Err(error)) => DoctorCheck::bad(
            name,
            format!("{shown} cannot be written: {error}"),
            format!("give it to yourself, or name another folder in {variable}"),
        ),
        None => DoctorCheck::bad(
            name,
            format!("{shown} is nowhere"),
            format!("name another folder in {variable}"),
        ),
    }
}

fn size(folder: &Path) -> String {
    let files = WalkDir::new(folder)
        .follow_links(false)
        .into_iter()
        .filter_map(Result::ok);
    let sizes = files
        .take(MOST)
        .filter_map(|entry| entry.metadata().ok())
        .filter(|found| found.is_file());
    let (count, bytes) = sizes.fold((0_u64, 0_u64), |(count, bytes), found| {
        (count + 1, bytes + found.len())
    });
    #[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
    let megabytes = bytes as f64 / 1e6;
    format!("{count} files, {megabytes:.1} MB")
}

//! A temporary folder with files.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::knowledge::files::Files;

/// A new folder with these files.
pub fn folder<B: AsRef<[u8]>>(files: &[(&str, B)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        write(folder.path(), path, bytes.as_ref());
    }
    folder
}

/// Writes one file, with the folders above it.
pub fn write(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// The paths, in order.
pub fn paths(files: &Files) -> Vec<&str> {
    files.files.iter().map(|file| file.path.as_str()).collect()
}

//! A folder that no expert was declared for, searched like the knowledge of one: for measurements.

use std::path::Path;

use super::error::LibrarianError;
use super::index::Index;
use super::query::Query;
use super::search::search;

/// An open index of a folder.
pub struct Folder(Index);

impl Folder {
    /// Indexes `root`; the index is kept in `cache`.
    ///
    /// # Errors
    /// When the folder cannot be read or the index cannot be written.
    pub fn open(root: &Path, cache: &Path) -> Result<Self, LibrarianError> {
        Index::open(root, cache).map(Self)
    }

    /// The paths of files that hold something of `request`, best first.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn rank(&self, request: &str) -> Result<Vec<String>, LibrarianError> {
        let found = search(&self.0, &Query::of(request))?;
        let files = found.files.iter().filter_map(|hit| self.0.file(hit.file));
        Ok(files.map(|row| row.path.clone()).collect())
    }
}

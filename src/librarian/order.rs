//! The files of a folder in the order in which a change considers them, for whoever measures it.

use std::path::Path;

use super::error::LibrarianError;
use super::index::Index;
use super::query::Query;
use super::rank::Ranking;
use super::remembered::Blend;
use super::search::search;

/// An index that is asked for nothing but the order of its files.
pub struct Order {
    index: Index,
}

impl Order {
    /// Opens the index of a folder, kept in `cache`.
    ///
    /// # Errors
    /// When the folder cannot be read or the index cannot be written.
    pub fn open(folder: &Path, cache: &Path) -> Result<Self, LibrarianError> {
        Ok(Self {
            index: Index::open(folder, cache)?,
        })
    }

    /// The files that hold a word of the request, best first, by their words and, where there is one, by a ranking.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn files(
        &self,
        request: &str,
        ranking: Option<&Ranking>,
    ) -> Result<Vec<String>, LibrarianError> {
        let found = search(&self.index, &Query::of(request))?;
        let blend = Blend::new(ranking);
        let worth = |hit: &super::search::FileHit| {
            let path = self.index.file(hit.file)?.path.as_str();
            Some((blend.of(path, hit.score), hit.file, path))
        };
        let mut files: Vec<(f64, usize, &str)> = found.files.iter().filter_map(worth).collect();
        files.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        Ok(files
            .into_iter()
            .map(|(_, _, path)| path.to_owned())
            .collect())
    }
}

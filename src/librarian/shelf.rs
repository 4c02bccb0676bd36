//! The indexes that are open: each knowledge folder's once, however many turns need it at the same time.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::error::LibrarianError;
use super::index::Index;
use super::rank::Ranker;
use super::recall::Recall;
use crate::expert::Expert;

type Slot = Arc<Mutex<Option<Arc<Index>>>>;

/// All indexes of one run.
pub struct Shelf {
    cache: PathBuf,
    open: Mutex<HashMap<PathBuf, Slot>>,
    recall: Recall,
}

impl Shelf {
    /// A shelf over the folder that keeps the indexes.
    pub fn new(cache: PathBuf) -> Self {
        Self {
            recall: Recall::new(cache.clone(), None),
            cache,
            open: Mutex::default(),
        }
    }

    /// The same, with the past of the repository that local experts live in.
    pub fn remembering(mut self, repository: PathBuf) -> Self {
        self.recall = Recall::new(self.cache.clone(), Some(repository));
        self
    }

    /// The ranker of an expert's files; none where they are too many.
    ///
    /// # Errors
    /// When the knowledge cannot be read.
    pub fn ranker(&self, expert: &Expert) -> Result<Option<Arc<Ranker>>, LibrarianError> {
        self.recall.ranker(expert)
    }

    /// Why the past tells less of an expert's files than one may expect.
    pub fn forgotten(&self, expert: &Expert) -> Option<String> {
        self.recall.note(expert)
    }

    /// The index of what an expert knows; built when it is first needed.
    ///
    /// # Errors
    /// When the knowledge cannot be read or the index cannot be written.
    pub fn of(&self, expert: &Expert) -> Result<Arc<Index>, LibrarianError> {
        let path = &expert.knowledge.path;
        let slot = {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(open.entry(path.clone()).or_default())
        };
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = slot.as_ref() {
            return Ok(Arc::clone(index));
        }
        let index = Arc::new(Index::open(path, &self.cache)?);
        *slot = Some(Arc::clone(&index));
        Ok(index)
    }

    /// Forgets and deletes the index of an expert, because it turned out to be damaged.
    pub fn discard(&self, expert: &Expert) {
        let path = &expert.knowledge.path;
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(path);
        let place = super::store::place(&self.cache, path);
        // Those it may have begun with go too. If one cannot be deleted, opening it says so.
        for index in super::older::family(&place).into_iter().chain([place]) {
            let _ = std::fs::remove_file(index);
        }
    }
}

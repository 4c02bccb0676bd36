//! The texts of one commit, and the past before it: all that a method may know.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::super::experts::Packages;
use super::super::workplace::Desk;
use super::terms::Terms;
use crate::BenchError;
use poag_git::history::{self, Past, TreeFile};
use poag_knowledge::files::HUGE;
use poag_knowledge::tokens;
use poag_librarian::rank::Ranker;

/// Commits of the past that a method is given at most.
const MOST: usize = 50_000;

/// One text file.
#[derive(Debug)]
pub struct SnapshotFile {
    /// From the top of the repository, with `/`.
    pub path: String,
    /// What it holds.
    pub text: String,
    /// The number of its package.
    pub package: usize,
    tokens: OnceLock<usize>,
}

impl SnapshotFile {
    /// Its length in tokens (o200k); counted once.
    pub fn tokens(&self) -> usize {
        *self.tokens.get_or_init(|| tokens::count(&self.text))
    }
}

/// What was there before the questions were.
pub struct Snapshot {
    /// The commit's object id.
    pub commit: String,
    /// Its text files, sorted bytewise by path: UTF-8, no NUL, at most 1 MiB, no symbolic links.
    pub files: Vec<SnapshotFile>,
    /// Who owns which of them.
    pub packages: Packages,
    past: OnceLock<Past>,
    repository: PathBuf,
    words: OnceLock<Terms>,
    ranker: OnceLock<Ranker>,
    desk: Desk,
}

impl Snapshot {
    /// Reads everything of a commit.
    pub fn read(
        repository: &Path,
        commit: &str,
        patterns: &[String],
        desk: &Desk,
    ) -> Result<Self, BenchError> {
        let tree = history::snapshot(repository, commit)?;
        let packages = Packages::of(tree.iter().map(|file| file.path.as_str()), patterns)?;
        let tree: Vec<TreeFile> = tree.into_iter().filter(worth_reading).collect();
        let ids: Vec<&str> = tree.iter().map(|file| file.id.as_str()).collect();
        let texts = history::contents(repository, &ids)?;
        let files = tree.iter().zip(texts).filter_map(|(file, text)| {
            Some(SnapshotFile {
                path: file.path.clone(),
                text: text?,
                package: packages.holding(&file.path),
                tokens: OnceLock::new(),
            })
        });
        Ok(Self {
            commit: commit.to_owned(),
            files: files.collect(),
            past: OnceLock::new(),
            repository: repository.to_owned(),
            packages,
            words: OnceLock::new(),
            ranker: OnceLock::new(),
            desk: desk.clone(),
        })
    }

    /// The number of a file.
    pub fn number(&self, path: &str) -> Option<usize> {
        self.files
            .binary_search_by(|file| file.path.as_bytes().cmp(path.as_bytes()))
            .ok()
    }

    /// Bytes of all texts.
    pub fn bytes(&self) -> usize {
        self.files.iter().map(|file| file.text.len()).sum()
    }

    /// The commits that it descends from, and itself; never a later one. Read at the first call.
    pub fn past(&self) -> &Past {
        self.past
            .get_or_init(|| Past::known(&self.repository, &self.commit, "", MOST))
    }

    /// The past, where a method asked for it.
    pub fn known_past(&self) -> Option<&Past> {
        self.past.get()
    }

    /// Which files hold which words; found once.
    pub fn words(&self) -> &Terms {
        self.words
            .get_or_init(|| Terms::of(&self.files, |file| &file.text))
    }

    /// The librarian's ranker; made once.
    pub fn ranker(&self, make: impl FnOnce() -> Ranker) -> &Ranker {
        self.ranker.get_or_init(make)
    }

    /// Where a method may write: a folder that is gone afterwards.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }
}

/// Whether a file may be text at all, as far as its size and mode tell.
pub fn worth_reading(file: &TreeFile) -> bool {
    !file.is_link() && file.size.is_some_and(|size| size <= HUGE)
}

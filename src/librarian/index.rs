//! The index of one knowledge folder: which passages and files hold a term, and how much of it.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Row, params};

use super::build::build;
use super::error::LibrarianError;
use super::numbering::{self, Numbering};
use super::passage::{Passage, What};
use super::store;

/// Rows that one term may bring: beyond that it tells nothing apart.
const COMMON: u32 = 20_000;
/// Weights of `file_text(path, names)`.
const FILE: &str =
    "SELECT rowid, bm25(file_text, 2.0, 1.0) FROM file_text WHERE file_text MATCH ?1 LIMIT ?2";
/// Weights of `passage_text(title, doc, body)`: a title is short and chosen, a body is neither.
const PASSAGE: &str = "SELECT rowid, bm25(passage_text, 4.0, 2.0, 1.0) FROM passage_text WHERE passage_text MATCH ?1 LIMIT ?2";
/// All rows of a term that too many hold: which of them are looked at is decided by their places.
const ALL_FILES: &str = "SELECT rowid FROM file_text WHERE file_text MATCH ?1";
const ALL_PASSAGES: &str = "SELECT rowid FROM passage_text WHERE passage_text MATCH ?1";
/// One passage, its columns in the order [`passage`] reads them.
const ONE: &str = "SELECT id, first, last, whole_first, whole_last, what, name, trail, doc, flags FROM passage WHERE id = ?1";
/// All passages between two numbers.
const MANY: &str = "SELECT id, first, last, whole_first, whole_last, what, name, trail, doc, flags FROM passage WHERE id BETWEEN ?1 AND ?2 ORDER BY id";

/// An open index.
pub struct Index {
    db: Mutex<Connection>,
    kept: Mutex<Kept>,
    place: PathBuf,
    /// The folder it was made from.
    pub root: PathBuf,
    /// The files, the first being number 1.
    pub files: Vec<FileRow>,
    /// Number of passages.
    pub passages: u32,
    /// [`COMMON`], or what a test has for it.
    pub(super) common: u32,
    numbering: Numbering,
}

/// What was read and may be needed again: one council asks the same words of the same index many times.
#[derive(Default)]
struct Kept {
    postings: HashMap<(Level, String), Arc<Vec<Posting>>>,
    passages: HashMap<i64, Arc<Passage>>,
    texts: HashMap<usize, Arc<Vec<String>>>,
    /// Lines in `texts`.
    lines: usize,
}

/// Things of a kind that are kept; then all are forgotten.
const KEEP: usize = 4_096;

/// Lines of files that are kept; then all are forgotten.
const KEEP_LINES: usize = 200_000;

/// One file of an index.
#[derive(Clone, Debug)]
pub struct FileRow {
    /// Relative to the knowledge folder.
    pub path: String,
    /// Whether it was read: it is text, and its name does not say that it holds a secret.
    pub text: bool,
    /// Whether a secret was left out of it.
    pub secrets: bool,
    /// Number of passages.
    pub passages: u32,
}

/// A term in one row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Posting {
    /// Number of the file or passage.
    pub row: i64,
    /// Saturated and normalized frequency of BM25, between 0 and 2.2.
    pub tf: f64,
}

/// Which rows to look at.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Level {
    /// Paths and names of files.
    File,
    /// Passages.
    Passage,
}

impl Index {
    /// Opens the index of `knowledge`, which is built first where it is missing or damaged.
    ///
    /// # Errors
    /// When the knowledge cannot be read or the index cannot be written.
    pub fn open(knowledge: &Path, cache: &Path) -> Result<Self, LibrarianError> {
        let place = store::place(cache, knowledge);
        if let Ok(index) = Self::load(knowledge, &place) {
            return Ok(index);
        }
        let mut made = Self::make(knowledge, &place, false);
        if made.is_err() {
            made = Self::make(knowledge, &place, true);
        }
        match made {
            // Somebody deletes the cache all the time. An open index needs no name.
            Err(failed) if failed.is_gone() => {
                let folder = tempfile::tempdir().map_err(|_| failed)?;
                let name = place.file_name().unwrap_or_default();
                Self::make(knowledge, &folder.path().join(name), true)
            }
            made => made,
        }
    }

    /// Builds an index and opens it.
    fn make(knowledge: &Path, place: &Path, anew: bool) -> Result<Self, LibrarianError> {
        build(knowledge, place, anew)?;
        Self::load(knowledge, place).map_err(|source| LibrarianError::Index {
            path: place.to_owned(),
            source,
        })
    }

    fn load(knowledge: &Path, place: &Path) -> rusqlite::Result<Self> {
        let db = store::open(place)?;
        let (count, passages): (u32, u32) =
            db.query_row("SELECT files, passages FROM done", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let mut files = Vec::with_capacity(count as usize);
        let mut ids = Vec::with_capacity(count as usize);
        let mut rows =
            db.prepare("SELECT path, text, secrets, passages, id FROM file ORDER BY path")?;
        for row in rows.query_map([], |row| Ok((file(row)?, row.get(4)?)))? {
            let (file, id) = row?;
            files.push(file);
            ids.push(id);
        }
        drop(rows);
        if files.len() != count as usize {
            return Err(rusqlite::Error::InvalidQuery);
        }
        Ok(Self {
            common: COMMON,
            numbering: Numbering::new(ids).ok_or(rusqlite::Error::InvalidQuery)?,
            db: Mutex::new(db),
            kept: Mutex::default(),
            place: place.to_owned(),
            root: knowledge.to_owned(),
            files,
            passages,
        })
    }

    /// The rows that hold a term.
    ///
    /// The engine's bm25() of one term is its idf times what we want; its idf, ln((N − n + ½) / (n + ½))
    /// but at least 10⁻⁶, would make nothing of every word that half of a small flake's files hold.
    /// Source: <https://sqlite.org/fts5.html#the_bm25_function>.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn postings(&self, level: Level, term: &str) -> Result<Arc<Vec<Posting>>, LibrarianError> {
        let key = (level, term.to_owned());
        if let Some(found) = self.kept().postings.get(&key) {
            return Ok(Arc::clone(found));
        }
        let found = Arc::new(self.read_postings(level, term)?);
        let mut kept = self.kept();
        if kept.postings.len() >= KEEP {
            kept.postings.clear();
        }
        kept.postings.insert(key, Arc::clone(&found));
        Ok(found)
    }

    /// Those of `terms` that stand anywhere.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn known<'t>(
        &self,
        terms: impl Iterator<Item = &'t str>,
    ) -> Result<BTreeSet<String>, LibrarianError> {
        // Terms hold letters and digits only, so this is JSON.
        let list: Vec<String> = terms.map(|term| format!("\"{term}\"")).collect();
        let list = format!("[{}]", list.join(","));
        let read = || -> rusqlite::Result<BTreeSet<String>> {
            let db = self.db();
            let mut statement = db.prepare_cached(
                "SELECT term FROM term WHERE term IN (SELECT value FROM json_each(?1))",
            )?;
            statement.query_map([list], |row| row.get(0))?.collect()
        };
        read().map_err(|source| self.damaged(source))
    }

    fn read_postings(&self, level: Level, term: &str) -> Result<Vec<Posting>, LibrarianError> {
        let (sql, rows) = match level {
            Level::File => (FILE, self.files.len() as f64),
            Level::Passage => (PASSAGE, f64::from(self.passages)),
        };
        let read = || -> rusqlite::Result<Vec<Posting>> {
            let db = self.db();
            let mut statement = db.prepare_cached(sql)?;
            // Quoted, a term of letters and digits cannot be an operator.
            let found =
                statement.query_map(params![format!("\"{term}\""), self.common], |row| {
                    Ok(Posting {
                        row: row.get(0)?,
                        tf: row.get(1)?,
                    })
                })?;
            found.collect()
        };
        let mut found = read().map_err(|source| self.damaged(source))?;
        if found.len() >= self.common as usize {
            return self.read_common(level, term);
        }
        let (all, hits) = (rows, found.len() as f64);
        let engine = ((all - hits + 0.5) / (hits + 0.5)).ln();
        let engine = if engine <= 0.0 { 1e-6 } else { engine };
        for posting in &mut found {
            posting.tf /= -engine;
            posting.row = self.outside(level, posting.row)?;
        }
        found.sort_unstable_by_key(|posting| posting.row);
        Ok(found)
    }

    /// The first rows of a term that tells nothing apart.
    fn read_common(&self, level: Level, term: &str) -> Result<Vec<Posting>, LibrarianError> {
        let read = || -> rusqlite::Result<Vec<i64>> {
            let db = self.db();
            let mut statement = db.prepare_cached(match level {
                Level::File => ALL_FILES,
                Level::Passage => ALL_PASSAGES,
            })?;
            statement
                .query_map([format!("\"{term}\"")], |row| row.get(0))?
                .collect()
        };
        let mut rows = read().map_err(|source| self.damaged(source))?;
        for row in &mut rows {
            *row = self.outside(level, *row)?;
        }
        rows.sort_unstable();
        rows.truncate(self.common as usize);
        let posting = |row| Posting { row, tf: 1.0 };
        Ok(rows.into_iter().map(posting).collect())
    }

    /// The number of a row on disk as everybody else has it.
    fn outside(&self, level: Level, row: i64) -> Result<i64, LibrarianError> {
        let number = match level {
            Level::File => self.numbering.file(row),
            Level::Passage => self.numbering.passage(row),
        };
        number.ok_or_else(|| self.damaged(rusqlite::Error::QueryReturnedNoRows))
    }

    /// The passage of that number.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn passage(&self, row: i64) -> Result<Arc<Passage>, LibrarianError> {
        if let Some(passage) = self.kept().passages.get(&row) {
            return Ok(Arc::clone(passage));
        }
        let inside = self.numbering.on_disk(row).unwrap_or(-1);
        let found = self.select(ONE, &[inside])?.pop();
        let none = || self.damaged(rusqlite::Error::QueryReturnedNoRows);
        let passage = Arc::new(found.ok_or_else(none)?.1);
        let mut kept = self.kept();
        if kept.passages.len() >= KEEP {
            kept.passages.clear();
        }
        kept.passages.insert(row, Arc::clone(&passage));
        Ok(passage)
    }

    /// All passages of a file, in order.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn passages_of(&self, file: usize) -> Result<Vec<(i64, Passage)>, LibrarianError> {
        let outside = (file as i64) << 20;
        let Some(first) = self.numbering.on_disk(outside) else {
            return Ok(Vec::new());
        };
        let mut found = self.select(MANY, &[first, first + (1 << 20) - 1])?;
        found
            .iter_mut()
            .for_each(|(row, _)| *row = outside + numbering::place(*row));
        Ok(found)
    }

    fn select(&self, sql: &str, rows: &[i64]) -> Result<Vec<(i64, Passage)>, LibrarianError> {
        let read = || -> rusqlite::Result<Vec<(i64, Passage)>> {
            let db = self.db();
            let mut statement = db.prepare_cached(sql)?;
            statement
                .query_map(rusqlite::params_from_iter(rows), passage)?
                .collect()
        };
        read().map_err(|source| self.damaged(source))
    }

    /// The lines of a file that a turn has read already.
    pub fn kept_lines(&self, file: usize) -> Option<Arc<Vec<String>>> {
        self.kept().texts.get(&file).map(Arc::clone)
    }

    /// Keeps the lines of a file for the next turn.
    pub fn keep_lines(&self, file: usize, lines: &Arc<Vec<String>>) {
        let mut kept = self.kept();
        if kept.lines + lines.len() > KEEP_LINES {
            kept.texts.clear();
            kept.lines = 0;
        }
        kept.lines += lines.len();
        kept.texts.insert(file, Arc::clone(lines));
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the file that holds a passage.
    #[must_use]
    pub fn file_of(row: i64) -> usize {
        usize::try_from(row >> 20).unwrap_or(0)
    }

    /// The file of that number.
    #[must_use]
    pub fn file(&self, number: usize) -> Option<&FileRow> {
        self.files.get(number.checked_sub(1)?)
    }

    /// The number of the file of that path.
    #[must_use]
    pub fn number(&self, path: &str) -> Option<usize> {
        self.files
            .binary_search_by(|file| file.path.as_bytes().cmp(path.as_bytes()))
            .ok()
            .map(|at| at + 1)
    }

    fn db(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn damaged(&self, source: rusqlite::Error) -> LibrarianError {
        LibrarianError::Index {
            path: self.place.clone(),
            source,
        }
    }
}

fn file(row: &Row<'_>) -> rusqlite::Result<FileRow> {
    Ok(FileRow {
        path: row.get(0)?,
        text: row.get(1)?,
        secrets: row.get(2)?,
        passages: row.get(3)?,
    })
}

fn passage(row: &Row<'_>) -> rusqlite::Result<(i64, Passage)> {
    let flags: i64 = row.get(9)?;
    let passage = Passage {
        lines: (row.get(1)?, row.get(2)?),
        whole: (row.get(3)?, row.get(4)?),
        what: match row.get::<_, i64>(5)? {
            0 => What::Definition,
            1 => What::Section,
            _ => What::Text,
        },
        name: row.get(6)?,
        trail: row.get(7)?,
        doc: row.get(8)?,
        public: flags & 1 != 0,
        test: flags & 2 != 0,
    };
    Ok((row.get(0)?, passage))
}

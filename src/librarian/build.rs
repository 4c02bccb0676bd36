//! Building an index: every file read once, written beside its place and moved there when whole. Where there is an older
//! index of the same expert, it begins with a copy of that and replaces the files that differ: it answers the same.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use rusqlite::{Connection, Transaction, params};
use sha2::{Digest as _, Sha256};

use super::error::LibrarianError;
use super::older::{self, Base};
use super::passage::{Passage, body, passages};
use super::{language, store, totals, words};
use crate::knowledge::files::{File, Listed, list, look};
use crate::knowledge::parallel;
use crate::knowledge::secrets::{redact, secret_name};

/// Files that are read before their rows are written: what bounds the memory.
const BATCH: usize = 1024;

/// Nothing can be lost: whatever is not moved into place whole does not count.
const FAST: &str =
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;";

/// What tells whether a file must be read again: the SHA-256 of what is read of it.
pub type Print = [u8; 32];

/// What is written about one file.
struct Entry {
    print: Print,
    text: bool,
    secrets: bool,
    path_terms: String,
    name_terms: String,
    passages: Vec<(Passage, [String; 3])>,
}

/// Indexes `knowledge` into the file `place`, replacing it in one step. `anew` takes nothing from older indexes.
///
/// # Errors
/// When the knowledge cannot be read or the index cannot be written.
pub fn build(knowledge: &Path, place: &Path, anew: bool) -> Result<(), LibrarianError> {
    let listed = list(knowledge)?;
    let folder = place.parent().unwrap_or(Path::new("."));
    let cache = |source| LibrarianError::Cache {
        path: place.to_owned(),
        source,
    };
    crate::folders::make_private(folder).map_err(cache)?;
    let part = folder.join(format!(".{}.part", uuid::Uuid::now_v7().simple()));
    let making = Making {
        root: knowledge,
        listed: &listed,
        place,
        part: &part,
    };
    let made = match making.renewed(anew)? {
        true => Ok(()),
        false => making.whole(),
    };
    let made = made.and_then(|()| {
        let moved = older::seal(&part).and_then(|()| std::fs::rename(&part, place));
        moved.map_err(cache)
    });
    match &made {
        Ok(()) => older::prune(place),
        // The failure is what matters; a leftover part is never read.
        Err(_) => drop(std::fs::remove_file(&part)),
    }
    made
}

/// What an index is made of, and where.
struct Making<'a> {
    root: &'a Path,
    listed: &'a [Listed],
    place: &'a Path,
    part: &'a Path,
}

impl Making<'_> {
    /// Begins with nothing.
    fn whole(&self) -> Result<(), LibrarianError> {
        let files: Vec<(i64, &Listed)> = (1..).zip(self.listed).collect();
        self.write(|db| {
            db.execute_batch(store::TABLES)
                .map_err(|source| self.broken(source))?;
            self.fill(db, &files)?;
            Ok(0)
        })
    }

    /// Begins with an older index, if there is one to begin with, and nothing is wrong with it.
    fn renewed(&self, anew: bool) -> Result<bool, LibrarianError> {
        if anew || older::family(self.place).is_empty() {
            return Ok(false);
        }
        let prints = parallel::map(self.listed, |listed| {
            look(self.root, listed, |file, text| print(readable(file, text)))
        });
        let mut now: HashMap<&str, Print> = HashMap::new();
        for (listed, print) in self.listed.iter().zip(prints) {
            now.insert(&listed.path, print?);
        }
        let Some(base) = older::base(self.place, &now) else {
            return Ok(false);
        };
        let renewed =
            older::copy(&base.path, self.part).is_ok() && self.replace(&base, &now).is_ok();
        if !renewed {
            let _ = std::fs::remove_file(self.part);
        }
        Ok(renewed)
    }

    /// Replaces the files of a copy that differ.
    fn replace(&self, base: &Base, now: &HashMap<&str, Print>) -> Result<(), LibrarianError> {
        let same = |path: &str, print: &Print| now.get(path) == Some(print);
        let mut gone: Vec<i64> = base
            .files
            .iter()
            .filter(|(path, file)| !same(path, &file.print))
            .map(|(_, file)| file.id)
            .collect();
        gone.sort_unstable();
        let next = base.files.values().map(|file| file.id).max().unwrap_or(0) + 1;
        let came = self.listed.iter().filter(|listed| {
            let known = base.files.get(&listed.path);
            known.is_none_or(|file| !same(&listed.path, &file.print))
        });
        let came: Vec<(i64, &Listed)> = (next..).zip(came).collect();
        let worn = base.worn.saturating_add(narrow(gone.len() + came.len()));
        self.write(|db| {
            for id in &gone {
                remove(db, *id).map_err(|source| self.broken(source))?;
            }
            self.fill(db, &came)?;
            Ok(worn)
        })
    }

    /// Writes in one transaction; `work` tells how worn the index is.
    fn write(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<u32, LibrarianError>,
    ) -> Result<(), LibrarianError> {
        let broken = |source| self.broken(source);
        let mut db = Connection::open(self.part).map_err(broken)?;
        db.execute_batch(FAST).map_err(broken)?;
        let write = db.transaction().map_err(broken)?;
        let worn = work(&write)?;
        write.execute("DELETE FROM done", []).map_err(broken)?;
        write
            .execute(
                "INSERT INTO done SELECT ?1, count(*), coalesce(sum(passages), 0), ?2, 0 FROM file",
                params![store::key(self.place), worn],
            )
            .map_err(broken)?;
        write.commit().map_err(broken)?;
        db.close().map_err(|(_, source)| broken(source))?;
        self.settle(worn > 0).map_err(broken)
    }

    /// What is known last. The engine has what it counted in mind as long as a connection is open.
    fn settle(&self, counted_anew: bool) -> rusqlite::Result<()> {
        let db = Connection::open(self.part)?;
        db.execute_batch(FAST)?;
        if counted_anew {
            totals::count(&db)?;
        }
        let pages: i64 = db.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        db.execute("UPDATE done SET pages = ?1", [pages])?;
        db.close().map_err(|(_, source)| source)
    }

    /// Reads files and writes what they hold, each under its id.
    fn fill(&self, db: &Connection, files: &[(i64, &Listed)]) -> Result<(), LibrarianError> {
        let broken = |source| self.broken(source);
        let mut terms: HashSet<String> = HashSet::new();
        for chunk in files.chunks(BATCH) {
            let entries = parallel::map(chunk, |(_, listed)| look(self.root, listed, read));
            for ((id, listed), entry) in chunk.iter().zip(entries) {
                let entry = entry?;
                entry.each_term(|term| {
                    if !terms.contains(term) {
                        terms.insert(term.to_owned());
                    }
                });
                insert(db, *id, &listed.path, &entry).map_err(broken)?;
            }
        }
        let mut terms: Vec<String> = terms.into_iter().collect();
        terms.sort_unstable();
        let mut learn = db
            .prepare("INSERT OR IGNORE INTO term VALUES (?1)")
            .map_err(broken)?;
        for term in terms {
            learn.execute([term]).map_err(broken)?;
        }
        Ok(())
    }

    fn broken(&self, source: rusqlite::Error) -> LibrarianError {
        LibrarianError::Index {
            path: self.part.to_owned(),
            source,
        }
    }
}

/// The text of a file as far as it is read at all.
pub fn readable<'t>(file: &File, text: Option<&'t str>) -> Option<&'t str> {
    text.filter(|_| secret_name(&file.path).is_none())
}

/// The print of what is read. No text has that of a file that is not read, for it is not the sum of anything.
pub fn print(text: Option<&str>) -> Print {
    text.map_or([0; 32], |text| Sha256::digest(text).into())
}

fn read(file: &File, text: Option<&str>) -> Entry {
    let text = readable(file, text);
    let mut entry = Entry {
        print: print(text),
        text: false,
        secrets: false,
        path_terms: path_terms(&file.path),
        name_terms: String::new(),
        passages: Vec::new(),
    };
    let Some(text) = text else { return entry };
    entry.text = true;
    let (text, secrets) = redact(&file.path, text);
    entry.secrets = !secrets.is_empty();
    let lines: Vec<&str> = text.lines().collect();
    for passage in passages(&file.path, &text) {
        let mut terms = [const { String::new() }; 3];
        words::append(&passage.name, &mut terms[0]);
        entry.name_terms.push_str(&terms[0]);
        words::append(&passage.trail, &mut terms[0]);
        words::append(&passage.doc, &mut terms[1]);
        words::append(&body(&lines, &passage), &mut terms[2]);
        entry.passages.push((passage, terms));
    }
    entry
}

impl Entry {
    fn each_term(&self, mut emit: impl FnMut(&str)) {
        let inside = self.passages.iter().flat_map(|(_, terms)| terms);
        // The names stand in the titles already.
        for text in std::iter::once(&self.path_terms).chain(inside) {
            text.split(' ')
                .filter(|term| !term.is_empty())
                .for_each(&mut emit);
        }
    }
}

/// The terms of a path, and the words for the language of the file.
fn path_terms(path: &str) -> String {
    let mut terms = String::new();
    words::append(path, &mut terms);
    for word in language::of_path(path).map_or(&[][..], |language| language.words) {
        words::append(word, &mut terms);
    }
    terms
}

fn insert(db: &Connection, id: i64, path: &str, entry: &Entry) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO file VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute(params![
            id,
            path,
            entry.print,
            entry.text,
            entry.secrets,
            narrow(entry.passages.len())
        ])?;
    db.prepare_cached("INSERT INTO file_text(rowid, path, names) VALUES (?1, ?2, ?3)")?
        .execute(params![id, entry.path_terms, entry.name_terms])?;
    for (at, (passage, terms)) in (0i64..).zip(&entry.passages) {
        let row = (id << 20) + at;
        db.prepare_cached("INSERT INTO passage VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?
            .execute(params![
                row,
                passage.lines.0,
                passage.lines.1,
                passage.whole.0,
                passage.whole.1,
                passage.what as i64,
                passage.name,
                passage.trail,
                passage.doc,
                i64::from(passage.public) + 2 * i64::from(passage.test),
            ])?;
        db.prepare_cached(
            "INSERT INTO passage_text(rowid, title, doc, body) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![row, terms[0], terms[1], terms[2]])?;
    }
    Ok(())
}

/// Removes what is written about one file.
fn remove(db: &Connection, id: i64) -> rusqlite::Result<()> {
    let passages: i64 = db
        .prepare_cached("DELETE FROM file WHERE id = ?1 RETURNING passages")?
        .query_row([id], |row| row.get(0))?;
    db.prepare_cached("DELETE FROM file_text WHERE rowid = ?1")?
        .execute([id])?;
    for row in (id << 20)..(id << 20) + passages.clamp(0, 1 << 20) {
        db.prepare_cached("DELETE FROM passage WHERE id = ?1")?
            .execute([row])?;
        db.prepare_cached("DELETE FROM passage_text WHERE rowid = ?1")?
            .execute([row])?;
    }
    Ok(())
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

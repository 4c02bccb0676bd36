//! Building an index: every file read once, written beside its place and moved there when whole.

use std::path::Path;

use rusqlite::{Connection, params};

use super::error::LibrarianError;
use super::passage::{Passage, body, passages};
use super::{language, store, words};
use crate::knowledge::files::{File, Files};
use crate::knowledge::secrets::{redact, secret_name};
use crate::knowledge::{KnowledgeError, parallel};

/// Files that are read before their rows are written: what bounds the memory.
const BATCH: usize = 1024;

/// Fills the list of all terms, with which a query is freed of what stands nowhere in one step.
const VOCABULARY: &str = "
    CREATE VIRTUAL TABLE temp.by_file USING fts5vocab(main, file_text, row);
    CREATE VIRTUAL TABLE temp.by_passage USING fts5vocab(main, passage_text, row);
    INSERT INTO term SELECT term FROM by_file UNION SELECT term FROM by_passage;
    DROP TABLE temp.by_file;
    DROP TABLE temp.by_passage;
";

/// What is written about one file.
struct Entry {
    text: bool,
    secrets: bool,
    path_terms: String,
    name_terms: String,
    passages: Vec<(Passage, [String; 3])>,
}

/// Indexes `knowledge` into the file `place`, replacing it in one step.
///
/// # Errors
/// When the knowledge cannot be read or the index cannot be written.
pub fn build(knowledge: &Path, place: &Path) -> Result<(), LibrarianError> {
    let files = Files::read(knowledge)?;
    let folder = place.parent().unwrap_or(Path::new("."));
    let cache = |source| LibrarianError::Cache {
        path: place.to_owned(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(cache)?;
    let part = folder.join(format!(".{}.part", uuid::Uuid::now_v7().simple()));
    let written = write(&files, &part).and_then(|()| std::fs::rename(&part, place).map_err(cache));
    if written.is_err() {
        // The failure is what matters; a leftover part is never read.
        let _ = std::fs::remove_file(&part);
    }
    written
}

fn write(files: &Files, part: &Path) -> Result<(), LibrarianError> {
    let index = |source| LibrarianError::Index {
        path: part.to_owned(),
        source,
    };
    let mut db = Connection::open(part).map_err(index)?;
    // Nothing can be lost: whatever is not moved into place whole does not count.
    db.execute_batch(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;",
    )
    .map_err(index)?;
    let write = db.transaction().map_err(index)?;
    write.execute_batch(store::TABLES).map_err(index)?;
    let mut count = 0u32;
    for (batch, chunk) in files.files.chunks(BATCH).enumerate() {
        for (at, entry) in parallel::map(chunk, |file| read(files, file)).enumerate() {
            let id = i64::try_from(batch * BATCH + at + 1).unwrap_or(i64::MAX);
            let entry = entry?;
            count = count.saturating_add(narrow(entry.passages.len()));
            insert(&write, id, &chunk[at].path, &entry).map_err(index)?;
        }
    }
    let sum = params![narrow(files.files.len()), count];
    write
        .execute("INSERT INTO done VALUES (?1, ?2, 0)", sum)
        .map_err(index)?;
    write.execute_batch(VOCABULARY).map_err(index)?;
    write.commit().map_err(index)?;
    let pages: i64 = db
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .map_err(index)?;
    db.execute("UPDATE done SET pages = ?1", [pages])
        .map_err(index)?;
    db.close().map_err(|(_, source)| index(source))
}

fn read(files: &Files, file: &File) -> Result<Entry, KnowledgeError> {
    let text = if secret_name(&file.path).is_some() {
        None
    } else {
        files.text(file)?
    };
    let mut entry = Entry {
        text: text.is_some(),
        secrets: false,
        path_terms: path_terms(&file.path),
        name_terms: String::new(),
        passages: Vec::new(),
    };
    let Some(text) = text else { return Ok(entry) };
    let (text, secrets) = redact(&file.path, &text);
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
    Ok(entry)
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
    db.prepare_cached("INSERT INTO file VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            id,
            path,
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

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

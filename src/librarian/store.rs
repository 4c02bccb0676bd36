//! The file of an index: where it lies, its tables, and whether it can be trusted.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

use crate::knowledge::files::Files;

/// Version of the tables and of the terms in them; another number means another file.
const VERSION: u32 = 3;
/// Bytes after the last page: the SHA-256 of all pages. Whoever begins with this index reads it whole and compares.
pub const SUM: u64 = 32;

/// Tables of an index. Texts are stored as terms only, separated by blanks, so the simplest tokenizer
/// does; a row of `passage_text` is numbered as its passage: id of the file · 2²⁰ + place in the file. An id says nothing:
/// files that came later have greater ones, wherever their paths stand. `term` holds every term, and may still hold terms of
/// files that are gone.
pub const TABLES: &str = "
    CREATE TABLE file(id INTEGER PRIMARY KEY, path TEXT NOT NULL, print BLOB NOT NULL, text INTEGER NOT NULL,
                      secrets INTEGER NOT NULL, passages INTEGER NOT NULL);
    CREATE TABLE passage(id INTEGER PRIMARY KEY, first INTEGER, last INTEGER, whole_first INTEGER,
                         whole_last INTEGER, what INTEGER, name TEXT, trail TEXT, doc TEXT, flags INTEGER);
    CREATE VIRTUAL TABLE file_text USING fts5(path, names, content='', contentless_delete=1, tokenize='ascii');
    CREATE VIRTUAL TABLE passage_text USING fts5(title, doc, body, content='', contentless_delete=1, tokenize='ascii');
    CREATE TABLE term(term TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE done(key TEXT NOT NULL, files INTEGER NOT NULL, passages INTEGER NOT NULL, worn INTEGER NOT NULL,
                      pages INTEGER NOT NULL);
";

/// What ends the name of every index of this version.
fn ending() -> String {
    format!(".librarian-{VERSION}.sqlite")
}

/// The file that holds the index of one knowledge folder: `<family>.<content>.librarian-<version>.sqlite`. A store path says
/// what it holds by its hash, and whose it is by its name; any other folder is told apart by its place, and by the names,
/// sizes and times of its files.
pub fn place(cache: &Path, knowledge: &Path) -> PathBuf {
    let name = knowledge
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("");
    let stored = knowledge.starts_with("/nix/store")
        && name.len() > 33
        && name.is_char_boundary(32)
        && name[..32]
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && name.as_bytes()[32] == b'-';
    let (family, content) = if stored {
        (name[33..].to_owned(), name[..32].to_owned())
    } else {
        let place = Sha256::digest(knowledge.as_os_str().as_encoded_bytes());
        (hex(&place), digest(knowledge))
    };
    cache.join(format!("{family}.{content}{}", ending()))
}

/// What an index is for, as it says itself: its name, and the poag that made it.
pub fn key(place: &Path) -> String {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    format!("{name} {}", env!("CARGO_PKG_VERSION"))
}

/// The family that a file name of an index tells.
pub fn family(name: &str) -> Option<&str> {
    let whole = name.strip_suffix(&ending())?;
    whole.rsplit_once('.').map(|(family, _)| family)
}

fn digest(knowledge: &Path) -> String {
    let mut hash = Sha256::new();
    // A folder that cannot be listed says so when it is indexed.
    for file in Files::read(knowledge)
        .map(|files| files.files)
        .unwrap_or_default()
    {
        let changed = std::fs::symlink_metadata(knowledge.join(&file.path))
            .and_then(|meta| meta.modified())
            .ok()
            .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
            .map_or(0, |time| time.as_nanos());
        hash.update(format!("\0{}\0{}\0{changed}", file.path, file.size));
    }
    hex(&hash.finalize())
}

/// The first half of a digest.
fn hex(bytes: &[u8]) -> String {
    crate::knowledge::hash::hex(&bytes[..16])
}

/// Opens a finished index for reading; nothing ever writes to it again.
///
/// # Errors
/// When the engine cannot read it, or it was not finished or is not whole.
pub fn open(path: &Path) -> rusqlite::Result<Connection> {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' => uri.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            byte => uri.push_str(&format!("%{byte:02x}")),
        }
    }
    uri.push_str("?mode=ro&immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(uri, flags)?;
    db.set_prepared_statement_cache_capacity(32);
    let (own, pages): (String, i64) = db.query_row("SELECT key, pages FROM done", [], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let size: i64 = db.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    let there = std::fs::metadata(path).map_or(0, |meta| meta.len());
    if own == key(path) && u64::try_from(pages * size).map(|bytes| bytes + SUM) == Ok(there) {
        Ok(db)
    } else {
        Err(rusqlite::Error::InvalidQuery)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_path_is_known_by_its_name() {
        let path = Path::new("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-hello-1.2-knowledge");
        let place = place(Path::new("/c"), path);
        let name = "hello-1.2-knowledge.0123456789abcdfghijklmnpqrsvwxyz.librarian-3.sqlite";
        assert_eq!(place, Path::new("/c").join(name));
        assert_eq!(family(name), Some("hello-1.2-knowledge"));
    }

    #[test]
    fn another_folder_is_known_by_what_lies_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let before = place(Path::new("/c"), folder.path());
        std::fs::write(folder.path().join("a"), "b").unwrap();
        let after = place(Path::new("/c"), folder.path());
        assert_ne!(before, after);
        let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(family(&name(&before)), family(&name(&after)));
    }
}

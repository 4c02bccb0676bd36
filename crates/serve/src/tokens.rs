//! Tokens: who may do what over TCP. A file holds their hashes, another the one token of this machine's own clients; both
//! can be read by their owner alone.

#![expect(clippy::disallowed_methods, reason = "tokens, in the state folder")]

use std::collections::BTreeSet;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::caller::Scope;
use crate::secret;

/// What a token begins with, so that who finds one knows what it is.
const PREFIX: &str = "poag_";
/// The name of the token of this machine's own clients.
const LOCAL: &str = "local";
/// Most bytes of the file that are read.
const MOST: u64 = 1 << 20;

/// Why tokens cannot be used.
#[derive(Debug, Error)]
pub enum TokenError {
    /// The file or its folder cannot be used.
    #[error("{}: {source}\nrepair: see that its folder exists and may be written", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// It holds something else.
    #[error("{}: {source}\nrepair: move it away; then make new tokens", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// Why it cannot be read.
        source: serde_json::Error,
    },
    /// A name that is taken, or cannot be one.
    #[error(
        "{0:?} cannot name a new token: {1}\nrepair: choose another name; `poag serve token list` shows those that there are"
    )]
    Name(String, &'static str),
    /// No such token.
    #[error("there is no token {0:?}\nrepair: `poag serve token list` shows those that there are")]
    Unknown(String),
}

/// A token, without what it says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenRecord {
    /// Its name, under which what its holder does is recorded.
    pub name: String,
    /// What its holder may do.
    pub scopes: BTreeSet<Scope>,
    /// When it was made, in milliseconds since 1970 in UTC.
    pub created: i64,
    /// Hex SHA-256 of the token.
    pub hash: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TokenFile {
    version: u32,
    tokens: Vec<TokenRecord>,
}

/// What tells one state of the file from another.
type Stamp = (u64, u64, i64, i64);

/// The tokens of one state folder, shared by all its servers: what one process changes, the others heed at once.
#[derive(Debug)]
pub struct TokenStore {
    folder: PathBuf,
    known: Mutex<(Option<Stamp>, Vec<TokenRecord>)>,
}

impl TokenStore {
    /// The tokens in the folder `serve` of a state folder; nothing is made yet.
    #[must_use]
    pub fn new(state: &Path) -> Self {
        Self {
            folder: state.join("serve"),
            known: Mutex::default(),
        }
    }

    /// Makes a token and gives it: it is shown once, and only its hash is kept.
    ///
    /// # Errors
    /// When the name is taken or none, or the file cannot be written.
    pub fn add(&self, name: &str, scopes: BTreeSet<Scope>) -> Result<String, TokenError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
            let why = "it takes letters, digits, '-', '_' and '.', at most 64";
            return Err(TokenError::Name(name.to_owned(), why));
        }
        let word = secret::fresh().map_err(self.failed())?;
        let token = format!("{PREFIX}{word}");
        self.change(|tokens| {
            if tokens.iter().any(|token| token.name == name) {
                return Err(TokenError::Name(name.to_owned(), "another one has it"));
            }
            tokens.push(TokenRecord {
                name: name.to_owned(),
                scopes,
                created: jiff::Timestamp::now().as_millisecond(),
                hash: secret::hash(&token),
            });
            Ok(())
        })?;
        Ok(token)
    }

    /// All of them, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn list(&self) -> Result<Vec<TokenRecord>, TokenError> {
        Ok(self.read()?.0)
    }

    /// Takes a token back: from now on it opens nothing.
    ///
    /// # Errors
    /// When there is none of that name, or the file cannot be written.
    pub fn revoke(&self, name: &str) -> Result<(), TokenError> {
        self.change(|tokens| {
            let before = tokens.len();
            tokens.retain(|token| token.name != name);
            match tokens.len() == before {
                true => Err(TokenError::Unknown(name.to_owned())),
                false => Ok(()),
            }
        })?;
        if name == LOCAL {
            // Whoever finds it would be told that it opens nothing.
            let _ = std::fs::remove_file(self.local_file());
        }
        Ok(())
    }

    /// The file that holds the token of this machine's own clients.
    #[must_use]
    pub fn local_file(&self) -> PathBuf {
        self.folder.join("local-token")
    }

    /// Makes the token of this machine's own clients, where there is none: its file can be read by its owner alone.
    ///
    /// # Errors
    /// When the files cannot be read or written.
    pub fn local(&self) -> Result<PathBuf, TokenError> {
        let file = self.local_file();
        let there = std::fs::read_to_string(&file).unwrap_or_default();
        let known = self.list()?;
        let hash = secret::hash(there.trim());
        if known
            .iter()
            .any(|one| one.name == LOCAL && one.hash == hash)
        {
            return Ok(file);
        }
        if known.iter().any(|one| one.name == LOCAL) {
            self.revoke(LOCAL)?;
        }
        let token = self.add(LOCAL, [Scope::Admin].into())?;
        self.write(&file, format!("{token}\n").as_bytes())?;
        Ok(file)
    }

    /// Who has this token; none where nobody has.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn find(&self, token: &str) -> Result<Option<TokenRecord>, TokenError> {
        let hash = secret::hash(token);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(&self.file());
        if stamp.is_none() || known.0 != stamp {
            let (tokens, read) = self.read()?;
            *known = (read, tokens);
        }
        Ok(known.1.iter().find(|one| one.hash == hash).cloned())
    }

    fn file(&self) -> PathBuf {
        self.folder.join("tokens.json")
    }

    fn failed(&self) -> impl Fn(io::Error) -> TokenError {
        let path = self.file();
        move |source| TokenError::File {
            path: path.clone(),
            source,
        }
    }

    fn read(&self) -> Result<(Vec<TokenRecord>, Option<Stamp>), TokenError> {
        let path = self.file();
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), None)),
            Err(source) => return Err(TokenError::File { path, source }),
        };
        let stamp = file.metadata().ok().map(|data| of(&data));
        let mut text = String::new();
        let read = file.take(MOST).read_to_string(&mut text);
        read.map_err(self.failed())?;
        let content: TokenFile =
            serde_json::from_str(&text).map_err(|source| TokenError::Content { path, source })?;
        Ok((content.tokens, stamp))
    }

    /// Changes the file, one process at a time, whole or not at all.
    fn change(
        &self,
        change: impl FnOnce(&mut Vec<TokenRecord>) -> Result<(), TokenError>,
    ) -> Result<(), TokenError> {
        let failed = self.failed();
        let made = DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.folder);
        made.map_err(&failed)?;
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.folder.join("tokens.lock"));
        let lock = lock.map_err(&failed)?;
        lock.lock().map_err(&failed)?;
        let mut tokens = self.read()?.0;
        change(&mut tokens)?;
        let content = TokenFile { version: 1, tokens };
        let path = self.file();
        let json = serde_json::to_vec_pretty(&content)
            .map_err(|source| TokenError::Content { path, source })?;
        self.write(&self.file(), &json)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), TokenError> {
        let failed = self.failed();
        // For its owner alone, as tempfile makes them.
        let mut file = tempfile::NamedTempFile::new_in(&self.folder).map_err(&failed)?;
        file.write_all(bytes).map_err(&failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    Some(of(&std::fs::metadata(path).ok()?))
}

fn of(data: &std::fs::Metadata) -> Stamp {
    (data.ino(), data.len(), data.mtime(), data.mtime_nsec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_as_its_hash_in_a_file_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = TokenStore::new(folder.path());
        let token = store.add("ci", [Scope::Read].into()).unwrap();
        assert!(token.len() > 40 && token.starts_with(PREFIX), "{token}");
        let file = folder.path().join("serve/tokens.json");
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains(&token[PREFIX.len()..]), "{text}");
        for path in [&file, &folder.path().join("serve/tokens.lock")] {
            assert_eq!(std::fs::metadata(path).unwrap().mode() & 0o77, 0);
        }
        let found = store.find(&token).unwrap().unwrap();
        assert_eq!(found.name, "ci");
        assert_eq!(store.find(&token[..token.len() - 1]).unwrap(), None);
    }

    #[test]
    fn what_another_process_revokes_opens_nothing_from_then_on() {
        let folder = tempfile::tempdir().unwrap();
        let (here, there) = (
            TokenStore::new(folder.path()),
            TokenStore::new(folder.path()),
        );
        let token = here.add("ci", [Scope::Read].into()).unwrap();
        assert!(there.find(&token).unwrap().is_some());
        here.revoke("ci").unwrap();
        assert_eq!(there.find(&token).unwrap(), None);
        assert!(here.revoke("ci").is_err());
    }

    #[test]
    fn names_are_plain_and_stand_for_one_token() {
        let folder = tempfile::tempdir().unwrap();
        let store = TokenStore::new(folder.path());
        store.add("ci", [Scope::Read].into()).unwrap();
        for name in ["ci", "", "a b", "../x", &"a".repeat(65)] {
            let error = store.add(name, [Scope::Read].into()).unwrap_err();
            assert!(error.to_string().contains("repair:"), "{error}");
        }
    }

    #[test]
    fn the_local_token_stays_until_it_is_revoked() {
        let folder = tempfile::tempdir().unwrap();
        let store = TokenStore::new(folder.path());
        let read = || std::fs::read_to_string(store.local().unwrap()).unwrap();
        let first = read();
        assert_eq!(read(), first);
        let mode = std::fs::metadata(store.local_file()).unwrap().mode();
        assert_eq!(mode & 0o77, 0);
        store.revoke(LOCAL).unwrap();
        assert!(!store.local_file().exists());
        assert_ne!(read(), first);
        assert_eq!(store.find(first.trim()).unwrap(), None);
    }
}

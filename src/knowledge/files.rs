//! The files of one knowledge folder: names, sizes and what kind of content they hold.

use std::fs::{self, File as Handle};
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::error::KnowledgeError;
use super::parallel;

/// Bytes above which a file is named but not read.
pub const HUGE: u64 = 1 << 20;
/// Files above which a folder is refused.
pub const MAX_FILES: usize = 250_000;
/// Folders inside folders above which a folder is refused.
pub const MAX_DEPTH: usize = 128;
/// Bytes at the start of a file that decide whether it is text.
const PROBE: u64 = 8192;

/// What a file holds, as far as a pack or an index is concerned.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Content {
    /// UTF-8 text of a size worth reading, as far as its first 8 KiB tell; [`Files::text`] has the last word.
    Text,
    /// Not UTF-8.
    Binary,
    /// Too large to be read; named only.
    Huge,
    /// A symbolic link; never followed.
    Symlink,
}

/// One file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct File {
    /// Relative to the knowledge folder, with `/`.
    pub path: String,
    /// Bytes; of a symbolic link, the length of its target.
    pub size: u64,
    /// What it holds.
    pub content: Content,
}

/// All files of one knowledge folder, sorted bytewise by path.
#[derive(Clone, Debug)]
pub struct Files {
    /// The folder, usually a store path.
    pub root: PathBuf,
    /// The files.
    pub files: Vec<File>,
}

impl Files {
    /// Lists the regular files and symbolic links below `root`. Nothing else is knowledge: Nix cannot hold it.
    ///
    /// # Errors
    /// When the folder cannot be read, a name is not UTF-8, or there are more than [`MAX_FILES`] files
    /// or [`MAX_DEPTH`] levels.
    pub fn read(root: &Path) -> Result<Self, KnowledgeError> {
        let mut found = Vec::new();
        let walk = WalkDir::new(root)
            .follow_links(false)
            .min_depth(1)
            .max_depth(MAX_DEPTH);
        for entry in walk {
            let entry = entry.map_err(|source| KnowledgeError::Walk {
                root: root.to_owned(),
                source,
            })?;
            if entry.file_type().is_dir() {
                if entry.depth() == MAX_DEPTH {
                    return Err(KnowledgeError::Deep {
                        path: relative(root, &entry)?,
                    });
                }
            } else if entry.file_type().is_file() || entry.file_type().is_symlink() {
                if found.len() == MAX_FILES {
                    return Err(KnowledgeError::Many {
                        root: root.to_owned(),
                    });
                }
                found.push(entry);
            }
        }
        if found.is_empty() && !root.is_dir() {
            return Err(KnowledgeError::NotAFolder {
                root: root.to_owned(),
            });
        }
        let mut files =
            parallel::map(&found, |entry| inspect(root, entry)).collect::<Result<Vec<_>, _>>()?;
        files.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
        Ok(Self {
            root: root.to_owned(),
            files,
        })
    }

    /// The file of that path.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&File> {
        self.files
            .binary_search_by(|file| file.path.as_bytes().cmp(path.as_bytes()))
            .ok()
            .map(|at| &self.files[at])
    }

    /// The files that a declared path stands for: the file itself, or all below the folder of that name.
    pub fn below<'a>(&'a self, path: &str) -> impl Iterator<Item = &'a File> {
        let path = path.trim_start_matches("./").trim_end_matches('/');
        let (whole, path) = (path.is_empty() || path == ".", path.to_owned());
        self.files.iter().filter(move |file| {
            whole
                || file
                    .path
                    .strip_prefix(path.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// The whole text of a file; none where it is not text, or too large.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn text(&self, file: &File) -> Result<Option<String>, KnowledgeError> {
        if file.content != Content::Text {
            return Ok(None);
        }
        let path = self.inside(&file.path)?;
        let bytes = read_at_most(&path, HUGE + 1).map_err(|source| KnowledgeError::Read {
            path: file.path.clone(),
            source,
        })?;
        if bytes.len() as u64 > HUGE || bytes.contains(&0) {
            return Ok(None);
        }
        Ok(String::from_utf8(bytes).ok())
    }

    /// Where a file lies on disk.
    ///
    /// # Errors
    /// When its path would leave the folder.
    pub fn inside(&self, path: &str) -> Result<PathBuf, KnowledgeError> {
        let plain = Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if path.is_empty() || !plain {
            return Err(KnowledgeError::Outside { path: path.into() });
        }
        Ok(self.root.join(path))
    }
}

fn relative(root: &Path, entry: &DirEntry) -> Result<String, KnowledgeError> {
    let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
    match path.to_str() {
        Some(path) => Ok(path.to_owned()),
        None => Err(KnowledgeError::Name {
            path: path.to_string_lossy().into_owned(),
        }),
    }
}

fn inspect(root: &Path, entry: &DirEntry) -> Result<File, KnowledgeError> {
    let path = relative(root, entry)?;
    let failed = |source| KnowledgeError::Read {
        path: path.clone(),
        source,
    };
    let size = fs::symlink_metadata(entry.path()).map_err(failed)?.len();
    let content = if entry.file_type().is_symlink() {
        Content::Symlink
    } else if size > HUGE {
        Content::Huge
    } else if is_text(&read_at_most(entry.path(), PROBE).map_err(failed)?) {
        Content::Text
    } else {
        Content::Binary
    };
    Ok(File {
        path,
        size,
        content,
    })
}

/// Opens regular files only: a link could lead out of the folder, a pipe would never end.
fn read_at_most(path: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(ErrorKind::InvalidInput.into());
    }
    let file = Handle::open(path)?;
    // With room for all of it and the end, one read suffices.
    let size = file.metadata()?.len().min(limit);
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether the first bytes of a file are text: UTF-8 without NUL; a character cut at the end is no fault.
fn is_text(start: &[u8]) -> bool {
    !start.contains(&0)
        && match std::str::from_utf8(start) {
            Ok(_) => true,
            Err(error) => error.error_len().is_none() && start.len() as u64 == PROBE,
        }
}

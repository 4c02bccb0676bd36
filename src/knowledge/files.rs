//! The files of one knowledge folder: names, sizes and what kind of content they hold.

use std::path::PathBuf;

/// What a file holds, as far as a pack or an index is concerned.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Content {
    /// UTF-8 text of a size worth reading.
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
    /// Bytes.
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

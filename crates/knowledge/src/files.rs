//! The files of one knowledge folder: names, sizes and what kind of content they hold.

mod content;

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use walkdir::WalkDir;

use super::error::{KnowledgeError, MAX_DEPTH, MAX_FILES};
use super::outline::undeclared;
use super::parallel;
pub use content::look;
use content::{inspect, read_at_most};
use poag_core::expert::Knowledge;

/// Bytes above which a file is named but not read.
pub const HUGE: u64 = 1 << 20;

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
pub struct KnownFile {
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
    pub files: Vec<KnownFile>,
    /// Path → where it lies, for what is reached through links.
    linked: BTreeMap<String, PathBuf>,
}

/// Where the files of an expert lie.
pub trait Places {
    /// The place of a path.
    ///
    /// # Errors
    /// When the path leaves the folder.
    fn place(&self, path: &str) -> Result<PathBuf, KnowledgeError>;
}

/// A plain folder.
impl Places for Path {
    fn place(&self, path: &str) -> Result<PathBuf, KnowledgeError> {
        inside(self, path)
    }
}

/// A folder, and beside it what is reached through its links.
#[derive(Clone, Debug, Default)]
pub struct Root {
    folder: PathBuf,
    linked: BTreeMap<String, PathBuf>,
}

impl Root {
    /// Of what an expert knows.
    ///
    /// # Errors
    /// When a path would leave its folder.
    pub fn of(knowledge: &Knowledge) -> Result<Self, KnowledgeError> {
        let mut linked = BTreeMap::new();
        if let Some(found) = &knowledge.linked {
            for (path, file) in &found.files {
                inside(&knowledge.path, path)?;
                linked.insert(path.clone(), inside(&found.path, &file.place)?);
            }
        }
        Ok(Self {
            folder: knowledge.path.clone(),
            linked,
        })
    }

    /// As [`list`]; a link that is followed is no file itself.
    ///
    /// # Errors
    /// As [`list`].
    pub fn list(&self) -> Result<Vec<Listed>, KnowledgeError> {
        let mut listed = list(&self.folder)?;
        if self.linked.is_empty() {
            return Ok(listed);
        }
        let followed = |path: &str| {
            let below = format!("{path}/");
            let mut from = self.linked.range(below.clone()..);
            self.linked.contains_key(path)
                || from
                    .next()
                    .is_some_and(|(first, _)| first.starts_with(&below))
        };
        listed.retain(|one| !(one.link && followed(&one.path)));
        listed.extend(self.linked.keys().map(|path| Listed {
            path: path.clone(),
            link: false,
        }));
        listed.sort_unstable_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
        Ok(listed)
    }
}

impl Root {
    /// The place of a file that is reached through a link.
    #[must_use]
    pub fn linked(&self, path: &str) -> Option<&Path> {
        self.linked.get(path).map(PathBuf::as_path)
    }
}

impl Places for Root {
    fn place(&self, path: &str) -> Result<PathBuf, KnowledgeError> {
        match self.linked.get(path) {
            Some(place) => Ok(place.clone()),
            None => inside(&self.folder, path),
        }
    }
}

impl Files {
    /// Lists the regular files and symbolic links below `root`. Nothing else is knowledge: Nix cannot hold it.
    ///
    /// # Errors
    /// When the folder cannot be read, a name is not UTF-8, or there are more than [`MAX_FILES`] files
    /// or [`MAX_DEPTH`] levels.
    pub fn read(root: &Path) -> Result<Self, KnowledgeError> {
        Self::below_root(Root {
            folder: root.to_owned(),
            linked: BTreeMap::new(),
        })
    }

    /// As [`Files::read`], with what is reached through links that the declaration names.
    ///
    /// # Errors
    /// As [`Files::read`].
    pub fn of(knowledge: &Knowledge) -> Result<Self, KnowledgeError> {
        Self::below_root(Root::of(knowledge)?)
    }

    /// These files of a folder, which were looked at already.
    #[must_use]
    pub fn some(root: PathBuf, files: Vec<KnownFile>) -> Self {
        Self {
            root,
            files,
            linked: BTreeMap::new(),
        }
    }

    fn below_root(root: Root) -> Result<Self, KnowledgeError> {
        let listed = root.list()?;
        let files = parallel::map(&listed, |listed| inspect(&root, listed))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            root: root.folder,
            files,
            linked: root.linked,
        })
    }

    /// The file of that path.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&KnownFile> {
        self.files
            .binary_search_by(|file| file.path.as_bytes().cmp(path.as_bytes()))
            .ok()
            .map(|at| &self.files[at])
    }

    /// The files that a declared path stands for: the file itself, or all below the folder of that name.
    pub fn below<'a>(&'a self, path: &str) -> impl Iterator<Item = &'a KnownFile> {
        let path = path.to_owned();
        self.files
            .iter()
            .filter(move |file| is_below(&file.path, &path))
    }

    /// The whole text of a file; none where it is not text, or too large.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn text(&self, file: &KnownFile) -> Result<Option<String>, KnowledgeError> {
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
        let text = String::from_utf8(bytes).ok();
        Ok(text.map(|text| undeclared(&file.path, &text).into_owned()))
    }

    /// Where a file lies on disk.
    ///
    /// # Errors
    /// When its path would leave the folder.
    pub fn inside(&self, path: &str) -> Result<PathBuf, KnowledgeError> {
        match self.linked.get(path) {
            Some(place) => Ok(place.clone()),
            None => inside(&self.root, path),
        }
    }
}

/// A name that was found, before anybody looked at what it holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Listed {
    /// Relative to the knowledge folder, with `/`.
    pub path: String,
    /// Whether it is a symbolic link.
    pub link: bool,
}

/// Names the regular files and symbolic links below `root`, sorted bytewise by path, without opening any.
///
/// # Errors
/// As [`Files::read`], but for what reading a file may bring.
pub fn list(root: &Path) -> Result<Vec<Listed>, KnowledgeError> {
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
        let kind = entry.file_type();
        if kind.is_dir() {
            if entry.depth() == MAX_DEPTH {
                return Err(KnowledgeError::Deep {
                    path: relative(root, entry.path())?,
                });
            }
        } else if kind.is_file() || kind.is_symlink() {
            if found.len() == MAX_FILES {
                return Err(KnowledgeError::Many {
                    root: root.to_owned(),
                });
            }
            found.push(Listed {
                path: relative(root, entry.path())?,
                link: kind.is_symlink(),
            });
        }
    }
    if found.is_empty() && !root.is_dir() {
        return Err(KnowledgeError::NotAFolder {
            root: root.to_owned(),
        });
    }
    found.sort_unstable_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
    Ok(found)
}

/// Whether a declared path stands for a file: it is the file itself, or a folder above it.
#[must_use]
pub fn is_below(file: &str, declared: &str) -> bool {
    let declared = declared.trim_start_matches("./").trim_end_matches('/');
    declared.is_empty()
        || declared == "."
        || file
            .strip_prefix(declared)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn inside(root: &Path, path: &str) -> Result<PathBuf, KnowledgeError> {
    let plain = Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if path.is_empty() || !plain {
        return Err(KnowledgeError::Outside { path: path.into() });
    }
    Ok(root.join(path))
}

fn relative(root: &Path, path: &Path) -> Result<String, KnowledgeError> {
    let path = path.strip_prefix(root).unwrap_or(path);
    match path.to_str() {
        Some(path) => Ok(path.to_owned()),
        None => Err(KnowledgeError::Name {
            path: path.to_string_lossy().into_owned(),
        }),
    }
}

//! Files below a folder whose content comes from others, such as a repository: read and written without following a link.
//!
//! Whoever made a repository chose its links, and a link may lead anywhere. So each folder on the way is opened from the one
//! above it, and none through a link; what is written goes into a new file beside its place, which is then renamed over it,
//! so that a reader sees the old content or the new one. Every write into a repository goes through [`write`]; tests hold the
//! rest of the source to that.

#![expect(clippy::disallowed_methods, reason = "the door")]

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use thiserror::Error;

/// Why a file below a folder cannot be read or written.
#[derive(Debug, Error)]
pub enum InsideError {
    /// A link is in the way.
    #[error(
        "{} is a symbolic link, which poag does not follow\nrepair: put the file or folder itself there", .0.display()
    )]
    Link(PathBuf),
    /// Something that is no file is in its place.
    #[error("{} is no file\nrepair: move it out of the way", .0.display())]
    NoFile(PathBuf),
    /// Something that is no folder is on the way.
    #[error("{} is no folder\nrepair: move it out of the way", .0.display())]
    NoFolder(PathBuf),
    /// The path leaves the folder, or names nothing.
    #[error("{} does not lie in {}\nrepair: name a file below that folder", path.display(), root.display())]
    Outside {
        /// The folder.
        root: PathBuf,
        /// The path that was named.
        path: PathBuf,
    },
    /// Larger than anything that is read there.
    #[error("{} has more than {most} bytes\nrepair: see what wrote it, and take it away", path.display())]
    Large {
        /// The file.
        path: PathBuf,
        /// The bound.
        most: u64,
    },
    /// The system refused.
    #[error("{}: {source}\nrepair: see that it exists and that you may read and write it", path.display())]
    File {
        /// The path.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

/// How a file that is written may be used, by its owner and others (`chmod`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Permissions {
    /// Those of the file that is replaced; of a new one, reading by everybody and writing by its owner.
    Kept,
    /// These bits.
    Exactly(u32),
}

/// The text of a file below `root`, at most `most` bytes of it; none where there is no such file.
///
/// # Errors
/// When a link is the file or on the way to it, it is no regular file, it is larger, or it cannot be read.
pub fn read(root: &Path, path: &Path, most: u64) -> Result<Option<Vec<u8>>, InsideError> {
    let place = InnerPath::of(root, path)?;
    let Some(folder) = place.folder(false)? else {
        return Ok(None);
    };
    let full = place.full();
    if place.look(&folder)?.is_none() {
        return Ok(None);
    }
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = rustix::fs::openat(&folder, place.name, flags, Mode::empty());
    let file = file.map_err(|error| failed(&full, error))?;
    let mut bytes = Vec::new();
    let read = File::from(file).take(most + 1).read_to_end(&mut bytes);
    read.map_err(|source| InsideError::File {
        path: full.clone(),
        source,
    })?;
    match bytes.len() as u64 > most {
        true => Err(InsideError::Large { path: full, most }),
        false => Ok(Some(bytes)),
    }
}

/// Writes a file below `root`, whole or not at all, and makes the folders that lead to it.
///
/// # Errors
/// When a link is the file or on the way to it, something that is no regular file is in its place, or the system refuses.
pub fn write(
    root: &Path,
    path: &Path,
    bytes: &[u8],
    permissions: Permissions,
) -> Result<(), InsideError> {
    let place = InnerPath::of(root, path)?;
    let folder = place.folder(true)?;
    let folder = folder.ok_or_else(|| InsideError::NoFolder(root.to_owned()))?;
    let found = place.look(&folder)?;
    place.put(&folder, bytes, mode(found, permissions))
}

/// As [`write`], but what stands in its place and is no file makes room: a link is replaced by the file, and a folder is
/// renamed to a name that is free beside it. For files that are poag's alone.
///
/// Returns what was in the way, in words.
///
/// # Errors
/// As [`write`], but for what stands in its place.
pub fn write_own(root: &Path, path: &Path, bytes: &[u8]) -> Result<Option<String>, InsideError> {
    let place = InnerPath::of(root, path)?;
    let folder = place.folder(true)?;
    let folder = folder.ok_or_else(|| InsideError::NoFolder(root.to_owned()))?;
    let full = place.full();
    let found = match place.look(&folder) {
        Err(InsideError::Link(_)) => {
            place.put(&folder, bytes, Mode::from_raw_mode(0o644))?;
            return Ok(Some(format!(
                "{} was a symbolic link, and is a file now",
                full.display()
            )));
        }
        Err(InsideError::NoFile(_)) => {
            let aside = place.set_aside(&folder)?;
            place.put(&folder, bytes, Mode::from_raw_mode(0o644))?;
            return Ok(Some(format!(
                "{} was no file; what was there is {} now",
                full.display(),
                aside.display()
            )));
        }
        found => found?,
    };
    place.put(&folder, bytes, mode(found, Permissions::Kept))?;
    Ok(None)
}

/// Writes a file that a person named. In a repository or a flake it is written as [`write`] does it; anywhere else the
/// person's own links to folders are followed, and a device or pipe is written to.
///
/// # Errors
/// As [`write`].
pub fn write_named(file: &Path, bytes: &[u8], permissions: Permissions) -> Result<(), InsideError> {
    let whole = match place_of(file) {
        Ok((root, path)) => return write(&root, &path, bytes, permissions),
        Err(whole) => whole,
    };
    let failed = |source| InsideError::File {
        path: whole.clone(),
        source,
    };
    // What a link of the person leads to, and not the link, is what they want to be written.
    let real = whole.canonicalize().unwrap_or_else(|_| whole.clone());
    if real.metadata().is_ok_and(|found| !found.is_file()) {
        return std::fs::write(&whole, bytes).map_err(failed);
    }
    let folder = real.parent().unwrap_or(Path::new("/"));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let name = real.file_name().unwrap_or_default();
    write(folder, Path::new(name), bytes, permissions)
}

/// Reads a file that a person named, as [`write_named`] would write it; none where there is none.
///
/// # Errors
/// As [`read`].
pub fn read_named(file: &Path, most: u64) -> Result<Option<Vec<u8>>, InsideError> {
    match place_of(file) {
        Ok((root, path)) => read(&root, &path, most),
        Err(whole) => match std::fs::read(&whole) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(InsideError::File {
                path: whole,
                source,
            }),
        },
    }
}

/// The repository or flake that a path lies in by its words alone, and where in it; else the path itself.
fn place_of(file: &Path) -> Result<(PathBuf, PathBuf), PathBuf> {
    // Absolute as a rule; a relative one would hide the repository around it.
    let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let mut plain = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    let is_root = |folder: &&Path| {
        [".git", "flake.nix"]
            .iter()
            .any(|name| folder.join(name).symlink_metadata().is_ok())
    };
    // The outermost: a repository may hold flakes, and what lies around a link counts, not what lies behind it.
    let root = plain.ancestors().skip(1).filter(is_root).last();
    match root.and_then(|root| Some((root, plain.strip_prefix(root).ok()?))) {
        Some((root, path)) => Ok((root.to_owned(), path.to_owned())),
        None => Err(whole),
    }
}

/// A file below a folder, by names alone.
struct InnerPath<'p> {
    root: &'p Path,
    above: Vec<&'p OsStr>,
    name: &'p OsStr,
}

impl<'p> InnerPath<'p> {
    fn of(root: &'p Path, path: &'p Path) -> Result<Self, InsideError> {
        let outside = || InsideError::Outside {
            root: root.to_owned(),
            path: path.to_owned(),
        };
        let mut names = Vec::new();
        for part in path.components() {
            match part {
                Component::Normal(name) => names.push(name),
                Component::CurDir => {}
                _ => return Err(outside()),
            }
        }
        let name = names.pop().ok_or_else(outside)?;
        Ok(Self {
            root,
            above: names,
            name,
        })
    }

    fn full(&self) -> PathBuf {
        let mut full = self.root.to_owned();
        full.extend(&self.above);
        full.push(self.name);
        full
    }

    /// The folder that holds it, made where it is not there and `make` says so; else none.
    fn folder(&self, make: bool) -> Result<Option<OwnedFd>, InsideError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        // The root itself is the person's: they may have come to it through links.
        let opened = rustix::fs::open(self.root, flags, Mode::empty());
        let mut folder = opened.map_err(|error| failed(self.root, error))?;
        let mut here = self.root.to_owned();
        for name in &self.above {
            here.push(name);
            let open =
                || rustix::fs::openat(&folder, *name, flags | OFlags::NOFOLLOW, Mode::empty());
            let found = match open() {
                Err(Errno::NOENT) if !make => return Ok(None),
                Err(Errno::NOENT) => {
                    match rustix::fs::mkdirat(&folder, *name, Mode::from_raw_mode(0o755)) {
                        Ok(()) | Err(Errno::EXIST) => {}
                        Err(error) => return Err(failed(&here, error)),
                    }
                    open()
                }
                found => found,
            };
            folder = found.map_err(|error| match error {
                Errno::LOOP | Errno::NOTDIR => match kind(&folder, name) {
                    Some(FileType::Symlink) => InsideError::Link(here.clone()),
                    _ => InsideError::NoFolder(here.clone()),
                },
                error => failed(&here, error),
            })?;
        }
        Ok(Some(folder))
    }

    /// What is in its place: a regular file, or nothing.
    fn look(&self, folder: &OwnedFd) -> Result<Option<Stat>, InsideError> {
        match rustix::fs::statat(folder, self.name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(failed(&self.full(), error)),
            Ok(found) => match FileType::from_raw_mode(found.st_mode) {
                FileType::RegularFile => Ok(Some(found)),
                FileType::Symlink => Err(InsideError::Link(self.full())),
                _ => Err(InsideError::NoFile(self.full())),
            },
        }
    }

    /// Puts a file there. Renaming replaces a link itself, and never what it leads to.
    fn put(&self, folder: &OwnedFd, bytes: &[u8], mode: Mode) -> Result<(), InsideError> {
        let full = self.full();
        let (beside, file) = self.beside(folder)?;
        let mut file = File::from(file);
        let written = file
            .write_all(bytes)
            .and_then(|()| Ok(rustix::fs::fchmod(&file, mode)?))
            .and_then(|()| Ok(rustix::fs::renameat(folder, &beside, folder, self.name)?));
        written.map_err(|source| {
            // It is of no use to anybody.
            let _ = rustix::fs::unlinkat(folder, &beside, AtFlags::empty());
            InsideError::File { path: full, source }
        })
    }

    /// A new file beside it, under a name that nothing has.
    fn beside(&self, folder: &OwnedFd) -> Result<(OsString, OwnedFd), InsideError> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        for _ in 0..16 {
            let name = OsString::from(format!(".poag-{:016x}", fastrand::u64(..)));
            match rustix::fs::openat(folder, &name, flags, Mode::from_raw_mode(0o600)) {
                Ok(file) => return Ok((name, file)),
                Err(Errno::EXIST) => {}
                Err(error) => return Err(failed(&self.full(), error)),
            }
        }
        Err(failed(&self.full(), Errno::EXIST))
    }

    /// Renames what is in its place, and returns its new name.
    fn set_aside(&self, folder: &OwnedFd) -> Result<PathBuf, InsideError> {
        for number in 1..1000 {
            let mut name = self.name.to_owned();
            name.push(format!(".{number}"));
            if kind(folder, &name).is_some() {
                continue;
            }
            let moved = rustix::fs::renameat(folder, self.name, folder, &name);
            moved.map_err(|error| failed(&self.full(), error))?;
            return Ok(self.full().with_file_name(name));
        }
        Err(InsideError::NoFile(self.full()))
    }
}

fn kind(folder: &OwnedFd, name: &OsStr) -> Option<FileType> {
    let found = rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
    Some(FileType::from_raw_mode(found.st_mode))
}

fn mode(found: Option<Stat>, permissions: Permissions) -> Mode {
    match (permissions, found) {
        (Permissions::Exactly(bits), _) => Mode::from_raw_mode(bits),
        (Permissions::Kept, Some(found)) => Mode::from_raw_mode(found.st_mode & 0o7777),
        (Permissions::Kept, None) => Mode::from_raw_mode(0o644),
    }
}

fn failed(path: &Path, error: Errno) -> InsideError {
    InsideError::File {
        path: path.to_owned(),
        source: error.into(),
    }
}

#[cfg(test)]
mod tests;

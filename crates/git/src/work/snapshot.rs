//! The tree of what lies in a worktree, made in an index of its own: neither the worktree nor its index is changed.

#![expect(
    clippy::disallowed_methods,
    reason = "worktrees of poag's own, which are removed"
)]

use std::fs;
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::{NAMES, WorkGitError, Worktree};
use crate::{Git, names};

/// What git takes as no attributes at all: the tree without an entry, which every repository knows.
const EMPTY_TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
/// What `.git` is called in a salvage, where git allows no such name.
pub(super) const DOT_GIT: &str = "dot-git";
/// Bytes of one file that go through memory: those of repositories in a worktree.
const MAX_FILE: u64 = 256 << 20;
const DOING: &str = "taking a snapshot of a worktree";

/// The tree of a worktree.
pub(super) struct Snapshot {
    /// Its id.
    pub tree: String,
    /// Folders in it that are repositories of their own, with `/` at the end.
    pub embedded: Vec<String>,
}

/// An index that is nobody's. Dropped, it is gone.
struct OwnIndex(PathBuf);

impl OwnIndex {
    fn new(worktree: &Worktree) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("poag-index-{}-{number}", std::process::id());
        Self(worktree.record.join(name))
    }
}

impl Drop for OwnIndex {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// What a commit of everything would hold: tracked files as they are now, and new ones that are not ignored.
pub(super) fn committable(worktree: &Worktree, onto: &str) -> Result<Snapshot, WorkGitError> {
    let index = OwnIndex::new(worktree);
    let git = worktree.git().variable("GIT_INDEX_FILE", &index.0);
    let (fresh, embedded) = gather(&git, onto, &["--exclude-standard"])?;
    add(&git, &fresh)?;
    let tree = git.line(DOING, &["write-tree"])?;
    Ok(Snapshot { tree, embedded })
}

/// Everything, byte for byte: without conversion of line ends, and with what lies in repositories that were made in the
/// worktree. Ignored files are left out, unless the agent changed what is ignored.
pub(super) fn exact(worktree: &Worktree, onto: &str) -> Result<Snapshot, WorkGitError> {
    let index = OwnIndex::new(worktree);
    let git = worktree
        .git()
        .variable("GIT_INDEX_FILE", &index.0)
        .variable("GIT_ATTR_SOURCE", EMPTY_TREE)
        .set("core.autocrlf", "false")
        .set("core.safecrlf", "false");
    let (fresh, mut embedded) = gather(&git, onto, &["--exclude-standard"])?;
    add(&git, &fresh)?;
    let args = ["diff-index", "--cached", "--name-only", "-z", onto, "--"];
    let changed = names(&git, DOING, &args)?;
    if changed.iter().any(|path| path.ends_with(b".gitignore")) {
        let (fresh, more) = others(&git, &[])?;
        add(&git, &fresh)?;
        embedded = more;
    }
    let mut folders: Vec<PathBuf> = embedded.iter().map(PathBuf::from).collect();
    if worktree.path.join(".git").is_dir() {
        folders.push(PathBuf::from(".git"));
    }
    for folder in folders {
        add_repository(&git, &worktree.path, &folder)?;
    }
    let tree = git.line(DOING, &["write-tree"])?;
    Ok(Snapshot { tree, embedded })
}

/// Begins with the files of a commit as they are now; gives the paths that are new, and the repositories among them.
fn gather(git: &Git, onto: &str, ignored: &[&str]) -> Result<Found, WorkGitError> {
    git.run(DOING, &["read-tree", onto], Vec::new(), NAMES)?;
    git.run(DOING, &["add", "--update"], Vec::new(), NAMES)?;
    others(git, ignored)
}

type Found = (Vec<Vec<u8>>, Vec<String>);

fn others(git: &Git, ignored: &[&str]) -> Result<Found, WorkGitError> {
    let args = [&["ls-files", "--others", "-z"], ignored].concat();
    let (repositories, fresh): (Vec<_>, Vec<_>) = names(git, DOING, &args)?
        .into_iter()
        .partition(|path| path.ends_with(b"/"));
    let repositories = repositories
        .into_iter()
        .filter_map(|path| String::from_utf8(path).ok());
    Ok((fresh, repositories.collect()))
}

fn add(git: &Git, paths: &[Vec<u8>]) -> Result<(), WorkGitError> {
    if paths.is_empty() {
        return Ok(());
    }
    let mut input = paths.join(&0);
    input.push(0);
    let args = ["update-index", "--add", "--replace", "-z", "--stdin"];
    git.run(DOING, &args, input, NAMES)?;
    Ok(())
}

/// Adds all files below a folder of the worktree that git takes for another repository's.
fn add_repository(git: &Git, top: &Path, folder: &Path) -> Result<(), WorkGitError> {
    let mut entries = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let read = fs::read_dir(top.join(&folder)).map_err(unread(&folder))?;
        for entry in read {
            let entry = entry.map_err(unread(&folder))?;
            let path = folder.join(entry.file_name());
            let kind = entry.file_type().map_err(unread(&path))?;
            if kind.is_dir() {
                waiting.push(path);
                continue;
            }
            let (mode, content) = if kind.is_symlink() {
                let target = fs::read_link(top.join(&path)).map_err(unread(&path))?;
                ("120000", target.as_os_str().as_bytes().to_vec())
            } else if kind.is_file() {
                content(&top.join(&path)).map_err(unread(&path))?
            } else {
                continue;
            };
            let args = ["hash-object", "-w", "--no-filters", "--stdin"];
            let id = git.run(DOING, &args, content, NAMES)?.bytes;
            let id = String::from_utf8_lossy(&id).trim().to_owned();
            entries.extend_from_slice(format!("{mode} {id} 0\t").as_bytes());
            entries.extend_from_slice(named(&path).as_os_str().as_bytes());
            entries.push(0);
        }
    }
    let args = ["update-index", "--add", "--replace", "-z", "--index-info"];
    git.run(DOING, &args, entries, NAMES)?;
    Ok(())
}

/// Mode and content of a file.
fn content(path: &Path) -> io::Result<(&'static str, Vec<u8>)> {
    let file = fs::File::open(path)?;
    let facts = file.metadata()?;
    if facts.len() > MAX_FILE {
        return Err(io::Error::from(io::ErrorKind::FileTooLarge));
    }
    let mut content = Vec::new();
    file.take(MAX_FILE).read_to_end(&mut content)?;
    let runs = facts.permissions().mode() & 0o111 != 0;
    Ok((if runs { "100755" } else { "100644" }, content))
}

/// A path as a tree of git can hold it.
fn named(path: &Path) -> PathBuf {
    path.iter()
        .map(|name| match name.eq_ignore_ascii_case(".git") {
            true => DOT_GIT.as_ref(),
            false => name,
        })
        .collect()
}

fn unread(path: &Path) -> impl Fn(io::Error) -> WorkGitError {
    move |source| WorkGitError::Io {
        path: path.to_owned(),
        doing: "salvaged",
        source,
    }
}

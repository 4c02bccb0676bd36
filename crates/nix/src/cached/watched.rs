//! Every file that an evaluation of a flake on this machine can depend on, found without nix.
//!
//! What nix sees of a git work tree is what the index lists, as it lies in the work tree, and the commit it stands on. Of
//! any other folder it sees everything.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::SystemTime;

use super::Unsure;
use super::place::{CachePlace, is_script};
use super::settings;
use super::stamp::{Age, Look, PathStat, Stamp, TICK, age, is_plain, keeps_time};
use poag_git::Git;

/// Files of a repository above which looking at each costs more than it saves.
const MOST_FILES: usize = 200_000;
/// Bytes of a ref, of `.git` and the like.
const SMALL: u64 = 4096;

/// How everything stands at one moment, such that any later change will show.
pub(super) struct Fingerprint {
    /// What the evaluation depends on.
    pub stamps: Vec<Stamp<'static>>,
    /// The folders of all that, with their times: nothing comes and goes again in one without a trace.
    folders: Vec<Stamp<'static>>,
}

impl Fingerprint {
    /// The first path that changed since then, if only for a moment.
    pub fn changed(&self) -> Option<&Path> {
        let mut all = self.stamps.iter().chain(&self.folders);
        all.find(|stamp| !stamp.holds_for_sure())
            .map(|stamp| &*stamp.path)
    }
}

/// How everything stands now.
pub(super) fn look(place: &CachePlace) -> Result<Fingerprint, Unsure> {
    if !keeps_time(&place.repository) {
        return Err(Unsure::new("its file system may not tell every change"));
    }
    if is_script(&place.nix) {
        return Err(Unsure::new("the nix on PATH is a script"));
    }
    // Twice at most: once what has just changed has got a time of its own.
    for _ in 0..2 {
        let mut stamps = vec![Stamp::new(Look::Through, place.nix.clone())];
        let settings = settings::of_nix()?;
        stamps.extend(
            settings
                .into_iter()
                .map(|path| Stamp::new(Look::Through, path)),
        );
        if place.git {
            work_tree(&place.repository, &mut stamps)?;
        } else {
            whole_folder(&place.repository, &mut stamps)?;
        }
        let folders = folders(&stamps);
        match age(stamps.iter().chain(&folders), SystemTime::now()) {
            Age::Settled => return Ok(Fingerprint { stamps, folders }),
            Age::Fresh => thread::sleep(TICK),
            Age::Useless => return Err(Unsure::new("its files carry times that tell nothing")),
        }
    }
    Err(Unsure::new("its files are changing"))
}

fn folders(stamps: &[Stamp]) -> Vec<Stamp<'static>> {
    let mut paths = BTreeSet::new();
    for stamp in stamps {
        match (stamp.look, stamp.state) {
            (Look::Folder | Look::Plain, _) => {
                paths.insert(&*stamp.path);
            }
            // Where it would appear, or the nearest folder above that is there.
            (_, None) => paths.extend(stamp.path.ancestors().skip(1).find(|path| path.exists())),
            _ => {}
        }
    }
    let paths = paths.into_iter().map(Path::to_path_buf);
    paths.map(|path| Stamp::new(Look::Through, path)).collect()
}

/// What nix sees of a git work tree.
fn work_tree(root: &Path, stamps: &mut Vec<Stamp<'static>>) -> Result<(), Unsure> {
    let mut add = |look, path| stamps.push(Stamp::new(look, path));
    for path in of_repository(root)? {
        add(Look::Through, path);
    }
    let unknown = |_| Unsure::new("git does not tell what it tracks");
    let origins = Git::at(root).origins().map_err(unknown)?;
    for path in settings::of_git(root, &origins)? {
        add(Look::Through, path);
    }
    add(Look::Itself, root.join(".git"));
    let mut folders = BTreeSet::from([root.to_path_buf()]);
    for name in tracked(&poag_git::staged(root).map_err(unknown)?)? {
        let path = root.join(&name);
        for above in name.ancestors().skip(1) {
            if !folders.insert(root.join(above)) {
                break;
            }
        }
        let stamp = Stamp::new(Look::Itself, path);
        if stamp.state.is_some_and(|state| is_folder(&state)) {
            return Err(Unsure::new(format!("{} is a folder now", name.display())));
        }
        stamps.push(stamp);
    }
    for folder in folders {
        // Attributes need not be tracked to count.
        let stamp = Stamp::new(Look::Plain, folder);
        // Not in what a symlink leads to: its own time says nothing of that.
        if stamp.state.is_none_or(|state| is_folder(&state)) && is_plain(&stamp.path) {
            stamps.push(stamp);
        } else {
            let attributes = stamp.path.join(".gitattributes");
            stamps.push(Stamp::new(Look::Itself, attributes));
            stamps.push(Stamp::new(Look::Folder, stamp.path));
        }
    }
    Ok(())
}

fn is_folder(state: &PathStat) -> bool {
    state[2] & 0o170_000 == 0o040_000
}

/// The names in the answer of `git ls-files --stage -z`.
fn tracked(printed: &[Vec<u8>]) -> Result<Vec<PathBuf>, Unsure> {
    let mut names = Vec::new();
    for line in printed {
        let tab = line.iter().position(|byte| *byte == b'\t');
        let (about, name) = line.split_at(tab.unwrap_or(line.len()));
        match about {
            about if about.starts_with(b"160000 ") => return Err(Unsure::new("it has submodules")),
            about if !about.ends_with(b" 0") => return Err(Unsure::new("it is being merged")),
            _ => {}
        }
        names.push(PathBuf::from(OsStr::from_bytes(
            name.get(1..).unwrap_or_default(),
        )));
        if names.len() > MOST_FILES {
            return Err(Unsure::new("it has too many files"));
        }
    }
    Ok(names)
}

/// The files of git itself that say which commit is checked out, what is tracked and how content is told.
fn of_repository(root: &Path) -> Result<Vec<PathBuf>, Unsure> {
    let dot_git = root.join(".git");
    let own = match small(&dot_git) {
        Ok(text) => match text.strip_prefix("gitdir:") {
            Some(dir) => root.join(dir.trim()),
            None => return Err(Unsure::new(".git cannot be read")),
        },
        Err(_) => dot_git,
    };
    let common = match small(&own.join("commondir")) {
        Ok(text) => own.join(text.trim()),
        Err(_) => own.clone(),
    };
    let head = small(&own.join("HEAD"))?;
    let mut files = vec![
        own.join("HEAD"),
        own.join("index"),
        own.join("config.worktree"),
        own.join("commondir"),
    ];
    if let Some(name) = head.strip_prefix("ref:") {
        let name = Path::new(name.trim());
        if !name.starts_with("refs") || name.components().any(|part| part.as_os_str() == "..") {
            return Err(Unsure::new("HEAD cannot be read"));
        }
        for folder in [&own, &common] {
            let file = folder.join(name);
            if small(&file).is_ok_and(|text| text.starts_with("ref:")) {
                return Err(Unsure::new("HEAD leads to a ref of a ref"));
            }
            files.push(file);
        }
    }
    let shared = [
        "packed-refs",
        "reftable/tables.list",
        "config",
        "info/attributes",
        "info/grafts",
        "shallow",
    ];
    files.extend(shared.map(|name| common.join(name)));
    Ok(files)
}

fn small(file: &Path) -> Result<String, Unsure> {
    let unreadable = |_| Unsure::new(format!("{} cannot be read", file.display()));
    let size = fs::metadata(file).map_err(unreadable)?;
    if !size.is_file() || size.len() > SMALL {
        return Err(Unsure::new(format!("{} is no small file", file.display())));
    }
    fs::read_to_string(file).map_err(unreadable)
}

/// A folder outside of git, and everything in it.
fn whole_folder(root: &Path, stamps: &mut Vec<Stamp<'static>>) -> Result<(), Unsure> {
    for entry in walkdir::WalkDir::new(root) {
        let entry = entry.map_err(|_| Unsure::new("it cannot be read whole"))?;
        // The times of a folder tell whether something was added or taken away.
        stamps.push(Stamp::new(Look::Itself, entry.into_path()));
        if stamps.len() > MOST_FILES {
            return Err(Unsure::new("it has too many files"));
        }
    }
    Ok(())
}

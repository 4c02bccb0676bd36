//! The files of one expert on disk: what it knows, and beside that what is there in its flake.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::fs::Metadata;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use poag_core::council::check::{Tree, TreeEntry};
use poag_core::expert::{Expert, Location, border};

/// Largest file whose lines are counted, in bytes.
const FILE_BYTES: u64 = 16 << 20;
/// Bytes of a nested flake.nix that are looked at.
const FLAKE_BYTES: u64 = 1 << 20;

/// Folders that are looked at and never written; links in them are not followed.
///
/// What an expert knows is a part of its flake: some files are left out of it, others git does not track. Whether something
/// is there is asked of the flake's own folder, where that is on this machine.
#[derive(Debug)]
pub struct FlakeTree {
    /// What the expert knows.
    root: PathBuf,
    flake: Option<FlakeFolder>,
    lines: RefCell<HashMap<String, Option<u32>>>,
}

/// The folder of an expert's flake.
#[derive(Debug)]
struct FlakeFolder {
    root: PathBuf,
    /// Whether it is a work tree, where files may be that the flake does not see.
    work_tree: bool,
    /// What git tracks there; none where there is no repository, and a flake sees everything.
    tracked: OnceCell<Option<BTreeSet<String>>>,
}

impl FlakeTree {
    /// The folder at `root`, which itself may be reached through links; nothing else is known of the flake.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            flake: None,
            lines: RefCell::default(),
        }
    }

    /// The files of an expert, in a graph whose root lies in `repository`, where that is on this machine.
    #[must_use]
    pub fn of(expert: &Expert, repository: Option<&Path>) -> Self {
        let flake = match &expert.location {
            Location::Local { dir } => repository.map(|repository| (repository.join(dir), true)),
            // What Nix copied for an input: the same for everybody, and all of it is seen.
            Location::Locked { dir, source, .. } => Some((source.join(dir), false)),
            Location::Pack { .. } => None,
        };
        let there = |(root, _): &(PathBuf, bool)| root.is_dir();
        Self {
            flake: flake.filter(there).map(|(root, work_tree)| FlakeFolder {
                root,
                work_tree,
                tracked: OnceCell::new(),
            }),
            ..Self::new(&expert.knowledge.path)
        }
    }

    fn count(&self, path: &str) -> Option<u32> {
        let root = match (self.entry(path), &self.flake) {
            (TreeEntry::File, _) => &self.root,
            (TreeEntry::Tracked, Some(flake)) => &flake.root,
            _ => return None,
        };
        let file = std::fs::File::open(root.join(path)).ok()?;
        let mut bytes = Vec::new();
        file.take(FILE_BYTES + 1).read_to_end(&mut bytes).ok()?;
        if bytes.len() as u64 > FILE_BYTES {
            return None;
        }
        let ends = bytes.iter().filter(|byte| **byte == b'\n').count();
        let open = bytes.last().is_some_and(|byte| *byte != b'\n');
        u32::try_from(ends + usize::from(open)).ok()
    }
}

impl Tree for FlakeTree {
    fn entry(&self, path: &str) -> TreeEntry {
        let known = walk(&self.root, path, |_| false);
        match (&self.flake, known) {
            (Some(flake), TreeEntry::Nothing | TreeEntry::Beyond) => flake.entry(path),
            // A folder of its own may hold the flake of somebody else.
            (Some(flake), TreeEntry::Folder) if flake.entry(path) == TreeEntry::Foreign => {
                TreeEntry::Foreign
            }
            (_, known) => known,
        }
    }

    fn lines(&self, path: &str) -> Option<u32> {
        if let Some(known) = self.lines.borrow().get(path) {
            return *known;
        }
        let lines = self.count(path);
        self.lines.borrow_mut().insert(path.to_owned(), lines);
        lines
    }
}

impl FlakeFolder {
    /// What stands at a path that is no knowledge.
    fn entry(&self, path: &str) -> TreeEntry {
        let is_border = |folder: &Path| {
            // A repository inside of this one is no part of it either.
            folder.join(".git").symlink_metadata().is_ok() || self.is_flake(folder)
        };
        match walk(&self.root, path, is_border) {
            TreeEntry::File if self.sees(path) => TreeEntry::Tracked,
            TreeEntry::File => TreeEntry::Unseen,
            other => other,
        }
    }

    /// Whether the flake of somebody else begins in a folder below.
    fn is_flake(&self, folder: &Path) -> bool {
        let Some(inner) = folder.strip_prefix(&self.root).ok().and_then(Path::to_str) else {
            return false;
        };
        let Ok(file) = std::fs::File::open(folder.join("flake.nix")) else {
            return false;
        };
        let mut text = Vec::new();
        // One that cannot be read is nobody's to plan in.
        file.take(FLAKE_BYTES).read_to_end(&mut text).is_err()
            || border::is_border(inner, &String::from_utf8_lossy(&text))
    }

    fn sees(&self, path: &str) -> bool {
        if !self.work_tree {
            return true;
        }
        let tracked = self.tracked.get_or_init(|| {
            let files = poag_git::tracked(&self.root)?;
            Some(files.into_iter().map(|(path, _)| path).collect())
        });
        tracked
            .as_ref()
            .is_none_or(|tracked| tracked.contains(path))
    }
}

/// What stands at a path below a folder; foreign where `is_border` says so of a folder on the way.
fn walk(root: &Path, path: &str, is_border: impl Fn(&Path) -> bool) -> TreeEntry {
    let mut here = root.to_owned();
    let mut names = path.split('/').peekable();
    while let Some(name) = names.next() {
        here.push(name);
        let last = names.peek().is_none();
        match here.symlink_metadata() {
            Ok(found) if found.is_dir() && is_border(&here) => return TreeEntry::Foreign,
            Ok(found) if last => return kind(&found),
            Ok(found) if found.is_dir() => {}
            Ok(_) => return TreeEntry::Beyond,
            Err(error) if error.kind() == ErrorKind::NotFound => return TreeEntry::Nothing,
            Err(_) => return TreeEntry::Beyond,
        }
    }
    TreeEntry::Beyond
}

fn kind(found: &Metadata) -> TreeEntry {
    if found.is_file() {
        TreeEntry::File
    } else if found.is_dir() {
        TreeEntry::Folder
    } else {
        TreeEntry::Other
    }
}

//! The files of one expert on disk.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::Metadata;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::council::check::{Entry, Tree};

/// Largest file whose lines are counted, in bytes.
const FILE_BYTES: u64 = 16 << 20;

/// A folder that is looked at and never written; links in it are not followed.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    lines: RefCell<HashMap<String, Option<u32>>>,
}

impl Folder {
    /// The folder at `root`, which itself may be reached through links.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            lines: RefCell::default(),
        }
    }

    fn count(&self, path: &str) -> Option<u32> {
        if self.entry(path) != Entry::File {
            return None;
        }
        let file = std::fs::File::open(self.root.join(path)).ok()?;
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

impl Tree for Folder {
    fn entry(&self, path: &str) -> Entry {
        let mut here = self.root.clone();
        let mut names = path.split('/').peekable();
        while let Some(name) = names.next() {
            here.push(name);
            let last = names.peek().is_none();
            match here.symlink_metadata() {
                Ok(found) if last => return kind(&found),
                Ok(found) if found.is_dir() => {}
                Ok(_) => return Entry::Beyond,
                Err(error) if error.kind() == ErrorKind::NotFound => return Entry::Nothing,
                Err(_) => return Entry::Beyond,
            }
        }
        Entry::Beyond
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

fn kind(found: &Metadata) -> Entry {
    if found.is_file() {
        Entry::File
    } else if found.is_dir() {
        Entry::Folder
    } else {
        Entry::Other
    }
}

//! One evaluated graph on disk, with everything it depends on.

#![expect(
    clippy::disallowed_methods,
    reason = "evaluated graphs, in the cache folder"
)]

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::stamp::{Look, Stamp};
use poag_core::expert::Graph;
use poag_env::folders;

/// What every entry begins with.
pub(super) const FORMAT: &[u8] = b"poag evaluated graph 2\n";
/// Bytes of an entry above which it is neither kept nor believed.
const MAX_BYTES: usize = 256 << 20;
/// Entries of one folder; the oldest go first.
const MAX_ENTRIES: usize = 64;

/// What one evaluation gave; what was read lies in the bytes of its file.
#[derive(Debug, PartialEq)]
pub(super) struct KeptGraph<'a> {
    /// How everything stood that it depends on.
    pub stamps: Vec<Stamp<'a>>,
    /// What it put into the Nix store.
    pub store: Vec<Cow<'a, Path>>,
    /// What nix printed.
    pub json: &'a [u8],
}

/// The bytes of an entry's file; none where there is none, or it cannot be one.
pub(super) fn read(file: &Path) -> Option<Vec<u8>> {
    if fs::metadata(file).ok()?.len() > MAX_BYTES as u64 {
        return None;
    }
    fs::read(file).ok()
}

impl<'a> KeptGraph<'a> {
    /// Into `folder`, whole or not at all, in place of the oldest ones.
    pub fn store(&self, folder: &Path, name: &str) -> io::Result<()> {
        let bytes = self.encode();
        if bytes.len() > MAX_BYTES {
            return Ok(());
        }
        folders::make_private(folder)?;
        let mut temporary = tempfile::Builder::new()
            .suffix(".tmp")
            .tempfile_in(folder)?;
        temporary.write_all(&bytes)?;
        temporary
            .persist(folder.join(name))
            .map_err(|error| error.error)?;
        prune(folder)
    }

    fn encode(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.json.len() + self.stamps.len() * 160);
        number(&mut body, self.stamps.len() as u64);
        for stamp in &self.stamps {
            body.push(match stamp.look {
                Look::Itself => 0,
                Look::Folder => 1,
                Look::Through => 2,
                Look::Plain => 3,
            });
            text(&mut body, stamp.path.as_os_str().as_bytes());
            body.push(u8::from(stamp.state.is_some()));
            for part in stamp.state.iter().flatten() {
                number(&mut body, *part);
            }
        }
        number(&mut body, self.store.len() as u64);
        for path in &self.store {
            text(&mut body, path.as_os_str().as_bytes());
        }
        text(&mut body, self.json);
        let mut all = FORMAT.to_vec();
        number(&mut all, sum(&body));
        all.append(&mut body);
        all
    }

    /// None for any reason, damage among them.
    pub fn decode(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = Unread(bytes.strip_prefix(FORMAT)?);
        if rest.number()? != sum(rest.0) {
            return None;
        }
        let count = rest.number()?;
        // No more than the bytes can hold.
        let mut stamps = Vec::with_capacity((rest.0.len() / 10).min(usize::try_from(count).ok()?));
        for _ in 0..count {
            let look = match rest.take(1)? {
                [0] => Look::Itself,
                [1] => Look::Folder,
                [2] => Look::Through,
                [3] => Look::Plain,
                _ => return None,
            };
            let path = rest.path()?;
            let mut state = (rest.take(1)? == [1]).then_some([0; 8]);
            for part in state.iter_mut().flatten() {
                *part = rest.number()?;
            }
            stamps.push(Stamp { look, path, state });
        }
        let mut store = Vec::new();
        for _ in 0..rest.number()? {
            store.push(rest.path()?);
        }
        let json = rest.text()?;
        rest.0.is_empty().then_some(Self {
            stamps,
            store,
            json,
        })
    }
}

/// Every path of the Nix store that an evaluated graph names; none when the store cannot be told.
pub(super) fn store_paths(graph: &Graph, json: &[u8]) -> Option<Vec<Cow<'static, Path>>> {
    let store = graph.expert(&graph.root)?.knowledge.path.parent()?;
    let mut paths = BTreeSet::new();
    for expert in graph.experts.values() {
        if expert.knowledge.path.parent() != Some(store) {
            return None;
        }
        paths.insert(expert.knowledge.path.clone());
        paths.extend(
            expert
                .knowledge
                .linked
                .iter()
                .map(|linked| linked.path.clone()),
        );
    }
    // Any text of a declaration may name another one.
    let store = store.to_str().filter(|store| store.len() > 1)?;
    let json = std::str::from_utf8(json).ok()?;
    for (at, _) in json.match_indices(store) {
        let rest = json
            .get(at + store.len()..)?
            .strip_prefix('/')
            .unwrap_or("");
        let legal = |c: char| c.is_ascii_alphanumeric() || "+-._?=".contains(c);
        let name = rest.find(|c| !legal(c)).map_or(rest, |end| &rest[..end]);
        if name.len() > 33 && name.as_bytes()[32] == b'-' {
            paths.insert(Path::new(store).join(name));
        }
    }
    Some(paths.into_iter().map(Cow::Owned).collect())
}

fn sum(bytes: &[u8]) -> u64 {
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    u64::from(sum.sum())
}

fn number(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn text(out: &mut Vec<u8>, text: &[u8]) {
    number(out, text.len() as u64);
    out.extend_from_slice(text);
}

/// What is left to read.
struct Unread<'a>(&'a [u8]);

impl<'a> Unread<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        self.take(length)
    }

    fn path(&mut self) -> Option<Cow<'a, Path>> {
        Some(Cow::Borrowed(Path::new(OsStr::from_bytes(self.text()?))))
    }
}

fn prune(folder: &Path) -> io::Result<()> {
    let mut entries: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // Another process may just have taken it away.
        if let Ok(modified) = entry.metadata().and_then(|found| found.modified()) {
            entries.push((modified, entry.path()));
        }
    }
    entries.sort();
    for (_, path) in entries
        .iter()
        .take(entries.len().saturating_sub(MAX_ENTRIES))
    {
        let _ = fs::remove_file(path);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> KeptGraph<'static> {
        KeptGraph {
            stamps: vec![
                Stamp {
                    look: Look::Itself,
                    path: Path::new("/a").into(),
                    state: Some([1, 2, 3, 4, 5, 6, 7, u64::MAX]),
                },
                Stamp {
                    look: Look::Through,
                    path: Path::new("/b").into(),
                    state: None,
                },
            ],
            store: vec![Path::new("/nix/store/x").into()],
            json: b"{}",
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        entry().store(folder.path(), "one").unwrap();
        let bytes = read(&folder.path().join("one")).unwrap();
        assert_eq!(KeptGraph::decode(&bytes), Some(entry()));
    }

    #[test]
    fn a_damaged_entry_is_none() {
        let bytes = entry().encode();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x10;
            assert_eq!(KeptGraph::decode(&damaged), None, "byte {at}");
            assert_eq!(KeptGraph::decode(&bytes[..at]), None, "cut at {at}");
        }
    }

    #[test]
    fn the_oldest_entries_make_room() {
        let folder = tempfile::tempdir().unwrap();
        for turn in 0..MAX_ENTRIES + 3 {
            entry().store(folder.path(), &turn.to_string()).unwrap();
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), MAX_ENTRIES);
        assert!(folder.path().join((MAX_ENTRIES + 2).to_string()).exists());
    }
}

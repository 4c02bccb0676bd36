//! `poag.lock`: its text from what an expert learned, and its place on disk.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::EngineError;
use super::inside;
use poag_core::expert::{Expert, Graph};
use poag_core::hex;
use poag_knowledge::hash::Digest;
use sha2::{Digest as _, Sha256};

/// The name, beside flake.nix.
pub const NAME: &str = "poag.lock";
/// The version that is written.
const VERSION: &str = "1";
/// Bytes of a lock that are looked at: one of 250,000 files has about 40 MB.
const MOST: u64 = 64 << 20;
/// Folders that stand for the names of files in one lock.
const FOLDERS: usize = 96;

/// The files of an expert, as it learned them.
#[derive(Debug, Default)]
pub struct LearnedFiles {
    /// Those that it learned by their content, sorted by path.
    pub read: Vec<(String, Digest)>,
    /// The paths of the others, sorted.
    pub unread: Vec<String>,
}

/// The TOML text: sorted, one entry a paragraph, so that edits of neighbouring entries merge.
///
/// There is no hash over everything: two branches would always disagree about it.
pub fn render(graph: &Graph, expert: &Expert, files: &LearnedFiles) -> String {
    let mut out = format!(
        "# What the expert {} last learned. Written by `poag learn`; commit it, never edit it.\nversion = {VERSION}\nexpert = {}\n",
        quote(&expert.name),
        quote(&expert.name)
    );
    for (field, hash) in &expert.declaration {
        entry(&mut out, &["declaration", &quote(field)], "sha256", hash);
    }
    for (path, digest) in &files.read {
        let (kind, value) = match digest {
            Digest::Sha256(hex) => ("sha256", hex),
            Digest::Nar(sri) => ("nar", sri),
        };
        entry(&mut out, &["files", &quote(path)], kind, value);
    }
    for (folder, names) in folders(&files.unread) {
        let hash = hex(&Sha256::digest(names.join("//")));
        entry(&mut out, &["folders", &quote(folder)], "sha256", &hash);
    }
    for (provider, edge) in &expert.neighbors {
        let provided = graph.expert(provider).map(|expert| &expert.provides);
        for name in &edge.contracts {
            if let Some(contract) = provided.and_then(|provided| provided.get(name)) {
                entry(
                    &mut out,
                    &["contracts", &quote(provider), &quote(name)],
                    "sha256",
                    &contract.hash,
                );
            }
        }
    }
    out
}

/// The paths in groups by the folders that stand for them: the deepest ones of which there are no more than [`FOLDERS`].
fn folders(paths: &[String]) -> BTreeMap<&str, Vec<&str>> {
    let depth = |path: &str| path.matches('/').count();
    let mut deepest = paths.iter().map(|path| depth(path)).max().unwrap_or(0);
    loop {
        let mut out: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in paths {
            out.entry(above(path, deepest)).or_default().push(path);
        }
        if out.len() <= FOLDERS || deepest == 0 {
            return out;
        }
        deepest -= 1;
    }
}

/// The folder that a file lies in, or what lies above it at most so deep; the root itself is `.`.
fn above(path: &str, deepest: usize) -> &str {
    let ends = path.match_indices('/').map(|(at, _)| at);
    let end = ends.take(deepest).last();
    end.map_or(".", |end| &path[..end])
}

fn entry(out: &mut String, key: &[&str], kind: &str, value: &str) {
    let _ = writeln!(out, "\n[{}]\n{kind} = {}", key.join("."), quote(value));
}

/// A TOML basic string: JSON's escapes are all valid there, and DEL is the one it lacks.
fn quote(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007F")
}

/// What became of a lock.
#[derive(Debug, Eq, PartialEq)]
pub enum LockWritten {
    /// It stands there already.
    Already,
    /// It is written; with what was in its way, in words.
    New(Option<String>),
}

/// Writes the text into `folder`, which lies in `root`, unless it stands there already; whole or not at all.
///
/// What is there may be anything, and is needed for nothing, except that it is not taken from a newer poag.
///
/// # Errors
/// When a newer poag wrote what is there, or it cannot be written.
pub fn write(root: &Path, folder: &Path, text: &str) -> Result<LockWritten, EngineError> {
    let path = folder.join(NAME);
    let inner = path.strip_prefix(root).unwrap_or(Path::new(NAME));
    // What is no file, or too large, is no lock of any version.
    if let Ok(Some(old)) = inside::read(root, inner, MOST) {
        let old = String::from_utf8_lossy(&old);
        // Git may have written the ends of lines as Windows does (core.autocrlf).
        if old == text || old.replace("\r\n", "\n") == text {
            return Ok(LockWritten::Already);
        }
        if let Some(found) = newer(&old) {
            return Err(EngineError::NewerLock {
                path,
                found: found.to_owned(),
            });
        }
    }
    let said = inside::write_own(root, inner, text.as_bytes())?;
    Ok(LockWritten::New(said))
}

/// The version of a lock, where it is above the one that is written here.
fn newer(lock: &str) -> Option<&str> {
    let mut lines = lock
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let digits = lines.next()?.strip_prefix("version = ")?;
    let significant = digits.trim_start_matches('0');
    let number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // As text: it may have any number of digits.
    (number && (significant.len(), significant) > (1, VERSION)).then_some(digits)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn names_are_quoted_as_toml_reads_them() {
        assert_eq!(quote("a \"b\"\\\n\u{7f}é"), r#""a \"b\"\\\n\u007Fé""#);
    }

    #[test]
    fn folders_stand_for_names_as_deep_as_there_is_room() {
        let few: Vec<String> = ["a.md", "src/deep/b.py", "src/x.py"]
            .map(str::to_owned)
            .into();
        let found: Vec<&str> = folders(&few).into_keys().collect();
        assert_eq!(found, [".", "src", "src/deep"]);
        let many: Vec<String> = (0..300)
            .map(|at| format!("src/{}/{at}/x.py", at % 3))
            .chain(["README.md".to_owned()])
            .collect();
        let found = folders(&many);
        let names: Vec<&str> = found.keys().copied().collect();
        assert_eq!(names, [".", "src/0", "src/1", "src/2"]);
        assert_eq!(found["src/0"].len(), 100);
        // One level of more folders than there may be has the root alone.
        let wide: Vec<String> = (0..300).map(|at| format!("{at}/x")).collect();
        assert_eq!(folders(&wide).into_keys().collect::<Vec<_>>(), ["."]);
        assert!(folders(&[]).is_empty());
    }

    #[test]
    fn a_lock_that_is_already_there_is_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let new = LockWritten::New(None);
        assert_eq!(write(at, at, "a\nb\n").unwrap(), new);
        assert_eq!(write(at, at, "a\nb\n").unwrap(), LockWritten::Already);
        assert_eq!(fs::read_dir(at).unwrap().count(), 1);
        fs::write(at.join(NAME), "a\r\nb\r\n").unwrap();
        assert_eq!(write(at, at, "a\nb\n").unwrap(), LockWritten::Already);
    }

    #[test]
    fn a_lock_of_a_newer_version_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        for (lock, is_newer) in [
            ("version = 2\n", true),
            ("# a\r\n\r\nversion = 10\r\n\u{ffff}", true),
            ("version = 99999999999999999999999\n", true),
            ("version = 1\n", false),
            ("version = 01\n", false),
            ("version = 0\n", false),
            ("version = \n", false),
            ("version = 2x\n", false),
            ("\nexpert = 1\nversion = 2\n", false),
            ("", false),
        ] {
            fs::write(at.join(NAME), lock).unwrap();
            let written = write(at, at, "new");
            match is_newer {
                true => assert!(
                    matches!(written, Err(EngineError::NewerLock { .. })),
                    "{lock}"
                ),
                false => assert!(written.is_ok(), "{lock}"),
            }
            let left = fs::read_to_string(at.join(NAME)).unwrap();
            assert_eq!(left, if is_newer { lock } else { "new" });
        }
    }
}

//! What is known of the files of one expert, kept on disk by path and content: a changed file costs only itself.
//!
//! One file for each expert, written as a whole beside its place and renamed, so that several processes may work at
//! once: the last one wins, and each of them is right. It is never trusted: another format, a length that does not
//! fit or a wrong sum make it count as empty, and an entry counts only for the content it was made from.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::bytes::{ByteReader, Writer, sum};
use super::names::NameList;
use super::place;
use super::survey::{FileFacts, Hash};
use crate::secrets::recalled;
use poag_core::expert::Expert;
use poag_core::hex;

/// Changes whenever the same file would have other facts, or they would be written otherwise.
const FORMAT: u32 = 2;
/// Bytes above which it is neither written nor read.
const MAX_BYTES: usize = 256 << 20;
/// Experts whose files are known; the oldest go first.
const MAX_EXPERTS: usize = 256;
/// Bytes of all of them.
const MAX_TOTAL: u64 = 1 << 30;

/// What was found out about one file when it might have been shown.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct FileDetails {
    /// Whether it was taken as a test, and what it defines, one line each.
    pub details: Option<(bool, Vec<String>)>,
    /// How long its text is.
    pub tokens: Option<KeptTokens>,
}

/// The length of a text in tokens, as far as it was counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum KeptTokens {
    Exactly(u32),
    MoreThan(u32),
}

/// All that is kept of one expert.
pub(super) struct KeptFiles {
    place: PathBuf,
    bytes: Vec<u8>,
    entries: HashMap<String, (Hash, Range<usize>)>,
}

impl KeptFiles {
    /// What is kept of an expert in this folder; nothing where nothing is, or nothing usable.
    pub fn load(folder: &Path, expert: &Expert) -> Self {
        // Not by its files, which change: by what makes it another expert.
        let name = Sha256::digest([&expert.name, "\0", expert.dir(), "\0", &expert.role].concat());
        let place = folder.join(format!("{}.facts", &hex(&name)[..32]));
        let bytes = place::read(&place, MAX_BYTES as u64).unwrap_or_default();
        let entries = index(&bytes).unwrap_or_default();
        Self {
            place,
            bytes,
            entries,
        }
    }

    /// The facts about a file of that path and content.
    pub fn facts(&self, path: &str, hash: &Hash) -> Option<FileFacts> {
        let mut body = ByteReader::new(self.body(path, hash)?.bytes()?);
        let (size, blank) = (body.u64()?, body.u32()? != 0);
        let head = body.text()?.to_owned();
        let mut secrets = Vec::new();
        for _ in 0..body.u32()? {
            secrets.push(recalled(body.u32()?, body.text()?)?);
        }
        let names = NameList {
            words: body.u32()?,
            enough: Some(body.u32()?).filter(|at| *at != u32::MAX),
            defines: body.numbers()?,
            uses: body.numbers()?,
        };
        Some(FileFacts {
            path: path.to_owned(),
            hash: *hash,
            size,
            blank,
            head,
            secrets,
            names,
            unread: false,
        })
    }

    /// What else was found out about it.
    pub fn made(&self, path: &str, hash: &Hash) -> FileDetails {
        self.read_made(path, hash).unwrap_or_default()
    }

    fn read_made(&self, path: &str, hash: &Hash) -> Option<FileDetails> {
        let mut body = self.body(path, hash)?;
        body.bytes()?;
        let details = match body.u32()? {
            0 => None,
            kind => {
                let mut lines = Vec::new();
                for _ in 0..body.u32()? {
                    lines.push(body.text()?.to_owned());
                }
                Some((kind == 2, lines))
            }
        };
        let tokens = match body.u32()? {
            1 => Some(KeptTokens::Exactly(body.u32()?)),
            2 => Some(KeptTokens::MoreThan(body.u32()?)),
            _ => None,
        };
        Some(FileDetails { details, tokens })
    }

    fn body(&self, path: &str, hash: &Hash) -> Option<ByteReader<'_>> {
        let (of, range) = self.entries.get(path)?;
        (of == hash).then(|| ByteReader::new(&self.bytes[range.clone()]))
    }

    /// Keeps this and nothing else.
    pub fn store(
        self,
        files: impl Iterator<Item = (FileFacts, FileDetails)>,
    ) -> std::io::Result<()> {
        let mut all = Writer::default();
        for (facts, made) in files.filter(|(facts, _)| !facts.unread) {
            all.text(&facts.path);
            all.bytes(&facts.hash);
            let mut body = Writer::default();
            write(&mut body, &facts, &made);
            all.bytes(&body.0);
        }
        let mut bytes = header();
        bytes.extend_from_slice(&sum(&all.0).to_le_bytes());
        bytes.append(&mut all.0);
        if bytes == self.bytes || bytes.len() > MAX_BYTES {
            return Ok(());
        }
        place::write(&self.place, &bytes)?;
        let folder = self.place.parent().unwrap_or(Path::new("."));
        place::prune_at_times(folder, "facts", MAX_EXPERTS, MAX_TOTAL)
    }
}

fn write(body: &mut Writer, facts: &FileFacts, made: &FileDetails) {
    let mut part = Writer::default();
    part.u64(facts.size);
    part.u32(u32::from(facts.blank));
    part.text(&facts.head);
    part.length(facts.secrets.len());
    for found in &facts.secrets {
        part.u32(found.line);
        part.text(found.rule);
    }
    part.u32(facts.names.words);
    part.u32(facts.names.enough.unwrap_or(u32::MAX));
    part.numbers(&facts.names.defines);
    part.numbers(&facts.names.uses);
    body.bytes(&part.0);
    match &made.details {
        None => body.u32(0),
        Some((test, lines)) => {
            body.u32(1 + u32::from(*test));
            body.length(lines.len());
            lines.iter().for_each(|line| body.text(line));
        }
    }
    let (kind, tokens) = match made.tokens {
        None => (0, 0),
        Some(KeptTokens::Exactly(tokens)) => (1, tokens),
        Some(KeptTokens::MoreThan(tokens)) => (2, tokens),
    };
    body.u32(kind);
    body.u32(tokens);
}

fn header() -> Vec<u8> {
    let version = env!("CARGO_PKG_VERSION");
    format!("poag facts {FORMAT}.{} {version}\n", super::FORMAT).into_bytes()
}

fn index(bytes: &[u8]) -> Option<HashMap<String, (Hash, Range<usize>)>> {
    let header = header();
    let rest = bytes.strip_prefix(header.as_slice())?;
    let mut reader = ByteReader::new(rest);
    let expected = reader.u64()?;
    if sum(reader.rest()) != expected {
        return None;
    }
    let mut entries = HashMap::new();
    while !reader.rest().is_empty() {
        let path = reader.text()?.to_owned();
        let hash = reader.bytes()?.try_into().ok()?;
        let body = reader.bytes()?.len();
        let end = bytes.len() - reader.rest().len();
        entries.insert(path, (hash, end - body..end));
    }
    Some(entries)
}

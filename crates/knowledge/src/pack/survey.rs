//! One look at every file of an expert: what it is, which secrets it holds, and which names; its text is not kept.

use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::kept::KeptFiles;
use super::left_out::{LeftOut, LeftOutReason};
use super::names::{NameList, names};
use super::worth::{Worth, worth};
use crate::files::{self, Content, KnownFile, Listed, Places as _, Root};
use crate::outline::{Language, Symbol, head, outline};
use crate::secrets::{Finding, findings, redact, secret_name};
use crate::{KnowledgeError, parallel};

/// Bytes of text that are read for one expert; files beyond, in the order of their paths, are named only.
const MAX_TEXT: u64 = 64 << 20;
/// Files that are looked at before the bound is looked at again.
const BLOCK: usize = 1024;

/// The first 16 bytes of a SHA-256.
pub(super) type Hash = [u8; 16];

/// One text file with its text.
pub(super) struct FileText {
    /// Relative to the flake.
    pub path: String,
    /// Bytes on disk.
    pub size: u64,
    /// Without its secrets.
    pub text: String,
    /// What it defines.
    pub symbols: Vec<Symbol>,
}

/// What is known of one text file without its text.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct FileFacts {
    /// Relative to the flake.
    pub path: String,
    /// Of its content; zeros where nothing is kept.
    pub hash: Hash,
    /// Bytes on disk.
    pub size: u64,
    /// Whether there is nothing but white space.
    pub blank: bool,
    /// What it says about itself.
    pub head: String,
    /// Its secrets.
    pub secrets: Vec<Finding>,
    /// What it defines and uses.
    pub names: NameList,
    /// Whether nobody looks into it: it is known by its name alone.
    pub unread: bool,
}

/// All of them, by path.
pub(super) struct PackSurvey {
    pub facts: Vec<FileFacts>,
    pub left_out: Vec<LeftOut>,
}

/// Reads each of these files once, of `chosen` only those where it is given; what is kept of files with the same path and
/// content is taken from there.
pub(super) fn survey(
    root: &Root,
    listed: &[Listed],
    kept: Option<&KeptFiles>,
    chosen: Option<&BTreeSet<String>>,
) -> Result<PackSurvey, KnowledgeError> {
    let (mut all, mut left_out) = (Vec::with_capacity(listed.len()), Vec::new());
    let mut total = 0;
    let (listed, unread): (Vec<Listed>, Vec<Listed>) = listed
        .iter()
        .cloned()
        .partition(|one| chosen.is_none_or(|chosen| chosen.contains(&one.path)));
    for one in unread {
        match secret_name(&one.path) {
            Some(rule) => {
                let rule = rule.to_owned();
                let reason = LeftOutReason::Secret { rule, line: None };
                left_out.push(LeftOut::file(&one.path, 0, reason));
            }
            None => all.push(FileFacts {
                path: one.path,
                unread: true,
                ..FileFacts::default()
            }),
        }
    }
    for block in listed.chunks(BLOCK) {
        if total > MAX_TEXT {
            left_out.extend(block.iter().map(|listed| beyond(root, listed)));
            continue;
        }
        for looked in parallel::map(block, |listed| note(root, listed, kept)) {
            let (facts, mut missing) = looked?;
            total += facts.as_ref().map_or(0, |facts| facts.size);
            match facts {
                Some(facts) if total > MAX_TEXT => {
                    missing = vec![LeftOut::file(
                        &facts.path,
                        facts.size,
                        LeftOutReason::Budget,
                    )];
                }
                Some(facts) => all.push(facts),
                None => {}
            }
            left_out.append(&mut missing);
        }
    }
    Ok(PackSurvey {
        facts: all,
        left_out,
    })
}

/// A file that nobody looks into any more.
fn beyond(root: &Root, listed: &Listed) -> LeftOut {
    let found = root.place(&listed.path).ok();
    let found = found.and_then(|place| place.symlink_metadata().ok());
    let size = found.map_or(0, |data| data.len());
    let reason = match listed.link {
        true => LeftOutReason::Link,
        false => LeftOutReason::Budget,
    };
    LeftOut::file(&listed.path, size, reason)
}

fn note(
    root: &Root,
    listed: &Listed,
    kept: Option<&KeptFiles>,
) -> Result<(Option<FileFacts>, Vec<LeftOut>), KnowledgeError> {
    files::look(root, listed, |file, text| {
        let text = match text_of(root, file, text) {
            Ok(text) => text,
            Err(gone) => return (None, vec![gone]),
        };
        let hash = kept.map_or(Hash::default(), |_| hash(text));
        let facts = kept
            .and_then(|kept| kept.facts(&file.path, &hash))
            .unwrap_or_else(|| facts(file, text, hash));
        let missing = named(file, &facts.secrets);
        (Some(facts), missing)
    })
}

fn facts(file: &KnownFile, text: &str, hash: Hash) -> FileFacts {
    let worth = worth(&file.path);
    let secrets = findings(&file.path, text);
    let told = matches!(
        worth,
        Worth::Front | Worth::Manifest | Worth::Source | Worth::Document | Worth::Test
    );
    FileFacts {
        path: file.path.clone(),
        hash,
        size: file.size,
        blank: text.trim_start().is_empty(),
        head: match (worth, secrets.is_empty()) {
            (Worth::Generated, _) => String::new(),
            (_, true) => head(&file.path, text),
            (_, false) => head(&file.path, &redact(&file.path, text).0),
        },
        secrets,
        names: match told {
            true => names(&file.path, text),
            false => NameList::default(),
        },
        unread: false,
    }
}

fn hash(text: &str) -> Hash {
    let mut short = Hash::default();
    let whole = Sha256::digest(text.as_bytes());
    short
        .iter_mut()
        .zip(whole)
        .for_each(|(to, from)| *to = from);
    short
}

/// How much of a file is outlined.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Outlined {
    /// Nothing.
    Not,
    /// As far as there are enough definitions, where the language shows at which lines a text may end.
    Until(Option<u32>),
}

/// The text of one file with its outline, if it has one, and what is missing of it.
pub(super) fn page(
    root: &Root,
    listed: &Listed,
    outlined: Outlined,
) -> Result<(Option<FileText>, Vec<LeftOut>), KnowledgeError> {
    files::look(root, listed, |file, text| {
        let text = match text_of(root, file, text) {
            Ok(text) => text,
            Err(gone) => return (None, vec![gone]),
        };
        let (clean, found) = redact(&file.path, text);
        let missing = named(file, &found);
        let text = clean.into_owned();
        let page = FileText {
            path: file.path.clone(),
            size: file.size,
            symbols: match outlined {
                Outlined::Until(enough) if worth(&file.path) != Worth::Generated => {
                    outline(&file.path, until(&file.path, &text, enough))
                }
                _ => Vec::new(),
            },
            text,
        };
        (Some(page), missing)
    })
}

/// The text up to the end of the definition in which there are enough. Parsing is what a pack costs most.
fn until<'t>(path: &str, text: &'t str, enough: Option<u32>) -> &'t str {
    let ends: &[&str] = match Language::of(path, text) {
        Some(
            Language::Rust
            | Language::JavaScript
            | Language::TypeScript
            | Language::Tsx
            | Language::Go,
        ) => &["\n}\n"],
        Some(Language::Python) => &["\ndef ", "\nclass ", "\n@"],
        _ => &[],
    };
    let rest = enough.and_then(|at| text.get(at as usize..));
    let end = rest.and_then(|rest| {
        let behind = |end: &&str| Some(rest.find(end)? + end.find('}').map_or(1, |_| end.len()));
        ends.iter().filter_map(behind).min()
    });
    match (rest, end) {
        (Some(rest), Some(end)) => &text[..text.len() - rest.len() + end],
        _ => text,
    }
}

fn named(file: &KnownFile, secrets: &[Finding]) -> Vec<LeftOut> {
    secrets
        .iter()
        .map(|found| LeftOut::secret(&file.path, file.size, found.rule, found.line))
        .collect()
}

fn text_of<'t>(root: &Root, file: &KnownFile, text: Option<&'t str>) -> Result<&'t str, LeftOut> {
    let gone = |reason| LeftOut::file(&file.path, file.size, reason);
    // A link does not hide what a file is called where it lies.
    let real = root.linked(&file.path).and_then(Path::to_str);
    if let Some(rule) = secret_name(&file.path).or_else(|| secret_name(real?)) {
        let rule = rule.to_owned();
        return Err(gone(LeftOutReason::Secret { rule, line: None }));
    }
    text.ok_or_else(|| {
        gone(match file.content {
            Content::Text | Content::Binary => LeftOutReason::Binary,
            Content::Huge => LeftOutReason::Huge,
            Content::Symlink => LeftOutReason::Link,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::until;

    #[test]
    fn a_text_ends_behind_the_definition_in_which_there_are_enough_where_that_can_be_told() {
        let rust = "fn a() {\n    x\n}\nfn b() {\n}\n";
        assert_eq!(until("a.rs", rust, Some(4)), "fn a() {\n    x\n}\n");
        assert_eq!(until("a.rs", rust, None), rust);
        assert_eq!(until("a.rs", rust, Some(900)), rust);
        assert_eq!(until("a.c", rust, Some(4)), rust);
        let python = "def a():\n    x\n\n@b\ndef c(): y\n";
        assert_eq!(until("a.py", python, Some(4)), "def a():\n    x\n\n");
    }
}

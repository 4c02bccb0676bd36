//! One look at every file of an expert: its text without secrets, its outline, and how much others use it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::left_out::{LeftOut, Reason};
use super::worth::{Worth, worth};
use crate::knowledge::KnowledgeError;
use crate::knowledge::files::{Content, File, Files};
use crate::knowledge::outline::{Kind, Symbol, head, outline};
use crate::knowledge::parallel;
use crate::knowledge::secrets::{redact, secret_name};

/// Bytes of text that are read for one expert; files beyond, in the order of their paths, are named only.
const MAX_TEXT: u64 = 64 << 20;
/// Definitions of one name above which the name says nothing about who uses whom.
const MAX_NAMESAKES: usize = 3;
/// Users of one definition beyond which more of them add nothing.
const MAX_USERS: u32 = 16;
/// Characters of a name below which it is everywhere.
const MIN_NAME: usize = 4;

/// One text file.
pub(super) struct Page {
    /// Relative to the flake.
    pub path: String,
    /// Bytes on disk.
    pub size: u64,
    /// Without its secrets.
    pub text: String,
    /// What it says about itself.
    pub head: String,
    /// What it defines.
    pub symbols: Vec<Symbol>,
    /// How often other files name what it makes public.
    pub uses: u32,
}

/// All of them, by path.
pub(super) struct Survey {
    pub pages: Vec<Page>,
    pub left_out: Vec<LeftOut>,
}

/// Reads every file once.
pub(super) fn survey(files: &Files) -> Result<Survey, KnowledgeError> {
    let mut total = 0;
    let (mut near, mut left_out) = (Vec::new(), Vec::new());
    for file in &files.files {
        if file.content == Content::Text {
            total += file.size;
        }
        if total > MAX_TEXT && file.content == Content::Text {
            left_out.push(LeftOut::file(&file.path, file.size, Reason::Budget));
        } else {
            near.push(file);
        }
    }
    let mut pages = Vec::with_capacity(near.len());
    for looked in parallel::map(&near, |file| look(files, file)) {
        let (page, missing) = looked?;
        pages.extend(page);
        left_out.extend(missing);
    }
    count_uses(&mut pages);
    Ok(Survey { pages, left_out })
}

/// The page of one file, if it has one, and what is missing of it.
pub(super) fn look(
    files: &Files,
    file: &File,
) -> Result<(Option<Page>, Vec<LeftOut>), KnowledgeError> {
    let gone = |reason| (None, vec![LeftOut::file(&file.path, file.size, reason)]);
    if let Some(rule) = secret_name(&file.path) {
        let rule = rule.to_owned();
        return Ok(gone(Reason::Secret { rule, line: None }));
    }
    let reason = match file.content {
        Content::Text => None,
        Content::Binary => Some(Reason::Binary),
        Content::Huge => Some(Reason::Huge),
        Content::Symlink => Some(Reason::Link),
    };
    if let Some(reason) = reason {
        return Ok(gone(reason));
    }
    let Some(text) = files.text(file)? else {
        return Ok(gone(Reason::Binary));
    };
    let (clean, findings) = redact(&file.path, &text);
    let missing = findings
        .iter()
        .map(|found| LeftOut::secret(&file.path, file.size, found.rule, found.line))
        .collect();
    let clean = clean.into_owned();
    let page = Page {
        path: file.path.clone(),
        size: file.size,
        head: head(&file.path, &clean),
        symbols: match worth(&file.path) {
            Worth::Generated => Vec::new(),
            _ => outline(&file.path, &clean),
        },
        text: clean,
        uses: 0,
    };
    Ok((Some(page), missing))
}

/// Counts, for each file, the other files that name its public definitions. Whole numbers only: the order that
/// follows must be the same on every machine.
fn count_uses(pages: &mut [Page]) {
    let mut owners: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, page) in pages.iter().enumerate() {
        for symbol in &page.symbols {
            let name = symbol.name.rsplit('.').next().unwrap_or_default();
            if symbol.public
                && !symbol.test
                && symbol.kind != Kind::Section
                && name.chars().count() >= MIN_NAME
            {
                let owners = owners.entry(name).or_default();
                if owners.last() != Some(&at) {
                    owners.push(at);
                }
            }
        }
    }
    owners.retain(|_, owners| owners.len() <= MAX_NAMESAKES);
    let names: HashMap<&str, usize> = owners
        .keys()
        .enumerate()
        .map(|(at, name)| (*name, at))
        .collect();
    let mut users = vec![0_u32; names.len()];
    for named in parallel::map(pages, |page| names_in(&page.text, &names)) {
        for name in named {
            users[name] += 1;
        }
    }
    let mut uses = vec![0; pages.len()];
    for (owners, users) in owners.values().zip(users) {
        for at in owners {
            // The file that defines it names it too.
            uses[*at] += users.saturating_sub(1).min(MAX_USERS);
        }
    }
    for (page, uses) in pages.iter_mut().zip(uses) {
        page.uses = uses;
    }
}

fn names_in(text: &str, names: &HashMap<&str, usize>) -> HashSet<usize> {
    text.split(|sign: char| !(sign.is_alphanumeric() || sign == '_'))
        .filter(|word| word.len() >= MIN_NAME)
        .filter_map(|word| names.get(word).copied())
        .collect()
}

//! The outline layer: every file with what it says about itself, and what the most used ones define.

use super::shelf::FileSet;
use super::survey::{FileFacts, FileText};
use super::worth::Worth;
use crate::outline::{Symbol, SymbolKind};
use crate::{KnowledgeError, tokens};
use poag_core::name::shown;

/// Definitions shown of one file.
pub(super) const MAX_SYMBOLS: usize = 32;
/// Headings shown of one document.
const MAX_SECTIONS: usize = 12;
/// Characters of documentation behind a definition.
const MAX_DOC: usize = 100;
/// Files whose definitions found no room, after which those of no further file are looked at.
const MAX_MISSES: usize = 3;
/// Tokens kept for saying how many files are not listed.
const REST: usize = 12;

/// The outline of these files within `cap` tokens: the first ones with their definitions, the others by name
/// as far as there is room. With it, which of them it says more of than their names.
pub(super) fn fit(shelf: &FileSet<'_>, cap: usize) -> Result<(String, Vec<usize>), KnowledgeError> {
    let listed: Vec<usize> = (0..shelf.books.len())
        .filter(|at| shelf.books[*at].worth != Worth::Generated)
        .collect();
    // Names of all files are worth more than the details of the last ones.
    let length = |at: &usize| 2 + shelf.books[*at].facts.path.len() / 3;
    let names: usize = listed.iter().map(length).sum();
    let mut detail = cap.saturating_sub(names.min(cap / 3) + REST);
    let mut left = cap.saturating_sub(REST);
    let mut misses = 0;
    let mut text = String::new();
    let mut told = Vec::new();
    for (row, at) in listed.iter().enumerate() {
        let name = format!("{}\n", title(&shelf.books[*at].facts));
        let facts = &shelf.books[*at].facts;
        if detail > 0 && misses < MAX_MISSES && !facts.unread {
            let mut block = name.clone();
            for line in shelf.details(*at)? {
                block.push_str(line);
                block.push('\n');
            }
            let most = detail.min(left);
            if let Some(whole) = tokens::count_within(&block, most) {
                detail -= whole;
                left -= whole;
                told.push(*at);
                text.push_str(&block);
                continue;
            }
            misses += 1;
        }
        let short = tokens::count(&name);
        if short > left {
            text.push_str(&format!("… and {} more files\n", listed.len() - row));
            break;
        }
        left -= short;
        detail = detail.saturating_sub(short);
        if !facts.head.is_empty() {
            told.push(*at);
        }
        text.push_str(&name);
    }
    Ok((text, told))
}

/// `path: what it says about itself`
fn title(facts: &FileFacts) -> String {
    let path = shown(&facts.path);
    match facts.head.is_empty() {
        true => path.into_owned(),
        false => format!("{path}: {}", cut(&facts.head)),
    }
}

/// One line for each definition worth showing.
pub(super) fn details(worth: Worth, page: &FileText) -> Vec<String> {
    let tests = page
        .symbols
        .iter()
        .filter(|symbol| symbol.test && symbol.kind == SymbolKind::Function);
    if worth == Worth::Test {
        return match tests.count() {
            0 => Vec::new(),
            1 => vec!["  1 test".to_owned()],
            count => vec![format!("  {count} tests")],
        };
    }
    let shown =
        |symbol: &&Symbol| symbol.public && !symbol.test && symbol.kind != SymbolKind::Module;
    let sections = page
        .symbols
        .iter()
        .filter(shown)
        .filter(|symbol| symbol.kind == SymbolKind::Section);
    // The first heading is the title, which stands beside the path.
    let sections = sections.skip(1).take(MAX_SECTIONS);
    let definitions = page
        .symbols
        .iter()
        .filter(shown)
        .filter(|symbol| symbol.kind != SymbolKind::Section);
    sections
        .chain(definitions.take(MAX_SYMBOLS))
        .map(line)
        .collect()
}

/// `  12 pub fn greet(name: &str) -> String: Says hello.`
fn line(symbol: &Symbol) -> String {
    let Symbol {
        lines,
        signature,
        doc,
        kind,
        ..
    } = symbol;
    match doc.is_empty() || *kind == SymbolKind::Section {
        true => format!("  {} {signature}", lines.0),
        false => format!("  {} {signature}: {}", lines.0, cut(doc)),
    }
}

/// The first sentence, or as much of it as fits.
fn cut(doc: &str) -> String {
    let sentence = doc.split_once(". ").map_or(doc, |(first, _)| first);
    match sentence.char_indices().nth(MAX_DOC) {
        Some((end, _)) => format!("{}…", sentence[..end].trim_end()),
        None => sentence.to_owned(),
    }
}

//! What a message or a request says: its terms, its scope, the identifiers and files it names, and what is no part of it.

use std::collections::BTreeMap;

use super::corpus::{Corpus, Vocabulary, name};
use super::field::Weights;
use crate::index::sheet::weigh;
use crate::text::clip::clip;
use crate::text::words;

/// Characters of a request that are read.
const LONG: usize = 8_000;
/// Longest scope, in bytes.
const SCOPE: usize = 40;
/// Lines that say who, not what.
const TRAILERS: &[&str] = &[
    "signed-off-by:",
    "co-authored-by:",
    "reviewed-by:",
    "acked-by:",
    "tested-by:",
    "reported-by:",
    "change-id:",
    "git-svn-id:",
    "cc:",
    "assisted-by:",
    "(cherry picked from",
];
/// Words before a scope in brackets.
const KINDS: &[&str] = &[
    "feat", "fix", "chore", "docs", "doc", "refactor", "test", "tests", "build", "ci", "perf",
    "style", "change", "remove", "rename", "add", "revert",
];

/// A message without its trailers.
#[must_use]
pub fn body(message: &str) -> String {
    let lines = message.lines().filter(|line| {
        let line = line.trim_start().to_lowercase();
        !TRAILERS.iter().any(|start| line.starts_with(start))
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The scope of a message, in lower case: of `scope: …`, `kind(scope): …`, or the kind itself.
#[must_use]
pub fn scope(message: &str) -> Option<String> {
    let (head, _) = message.lines().next()?.split_once(':')?;
    let head = head.trim().trim_end_matches('!');
    let inner = match head.split_once('(') {
        Some((kind, rest)) if KINDS.contains(&kind) => rest.trim_end_matches(')'),
        Some(_) => return None,
        None => head,
    };
    let fits = (2..=SCOPE).contains(&inner.len())
        && inner
            .chars()
            .all(|c| c.is_alphanumeric() || "_./-".contains(c));
    fits.then(|| inner.to_lowercase())
}

/// A message without scope, paths, file names and numbers of issues: as somebody writes it who does not know where.
#[must_use]
pub fn without_places(message: &str, named: &dyn Fn(&str) -> bool) -> String {
    let (first, rest) = message.split_once('\n').unwrap_or((message, ""));
    let first = match first.split_once(": ") {
        Some((head, tail))
            if head.len() <= SCOPE
                && !tail.trim().is_empty()
                && head
                    .chars()
                    .all(|c| c.is_alphanumeric() || "_./*, -()!".contains(c)) =>
        {
            tail
        }
        _ => first,
    };
    let mut out = String::new();
    for (at, line) in std::iter::once(first).chain(rest.lines()).enumerate() {
        if at > 0 {
            out.push('\n');
        }
        for word in line.split_whitespace() {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let number = word.contains('#') && bare.bytes().all(|b| b.is_ascii_digit());
            if number || word.contains("://") || bare.contains('/') || named(bare) {
                continue;
            }
            out.push_str(word);
            out.push(' ');
        }
    }
    out
}

/// A request, as the signals read it.
#[derive(Clone, Debug, Default)]
pub struct RequestTerms {
    /// All terms.
    pub all: Weights,
    /// Those of the first line.
    pub first: Weights,
    /// Whole identifiers, and what stands in ticks.
    pub identifiers: Weights,
    /// Its scope.
    pub scope: Option<String>,
    /// Files it names, with how surely.
    pub named: Vec<(u32, f64)>,
}

impl RequestTerms {
    /// Reads a request about the files of `corpus`.
    #[must_use]
    pub fn new(corpus: &Corpus, request: &str) -> Self {
        let request = clip(request, LONG);
        let numbered = |weights: BTreeMap<String, f64>| numbers(&corpus.vocabulary, weights);
        Self {
            all: numbered(weigh(request)),
            first: numbered(weigh(request.lines().next().unwrap_or(""))),
            identifiers: numbered(identifiers(request)),
            scope: scope(request),
            named: named(corpus, request),
        }
    }
}

/// Terms by number; those that stand nowhere are left out.
pub fn numbers(vocabulary: &Vocabulary, weights: BTreeMap<String, f64>) -> Weights {
    let mut numbers: Weights = weights
        .into_iter()
        .filter_map(|(term, weight)| Some((vocabulary.number(&term)?, weight)))
        .collect();
    numbers.sort_unstable_by_key(|(term, _)| *term);
    numbers
}

fn identifiers(text: &str) -> BTreeMap<String, f64> {
    let mut found: BTreeMap<String, f64> = BTreeMap::new();
    for (at, part) in text.split('`').enumerate() {
        let quoted = at % 2 == 1 && part.len() <= 80 && !part.contains('\n');
        for run in part.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
            if quoted {
                words::each(run, |term| {
                    *found.entry(term.to_owned()).or_default() += 1.0
                });
            }
            if words::compound(run) {
                *found.entry(words::whole(run)).or_default() += 1.0;
            }
        }
    }
    found.values_mut().for_each(|count| *count = count.min(2.0));
    found.remove("");
    found
}

fn named(corpus: &Corpus, text: &str) -> Vec<(u32, f64)> {
    let mut found: BTreeMap<u32, f64> = BTreeMap::new();
    for word in text.split(|c: char| !(c.is_alphanumeric() || "_./@-".contains(c))) {
        let word = word.trim_matches(['.', '/']).to_lowercase();
        let own = name(&word);
        if !own.contains('.') && !word.contains('/') {
            continue;
        }
        let Some(files) = corpus.by_name.get(own) else {
            continue;
        };
        for file in files {
            let path = corpus.paths[*file as usize].to_lowercase();
            let sure = if path == word {
                2.0
            } else if !path.ends_with(&format!("/{word}")) {
                continue;
            } else if word == own {
                1.0 / (files.len() as f64).sqrt()
            } else {
                1.5
            };
            let known = found.entry(*file).or_default();
            *known = known.max(sure);
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_what_stands_before_the_colon() {
        for (message, found) in [
            ("core: drop it", Some("core")),
            ("fix(gix-url)!: parse ports", Some("gix-url")),
            ("feat!: more", Some("feat")),
            ("no scope here", None),
            ("a sentence that goes on: and on", None),
        ] {
            assert_eq!(scope(message).as_deref(), found, "{message}");
        }
    }

    #[test]
    fn a_message_without_places_names_no_file_scope_or_issue() {
        let named = |word: &str| word == "lib.rs";
        let text =
            "fix(url): parse ports in src/a.rs and lib.rs (#12)\n\nSee https://x.org/y for ports";
        assert_eq!(
            without_places(text, &named)
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
            "parse ports in and See for ports"
        );
    }

    #[test]
    fn trailers_say_who_and_not_what() {
        assert_eq!(
            body("Do it\n\nWhy.\n\nSigned-off-by: A <a@b>"),
            "Do it\n\nWhy."
        );
    }
}

//! The cut: which of the files of a corpus a request changes, by one likelihood for all.
//!
//! Paths and identifiers that the request names rule; else the number of files that are named is the one with the greatest
//! expected F1 of the calibrated likelihoods.

use std::collections::{BTreeMap, BTreeSet};

use crate::rank::{Corpus, Likely, Ranker, Reason, likely_count};
use crate::text::request::RequestText;
use crate::text::role::Role;
use crate::text::words;

/// Files that are named as to be changed at most, unless the request asks for everything of a kind.
const MOST: usize = 10;
/// Files that may change, which are listed apart.
const PERHAPS: usize = 6;
/// Files from which experts that think with a model learn whom and what to look at: among the owners of so many are the
/// right ones in 92 % of 28 requests, of a plan's own files in 82 %.
pub const NEAREST: usize = 16;
/// Share of the least likelihood that is named from which a file may change.
const NEAR: f64 = 0.4;
/// Likelihood of a file whose path the request names.
const NAMED: f64 = 0.97;
/// Likelihood, at least, of the one file that defines an identifier whose form the request changes.
const DEFINES: f64 = 0.5;
/// Sources that use a name whose form changes; where there are more, the plan names none of them.
const CALLERS: usize = 3;
/// Likelihood from which a file stands beside one whose path is named.
const SURE: f64 = 0.6;
/// Share of the known words of a request below which the best file is a weak match.
const WEAK: f64 = 0.25;

/// A file that a request may change.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path in the corpus.
    pub path: String,
    /// How probable it is that it changes, from 0 to 1.
    pub likelihood: f64,
    /// Whether it is named as to be changed; else it may change.
    pub change: bool,
    /// Whether the request names its path.
    pub named: bool,
    /// A name that it uses and whose form the request changes.
    pub uses: Option<String>,
    /// What speaks for it.
    pub reasons: Vec<Reason>,
}

/// The files that a request changes or may change, the likeliest first.
#[derive(Clone, Debug, Default)]
pub struct Decided {
    /// The files.
    pub files: Vec<File>,
    /// The likeliest files whether they are named or not, at most [`NEAREST`].
    pub near: Vec<File>,
    /// Whether none of those that are named holds much of what the request speaks of.
    pub weak: bool,
}

/// Decides for a request which files of a corpus change.
#[must_use]
pub fn decide(ranker: &Ranker, request: &RequestText, text: &str) -> Decided {
    let corpus = ranker.corpus();
    if !known(corpus, request) {
        return Decided::default();
    }
    let mut likely: Vec<Likely> = ranker
        .likely(text)
        .into_iter()
        .filter(|file| file.cover > 0.0)
        .collect();
    let mut meant = named(corpus, request, &mut likely);
    if meant.is_empty() {
        meant = documented(corpus, request, &mut likely);
    }
    likely.retain(|file| meant.contains(&file.path) || eligible(&file.path, request));
    let mut callers = defined(corpus, request, &mut likely);
    likely.sort_by(|a, b| {
        b.likelihood
            .total_cmp(&a.likelihood)
            .then_with(|| a.path.cmp(&b.path))
    });
    let count = match meant.is_empty() {
        true => {
            let likelihoods: Vec<f64> = likely.iter().map(|file| file.likelihood).collect();
            likely_count(&likelihoods, MOST)
        }
        // A path that is named is meant: beside it stands only what is as good as sure.
        false => likely
            .iter()
            .take_while(|file| file.likelihood >= SURE)
            .count(),
    };
    let least = count
        .checked_sub(1)
        .map_or(1.0, |last| likely[last].likelihood);
    let best = likely
        .iter()
        .take(count)
        .map(|file| file.cover)
        .fold(0.0, f64::max);
    let perhaps = likely
        .iter()
        .skip(count)
        .take(if meant.is_empty() { PERHAPS } else { 0 })
        .take_while(|file| file.likelihood >= least * NEAR)
        .count();
    let file = |(at, file): (usize, Likely)| File {
        named: meant.contains(&file.path),
        uses: callers.remove(&file.path),
        path: file.path,
        likelihood: file.likelihood,
        change: at < count,
        reasons: file.reasons,
    };
    let mut near: Vec<File> = likely
        .into_iter()
        .take(NEAREST.max(count + perhaps))
        .enumerate()
        .map(file)
        .collect();
    let files = near[..count + perhaps].to_vec();
    near.truncate(NEAREST);
    Decided {
        near,
        weak: count > 0 && best < WEAK && meant.is_empty(),
        files,
    }
}

/// Whether any word of the request that says something stands in any file.
fn known(corpus: &Corpus, request: &RequestText) -> bool {
    let mut terms = request.terms(1.0).into_iter();
    terms.any(|(term, weight)| weight >= 0.5 && term.len() > 1 && corpus.holders(&term) > 0)
}

/// Where the request gives something that it names an argument or a field: raises the file that alone defines it, where it
/// is no test and no document, and the few sources that use it; gives file → the name it uses.
fn defined(
    corpus: &Corpus,
    request: &RequestText,
    likely: &mut Vec<Likely>,
) -> BTreeMap<String, String> {
    let mut callers = BTreeMap::new();
    if !request.extends() {
        return callers;
    }
    for name in request.names() {
        let last = words::last(&name);
        let term = words::whole(last);
        let source = |path: &&str| Role::of(path) == Role::Source;
        let sources: Vec<&str> = corpus.defining(&term).filter(source).collect();
        let [path] = sources[..] else {
            continue;
        };
        raise(likely, path);
        let users: Vec<&str> = corpus
            .holding(&term)
            .filter(source)
            .filter(|user| *user != path)
            .collect();
        if users.len() <= CALLERS {
            for user in users {
                raise(likely, user);
                callers.insert(user.to_owned(), last.to_owned());
            }
        }
    }
    callers
}

/// Gives a file the likelihood of what an identifier of the request leads to, where it has less.
fn raise(likely: &mut Vec<Likely>, path: &str) {
    match likely.iter_mut().find(|file| file.path == path) {
        Some(file) => file.likelihood = file.likelihood.max(DEFINES),
        None => likely.push(without_reasons(path.to_owned(), DEFINES, 0.0)),
    }
}

/// A file that the words of the request lead to, not its signals.
fn without_reasons(path: String, likelihood: f64, cover: f64) -> Likely {
    Likely {
        path,
        likelihood,
        cover,
        reasons: Vec::new(),
    }
}

/// Files that a plan names only where the request does: records, change logs, what poag itself reads.
fn eligible(path: &str, request: &RequestText) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let says = |words: &[&str]| {
        request.sentences.iter().any(|(sentence, _)| {
            let lower = sentence.to_lowercase();
            words.iter().any(|word| lower.contains(word))
        })
    };
    match name {
        "poag.lock" => false,
        "flake.nix" | "flake.lock" => says(&["flake", "nix"]),
        _ if Role::is_history(path) => says(&["changelog", "change log", "release note"]),
        // A lock file changes with the manifest that it locks: its likelihood decides.
        _ if name.ends_with(".lock") => true,
        _ => Role::of(path) != Role::Record || says(&["license", "licence", "lock"]),
    }
}

/// Marks the files whose paths the request names, and takes out others of the same name; gives their names in the pool.
fn named(corpus: &Corpus, request: &RequestText, likely: &mut Vec<Likely>) -> BTreeSet<String> {
    let mut meant: BTreeSet<String> = BTreeSet::new();
    let mut names: BTreeSet<String> = BTreeSet::new();
    for word in request.paths() {
        let file = word.rsplit('/').next().unwrap_or(&word).to_lowercase();
        let ending = format!("/{word}");
        let fits: Vec<&String> = corpus
            .paths
            .iter()
            .filter(|path| **path == word || path.ends_with(&ending))
            .collect();
        // A bare file name that many files bear names none of them.
        if fits.is_empty() || fits.len() > 1 && !word.contains('/') {
            continue;
        }
        names.insert(file);
        meant.extend(fits.into_iter().cloned());
    }
    for path in &meant {
        match likely.iter_mut().find(|file| file.path == *path) {
            Some(file) => file.likelihood = NAMED,
            None => likely.push(without_reasons(path.clone(), NAMED, 1.0)),
        }
    }
    likely.retain(|file| {
        let name = file
            .path
            .rsplit('/')
            .next()
            .unwrap_or(&file.path)
            .to_lowercase();
        meant.contains(&file.path) || !names.contains(&name)
    });
    meant
}

/// Marks the README beside the likeliest file where the request orders to write there; gives its name in the pool.
fn documented(
    corpus: &Corpus,
    request: &RequestText,
    likely: &mut Vec<Likely>,
) -> BTreeSet<String> {
    let orders = request.sentences.iter().any(|(sentence, asks)| {
        let lower = sentence.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphanumeric());
        let verbs = ["document", "describe", "mention", "explain"];
        *asks && words.any(|word| word == "readme") && verbs.iter().any(|verb| lower.contains(verb))
    });
    let best = likely
        .iter()
        .max_by(|a, b| a.likelihood.total_cmp(&b.likelihood));
    let Some(best) = best.filter(|_| orders) else {
        return BTreeSet::new();
    };
    let names = [
        "README.md",
        "README.rst",
        "README.adoc",
        "README.txt",
        "README",
    ];
    let folders = std::iter::successors(
        best.path.rsplit_once('/').map(|(folder, _)| folder),
        |folder| folder.rsplit_once('/').map(|(above, _)| above),
    );
    let beside = folders
        .map(|folder| format!("{folder}/"))
        .chain([String::new()]);
    let mut beside = beside.flat_map(|folder| names.map(|name| format!("{folder}{name}")));
    let Some(path) = beside.find(|path| corpus.paths.binary_search(path).is_ok()) else {
        return BTreeSet::new();
    };
    // Only what is written there changes: the code stays as it is.
    likely.clear();
    likely.push(without_reasons(path.clone(), NAMED, 1.0));
    BTreeSet::from([path])
}

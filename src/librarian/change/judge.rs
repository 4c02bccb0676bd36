//! One judgement for all experts: which files change, by one likelihood, cut once.
//!
//! No expert adds files because words match inside its own corner: the files of all are ranked together, and the same
//! number decides everywhere.

use std::collections::{BTreeMap, BTreeSet};

use super::guide::{Guide, guide};
use super::siblings::siblings;
use crate::expert::Graph;
use crate::librarian::error::LibrarianError;
use crate::librarian::index::shelf::{Pool, Shelf};
use crate::librarian::rank::{Likely, Ranker, Reason, likely_count};
use crate::librarian::text::request::Request;
use crate::librarian::text::role::Role;

/// Files that are named as to be changed at most, unless the request asks for everything of a kind.
const MOST: usize = 10;
/// Files that may change, which are listed apart.
const PERHAPS: usize = 6;
/// Share of the least likelihood that is named from which a file may change.
const NEAR: f64 = 0.4;
/// Likelihood of a file whose path the request names.
const NAMED: f64 = 0.97;
/// Likelihood of a file that lists all things of the kind to which one is added.
const LISTS: f64 = 0.9;
/// Share of the known words of a request below which the best file is a weak match.
const WEAK: f64 = 0.25;

/// Why a file is judged as it is.
#[derive(Clone, Debug)]
pub enum Why {
    /// By the signals.
    Ranked(Vec<Reason>),
    /// The request names its path.
    Named,
    /// It lists all these names, of which the request adds one more.
    Lists(Vec<String>),
    /// It uses a name whose form changes.
    Uses(String),
}

/// A file that was judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Its owner.
    pub expert: String,
    /// Its path in the owner's flake.
    pub path: String,
    /// How probable it is that it changes, from 0 to 1.
    pub likelihood: f64,
    /// Whether it is named as to be changed; else it may change.
    pub named: bool,
    /// Why.
    pub why: Why,
}

/// What a request changes.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// The files, the likeliest first.
    pub files: Vec<Judged>,
    /// A guide of the repository for such a change.
    pub guide: Option<Guide>,
    /// Remarks for the person who asked.
    pub notes: Vec<String>,
}

impl Judgement {
    /// The experts that own files which are named as to be changed, with the likeliest file of each.
    #[must_use]
    pub fn owners(&self) -> BTreeMap<&str, &Judged> {
        let mut owners = BTreeMap::new();
        for file in self.files.iter().filter(|file| file.named) {
            owners.entry(file.expert.as_str()).or_insert(file);
        }
        owners
    }
}

/// Judges the files of all experts of a graph.
///
/// # Errors
/// When knowledge cannot be read.
pub fn judge(graph: &Graph, shelf: &Shelf, text: &str) -> Result<Judgement, LibrarianError> {
    let pool = shelf.ranker(graph)?;
    let request = Request::of(text);
    let mut found = Judgement::default();
    if !known(&pool, &request) {
        return Ok(found);
    }
    let mut likely: Vec<Likely> = pool
        .of
        .likely(text)
        .into_iter()
        .filter(|file| file.cover > 0.0)
        .collect();
    let named = named(&pool, &request, &mut likely);
    let named = match named.is_empty() {
        true => documented(&pool, &request, &mut likely),
        false => named,
    };
    likely.retain(|file| named.contains(&file.path) || eligible(&file.path, &request));
    likely.sort_by(|a, b| {
        b.likelihood
            .total_cmp(&a.likelihood)
            .then_with(|| a.path.cmp(&b.path))
    });
    let count = match named.is_empty() {
        true => {
            let likelihoods: Vec<f64> = likely.iter().map(|file| file.likelihood).collect();
            likely_count(&likelihoods, MOST)
        }
        // A path that is named is meant: beside it stands only what is as good as sure.
        false => likely
            .iter()
            .take_while(|file| file.likelihood >= 0.5)
            .count(),
    };
    let least = count
        .checked_sub(1)
        .map_or(1.0, |last| likely[last].likelihood);
    let best_cover = likely
        .iter()
        .take(count)
        .map(|file| file.cover)
        .fold(0.0, f64::max);
    if count > 0 && best_cover < WEAK && named.is_empty() {
        found.notes.push(
            "weak matches only: no file holds a quarter of what the request speaks of".into(),
        );
    }
    let perhaps = likely
        .iter()
        .skip(count)
        .take(if named.is_empty() { PERHAPS } else { 0 })
        .take_while(|file| file.likelihood >= least * NEAR)
        .count();
    for (at, file) in likely.into_iter().take(count + perhaps).enumerate() {
        let Some((expert, path)) = pool.place(&file.path) else {
            continue;
        };
        found.files.push(Judged {
            expert: expert.to_owned(),
            path: path.to_owned(),
            likelihood: file.likelihood,
            named: at < count,
            why: match named.contains(&file.path) {
                true => Why::Named,
                false => Why::Ranked(file.reasons),
            },
        });
    }
    found.guide = guide(graph, shelf, &request, &found.files)?;
    if request.wide
        && found.guide.is_some()
        && let Some(listed) = siblings(graph, &pool, &found)
    {
        widen(&mut found, listed);
    }
    if !pool.left_out.is_empty() {
        found.notes.push(format!(
            "the files of {} were not looked at: there is more text than is read at once",
            pool.left_out.join(", ")
        ));
    }
    Ok(found)
}

/// Puts the files of a wide change in the place of those that were found by likelihood.
fn widen(found: &mut Judgement, listed: Vec<Judged>) {
    let wide: BTreeSet<(String, String)> = listed
        .iter()
        .map(|file| (file.expert.clone(), file.path.clone()))
        .collect();
    let rest: Vec<Judged> = std::mem::take(&mut found.files)
        .into_iter()
        .filter(|file| !wide.contains(&(file.expert.clone(), file.path.clone())))
        .map(|file| Judged {
            named: matches!(file.why, Why::Named),
            ..file
        })
        .collect();
    found.files = listed;
    found.files.extend(rest);
}

/// Whether any word of the request that says something stands in any file.
fn known(pool: &Pool<Ranker>, request: &Request) -> bool {
    let corpus = pool.of.corpus();
    let mut terms = request.terms(1.0).into_iter();
    terms.any(|(term, weight)| weight >= 0.5 && term.len() > 1 && corpus.holders(&term) > 0)
}

/// Files that a plan names only where the request does: records, change logs, what poag itself reads.
fn eligible(path: &str, request: &Request) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let says = |words: &[&str]| {
        request.sentences.iter().any(|(sentence, _)| {
            let lower = sentence.to_lowercase();
            words.iter().any(|word| lower.contains(word))
        })
    };
    match name {
        "poag.lock" => false,
        "flake.nix" => says(&["flake", "nix"]),
        _ if Role::is_history(path) => says(&["changelog", "change log", "release note"]),
        _ => Role::of(path) != Role::Record || says(&["license", "licence", "lock"]),
    }
}

/// Marks the files whose paths the request names, and takes out others of the same name; gives their names in the pool.
fn named(pool: &Pool<Ranker>, request: &Request, likely: &mut Vec<Likely>) -> BTreeSet<String> {
    let corpus = pool.of.corpus();
    let mut meant: BTreeSet<String> = BTreeSet::new();
    let mut names: BTreeSet<String> = BTreeSet::new();
    for word in request.paths() {
        let file = word.rsplit('/').next().unwrap_or(&word).to_lowercase();
        let ending = format!("/{word}");
        let fits: Vec<&String> = corpus
            .paths
            .iter()
            .filter(|path| **path == word || path.ends_with(&ending))
            .filter(|path| {
                pool.place(path)
                    .is_some_and(|(_, inner)| word.contains('/') || inner.ends_with(&word))
            })
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
            None => likely.push(Likely {
                path: path.clone(),
                likelihood: NAMED,
                cover: 1.0,
                reasons: Vec::new(),
            }),
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
    pool: &Pool<Ranker>,
    request: &Request,
    likely: &mut Vec<Likely>,
) -> BTreeSet<String> {
    let orders = request.sentences.iter().any(|(sentence, asks)| {
        let lower = sentence.to_lowercase();
        let readme = lower
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word == "readme");
        let verb = ["document", "describe", "mention", "explain"]
            .iter()
            .any(|verb| lower.contains(verb));
        *asks && readme && verb
    });
    let best = likely
        .iter()
        .max_by(|a, b| a.likelihood.total_cmp(&b.likelihood));
    let Some(owner) = best
        .filter(|_| orders)
        .and_then(|best| Some(pool.place(&best.path)?.0))
    else {
        return BTreeSet::new();
    };
    let names = [
        "README.md",
        "README.rst",
        "README.adoc",
        "README.txt",
        "README",
    ];
    let Some(path) = names.iter().find_map(|name| pool.name(owner, name)) else {
        return BTreeSet::new();
    };
    // Only what is written there changes: the code stays as it is.
    likely.retain(|file| file.path == path);
    match likely.first_mut() {
        Some(file) => file.likelihood = NAMED,
        None => likely.push(Likely {
            path: path.clone(),
            likelihood: NAMED,
            cover: 1.0,
            reasons: Vec::new(),
        }),
    }
    BTreeSet::from([path])
}

/// A file that lists or uses what a wide change touches.
#[must_use]
pub fn listed(expert: &str, path: &str, why: Why) -> Judged {
    Judged {
        expert: expert.to_owned(),
        path: path.to_owned(),
        likelihood: LISTS,
        named: true,
        why,
    }
}

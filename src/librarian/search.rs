//! A query against one index: passages and files by worth, and how much of the query each covers.
//!
//! Worth of a passage: Σ over the words of weight · idf · (tf + 0.4 · tf of the word in its file's path
//! and names), where idf = 1 + ln(1 + (N − n + ½) / (n + ½)): in a small flake the very word it is about stands in
//! every file, and must still count for more than a rare word of no weight. Worth of a file: the same over
//! what all its passages hold together, saturated and normalized by their number, plus its path; fused
//! with its best passage after both are scaled to their best.
//!
//! Cover (rarity is that logarithm alone): the share of the query's importance that was found. Important is a word by its weight ·
//! (1 + rarity / greatest rarity): a word that stands nowhere counts twice what a word counts that stands everywhere, so
//! that the scale is the same for a flake of five files and one of five thousand.

use std::collections::BTreeMap;

use super::error::LibrarianError;
use super::index::{Index, Level};
use super::query::{Group, Query};
use super::role::Role;

/// Part of a word's importance that counts where the word stands elsewhere in the same file.
const NEARBY: f64 = 0.5;
/// What the name of a file or of something defined in it adds to each of its passages.
const FROM_PATH: f64 = 0.4;
/// Share of the whole file in its worth; the rest is its best passage's.
const WHOLE: f64 = 0.6;

/// What was found, best first.
#[derive(Debug, Default)]
pub struct Found {
    /// Files.
    pub files: Vec<FileHit>,
    /// Passages.
    pub passages: Vec<PassageHit>,
    /// Groups of the query that stand anywhere, as bits.
    pub known: u64,
    /// What each group of the query is worth for the cover.
    pub importance: Vec<f64>,
}

/// A file that holds something of the query.
#[derive(Clone, Debug)]
pub struct FileHit {
    /// Its number.
    pub file: usize,
    /// Its worth, at most 1.
    pub score: f64,
    /// The groups it holds.
    pub mask: u64,
}

/// A passage that holds something of the query.
#[derive(Clone, Debug)]
pub struct PassageHit {
    /// Its number.
    pub row: i64,
    /// Its worth.
    pub score: f64,
    /// The groups that it, its title or its file's path holds.
    pub mask: u64,
    /// Share of the query it covers, from 0 to 1.
    pub cover: f64,
}

#[derive(Default)]
struct Sum {
    score: f64,
    mask: u64,
}

/// Looks for everything that holds any word of `query`.
///
/// # Errors
/// When the index is damaged.
pub fn search(index: &Index, query: &Query) -> Result<Found, LibrarianError> {
    let mut found = Found::default();
    let mut files: BTreeMap<usize, Sum> = BTreeMap::new();
    let mut passages: BTreeMap<i64, Sum> = BTreeMap::new();
    let mut paths: Vec<BTreeMap<usize, f64>> = Vec::new();
    let (all_files, all_passages) = (index.files.len() as f64, f64::from(index.passages));
    let average = (all_passages / all_files.max(1.0)).max(1.0);
    for (at, group) in query.groups.iter().enumerate() {
        let by_path = rows(index, Level::File, group)?;
        let by_path: BTreeMap<usize, f64> = by_path
            .into_iter()
            .filter_map(|(row, tf)| Some((usize::try_from(row).ok()?, tf)))
            .collect();
        let here = rows(index, Level::Passage, group)?;
        let passage_idf = idf(all_passages, here.len());
        let mut content: BTreeMap<usize, f64> = BTreeMap::new();
        for (row, tf) in here {
            let sum = passages.entry(row).or_default();
            sum.score += group.weight * passage_idf * tf;
            sum.mask |= 1 << at;
            *content.entry(Index::file_of(row)).or_default() += tf;
        }
        let holding = content
            .keys()
            .chain(by_path.keys())
            .collect::<std::collections::BTreeSet<_>>();
        let file_idf = idf(all_files, holding.len());
        found.known |= u64::from(!holding.is_empty()) << at;
        found.importance.push(if group.bonus {
            0.0
        } else {
            group.weight * (1.0 + rarity(all_files, holding.len()) / rarity(all_files, 0))
        });
        for file in holding {
            let size = index.file(*file).map_or(1.0, |row| f64::from(row.passages));
            let tf = content.get(file).copied().unwrap_or(0.0);
            let norm = 1.2 * (0.5 + 0.5 * size / average);
            let path = by_path.get(file).copied().unwrap_or(0.0);
            let sum = files.entry(*file).or_default();
            sum.score += group.weight * file_idf * (2.2 * tf / (tf + norm) + path);
            sum.mask |= 1 << at;
        }
        paths.push(
            by_path
                .into_iter()
                .map(|(file, tf)| (file, tf * group.weight * passage_idf))
                .collect(),
        );
    }
    found.passages = rank_passages(passages, &files, &paths, &found.importance);
    found.files = rank_files(index, files, &found.passages);
    Ok(found)
}

impl Found {
    /// Share of the query's importance that the groups of `mask` carry.
    #[must_use]
    pub fn share(&self, mask: u64) -> f64 {
        share(&self.importance, mask)
    }

    /// Share that the groups of `mask` carry of what `strong` groups carry.
    #[must_use]
    pub fn strong_share(&self, mask: u64, strong: u64) -> f64 {
        let all = share(&self.importance, strong);
        if all > 0.0 {
            share(&self.importance, mask & strong) / all
        } else {
            0.0
        }
    }
}

fn share(importance: &[f64], mask: u64) -> f64 {
    let total: f64 = importance.iter().sum();
    let held = importance
        .iter()
        .enumerate()
        .filter(|(at, _)| mask & (1 << at) != 0);
    if total > 0.0 {
        held.map(|(_, worth)| worth).sum::<f64>() / total
    } else {
        0.0
    }
}

fn rarity(all: f64, holding: usize) -> f64 {
    (1.0 + (all - holding as f64 + 0.5) / (holding as f64 + 0.5))
        .max(1.0)
        .ln()
}

fn idf(all: f64, holding: usize) -> f64 {
    rarity(all, holding) + 1.0
}

/// The rows that hold any term of a group, each with its best.
fn rows(index: &Index, level: Level, group: &Group) -> Result<BTreeMap<i64, f64>, LibrarianError> {
    let mut best: BTreeMap<i64, f64> = BTreeMap::new();
    for (term, worth) in &group.terms {
        for posting in index.postings(level, term)? {
            let tf = best.entry(posting.row).or_default();
            *tf = tf.max(posting.tf * worth);
        }
    }
    Ok(best)
}

fn rank_passages(
    passages: BTreeMap<i64, Sum>,
    files: &BTreeMap<usize, Sum>,
    paths: &[BTreeMap<usize, f64>],
    importance: &[f64],
) -> Vec<PassageHit> {
    let mut ranked: Vec<PassageHit> = passages
        .into_iter()
        .map(|(row, mut sum)| {
            let file = Index::file_of(row);
            for (at, path) in paths.iter().enumerate() {
                if let Some(score) = path.get(&file) {
                    sum.score += FROM_PATH * score;
                    sum.mask |= 1 << at;
                }
            }
            let around = files.get(&file).map_or(0, |file| file.mask);
            let own = share(importance, sum.mask);
            let cover = own + NEARBY * (share(importance, sum.mask | around) - own);
            PassageHit {
                row,
                score: sum.score,
                mask: sum.mask,
                cover,
            }
        })
        .collect();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.row.cmp(&b.row)));
    ranked
}

fn rank_files(index: &Index, files: BTreeMap<usize, Sum>, passages: &[PassageHit]) -> Vec<FileHit> {
    let mut best: BTreeMap<usize, f64> = BTreeMap::new();
    for hit in passages {
        best.entry(Index::file_of(hit.row)).or_insert(hit.score);
    }
    let top_file = files
        .values()
        .map(|sum| sum.score)
        .fold(f64::MIN_POSITIVE, f64::max);
    let top_passage = passages.first().map_or(f64::MIN_POSITIVE, |hit| hit.score);
    let mut ranked: Vec<FileHit> = files
        .into_iter()
        .map(|(file, sum)| {
            let passage = best.get(&file);
            let score = WHOLE * sum.score / top_file
                + (1.0 - WHOLE) * passage.map_or(0.0, |score| score / top_passage);
            let path = index.file(file).map_or("", |row| row.path.as_str());
            FileHit {
                file,
                score: score * prior(path),
                mask: sum.mask,
            }
        })
        .collect();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.file.cmp(&b.file)));
    ranked
}

/// Lock files and licences match much and are about little; a change log tells of the past.
fn prior(path: &str) -> f64 {
    if Role::of(path) == Role::Record {
        0.2
    } else if Role::is_history(path) {
        0.4
    } else {
        1.0
    }
}

//! Cases, and the ranker of the tree that each is asked about.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use poag_core::expert::GraphError;
use poag_git::history;
use poag_librarian::LibrarianError;
use poag_librarian::rank::{Corpus, MOST_COMMITS, Options, Ranker, Sheet};
use serde::Deserialize;
use thiserror::Error;

/// Bytes of a file that is read.
const MOST: u64 = 1 << 20;

/// What went wrong, with what to do.
#[derive(Debug, Error)]
pub enum EvalError {
    /// A file of cases cannot be read.
    #[error("{}: {source}\nrepair: name a file of cases with --cases", path.display())]
    Cases {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A line is no case.
    #[error("{}: line {line}: {source}\nrepair: see poag-eval plan --help for the fields of a case", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A repository cannot be read.
    #[error("{repository}: {source}\nrepair: clone it whole below the folder of --mirror")]
    Repository {
        /// `owner/name`.
        repository: String,
        /// What the reader of histories says.
        source: poag_git::GitError,
    },
    /// The files of a case cannot be laid out.
    #[error(
        "the files of a case cannot be laid out: {0}\nrepair: make room in the folder for temporary files"
    )]
    Place(#[from] std::io::Error),
    /// The packages of a case make no graph.
    #[error("{0}")]
    Graph(#[from] GraphError),
    /// The librarian finds nothing to say.
    #[error("{0}")]
    Librarian(#[from] LibrarianError),
    /// There is no case of the kind that is measured.
    #[error("no case of the kind `{kind}`\nrepair: name other cases with --cases")]
    Nothing {
        /// `change` or `usage`.
        kind: String,
    },
}

/// A request with what was done for it.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// Tells it apart.
    pub id: String,
    /// `owner/name`.
    pub repo: String,
    /// The commit before it was done.
    pub commit: String,
    /// `change` or `usage`.
    pub kind: String,
    /// What is asked.
    pub text: String,
    /// The files that were changed, from the top of the repository.
    pub files: BTreeSet<String>,
    /// Of a question, the lines that answer it, by file: any of several ranges will do.
    #[serde(default)]
    pub lines: BTreeMap<String, RightLines>,
    /// The folders of the repository's packages.
    #[serde(default)]
    pub packages: BTreeSet<String>,
}

/// Ranges of lines, first and last, from 1, inclusive.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum RightLines {
    /// One range.
    One((u32, u32)),
    /// Several.
    Several(Vec<(u32, u32)>),
}

impl Case {
    /// Whether lines of a file answer, all or some of them.
    #[must_use]
    pub fn answered_by(&self, path: &str, (first, last): (u32, u32)) -> bool {
        let overlaps = |(from, to): &(u32, u32)| first <= *to && last >= *from;
        match self.lines.get(path) {
            Some(RightLines::One(range)) => overlaps(range),
            Some(RightLines::Several(ranges)) => ranges.iter().any(overlaps),
            None => false,
        }
    }
}

/// The cases of some files that are of a kind, by repository and commit.
pub fn read(
    paths: &[PathBuf],
    kind: &str,
) -> Result<BTreeMap<(String, String), Vec<Case>>, EvalError> {
    let mut all: BTreeMap<(String, String), Vec<Case>> = BTreeMap::new();
    for path in paths {
        let text = std::fs::read_to_string(path).map_err(|source| EvalError::Cases {
            path: path.clone(),
            source,
        })?;
        for (line, row) in (1..)
            .zip(text.lines())
            .filter(|(_, row)| !row.trim().is_empty())
        {
            let case: Case = serde_json::from_str(row).map_err(|source| EvalError::Line {
                path: path.clone(),
                line,
                source,
            })?;
            if case.kind == kind {
                let key = (case.repo.clone(), case.commit.clone());
                all.entry(key).or_default().push(case);
            }
        }
    }
    match all.is_empty() {
        true => Err(EvalError::Nothing {
            kind: kind.to_owned(),
        }),
        false => Ok(all),
    }
}

/// The files of a repository at a commit, each with its text where it is one.
pub fn texts(
    folder: &Path,
    repo: &str,
    commit: &str,
) -> Result<Vec<(String, Option<String>)>, EvalError> {
    let failed = |source| EvalError::Repository {
        repository: repo.to_owned(),
        source,
    };
    let files: Vec<_> = history::snapshot(folder, commit)
        .map_err(failed)?
        .into_iter()
        .filter(|file| !file.is_link() && file.size.is_some_and(|size| size < MOST))
        .collect();
    let ids: Vec<&str> = files.iter().map(|file| file.id.as_str()).collect();
    let texts = history::contents(folder, &ids).map_err(failed)?;
    let paths = files.into_iter().map(|file| file.path);
    Ok(paths.zip(texts).collect())
}

/// What the files of a repository say, as they were at a commit.
pub fn sheets(mirror: &Path, repo: &str, commit: &str) -> Result<Vec<(String, Sheet)>, EvalError> {
    let sheet = |(path, text): (String, Option<String>)| {
        let sheet = Sheet::of(&path, text.as_deref());
        (path, sheet)
    };
    let files = texts(&place(mirror, repo), repo, commit)?;
    Ok(files.into_iter().map(sheet).collect())
}

fn place(mirror: &Path, repo: &str) -> PathBuf {
    mirror.join(repo.replace('/', "+")).join("repo")
}

/// The ranker of a repository as it was at a commit, with the past that it had then.
pub fn ranker(mirror: &Path, repo: &str, commit: &str) -> Result<Ranker, EvalError> {
    let sheets = sheets(mirror, repo, commit)?;
    let past = history::read(&place(mirror, repo), commit, "", MOST_COMMITS);
    let past = past.map_err(|source| EvalError::Repository {
        repository: repo.to_owned(),
        source,
    })?;
    let corpus = Corpus::new(&sheets, &past, "", None);
    Ok(Ranker::new(corpus, Options::default()))
}

/// Precision, recall and F1 of some files.
pub fn judge(case: &Case, named: &[String]) -> [f64; 3] {
    let right = named
        .iter()
        .filter(|path| case.files.contains(*path))
        .count() as f64;
    let precision = right / named.len().max(1) as f64;
    let recall = right / case.files.len().max(1) as f64;
    match right > 0.0 {
        true => [
            precision,
            recall,
            2.0 * precision * recall / (precision + recall),
        ],
        false => [0.0; 3],
    }
}

/// The means of figures, in percent.
pub fn means(all: &[[f64; 3]]) -> [f64; 3] {
    let mut mean = [0.0; 3];
    for figures in all {
        for (sum, figure) in mean.iter_mut().zip(figures) {
            *sum += 100.0 * figure / all.len() as f64;
        }
    }
    mean
}

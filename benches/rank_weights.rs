//! Learns the weights that every repository begins with, and shows how far they and its own past carry a repository
//! that they were not learned from: `cargo bench --bench rank_weights -- REPOSITORY… [--windows 0,2,5]`.
//!
//! A window is a snapshot on the line of first parents and the 200 eligible commits after it: no merge, 2 to 10 files of
//! the snapshot, no robot, no release. Each repository is judged by weights learned from the others alone ("prior";
//! with `--shipped`: by those that poag has), and by these fitted to its own past before the snapshot ("own"; also with the prior held a fourth and four times as firmly).
#![expect(clippy::unwrap_used, reason = "a bench")]

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::Instant;

use poag::history::{self, ChangeKind, Commit, Past};
use poag::librarian::rank::{
    ALL, COUNT, Corpus, GROUPS, Lesson, Options, Ranker, SHRINK, Sheet, Signal, SignalWeights,
    defaults, learn, lessons, without_places,
};

const COUNTED: usize = 200;

struct Window {
    repository: usize,
    name: String,
    files: Vec<(String, Sheet)>,
    past: Past,
    asked: Vec<(String, String, BTreeSet<String>)>,
    taught: Vec<Lesson>,
}

impl Window {
    fn corpus(&self) -> Corpus {
        Corpus::new(&self.files, &self.past, "", None)
    }
}

fn main() {
    let mut repositories: Vec<PathBuf> = Vec::new();
    let mut windows = vec![0, 2, 5];
    let (mut ablate, mut shipped) = (false, false);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--bench" => {}
            "--ablate" => ablate = true,
            "--shipped" => shipped = true,
            "--windows" => {
                windows = args
                    .next()
                    .unwrap()
                    .split(',')
                    .map(|n| n.parse().unwrap())
                    .collect()
            }
            path => repositories.push(path.into()),
        }
    }
    let mut all: Vec<Window> = Vec::new();
    for (number, repository) in repositories.iter().enumerate() {
        all.extend(read(number, repository, &windows));
    }
    let kinds = ["prior", "own / 4", "own", "own · 4"];
    let mut means: Vec<(&str, Vec<[f64; 10]>)> = kinds.map(|kind| (kind, Vec::new())).into();
    for window in &all {
        let prior = match shipped {
            true => defaults(),
            false => prior(&all, |other| other != window.repository),
        };
        let own = |by: f64| learn(&window.taught, &prior, SHRINK * by);
        for ((name, known), weights) in means.iter_mut().zip([prior, own(0.25), own(1.0), own(4.0)])
        {
            let figures = judge(window, &weights, &[]);
            print(&format!("{} {name}", window.name), &figures);
            known.push(figures);
        }
    }
    for (name, figures) in &means {
        print(&format!("mean {name}"), &mean(figures));
    }
    if ablate {
        for (name, off) in GROUPS {
            let figures: Vec<[f64; 10]> = all
                .iter()
                .map(|window| {
                    let cut = |lessons: &[Lesson]| without(lessons, off);
                    let own = {
                        let others: Vec<Lesson> = all
                            .iter()
                            .filter(|other| other.repository != window.repository)
                            .flat_map(|other| cut(&other.taught))
                            .collect();
                        learn(
                            &cut(&window.taught),
                            &learn(&others, &[0.0; COUNT], SHRINK),
                            SHRINK,
                        )
                    };
                    judge(window, &own, off)
                })
                .collect();
            print(&format!("without {name}"), &mean(&figures));
        }
    }
    let weights = prior(&all, |_| true);
    for (signal, first, _) in ALL {
        println!(
            "    (S::{signal:?}, {first:?}, {:.3}),",
            weights[signal as usize]
        );
    }
}

fn without(lessons: &[Lesson], off: &[Signal]) -> Vec<Lesson> {
    let mut lessons = lessons.to_vec();
    for row in lessons.iter_mut().flat_map(|lesson| &mut lesson.rows) {
        off.iter().for_each(|signal| row[*signal as usize] = 0.0);
    }
    lessons
}

/// The weights that the windows of some repositories teach, each repository counting the same.
fn prior(all: &[Window], of: impl Fn(usize) -> bool) -> SignalWeights {
    let taught: Vec<Lesson> = all
        .iter()
        .filter(|window| of(window.repository))
        .flat_map(|window| window.taught.clone())
        .collect();
    learn(&taught, &[0.0; COUNT], SHRINK)
}

fn read(number: usize, repository: &Path, windows: &[usize]) -> Vec<Window> {
    let head = history::resolve(repository, "HEAD").unwrap();
    let line = history::first_parents(repository, &head, 100_000).unwrap();
    let past = history::read(repository, &head, "", 100_000).unwrap();
    let commits: HashMap<&str, &Commit> = past
        .commits
        .iter()
        .map(|one| (one.id.as_str(), one))
        .collect();
    let (mut found, mut until) = (Vec::new(), 0);
    for window in 0..=windows.iter().copied().max().unwrap_or(0) {
        let mut step = 32;
        let mut at = until;
        let mut asked = Vec::new();
        let mut files: HashMap<String, String> = HashMap::new();
        while asked.len() < COUNTED && at + 1 < line.len() {
            at = (at + step).min(line.len() - 1);
            step = if asked.len() > COUNTED / 2 { 8 } else { 32 };
            files = history::snapshot(repository, &line[at])
                .unwrap()
                .into_iter()
                .filter(|file| !file.is_link() && file.size.is_some_and(|size| size < 1 << 20))
                .map(|file| (file.path, file.id))
                .collect();
            let ids = history::since(repository, &line[until], &line[at]).unwrap();
            asked = ids
                .iter()
                .rev()
                .filter_map(|id| eligible(commits.get(id.as_str())?, &files))
                .take(COUNTED)
                .collect();
        }
        if asked.len() < COUNTED / 2 {
            break;
        }
        until = at;
        if !windows.contains(&window) {
            continue;
        }
        let started = Instant::now();
        let snapshot = &line[at];
        let mut files: Vec<(String, String)> = files.into_iter().collect();
        files.sort();
        let ids: Vec<&str> = files.iter().map(|(_, id)| id.as_str()).collect();
        let texts = history::contents(repository, &ids).unwrap();
        let bytes: usize = texts.iter().flatten().map(String::len).sum();
        let read = started.elapsed();
        let sheets = files
            .iter()
            .zip(&texts)
            .map(|((path, _), text)| (path.clone(), Sheet::of(path, text.as_deref())))
            .collect();
        let sheeted = started.elapsed() - read;
        let mut one = Window {
            repository: number,
            name: format!(
                "{}/{window}",
                repository
                    .parent()
                    .unwrap()
                    .file_name()
                    .unwrap()
                    .to_string_lossy()
            ),
            files: sheets,
            past: history::read(repository, snapshot, "", 100_000).unwrap(),
            asked,
            taught: Vec::new(),
        };
        let started = Instant::now();
        let corpus = one.corpus();
        let built = started.elapsed();
        one.taught = lessons(&corpus, &[]);
        let taught = started.elapsed() - built;
        let _ = learn(&one.taught, &[0.0; COUNT], SHRINK);
        println!(
            "{}: {} files, {:.1} MB, {} commits, {} asked, {} taught; terms {sheeted:.2?}, index {built:.2?}, lessons {taught:.2?}, learning {:.2?}",
            one.name,
            files.len(),
            bytes as f64 / 1e6,
            corpus.commits(),
            one.asked.len(),
            one.taught.len(),
            started.elapsed() - built - taught
        );
        found.push(one);
    }
    found
}

fn eligible(
    commit: &Commit,
    files: &HashMap<String, String>,
) -> Option<(String, String, BTreeSet<String>)> {
    let touched: BTreeSet<String> = commit
        .changes
        .iter()
        .map(|change| match &change.kind {
            ChangeKind::Renamed { from } => from,
            _ => &change.path,
        })
        .filter(|path| files.contains_key(*path))
        .cloned()
        .collect();
    let author = commit.author.to_lowercase();
    let robot = ["[bot]", "dependabot", "renovate"]
        .iter()
        .any(|name| author.contains(name));
    let subject = commit.message.to_lowercase();
    let release = [
        "release",
        "bump ",
        "chore: release",
        "chore: prepare",
        "prepare",
    ]
    .iter()
    .any(|start| subject.starts_with(start) || subject.contains(": prepare"));
    let records = touched
        .iter()
        .all(|path| path.ends_with(".lock") || path.to_lowercase().contains("changelog"));
    let kept = (2..=10).contains(&touched.len())
        && !robot
        && !release
        && !records
        && !subject.trim().is_empty();
    kept.then(|| {
        let named = |word: &str| {
            let end = format!("/{word}");
            word.contains('.')
                && files
                    .keys()
                    .any(|path| path.ends_with(&end) || path == word)
        };
        (
            commit.message.clone(),
            without_places(&commit.message, &named),
            touched,
        )
    })
}

/// R@5, R@10, R@20 of files, R@1 and R@3 of packages, in per cent: of whole messages, then without places.
fn judge(window: &Window, weights: &SignalWeights, off: &[Signal]) -> [f64; 10] {
    let options = Options {
        off: off.to_vec(),
        prior: Some(*weights),
        fixed: true,
    };
    let ranker = Ranker::new(window.corpus(), options);
    let mut figures = [0.0; 10];
    for (full, bare, touched) in &window.asked {
        for (base, text) in [(0, full), (5, bare)] {
            let ranking = ranker.rank(text);
            for (at, most) in [5, 10, 20].into_iter().enumerate() {
                let hits = ranking
                    .files
                    .iter()
                    .take(most)
                    .filter(|file| touched.contains(&file.path))
                    .count();
                figures[base + at] += hits as f64 / touched.len() as f64;
            }
            let packages: BTreeSet<&str> = touched
                .iter()
                .filter_map(|path| ranker.package(path))
                .collect();
            for (at, most) in [1, 3].into_iter().enumerate() {
                let hits = ranking
                    .packages
                    .iter()
                    .take(most)
                    .filter(|(name, _)| packages.contains(name.as_str()))
                    .count();
                figures[base + 3 + at] += hits as f64 / packages.len().max(1) as f64;
            }
        }
    }
    figures.map(|figure| 100.0 * figure / window.asked.len() as f64)
}

fn mean(all: &[[f64; 10]]) -> [f64; 10] {
    let mut mean = [0.0; 10];
    for figures in all {
        mean.iter_mut()
            .zip(figures)
            .for_each(|(sum, figure)| *sum += figure / all.len() as f64);
    }
    mean
}

fn print(name: &str, figures: &[f64; 10]) {
    print!("{name:32}");
    for (at, figure) in figures.iter().enumerate() {
        print!("{}{figure:5.1}", if at == 5 { " | " } else { " " });
    }
    println!();
}

//! Measurements of poag (work in progress): signals of candidates for real requests, as JSON lines.
use poag::history;
use poag::librarian::rank::{Corpus, Options, Ranker, Sheet, lessons};
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;

#[derive(Deserialize, Clone)]
struct Case {
    id: String,
    repo: String,
    commit: String,
    kind: String,
    text: String,
    files: Vec<String>,
    packages: Vec<String>,
}

fn main() {
    let mut args = std::env::args().skip(1);
    let cases = args.next().unwrap();
    let mirror = PathBuf::from(args.next().unwrap());
    let out = PathBuf::from(args.next().unwrap());
    let with_lessons = args.next().is_some();
    let text = std::fs::read_to_string(cases).unwrap();
    let cases: Vec<Case> = text
        .lines()
        .filter(|l| !l.trim().is_empty())
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let mut groups: BTreeMap<(String, String), Vec<Case>> = BTreeMap::new();
    for case in cases.into_iter().filter(|c| c.kind == "change") {
        groups
            .entry((case.repo.clone(), case.commit.clone()))
            .or_default()
            .push(case);
    }
    let mut out = std::io::BufWriter::new(std::fs::File::create(out).unwrap());
    for ((repo, commit), cases) in groups {
        let dir = mirror.join(repo.replace('/', "+")).join("repo");
        let mut files: Vec<_> = history::snapshot(&dir, &commit)
            .unwrap()
            .into_iter()
            .filter(|file| !file.is_link() && file.size.is_some_and(|size| size < 1 << 20))
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let ids: Vec<&str> = files.iter().map(|f| f.id.as_str()).collect();
        let texts = history::contents(&dir, &ids).unwrap();
        let sheets = files
            .iter()
            .zip(&texts)
            .map(|(f, t)| (f.path.clone(), Sheet::of(&f.path, t.as_deref())))
            .collect();
        let past = history::read(&dir, &commit, "", 50_000).unwrap();
        let packages: BTreeSet<String> = cases[0].packages.iter().cloned().collect();
        let package = move |path: &str| -> String {
            let mut at = path;
            while let Some((folder, _)) = at.rsplit_once('/') {
                if packages.contains(folder) {
                    return folder.to_owned();
                }
                at = folder;
            }
            String::new()
        };
        let corpus = Corpus::new(sheets, &past, "", Some(&package));
        let taught = if with_lessons {
            lessons(&corpus, &[])
        } else {
            Vec::new()
        };
        let ranker = Ranker::new(corpus, Options::default());
        for case in cases {
            let t = std::time::Instant::now();
            let (rows, paths, scores, commits) = ranker.candidates_for(&case.text);
            let changed: Vec<bool> = paths.iter().map(|p| case.files.contains(p)).collect();
            let line = json!({"id": case.id, "repo": repo, "kind": "case", "rows": rows, "paths": paths, "scores": scores, "changed": changed, "true": case.files, "commits": commits});
            writeln!(out, "{line}").unwrap();
            eprintln!(
                "{} {:.2?} {} candidates, {} of {} among",
                case.id,
                t.elapsed(),
                paths.len(),
                changed.iter().filter(|c| **c).count(),
                case.files.len()
            );
        }
        let weights = ranker.weights();
        for lesson in taught {
            let scores: Vec<f64> = lesson
                .rows
                .iter()
                .map(|r| r.iter().zip(&weights).map(|(a, b)| f64::from(*a) * b).sum())
                .collect();
            let rows: Vec<Vec<f32>> = lesson.rows.iter().map(|r| r.to_vec()).collect();
            let line = json!({"repo": repo, "kind": "lesson", "rows": rows, "scores": scores, "changed": lesson.changed});
            writeln!(out, "{line}").unwrap();
        }
    }
}

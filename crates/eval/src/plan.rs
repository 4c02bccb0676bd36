//! What plans name, beside what was changed.

use std::path::{Path, PathBuf};

use poag_librarian::decide;
use poag_librarian::text::request::RequestText;

use crate::cases::{EvalError, judge, means, ranker, read};

/// Constant cuts of the ranking that are compared.
const CUTS: usize = 10;

/// Prints a table of the cases and the means.
pub fn run(cases: &[PathBuf], mirror: &Path) -> Result<(), EvalError> {
    let mut all = Vec::new();
    let mut cuts = vec![Vec::new(); CUTS];
    let mut files = 0;
    println!("| case | changed | right | wrong | missed |\n|---|---|---|---|---|");
    for ((repo, commit), cases) in read(cases, "change")? {
        let ranker = ranker(mirror, &repo, &commit)?;
        for case in cases {
            let decided = decide(&ranker, &RequestText::of(&case.text), &case.text).files;
            let change = decided.into_iter().filter(|file| file.change);
            let named: Vec<String> = change.map(|file| file.path).collect();
            let ranked: Vec<String> = ranker
                .rank(&case.text)
                .files
                .into_iter()
                .take(CUTS)
                .map(|file| file.path)
                .collect();
            for (at, cut) in cuts.iter_mut().enumerate() {
                cut.push(judge(&case, &ranked[..(at + 1).min(ranked.len())]));
            }
            let right = named
                .iter()
                .filter(|path| case.files.contains(*path))
                .count();
            println!(
                "| {} | {} | {right} | {} | {} |",
                case.id,
                case.files.len(),
                named.len() - right,
                case.files.len() - right
            );
            files += named.len();
            all.push(judge(&case, &named));
        }
    }
    let [precision, recall, f1] = means(&all);
    let best = cuts.iter().map(|cut| means(cut)[2]).enumerate();
    let (cut, best) = best.fold(
        (0, 0.0),
        |best, cut| if cut.1 > best.1 { cut } else { best },
    );
    println!(
        "\n{} changes: precision {precision:.1}, recall {recall:.1}, F1 {f1:.1}, {:.1} files named; the ranking cut at {}: F1 {best:.1}",
        all.len(),
        files as f64 / all.len() as f64,
        cut + 1
    );
    Ok(())
}

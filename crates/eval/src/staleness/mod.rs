//! `poag-eval staleness`: of how many experts a commit makes the knowledge stale.

mod packs;
mod uses;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::BenchError;
use super::experts::Packages;
use super::tell;
use super::workplace::{Desk, TemporaryFolder};
use poag_git::history::{self, ChangeKind};

/// Measures how many experts each of the last commits made stale: those whose pack it changed
///
/// Beside it stands what else one could go by: the whole repository, an expert's own files, and those of the packages it
/// depends on directly.
#[derive(Args, Debug)]
pub struct Staleness {
    /// A git repository, or a bare clone; nothing is checked out
    #[arg(long, value_name = "PATH", default_value = ".")]
    repo: PathBuf,
    /// Folders that are experts, such as 'crates/*'; may be repeated [default: those with a flake.nix, else those with a
    /// manifest]
    #[arg(long, value_name = "GLOB")]
    experts: Vec<String>,
    /// How many commits, merges left out
    #[arg(long, value_name = "N", default_value_t = 500)]
    commits: usize,
    /// The newest of them
    #[arg(long, value_name = "REVISION", default_value = "HEAD")]
    until: String,
    /// Budget of a pack in tokens
    #[arg(long, value_name = "TOKENS", default_value_t = 24_000)]
    budget: usize,
    /// For a script: exact figures
    #[arg(long)]
    json: bool,
}

/// What was found; shares in percent of all experts, means over the commits.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StalenessReport {
    schema_version: u32,
    head: String,
    commits: usize,
    experts: usize,
    experts_by: String,
    budget: usize,
    whole_repository: f64,
    own_files: f64,
    pack: f64,
    /// None where no manifest tells of a dependency between packages.
    #[serde(skip_serializing_if = "Option::is_none")]
    own_files_and_direct_dependents: Option<f64>,
    /// Packs that were built, each once for each state of a folder.
    packs_built: usize,
}

/// Runs the verb.
pub async fn run(args: Staleness, quiet: bool) -> Result<(), BenchError> {
    let place = TemporaryFolder::new()?;
    let desk = place.desk();
    let json = args.json;
    let work = tokio::task::spawn_blocking(move || measure(&args, quiet, &desk));
    let report = match work.await {
        Ok(report) => report?,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    };
    if json {
        let text = serde_json::to_string_pretty(&report)?;
        println!("{text}");
    } else {
        print!("{}", table(&report));
    }
    Ok(())
}

/// Experts that one commit touches, by number, each with its folder's trees before and after.
type Touched = BTreeMap<usize, (Option<String>, Option<String>)>;

fn measure(args: &Staleness, quiet: bool, desk: &Desk) -> Result<StalenessReport, BenchError> {
    let past = history::read(&args.repo, &args.until, "", args.commits)?;
    let files = history::names(&args.repo, &past.head)?;
    let packages = Packages::of(files.iter().map(String::as_str), &args.experts)?;
    let experts = packages.folders.len() - 1;
    if past.commits.is_empty() || experts == 0 {
        return Err(BenchError::NothingToReplay {
            looked_at: past.commits.len(),
        });
    }
    let mut touched: Vec<Touched> = Vec::new();
    for commit in &past.commits {
        let names = commit.changes.iter().flat_map(|change| {
            let from = match &change.kind {
                ChangeKind::Renamed { from } => Some(from),
                ChangeKind::Added | ChangeKind::Modified | ChangeKind::Deleted => None,
            };
            std::iter::once(&change.path).chain(from)
        });
        let numbers = names
            .map(|path| packages.holding(path))
            .filter(|at| *at > 0);
        touched.push(numbers.map(|at| (at, (None, None))).collect());
    }
    let mut asked = Vec::new();
    for (commit, experts) in past.commits.iter().zip(&touched) {
        for at in experts.keys() {
            let folder = &packages.folders[*at];
            asked.push(format!("{}^:{folder}", commit.id));
            asked.push(format!("{}:{folder}", commit.id));
        }
    }
    let mut trees = history::trees(&args.repo, &asked)?.into_iter();
    for experts in &mut touched {
        for states in experts.values_mut() {
            *states = (trees.next().flatten(), trees.next().flatten());
        }
    }
    let mut states: BTreeSet<(usize, &str)> = BTreeSet::new();
    for experts in &touched {
        for (at, (before, after)) in experts {
            states.extend(
                [before, after]
                    .into_iter()
                    .flatten()
                    .map(|tree| (*at, tree.as_str())),
            );
        }
    }
    tell(quiet, &format!("building {} packs …", states.len()));
    let digests = packs::digests(&args.repo, &packages, &states, args.budget, desk)?;
    let digest = |at: usize, tree: &Option<String>| {
        let tree = tree.as_ref()?;
        digests.get(&(at, tree.as_str())).copied()
    };
    let changed = |experts: &Touched| {
        let differ = |(at, (before, after)): &(&usize, &(Option<String>, Option<String>))| {
            digest(**at, before) != digest(**at, after)
        };
        experts.iter().filter(differ).count()
    };
    let uses = uses::dependents(&args.repo, &past.head, &packages)?;
    let with_dependents = |touched: &Touched| {
        let behind = touched.keys().flat_map(|at| uses.get(at)).flatten();
        touched.keys().chain(behind).collect::<BTreeSet<_>>().len()
    };
    let share = |count: &dyn Fn(&Touched) -> usize| {
        let sum: usize = touched.iter().map(count).sum();
        let share = sum as f64 / (touched.len() * experts) as f64;
        (share * 10_000.0).round() / 100.0
    };
    Ok(StalenessReport {
        schema_version: 1,
        head: past.head,
        commits: touched.len(),
        experts,
        experts_by: packages.by.clone(),
        budget: args.budget,
        whole_repository: 100.0,
        own_files: share(&|touched| touched.len()),
        pack: share(&|touched| changed(touched)),
        own_files_and_direct_dependents: (!uses.is_empty()).then(|| share(&with_dependents)),
        packs_built: states.len(),
    })
}

fn table(report: &StalenessReport) -> String {
    let StalenessReport {
        commits,
        experts,
        experts_by,
        budget,
        whole_repository,
        own_files,
        pack,
        own_files_and_direct_dependents,
        ..
    } = report;
    let head = &report.head[..report.head.len().min(12)];
    let title = format!("staleness over the last {commits} commits up to {head}");
    let mut rows = vec![
        ("the whole repository", *whole_repository),
        ("own files", *own_files),
        ("the pack", *pack),
    ];
    if let Some(share) = own_files_and_direct_dependents {
        rows.push(("own files and those of direct dependencies", *share));
    }
    let mut out = format!("{}\n{experts} experts: {experts_by}\n\n", title);
    for (name, share) in rows {
        out.push_str(&format!("{name:44} {share:>6.2} %\n"));
    }
    out.push_str(&format!(
        "\nmean share of the experts for whom what is named changed; merges left out; packs of {budget} tokens at most, without contracts, which a folder does not declare\n"
    ));
    out
}

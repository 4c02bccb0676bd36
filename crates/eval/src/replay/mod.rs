//! `poag-eval replay`: the past of a repository asked again, and what is found of what was touched then.

mod choose;
mod eligible;
mod measure;
mod message;
mod method;
mod questions;
mod report;
mod snapshot;
mod table;
mod terms;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::workplace::{Desk, TemporaryFolder};
use super::{BenchError, tell};
use eligible::{Excluded, Whose};
use measure::{AskedQuestion, FoundFiles, ask, figures};
use method::{METHODS, Method};
use report::{Base, CAVEATS, LeftOutCommits, MethodRow, One, ReplayReport};
use snapshot::Snapshot;

/// Replays a repository's own commits: which files does a search find for a message, of those that the commit touched?
///
/// The tree is searched as it was before those commits. A commit is asked about when it touches 2 to 10 text files of
/// that tree and was not made by a program, for a release, or for lock files and change logs only.
#[derive(Args, Debug)]
pub struct Replay {
    /// A git repository, or a bare clone; nothing is checked out. May be repeated
    #[arg(long, value_name = "PATH", default_value = ".")]
    repo: Vec<PathBuf>,
    /// Folders that are experts, such as 'crates/*'; may be repeated [default: those with a flake.nix, else those with a
    /// manifest]
    #[arg(long, value_name = "GLOB")]
    experts: Vec<String>,
    /// How many commits
    #[arg(
        long,
        value_name = "N",
        default_value_t = 200,
        conflicts_with = "questions"
    )]
    commits: usize,
    /// The newest commit to replay
    #[arg(
        long,
        value_name = "REVISION",
        default_value = "HEAD",
        conflicts_with = "questions"
    )]
    until: String,
    /// Leave no commit out for its author, or for being a release or lock files and change logs only
    #[arg(long, conflicts_with = "questions")]
    every_commit: bool,
    /// Ask the questions of this file instead: JSON lines with id, text, files, base and url
    #[arg(long, value_name = "FILE")]
    questions: Option<PathBuf>,
    /// Only the questions whose `set` this is, such as tuning or judging
    #[arg(long, value_name = "NAME", requires = "questions")]
    set: Option<String>,
    /// Which searches [default: all but ask, the order of files in `poag ask`]
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = PossibleValuesParser::new(METHODS.map(|(name, _)| name)))]
    methods: Vec<String>,
    /// poag (and ask) again without each of its signals
    #[arg(long)]
    ablate: bool,
    /// Of everything random
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// For a script: exact figures
    #[arg(long)]
    json: bool,
    /// With --json: also every question, and where its files were found
    #[arg(long, requires = "json")]
    each: bool,
}

/// Runs the verb.
pub async fn run(args: Replay, quiet: bool) -> Result<(), BenchError> {
    // Dropped on Ctrl-C as well: the folder goes before the process does.
    let place = TemporaryFolder::new()?;
    let desk = place.desk();
    let json = args.json;
    let work = tokio::task::spawn_blocking(move || replay(&args, quiet, &desk));
    let report = match work.await {
        Ok(report) => report?,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    };
    if json {
        let text = serde_json::to_string_pretty(&report)?;
        println!("{text}");
    } else {
        print!("{}", table::text(&report));
    }
    Ok(())
}

/// Questions of one base commit.
struct Round {
    repository: PathBuf,
    commit: String,
    rows: Vec<(String, String, BTreeSet<String>)>,
}

/// Of one method: what each question found, with the whole text and without scopes.
#[derive(Default)]
struct MethodTally {
    about: String,
    full: Vec<FoundFiles>,
    no_scope: Vec<FoundFiles>,
}

fn replay(args: &Replay, quiet: bool, desk: &Desk) -> Result<ReplayReport, BenchError> {
    let started = Instant::now();
    let (rounds, mut left_out) = rounds(args)?;
    tell(
        quiet,
        &format!(
            "chose the questions in {} ms",
            started.elapsed().as_millis()
        ),
    );
    let mut tallies: Vec<((String, Option<String>), MethodTally)> = Vec::new();
    let mut snapshots = Vec::new();
    let mut each = Vec::new();
    for (number, round) in rounds.iter().enumerate() {
        desk.going_on()?;
        let started = Instant::now();
        let room = desk.room(&number.to_string());
        let snapshot = Snapshot::read(&round.repository, &round.commit, &args.experts, &room)?;
        let mut asked = Vec::new();
        let names = message::Names::of(snapshot.files.iter().map(|file| file.path.as_str()));
        for (id, text, files) in &round.rows {
            let numbers = files.iter().filter_map(|path| snapshot.number(path));
            let relevant: Vec<usize> = numbers.collect();
            if relevant.is_empty() {
                if let LeftOutCommits::Questions { without_files, .. } = &mut left_out {
                    *without_files += 1;
                }
                continue;
            }
            let full = message::full(text);
            let no_scope = message::without_scope(&full, &names);
            asked.push((id, relevant, full, no_scope));
        }
        tell(
            quiet,
            &format!(
                "snapshot {}: {} files read in {} ms",
                &round.commit[..round.commit.len().min(12)],
                snapshot.files.len(),
                started.elapsed().as_millis()
            ),
        );
        let question = |text: &String, relevant: &Vec<usize>| AskedQuestion {
            text: text.clone(),
            relevant: relevant.clone(),
        };
        let full: Vec<AskedQuestion> = asked.iter().map(|it| question(&it.2, &it.1)).collect();
        let no_scope: Vec<AskedQuestion> = asked.iter().map(|it| question(&it.3, &it.1)).collect();
        let mut places: Vec<BTreeMap<String, [Vec<usize>; 2]>> = vec![BTreeMap::new(); asked.len()];
        for (name, prepare) in chosen(args) {
            desk.going_on()?;
            let started = Instant::now();
            let method = prepare(&snapshot, args.seed)?;
            let prepared = started.elapsed();
            for without in variants(args, name, &*method) {
                let started = Instant::now();
                let found = [
                    ask(&*method, &snapshot, &full, without)?,
                    ask(&*method, &snapshot, &no_scope, without)?,
                ];
                let asked = (full.len() + no_scope.len()).max(1);
                tell(
                    quiet,
                    &format!(
                        "{name}{}: prepared in {} ms, {:.1} ms a question (both processors at work)",
                        without.map_or_else(String::new, |signal| format!(" without {signal}")),
                        prepared.as_millis(),
                        started.elapsed().as_secs_f64() * 1000.0 / asked as f64
                    ),
                );
                if args.each && without.is_none() {
                    for (at, place) in places.iter_mut().enumerate() {
                        let told = |found: &FoundFiles| {
                            found
                                .places
                                .iter()
                                .map(|it| it.unwrap_or_default())
                                .collect()
                        };
                        place.insert(name.into(), [told(&found[0][at]), told(&found[1][at])]);
                    }
                }
                let key = (name.to_owned(), without.map(str::to_owned));
                let at = tallies.iter().position(|(it, _)| *it == key);
                let at = at.unwrap_or_else(|| {
                    tallies.push((key, MethodTally::default()));
                    tallies.len() - 1
                });
                let tally = &mut tallies[at].1;
                let [whole, stripped] = found;
                tally.about = method.about();
                tally.full.extend(whole);
                tally.no_scope.extend(stripped);
            }
        }
        // Where the past is asked again, it is part of what is told.
        let past = match &args.questions {
            None => Some(snapshot.past()),
            Some(_) => snapshot.known_past(),
        };
        snapshots.push(Base {
            commit: snapshot.commit.clone(),
            files: snapshot.files.len(),
            bytes: snapshot.bytes(),
            packages: snapshot.packages.folders.len(),
            packages_by: snapshot.packages.by.clone(),
            past: past.map(|past| past.commits.len()),
            past_note: past.and_then(|past| past.note.clone()),
            questions: asked.len(),
        });
        if args.each {
            each.extend(asked.iter().zip(places).map(|(it, places)| {
                One {
                    id: it.0.clone(),
                    no_scope: it.3.clone(),
                    files: it
                        .1
                        .iter()
                        .map(|at| snapshot.files[*at].path.clone())
                        .collect(),
                    places,
                }
            }));
        }
    }
    let methods = tallies
        .into_iter()
        .map(|((method, without), tally)| MethodRow {
            method,
            without,
            about: tally.about,
            full: figures(&tally.full, args.seed),
            no_scope: figures(&tally.no_scope, args.seed),
        });
    let methods: Vec<MethodRow> = methods.collect();
    Ok(ReplayReport {
        schema_version: 1,
        asked: if args.questions.is_some() {
            "questions"
        } else {
            "commits"
        },
        snapshots,
        left_out,
        seed: args.seed,
        protocol: protocol(args, &methods),
        caveats: CAVEATS,
        methods,
        each,
    })
}

fn rounds(args: &Replay) -> Result<(Vec<Round>, LeftOutCommits), BenchError> {
    match &args.questions {
        Some(file) => kept_questions(args, file),
        None => commits(args),
    }
}

/// The commits of each repository, all asked of one snapshot.
fn commits(args: &Replay) -> Result<(Vec<Round>, LeftOutCommits), BenchError> {
    let mut rounds = Vec::new();
    let mut excluded = Excluded::default();
    let whose = match args.every_commit {
        true => Whose::All,
        false => Whose::Peoples,
    };
    for repository in &args.repo {
        let chosen = choose::Choice::read(repository, &args.until, args.commits, whose)?;
        let chosen = chosen.choose(args.commits)?;
        excluded.add(chosen.excluded);
        let rows = chosen.commits.into_iter();
        rounds.push(Round {
            repository: repository.clone(),
            commit: chosen.snapshot,
            rows: rows
                .map(|(commit, files)| (commit.id, commit.message, files))
                .collect(),
        });
    }
    Ok((rounds, LeftOutCommits::Commits(excluded)))
}

/// The questions of a file, those of one base commit together.
fn kept_questions(args: &Replay, file: &Path) -> Result<(Vec<Round>, LeftOutCommits), BenchError> {
    let mut all = questions::read(file)?;
    let count = all.len();
    if let Some(set) = &args.set {
        all.retain(|question| question.set.as_ref() == Some(set));
    }
    let other_set = count - all.len();
    let mut rounds: BTreeMap<(PathBuf, String), Round> = BTreeMap::new();
    for repository in &args.repo {
        let (here, elsewhere) = questions::held(all, repository)?;
        all = elsewhere;
        for question in here {
            let key = (repository.clone(), question.base.clone());
            let round = rounds.entry(key).or_insert_with(|| Round {
                repository: repository.clone(),
                commit: question.base,
                rows: Vec::new(),
            });
            round
                .rows
                .push((question.id, question.text, question.files));
        }
    }
    if rounds.is_empty() {
        return Err(BenchError::NoQuestion {
            path: file.to_owned(),
            count,
        });
    }
    let left_out = LeftOutCommits::Questions {
        other_set,
        elsewhere: all.len(),
        without_files: 0,
    };
    Ok((rounds.into_values().collect(), left_out))
}

fn chosen(args: &Replay) -> impl Iterator<Item = (&'static str, method::Prepare)> {
    let wanted = |name: &str| match args.methods.is_empty() {
        true => name != method::ASK,
        false => args.methods.iter().any(|it| it == name),
    };
    METHODS.into_iter().filter(move |(name, _)| wanted(name))
}

fn variants(args: &Replay, name: &str, method: &dyn Method) -> Vec<Option<&'static str>> {
    let mut all = vec![None];
    if args.ablate && [method::POAG, method::ASK].contains(&name) {
        all.extend(method.signals().iter().copied().map(Some));
    }
    all
}

fn protocol(args: &Replay, methods: &[MethodRow]) -> Vec<String> {
    let mut all = Vec::new();
    if args.questions.is_none() {
        all.push("snapshot: the newest commit on the line of first parents that enough eligible commits do not belong to; they are those nearest to it in topological order, merges left out".to_owned());
    }
    all.push("R@k: share of the touched text files of the snapshot among the first k; pkg@k: the same of their packages; in 8k, in 32k: share that fits when whole files fill that many tokens (o200k) in order, a file larger than what is left being passed by; means over all, in percent".to_owned());
    all.push("the past that a method knows ends with the snapshot; the interval is a bootstrap over questions".to_owned());
    for row in methods.iter().filter(|row| row.without.is_none()) {
        all.push(format!("{}: {}", row.method, row.about));
    }
    all
}

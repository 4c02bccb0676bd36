//! `poag runs`: which runs there are, and what becomes of old ones; `poag run`: one of them.

mod debate;
mod one;
mod prune;
mod remote;
mod show;
pub(crate) mod told;
mod turn;

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use poag_core::work::grade::PlanGrade;
use serde::Serialize;

use super::context::{engine, target};
use super::global::Global;
use super::remote::{Remote, not_routed};
use super::style;
use crate::engine::{EngineError, RunLedger, RunState, RunSummary};
use crate::error::{Error, exit};
use crate::terminal;

/// The word for the latest run of the flake here.
pub(super) const LAST: &str = "last";

pub use one::{RunArgs, run as run_one};

/// Lists the runs of this flake, newest first, or removes old ones
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct RunsArgs {
    #[command(subcommand)]
    verb: Option<RunsVerb>,
    /// Runs of every flake on this machine
    #[arg(long)]
    all: bool,
    /// At most so many
    #[arg(long, short = 'n', value_name = "N")]
    limit: Option<u32>,
    /// For a script
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum RunsVerb {
    Prune(prune::PruneArgs),
}

/// Runs the verb.
pub async fn run(args: RunsArgs, global: Global) -> Result<u8, Error> {
    if let Some(RunsVerb::Prune(args)) = args.verb {
        not_routed(&global, "`poag runs prune`")?;
        return prune::run(&args, &engine(&global)?.runs()?);
    }
    let (flake, rows, grades) = listed(&args, &global).await?;
    if rows.is_empty() && !args.json {
        let of = flake.map_or_else(String::new, |flake| format!(" of {flake}"));
        terminal::note(&format!(
            "nothing was asked{of} yet; `poag runs --all` lists those of every flake"
        ));
        return Ok(exit::NOTHING_FOUND);
    }
    let rows: Vec<RunRow<'_>> = rows
        .iter()
        .map(|run| RunRow {
            run,
            grade: grades.get(&run.run.id),
        })
        .collect();
    match args.json {
        true => say_json(&rows),
        false => say(&table(&rows, flake.is_none())),
    }
}

/// The flake that is meant, its runs, and how right the plan of a run was.
type Listed = (Option<String>, Vec<RunSummary>, BTreeMap<String, PlanGrade>);

/// What is listed.
async fn listed(args: &RunsArgs, global: &Global) -> Result<Listed, Error> {
    if let Some(remote) = Remote::of(global).await? {
        let flake = match args.all {
            true => None,
            false => remote.here(global, None)?,
        };
        let rows = remote.runs(flake, args.limit).await?;
        // A server tells no grades.
        let flake = flake.map(|flake| flake.flake.clone());
        return Ok((flake, rows, BTreeMap::new()));
    }
    let flake = match args.all {
        true => None,
        false => here(global)?,
    };
    let engine = engine(global)?;
    let rows = engine.runs()?.list(flake.as_deref(), args.limit)?;
    let graded = engine.plan_grades(flake.as_deref())?;
    // Of a plan that was carried out twice, the newest work counts.
    let grades = graded.into_iter().rev().map(|one| (one.run, one.grade));
    Ok((flake, rows, grades.collect()))
}

/// A run, and how right its plan was where it was carried out.
#[derive(Serialize)]
struct RunRow<'a> {
    #[serde(flatten)]
    run: &'a RunSummary,
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<&'a PlanGrade>,
}

/// A grade in a few words; empty for none.
fn graded(grade: Option<&PlanGrade>) -> String {
    let Some(PlanGrade {
        hit,
        unneeded,
        missed,
    }) = grade
    else {
        return String::new();
    };
    let named = hit.len() + unneeded.len();
    let mut words = format!("[{} of {named} files named changed", hit.len());
    if !missed.is_empty() {
        words.push_str(&format!(", {} not named", missed.len()));
    }
    words + "] "
}

/// The flake that is meant, as runs are found by; none where there is none here and none was named.
fn here(global: &Global) -> Result<Option<String>, Error> {
    match target(&engine(global)?, global, None) {
        Ok(target) => Ok(Some(target.flake.to_string())),
        Err(Error::Engine(EngineError::FlakeRef(_))) if global.flake.is_none() => Ok(None),
        Err(error) => Err(error),
    }
}

fn words(state: RunState) -> &'static str {
    match state {
        RunState::Finished => "finished",
        RunState::Interrupted => "interrupted",
        RunState::UnderWay => "under way",
    }
}

fn table(rows: &[RunRow<'_>], flakes: bool) -> String {
    let ids: Vec<&str> = rows.iter().map(|row| row.run.run.id.as_str()).collect();
    let short = distinct(&ids);
    let lines = rows.iter().map(|RunRow { run: row, grade }| {
        let id = row.run.id.get(..short).unwrap_or(&row.run.id);
        let state = words(row.state);
        let mut rest = graded(*grade);
        rest.push_str(row.request.as_deref().unwrap_or_default());
        if let Some(holder) = &row.holder {
            rest = format!("({holder}) {rest}");
        }
        if flakes {
            rest = format!("{rest}  {}", row.run.flake);
        }
        let cells = vec![
            style::bold(id),
            style::dim(told::time(row.run.created)),
            match row.state {
                RunState::Finished => state.to_owned(),
                _ => style::warn(state),
            },
            row.root.clone().unwrap_or_else(|| "?".into()),
        ];
        (cells, rest)
    });
    style::table_within(told::width(), lines.collect())
}

/// How many characters of these ids tell each from all others; never fewer than eight.
fn distinct(ids: &[&str]) -> usize {
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    let same = |one: &str, other: &str| {
        let pairs = one.bytes().zip(other.bytes());
        pairs.take_while(|(one, other)| one == other).count()
    };
    let pairs = sorted.iter().zip(sorted.iter().skip(1));
    pairs
        .map(|(one, other)| same(one, other) + 1)
        .max()
        .unwrap_or(0)
        .max(8)
}

/// The run that a word names: its id, a beginning of it that no other has, or `last`.
pub(super) fn find(runs: &RunLedger, word: &str, global: &Global) -> Result<String, Error> {
    Ok(match word {
        LAST => runs.latest(here(global)?.as_deref())?,
        word => runs.find(word)?,
    })
}

/// Puts a document on standard output.
fn say_json(value: &impl Serialize) -> Result<u8, Error> {
    let text = serde_json::to_string_pretty(value).map_err(std::io::Error::from)?;
    terminal::json((text + "\n").as_bytes())?;
    Ok(exit::OK)
}

/// Puts a text on standard output.
fn say(text: &str) -> Result<u8, Error> {
    terminal::people(text)?;
    Ok(exit::OK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_shown_as_long_as_it_takes_to_tell_them_apart() {
        assert_eq!(distinct(&["0123456789a", "0123456789b", "x"]), 11);
        assert_eq!(distinct(&["01", "1"]), 8);
        assert_eq!(distinct(&[]), 8);
    }
}

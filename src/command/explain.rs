//! `poag explain`: why an expert is stale and how its backend came to know its flake, or why it was asked
//! in a run.

use std::fmt::Write as _;

use clap::Args;

use super::checkpoints::in_words;
use super::context::{engine, target};
use super::global::Global;
use super::runs::{LAST, find};
use super::style;
use crate::error::{Error, exit};
use crate::expert::{Expert, Graph, Status};
use crate::plan::Plan;
use crate::terminal;

/// Tells why an expert is stale and how its backend came to know its flake, or with --run why it was asked
#[derive(Args, Debug)]
pub struct Explain {
    /// The expert [default: the flake's own]
    #[arg(value_name = "EXPERT")]
    expert: Option<String>,
    /// Explain its part in a run: the latest of this flake, or the one named by the beginning of its id
    #[arg(long, value_name = "RUN", num_args = 0..=1, default_missing_value = LAST)]
    run: Option<String>,
}

const CACHED: &str = "\nNix was not asked: nothing that the graph depends on changed since it evaluated it (--no-cache asks again)\n";

/// Runs the verb.
pub async fn run(args: Explain, global: Global) -> Result<u8, Error> {
    let engine = engine(&global)?;
    let target = target(&engine, &global, None)?;
    let text = match &args.run {
        Some(run) => {
            let runs = engine.runs()?;
            let (run, expert) = named(run, args.expert.as_deref(), |word| {
                find(&runs, word, &global)
            })?;
            let flake = target.flake.to_string();
            let found = engine.part_in_run(&flake, Some(&run), expert)?;
            part(&found.plan, &found.expert)
        }
        None => {
            let project = engine.open(&target).await?;
            let expert = project.expert(args.expert.as_deref())?;
            let latest = project.latest_checkpoint(expert)?;
            let knows = latest.map(|latest| in_words(&latest)).unwrap_or_default();
            let origin = if project.cached { CACHED } else { "" };
            freshness(&project.graph, expert) + &knows + origin
        }
    };
    terminal::people(&text)?;
    Ok(exit::OK)
}

/// The run and the expert that are meant. `--run EXPERT` names the expert alone: ids begin with a digit, and names do not.
fn named<'w>(
    run: &'w str,
    expert: Option<&'w str>,
    find: impl Fn(&str) -> Result<String, Error>,
) -> Result<(String, Option<&'w str>), Error> {
    let is_id = run == LAST || run.starts_with(|first: char| first.is_ascii_digit());
    match expert {
        None if !is_id => Ok((find(LAST)?, Some(run))),
        expert => Ok((find(run)?, expert)),
    }
}

pub(super) fn freshness(graph: &Graph, expert: &Expert) -> String {
    let name = style::bold(&expert.name);
    let freshness = &expert.freshness;
    if freshness.status == Status::Fresh {
        return format!(
            "{name} is fresh: its files, its declaration and its neighbours' contracts are those in poag.lock\n"
        );
    }
    let mut out = format!("{}\n", freshness.message.trim_end());
    for change in &freshness.contracts {
        let contract = graph
            .expert(&change.neighbor)
            .and_then(|provider| provider.provides.get(&change.contract));
        let edge = expert.neighbors.get(&change.neighbor);
        let need = edge.and_then(|edge| edge.needs.get(&change.contract));
        let _ = writeln!(
            out,
            "\n{} → {} ({})",
            change.neighbor,
            style::bold(&change.contract),
            change.change
        );
        if let Some(need) = need {
            let _ = writeln!(out, "  {} needs it: {need}", expert.name);
        }
        if let Some(contract) = contract {
            let _ = writeln!(
                out,
                "  {} now promises: {}",
                change.neighbor, contract.summary
            );
            let _ = writeln!(
                out,
                "  in: {}",
                crate::name::all(&contract.files).join(", ")
            );
        }
    }
    out
}

/// What one expert was asked, said and thought in a council.
fn part(plan: &Plan, name: &str) -> String {
    let council = &plan.council;
    let mut out = format!("run {}: {}\n", council.id, plan.request);
    if name == council.root {
        let _ = writeln!(out, "{} was asked by you", style::bold(name));
    }
    let asked: Vec<_> = council
        .asked
        .iter()
        .filter(|question| question.to == name)
        .collect();
    for question in &asked {
        let _ = writeln!(
            out,
            "{} was asked by {}, because {}",
            style::bold(name),
            question.from,
            question.reason
        );
        let _ = writeln!(out, "  {}", question.text);
        if let Some(why) = &question.why_not {
            let _ = writeln!(out, "  it did not answer: {why}");
        }
    }
    if name != council.root && asked.is_empty() {
        let _ = writeln!(out, "{} was not asked", style::bold(name));
    }
    for question in council
        .asked
        .iter()
        .filter(|question| question.from == name)
    {
        let _ = writeln!(out, "it asked {}, because {}", question.to, question.reason);
    }
    for opinion in council
        .verdicts
        .iter()
        .filter(|opinion| opinion.expert == name)
    {
        let verdict = format!("{:?}", opinion.verdict).to_lowercase();
        let _ = writeln!(out, "its verdict: {verdict} {}", opinion.reason);
    }
    for failing in council
        .failures
        .iter()
        .filter(|failing| failing.expert == name)
    {
        let _ = writeln!(out, "turn {} failed: {}", failing.turn, failing.reason);
    }
    for note in council
        .notes
        .iter()
        .filter(|note| note.expert.as_deref() == Some(name))
    {
        let _ = writeln!(out, "it notes: {}", note.text);
    }
    for (path, what) in plan.subflakes.get(name).into_iter().flatten() {
        let _ = writeln!(out, "  {path}: {what}");
    }
    out
}

//! Tasks from a plan: one for each flake of this repository that changes, each after those of its providers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Task, TaskId};
use crate::expert::{Expert, Graph};
use crate::name::shown;
use crate::plan::{Plan, is_read};

/// The tasks of a plan, providers before consumers. None where nothing of this repository changes.
#[must_use]
pub fn tasks(plan: &Plan, graph: &Graph) -> Vec<Task> {
    let changing: BTreeMap<&str, &BTreeMap<String, String>> = plan
        .subflakes
        .iter()
        .filter(|(name, hints)| {
            let local = graph.expert(name).is_some_and(Expert::is_local);
            local && hints.values().any(|hint| !is_read(hint))
        })
        .map(|(name, hints)| (name.as_str(), hints))
        .collect();
    let names: BTreeSet<&str> = changing.keys().copied().collect();
    graph
        .providers_first()
        .into_iter()
        .filter_map(|expert| {
            let hints = changing.get(expert.name.as_str())?;
            Some(task(plan, graph, expert, hints, &names))
        })
        .collect()
}

fn task(
    plan: &Plan,
    graph: &Graph,
    expert: &Expert,
    hints: &BTreeMap<String, String>,
    changing: &BTreeSet<&str>,
) -> Task {
    let title = format!("{}: {}", shown(&expert.name), first_line(&plan.request));
    let prompt = prompt(plan, expert, hints);
    let mut task = Task::new(TaskId::near(&expert.name), &expert.name, &title, &prompt);
    task.depends_on = nearest(graph, expert, changing)
        .into_iter()
        .map(TaskId::near)
        .collect();
    let inside = |path: &&String| !hints[*path].starts_with("(new)");
    let paths = hints.keys().filter(inside);
    task.context_files = paths
        .filter_map(|path| path.strip_prefix("./").map(str::to_owned))
        .collect();
    let file = |path: &str| path.strip_prefix("./").unwrap_or(path).to_owned();
    let changed: Vec<String> = hints
        .iter()
        .filter(|(_, hint)| !is_read(hint))
        .map(|(path, _)| file(path))
        .collect();
    let touched = touched(expert, changed.iter().map(String::as_str));
    task.reviewers = reviewers(graph, &expert.name, &touched);
    expert.dir().clone_into(&mut task.working_dir);
    task.checks.clone_from(&expert.checks);
    task
}

/// The contracts of an expert that a change of these files touches; paths are relative to its flake.
#[must_use]
pub fn touched<'a>(expert: &Expert, changed: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let holds = |file: &str, path: &str| {
        let file = file.trim_end_matches('/');
        path == file
            || path
                .strip_prefix(file)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    let contracts = expert.provides.iter();
    contracts
        .filter(|(_, contract)| {
            let mut files = contract.files.iter();
            files.any(|file| changed.clone().any(|path| holds(file, path)))
        })
        .map(|(name, _)| name.clone())
        .collect()
}

/// Who reviews a change of an expert's flake before others are asked: its owner, and the consumers of the contracts that
/// are touched.
#[must_use]
pub fn reviewers(graph: &Graph, owner: &str, touched: &[String]) -> BTreeSet<String> {
    let mut reviewers = consumers(graph, owner, touched);
    reviewers.insert(owner.to_owned());
    reviewers
}

/// The consumers of any of these contracts of an expert.
#[must_use]
pub fn consumers(graph: &Graph, owner: &str, contracts: &[String]) -> BTreeSet<String> {
    let takes = |name: &&str| {
        let edge = graph.expert(name).and_then(|one| one.neighbors.get(owner));
        edge.is_some_and(|edge| edge.contracts.iter().any(|one| contracts.contains(one)))
    };
    let all = graph.consumers(owner).into_iter();
    all.filter(takes).map(str::to_owned).collect()
}

/// The providers of an expert that change, each the nearest on its way: one behind another that changes waits for it anyway.
fn nearest<'g>(
    graph: &'g Graph,
    expert: &'g Expert,
    changing: &BTreeSet<&str>,
) -> BTreeSet<&'g str> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<&str> = expert.neighbors.keys().map(String::as_str).collect();
    while let Some(name) = waiting.pop() {
        if !seen.insert(name) {
            continue;
        }
        if changing.contains(name) {
            found.insert(name);
        } else if let Some(provider) = graph.expert(name) {
            waiting.extend(provider.neighbors.keys().map(String::as_str));
        }
    }
    found
}

/// The words of the plan that are about one flake.
fn prompt(plan: &Plan, expert: &Expert, hints: &BTreeMap<String, String>) -> String {
    let mut text = format!("{}\n\n", plan.request.trim());
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "Your flake is '{}'. The plan says of its files:\n",
        shown(&expert.name)
    );
    let likelihood = plan.council.likelihood.get(&expert.name);
    let sure = |path: &String| {
        likelihood
            .and_then(|all| all.get(path))
            .copied()
            .unwrap_or(0)
    };
    let mut paths: Vec<(&String, &String)> = hints.iter().collect();
    paths.sort_by_key(|(path, _)| (std::cmp::Reverse(sure(path)), path.as_str()));
    for (path, hint) in paths {
        let _ = writeln!(text, "- {}: {}", shown(path), hint.trim());
    }
    let begins = format!("In {}: ", expert.place());
    let change = format!("{begins}change ");
    let steps: Vec<&String> = plan
        .plan
        .iter()
        .filter(|step| step.starts_with(&change) && step.lines().count() > 1)
        .collect();
    if !steps.is_empty() {
        text.push_str("\nIts steps, in order:\n\n");
    }
    for line in steps.iter().flat_map(|step| step.lines().skip(1)) {
        let _ = writeln!(text, "{line}");
    }
    let decisions: Vec<_> = plan.council.decisions.iter().collect();
    if !decisions.is_empty() {
        text.push_str("\nDecided for all flakes, unless a person said otherwise:\n\n");
    }
    for decision in decisions {
        let question = decision.question.trim();
        let _ = writeln!(text, "- {question} {}", decision.proposal.trim());
    }
    text
}

/// The first line of a text, of at most 72 characters.
pub(super) fn first_line(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    match line.chars().count() > 72 {
        true => line.chars().take(71).chain(['…']).collect(),
        false => line.to_owned(),
    }
}

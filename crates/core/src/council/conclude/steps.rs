//! The steps of a plan: baseline; then, for each flake, providers first: change, prove, commit; the pull request.
//!
//! What experts say about the way to do it is merged in its place: see [`said`]. The chair orders and joins; no step
//! comes from nowhere.

use super::part::{FlakePart, folder};
use super::proof;
use super::said;
use crate::council::machine::{Council, changes};
use crate::council::message::{Action, Edit, Phase, TurnResult};
use crate::expert::Expert;
use crate::plan::text::{code, list, one_line};
use crate::plan::{Dissent, Opinion, OwnerRequest};

/// The steps of a plan; none where nothing changes.
pub fn assemble(
    council: &Council<'_>,
    verdicts: &[Opinion],
    dissent: &[Dissent],
    owners: &[OwnerRequest],
) -> Vec<String> {
    let root = council.started.root.as_str();
    let order = council.graph().providers_first().into_iter();
    let parts: Vec<FlakePart<'_>> = order.map(|expert| part(council, expert)).collect();
    let local = |part: &&FlakePart<'_>| part.expert.is_local();
    let changing: Vec<&FlakePart<'_>> = parts
        .iter()
        .filter(local)
        .filter(|part| part.change.is_some())
        .collect();
    let mut steps = Vec::new();
    if changing.is_empty() && owners.is_empty() {
        return steps;
    }
    for Dissent { from, to, reason } in dissent {
        let reason = one_line(reason);
        steps.push(format!(
            "Before anything else, settle what {from} objects to in the part of {to}: {reason}"
        ));
    }
    if !changing.is_empty() {
        steps.extend(said::before(&changing));
        let concerned = parts
            .iter()
            .filter(local)
            .filter(|part| part.is_touched() || part.expert.name == root);
        steps.extend(proof::baseline(council, &concerned.collect::<Vec<_>>()));
    }
    let (last, others): (Vec<&FlakePart<'_>>, Vec<&FlakePart<'_>>) =
        parts.iter().partition(|part| part.expert.name == root);
    for part in &others {
        let owner = owners.iter().find(|owner| owner.expert == part.expert.name);
        steps.extend(owner.map(|owner| ask_owner(council, owner)));
        if part.expert.is_local()
            && let Some(result) = part.change
        {
            steps.push(change(council, part, result, verdicts));
            steps.push(proof::prove(part, ""));
            steps.push(proof::commit(council, part));
        }
    }
    // The first one asked may be somebody else's, too.
    for part in &last {
        let owner = owners.iter().find(|owner| owner.expert == part.expert.name);
        steps.extend(owner.map(|owner| ask_owner(council, owner)));
    }
    if changing.is_empty() {
        return steps;
    }
    let learning: Vec<&FlakePart<'_>> = others
        .into_iter()
        .filter(local)
        .filter(|part| part.change.is_none() && part.is_touched())
        .collect();
    let mut commits = changing.len();
    if !learning.is_empty() {
        steps.push(proof::learn(council, &learning));
        commits += 1;
    }
    for part in last.into_iter().filter(local) {
        match part.change {
            Some(result) => {
                steps.push(change(council, part, result, verdicts));
                steps.push(proof::prove(part, " (the whole graph's checks, last)"));
                steps.push(proof::commit(council, part));
            }
            None => {
                steps.push(proof::prove_whole(council, part));
                commits += usize::from(part.is_touched());
            }
        }
    }
    steps.push(proof::pull_request(council, commits));
    steps
}

fn part<'a>(council: &'a Council<'_>, expert: &'a Expert) -> FlakePart<'a> {
    let result = |name: &str| {
        let result = council.seats.get(name)?.result.as_ref()?;
        changes(result).next().map(|_| result)
    };
    let under = expert.neighbors.keys().filter_map(|provider| {
        let contracts = council.touched(provider, &expert.name, result(provider)?);
        (!contracts.is_empty()).then_some((provider.as_str(), contracts))
    });
    FlakePart {
        expert,
        change: result(&expert.name),
        under: under.collect(),
    }
}

fn ask_owner(council: &Council<'_>, owner: &OwnerRequest) -> String {
    let consumers: Vec<String> = council
        .consumers(&owner.expert)
        .iter()
        .filter_map(|name| council.graph().expert(name))
        .filter(|consumer| consumer.is_local())
        .map(folder)
        .collect();
    let OwnerRequest {
        expert,
        reference,
        request,
    } = owner;
    let mut step = format!("Ask the owner of {expert} ({reference}) to do this: {request}");
    if !consumers.is_empty() {
        step.push_str(&format!(
            " — and when it is there, update that input of {}",
            list(&consumers)
        ));
    }
    step
}

/// What changes in one flake, how its owner says it is done, and whom its contracts concern.
fn change(
    council: &Council<'_>,
    part: &FlakePart<'_>,
    result: &TurnResult,
    verdicts: &[Opinion],
) -> String {
    let files = |action| -> Vec<&str> {
        let mut edits: Vec<&Edit> = changes(result)
            .filter(|edit| edit.action == action)
            .collect();
        edits.sort_by(|a, b| {
            let sure = b
                .likelihood
                .unwrap_or(100)
                .cmp(&a.likelihood.unwrap_or(100));
            sure.then_with(|| a.path.cmp(&b.path))
        });
        edits.dedup_by(|a, b| a.path == b.path);
        edits.iter().map(|edit| edit.path.as_str()).collect()
    };
    let mut doing = Vec::new();
    for (action, verb, mark) in [
        (Action::Change, "change", ""),
        (
            Action::Create,
            "create",
            " (new; `git add`, since a flake sees tracked files only)",
        ),
        (Action::Delete, "delete", ""),
    ] {
        let paths = files(action);
        if !paths.is_empty() {
            doing.push(format!("{verb} {}{mark}", list(&paths)));
        }
    }
    let mut step = format!("In {}: {}", folder(part.expert), doing.join("; "));
    let said = said::in_phase(result, Phase::Change);
    let lines = said
        .into_iter()
        .chain(concerned(council, part, result, verdicts));
    for line in lines {
        step.push_str("\n- ");
        step.push_str(&line);
    }
    step
}

/// One line about the consumers of the contracts whose files change; none where no contract does.
fn concerned(
    council: &Council<'_>,
    part: &FlakePart<'_>,
    result: &TurnResult,
    verdicts: &[Opinion],
) -> Option<String> {
    let contracts = part.expert.provides.iter();
    let touched: Vec<String> = contracts
        .filter_map(|(name, contract)| {
            let consumers = takers(council, part.expert, name, result);
            let opinions = proof::opinions(&consumers, &part.expert.name, verdicts);
            let summary = one_line(&contract.summary);
            (!consumers.is_empty()).then(|| format!("{} ({summary}): {opinions}", code(name)))
        })
        .collect();
    (!touched.is_empty()).then(|| format!("consumers of {}", touched.join("; of ")))
}

/// The consumers that take a contract whose files `result` changes.
fn takers<'a>(
    council: &'a Council<'_>,
    provider: &Expert,
    contract: &String,
    result: &TurnResult,
) -> Vec<&'a str> {
    let consumers = council.graph().consumers(&provider.name).into_iter();
    consumers
        .filter(|consumer| {
            let touched = council.touched(&provider.name, consumer, result);
            touched.contains(contract)
        })
        .collect()
}

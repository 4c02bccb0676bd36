//! The ordered steps: baseline checks, providers before consumers, the proof and the commit of each,
//! the root's checks, the pull request.

use super::paths::{code, folder, list, one_line};
use super::proof;
use super::report::{Dissent, Opinion, OwnerRequest};
use crate::council::machine::{Council, changes};
use crate::council::message::{Action, TurnResult};
use crate::expert::Expert;

/// What a flake has to do with the change.
pub(super) struct Part<'a> {
    pub expert: &'a Expert,
    /// Its result, where it changes something itself.
    pub change: Option<&'a TurnResult>,
    /// (provider, contracts) that change under it.
    pub under: Vec<(&'a str, Vec<String>)>,
}

impl Part<'_> {
    fn is_touched(&self) -> bool {
        self.change.is_some() || !self.under.is_empty()
    }
}

/// The steps of a plan; none where nothing changes.
pub(super) fn assemble(
    council: &Council<'_>,
    verdicts: &[Opinion],
    dissent: &[Dissent],
    owners: &[OwnerRequest],
) -> Vec<String> {
    let root = council.started.root.as_str();
    let parts: Vec<Part<'_>> = council
        .graph()
        .providers_first()
        .into_iter()
        .map(|expert| part(council, expert))
        .collect();
    let local = |part: &&Part<'_>| part.expert.is_local();
    let touched = parts
        .iter()
        .any(|part| local(&part) && part.change.is_some());
    let mut steps = Vec::new();
    if !touched && owners.is_empty() {
        return steps;
    }
    for Dissent { from, to, reason } in dissent {
        let reason = one_line(reason);
        steps.push(format!(
            "Before anything else, settle what {from} objects to in the part of {to}: {reason}"
        ));
    }
    if touched {
        let concerned = parts
            .iter()
            .filter(local)
            .filter(|part| part.is_touched() || part.expert.name == root);
        steps.extend(concerned.filter_map(|part| proof::baseline(council, part.expert)));
    }
    let (last, others): (Vec<&Part<'_>>, Vec<&Part<'_>>) =
        parts.iter().partition(|part| part.expert.name == root);
    let mut commits = 0;
    for part in others {
        if let Some(owner) = owners.iter().find(|owner| owner.expert == part.expert.name) {
            steps.push(ask_owner(council, owner));
        }
        if part.expert.is_local() && part.is_touched() {
            edit(council, part, verdicts, &mut steps);
            steps.push(proof::prove(part));
            steps.push(proof::commit(council, part));
            commits += 1;
        }
    }
    // The first one asked may be somebody else's, too.
    for part in &last {
        let owner = owners.iter().find(|owner| owner.expert == part.expert.name);
        steps.extend(owner.map(|owner| ask_owner(council, owner)));
    }
    if !touched {
        return steps;
    }
    for part in last.into_iter().filter(local) {
        edit(council, part, verdicts, &mut steps);
        steps.push(proof::prove_root(part));
        if part.is_touched() {
            steps.push(proof::commit(council, part));
            commits += 1;
        }
    }
    steps.push(proof::pull_request(council, commits));
    steps
}

fn part<'a>(council: &'a Council<'_>, expert: &'a Expert) -> Part<'a> {
    let result = |name: &str| {
        let result = council.seats.get(name)?.result.as_ref()?;
        changes(result).next().map(|_| result)
    };
    let under = expert.neighbors.keys().filter_map(|provider| {
        let contracts = council.touched(provider, &expert.name, result(provider)?);
        (!contracts.is_empty()).then_some((provider.as_str(), contracts))
    });
    Part {
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

/// What changes in one flake, and whom its contracts concern.
fn edit(council: &Council<'_>, part: &Part<'_>, verdicts: &[Opinion], steps: &mut Vec<String>) {
    let place = folder(part.expert);
    let Some(result) = part.change else {
        for (provider, contracts) in &part.under {
            steps.push(format!(
                "In {place}: nothing to edit, but {provider} changes {}, which it takes",
                list(contracts)
            ));
        }
        return;
    };
    let files = |action| -> Vec<&str> {
        let mut paths: Vec<&str> = changes(result)
            .filter(|edit| edit.action == action)
            .map(|edit| edit.path.as_str())
            .collect();
        paths.sort_unstable();
        paths.dedup();
        paths
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
    steps.push(format!("In {place}: {}", doing.join("; ")));
    let touched: Vec<String> = part
        .expert
        .provides
        .iter()
        .filter_map(|(name, contract)| {
            let consumers = takers(council, part.expert, name, result);
            let opinions = proof::opinions(&consumers, &part.expert.name, verdicts);
            let summary = one_line(&contract.summary);
            (!consumers.is_empty()).then(|| format!("{} ({summary}): {opinions}", code(name)))
        })
        .collect();
    if let [one] = &touched[..] {
        steps.push(format!("In {place}: this touches the contract {one}"));
    } else if !touched.is_empty() {
        let all = touched.join("; ");
        steps.push(format!("In {place}: this touches the contracts {all}"));
    }
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

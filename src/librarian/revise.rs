//! What a provider's reply means for the speaker: its own uses of what changes.

use std::collections::BTreeSet;

use super::error::LibrarianError;
use super::provider::{Touched, holds, touched, used};
use super::role::Role;
use super::shelf::Shelf;
use super::uses::Uses;
use super::view::{View, ticked};
use crate::council::message::{Action, Edit, Evidence, TurnResult, Verdict};
use crate::expert::Expert;

/// Works the reply of `provider` into `own`.
///
/// # Errors
/// When the knowledge of either cannot be read.
pub fn reply(
    shelf: &Shelf,
    view: &View<'_>,
    provider: &Expert,
    result: &TurnResult,
    own: &mut TurnResult,
) -> Result<(), LibrarianError> {
    let touched = touched(shelf, view.expert, provider, result)?;
    if !touched.is_empty() {
        adopt(view, &provider.name, &touched, own)?;
    }
    Ok(())
}

/// Adds the speaker's own uses of what a provider touches of its contracts.
fn adopt(
    view: &View<'_>,
    provider: &str,
    touched: &[Touched],
    own: &mut TurnResult,
) -> Result<(), LibrarianError> {
    let names: BTreeSet<&String> = touched.iter().flat_map(|one| &one.names).collect();
    let names: Vec<String> = names.into_iter().cloned().collect();
    let contracts: BTreeSet<&str> = touched.iter().map(|one| one.contract.as_str()).collect();
    let contracts = ticked(&Vec::from_iter(contracts));
    let mut count = 0;
    for (path, uses) in &used(view, &names)? {
        let promised = view.expert.provides.values();
        let promised = promised.flat_map(|contract| &contract.files);
        let role = match Role::of(path) {
            _ if uses.only_tests => Role::Test,
            // A file that a contract names is no matter of building.
            Role::Configure if promised.into_iter().any(|file| holds(file, path)) => Role::Source,
            role => role,
        };
        if role == Role::Record || Role::is_history(path) {
            continue;
        }
        count += 1;
        adapt(own, path, role, uses, provider, &contracts);
    }
    let plan = format!("`{provider}` wants to change its contract {contracts}");
    match count {
        0 => own
            .notes
            .push(format!("{plan}; nothing here uses what it defines")),
        1 => amend(own, &format!("{plan}: 1 file here uses what it defines")),
        _ => amend(
            own,
            &format!("{plan}: {count} files here use what it defines"),
        ),
    }
    Ok(())
}

/// Adds a reason for having added something.
pub fn amend(own: &mut TurnResult, why: &str) {
    let reason = match &own.verdict {
        Verdict::Amend { reason } if reason.contains(why) => reason.clone(),
        Verdict::Amend { reason } => format!("{reason}; {why}"),
        _ => why.to_owned(),
    };
    own.verdict = Verdict::Amend { reason };
}

fn adapt(
    own: &mut TurnResult,
    path: &str,
    role: Role,
    uses: &Uses,
    provider: &str,
    contracts: &str,
) {
    let names = ticked(&uses.names);
    let what = format!("uses {names} of `{provider}` (contract {contracts})");
    let instruction = match role {
        Role::Test => {
            format!("extend the tests here to what `{provider}` changes: they use {names}")
        }
        Role::Document => format!("update what is said about {names}, which `{provider}` changes"),
        Role::Configure => {
            format!("check that it still fits: it uses {names}, which `{provider}` changes")
        }
        _ => format!("adapt the use of {names} to what `{provider}` changes"),
    };
    let action = match role {
        Role::Configure => Action::Read,
        _ => Action::Change,
    };
    let evidence: Vec<Evidence> = uses
        .lines
        .iter()
        .take(3)
        .map(|line| Evidence {
            lines: Some((*line, *line)),
            what: what.clone(),
        })
        .collect();
    match own.edits.iter_mut().find(|edit| edit.path == path) {
        Some(edit) => {
            if edit.action == Action::Read {
                edit.instruction = instruction;
            } else if !edit.instruction.contains(&instruction) {
                edit.instruction = format!("{}; {instruction}", edit.instruction);
            }
            edit.action = edit.action.min(action);
            let known = std::mem::take(&mut edit.evidence);
            let new = evidence
                .into_iter()
                .filter(|one| !known.contains(one))
                .collect::<Vec<_>>();
            edit.evidence = known.into_iter().chain(new).take(8).collect();
        }
        None => own.edits.push(Edit {
            path: path.into(),
            action,
            instruction,
            evidence,
        }),
    }
}

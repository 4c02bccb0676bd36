//! What a provider's reply means for the speaker: its own uses of what changes, and answers it had not.

use super::error::LibrarianError;
use super::provider::{touched, used};
use super::role::Role;
use super::shelf::Shelf;
use super::uses::Uses;
use super::view::{View, ticked};
use crate::council::message::{Action, Answer, Edit, Evidence, TurnResult, Verdict};
use crate::expert::Expert;

/// Characters of an answer put together from neighbours'.
const LONG: usize = 24_000;

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
    for touched in touched(shelf, view.expert, provider, result)? {
        let uses = used(view, &touched.names)?;
        let mut count = 0;
        for (path, uses) in &uses {
            let role = if uses.only_tests {
                Role::Test
            } else {
                Role::of(path)
            };
            if role == Role::Record || Role::is_history(path) {
                continue;
            }
            count += 1;
            adapt(own, path, role, uses, &provider.name, &touched.contract);
        }
        let plan = format!(
            "`{}` wants to change {} of its contract `{}`",
            provider.name, touched.path, touched.contract
        );
        if count == 0 {
            own.notes
                .push(format!("{plan}; nothing here uses what it defines"));
        } else {
            let files = if count == 1 {
                "1 file here uses".into()
            } else {
                format!("{count} files here use")
            };
            amend(own, &format!("{plan}: {files} what it defines"));
        }
    }
    if let Some(answer) = &result.answer {
        borrow(own, &provider.name, answer);
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
    contract: &str,
) {
    let names = ticked(&uses.names);
    let what = format!("uses {names} of `{provider}` (contract `{contract}`)");
    let instruction = match role {
        Role::Test => {
            format!("extend the tests here to what `{provider}` changes: they use {names}")
        }
        Role::Document => format!("update what is said about {names}, which `{provider}` changes"),
        _ => format!("adapt the use of {names} to what `{provider}` changes"),
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
            edit.action = edit.action.min(Action::Change);
            let known = std::mem::take(&mut edit.evidence);
            let new = evidence
                .into_iter()
                .filter(|one| !known.contains(one))
                .collect::<Vec<_>>();
            edit.evidence = known.into_iter().chain(new).take(8).collect();
        }
        None => own.edits.push(Edit {
            path: path.into(),
            action: Action::Change,
            instruction,
            evidence,
        }),
    }
}

/// Takes over a neighbour's answer where the speaker has none of its own; its citations stay with it.
fn borrow(own: &mut TurnResult, provider: &str, answer: &Answer) {
    if answer.markdown.trim().is_empty() {
        return;
    }
    let part = format!("`{provider}` answers:\n\n{}", answer.markdown.trim_end());
    match &mut own.answer {
        None => {
            own.answer = Some(Answer {
                markdown: part,
                citations: Vec::new(),
            })
        }
        Some(known) if known.citations.is_empty() && !known.markdown.contains(&part) => {
            if known.markdown.len() + part.len() <= LONG {
                known.markdown = format!("{}\n\n{part}", known.markdown);
            }
        }
        Some(_) => {}
    }
}

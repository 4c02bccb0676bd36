//! What a provider's reply means for the speaker: its own uses of what changes, and answers it had not.

use super::adapt::Adaptations;
use super::error::LibrarianError;
use super::provider::{touched, used};
use super::role::Role;
use super::shelf::Shelf;
use super::view::View;
use crate::council::message::{Answer, TurnResult, Verdict};
use crate::expert::Expert;

/// Characters of an answer put together from neighbours'.
const LONG: usize = 24_000;

/// Works the reply of `provider` into `own`; uses of what it changes are gathered in `adaptations`.
///
/// # Errors
/// When the knowledge of either cannot be read.
pub fn reply(
    shelf: &Shelf,
    view: &View<'_>,
    provider: &Expert,
    result: &TurnResult,
    own: &mut TurnResult,
    adaptations: &mut Adaptations,
) -> Result<(), LibrarianError> {
    for touched in touched(shelf, view.expert, provider, result)? {
        let mut uses = used(view, &touched.names)?;
        uses.retain(|path, _| Role::of(path) != Role::Record && !Role::is_history(path));
        for (path, uses) in &uses {
            adaptations.add(path, uses, &provider.name, &touched.contract);
        }
        if uses.is_empty() {
            own.notes.push(format!(
                "`{}` wants to change {} of its contract `{}`; nothing here uses what it defines",
                provider.name, touched.path, touched.contract
            ));
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

//! What a provider's reply means for the speaker: its own uses of what changes.

use super::adapt::Adaptations;
use super::error::LibrarianError;
use super::provider::{holds, touched, used};
use super::role::Role;
use super::shelf::Shelf;
use super::uses::Uses;
use super::view::View;
use crate::council::message::{TurnResult, Verdict};
use crate::expert::Expert;

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
            let role = role(view.expert, path, uses);
            adaptations.add(path, role, uses, (&provider.name, &touched.contract));
        }
        let note = format!(
            "`{}` wants to change its contract `{}`; nothing here uses what it defines",
            provider.name, touched.contract
        );
        if uses.is_empty() && !own.notes.contains(&note) {
            own.notes.push(note);
        }
    }
    Ok(())
}

fn role(expert: &Expert, path: &str, uses: &Uses) -> Role {
    let mut promised = expert
        .provides
        .values()
        .flat_map(|contract| &contract.files);
    match Role::of(path) {
        _ if uses.only_tests => Role::Test,
        // A file that a contract names is no matter of building.
        Role::Configure if promised.any(|file| holds(file, path)) => Role::Source,
        role => role,
    }
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

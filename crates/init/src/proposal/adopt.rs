//! A flake.nix that is there: its edit, or what a person is to add.

use poag_core::nix_string::quote;

use super::{FileEdit, ProposalOutcome, Subject, difference, is_relative, own_file, path_of};
use crate::declaration::Declaration;
use crate::error::Unfit;
use crate::flake::FlakeFile;
use crate::place::{self, Placement};
use crate::survey::Survey;
use crate::{edit, inputs};

/// The edit, and what a person should know of it.
///
/// # Errors
/// When the flake has a shape that is not edited.
pub fn outcome(
    subject: &Subject<'_>,
    survey: &Survey,
    flake: &FlakeFile,
    declaration: &Declaration,
    own: Option<String>,
) -> Result<(ProposalOutcome, Vec<String>), Unfit> {
    if let Some(line) = flake.generated() {
        return Err(Unfit::new(format!(
            "line {line} says that a program writes it, so that an edit would be lost: change what it is made from"
        )));
    }
    let there = flake.inputs();
    let url = there.get("poag").and_then(|input| input.url.as_deref());
    let following: Vec<&str> = declaration
        .neighbors
        .values()
        .map(|one| one.input.as_str())
        .filter(|input| !input.is_empty())
        .collect();
    let subflakes: Vec<String> = following
        .iter()
        .filter(|input| subject.nearby.local.contains_key(**input))
        .map(|input| (*input).to_owned())
        .collect();
    let read = |path: &str| survey.text(path);
    let (shape, mut edits) = place::edits(
        flake,
        &Placement {
            declaration,
            inline: subject.inline,
            relative: is_relative(url.unwrap_or(subject.url)),
            reexport: &subflakes,
            read: &read,
        },
    )?;
    edits.extend(inputs::edit(flake, subject.url, &following));
    let after = edit::apply(&flake.text, edits);
    // What was read and what comes out are both looked at by the same eyes.
    let again = FlakeFile::parse(after.clone())
        .map_err(|error| Unfit::new(format!("the edit would not be Nix ({error})")))?;
    if again.declared().is_none() || !again.inputs().contains_key("poag") {
        return Err(Unfit::new("the edit would not declare what it should"));
    }
    let mut notes = Vec::new();
    if !subflakes.is_empty() && !after.contains("reexportChecks") {
        notes.push(format!(
            "the checks of {} are not checks of this flake yet: add `checks = poag.lib.reexportChecks {{ … }};` to its outputs",
            subflakes.join(", ")
        ));
    }
    if own.is_some() && !subject.inline {
        notes.push("poag.nix is there already and stays as it is".into());
    }
    let mut files = vec![FileEdit {
        name: "flake.nix",
        before: Some(flake.written(&flake.text)),
        after: flake.written(&after),
    }];
    if !subject.inline {
        files.extend(own_file(declaration, own));
    }
    let diff = difference(subject, &files);
    Ok((ProposalOutcome::Edit { shape, diff, files }, notes))
}

/// The lines for a person.
pub fn by_hand(
    subject: &Subject<'_>,
    declaration: &Declaration,
    mut unfit: Unfit,
    own: Option<String>,
) -> ProposalOutcome {
    let file = path_of(subject, "flake.nix");
    unfit.add.push((
        format!("in {file}, among the inputs"),
        format!("poag.url = {};", quote(subject.url)),
    ));
    let around = format!("in {file}, around what `outputs` gives");
    match subject.inline {
        true => {
            let lines = declaration.lines("");
            let lines = lines.iter().map(|line| edit::indented(line, "  "));
            let lines = lines.collect::<Vec<_>>().join("\n");
            unfit.add.push((
                around,
                format!("poag.lib.mkPoagFlake {{\n{lines}\n  outputs = …; # what the outputs are now\n}}"),
            ));
        }
        false => {
            unfit.add.push((
                around,
                "poag.lib.withExperts ./poag.nix inputs OUTPUTS # OUTPUTS: what they are now"
                    .into(),
            ));
            if own.is_none() {
                unfit
                    .add
                    .push((path_of(subject, "poag.nix"), declaration.file()));
            }
        }
    }
    ProposalOutcome::ByHand {
        reason: unfit.reason,
        add: unfit.add,
    }
}

//! The whole declaration in flake.nix itself, without a poag.nix.

use rnix::ast::{AttrSet, Expr};

use super::given::Given;
use super::{
    DeclarationShape, INHERITED, Outputs, Placement, last, parts, relative, takes_all_inputs,
};
use crate::declaration::{Declaration, set};
use crate::edit::{self, TextEdit};
use crate::error::Unfit;
use crate::flake::FlakeFile;
use crate::tree;

/// The edits, by the shape of the outputs.
pub fn edits(
    outputs: &Outputs<'_>,
    placement: &Placement<'_>,
) -> Result<(DeclarationShape, Vec<TextEdit>), Unfit> {
    let (flake, declaration) = (outputs.flake, placement.declaration);
    let given = Given::of(outputs, false)?;
    let reachable = !outputs.hides("poag") && !outputs.hides(&given.root);
    let mut edits = given.edits.clone();
    let module = parts::module(flake, &outputs.tail.0).filter(|_| reachable);
    let own = || set("poag", &declaration.lines(&given.prefix));
    if let Some(more) = module.and_then(|set| parts::edits(flake, &set, own(), &given)) {
        edits.extend(more);
        return Ok((DeclarationShape::FlakeParts, edits));
    }
    if let Some(found) = outputs.free_set().filter(|_| reachable) {
        edits.push(into_set(flake, &found, declaration, &given));
        return Ok((DeclarationShape::Set, edits));
    }
    if placement.relative {
        return Err(relative());
    }
    takes_all_inputs(outputs, placement.read)?;
    edits.extend(around(outputs, &given, declaration));
    Ok((DeclarationShape::Whole, edits))
}

/// The outputs as they are, inside a call of `mkPoagFlake`.
fn around(outputs: &Outputs<'_>, given: &Given, declaration: &Declaration) -> [TextEdit; 2] {
    let text = &outputs.flake.text;
    let body: &Expr = &outputs.body;
    let (begin, end) = tree::span(body);
    let line = text[..begin].rsplit('\n').next();
    let own_line = line.is_some_and(|line| line.trim().is_empty());
    let margin = match own_line {
        true => edit::indent(text, begin).to_owned(),
        false => format!(
            "{}{}",
            edit::indent(text, tree::span(&outputs.lambda).0),
            edit::step(text)
        ),
    };
    let lines = declaration.lines(&given.prefix);
    let inner = format!("{margin}{}", edit::step(text));
    let lines = lines.iter().map(|line| edit::indented(line, &inner));
    let lines = lines.collect::<Vec<_>>().join("\n");
    let (lead, join) = match own_line {
        true => (String::new(), format!("\n{margin}")),
        false => (format!("\n{margin}"), " ".to_owned()),
    };
    let head = format!(
        "{lead}{}.lib.mkPoagFlake {{\n{lines}\n\n{inner}outputs ={join}",
        given.poag
    );
    [(begin, begin, head), (end, end, format!(";\n{margin}}}"))]
}

fn into_set(
    flake: &FlakeFile,
    found: &AttrSet,
    declaration: &Declaration,
    given: &Given,
) -> TextEdit {
    let inside = declaration.lines(&given.prefix);
    let inside = inside.iter().map(|line| edit::indented(line, "    "));
    let block = format!(
        "inherit\n  ({}.lib.mkPoagFlake {{\n{}\n  }})\n  {INHERITED}\n  ;",
        given.poag,
        inside.collect::<Vec<_>>().join("\n")
    );
    last(flake, found, vec![block])
}

//! Where a declaration goes in a flake.nix that is there, by the shape of its outputs.

mod given;
mod inline;
mod parts;

use rnix::ast::{self, AttrSet, Expr, HasEntry, Lambda, Param};
use serde::Serialize;

use super::declaration::{Declaration, key};
use super::edit::{self, TextEdit};
use super::error::Unfit;
use super::flake::FlakeFile;
use super::tree;
use given::Given;

/// How outputs are made, as far as it decides where the declaration goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeclarationShape {
    /// `withExperts` stands in front of what the outputs are.
    Front,
    /// A set that is written out: the names are added to it.
    Set,
    /// flake-parts: the module is imported.
    FlakeParts,
    /// Anything else: it is wrapped as it is.
    Whole,
    /// There was no flake.nix.
    New,
}

/// Outputs that poag adds itself.
const ADDED: [&str; 4] = ["poag", "checks", "apps", "legacyPackages"];
/// They, as `inherit` names them.
pub const INHERITED: &str = "poag\n  checks\n  apps\n  legacyPackages";

/// What is to be declared, and where.
pub struct Placement<'p> {
    /// What.
    pub declaration: &'p Declaration,
    /// Whether it stands in flake.nix itself, and not in poag.nix.
    pub inline: bool,
    /// Whether poag is an input with a relative path.
    pub relative: bool,
    /// Inputs whose checks are handed on: the flakes in subfolders.
    pub reexport: &'p [String],
    /// Gives the text of another file of the flake by its relative path.
    pub read: &'p dyn Fn(&str) -> Option<String>,
}

/// The edits that declare the expert.
///
/// # Errors
/// When the outputs have a shape that is not understood well enough.
pub fn edits(
    flake: &FlakeFile,
    placement: &Placement<'_>,
) -> Result<(DeclarationShape, Vec<TextEdit>), Unfit> {
    let (_, lambda) = flake.outputs()?;
    let body = lambda
        .body()
        .ok_or_else(|| Unfit::new("its `outputs` has no body"))?;
    let outputs = Outputs {
        flake,
        tail: tree::tail(body.clone()),
        lambda,
        body,
    };
    if let (Some(Param::IdentParam(param)), Expr::Ident(given)) =
        (outputs.lambda.param(), &outputs.tail.0)
        && tree::text(&param) == tree::text(given)
    {
        return Err(Unfit::new(
            "its outputs are its own inputs, so that poag's would be among them",
        ));
    }
    if placement.inline {
        return inline::edits(&outputs, placement);
    }
    let given = Given::of(&outputs, placement.declaration.takes_inputs())?;
    let reachable = !outputs.hides(&given.root) && !outputs.hides("self");
    let module = parts::module(flake, &outputs.tail.0).filter(|_| reachable);
    let own = "poag = ./poag.nix;".to_owned();
    if let Some(more) = module.and_then(|set| parts::edits(flake, &set, own, &given)) {
        return Ok((DeclarationShape::FlakeParts, [given.edits, more].concat()));
    }
    takes_all_inputs(&outputs, placement.read)?;
    let call = format!("{}.lib.withExperts ./poag.nix {}", given.poag, given.inputs);
    let mut edits = given.edits.clone();
    if placement.relative {
        let found = outputs
            .free_set()
            .filter(|_| reachable)
            .ok_or_else(relative)?;
        let block = format!("inherit ({call} {{ }})\n  {INHERITED}\n  ;");
        edits.push(last(flake, &found, vec![block]));
        return Ok((DeclarationShape::Set, edits));
    }
    let front = if reachable {
        &outputs.tail.0
    } else {
        &outputs.body
    };
    let (begin, end) = tree::span(front);
    let plain = match front {
        Expr::AttrSet(_) | Expr::Ident(_) | Expr::Paren(_) => true,
        // What is called may be a set that can be called; parentheses on one line move nothing.
        Expr::Apply(_) => flake.text[begin..end].contains('\n'),
        Expr::Select(select) => select.default_expr().is_none(),
        _ => false,
    };
    match plain {
        true => edits.push((begin, begin, format!("{call} "))),
        false => {
            edits.push((begin, begin, format!("{call} (")));
            edits.push((end, end, ")".into()));
        }
    }
    if let (Expr::AttrSet(set), false) = (front, placement.reexport.is_empty()) {
        edits.extend(reexported(flake, set, placement.reexport, &given));
    }
    Ok((DeclarationShape::Front, edits))
}

fn relative() -> Unfit {
    Unfit::new(
        "poag is an input with a relative path, so the names of the outputs must be spelled out, and they are made by a function",
    )
}

/// The line that hands on the checks of flakes in subfolders, where the set has none of its own.
fn reexported(
    flake: &FlakeFile,
    set: &AttrSet,
    inputs: &[String],
    given: &Given,
) -> Option<TextEdit> {
    let names = tree::bound(set)?;
    if names.iter().any(|name| name == "checks") {
        return None;
    }
    let names: Vec<String> = inputs.iter().map(|name| key(name)).collect();
    let from = match given.inputs.as_str() {
        "{ }" => return None,
        inputs => format!("({inputs}) "),
    };
    let line = format!(
        "checks = {}.lib.reexportChecks {{ inherit {from}{}; }};",
        given.poag,
        names.join(" ")
    );
    Some(last(flake, set, vec![line]))
}

/// The outputs of a flake.nix.
struct Outputs<'f> {
    flake: &'f FlakeFile,
    lambda: Lambda,
    body: Expr,
    /// What they are in the end, and the names that are bound on the way.
    tail: (Expr, Vec<String>),
}

impl Outputs<'_> {
    /// Whether a name means something else where the outputs are made.
    fn hides(&self, name: &str) -> bool {
        self.tail.1.iter().any(|bound| bound == name)
    }

    /// The set that is written out, where nothing of poag's is in it yet.
    fn free_set(&self) -> Option<AttrSet> {
        let Expr::AttrSet(found) = &self.tail.0 else {
            return None;
        };
        let names = tree::bound(found)?;
        let free = !names.iter().any(|name| ADDED.contains(&name.as_str()));
        (free && found.rec_token().is_none()).then(|| found.clone())
    }
}

/// Behind the last entry of a set, or as its first.
fn last(flake: &FlakeFile, set: &AttrSet, lines: Vec<String>) -> TextEdit {
    match set.entries().last() {
        Some(entry) => {
            let (begin, end) = tree::span(&entry);
            edit::after(&flake.text, begin, end, &lines)
        }
        None => {
            let (begin, end) = tree::span(set);
            let open = begin + flake.text[begin..end].find('{').unwrap_or(0);
            edit::first(&flake.text, open + 1, end - 1, &lines)
        }
    }
}

/// A file that is given all inputs by name must not trip over one more.
fn takes_all_inputs(
    outputs: &Outputs<'_>,
    read: &dyn Fn(&str) -> Option<String>,
) -> Result<(), Unfit> {
    let whole = match outputs.lambda.param() {
        Some(Param::IdentParam(param)) => Some(tree::text(&param)),
        Some(Param::Pattern(pattern)) => pattern
            .pat_bind()
            .and_then(|bind| bind.ident())
            .map(|one| tree::text(&one)),
        None => None,
    };
    let Some(whole) = whole else {
        return Ok(());
    };
    let handed = tree::all::<_, ast::Apply>(&outputs.tail.0).find_map(|call| {
        let argument = call.argument()?;
        let Some(Expr::Apply(import)) = call.lambda().map(|function| tree::tail(function).0) else {
            return None;
        };
        let imports = tree::called(&import.lambda()?)? == "import";
        let file = tree::text(&import.argument()?);
        (imports && tree::text(&argument) == whole).then_some((file, outputs.flake.line(&call)))
    });
    match handed {
        Some((file, line)) if !open_ended(&file, read) => {
            let mut unfit = Unfit::new(format!(
                "line {line} hands all inputs to {file}, which takes some by name and would refuse one more"
            ));
            unfit
                .add
                .push((format!("in {file}, in its arguments"), "...".into()));
            Err(unfit)
        }
        _ => Ok(()),
    }
}

/// Whether the function in a file takes arguments that it does not name.
fn open_ended(file: &str, read: &dyn Fn(&str) -> Option<String>) -> bool {
    let file = file.trim_start_matches("./");
    let text = read(file).or_else(|| read(&format!("{file}/default.nix")));
    let Some(Expr::Lambda(function)) = text.and_then(|text| rnix::Root::parse(&text).tree().expr())
    else {
        return false;
    };
    match function.param() {
        Some(Param::Pattern(pattern)) => pattern.ellipsis_token().is_some(),
        Some(Param::IdentParam(_)) => true,
        None => false,
    }
}

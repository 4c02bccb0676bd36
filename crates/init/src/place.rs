//! Where a declaration goes in a flake.nix that is there, by the shape of its outputs.

use rnix::ast::{AttrSet, Expr, HasEntry, Lambda, Param, Pattern};
use serde::Serialize;

use super::declaration::{Declaration, set};
use super::edit::{self, TextEdit};
use super::error::Unfit;
use super::flake::FlakeFile;
use super::tree;

/// How outputs are made, as far as it decides where the declaration goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeclarationShape {
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
const ADDED: [&str; 3] = ["poag", "checks", "apps"];

/// The edits that declare the expert; `relative` says that poag is an input with a relative path.
///
/// `read` gives the text of another file of the flake by its relative path.
///
/// # Errors
/// When the outputs have a shape that is not understood well enough.
pub fn edits(
    flake: &FlakeFile,
    declaration: &Declaration,
    relative: bool,
    read: &dyn Fn(&str) -> Option<String>,
) -> Result<(DeclarationShape, Vec<TextEdit>), Unfit> {
    let (_, lambda) = flake.outputs()?;
    let body = lambda
        .body()
        .ok_or_else(|| Unfit::new("its `outputs` has no body"))?;
    let (tail, scope) = tree::tail(body.clone());
    let given = Given::of(flake, &lambda, &body)?;
    let hidden = |name: &str| scope.iter().any(|bound| bound == name);
    let reachable = !hidden("poag") && !hidden(&given.root);
    let mut edits = given.edits.clone();
    let module = module(&tail).filter(|_| reachable);
    if let Some(more) = module.and_then(|set| into_module(flake, &set, declaration, &given)) {
        edits.extend(more);
        return Ok((DeclarationShape::FlakeParts, edits));
    }
    if let Expr::AttrSet(found) = &tail {
        let names = tree::bound(found);
        let free =
            names.is_some_and(|names| !names.iter().any(|name| ADDED.contains(&name.as_str())));
        if free && found.rec_token().is_none() && reachable {
            edits.push(into_set(flake, found, declaration, &given));
            return Ok((DeclarationShape::Set, edits));
        }
    }
    if relative {
        return Err(Unfit::new(
            "poag is an input with a relative path, so the names of the outputs must be spelled out, and they are made by a function",
        ));
    }
    takes_all_inputs(flake, &lambda, &body, read)?;
    let (begin, end) = tree::span(&body);
    let margin = edit::indent(&flake.text, tree::span(&lambda).0);
    let own_line = flake.text[..begin]
        .rsplit('\n')
        .next()
        .is_some_and(|line| line.trim().is_empty());
    let margin = match own_line {
        true => edit::indent(&flake.text, begin).to_owned(),
        false => format!("{margin}  "),
    };
    let head = format!("{}.lib.mkPoagFlake {{", given.poag);
    let lines = declaration.lines(&given.prefix);
    let lines = lines
        .iter()
        .map(|line| edit::indented(line, &format!("{margin}  ")));
    let lines = lines.collect::<Vec<_>>().join("\n");
    let lead = if own_line {
        String::new()
    } else {
        format!("\n{margin}")
    };
    let join = if own_line {
        format!("\n{margin}")
    } else {
        " ".into()
    };
    edits.push((
        begin,
        begin,
        format!("{lead}{head}\n{lines}\n\n{margin}  outputs ={join}"),
    ));
    edits.push((end, end, format!(";\n{margin}}}")));
    Ok((DeclarationShape::Whole, edits))
}

/// How the outputs' function comes by its inputs.
struct Given {
    /// How poag is written there.
    poag: String,
    /// What stands before the name of another input that is no argument of its own: `inputs.`, or nothing.
    prefix: String,
    /// The first name of `poag`.
    root: String,
    edits: Vec<TextEdit>,
}

impl Given {
    fn of(flake: &FlakeFile, lambda: &Lambda, body: &Expr) -> Result<Self, Unfit> {
        let by_name = |name: String, edits| Self {
            poag: format!("{name}.poag"),
            prefix: format!("{name}."),
            root: name,
            edits,
        };
        let direct = |edits| Self {
            poag: "poag".into(),
            prefix: String::new(),
            root: "poag".into(),
            edits,
        };
        match lambda.param() {
            Some(Param::IdentParam(param)) => {
                let name = tree::text(&param);
                let unused = name == "_"
                    && !tree::all::<_, rnix::ast::Ident>(body).any(|one| tree::text(&one) == "_");
                if unused {
                    let (begin, end) = tree::span(&param);
                    return Ok(direct(vec![(begin, end, "{ poag, ... }".into())]));
                }
                Ok(by_name(name, Vec::new()))
            }
            Some(Param::Pattern(pattern)) => {
                let named = pattern.pat_entries().filter_map(|entry| entry.ident());
                let here = named.into_iter().any(|ident| tree::text(&ident) == "poag");
                let whole = pattern.pat_bind().and_then(|bind| bind.ident());
                match whole {
                    Some(whole) if here || pattern.ellipsis_token().is_some() => {
                        Ok(by_name(tree::text(&whole), Vec::new()))
                    }
                    _ if here => Ok(direct(Vec::new())),
                    Some(whole) => Ok(by_name(
                        tree::text(&whole),
                        vec![argument(flake, &pattern, "poag")?],
                    )),
                    None => Ok(direct(vec![argument(flake, &pattern, "poag")?])),
                }
            }
            None => Err(Unfit::new("the argument of its `outputs` cannot be read")),
        }
    }
}

/// Adds a name to the arguments, separated as the others are.
fn argument(flake: &FlakeFile, pattern: &Pattern, name: &str) -> Result<TextEdit, Unfit> {
    let entries: Vec<(usize, usize)> = pattern
        .pat_entries()
        .map(|entry| tree::span(&entry))
        .collect();
    let text = &flake.text;
    let odd = || Unfit::new("the arguments of its `outputs` cannot be read");
    let (begin, _) = tree::span(pattern);
    let open = begin + text[begin..].find('{').ok_or_else(odd)? + 1;
    let Some((last_begin, last_end)) = entries.last().copied() else {
        return Ok(match pattern.ellipsis_token() {
            Some(dots) => {
                let at = dots.text_range().start().into();
                (at, at, format!("{name}, "))
            }
            None => (open, open, format!(" {name} ")),
        });
    };
    let before = match entries.len() {
        1 => format!(",{}", &text[open..last_begin]),
        many => text[entries[many - 2].1..last_begin].to_owned(),
    };
    let separator = match before.contains(['#', '/']) {
        // A comment between the two is not repeated.
        true => format!(",\n{}", edit::indent(text, last_begin)),
        false if before.trim() == "," => before,
        false => ", ".into(),
    };
    let behind = text[last_end..].lines().next().unwrap_or_default();
    if behind.trim_start_matches([',', ' ']).starts_with('#') {
        return Ok((last_begin, last_begin, format!("{name}{separator}")));
    }
    Ok((last_end, last_end, format!("{separator}{name}")))
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
        "inherit\n  ({}.lib.mkPoagFlake {{\n{}\n  }})\n  poag\n  checks\n  apps\n  ;",
        given.poag,
        inside.collect::<Vec<_>>().join("\n")
    );
    last(flake, found, vec![block])
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
            edit::first(&flake.text, begin + 1, end - 1, &lines)
        }
    }
}

/// The module that `flake-parts.lib.mkFlake { inherit inputs; } MODULE` is given, where it is written out.
fn module(tail: &Expr) -> Option<AttrSet> {
    let Expr::Apply(outer) = tail else {
        return None;
    };
    let Some(Expr::Apply(inner)) = outer.lambda() else {
        return None;
    };
    if tree::called(&inner.lambda()?)? != "mkFlake" {
        return None;
    }
    let (mut module, _) = tree::tail(outer.argument()?);
    if let Expr::Lambda(function) = &module {
        (module, _) = tree::tail(function.body()?);
    }
    match module {
        Expr::AttrSet(set) if set.rec_token().is_none() => Some(set),
        _ => None,
    }
}

fn into_module(
    flake: &FlakeFile,
    set_: &AttrSet,
    declaration: &Declaration,
    given: &Given,
) -> Option<Vec<TextEdit>> {
    let names = tree::bound(set_)?;
    if names.iter().any(|name| name == "poag") {
        return None;
    }
    let import = format!("{}.flakeModules.default", given.poag);
    let own = set("poag", &declaration.lines(&given.prefix));
    let imports = set_.attrpath_values().find(|binding| {
        let path = binding.attrpath().map(|path| tree::names(&path));
        path.is_some_and(|path| path == [Some("imports".to_owned())])
    });
    let Some(imports) = imports else {
        if names.iter().any(|name| name == "imports") {
            return None;
        }
        let lines = vec![format!("imports = [ {import} ];"), own];
        return Some(vec![last(flake, set_, lines)]);
    };
    let Some(Expr::List(list)) = imports.value() else {
        return None;
    };
    let edit = match list.items().last() {
        Some(item) => {
            let (begin, end) = tree::span(&item);
            edit::after(&flake.text, begin, end, &[import])
        }
        None => {
            let (begin, end) = tree::span(&list);
            (begin + 1, end - 1, format!(" {import} "))
        }
    };
    Some(vec![edit, last(flake, set_, vec![own])])
}

/// A file that is given all inputs by name must not trip over one more.
fn takes_all_inputs(
    flake: &FlakeFile,
    lambda: &Lambda,
    body: &Expr,
    read: &dyn Fn(&str) -> Option<String>,
) -> Result<(), Unfit> {
    let whole = match lambda.param() {
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
    let (tail, _) = tree::tail(body.clone());
    let handed = tree::all::<_, rnix::ast::Apply>(&tail).find_map(|call| {
        let argument = call.argument()?;
        let Some(Expr::Apply(import)) = call.lambda().map(|function| tree::tail(function).0) else {
            return None;
        };
        let imports = tree::called(&import.lambda()?)? == "import";
        let file = tree::text(&import.argument()?);
        (imports && tree::text(&argument) == whole).then_some((file, flake.line(&call)))
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

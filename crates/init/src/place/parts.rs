//! flake-parts: the module that `flake-parts.lib.mkFlake { inherit inputs; } MODULE` is given.

use rnix::ast::{AttrSet, Expr, HasEntry};

use super::given::Given;
use super::last;
use crate::edit::{self, TextEdit};
use crate::flake::FlakeFile;
use crate::tree;

/// The module, where it is written out and `mkFlake` is that of flake-parts: other libraries have one, too.
pub fn module(flake: &FlakeFile, tail: &Expr) -> Option<AttrSet> {
    let Expr::Apply(outer) = tail else {
        return None;
    };
    let Some(Expr::Apply(inner)) = outer.lambda() else {
        return None;
    };
    if !is_parts(flake, &inner.lambda()?) {
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

/// `X.lib.mkFlake` of an input that is flake-parts by its name or its address.
fn is_parts(flake: &FlakeFile, function: &Expr) -> bool {
    let text = tree::text(function);
    let Some(before) = text.strip_suffix(".lib.mkFlake") else {
        return false;
    };
    let input = before
        .rsplit('.')
        .next()
        .unwrap_or(before)
        .trim_matches('"');
    let url = flake.inputs().remove(input).and_then(|input| input.url);
    input.contains("parts") || url.is_some_and(|url| url.contains("flake-parts"))
}

/// The import of poag's module, and the line or lines that declare.
pub fn edits(
    flake: &FlakeFile,
    set: &AttrSet,
    own: String,
    given: &Given,
) -> Option<Vec<TextEdit>> {
    let names = tree::bound(set)?;
    if names.iter().any(|name| name == "poag") {
        return None;
    }
    let import = format!("{}.flakeModules.default", given.poag);
    let imports = set.attrpath_values().find(|binding| {
        let path = binding.attrpath().map(|path| tree::names(&path));
        path.is_some_and(|path| path == [Some("imports".to_owned())])
    });
    let Some(imports) = imports else {
        if names.iter().any(|name| name == "imports") {
            return None;
        }
        let lines = vec![format!("imports = [ {import} ];"), own];
        return Some(vec![last(flake, set, lines)]);
    };
    let Some(Expr::List(list)) = imports.value() else {
        return None;
    };
    let items: Vec<(usize, usize)> = list.items().map(|item| tree::span(&item)).collect();
    let edit = edit::item(&flake.text, &items, tree::span(&list), &import);
    Some(vec![edit, last(flake, set, vec![own])])
}

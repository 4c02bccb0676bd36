//! The input `poag` in a flake.nix that is there.

use rnix::ast::{AttrpathValue, Expr, HasEntry};

use poag_core::nix_string::quote;

use super::declaration::key;
use super::edit::{self, TextEdit};
use super::flake::FlakeFile;
use super::tree;

/// The edit that adds `poag`, which takes the nixpkgs of the flake where it has one by that name, and lets the inputs
/// named in `following` take the same poag; none where all is there.
pub fn edit(flake: &FlakeFile, url: &str, following: &[&str]) -> Option<TextEdit> {
    let there = flake.inputs();
    let mut lines = Vec::new();
    if !there.contains_key("poag") {
        let relative = url.strip_prefix("path:").unwrap_or(url).starts_with('.');
        lines.push(format!("poag.url = {};", quote(url)));
        if there.contains_key("nixpkgs") && !relative {
            lines.push("poag.inputs.nixpkgs.follows = \"nixpkgs\";".to_owned());
        }
    }
    for name in following {
        if there.get(*name).is_some_and(|input| !input.follows_poag) {
            lines.push(format!("{}.inputs.poag.follows = \"poag\";", key(name)));
        }
    }
    if lines.is_empty() {
        return None;
    }
    let binding = flake.binding("inputs");
    if let Some(Expr::AttrSet(set)) = binding.and_then(|binding| binding.value()) {
        return Some(match set.entries().last() {
            Some(entry) => {
                let (begin, end) = tree::span(&entry);
                edit::after(&flake.text, begin, end, &lines)
            }
            None => {
                let (begin, end) = tree::span(&set);
                edit::first(&flake.text, begin + 1, end - 1, &lines)
            }
        });
    }
    let lines: Vec<String> = lines.iter().map(|line| format!("inputs.{line}")).collect();
    let last = |named: &str| {
        let found = flake.top.attrpath_values();
        found.filter(|binding| begins_with(binding, named)).last()
    };
    if let Some(found) = last("inputs").or_else(|| last("description")) {
        let (begin, end) = tree::span(&found);
        return Some(edit::after(&flake.text, begin, end, &lines));
    }
    let (begin, end) = tree::span(&flake.top);
    Some(edit::first(&flake.text, begin + 1, end - 1, &lines))
}

fn begins_with(binding: &AttrpathValue, name: &str) -> bool {
    let first = binding.attrpath().and_then(|path| path.attrs().next());
    first.and_then(|attr| tree::name(&attr)).as_deref() == Some(name)
}

//! How the outputs' function comes by poag and its other inputs.

use rnix::ast::{Param, Pattern};

use super::Outputs;
use crate::edit::{self, TextEdit};
use crate::error::Unfit;
use crate::flake::FlakeFile;
use crate::tree;

/// How it comes by them.
pub struct Given {
    /// How poag is written there.
    pub poag: String,
    /// What stands before the name of another input that is no argument of its own: `inputs.`, or nothing.
    pub prefix: String,
    /// All inputs, as an expression; `{ }` where they are not to be had and not needed.
    pub inputs: String,
    /// The first name of `poag`.
    pub root: String,
    /// What must be added to the arguments.
    pub edits: Vec<TextEdit>,
}

impl Given {
    /// Reads the argument of the outputs; `needed` says that all inputs must be at hand.
    ///
    /// # Errors
    /// When the argument cannot be read.
    pub fn of(outputs: &Outputs<'_>, needed: bool) -> Result<Self, Unfit> {
        let by_name = |name: String, edits| Self {
            poag: format!("{name}.poag"),
            prefix: format!("{name}."),
            inputs: name.clone(),
            root: name,
            edits,
        };
        match outputs.lambda.param() {
            Some(Param::IdentParam(param)) => {
                let name = tree::text(&param);
                let body = &outputs.body;
                let used =
                    tree::all::<_, rnix::ast::Ident>(body).any(|one| tree::text(&one) == "_");
                if name == "_" && !used {
                    let (begin, end) = tree::span(&param);
                    let (named, inputs) = match needed {
                        true => ("{ self, poag, ... }", "self.inputs"),
                        false => ("{ poag, ... }", "{ }"),
                    };
                    return Ok(direct(inputs, vec![(begin, end, named.into())]));
                }
                Ok(by_name(name, Vec::new()))
            }
            Some(Param::Pattern(pattern)) => of_pattern(outputs.flake, &pattern, needed, by_name),
            None => Err(Unfit::new("the argument of its `outputs` cannot be read")),
        }
    }
}

fn direct(inputs: &str, edits: Vec<TextEdit>) -> Given {
    Given {
        poag: "poag".into(),
        prefix: String::new(),
        inputs: inputs.into(),
        root: "poag".into(),
        edits,
    }
}

fn of_pattern(
    flake: &FlakeFile,
    pattern: &Pattern,
    needed: bool,
    by_name: impl Fn(String, Vec<TextEdit>) -> Given,
) -> Result<Given, Unfit> {
    let named = |name: &str| {
        let mut all = pattern.pat_entries().filter_map(|entry| entry.ident());
        all.any(|ident| tree::text(&ident) == name)
    };
    let here = named("poag");
    let whole = pattern.pat_bind().and_then(|bind| bind.ident());
    if let Some(whole) = whole {
        let open = here || pattern.ellipsis_token().is_some();
        let edits = match open {
            true => Vec::new(),
            false => vec![argument(flake, pattern, "poag")?],
        };
        return Ok(by_name(tree::text(&whole), edits));
    }
    let own = named("self");
    let inputs = if own || needed { "self.inputs" } else { "{ }" };
    let mut missing = Vec::new();
    if needed && !own {
        missing.push("self");
    }
    if !here {
        missing.push("poag");
    }
    let edits = match missing.is_empty() {
        true => Vec::new(),
        false => vec![argument(flake, pattern, &missing.join(", "))?],
    };
    Ok(direct(inputs, edits))
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
    if let Some(sorted) = edit::sorted(text, last_begin, name, ",") {
        return Ok(sorted);
    }
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

//! A folder that has no flake.nix yet.

use poag_core::nix_string::quote;

use super::{FileEdit, ProposalOutcome, Subject, difference, is_relative, own_file};
use crate::declaration::Declaration;
use crate::edit;
use crate::place::{DeclarationShape, INHERITED};

/// The files that make it a flake with experts.
pub fn outcome(
    subject: &Subject<'_>,
    declaration: &Declaration,
    own: Option<String>,
) -> ProposalOutcome {
    let mut files = vec![FileEdit {
        name: "flake.nix",
        before: None,
        after: flake(subject, declaration),
    }];
    if !subject.inline {
        files.extend(own_file(declaration, own));
    }
    ProposalOutcome::Edit {
        shape: DeclarationShape::New,
        diff: difference(subject, &files),
        files,
    }
}

fn flake(subject: &Subject<'_>, declaration: &Declaration) -> String {
    let said = declaration.role.split_once(": ").map(|(_, said)| said);
    let said = said.filter(|said| !said.starts_with("its code, "));
    let described = said.unwrap_or(&declaration.name).trim_end_matches('.');
    let relative = is_relative(subject.url);
    let (arguments, call) = match subject.inline {
        false => (
            "{ self, poag, ... }",
            "poag.lib.withExperts ./poag.nix self.inputs { }".to_owned(),
        ),
        true => {
            let lines = declaration.lines("");
            let lines = lines.iter().map(|line| edit::indented(line, "      "));
            let lines = lines.collect::<Vec<_>>().join("\n");
            (
                "{ poag, ... }",
                format!("poag.lib.mkPoagFlake {{\n{lines}\n    }}"),
            )
        }
    };
    let outputs = match relative {
        true => format!(
            "{{\n      inherit ({call})\n{}\n        ;\n    }}",
            edit::indented(INHERITED, "        ").replace("          ", "        ")
        ),
        false => call,
    };
    format!(
        "{{\n  description = {};\n\n  inputs.poag.url = {};\n\n  outputs =\n    {arguments}:\n    {outputs};\n}}\n",
        quote(described),
        quote(subject.url),
    )
}

//! What a flake.nix declares about experts is no knowledge: it is neither an answer nor something to change.

use std::borrow::Cow;
use std::ops::Range;

use tree_sitter::Node;

use super::{MAX_BYTES, walk};

/// Functions of poag that a declaration is given to.
const MAKERS: [&str; 3] = ["mkPoagFlake", "mkPoagExpert", "withExperts"];
/// Fields of a declaration that are the flake's own all the same. A contract that names the options of an interface
/// changes with them, as a header does.
const OWN: [&str; 4] = ["outputs", "perSystem", "provides", "systems"];
/// Fields that tell a declaration of flake-parts from something else that is called `poag`.
const TELLING: [&str; 4] = ["experts", "name", "role", "src"];

/// The text of a file without what it declares about experts: where that stood, its lines are empty, so that all others
/// keep their numbers.
///
/// The declaration in a file of its own, poag.nix, is left out by the library already.
#[must_use]
pub fn undeclared<'t>(path: &str, text: &'t str) -> Cow<'t, str> {
    let flake = path.rsplit('/').next() == Some("flake.nix");
    if !flake || !text.contains("poag") || text.len() > MAX_BYTES {
        return Cow::Borrowed(text);
    }
    let grammar = tree_sitter_nix::LANGUAGE.into();
    let Some(tree) = walk::parse(&grammar, text) else {
        return Cow::Borrowed(text);
    };
    let mut found = Vec::new();
    let mut waiting = vec![tree.root_node()];
    while let Some(node) = waiting.pop() {
        let declared = match node.kind() {
            "apply_expression" => argument(text, node, &mut found),
            "binding" => binding(text, node, &mut found),
            _ => false,
        };
        if !declared {
            waiting.extend(node.named_children(&mut node.walk()));
        }
    }
    found.sort_by_key(|range| range.start);
    Cow::Owned(blank(text, &found))
}

/// Marks the fields of a declaration that one of poag's functions is given; the rest of it is looked at later.
fn argument(text: &str, node: Node<'_>, found: &mut Vec<Range<usize>>) -> bool {
    let field = |name| node.child_by_field_name(name);
    let (Some(function), Some(argument)) = (field("function"), field("argument")) else {
        return false;
    };
    let name = text.get(function.byte_range()).unwrap_or_default();
    let name = name.rsplit(['.', ' ', '(', ')', '\n']).next();
    if !name.is_some_and(|name| MAKERS.contains(&name)) {
        return false;
    }
    for binding in bindings(argument) {
        let own = names(text, binding).is_some_and(|path| OWN.contains(&path[0]));
        if !own {
            found.push(binding.byte_range());
        }
    }
    false
}

/// Marks a binding that brings poag into a flake, or that declares in the manner of flake-parts.
fn binding(text: &str, node: Node<'_>, found: &mut Vec<Range<usize>>) -> bool {
    let Some(path) = names(text, node) else {
        return false;
    };
    let pair = |pair: &[&str]| pair == ["inputs", "poag"];
    let declares = || {
        let value = node.child_by_field_name("expression");
        let value = value.unwrap_or(node);
        let file = text.get(value.byte_range());
        let told = bindings(value).filter_map(|inner| names(text, inner));
        file.is_some_and(|file| file.ends_with("poag.nix"))
            || told
                .filter(|path| TELLING.contains(&path[0]))
                .nth(1)
                .is_some()
    };
    let poag = path[0] == "poag" && (is_input(text, node) || path.len() > 1 || declares());
    if !poag && !path.windows(2).any(pair) {
        return false;
    }
    found.push(node.byte_range());
    true
}

/// Whether a binding stands in a set of inputs.
fn is_input(text: &str, node: Node<'_>) -> bool {
    let mut above = node.parent();
    while let Some(parent) = above.filter(|parent| parent.kind() != "binding") {
        above = parent.parent();
    }
    let path = above.and_then(|above| names(text, above));
    path.is_some_and(|path| path.last() == Some(&"inputs"))
}

/// The bindings right in a set.
fn bindings(set: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let sets = match set.kind() {
        "attrset_expression" | "rec_attrset_expression" => children(set),
        _ => Vec::new(),
    };
    let inside = sets.into_iter().flat_map(children);
    inside.filter(|node| node.kind() == "binding" || node.kind().starts_with("inherit"))
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    node.named_children(&mut node.walk()).collect()
}

/// The names of a binding's path; never empty.
fn names<'t>(text: &'t str, binding: Node<'_>) -> Option<Vec<&'t str>> {
    let path = binding.child_by_field_name("attrpath")?;
    let mut cursor = path.walk();
    let names: Vec<&str> = path
        .named_children(&mut cursor)
        .filter(|part| part.kind() != "comment")
        .filter_map(|part| text.get(part.byte_range()))
        .collect();
    (!names.is_empty()).then_some(names)
}

/// The text without these ranges, but with the ends of their lines.
fn blank(text: &str, ranges: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for range in ranges {
        if range.end <= done {
            continue;
        }
        let start = range.start.max(done);
        out.push_str(&text[done..start]);
        out.extend(text[start..range.end].chars().filter(|c| *c == '\n'));
        done = range.end;
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_is_taken_out_and_the_rest_keeps_its_lines() {
        let text = r#"{
  inputs.nixpkgs.url = "x";
  inputs.poag.url = "y";
  inputs.part.inputs.poag.follows = "poag";
  outputs = { poag, ... }: poag.lib.mkPoagFlake {
    name = "shop";
    role = "Owns prices.";
    provides = {
      api.summary = "prices";
    };
    outputs = {
      packages = "kept";
    };
  };
}
"#;
        let left = undeclared("flake.nix", text);
        assert_eq!(left.lines().count(), text.lines().count());
        assert!(left.contains("packages = \"kept\";"), "{left}");
        assert!(left.contains("nixpkgs.url"), "{left}");
        assert!(left.contains("api.summary = \"prices\";"), "{left}");
        for gone in ["Owns", "shop", "follows", "inputs.poag"] {
            assert!(!left.contains(gone), "{gone}: {left}");
        }
        let at = |text: &str| text.lines().position(|line| line.contains("kept"));
        assert_eq!(at(&left), at(text));
    }

    #[test]
    fn a_declaration_of_flake_parts_is_taken_out() {
        for declaration in [
            "poag = { name = \"gone\"; src = ./.; role = \"Owns.\"; };",
            "poag = ./poag.nix; # gone",
            "poag.name = \"gone\"; poag.src = ./.;",
        ] {
            let text = format!(
                "{{ inputs = {{ poag.url = \"gone\"; a.url = \"kept\"; }}; outputs = i: i.parts.lib.mkFlake {{ inherit inputs; }} {{ {declaration}\n }}; }}"
            );
            let left = undeclared("a/flake.nix", &text);
            let left = left.replace("# gone", "");
            assert!(left.contains("kept") && !left.contains("gone"), "{left}");
            assert!(!left.contains("poag.nix"), "{left}");
        }
    }

    #[test]
    fn what_is_only_called_poag_stays() {
        for text in [
            "{ outputs = _: { overlays.default = final: _: { poag = final.callPackage ./p.nix { }; }; }; }",
            "{ poag",
            "{ outputs = { self }: { }; }",
        ] {
            assert_eq!(undeclared("flake.nix", text), text);
        }
        let other = "poag.lib.mkPoagFlake { name = \"x\"; }";
        assert_eq!(undeclared("lib/default.nix", other), other);
    }
}

//! Nix: the attributes that a file's expression results in are public, those of a `let` are not.

use tree_sitter::Node;

use super::SymbolKind;
use super::walk::{Scope, SymbolDetails, Walk, paragraph};

pub(super) fn visit(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    match node.kind() {
        "binding" => binding(walk, node, lead, scope),
        "let_expression" => {
            let mut comments = Vec::new();
            for child in node.named_children(&mut node.walk()) {
                if child.kind() == "comment" {
                    comments.push(child);
                    continue;
                }
                let public = scope.public && child.kind() != "binding_set";
                walk.visit(child, &comments, Scope { public, ..scope });
                comments.clear();
            }
        }
        // What a file evaluates to is public until a `let` says otherwise.
        "attrset_expression" | "rec_attrset_expression" | "let_attrset_expression" => {
            let public = scope.public || !scope.member;
            walk.children(node, Scope { public, ..scope });
        }
        "function_expression" | "with_expression" | "assert_expression" => {
            if let Some(body) = node.child_by_field_name("body") {
                walk.visit(body, lead, scope);
            }
        }
        "binding_set" => walk.children_after(lead, node, scope),
        "apply_expression" => {
            // `forAllSystems (system: { … })` makes attributes; what other functions take is theirs.
            let function = node.child_by_field_name("function");
            let each = function.is_some_and(|function| {
                ["ystem", "genAttrs"]
                    .iter()
                    .any(|word| walk.text(function).contains(word))
            });
            if let Some(argument) = node.child_by_field_name("argument").filter(|_| each) {
                walk.visit(argument, &[], scope);
            }
        }
        "binary_expression" | "parenthesized_expression" => walk.children(node, scope),
        _ => {}
    }
}

fn binding(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    let (Some(path), Some(value)) = (
        node.child_by_field_name("attrpath"),
        node.child_by_field_name("expression"),
    ) else {
        return;
    };
    let (kind, stop) = match value.kind() {
        "function_expression" => (SymbolKind::Function, innermost(value)),
        kind if is_plain(kind) => (SymbolKind::Value, None),
        _ => (SymbolKind::Value, Some(value)),
    };
    let rest = SymbolDetails {
        signature: walk.signature(node, stop),
        doc: paragraph(lead.iter().flat_map(|node| walk.text(*node).lines())),
        public: scope.public,
        test: false,
    };
    walk.define(node, walk.text(path), kind, rest);
    // Attributes of attributes are as public as these; what a `let` binds stays inside, and what a flake takes
    // from others is none of its own.
    if scope.public && walk.text(path) != "inputs" {
        walk.visit(
            value,
            &[],
            Scope {
                member: true,
                ..scope
            },
        );
    }
}

/// The body behind all arguments of a curried function.
fn innermost(function: Node<'_>) -> Option<Node<'_>> {
    let mut body = function.child_by_field_name("body")?;
    for _ in 0..32 {
        if body.kind() != "function_expression" {
            break;
        }
        body = body.child_by_field_name("body")?;
    }
    Some(body)
}

/// Values that say what they are in a few words.
fn is_plain(kind: &str) -> bool {
    matches!(
        kind,
        "string_expression"
            | "integer_expression"
            | "float_expression"
            | "variable_expression"
            | "path_expression"
            | "select_expression"
    )
}

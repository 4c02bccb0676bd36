//! Python: classes, functions and module constants; a leading underscore makes private.

use tree_sitter::Node;

use super::SymbolKind;
use super::walk::{Scope, SymbolDetails, Walk, paragraph};

pub(super) fn visit(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    match node.kind() {
        "class_definition" => define(walk, node, SymbolKind::Type, scope),
        "function_definition" => define(walk, node, SymbolKind::Function, scope),
        "decorated_definition" => {
            if let Some(definition) = node.child_by_field_name("definition") {
                walk.visit(definition, lead, scope);
            }
        }
        // Definitions under `if TYPE_CHECKING:` or `try: import …` are the module's own.
        "if_statement" | "else_clause" | "elif_clause" | "try_statement" | "except_clause"
        | "block" => walk.children(node, scope),
        "expression_statement" if !scope.member => {
            if let Some(assignment) = node.named_child(0).filter(|n| n.kind() == "assignment") {
                constant(walk, assignment, lead, scope);
            }
        }
        _ => {}
    }
}

fn define(walk: &mut Walk<'_>, node: Node<'_>, kind: SymbolKind, scope: Scope) {
    let Some(name) = node.child_by_field_name("name") else {
        return;
    };
    let name = walk.text(name);
    let body = node.child_by_field_name("body");
    let test = scope.test || name.starts_with("test_") || name.starts_with("Test");
    let rest = SymbolDetails {
        signature: walk.signature(node, body),
        doc: body.map(|body| docstring(walk, body)).unwrap_or_default(),
        public: is_public(name) && (!scope.member || scope.public),
        test,
    };
    let inner = Scope {
        public: rest.public,
        test,
        member: true,
        ..scope
    };
    walk.define(node, name, kind, rest);
    if let Some(body) = body.filter(|_| kind == SymbolKind::Type) {
        walk.children(body, inner);
    }
}

fn constant(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    let Some(name) = node
        .child_by_field_name("left")
        .filter(|left| left.kind() == "identifier")
    else {
        return;
    };
    let name = walk.text(name);
    let rest = SymbolDetails {
        signature: walk.signature(node, node.child_by_field_name("right")),
        doc: paragraph(lead.iter().flat_map(|node| walk.text(*node).lines())),
        public: is_public(name),
        test: scope.test,
    };
    walk.define(node, name, SymbolKind::Value, rest);
}

fn docstring(walk: &Walk<'_>, body: Node<'_>) -> String {
    let string = body
        .named_child(0)
        .filter(|first| first.kind() == "expression_statement")
        .and_then(|first| first.named_child(0))
        .filter(|first| first.kind() == "string");
    match string {
        Some(string) => paragraph(
            walk.text(string)
                .trim_start_matches(['r', 'R', 'u', 'U'])
                .lines(),
        ),
        None => String::new(),
    }
}

/// `__init__` and its like are part of what others call.
fn is_public(name: &str) -> bool {
    !name.starts_with('_') || (name.starts_with("__") && name.ends_with("__"))
}

//! Shell: functions; a leading underscore makes private.

use tree_sitter::Node;

use super::SymbolKind;
use super::walk::{Scope, SymbolDetails, Walk, paragraph};

pub(super) fn visit(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    match node.kind() {
        "function_definition" => {
            let Some(name) = node.child_by_field_name("name") else {
                return;
            };
            let name = walk.text(name);
            let rest = SymbolDetails {
                signature: walk.signature(node, node.child_by_field_name("body")),
                doc: paragraph(lead.iter().flat_map(|node| walk.text(*node).lines())),
                public: !name.starts_with('_'),
                test: name.starts_with("test_"),
            };
            walk.define(node, name, SymbolKind::Function, rest);
        }
        "if_statement" | "else_clause" | "elif_clause" | "compound_statement" => {
            walk.children(node, scope);
        }
        _ => {}
    }
}

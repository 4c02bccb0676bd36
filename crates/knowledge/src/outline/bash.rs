//! Shell: functions; a leading underscore makes private.

use tree_sitter::Node;

use super::Kind;
use super::walk::{Rest, Scope, Walk, paragraph};

pub(super) fn visit(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    match node.kind() {
        "function_definition" => {
            let Some(name) = node.child_by_field_name("name") else {
                return;
            };
            let name = walk.text(name);
            let rest = Rest {
                signature: walk.signature(node, node.child_by_field_name("body")),
                doc: paragraph(lead.iter().flat_map(|node| walk.text(*node).lines())),
                public: !name.starts_with('_'),
                test: name.starts_with("test_"),
            };
            walk.define(node, name, Kind::Function, rest);
        }
        "if_statement" | "else_clause" | "elif_clause" | "compound_statement" => {
            walk.children(node, scope);
        }
        _ => {}
    }
}

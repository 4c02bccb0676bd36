//! Go: a capital makes public; functions that take a `*testing.…` are tests.

use tree_sitter::Node;

use super::SymbolKind;
use super::walk::{Scope, SymbolDetails, Walk, paragraph};

pub(super) fn visit(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    match node.kind() {
        "function_declaration" | "method_declaration" => {
            let body = node.child_by_field_name("body");
            let signature = walk.signature(node, body);
            define(walk, node, SymbolKind::Function, signature, lead);
        }
        "type_declaration" | "const_declaration" | "var_declaration" | "var_spec_list" => {
            // The comment of a declaration of one thing is that of the thing.
            walk.children_after(lead, node, scope);
        }
        "type_spec" | "type_alias" => {
            let of = node.child_by_field_name("type");
            let signature = match of.map(|of| of.kind()) {
                Some("struct_type") => format!("type {} struct", walk.signature(node, of)),
                Some("interface_type") => format!("type {} interface", walk.signature(node, of)),
                _ => format!("type {}", walk.signature(node, None)),
            };
            define(walk, node, SymbolKind::Type, signature, lead);
        }
        "const_spec" | "var_spec" => {
            let keyword = if node.kind() == "const_spec" {
                "const"
            } else {
                "var"
            };
            let value = node.child_by_field_name("value");
            let signature = format!("{keyword} {}", walk.signature(node, value));
            define(walk, node, SymbolKind::Value, signature, lead);
        }
        _ => {}
    }
}

fn define(
    walk: &mut Walk<'_>,
    node: Node<'_>,
    kind: SymbolKind,
    signature: String,
    lead: &[Node<'_>],
) {
    let Some(name) = node.child_by_field_name("name") else {
        return;
    };
    let name = walk.text(name);
    let rest = SymbolDetails {
        test: kind == SymbolKind::Function && signature.contains("*testing."),
        signature,
        doc: paragraph(lead.iter().flat_map(|node| walk.text(*node).lines())),
        public: name.starts_with(char::is_uppercase),
    };
    walk.define(node, name, kind, rest);
}

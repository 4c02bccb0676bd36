//! Rust: items, methods and macros; `pub` makes public, `#[test]` and `#[cfg(test)]` make tests.

use tree_sitter::Node;

use super::SymbolKind;
use super::walk::{Scope, SymbolDetails, Walk, paragraph};

pub(super) fn visit(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    let body = node.child_by_field_name("body");
    let (kind, stop) = match node.kind() {
        "function_item" | "function_signature_item" => (SymbolKind::Function, body),
        "macro_definition" => (SymbolKind::Function, node.named_child(1)),
        "trait_item" | "enum_item" => (SymbolKind::Type, body),
        "struct_item" | "union_item" => (
            SymbolKind::Type,
            body.filter(|body| body.kind() == "field_declaration_list"),
        ),
        "type_item" => (SymbolKind::Type, None),
        "const_item" | "static_item" => (SymbolKind::Value, node.child_by_field_name("value")),
        "mod_item" => (SymbolKind::Module, body),
        "impl_item" | "foreign_mod_item" => {
            if let Some(body) = body {
                let scope = Scope {
                    public: false,
                    ..scope
                };
                walk.children(body, scope);
            }
            return;
        }
        _ => return,
    };
    let Some(name) = node.child_by_field_name("name") else {
        return;
    };
    let attributes = || lead.iter().map(|node| walk.text(*node));
    let public = scope.public
        || attributes().any(|text| text.starts_with("#[macro_export"))
        || node.child(0).is_some_and(|first| {
            first.kind() == "visibility_modifier" && walk.text(first) == "pub"
        });
    let test = scope.test || attributes().any(marks_test);
    let rest = SymbolDetails {
        signature: walk.signature(node, stop),
        doc: paragraph(
            attributes()
                .filter(|text| text.starts_with("///") || text.starts_with("/**"))
                .flat_map(str::lines),
        ),
        public,
        test,
    };
    walk.define(node, walk.text(name), kind, rest);
    let inner = Scope {
        // The items of a trait are as public as the trait.
        public: public && node.kind() == "trait_item",
        test,
        ..scope
    };
    if let Some(body) = body.filter(|body| body.kind() == "declaration_list") {
        walk.children(body, inner);
    }
}

/// `#[test]`, `#[tokio::test(…)]`, `#[rstest]`, `#[cfg(test)]`, `#[cfg(all(test, …))]`.
fn marks_test(attribute: &str) -> bool {
    let Some(inside) = attribute.strip_prefix("#[") else {
        return false;
    };
    let path = inside
        .split(['(', '=', ']', ' '])
        .next()
        .unwrap_or_default();
    match path.rsplit("::").next().unwrap_or_default() {
        "cfg" => inside.starts_with("cfg(test)") || inside.starts_with("cfg(all(test"),
        name => matches!(
            name,
            "test" | "rstest" | "test_case" | "quickcheck" | "wasm_bindgen_test"
        ),
    }
}

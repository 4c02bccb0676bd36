//! Java: types, methods and constants; `public` makes public, as does standing in an interface; `@Test` makes tests.

use tree_sitter::Node;

use super::SymbolKind;
use super::walk::{Scope, SymbolDetails, Walk, paragraph};

pub(super) fn visit(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    let body = node.child_by_field_name("body");
    match node.kind() {
        "class_declaration"
        | "interface_declaration"
        | "enum_declaration"
        | "record_declaration"
        | "annotation_type_declaration" => {
            let public = define(walk, node, SymbolKind::Type, body, lead, scope);
            let open = matches!(
                node.kind(),
                "interface_declaration" | "annotation_type_declaration"
            );
            if let Some(body) = body {
                let inner = Scope {
                    member: true,
                    public: public && open,
                    ..scope
                };
                walk.children(body, inner);
            }
        }
        "enum_body_declarations" => walk.children(node, scope),
        "method_declaration"
        | "constructor_declaration"
        | "compact_constructor_declaration"
        | "annotation_type_element_declaration" => {
            define(walk, node, SymbolKind::Function, body, lead, scope);
        }
        "field_declaration" | "constant_declaration" => {
            let Some(declarator) = node.child_by_field_name("declarator") else {
                return;
            };
            // Fields are what a class is made of; constants are what others use.
            let constant = node.kind() == "constant_declaration"
                || modifiers(node).is_some_and(|list| walk.text(list).contains("static"));
            if let (true, Some(name)) = (constant, declarator.child_by_field_name("name")) {
                let stop = declarator.child_by_field_name("value");
                define_as(
                    walk,
                    node,
                    walk.text(name),
                    SymbolKind::Value,
                    stop,
                    lead,
                    scope,
                );
            }
        }
        _ => {}
    }
}

fn define(
    walk: &mut Walk<'_>,
    node: Node<'_>,
    kind: SymbolKind,
    stop: Option<Node<'_>>,
    lead: &[Node<'_>],
    scope: Scope,
) -> bool {
    match node.child_by_field_name("name") {
        Some(name) => define_as(walk, node, walk.text(name), kind, stop, lead, scope),
        None => false,
    }
}

/// Whether what it defines is public.
fn define_as(
    walk: &mut Walk<'_>,
    node: Node<'_>,
    name: &str,
    kind: SymbolKind,
    stop: Option<Node<'_>>,
    lead: &[Node<'_>],
    scope: Scope,
) -> bool {
    let (mut public, mut test, mut first) = (scope.public, scope.test, node);
    if let Some(list) = modifiers(node) {
        // Annotations are no part of the signature.
        first = list.next_sibling().unwrap_or(node);
        for child in list.children(&mut list.walk()) {
            match child.kind() {
                "marker_annotation" | "annotation" => {
                    let name = walk.text(child).trim_start_matches('@');
                    let name = name.split('(').next().unwrap_or_default();
                    test |= matches!(name, "Test" | "ParameterizedTest" | "RepeatedTest");
                }
                word => {
                    public |= word == "public";
                    if first.start_byte() > child.start_byte() {
                        first = child;
                    }
                }
            }
        }
    }
    let rest = SymbolDetails {
        signature: walk.signature_from(first, node, stop),
        doc: paragraph(
            lead.iter()
                .flat_map(|node| walk.text(*node).lines())
                .take_while(|line| !line.trim_start_matches([' ', '*', '/']).starts_with('@')),
        ),
        public,
        test,
    };
    walk.define(node, name, kind, rest);
    public
}

fn modifiers(node: Node<'_>) -> Option<Node<'_>> {
    node.named_child(0)
        .filter(|first| first.kind() == "modifiers")
}

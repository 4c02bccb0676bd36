//! C++: as C, with classes whose members are as public as they say, namespaces and templates.

use tree_sitter::Node;

use super::walk::{Scope, Walk};
use super::{SymbolKind, c};

pub(super) fn visit(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    match node.kind() {
        "namespace_definition" => {
            if let Some(body) = node.child_by_field_name("body") {
                walk.children(body, scope);
            }
        }
        "template_declaration" => {
            // What is declared stands behind the parameters.
            let inner = node.named_children(&mut node.walk()).last();
            if let Some(inner) = inner {
                walk.visit(inner, lead, scope);
            }
        }
        "class_specifier" | "struct_specifier" | "union_specifier" => {
            let public = !scope.member || scope.public;
            c::specifier(walk, node, lead, public);
            members(walk, node, scope, public);
        }
        "function_definition" => c::function(walk, node, lead, is_public(walk, node, scope)),
        "declaration" => {
            c::declaration(walk, node, lead, is_public(walk, node, scope));
            if let Some(class) = node.child_by_field_name("type") {
                members(walk, class, scope, true);
            }
        }
        "field_declaration" => field(walk, node, lead, scope),
        "alias_declaration" | "concept_definition" => {
            if let Some(name) = node.child_by_field_name("name") {
                let stop = match node.kind() {
                    "concept_definition" => Some(name),
                    _ => None,
                };
                let public = !scope.member || scope.public;
                c::define(
                    walk,
                    node,
                    walk.text(name),
                    SymbolKind::Type,
                    stop,
                    lead,
                    public,
                );
            }
        }
        _ => c::visit(walk, node, lead, scope),
    }
}

/// Members of a class are private until it says otherwise, those of a struct public.
fn members(walk: &mut Walk<'_>, class: Node<'_>, scope: Scope, public: bool) {
    let Some(body) = class
        .child_by_field_name("body")
        .filter(|body| body.kind() == "field_declaration_list")
    else {
        return;
    };
    let mut open = class.kind() != "class_specifier";
    let mut comments = Vec::new();
    for child in body.named_children(&mut body.walk()) {
        match child.kind() {
            "comment" => comments.push(child),
            "access_specifier" => {
                open = walk.text(child).starts_with("public");
                comments.clear();
            }
            _ => {
                let scope = Scope {
                    member: true,
                    public: public && open,
                    ..scope
                };
                walk.visit(child, &comments, scope);
                comments.clear();
            }
        }
    }
}

/// Methods; plain fields say little about what others may call.
fn field(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    let named = node.child_by_field_name("declarator").and_then(c::named);
    match named {
        Some((name, true)) => {
            c::define(
                walk,
                node,
                walk.text(name),
                SymbolKind::Function,
                None,
                lead,
                scope.public,
            );
        }
        _ => {
            if let Some(class) = node.child_by_field_name("type") {
                c::specifier(walk, class, lead, scope.public);
                members(walk, class, scope, scope.public);
            }
        }
    }
}

fn is_public(walk: &Walk<'_>, node: Node<'_>, scope: Scope) -> bool {
    match scope.member {
        true => scope.public,
        false => !c::is_static(walk, node),
    }
}

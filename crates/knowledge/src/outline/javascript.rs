//! JavaScript and TypeScript: what is exported is public; calls of `describe`, `it` and `test` are tests.

use tree_sitter::Node;

use super::SymbolKind;
use super::walk::{Scope, SymbolDetails, Walk, paragraph};

pub(super) fn visit(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    match node.kind() {
        "function_declaration" | "generator_function_declaration" => {
            let body = node.child_by_field_name("body");
            define(walk, node, SymbolKind::Function, body, lead, scope);
        }
        "function_signature" | "method_signature" | "abstract_method_signature" => {
            define(walk, node, SymbolKind::Function, None, lead, scope);
        }
        "interface_declaration" | "enum_declaration" => {
            let body = node.child_by_field_name("body");
            define(walk, node, SymbolKind::Type, body, lead, scope);
        }
        "type_alias_declaration" => {
            let value = node.child_by_field_name("value");
            define(walk, node, SymbolKind::Type, value, lead, scope);
        }
        // `namespace a {…}` stands as a statement of its own; `declare …` holds what it declares.
        "internal_module" | "module" => {
            let body = node.child_by_field_name("body");
            define(walk, node, SymbolKind::Module, body, lead, scope);
            if let Some(body) = body {
                walk.children(body, scope);
            }
        }
        "ambient_declaration" => walk.children_after(lead, node, scope),
        "class_declaration" | "abstract_class_declaration" | "class" => {
            let body = node.child_by_field_name("body");
            define(walk, node, SymbolKind::Type, body, lead, scope);
            if let Some(body) = body {
                walk.children(body, scope);
            }
        }
        "method_definition" => {
            let body = node.child_by_field_name("body");
            define(walk, node, SymbolKind::Function, body, lead, scope);
        }
        "lexical_declaration" | "variable_declaration" => {
            for declarator in node.named_children(&mut node.walk()) {
                variable(walk, declarator, lead, scope);
            }
        }
        "export_statement" => export(walk, node, lead, scope),
        "expression_statement" => match node.named_child(0) {
            Some(inner) if inner.kind() == "assignment_expression" => {
                common_js(walk, inner, lead, scope);
            }
            Some(inner) if inner.kind() == "call_expression" => test(walk, inner, scope),
            Some(inner) if inner.kind() == "internal_module" => walk.visit(inner, lead, scope),
            _ => {}
        },
        _ => {}
    }
}

fn define(
    walk: &mut Walk<'_>,
    node: Node<'_>,
    kind: SymbolKind,
    body: Option<Node<'_>>,
    lead: &[Node<'_>],
    scope: Scope,
) {
    let Some(name) = node.child_by_field_name("name") else {
        return;
    };
    let name = walk.text(name);
    let hidden = node
        .named_child(0)
        .filter(|first| first.kind() == "accessibility_modifier")
        .is_some_and(|first| walk.text(first) != "public");
    let rest = SymbolDetails {
        signature: walk.signature(node, body),
        doc: doc(walk, lead),
        public: scope.public && !name.starts_with(['_', '#']) && !hidden,
        test: scope.test,
    };
    walk.define(node, name, kind, rest);
}

fn variable(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    let Some(name) = node
        .child_by_field_name("name")
        .filter(|name| name.kind() == "identifier")
    else {
        return;
    };
    let (kind, stop) = value(node.child_by_field_name("value"));
    let rest = SymbolDetails {
        signature: walk.signature(node, stop),
        doc: doc(walk, lead),
        public: scope.public,
        test: scope.test,
    };
    walk.define(node, walk.text(name), kind, rest);
    if let Some(class) = stop.filter(|_| kind == SymbolKind::Type) {
        walk.children(class, scope);
    }
}

/// What a name is bound to, and where its declaration ends.
fn value(value: Option<Node<'_>>) -> (SymbolKind, Option<Node<'_>>) {
    let Some(value) = value else {
        return (SymbolKind::Value, None);
    };
    let body = value.child_by_field_name("body");
    match value.kind() {
        "arrow_function" | "function_expression" | "generator_function" => {
            (SymbolKind::Function, body)
        }
        "class" => (SymbolKind::Type, body),
        _ => (SymbolKind::Value, Some(value)),
    }
}

/// `export …`, `export default …`, `export { a, b }`.
fn export(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    let scope = Scope {
        public: true,
        ..scope
    };
    for child in node.named_children(&mut node.walk()) {
        match child.kind() {
            "export_clause" => {
                for one in child.named_children(&mut child.walk()) {
                    if let Some(name) = one.child_by_field_name("name") {
                        walk.export(walk.text(name));
                    }
                }
            }
            "identifier" => walk.export(walk.text(child)),
            _ => walk.visit(child, lead, scope),
        }
    }
}

/// `module.exports = { a, b }`, `exports.a = …`.
fn common_js(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    let (Some(left), Some(right)) = (
        node.child_by_field_name("left"),
        node.child_by_field_name("right"),
    ) else {
        return;
    };
    match walk.text(left) {
        "module.exports" if right.kind() == "object" => {
            for one in right.named_children(&mut right.walk()) {
                match one.kind() {
                    "shorthand_property_identifier" => walk.export(walk.text(one)),
                    "pair" => {
                        if let Some(value) = one.child_by_field_name("value") {
                            walk.export(walk.text(value));
                        }
                    }
                    _ => {}
                }
            }
        }
        "module.exports" if right.kind() == "identifier" => walk.export(walk.text(right)),
        path => {
            let name = path
                .strip_prefix("module.exports.")
                .or_else(|| path.strip_prefix("exports."));
            if let Some(name) = name.filter(|name| !name.contains('.')) {
                let (kind, stop) = value(Some(right));
                let rest = SymbolDetails {
                    signature: walk.signature(node, stop),
                    doc: doc(walk, lead),
                    public: true,
                    test: scope.test,
                };
                walk.define(node, name, kind, rest);
            }
        }
    }
}

/// `describe("…", () => {…})`, `it.only("…")`, `Deno.test("…")`.
fn test(walk: &mut Walk<'_>, call: Node<'_>, scope: Scope) {
    let (Some(function), Some(arguments)) = (
        call.child_by_field_name("function"),
        call.child_by_field_name("arguments"),
    ) else {
        return;
    };
    let known = walk
        .text(function)
        .split('.')
        .take(2)
        .any(|part| matches!(part, "describe" | "it" | "test" | "suite"));
    let title = arguments
        .named_child(0)
        .filter(|first| matches!(first.kind(), "string" | "template_string"));
    let (true, Some(title)) = (known, title) else {
        return;
    };
    let rest = SymbolDetails {
        signature: walk
            .signature(call, arguments.named_child(1))
            .trim_end_matches(',')
            .to_owned(),
        test: true,
        ..SymbolDetails::default()
    };
    walk.define(
        call,
        walk.text(title).trim_matches(['"', '\'', '`']),
        SymbolKind::Function,
        rest,
    );
    let body = arguments
        .named_child(1)
        .and_then(|callback| callback.child_by_field_name("body"));
    if let Some(body) = body {
        walk.children(
            body,
            Scope {
                test: true,
                ..scope
            },
        );
    }
}

/// Only a comment right before a definition, and of a block only its prose, not its `@param` lines.
fn doc(walk: &Walk<'_>, lead: &[Node<'_>]) -> String {
    paragraph(
        lead.iter()
            .flat_map(|node| walk.text(*node).lines())
            .take_while(|line| !line.trim_start_matches([' ', '*', '/']).starts_with('@')),
    )
}

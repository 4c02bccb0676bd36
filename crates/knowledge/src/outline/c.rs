//! C: functions, types, macros and variables; `static` makes private.

use tree_sitter::Node;

use super::SymbolKind;
use super::walk::{Scope, SymbolDetails, Walk, paragraph};

/// Declarators inside declarators: pointers to functions that return pointers.
const MAX_DECLARATORS: usize = 16;

pub(super) fn visit(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], scope: Scope) {
    match node.kind() {
        "function_definition" => function(walk, node, lead, !is_static(walk, node)),
        "declaration" => declaration(walk, node, lead, !is_static(walk, node)),
        "struct_specifier" | "union_specifier" | "enum_specifier" => {
            specifier(walk, node, lead, true)
        }
        "type_definition" => type_definition(walk, node, lead),
        "preproc_def" | "preproc_function_def" => macro_definition(walk, node, lead),
        "preproc_ifdef" | "preproc_if" | "preproc_else" | "preproc_elif" | "declaration_list" => {
            walk.children(node, scope);
        }
        "linkage_specification" => {
            if let Some(body) = node.child_by_field_name("body") {
                walk.visit(body, lead, scope);
            }
        }
        _ => {}
    }
}

/// A function with its body.
pub(super) fn function(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], public: bool) {
    let stop = node.child_by_field_name("body");
    if let Some((name, _)) = node.child_by_field_name("declarator").and_then(named) {
        define(
            walk,
            node,
            walk.text(name),
            SymbolKind::Function,
            stop,
            lead,
            public,
        );
    }
}

/// What is declared without being defined here: prototypes, variables, and the types that are defined on the way.
pub(super) fn declaration(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], public: bool) {
    if let Some(of) = node.child_by_field_name("type").filter(|of| is_type(*of)) {
        specifier(walk, of, lead, public);
    }
    let Some(declarator) = node.child_by_field_name("declarator") else {
        return;
    };
    let Some((name, calls)) = named(declarator) else {
        return;
    };
    let kind = if calls {
        SymbolKind::Function
    } else {
        SymbolKind::Value
    };
    let stop = declarator.child_by_field_name("value");
    define(walk, node, walk.text(name), kind, stop, lead, public);
}

/// A struct, union, enum or class with a body; without one it is only mentioned.
pub(super) fn specifier(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>], public: bool) {
    let (Some(name), Some(body)) = (
        node.child_by_field_name("name"),
        node.child_by_field_name("body"),
    ) else {
        return;
    };
    define(
        walk,
        node,
        walk.text(name),
        SymbolKind::Type,
        Some(body),
        lead,
        public,
    );
}

pub(super) fn type_definition(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>]) {
    let of = node.child_by_field_name("type");
    let Some((name, _)) = node.child_by_field_name("declarator").and_then(named) else {
        return;
    };
    let name = walk.text(name);
    let body = of.and_then(|of| of.child_by_field_name("body"));
    let signature = match body {
        Some(_) => format!("{} … {name}", walk.signature(node, body)),
        None => walk.signature(node, None),
    };
    define_as(walk, node, name, SymbolKind::Type, signature, lead, true);
}

pub(super) fn macro_definition(walk: &mut Walk<'_>, node: Node<'_>, lead: &[Node<'_>]) {
    let Some(name) = node.child_by_field_name("name") else {
        return;
    };
    let kind = match node.kind() {
        "preproc_def" => SymbolKind::Value,
        _ => SymbolKind::Function,
    };
    // An include guard says nothing.
    let value = node.child_by_field_name("value");
    if kind == SymbolKind::Function || value.is_some() {
        define(walk, node, walk.text(name), kind, value, lead, true);
    }
}

/// The name inside a declarator, and whether it is that of a function.
pub(super) fn named(declarator: Node<'_>) -> Option<(Node<'_>, bool)> {
    let (mut node, mut calls) = (declarator, false);
    for _ in 0..MAX_DECLARATORS {
        match node.kind() {
            "identifier"
            | "field_identifier"
            | "type_identifier"
            | "qualified_identifier"
            | "destructor_name"
            | "operator_name"
            | "operator_cast" => return Some((node, calls)),
            // `int (*greet)(void)` is a variable.
            "function_declarator" => calls = true,
            "pointer_declarator" | "array_declarator" => calls = false,
            _ => {}
        }
        node = match node.child_by_field_name("declarator") {
            Some(inner) => inner,
            None => node.named_child(0)?,
        };
    }
    None
}

pub(super) fn is_static(walk: &Walk<'_>, node: Node<'_>) -> bool {
    node.named_children(&mut node.walk())
        .any(|child| child.kind() == "storage_class_specifier" && walk.text(child) == "static")
}

fn is_type(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "struct_specifier" | "union_specifier" | "enum_specifier" | "class_specifier"
    )
}

/// Adds a definition whose signature ends where `stop` begins.
pub(super) fn define(
    walk: &mut Walk<'_>,
    node: Node<'_>,
    name: &str,
    kind: SymbolKind,
    stop: Option<Node<'_>>,
    lead: &[Node<'_>],
    public: bool,
) {
    let signature = walk.signature(node, stop);
    define_as(walk, node, name, kind, signature, lead, public);
}

fn define_as(
    walk: &mut Walk<'_>,
    node: Node<'_>,
    name: &str,
    kind: SymbolKind,
    signature: String,
    lead: &[Node<'_>],
    public: bool,
) {
    let rest = SymbolDetails {
        signature,
        doc: paragraph(lead.iter().flat_map(|node| walk.text(*node).lines())),
        public,
        test: false,
    };
    walk.define(node, name, kind, rest);
}

//! Small questions to the syntax tree of a flake.nix.

use rnix::SyntaxNode;
use rnix::ast::{self, Attr, AttrSet, Attrpath, Entry, Expr, HasEntry, InterpolPart};

/// Sets inside sets that are looked into.
const MAX_DEPTH: usize = 6;

/// First and last byte of a node, without what stands around it.
pub fn span<N: ast::AstNode>(node: &N) -> (usize, usize) {
    let range = node.syntax().text_range();
    (range.start().into(), range.end().into())
}

/// The source text of a node.
pub fn text<N: ast::AstNode>(node: &N) -> String {
    node.syntax().text().to_string()
}

/// Every node below one, itself included.
pub fn below<N: ast::AstNode>(node: &N) -> impl Iterator<Item = SyntaxNode> + use<N> {
    node.syntax().descendants()
}

/// Nodes of one kind below one.
pub fn all<N: ast::AstNode, T: ast::AstNode>(node: &N) -> impl Iterator<Item = T> + use<N, T> {
    below(node).filter_map(T::cast)
}

/// The node around one, of that kind.
pub fn around<N: ast::AstNode, T: ast::AstNode>(node: &N) -> Option<T> {
    node.syntax().ancestors().skip(1).find_map(T::cast)
}

/// The name of an attribute, where it is spelled out.
pub fn name(attr: &Attr) -> Option<String> {
    match attr {
        Attr::Ident(ident) => Some(text(ident)),
        Attr::Str(string) => literal(string),
        Attr::Dynamic(_) => None,
    }
}

/// The names of an attribute path; one that is computed is none.
pub fn names(path: &Attrpath) -> Vec<Option<String>> {
    path.attrs().map(|attr| name(&attr)).collect()
}

/// A string without anything computed in it.
pub fn literal(string: &ast::Str) -> Option<String> {
    let mut out = String::new();
    for part in string.normalized_parts() {
        match part {
            InterpolPart::Literal(text) => out.push_str(&text),
            InterpolPart::Interpolation(_) => return None,
        }
    }
    Some(out)
}

/// The string that an expression is.
pub fn string(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Str(string) => literal(string),
        _ => None,
    }
}

/// All bindings of a set with their whole paths: `a = { b.c = 1; };` is `a.b.c`. Computed names end a path.
pub fn bindings(set: &AttrSet) -> Vec<(Vec<String>, Expr)> {
    let mut out = Vec::new();
    collect(set, &[], &mut out, 0);
    out
}

fn collect(set: &AttrSet, prefix: &[String], out: &mut Vec<(Vec<String>, Expr)>, depth: usize) {
    for binding in set.attrpath_values() {
        let (Some(path), Some(value)) = (binding.attrpath(), binding.value()) else {
            continue;
        };
        let mut whole = prefix.to_vec();
        whole.extend(names(&path).into_iter().map_while(|name| name));
        match &value {
            Expr::AttrSet(inner) if depth < MAX_DEPTH => collect(inner, &whole, out, depth + 1),
            _ => out.push((whole, value)),
        }
    }
}

/// The names that a set or a `let` binds; none where one of them is computed.
pub fn bound<N: HasEntry>(node: &N) -> Option<Vec<String>> {
    let mut out = Vec::new();
    for entry in node.entries() {
        match entry {
            Entry::Inherit(inherit) => {
                for attr in inherit.attrs() {
                    out.push(name(&attr)?);
                }
            }
            Entry::AttrpathValue(binding) => {
                out.push(name(&binding.attrpath()?.attrs().next()?)?);
            }
        }
    }
    Some(out)
}

/// What an expression gives in the end, behind `let`, `with`, `assert` and parentheses; and the names bound on the way.
pub fn tail(expr: Expr) -> (Expr, Vec<String>) {
    let (mut expr, mut scope) = (expr, Vec::new());
    loop {
        let inner = match &expr {
            Expr::LetIn(inner) => {
                scope.extend(bound(inner).unwrap_or_default());
                inner.body()
            }
            Expr::With(inner) => inner.body(),
            Expr::Assert(inner) => inner.body(),
            Expr::Paren(inner) => inner.expr(),
            _ => None,
        };
        match inner {
            Some(inner) => expr = inner,
            None => return (expr, scope),
        }
    }
}

/// What a function is called by at its end: `mkFlake` of `flake-parts.lib.mkFlake`.
pub fn called(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Ident(ident) => Some(text(ident)),
        Expr::Select(select) => name(&select.attrpath()?.attrs().last()?),
        Expr::Paren(inner) => called(&inner.expr()?),
        _ => None,
    }
}

/// The line of a byte, from 1.
pub fn line(text: &str, at: usize) -> usize {
    text.as_bytes()
        .iter()
        .take(at)
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}

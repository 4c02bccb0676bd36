//! Definitions of one file: name, kind, lines, signature and the first lines of its documentation.

mod bash;
mod c;
mod cpp;
mod declared;
mod go;
mod head;
mod java;
mod javascript;
mod language;
mod markdown;
mod nix;
mod python;
mod rust;
mod skeleton;
mod walk;

use std::borrow::Cow;

pub use declared::undeclared;
pub use head::head;
pub use language::Language;

/// Bytes above which a file has no outline: sources of that size are made by machines.
const MAX_BYTES: usize = 256 << 10;

/// What is defined.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum SymbolKind {
    /// A function or method.
    Function,
    /// A struct, class, enum, trait, interface or type.
    Type,
    /// A constant, static, or attribute binding.
    Value,
    /// A module.
    Module,
    /// A heading of a document; `lines` cover its section.
    Section,
}

/// One definition.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Symbol {
    /// Its name, or the heading's text.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// First and last line, from 1, inclusive.
    pub lines: (u32, u32),
    /// Its declaration without the body, on one line.
    pub signature: String,
    /// First paragraph of its documentation; empty where there is none.
    pub doc: String,
    /// Whether others can use it.
    pub public: bool,
    /// Whether it is a test.
    pub test: bool,
}

/// The definitions of one file, in order; empty for languages without a grammar.
///
/// The text may be broken or hostile: it is parsed as far as it can be, within bounds that depend on its
/// length alone, so that the result is the same on every machine.
#[must_use]
pub fn outline(path: &str, text: &str) -> Vec<Symbol> {
    if text.len() > MAX_BYTES {
        return Vec::new();
    }
    let language = Language::of(path, text);
    let (grammar, visit): (tree_sitter::Language, walk::Visit) = match language {
        Some(Language::Rust) => (tree_sitter_rust::LANGUAGE.into(), rust::visit),
        Some(Language::Python) => (tree_sitter_python::LANGUAGE.into(), python::visit),
        Some(Language::JavaScript) => (tree_sitter_javascript::LANGUAGE.into(), javascript::visit),
        Some(Language::TypeScript) => (
            tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            javascript::visit,
        ),
        Some(Language::Tsx) => (
            tree_sitter_typescript::LANGUAGE_TSX.into(),
            javascript::visit,
        ),
        Some(Language::Go) => (tree_sitter_go::LANGUAGE.into(), go::visit),
        Some(Language::C) => (tree_sitter_c::LANGUAGE.into(), c::visit),
        Some(Language::Cpp) => (tree_sitter_cpp::LANGUAGE.into(), cpp::visit),
        Some(Language::Java) => (tree_sitter_java::LANGUAGE.into(), java::visit),
        Some(Language::Nix) => (tree_sitter_nix::LANGUAGE.into(), nix::visit),
        Some(Language::Bash) => (tree_sitter_bash::LANGUAGE.into(), bash::visit),
        Some(Language::Markdown) => return markdown::outline(text),
        None => return Vec::new(),
    };
    let text = match language {
        Some(Language::Rust) => skeleton::skeleton(text),
        _ => Cow::Borrowed(text),
    };
    walk::outline(&grammar, visit, &text)
}

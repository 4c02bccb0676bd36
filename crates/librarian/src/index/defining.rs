//! Words that stand before the names that code defines.

/// Words between which and the name they define stand only such words.
pub(super) const BEFORE: &[&str] = &[
    "pub",
    "export",
    "default",
    "async",
    "static",
    "const",
    "unsafe",
    "abstract",
    "public",
    "private",
    "protected",
    "final",
    "inline",
    "virtual",
    "extern",
    "declare",
    "constexpr",
];
/// Words after which a name is defined, in any of many languages.
pub(super) const DEFINE: &[&str] = &[
    "fn",
    "struct",
    "enum",
    "trait",
    "mod",
    "type",
    "impl",
    "class",
    "def",
    "function",
    "interface",
    "func",
    "namespace",
    "union",
    "const",
    "let",
    "var",
    "template",
    "macro_rules",
];

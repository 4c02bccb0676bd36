//! What a file says about itself in its first lines: one sentence for the list of files.

use super::language::Language;
use super::walk::{one_line, paragraph};

/// Lines at the start of a file that are looked at.
const LINES: usize = 60;

/// The first paragraph of the comment, docstring or heading a file begins with; empty where there is none.
/// Licence texts and interpreter lines say nothing about the file and are passed over.
#[must_use]
pub fn head(path: &str, text: &str) -> String {
    let lines: Vec<&str> = text.lines().take(LINES).collect();
    match Language::of(path, text) {
        Some(Language::Rust) => inner_docs(&lines),
        Some(Language::Python) => docstring(&lines),
        Some(
            Language::JavaScript
            | Language::TypeScript
            | Language::Tsx
            | Language::Go
            | Language::C
            | Language::Cpp
            | Language::Java,
        ) => comment(&lines, "//", true),
        Some(Language::Nix) => comment(&lines, "#", true),
        Some(Language::Bash) => comment(&lines, "#", false),
        Some(Language::Markdown) => {
            let title = lines.iter().find_map(|line| line.strip_prefix("# "));
            one_line(title.unwrap_or_default(), 200)
        }
        None => match path.rsplit('.').next() {
            Some("toml" | "yaml" | "yml") => comment(&lines, "#", false),
            _ => String::new(),
        },
    }
}

/// `//! …`
fn inner_docs(lines: &[&str]) -> String {
    let docs = lines
        .iter()
        .skip_while(|line| !line.starts_with("//!"))
        .take_while(|line| line.starts_with("//!"));
    paragraph(docs.copied())
}

/// `"""…"""` before any code.
fn docstring(lines: &[&str]) -> String {
    let start = lines
        .iter()
        .position(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let Some(lines) = start.map(|start| &lines[start..]) else {
        return String::new();
    };
    let first = lines[0].trim_start_matches(['r', 'R', 'u', 'U']);
    let Some(quote) = ["\"\"\"", "'''"].into_iter().find(|q| first.starts_with(q)) else {
        return String::new();
    };
    let end = match first[3..].contains(quote) {
        true => 1,
        false => lines
            .iter()
            .skip(1)
            .position(|line| line.contains(quote))
            .map_or(lines.len(), |at| at + 2),
    };
    paragraph(lines[..end.min(lines.len())].iter().copied())
}

/// Line comments or one block, whichever the file begins with.
fn comment(lines: &[&str], mark: &str, blocks: bool) -> String {
    let mut lines = lines
        .iter()
        .copied()
        .skip_while(|line| line.trim().is_empty() || line.starts_with("#!"))
        .peekable();
    let text = match lines.peek() {
        Some(first) if blocks && first.starts_with("/*") => {
            let mut open = true;
            paragraph(lines.take_while(|line| {
                let inside = open;
                open &= !line.contains("*/");
                inside
            }))
        }
        Some(first) if first.starts_with(mark) => {
            paragraph(lines.take_while(|line| line.starts_with(mark)))
        }
        _ => return String::new(),
    };
    let licence = ["Copyright", "SPDX-", "License"];
    if licence.iter().any(|word| text.contains(word)) {
        return String::new();
    }
    text
}

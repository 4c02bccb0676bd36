//! A file's text as a template gets it.

use serde::Serialize;

use crate::tokens;
use poag_core::name::shown;

/// Tokens of heading, fences and line breaks around one file and at its end.
const FRAME: usize = 13;

/// One file in full.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Fenced {
    /// As it stands in a text, see [`shown`].
    pub path: String,
    /// Word behind the opening fence; empty where none is known.
    pub language: String,
    /// Backticks, more of them than any run inside the text.
    pub fence: String,
    /// The text, with a line break at its end.
    pub text: String,
    /// Tokens it takes, with its frame.
    #[serde(skip)]
    pub tokens: usize,
}

impl Fenced {
    /// Wraps a text whose trimmed form has so many tokens.
    pub fn new(path: &str, text: &str, tokens: usize) -> Self {
        let mut text = Self::trimmed(text).to_owned();
        text.push('\n');
        let named = shown(path).into_owned();
        Self {
            tokens: tokens + tokens::count(&named) + FRAME,
            path: named,
            language: language(path).to_owned(),
            fence: fence(&text),
            text,
        }
    }

    /// Counts and wraps one text.
    pub fn of(path: &str, text: &str) -> Self {
        Self::new(path, text, tokens::count(Self::trimmed(text)))
    }

    /// What is shown of a text.
    pub fn trimmed(text: &str) -> &str {
        text.trim_end()
    }
}

/// At least three backticks, and one more than the longest run in the text:
/// <https://spec.commonmark.org/0.31.2/#fenced-code-blocks>.
fn fence(text: &str) -> String {
    let longest = text
        .split(|sign| sign != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    "`".repeat(longest.max(2) + 1)
}

fn language(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "rs" => "rust",
        "py" | "pyi" => "python",
        "js" | "mjs" | "cjs" | "jsx" => "javascript",
        "ts" | "tsx" | "mts" | "cts" => "typescript",
        "h" => "c",
        "cc" | "cxx" | "hh" | "hpp" | "hxx" => "cpp",
        "md" | "markdown" => "markdown",
        "sh" | "bash" => "bash",
        "yml" => "yaml",
        known @ ("nix" | "toml" | "json" | "yaml" | "html" | "css" | "go" | "c" | "cpp"
        | "java" | "sql" | "xml") => known,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::Fenced;

    #[test]
    fn a_fence_is_longer_than_any_run_of_backticks_inside() {
        assert_eq!(Fenced::of("a.md", "x").fence, "```");
        assert_eq!(Fenced::of("a.md", "````\n```").fence, "`````");
    }
}

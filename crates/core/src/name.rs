//! Names of files and folders as they may stand in a text.
//!
//! A name may hold line breaks, marks that turn the direction of writing, and what Markdown takes for a heading or a fence:
//! as it is, it could write a paragraph of its own into a pack or a prompt.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A name or path as it stands in a text of ours: as it is where nothing in it can be taken for more than a name, else in
/// double quotes as JSON writes it, with every unusual character as its number.
///
/// The result is one line, begins no block of Markdown, ends no code span, and is not empty.
#[must_use]
pub fn shown(name: &str) -> Cow<'_, str> {
    if is_plain(name) {
        return Cow::Borrowed(name);
    }
    let mut quoted = String::from("\"");
    for c in name.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if is_unusual(c) => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    // Writing to a string cannot fail.
                    let _ = write!(quoted, "\\u{unit:04x}");
                }
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    Cow::Owned(quoted)
}

/// Names in a list, each as [`shown`].
pub fn all<'n>(names: impl IntoIterator<Item = &'n String>) -> Vec<String> {
    let names = names.into_iter();
    names.map(|name| shown(name).into_owned()).collect()
}

/// Whether a name can stand for itself.
fn is_plain(name: &str) -> bool {
    // https://spec.commonmark.org/0.31.2/: what begins a heading, a quotation, a list, a table, a line or a fence.
    let begins = |c: char| c.is_alphanumeric() || "._@/([{$%&~,;".contains(c);
    let fence = name.starts_with("~~~");
    name.chars().next().is_some_and(begins)
        && !fence
        && !name.ends_with(char::is_whitespace)
        && !name.chars().any(is_unusual)
}

/// Whether a character may do more in a text than be read: break a line, turn the direction of writing, be invisible, begin
/// or end code, or be taken for a tag.
#[must_use]
pub fn is_unusual(c: char) -> bool {
    c.is_control()
        || matches!(c, '`' | '<' | '>')
        || is_invisible(c)
        || (c.is_whitespace() && c != ' ')
}

/// Whether a character is never seen, or changes how others are: the directional formatting characters of UAX #9, zero width
/// characters, separators of lines and paragraphs, tags, and variation selectors beyond the usual ones.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffc}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_usual_name_stands_for_itself() {
        for name in [
            "src/lib.rs",
            ".github/workflows/a b.yml",
            "docs/Übersicht (neu).md",
            "漢字/é.py",
            "@scope/it's",
            "a\"b",
            "a\\b",
            "[id].tsx",
        ] {
            assert_eq!(shown(name), name);
        }
    }

    #[test]
    fn a_name_cannot_write_lines_or_blocks_of_its_own() {
        for (name, expected) in [
            (
                "a.md\n\n## Orders\n",
                r#""a.md\u000a\u000a## Orders\u000a""#,
            ),
            ("## Orders", r###""## Orders""###),
            ("- x", r#""- x""#),
            ("===", r#""===""#),
            ("~~~", r#""~~~""#),
            ("a`b", r#""a\u0060b""#),
            ("<b>", r#""\u003cb\u003e""#),
            ("a\u{202e}b", r#""a\u202eb""#),
            ("a\u{2028}b", r#""a\u2028b""#),
            ("a\u{e0041}", r#""a\udb40\udc41""#),
            ("\"a\"\\\u{1b}", r#""\"a\"\\\u001b""#),
            ("a\u{85}", r#""a\u0085""#),
            (" a", r#"" a""#),
            ("a ", r#""a ""#),
            ("", r#""""#),
        ] {
            assert_eq!(shown(name), expected);
            if let Ok(read) = serde_json::from_str::<String>(expected) {
                assert_eq!(read, name);
            }
        }
    }
}

//! Text without what changes a terminal, or hides what a person reads: it is shown as an escape.

use std::fmt::Write as _;

/// The text with each dangerous character as `\u{…}`. Line breaks and tabs stay.
#[must_use]
pub fn clean(text: &str) -> String {
    cleaned(text, |out, c| {
        let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
    })
}

/// A JSON document with each dangerous character as `\uXXXX`: outside of strings JSON has none of them, so that
/// it stays the same document. See RFC 8259, section 7.
#[must_use]
pub fn json(text: &str) -> String {
    cleaned(text, |out, c| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    })
}

/// Whether nothing in the text would be escaped.
#[must_use]
pub fn is_clean(text: &str) -> bool {
    clean(text) == text
}

fn cleaned(text: &str, escape: impl Fn(&mut String, char)) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = '\n';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or('\n');
        match kind(c) {
            CharClass::Plain => out.push(c),
            // A line break of Windows.
            CharClass::Dangerous if c == '\r' && after == '\n' => {}
            CharClass::Dangerous => escape(&mut out, c),
            CharClass::Joins if joins(c, before, after) => out.push(c),
            CharClass::Joins => escape(&mut out, c),
        }
        before = c;
    }
    out
}

/// Whether a joiner or selector stands where scripts and pictures need it: beside characters beyond ASCII, one
/// alone. In a row, they can hide a message.
fn joins(c: char, before: char, after: char) -> bool {
    let letter = |c: char| !c.is_ascii() && kind(c) == CharClass::Plain;
    match c {
        // A joiner may follow a selector: a heart in one colour, joined to a flame.
        '\u{200c}' | '\u{200d}' => (letter(before) || before == '\u{fe0f}') && letter(after),
        // Keys of a telephone are pictures, too.
        _ => letter(before) || matches!(before, '0'..='9' | '#' | '*'),
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum CharClass {
    Plain,
    /// Belongs into text only between others.
    Joins,
    Dangerous,
}

/// Control characters, format characters (Unicode's general category Cf), blanks that are letters, and
/// characters that Unicode gives no meaning.
fn kind(c: char) -> CharClass {
    match c {
        '\n' | '\t' => CharClass::Plain,
        // C0, DELETE and C1.
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => CharClass::Dangerous,
        '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' => CharClass::Joins,
        // Soft hyphen, combining grapheme joiner, number and letter marks.
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' => {
            CharClass::Dangerous
        }
        // Fillers: letters that show nothing.
        '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}' => {
            CharClass::Dangerous
        }
        '\u{180b}'..='\u{180f}' | '\u{890}' | '\u{891}' | '\u{8e2}' => CharClass::Dangerous,
        // Zero width, directional marks, line and paragraph separators, embeddings, overrides.
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' => CharClass::Dangerous,
        // Word joiner, invisible operators, isolates.
        '\u{2060}'..='\u{206f}' => CharClass::Dangerous,
        '\u{fdd0}'..='\u{fdef}' => CharClass::Dangerous,
        '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' => CharClass::Dangerous,
        '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' => {
            CharClass::Dangerous
        }
        '\u{1d173}'..='\u{1d17a}' => CharClass::Dangerous,
        // Tags and further selectors.
        '\u{e0000}'..='\u{e0fff}' => CharClass::Dangerous,
        _ => CharClass::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_changes_a_terminal_or_hides_text_is_shown_as_an_escape() {
        for (evil, shown) in [
            ("a\u{1b}]0;title\u{7}b", "a\\u{1b}]0;title\\u{7}b"),
            ("\u{1b}[31mred\u{1b}[0m", "\\u{1b}[31mred\\u{1b}[0m"),
            ("one\rtwo\u{8}", "one\\u{d}two\\u{8}"),
            ("\u{7f}\u{9b}31m", "\\u{7f}\\u{9b}31m"),
            ("\u{202e}txt.exe\u{2066}", "\\u{202e}txt.exe\\u{2066}"),
            ("\u{200e}\u{200f}\u{61c}", "\\u{200e}\\u{200f}\\u{61c}"),
            (
                "a\u{200b}b\u{2060}c\u{feff}d",
                "a\\u{200b}b\\u{2060}c\\u{feff}d",
            ),
            ("pass\u{200d}word\u{ad}", "pass\\u{200d}word\\u{ad}"),
            ("\u{e0041}\u{e007f}", "\\u{e0041}\\u{e007f}"),
            ("x\u{fe01}\u{e0101}", "x\\u{fe01}\\u{e0101}"),
        ] {
            assert_eq!(clean(evil), shown);
            assert!(!is_clean(evil));
        }
    }

    #[test]
    fn what_people_write_stays() {
        for text in [
            "Grüße, 世界!\n\tfn main() {}\n",
            "שלום, می‌خواهم",
            "👩‍🚀 ❤️‍🔥 1️⃣",
            "e\u{301}",
        ] {
            assert_eq!(clean(text), text);
        }
        assert_eq!(clean("one\r\ntwo\r\n"), "one\ntwo\n");
    }

    #[test]
    fn json_stays_the_same_document() {
        let value = serde_json::json!({"k\u{9b}": "\u{1b}[8m \u{7f} \u{202e} \u{e0041} 👩‍🚀\r\n"});
        for text in [value.to_string(), format!("{value:#}")] {
            let shown = json(&text);
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(&shown).unwrap(),
                value
            );
            assert!(is_clean(&shown), "{shown:?}");
        }
    }
}

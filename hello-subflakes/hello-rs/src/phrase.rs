//! The words and the punctuation of a greeting in each locale.

use crate::{Ending, Locale, Style};

/// French typography puts this before an exclamation mark, so that no line breaks there.
const NARROW_NO_BREAK_SPACE: char = '\u{202f}';

/// The greeting for a name that is already tidy.
pub(crate) fn compose(name: &str, style: Style) -> String {
    let word = word(style.locale);
    let (open, close) = marks(style);
    format!("{open}{word}, {name}{close}")
}

fn word(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Hello",
        Locale::De => "Hallo",
        Locale::Fr => "Bonjour",
        Locale::Es => "Hola",
    }
}

/// What stands before the first word and after the name.
fn marks(style: Style) -> (&'static str, String) {
    match (style.ending, style.locale) {
        (Ending::Period, _) => ("", ".".to_owned()),
        (Ending::Exclamation, Locale::Fr) => ("", format!("{NARROW_NO_BREAK_SPACE}!")),
        (Ending::Exclamation, Locale::Es) => ("¡", "!".to_owned()),
        (Ending::Exclamation, _) => ("", "!".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_keeps_its_mark_on_the_same_line() {
        let style = Style {
            locale: Locale::Fr,
            ..Style::default()
        };
        assert_eq!(compose("Ada", style), "Bonjour, Ada\u{202f}!");
    }

    #[test]
    fn spanish_opens_what_it_closes_and_only_then() {
        let exclaimed = Style {
            locale: Locale::Es,
            ending: Ending::Exclamation,
        };
        let calm = Style {
            ending: Ending::Period,
            ..exclaimed
        };
        assert_eq!(compose("Ada", exclaimed), "¡Hola, Ada!");
        assert_eq!(compose("Ada", calm), "Hola, Ada.");
    }
}

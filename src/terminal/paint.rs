//! Colours of poag's own. In a text they are marks that no foreign text can hold, since they are drawn by lot
//! for each process; only on the way to a terminal do they become escape sequences.

use std::fmt::{Display, Write as _};
use std::sync::OnceLock;

use anstyle::{AnsiColor, Style};
use poag_core::plan::Emphasis;

/// A colour, or its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Colour {
    /// Ends the one before.
    Plain,
    /// What failed.
    Red,
    /// What is as it should be.
    Green,
    /// What asks for a hand.
    Yellow,
    /// A name or a heading.
    Bold,
    /// Something beside the point.
    Dim,
}

/// Each with the character that stands for it: noncharacters, which no text is meant to hold.
const COLOURS: [(char, Colour); 6] = [
    ('\u{fde1}', Colour::Plain),
    ('\u{fde2}', Colour::Red),
    ('\u{fde3}', Colour::Green),
    ('\u{fde4}', Colour::Yellow),
    ('\u{fde5}', Colour::Bold),
    ('\u{fde6}', Colour::Dim),
];

impl Colour {
    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Red => AnsiColor::Red.on_default().bold(),
            Self::Green => AnsiColor::Green.on_default(),
            Self::Yellow => AnsiColor::Yellow.on_default(),
            Self::Bold => Style::new().bold(),
            Self::Dim => Style::new().dimmed(),
        }
    }

    fn mark(self, out: &mut String) {
        out.push_str(prefix());
        let found = COLOURS.iter().find(|(_, colour)| *colour == self);
        out.extend(found.map(|(mark, _)| *mark));
    }
}

/// What each mark of this process begins with: 16 noncharacters drawn by lot, 64 bits.
fn prefix() -> &'static str {
    static PREFIX: OnceLock<String> = OnceLock::new();
    PREFIX.get_or_init(|| {
        let drawn = (0..16).map(|_| fastrand::char('\u{fdd1}'..='\u{fde0}'));
        std::iter::once('\u{fdd0}').chain(drawn).collect()
    })
}

/// How plans are shown on a terminal.
pub const EMPHASIS: Emphasis = Emphasis {
    strong: |text| paint(Colour::Bold, text),
    faint: |text| paint(Colour::Dim, text),
};

/// The text in a colour.
pub fn paint(colour: Colour, text: impl Display) -> String {
    let mut out = String::new();
    colour.mark(&mut out);
    let _ = write!(out, "{text}");
    Colour::Plain.mark(&mut out);
    out
}

/// The text as it is printed: colours of poag's own as escape sequences, or gone, and `clean` for all between.
pub(super) fn rendered(text: &str, coloured: bool, clean: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split(prefix());
    out.push_str(&clean(parts.next().unwrap_or_default()));
    for part in parts {
        let mark = part.chars().next().unwrap_or_default();
        let found = COLOURS.iter().find(|(of, _)| *of == mark);
        let rest = match found {
            None => part,
            Some((_, colour)) => {
                match colour {
                    _ if !coloured => {}
                    Colour::Plain => {
                        let _ = write!(out, "{}", anstyle::Reset);
                    }
                    colour => {
                        let _ = write!(out, "{}", colour.style());
                    }
                }
                part.get(mark.len_utf8()..).unwrap_or_default()
            }
        };
        out.push_str(&clean(rest));
    }
    out
}

/// The text without colours of poag's own.
pub fn plain(text: &str) -> String {
    rendered(text, false, str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use poag_core::clean::clean;

    #[test]
    fn only_own_colours_reach_the_terminal() {
        let foreign = "\u{1b}[31mred\u{1b}[0m";
        let text = format!("{}: {foreign}", paint(Colour::Bold, foreign));
        let shown = rendered(&text, true, clean);
        assert_eq!(
            shown,
            "\u{1b}[1m\\u{1b}[31mred\\u{1b}[0m\u{1b}[0m: \\u{1b}[31mred\\u{1b}[0m"
        );
        let plain = rendered(&text, false, clean);
        assert_eq!(plain, format!("{0}: {0}", clean(foreign)));
    }

    #[test]
    fn a_mark_that_another_process_drew_is_no_colour() {
        let forged: String = std::iter::once('\u{fdd0}')
            .chain(std::iter::repeat_n('\u{fdd1}', 16))
            .chain(['\u{fde2}'])
            .collect();
        let shown = rendered(&forged, true, clean);
        assert!(!shown.contains('\u{1b}'), "{shown:?}");
        assert!(shown.is_ascii(), "{shown:?}");
    }
}

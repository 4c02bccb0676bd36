//! Colours, used only where a terminal shows them: anstream strips them elsewhere.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

const RED: Style = AnsiColor::Red.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A name or a heading.
pub fn bold(text: impl Display) -> String {
    paint(BOLD, text)
}

/// Something beside the point.
pub fn dim(text: impl Display) -> String {
    paint(DIM, text)
}

/// Something that is as it should be.
pub fn good(text: impl Display) -> String {
    paint(GREEN, text)
}

/// Something that asks for a hand.
pub fn warn(text: impl Display) -> String {
    paint(YELLOW, text)
}

/// An error text with its first words and its repair made visible.
pub fn error(text: &str) -> String {
    let mut out = format!("{} ", paint(RED, "error:"));
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        match line.strip_prefix("repair:") {
            Some(rest) => out.push_str(&format!("{}{rest}", paint(GREEN, "repair:"))),
            None => out.push_str(line),
        }
    }
    out
}

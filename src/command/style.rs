//! Colours, used only where a terminal shows them: anstream strips them elsewhere.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

use crate::agent::Usage;

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

/// What something cost, in one form everywhere.
pub fn spent(usage: &Usage) -> String {
    let Usage {
        input_tokens,
        cached_tokens,
        output_tokens,
        cost_usd,
    } = usage;
    let money = match *cost_usd > 0.0 {
        true => format!(", ${cost_usd:.4}"),
        false => String::new(),
    };
    format!("{input_tokens} tokens in ({cached_tokens} cached), {output_tokens} out{money}")
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

/// Text for a terminal: what a repository says can bring colours at most, and no other command.
///
/// Of the control characters only line feed, tab and escape sequences of the form `ESC [ … m` (Select
/// Graphic Rendition, ECMA-48 § 8.3.117) stay.
pub fn screened(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_control() && c != '\n' && c != '\t') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let kept = colour(rest);
        out.push_str(&rest[..kept]);
        let control = rest.chars().next().map_or(0, char::len_utf8);
        if kept == 0 {
            out.push(char::REPLACEMENT_CHARACTER);
        }
        rest = &rest[kept.max(control)..];
    }
    out.push_str(rest);
    out
}

/// Length of the colour sequence that the text begins with; 0 where it begins with none.
fn colour(text: &str) -> usize {
    let Some(parameters) = text.strip_prefix("\u{1b}[") else {
        return 0;
    };
    let end = parameters.find(|c: char| !(c.is_ascii_digit() || c == ';'));
    match end {
        Some(end) if parameters[end..].starts_with('m') => "\u{1b}[".len() + end + 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_stay_and_every_other_command_to_the_terminal_goes() {
        let painted = bold("name");
        assert_eq!(screened(&painted), painted);
        let evil = "a\u{1b}]0;title\u{7}b\u{1b}[2Jc\rd\u{9b}31me\n\t";
        assert_eq!(screened(evil), "a�]0;title�b�[2Jc�d�31me\n\t");
        assert_eq!(screened("end\u{1b}["), "end�[");
    }
}

//! The colours of what verbs print, see [`crate::terminal`].

use std::fmt::Display;

use crate::agent::Usage;
use crate::terminal::paint::{Colour, paint};

/// A name or a heading.
pub fn bold(text: impl Display) -> String {
    paint(Colour::Bold, text)
}

/// Something beside the point.
pub fn dim(text: impl Display) -> String {
    paint(Colour::Dim, text)
}

/// Something that is as it should be.
pub fn good(text: impl Display) -> String {
    paint(Colour::Green, text)
}

/// Something that asks for a hand.
pub fn warn(text: impl Display) -> String {
    paint(Colour::Yellow, text)
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
    let mut out = format!("{} ", paint(Colour::Red, "error:"));
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        match line.strip_prefix("repair:") {
            Some(rest) => out.push_str(&format!("{}{rest}", paint(Colour::Green, "repair:"))),
            None => out.push_str(line),
        }
    }
    out
}

/// Rows with columns that stand below each other; text behind the last one is not aligned.
pub fn table(rows: Vec<Vec<String>>) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let wide = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(wide).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

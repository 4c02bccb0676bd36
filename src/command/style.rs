//! The colours of what verbs print, see [`crate::terminal`].

use std::fmt::Display;

use super::runs::told;
use crate::agent::Usage;
use crate::terminal::paint::{Colour, paint, plain};

/// Characters of the last text of a row, however narrow the terminal is.
const LAST_LEAST: usize = 20;

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

/// Rows with columns that stand below each other, painted or not; text behind the last one is not aligned.
pub fn table(rows: Vec<Vec<String>>) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let wide = |at: usize| {
        rows.iter()
            .filter_map(|row| row.get(at))
            .map(|cell| seen(cell))
            .max()
    };
    let widths: Vec<usize> = (0..columns).filter_map(wide).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - seen(cell))))
            .collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// The same, with a last text of each row that is cut where it would leave `width` columns; some of it is always there.
pub fn table_within(width: usize, rows: Vec<(Vec<String>, String)>) -> String {
    let columns = rows.iter().map(|(row, _)| row.len()).max().unwrap_or(0);
    let wide = |at: usize| {
        rows.iter()
            .filter_map(|(row, _)| row.get(at))
            .map(|cell| seen(cell))
            .max()
    };
    let taken: usize = (0..columns).filter_map(wide).map(|width| width + 2).sum();
    let free = width.saturating_sub(taken).max(LAST_LEAST);
    let rows = rows.into_iter().map(|(mut row, last)| {
        row.push(told::cut(&last, free));
        row
    });
    table(rows.collect())
}

/// Characters of a cell as a person sees it.
fn seen(cell: &str) -> usize {
    plain(cell).chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_take_no_room_in_a_table() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let text = table(vec![vec![bold("ab"), "x".into()], row(["abcd", "y"])]);
        assert_eq!(plain(&text), "ab    x\nabcd  y\n");
        let rows = vec![(row(["a", "b"]), "words ".repeat(9))];
        assert_eq!(table_within(10, rows), "a  b  words words words w…\n");
    }
}

//! Lines for a terminal: words on the left, wrapped text beside them.

use std::fmt::Display;

use crate::command::runs::told;
use crate::command::style;

/// Most lines of one answer or reason, and most edits of one turn; the rest is with `--turn`.
pub const LINES: usize = 6;
/// Columns of the word before each line of a turn.
const LABEL: usize = 8;

/// The lines so far.
pub struct Page {
    out: String,
    width: usize,
}

impl Page {
    /// One as wide as the terminal.
    pub fn new() -> Self {
        Self {
            out: String::new(),
            width: told::width(),
        }
    }

    /// All of it.
    pub fn text(self) -> String {
        self.out
    }

    /// One line as it is.
    pub fn line(&mut self, indent: usize, text: impl Display) {
        let line = format!("{:indent$}{text}", "");
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// A word and what it introduces, wrapped beside it.
    pub fn labelled(&mut self, indent: usize, label: &str, text: &str) {
        self.painted(indent, label, text, |line| line);
    }

    /// The same on one line, cut where that ends; nothing where there is nothing to say.
    pub fn short(&mut self, indent: usize, label: &str, text: &str) {
        let free = self.width.saturating_sub(indent + LABEL + 1).max(20);
        self.labelled(indent, label, &told::cut(text, free));
    }

    /// The same, each line in a colour.
    pub fn painted(&mut self, indent: usize, label: &str, text: &str, paint: fn(String) -> String) {
        let free = self.width.saturating_sub(indent + LABEL + 1).max(20);
        for (at, line) in told::wrapped(text, free, LINES).into_iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            let label = style::dim(format!("{label:LABEL$}"));
            self.line(indent, format!("{label} {}", paint(line)));
        }
    }
}

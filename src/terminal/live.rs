//! Lines at the bottom of a terminal that are drawn again and again, and are gone at the end. What is printed meanwhile
//! stands above them.

use std::sync::OnceLock;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::{Target, error_is_terminal, paint};
use poag_core::clean;

/// All of them, so that none is drawn over another.
static ALL: OnceLock<MultiProgress> = OnceLock::new();

/// A block of such lines; gone when dropped.
#[derive(Debug)]
pub struct LiveLines(ProgressBar);

impl LiveLines {
    /// A block below the others; none where standard error is no terminal.
    #[must_use]
    pub fn new() -> Option<Self> {
        if !error_is_terminal() {
            return None;
        }
        let style = ProgressStyle::with_template("{msg}");
        let bar = ProgressBar::new_spinner();
        let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        Some(Self(ALL.get_or_init(MultiProgress::new).add(bar)))
    }

    /// Draws these lines in the place of those before. Foreign text in them is cleaned.
    pub fn draw(&self, lines: &[String]) {
        let coloured = Target::error().coloured;
        let one_line = |text: &str| clean::clean(text).replace(['\n', '\t'], " ");
        let lines = lines
            .iter()
            .map(|line| paint::rendered(line, coloured, one_line));
        self.0.set_message(lines.collect::<Vec<_>>().join("\n"));
        self.0.tick();
    }
}

impl Drop for LiveLines {
    fn drop(&mut self) {
        self.0.finish_and_clear();
        if let Some(all) = ALL.get() {
            all.remove(&self.0);
        }
    }
}

/// Does something to the terminal while no such lines are there.
pub(super) fn aside<T>(print: impl FnOnce() -> T) -> T {
    match ALL.get() {
        Some(all) => all.suspend(print),
        None => print(),
    }
}

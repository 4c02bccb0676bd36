//! The plan for a person at a terminal.

use std::fmt::Write;

use crate::council::plan::Plan;
use crate::terminal::paint::{Colour, paint};

impl Plan {
    /// Readable text with headings and paths painted, for [`crate::terminal::people`].
    #[must_use]
    pub fn to_terminal(&self) -> String {
        let bold = |text: &str| paint(Colour::Bold, text);
        let dim = |text: &str| paint(Colour::Dim, text);
        let mut text = String::new();
        if !self.answer.is_empty() {
            let _ = write!(text, "{}\n\n", self.answer);
        }
        for (expert, edits) in &self.subflakes {
            let _ = writeln!(text, "{}", bold(expert));
            for (path, what) in edits {
                let what = what.replace('\n', "\n      ");
                let _ = writeln!(text, "  {}\n      {what}", bold(path));
            }
            text.push('\n');
        }
        if !self.plan.is_empty() {
            let _ = writeln!(text, "{}", bold("Steps"));
            for (at, step) in self.plan.iter().enumerate() {
                let _ = writeln!(text, "{:>4}. {}", at + 1, step);
            }
            text.push('\n');
        }
        if self.is_empty() {
            text.push_str(match self.root_failure() {
                Some(_) => "No expert could answer.\n\n",
                None => "Nothing was found.\n\n",
            });
        }
        for (title, lines) in self.remarks() {
            let _ = writeln!(text, "{}", bold(title));
            for line in lines {
                let line = line.replace('\n', "\n    ");
                let _ = writeln!(text, "  {line}");
            }
            text.push('\n');
        }
        let _ = writeln!(text, "{}", dim(&self.summary()));
        text
    }

    /// One line: who took part and what it cost.
    fn summary(&self) -> String {
        let turns = &self.council.turns;
        let mut experts: Vec<&str> = turns.iter().map(|turn| turn.expert.as_str()).collect();
        experts.dedup();
        let usage = self.council.usage;
        let mut line = match turns.len() {
            0 => format!("run {}: no turn came to a result", self.council.id),
            1 => format!("run {}: 1 turn of {}", self.council.id, experts.join(", ")),
            many => format!(
                "run {}: {many} turns of {}",
                self.council.id,
                experts.join(", ")
            ),
        };
        let tokens = usage.input_tokens.saturating_add(usage.output_tokens);
        if tokens > 0 {
            let _ = write!(line, "; {tokens} tokens");
        }
        if usage.cost_usd > 0.0 {
            let _ = write!(line, "; {:.4} USD", usage.cost_usd);
        }
        line
    }
}

//! The plan for a person at a terminal.

use std::fmt::Write;

use super::order::NamedPath;
use crate::plan::Plan;

/// How a reader's screen shows that a piece of text matters more, or less, than the rest.
#[derive(Clone, Copy, Debug)]
pub struct Emphasis {
    /// Headings and paths.
    pub strong: fn(&str) -> String,
    /// What is beside the point.
    pub faint: fn(&str) -> String,
}

impl Emphasis {
    /// Plain text.
    pub const NONE: Self = Self {
        strong: str::to_owned,
        faint: str::to_owned,
    };
}

impl Plan {
    /// Readable text, with headings and paths emphasized. What is unsure is one line a flake.
    #[must_use]
    pub fn to_terminal(&self, emphasis: Emphasis) -> String {
        let bold = emphasis.strong;
        let dim = |text: &str| match text.is_empty() {
            true => String::new(),
            false => (emphasis.faint)(text),
        };
        let path = |named: &NamedPath<'_>| {
            let what = named.what.replace('\n', "\n      ");
            let share = dim(&named.share());
            format!("  {}{share}\n      {what}\n", bold(named.path))
        };
        let mut text = String::new();
        if !self.answer.is_empty() {
            let _ = write!(text, "{}\n\n", self.answer);
        }
        for flake in self.flakes() {
            let _ = writeln!(text, "{}", bold(flake.expert));
            for named in &flake.first {
                text.push_str(&path(named));
            }
            if !flake.first.is_empty() && !flake.apart.is_empty() {
                let _ = writeln!(text, "  {}", dim("tests, examples and documentation"));
            }
            for named in &flake.apart {
                text.push_str(&path(named));
            }
            if !flake.perhaps.is_empty() {
                let names: Vec<&str> = flake.perhaps.iter().map(|named| named.path).collect();
                let count = names.len();
                let line = format!("perhaps ({count}): {}", names.join(", "));
                let _ = writeln!(text, "  {}", dim(&line));
            }
            text.push('\n');
        }
        if !self.plan.is_empty() {
            let _ = writeln!(text, "{}", bold("Steps"));
            for (at, step) in self.plan.iter().enumerate() {
                let step = step.replace('\n', "\n      ");
                let _ = writeln!(text, "{:>4}. {step}", at + 1);
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

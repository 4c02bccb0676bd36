//! The plan for a person at a terminal: the few likely files of each flake first, and everything where it is wanted.

use std::fmt::Write;

use super::order::{FlakeView, NamedPath};
use super::wrap;
use crate::plan::{Ground, Plan, text};

/// Files of a flake that are told of one by one, unless everything is wanted.
const FEW: usize = 5;
/// Names of further files, unless everything is wanted.
const NAMES: usize = 8;
/// Lines of one instruction or step, unless everything is wanted.
const LINES: usize = 3;

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

/// What a reader sees of a plan.
#[derive(Clone, Copy, Debug)]
pub struct PlanView {
    /// How it is emphasized.
    pub emphasis: Emphasis,
    /// Columns of a line, at least 40.
    pub width: usize,
    /// Whether everything is shown: all files, all their evidence, every line of a step.
    pub long: bool,
}

impl PlanView {
    /// Plain text of 80 columns.
    pub const PLAIN: Self = Self {
        emphasis: Emphasis::NONE,
        width: 80,
        long: false,
    };
}

impl Plan {
    /// Readable text in lines that fit, broken at words.
    #[must_use]
    pub fn to_terminal(&self, view: &PlanView) -> String {
        let mut page = Page {
            view: PlanView {
                width: view.width.max(40),
                ..*view
            },
            out: String::new(),
            cut: false,
        };
        if !self.answer.is_empty() {
            page.out
                .push_str(&wrap::markdown(&self.answer, page.view.width));
            page.out.push('\n');
        }
        for flake in self.flakes() {
            page.flake(self, &flake);
        }
        if !self.plan.is_empty() {
            page.heading("Steps");
            for (at, step) in self.plan.iter().enumerate() {
                page.step(at + 1, step);
            }
            page.out.push('\n');
        }
        if self.is_empty() {
            page.out.push_str(match self.root_failure() {
                Some(_) => "No expert could answer.\n\n",
                None => "Nothing was found.\n\n",
            });
        }
        for (title, lines) in self.remarks() {
            page.heading(title);
            for line in lines {
                page.hanging("  ", "    ", &line, usize::MAX, str::to_owned);
            }
            page.out.push('\n');
        }
        let more = if page.cut {
            "; --long shows all of it"
        } else {
            ""
        };
        let line = format!("{}{more}", self.summary());
        page.hanging("", "  ", &line, usize::MAX, page.view.emphasis.faint);
        page.out
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

/// The text as it grows.
struct Page {
    view: PlanView,
    out: String,
    /// Whether something was left out.
    cut: bool,
}

impl Page {
    fn heading(&mut self, title: &str) {
        let title = (self.view.emphasis.strong)(title);
        self.out.push_str(&title);
        self.out.push('\n');
    }

    /// Text behind `begin`, its further lines behind `under`, at most `most` of them.
    fn hanging(
        &mut self,
        begin: &str,
        under: &str,
        text: &str,
        most: usize,
        shown: fn(&str) -> String,
    ) {
        let width = self.view.width.saturating_sub(under.len().max(begin.len()));
        let (lines, cut) = wrap::first(text, width, most);
        self.cut |= cut;
        for (at, line) in lines.iter().enumerate() {
            let before = if at == 0 { begin } else { under };
            let _ = writeln!(self.out, "{before}{}", shown(line));
        }
    }

    fn flake(&mut self, plan: &Plan, flake: &FlakeView<'_>) {
        let faint = self.view.emphasis.faint;
        self.heading(flake.expert);
        let few = if self.view.long { usize::MAX } else { FEW };
        let (told, rest) = flake.first.split_at(flake.first.len().min(few));
        for named in told {
            self.path(plan, flake.expert, named);
        }
        // A flake where only those change is told of them; elsewhere they are beside the point.
        let apart = if self.view.long || flake.first.is_empty() {
            let room = few.saturating_sub(told.len());
            flake.apart.split_at(flake.apart.len().min(room))
        } else {
            flake.apart.split_at(0)
        };
        if !apart.0.is_empty() && !told.is_empty() {
            self.hanging("  ", "  ", "tests, examples and documentation", 1, faint);
        }
        for named in apart.0 {
            self.path(plan, flake.expert, named);
        }
        self.names("also", rest);
        self.names("tests, examples and documentation", apart.1);
        self.names("perhaps", &flake.perhaps);
        self.out.push('\n');
    }

    fn path(&mut self, plan: &Plan, expert: &str, named: &NamedPath<'_>) {
        let Emphasis { strong, faint } = self.view.emphasis;
        let share = named.share();
        let share = if share.is_empty() {
            share
        } else {
            faint(&share)
        };
        let _ = writeln!(self.out, "  {}{share}", strong(named.path));
        let most = if self.view.long { usize::MAX } else { LINES };
        for line in named.what.lines() {
            self.hanging("      ", "        ", line, most, str::to_owned);
        }
        let grounds = plan.council.evidence.get(expert);
        let grounds = grounds.and_then(|of| of.get(named.path));
        let grounds = grounds.map(Vec::as_slice).unwrap_or_default();
        if self.view.long {
            for ground in grounds {
                self.hanging("      ", "        ", &place(ground), usize::MAX, faint);
            }
        } else if !grounds.is_empty() {
            let all: Vec<String> = grounds.iter().map(place).collect();
            self.hanging("      ", "        ", &all.join("; "), 1, faint);
        }
    }

    /// Paths on one line, for which there is less to say.
    fn names(&mut self, title: &str, paths: &[NamedPath<'_>]) {
        if paths.is_empty() {
            return;
        }
        let most = if self.view.long { usize::MAX } else { NAMES };
        let shown: Vec<&str> = paths.iter().take(most).map(|named| named.path).collect();
        let mut line = format!("{title} ({}): {}", paths.len(), shown.join(", "));
        if paths.len() > shown.len() {
            self.cut = true;
            line.push_str(", …");
        }
        self.cut |= title != "perhaps";
        let faint = self.view.emphasis.faint;
        self.hanging("  ", "    ", &line, usize::MAX, faint);
    }

    fn step(&mut self, number: usize, step: &str) {
        let long = self.view.long;
        let most = if long { usize::MAX } else { LINES };
        // What must pass before anything changes: a line for each flake.
        let one = if step.starts_with("Baseline") && !long {
            1
        } else {
            most
        };
        for (at, line) in step.lines().enumerate() {
            match line.strip_prefix("- ") {
                _ if at == 0 => {
                    let begin = format!("{number:>4}. ");
                    self.hanging(&begin, "      ", line, most, str::to_owned);
                }
                Some(rest) => self.hanging("      - ", "        ", rest, one, str::to_owned),
                None => self.hanging("      ", "      ", line, most, str::to_owned),
            }
        }
    }
}

/// Where something stands, and what.
fn place(ground: &Ground) -> String {
    let what = text::one_line(&ground.what);
    match ground.lines {
        Some((first, last)) if first == last => format!("line {first}: {what}"),
        Some((first, last)) => format!("lines {first}-{last}: {what}"),
        None => what,
    }
}

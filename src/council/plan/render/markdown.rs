//! The plan as Markdown, to paste into a pull request or a coding agent.

use std::fmt::Write;

use crate::council::plan::{Judgement, Plan, paths};

impl Plan {
    /// Request, answer, paths by flake, steps, and what is open.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = format!("# {}\n", paths::one_line(&self.request));
        if !self.answer.is_empty() {
            let _ = write!(text, "\n{}\n", self.answer);
        }
        for (expert, edits) in &self.subflakes {
            let _ = write!(text, "\n## {expert}\n\n");
            for (path, what) in edits {
                let what = what.replace('\n', "\n  ");
                let _ = writeln!(text, "- {}: {what}", paths::code(path));
            }
        }
        if !self.plan.is_empty() {
            text.push_str("\n## Steps\n\n");
            for (at, step) in self.plan.iter().enumerate() {
                let _ = writeln!(text, "{}. {step}", at + 1);
            }
        }
        for (title, lines) in self.remarks() {
            let _ = write!(text, "\n## {title}\n\n");
            for line in lines {
                let _ = writeln!(text, "- {line}");
            }
        }
        text
    }

    /// What is open or went wrong, under a title each; only what there is.
    pub(super) fn remarks(&self) -> Vec<(&'static str, Vec<String>)> {
        let council = &self.council;
        let dissent = council.dissent.iter().map(|dissent| {
            let reason = paths::one_line(&dissent.reason);
            format!("{} objects to {}: {reason}", dissent.from, dissent.to)
        });
        let missing = council
            .verdicts
            .iter()
            .filter(|opinion| opinion.verdict == Judgement::Missing);
        let failures = council
            .failures
            .iter()
            .filter(|failing| failing.last)
            .map(|failing| {
                let reason = paths::one_line(&failing.reason);
                format!(
                    "{} failed in turn {}: {reason}",
                    failing.expert, failing.turn
                )
            });
        let refused = council.refused.iter().map(|ask| {
            format!(
                "{} could not ask {}: {}",
                ask.from,
                ask.to,
                paths::one_line(&ask.why)
            )
        });
        let unanswered = council.asked.iter().filter_map(|ask| {
            let why = paths::one_line(ask.why_not.as_ref()?);
            Some(format!("{} got no answer from {}: {why}", ask.from, ask.to))
        });
        let limits = council
            .limits
            .iter()
            .map(|limit| format!("limit reached: {limit}"));
        let stale = council.stale.iter().map(|(expert, repair)| {
            format!(
                "{expert} does not know its flake as it is; repair: {}",
                paths::code(repair)
            )
        });
        let notes = council.notes.iter().map(|note| {
            let text = paths::one_line(&note.text);
            match &note.expert {
                Some(expert) => format!("{expert}: {text}"),
                None => text,
            }
        });
        let missing = missing.map(|opinion| opinion.reason.clone());
        let open = limits
            .chain(failures)
            .chain(refused)
            .chain(unanswered)
            .chain(missing)
            .chain(stale);
        let all = [
            ("Dissent", dissent.collect::<Vec<_>>()),
            ("Open", open.collect()),
            ("Notes", notes.collect()),
        ];
        all.into_iter()
            .filter(|(_, lines)| !lines.is_empty())
            .collect()
    }
}

//! The plan as Markdown, to paste into a pull request or a coding agent.

use std::fmt::Write;

use super::order::NamedPath;
use crate::plan::{Judgement, Plan, text, title};

/// The title of what is apart from the most likely files.
const APART: &str = "Tests, examples and documentation:";
/// The title of what is unsure.
const PERHAPS: &str = "Perhaps:";

fn list(text: &mut String, title: &str, paths: &[NamedPath<'_>]) {
    if paths.is_empty() {
        return;
    }
    text.push('\n');
    if !title.is_empty() {
        let _ = write!(text, "{title}\n\n");
    }
    for named in paths {
        let what = named.what.replace('\n', "\n  ");
        let _ = writeln!(
            text,
            "- {}{}: {what}",
            text::code(named.path),
            named.share()
        );
    }
}

impl Plan {
    /// Request, answer, paths by flake (providers first, the most likely first), steps, and what is open.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let title = title::subject("", &self.request);
        let mut text = format!("# {title}\n");
        if title != text::one_line(&self.request) {
            text.push('\n');
            for line in self.request.trim().lines() {
                let _ = writeln!(text, "{}", format!("> {line}").trim_end());
            }
        }
        if !self.answer.is_empty() {
            let _ = write!(text, "\n{}\n", self.answer);
        }
        for flake in self.flakes() {
            let _ = write!(text, "\n## {}\n", flake.expert);
            let both = !flake.first.is_empty() && !flake.apart.is_empty();
            for (title, paths) in [
                ("", &flake.first),
                (if both { APART } else { "" }, &flake.apart),
                (PERHAPS, &flake.perhaps),
            ] {
                list(&mut text, title, paths);
            }
        }
        if !self.plan.is_empty() {
            text.push_str("\n## Steps\n\n");
            for (at, step) in self.plan.iter().enumerate() {
                let number = format!("{}. ", at + 1);
                let indent = format!("\n{}", " ".repeat(number.len()));
                let _ = writeln!(text, "{number}{}", step.replace('\n', &indent));
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
            let reason = text::one_line(&dissent.reason);
            format!("{} objects to {}: {reason}", dissent.from, dissent.to)
        });
        let decisions = council.decisions.iter().map(|open| {
            let question = text::one_line(&open.question);
            let proposal = text::one_line(&open.proposal);
            match proposal.is_empty() {
                true => format!("{}: {question}", open.expert),
                false if question.ends_with(['.', '?', '!', ':']) => {
                    format!("{}: {question} Proposal: {proposal}", open.expert)
                }
                false => format!("{}: {question}. Proposal: {proposal}", open.expert),
            }
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
                let reason = text::one_line(&failing.reason);
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
                text::one_line(&ask.why)
            )
        });
        let unanswered = council.asked.iter().filter_map(|ask| {
            let why = text::one_line(ask.why_not.as_ref()?);
            Some(format!("{} got no answer from {}: {why}", ask.from, ask.to))
        });
        let limits = council
            .limits
            .iter()
            .map(|limit| format!("limit reached: {limit}"));
        let stale = council.stale.iter().map(|(expert, repair)| {
            format!(
                "{expert} does not know its flake as it is; repair: {}",
                text::code(repair)
            )
        });
        let notes = council.notes.iter().map(|note| {
            let text = text::one_line(&note.text);
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
            ("Open decisions", decisions.collect::<Vec<_>>()),
            ("Dissent", dissent.collect()),
            ("Open", open.collect()),
            ("Notes", notes.collect()),
        ];
        all.into_iter()
            .filter(|(_, lines)| !lines.is_empty())
            .collect()
    }
}

//! A work as the text of a pull request: what the page tells, in Markdown.

use std::fmt::Write as _;

use poag_core::work::axis::{TaskPhase, Verdict};
use poag_core::work::{TaskRecord, short};

use super::{WorkReport, by, cost};

/// Bytes of what somebody said that are quoted.
const SAID: usize = 2000;

/// The title: the first line of what was asked for.
#[must_use]
pub fn title(report: &WorkReport<'_>) -> String {
    let line = report
        .board
        .start
        .request
        .lines()
        .next()
        .unwrap_or_default();
    let line: String = line.chars().filter(|c| !c.is_control()).take(100).collect();
    match line.trim() {
        "" => format!("The work {}", report.board.start.work),
        line => line.to_owned(),
    }
}

/// The text. What agents and repositories say stands in blocks of code: it formats nothing and calls nobody.
#[must_use]
pub fn offer(report: &WorkReport<'_>) -> String {
    let board = report.board;
    let mut text = format!("{}\n## What was done\n\n", quoted(&board.start.request));
    let records = board.providers_first();
    let landed = records
        .iter()
        .filter(|record| record.phase == TaskPhase::Landed {});
    for record in landed {
        task(&mut text, report, record);
    }
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "## Why it may be trusted\n\nEach task was written in a worktree of its own, proven by the checks of its flake, approved by at least {} others than its author, merged, and checked once more as merged.\n",
        board.start.policy.approvals
    );
    if let Some(plan) = &report.plan {
        let grade = plan.grade;
        let _ = writeln!(
            text,
            "Of the {} files that the plan names, {} changed; {} changed that it does not name.\n",
            grade.hit.len() + grade.unneeded.len(),
            grade.hit.len(),
            grade.missed.len()
        );
    }
    let spent = cost(&board.spent);
    if !spent.is_empty() {
        let _ = writeln!(text, "It cost {spent}.\n");
    }
    let _ = writeln!(text, "Work `{}`, made with poag.", board.start.work);
    text
}

fn task(text: &mut String, report: &WorkReport<'_>, record: &TaskRecord) {
    let _ = writeln!(text, "### `{}`, by {}\n", record.task.id, code(&by(record)));
    if let Some(last) = record.attempt() {
        text.push_str(&quoted(&last.summary));
    }
    if let Some(change) = report.changes.get(&record.task.id) {
        for file in &change.files {
            let (added, removed) = (file.added.unwrap_or(0), file.removed.unwrap_or(0));
            let _ = writeln!(text, "- {}: +{added} −{removed}", code(&file.path));
        }
    }
    let checks = record.proof.as_ref().map_or(&[][..], |proof| &proof.checks);
    for check in checks {
        let word = if check.green { "green" } else { "red" };
        let _ = writeln!(
            text,
            "- check {}: {word}, {:.1} s",
            code(&check.command),
            check.seconds
        );
    }
    for (name, review) in record.verdicts() {
        if review.verdict == (Verdict::Approve {}) {
            let _ = writeln!(
                text,
                "- approved by {}, tree {}",
                code(name),
                code(&short(&review.tree))
            );
        }
    }
    text.push('\n');
}

/// In a line.
fn code(words: &str) -> String {
    let plain: String = words
        .chars()
        .filter(|c| !c.is_control() && *c != '`')
        .collect();
    format!("`{plain}`")
}

/// In a block that nothing in it can end; nothing for nothing.
fn quoted(words: &str) -> String {
    let mut words = poag_core::clean::clean(words.trim()).to_string();
    if words.is_empty() {
        return String::new();
    }
    if words.len() > SAID {
        let end = (0..=SAID).rev().find(|at| words.is_char_boundary(*at));
        words.truncate(end.unwrap_or(0));
        words.push_str("\n[the rest is left out]");
    }
    let longest = words.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{words}\n{fence}\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_quoted_gets_out_of_its_block() {
        assert_eq!(quoted(" hi @you "), "```text\nhi @you\n```\n\n");
        assert!(quoted("a\n````\n@you").starts_with("`````text\n"));
        assert_eq!(code("a`b\n@c"), "`ab@c`");
        assert!(quoted(&"x".repeat(5000)).len() < 2100);
    }
}

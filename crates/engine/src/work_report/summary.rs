//! What was done and what it cost, in a few lines at the top.

use maud::{Markup, html};

use poag_core::work::axis::TaskPhase;
use poag_core::work::{TaskId, TaskRecord};
use poag_git::work::Difference;

use super::{WorkReport, by, cost, time};

/// The section at the top.
pub(super) fn summary(report: &WorkReport<'_>) -> Markup {
    let records = report.board.providers_first();
    let landed: Vec<&TaskRecord> = records
        .iter()
        .filter(|record| record.phase == TaskPhase::Landed {})
        .copied()
        .collect();
    let mut all = (0, 0, 0);
    for change in landed
        .iter()
        .filter_map(|record| change(report, &record.task.id))
    {
        let one = lines(change);
        all = (all.0 + one.0, all.1 + one.1, all.2 + one.2);
    }
    html! {
        h2 #done { "What was done" }
        p {
            (landed.len()) " of " (records.len()) " tasks are done: "
            (all.0) " files changed, " (counts(all)) " lines."
        }
        ul {
            @for record in &landed {
                li {
                    a href={ "#task-" (record.task.id) } { (record.task.id) }
                    ", by " (by(record)) ": " (said(record))
                    @if let Some(change) = change(report, &record.task.id) {
                        @let one = lines(change);
                        " " span.soft { "(" (one.0) " files, " (counts(one)) ")" }
                    }
                }
            }
        }
        h2 #cost { "What it cost" }
        (spent(report))
    }
}

fn spent(report: &WorkReport<'_>) -> Markup {
    let board = report.board;
    let spent = cost(&board.spent);
    let records = board.tasks.values();
    let tries: usize = records.clone().map(|record| record.attempts.len()).sum();
    let reviews: usize = records.map(|record| record.reviews.len()).sum();
    let ends = report.history.first().zip(report.history.last());
    html! {
        p {
            @if spent.is_empty() { "No model was paid for: nothing was billed to poag." } @else { (spent) "." }
            " " (tries) " tries and " (reviews) " reviews"
            @if let Some((first, last)) = ends {
                " in " (took(last.at.saturating_sub(first.at))) ", from " (time(first.at)) " to " (time(last.at))
            }
            "."
        }
    }
}

fn change<'a>(report: &WorkReport<'a>, task: &TaskId) -> Option<&'a Difference> {
    report.changes.get(task)
}

/// The first line of what its author says, without the name that stands before it anyway.
fn said(record: &TaskRecord) -> String {
    let said = record
        .attempt()
        .map_or("", |attempt| attempt.summary.trim());
    let line = said.lines().next().unwrap_or_default();
    let begin = format!("{}: ", record.task.expert);
    line.strip_prefix(begin.as_str()).unwrap_or(line).to_owned()
}

/// Files, and lines that came and went.
fn lines(change: &Difference) -> (usize, u64, u64) {
    let added = change.files.iter().filter_map(|file| file.added).sum();
    let removed = change.files.iter().filter_map(|file| file.removed).sum();
    (change.files.len(), added, removed)
}

fn counts((_, added, removed): (usize, u64, u64)) -> Markup {
    html! { span.good { "+" (added) } " " span.bad { "−" (removed) } }
}

/// A number of milliseconds as people say it.
fn took(milliseconds: i64) -> String {
    let seconds = milliseconds.max(0) / 1000;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::took;

    #[test]
    fn times_are_said_as_people_do() {
        let said: Vec<String> = [-1, 22_999, 185_000, 7_500_000].map(took).to_vec();
        assert_eq!(said, ["0 s", "22 s", "3 min 5 s", "2 h 5 min"]);
    }
}

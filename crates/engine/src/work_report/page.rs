//! The page.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use poag_core::clean::clean;
use poag_core::work::grade::PlanGrade;
use poag_core::work::view::{TaskView, WorkView};

use super::summary::summary;
use super::trust::trust;
use super::{PlanBeside, WorkReport, by, cost, short, task, time};

const STYLE: &str = include_str!("page.css");

/// Lines of the history that a page holds; the last ones stay.
const MOST_LINES: usize = 5000;

/// The whole page, at most some megabytes: differences and logs are bounded where they are made. It has no script and
/// loads nothing.
#[must_use]
pub fn page(report: &WorkReport<'_>) -> String {
    let view = report.board.view(report.now);
    let title = view.request.lines().next().unwrap_or_default();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
                title { (view.state) ": " (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (header(report, &view))
                main {
                    (summary(report))
                    (trust(report.board))
                    (tasks(report, &view))
                    @if let Some(plan) = &report.plan { (beside(plan)) }
                    @for record in report.board.providers_first() {
                        (task::article(record, report.changes.get(&record.task.id)))
                    }
                    (history(report))
                }
            }
        }
    };
    // Signs that hide or turn around what is read, and those of terminals, come from anywhere.
    clean(&page.into_string())
}

fn header(report: &WorkReport<'_>, view: &WorkView) -> Markup {
    let class = class(&view.state);
    html! {
        header {
            h1 { (view.request.trim()) }
            p {
                b class=(class) { (view.state) }
                " · " (view.tasks.len()) @if view.tasks.len() == 1 { " task" } @else { " tasks" }
                " · " code { (view.branch) } " at " code { (short(&view.tip)) }
                " · from " code { (short(&report.board.start.base)) }
            }
            p.soft {
                "work " code { (view.work) }
                @if let Some(run) = &report.board.start.run { " · plan of run " code { (run) } }
            }
            @for need in &view.needs_you { p.need { b { "Needs you: " } (need) } }
            @for backend in &view.providers { p.need { "The provider of " (backend) " does not answer now." } }
            nav aria-label="Sections" {
                a href="#done" { "what was done" }
                a href="#cost" { "what it cost" }
                a href="#trust" { "why it may be trusted" }
                a href="#tasks" { "tasks" }
                @if report.plan.is_some() { a href="#plan" { "plan and change" } }
                a href="#log" { "log" }
            }
        }
    }
}

/// The colour of a state.
pub(super) fn class(state: &str) -> &'static str {
    match state {
        "done" | "landed" | "proven" | "green" => "good",
        "aborted" | "failed" | "crashed" | "timed out" | "red" | "abandoned" | "rolled back" => {
            "bad"
        }
        "parked" | "asking" | "needs you" | "paused" | "late" => "wait",
        _ => "soft",
    }
}

fn tasks(report: &WorkReport<'_>, view: &WorkView) -> Markup {
    let paid = !cost(&view.spent).is_empty();
    let who = |task: &TaskView| report.board.task(task.id.as_str()).map(by);
    html! {
        h2 #tasks { "Tasks" }
        div.wide role="region" aria-label="Tasks" tabindex="0" {
            table {
                thead { tr { th { "task" } th { "expert" } th { "state" } th { "by" } th { "tries" } th { "approvals" } th { "merge" } @if paid { th { "cost" } } th { "its author says" } } }
                tbody {
                    @for task in &view.tasks {
                        tr {
                            td { a href={ "#task-" (task.id) } { (task.id) } }
                            td { (task.expert) }
                            td { b class=(class(&task.state)) { (task.state) } }
                            td { (who(task).unwrap_or_default()) }
                            td { (task.attempt) }
                            td {
                                (task.approvals.0) " of " (task.approvals.1)
                                @if task.objections > 0 { " " b.bad { (task.objections) " against" } }
                            }
                            td class=(class(&task.merge)) { (task.merge) }
                            @if paid { td { (cost(&task.spent)) } }
                            td.text {
                                (task.detail)
                                @if task.late > 0 { " " b.wait { (task.late) " late" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn beside(plan: &PlanBeside<'_>) -> Markup {
    let PlanGrade {
        hit,
        unneeded,
        missed,
    } = plan.grade;
    let percent = |share: Option<f64>| {
        share.map_or_else(|| "-".to_owned(), |share| format!("{:.0} %", share * 100.0))
    };
    let hint = |path: &String| plan.named.get(path).map_or("", String::as_str);
    html! {
        h2 #plan { "What the plan said, beside what was changed" }
        p {
            (hit.len()) " of the " (hit.len() + unneeded.len()) " files that the plan names changed ("
            (percent(plan.grade.precision())) "); " (hit.len()) " of the " (hit.len() + missed.len())
            " that changed are named in it (" (percent(plan.grade.recall())) ")."
        }
        @if !missed.is_empty() || !unneeded.is_empty() {
            div.wide role="region" aria-label="Where plan and change differ" tabindex="0" {
                table {
                    thead { tr { th { "file" } th { "came to" } th { "the plan" } } }
                    tbody {
                        @for path in missed {
                            tr { td { code { (path) } } td.wait { "changed" } td.text.soft { "does not name it" } }
                        }
                        @for path in unneeded {
                            tr { td { code { (path) } } td.wait { "not changed" } td.text { (hint(path)) } }
                        }
                    }
                }
            }
        }
        @if !hit.is_empty() {
            details open[hit.len() <= 8] {
                summary { (hit.len()) " files that the plan names and that changed" }
                div.wide role="region" aria-label="Plan and change" tabindex="0" {
                    table {
                        thead { tr { th { "file" } th { "the plan" } } }
                        tbody {
                            @for path in hit { tr { td { code { (path) } } td.text { (hint(path)) } } }
                        }
                    }
                }
            }
        }
        @if !plan.plan.council.dissent.is_empty() {
            h3 { "Who did not agree with the plan" }
            ul { @for one in &plan.plan.council.dissent { li { (one.from) " to " (one.to) ": " (one.reason) } } }
        }
    }
}

fn history(report: &WorkReport<'_>) -> Markup {
    let before = report.history.len().saturating_sub(MOST_LINES);
    html! {
        h2 #log { "What happened" }
        @if before > 0 { p.soft { (before) " earlier lines are left out; `poag work log` has them." } }
        div.wide role="region" aria-label="What happened" tabindex="0" {
            table {
                thead { tr { th { "when" } th { "task" } th { "what" } } }
                tbody {
                    @for line in &report.history[before..] {
                        tr {
                            td.soft { (time(line.at)) }
                            td { @for (at, task) in line.tasks.iter().enumerate() { @if at > 0 { ", " } (task) } }
                            td.text { (line.text) }
                        }
                    }
                }
            }
        }
    }
}

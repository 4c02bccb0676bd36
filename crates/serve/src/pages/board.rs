//! Works: one table of all tasks across flakes, one work, and what waits for a person.

use maud::{Markup, html};
use poag_core::work::view::{TaskView, WorkView};

use super::{Look, Made, cost, short};
use crate::problem::{Problem, ProblemKind};
use crate::works::InboxItem;
use crate::works::{all_views, waiting_for_person};

const LIVE: &str = "/v1/events";

pub(super) async fn board(look: Look) -> Result<Made, Problem> {
    let views = all_views(&look.server).await?;
    Ok(Made {
        title: "Board".into(),
        place: "/board",
        live: Some(LIVE.into()),
        content: html! {
            h1 { "Board" }
            @if views.is_empty() {
                p.soft { "No plan is being carried out. " code { "poag work start" } " begins with the newest." }
            } @else { (table(views.iter().flat_map(|view| view.tasks.iter().map(move |task| (view, task))))) }
        },
    })
}

fn table<'v>(rows: impl Iterator<Item = (&'v WorkView, &'v TaskView)>) -> Markup {
    html! {
        div.wide role="region" aria-label="Tasks" tabindex="0" {
            table {
                thead { tr { th scope="col" { "work" } th scope="col" { "task" } th scope="col" { "expert" }
                    th scope="col" { "state" } th scope="col" { "by" } th scope="col" { "tries" }
                    th scope="col" { "approvals" } th scope="col" { "last" } } }
                tbody {
                    @for (view, task) in rows {
                        tr {
                            td.id { a href={ "/board/" (view.work) } { (short(&view.work)) } }
                            td data-th="task" { (task.id) }
                            td data-th="expert" { (task.expert) }
                            td data-th="state" { b class=(class(&task.state)) { (task.state) } }
                            td data-th="by" { (task.actor.as_deref().unwrap_or("nobody")) }
                            td data-th="tries" { (task.attempt) }
                            td data-th="approvals" { (task.approvals.0) " of " (task.approvals.1)
                                @if task.objections > 0 { " " b.bad { (task.objections) " against" } } }
                            td.soft data-th="last" { (task.detail) }
                        }
                    }
                }
            }
        }
    }
}

fn class(state: &str) -> &'static str {
    match state {
        "done" | "landed" | "proven" | "green" => "good",
        "aborted" | "failed" | "crashed" | "timed out" | "red" | "abandoned" | "rolled back" => {
            "bad"
        }
        "parked" | "asking" | "needs you" | "paused" | "in review" | "tie" => "wait",
        _ => "soft",
    }
}

pub(super) async fn work(look: Look) -> Result<Made, Problem> {
    let views = all_views(&look.server).await?;
    let view = views.into_iter().find(|view| view.work == look.rest);
    let view = view.ok_or_else(|| {
        Problem::new(
            ProblemKind::NotFound,
            "there is no such work of what is served",
            "the board lists those that there are",
        )
    })?;
    Ok(Made {
        title: format!("Work {}", short(&view.work)),
        place: "/board",
        live: Some(format!("/v1/events?work={}", view.work)),
        content: shown(&view),
    })
}

fn shown(view: &WorkView) -> Markup {
    let spent = cost(&view.spent);
    let of = |verb: &str| format!("/v1/works/{}/{verb}", view.work);
    let open = |task: &&TaskView| matches!(task.state.as_str(), "in review" | "asking" | "parked");
    html! {
        h1 { (view.request) }
        p { b class=(class(&view.state)) { (view.state) } " · " code { (view.branch) }
            @if !spent.is_empty() { " · " (spent) } }
        p { a href=(of("page")) { "What was changed, by whom, and why it may be trusted" } }
        @for need in &view.needs_you { p.wait { (need) } }
        (table(view.tasks.iter().map(|task| (view, task))))
        p #said role="status" {}
        @for task in view.tasks.iter().filter(open) { (answer(view, task)) }
        @if view.state == "done" {
            form data-post=(of("land")) { button type="submit" { "Land it" } }
        }
    }
}

/// What a person can say to a task that waits for one.
fn answer(view: &WorkView, task: &TaskView) -> Markup {
    let (id, work) = (task.id.as_str(), &view.work);
    let field = format!("text-{id}");
    html! {
        section.card {
            h2 { (id) " is " (task.state) }
            p { (task.detail) }
            @match task.state.as_str() {
                "in review" => {
                    p { a href={ "/v1/works/" (work) "/diff?task=" (id) } { "What it changes" } }
                    form data-post={ "/v1/works/" (work) "/review" } {
                        input type="hidden" name="task" value=(id);
                        label for=(field) { "Words" }
                        input id=(field) name="text" autocomplete="off";
                        label for={ "path-" (id) } { "File, for a remark" }
                        input id={ "path-" (id) } name="path" autocomplete="off";
                        button type="submit" name="verdict" value="approve" { "Approve" }
                        button type="submit" name="verdict" value="object" { "Object" }
                        button type="submit" name="verdict" value="comment" { "Remark" }
                    }
                }
                "asking" => {
                    form data-post={ "/v1/works/" (work) "/say" } {
                        input type="hidden" name="task" value=(id);
                        label for=(field) { "Answer" }
                        input id=(field) name="text" required autocomplete="off";
                        button type="submit" { "Say it" }
                    }
                }
                _ => {
                    form data-post={ "/v1/works/" (work) "/retry" } {
                        input type="hidden" name="task" value=(id);
                        button type="submit" { "Try again" }
                    }
                }
            }
        }
    }
}

/// Where something that waits can be answered.
fn place(item: &InboxItem) -> String {
    match (&item.work, &item.run) {
        (Some(work), _) => format!("/board/{work}"),
        (None, Some(run)) => format!("/runs/{run}"),
        (None, None) => "/inbox".to_owned(),
    }
}

pub(super) async fn inbox(look: Look) -> Result<Made, Problem> {
    let items = waiting_for_person(&look.server).await?;
    Ok(Made {
        title: "Inbox".into(),
        place: "/inbox",
        live: Some(LIVE.into()),
        content: html! {
            h1 { "What waits for you" }
            @if items.is_empty() { p.soft { "Nothing." } }
            @for item in &items {
                div.card {
                    p { b class=(class(&item.state)) { (item.state) } " · " a href=(place(item)) { (item.what) } }
                    p.soft { (item.request) }
                }
            }
        },
    })
}

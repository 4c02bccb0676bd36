//! Runs: which there are, and one of them while it goes on: who is asked, what came back, what it cost, and the plan.

use maud::{Markup, html};
use poag_core::council::message::Body;
use poag_core::plan::Plan;
use poag_engine::run::RunKind;
use poag_engine::run::transcript::{Transcript, TranscriptEnd, TranscriptPart, TranscriptTurn};
use poag_engine::{RunDetails, RunLedger, RunState, RunSummary};

use super::{Look, Made, cost, short, time};
use crate::problem::Problem;

/// Runs that are listed.
const LISTED: u32 = 100;

pub(super) async fn list(look: Look) -> Result<Made, Problem> {
    let server = std::sync::Arc::clone(&look.server);
    let rows = look
        .server
        .read(move |runs| {
            let mut rows = runs.list_before(None, LISTED)?;
            rows.retain(|row| server.of_subject(&row.run.flake).is_some());
            Ok(rows)
        })
        .await?;
    Ok(Made {
        title: "Runs".into(),
        place: "/runs",
        live: Some("/v1/events".into()),
        content: html! {
            h1 { "Runs" }
            @if rows.is_empty() { p.soft { "Nothing was asked yet. " a href="/ask" { "Ask the experts" } } }
            @else {
                div.wide role="region" aria-label="Runs" tabindex="0" {
                    table {
                        thead { tr { th scope="col" { "run" } th scope="col" { "began" } th scope="col" { "state" }
                            th scope="col" { "first asked" } th scope="col" { "request" } } }
                        tbody { @for row in &rows { (self::row(row)) } }
                    }
                }
            }
        },
    })
}

fn row(row: &RunSummary) -> Markup {
    let id = &row.run.id;
    html! {
        tr {
            td.id { a href={ "/runs/" (id) } { (short(id)) } }
            td.soft data-th="began" { (time(row.run.created)) }
            td data-th="state" { (state(row.state)) }
            td data-th="first asked" { (row.root.as_deref().unwrap_or("?")) }
            td data-th="request" { (first_line(row.request.as_deref().unwrap_or_default())) }
        }
    }
}

pub(super) fn state(state: RunState) -> Markup {
    let (class, word) = match state {
        RunState::Finished => ("good", "finished"),
        RunState::Interrupted => ("wait", "interrupted"),
        RunState::UnderWay => ("wait", "under way"),
    };
    html! { b class=(class) { (word) } }
}

fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.chars().take(200).collect()
}

pub(super) async fn one(look: Look) -> Result<Made, Problem> {
    let (server, id) = (std::sync::Arc::clone(&look.server), look.rest.clone());
    let of = look
        .server
        .read(move |runs| crate::runs::own(&server, runs, &id));
    if of.await?.run.kind == RunKind::Debate {
        return super::debate::page(look).await;
    }
    let read = RunLedger::details;
    let details = crate::runs::of_council(&look.server, look.rest, read).await?;
    let live = match details.state {
        RunState::Finished => None,
        _ => Some(format!("/v1/events?run={}", details.transcript.run)),
    };
    Ok(Made {
        title: format!("Run {}", short(&details.transcript.run)),
        place: "/runs",
        live,
        content: shown(&details),
    })
}

fn shown(details: &RunDetails) -> Markup {
    let transcript = &details.transcript;
    let spent = cost(&transcript.plan.council.usage);
    html! {
        h1 { (transcript.request) }
        p { (state(details.state)) " · began " (time(transcript.began)) " · " (details.flake)
            @if !spent.is_empty() { " · " (spent) } }
        @if details.state == RunState::UnderWay {
            form data-post={ "/v1/runs/" (transcript.run) "/cancel" } {
                button type="submit" { "Stop" }
                span #said role="status" {}
            }
        }
        @if details.state == RunState::Interrupted {
            form data-post={ "/v1/runs/" (transcript.run) "/resume" } {
                button type="submit" { "Go on" }
                span #said role="status" {}
            }
        }
        h2 { "Who was asked" }
        ol.tree { @for part in &transcript.parts { (self::part(transcript, part)) } }
        h2 #plan { @if transcript.finished { "The plan" } @else { "The plan, so far" } }
        (plan(&transcript.plan))
        p.soft { "run " code { (transcript.run) } " · " a href={ "/v1/runs/" (transcript.run) "/plan" } { "the plan as JSON" }
            " · " a href={ "/v1/runs/" (transcript.run) "/export" } { "everything, as lines of JSON" } }
    }
}

fn part(transcript: &Transcript, part: &TranscriptPart) -> Markup {
    let asked = transcript
        .messages
        .iter()
        .filter(|one| one.to == part.expert);
    let asked = asked.filter_map(|message| match (&message.from, &message.body) {
        (Some(from), Body::Ask { text, .. }) => Some((from, text)),
        _ => None,
    });
    html! {
        li.card {
            b { (part.expert) }
            @if let Some(under) = &part.under { span.soft { " · asked by " (under) } }
            @for (from, text) in asked { p.soft { (from) ": " (first_line(text)) } }
            @for member in &part.members {
                p.soft { "thinks with " (member.backend) @if let Some(model) = &member.model { " (" (model) ")" } }
            }
            @for turn in &part.turns { (self::turn(turn)) }
        }
    }
}

fn turn(turn: &TranscriptTurn) -> Markup {
    let name = format!("turn {}", turn.id.turn);
    match &turn.end {
        TranscriptEnd::Finished { result, usage } => html! {
            details {
                summary { (name) " " b.good { "finished" } " "
                    span.soft { @if let Some(millis) = turn.millis { (millis) " ms " } (cost(usage)) } }
                @if let Some(answer) = &result.answer { pre { (answer.markdown) } }
                @for edit in &result.edits { p { code { (edit.path) } " " (edit.instruction) } }
                @for note in &result.notes { p.soft { (note) } }
            }
        },
        TranscriptEnd::Failed { failure, .. } => html! {
            p { (name) " " b.bad { "failed" } " " (failure.reason) }
        },
        TranscriptEnd::Interrupted {} => {
            html! { p.soft { (name) " was interrupted, and taken again" } }
        }
        TranscriptEnd::Dropped {} => html! { p.soft { (name) " was dropped: the time was up" } },
        TranscriptEnd::Open {} => html! { p { (name) " " b.wait { "is under way" } } },
    }
}

fn plan(plan: &Plan) -> Markup {
    html! {
        @if !plan.answer.is_empty() { pre { (plan.answer) } }
        @for (expert, files) in &plan.subflakes {
            h3 { (expert) }
            ul { @for (path, what) in files { li { code { (path) } " " (what) } } }
        }
        @if !plan.plan.is_empty() { h3 { "Steps" } ol { @for step in &plan.plan { li { (step) } } } }
        @if !plan.council.dissent.is_empty() {
            h3.bad { "Who does not agree" }
            ul { @for one in &plan.council.dissent { li { (one.from) " to " (one.to) ": " (one.reason) } } }
        }
        @if plan.answer.is_empty() && plan.plan.is_empty() { p.soft { "There is none yet." } }
    }
}

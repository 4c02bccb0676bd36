//! The experts of what is served: who they are, whom they depend on, and whether they know their flake as it is.

use maud::{Markup, html};
use poag_core::expert::{Expert, Graph, Status};

use super::{Look, Made};
use crate::problem::Problem;
use crate::server::ServedFlake;

pub(super) async fn page(look: Look) -> Result<Made, Problem> {
    let mut parts = Vec::new();
    for flake in &look.server.flakes {
        let opened = look.server.open(flake).await;
        parts.push(match opened {
            Ok(project) => part(flake, &project.graph),
            Err(problem) => broken(flake, &problem),
        });
    }
    Ok(Made {
        title: "Graph".into(),
        place: "/",
        live: None,
        content: html! {
            h1 { "Experts" }
            @for part in &parts { (part) }
        },
    })
}

fn broken(flake: &ServedFlake, problem: &Problem) -> Markup {
    html! {
        section.card {
            h2 { (flake.name) " " b.bad { "cannot be evaluated" } }
            pre { (problem.detail) }
        }
    }
}

fn part(flake: &ServedFlake, graph: &Graph) -> Markup {
    html! {
        section {
            h2 { (flake.name) }
            p.soft { (flake.subject) " · " (graph.experts.len()) " experts, " (graph.edges()) " edges · "
                a href={ "/ask?flake=" (flake.name) } { "Ask them" } }
            div.wide role="region" aria-label={ "Experts of " (flake.name) } tabindex="0" {
                table {
                    thead { tr { th scope="col" { "expert" } th scope="col" { "freshness" } th scope="col" { "promises" }
                        th scope="col" { "depends on" } th scope="col" { "owns" } } }
                    tbody {
                        @for expert in graph.providers_first() { (row(expert)) }
                    }
                }
            }
        }
    }
}

fn row(expert: &Expert) -> Markup {
    let (class, word) = match expert.freshness.status {
        Status::Fresh => ("good", "fresh"),
        Status::Stale => ("bad", "stale"),
        Status::Unlearned if !expert.is_local() => ("soft", "elsewhere"),
        Status::Unlearned => ("wait", "unlearned"),
    };
    let changes = &expert.freshness.files;
    let changed = [&changes.changed, &changes.added, &changes.removed];
    let role = expert.role.split(". ").next().unwrap_or_default();
    html! {
        tr id={ "expert-" (expert.name) } {
            td { b { (expert.name) } }
            td data-th="freshness" {
                b class=(class) { (word) }
                @for path in changed.into_iter().flatten().take(6) { " " code { (path) } }
                @if !expert.freshness.repair.is_empty() && class != "good" { pre { (expert.freshness.repair) } }
            }
            td data-th="promises" { @for name in expert.provides.keys() { code { (name) } " " } }
            td data-th="depends on" { @for name in expert.neighbors.keys() { a href={ "#expert-" (name) } { (name) } " " } }
            td.soft data-th="owns" { (role.trim()) }
        }
    }
}

//! `poag experts`: who is in the graph, and all about one of them.

use std::fmt::Write as _;
use std::sync::Arc;

use clap::Args;
use serde_json::Value;

use super::context::open;
use super::global::Global;
use super::remote::Remote;
use super::style;
use crate::engine::find;
use crate::error::{Error, exit};
use crate::expert::{Expert, Graph, Status};
use crate::terminal;

/// Lists the experts of the graph, or describes one
#[derive(Args, Debug)]
pub struct Experts {
    /// The expert to describe [default: list all]
    #[arg(value_name = "EXPERT")]
    expert: Option<String>,
    /// For a script
    #[arg(long)]
    json: bool,
}

/// Runs the verb.
pub async fn run(args: Experts, global: Global) -> Result<u8, Error> {
    let graph = match Remote::of(&global).await? {
        Some(remote) => Arc::new(remote.graph(&global, None).await?),
        None => open(&global).await?.graph,
    };
    let graph = &graph;
    match (args.expert.as_deref(), args.json) {
        (Some(name), true) => terminal::json(json(find(graph, name)?).as_bytes())?,
        (Some(name), false) => terminal::people(&describe(graph, find(graph, name)?))?,
        (None, true) => terminal::json(json(&graph.providers_first()).as_bytes())?,
        (None, false) => terminal::people(&list(graph))?,
    }
    Ok(exit::OK)
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

fn list(graph: &Graph) -> String {
    let experts = graph.providers_first();
    let rows = experts.iter().map(|expert| {
        vec![
            style::bold(&expert.name),
            status(expert).to_owned(),
            style::dim(expert.place()),
            first_sentence(&expert.role),
        ]
    });
    style::table(rows.collect())
}

/// The first sentence of a text, on one line.
fn first_sentence(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.find(". ") {
        Some(end) => line[..=end].into(),
        None => line,
    }
}

fn status(expert: &Expert) -> &'static str {
    match expert.freshness.status {
        Status::Fresh => "fresh",
        Status::Stale => "stale",
        Status::Unlearned => "unlearned",
    }
}

fn describe(graph: &Graph, expert: &Expert) -> String {
    let mut out = format!(
        "{}  {}\n{}\n",
        style::bold(&expert.name),
        style::dim(expert.place()),
        expert.role.trim()
    );
    let _ = writeln!(out, "\n{} {}", style::bold("freshness:"), status(expert));
    for line in expert.freshness.message.lines() {
        let _ = writeln!(out, "  {line}");
    }
    section(
        &mut out,
        "provides",
        expert.provides.iter().map(|(name, contract)| {
            format!(
                "{name}: {} {}",
                contract.summary,
                style::dim(crate::name::all(&contract.files).join(", "))
            )
        }),
    );
    section(
        &mut out,
        "neighbors",
        expert.neighbors.iter().flat_map(|(provider, edge)| {
            edge.contracts.iter().map(move |name| {
                let need = edge
                    .needs
                    .get(name)
                    .map(|need| format!(": {need}"))
                    .unwrap_or_default();
                format!("{provider} → {name}{need}")
            })
        }),
    );
    section(
        &mut out,
        "asked by",
        graph.consumers(&expert.name).into_iter().map(String::from),
    );
    section(&mut out, "checks", expert.checks.iter().cloned());
    section(
        &mut out,
        "capabilities",
        expert.capabilities.iter().cloned(),
    );
    let backend = expert.agent.backend.as_deref().unwrap_or("librarian");
    section(
        &mut out,
        "backend",
        std::iter::once(match &expert.agent.model {
            Some(model) => format!("{backend} ({model})"),
            None => backend.into(),
        }),
    );
    section(
        &mut out,
        "limits",
        declared(&expert.agent)
            .filter(|(setting, _)| !["backend", "model", "command"].contains(&setting.as_str()))
            .map(|(setting, value)| format!("agent.{setting}: {value}"))
            .chain(
                declared(&expert.council)
                    .map(|(setting, value)| format!("council.{setting}: {value}")),
            ),
    );
    section(
        &mut out,
        "knowledge",
        std::iter::once(format!(
            "{} (budget {} tokens)",
            expert.knowledge.path.display(),
            expert.knowledge.max_tokens
        )),
    );
    out
}

/// What a flake says of a set of settings, by name; those it leaves out are not among them.
fn declared<T: serde::Serialize>(settings: &T) -> impl Iterator<Item = (String, Value)> + use<T> {
    let fields = match serde_json::to_value(settings) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    fields.into_iter().filter(|(_, value)| !value.is_null())
}

fn section(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        let _ = writeln!(out, "\n{}", style::bold(format!("{title}:")));
        for line in lines {
            let _ = writeln!(out, "  {line}");
        }
    }
}

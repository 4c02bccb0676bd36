//! What can be read about an expert beside the drawing.

use std::fmt::Write as _;

use super::page::{escape, shown, word};
use crate::expert::{Expert, Graph, Location, Status};

/// Files named of each kind of change.
const FILES: usize = 12;

/// The card of one expert, shown by the address alone, script or not; that of the expert who is asked, without one.
pub fn card(out: &mut String, graph: &Graph, expert: &Expert, asked: bool) {
    let name = escape(&expert.name);
    let _ = write!(
        out,
        "<article id=\"expert-{name}\"{}>\n<h2>{name}</h2>\n<p class=\"place\">",
        if asked { " class=\"asked\"" } else { "" }
    );
    match &expert.location {
        Location::Local { .. } => {
            let dir = match expert.dir() {
                "" | "." => "the root of this repository",
                dir => dir,
            };
            let _ = write!(out, "in {}", escape(dir));
        }
        Location::Locked { .. } => out.push_str("in another repository"),
        Location::Pack { .. } => out.push_str("known by its pack alone"),
    }
    let backend = expert.agent.backend.as_deref().unwrap_or("librarian");
    let _ = write!(out, " · thinks with {}", escape(backend));
    if let Some(model) = &expert.agent.model {
        let _ = write!(out, " ({})", escape(model));
    }
    out.push_str("</p>\n");
    for paragraph in expert.role.trim().split("\n\n") {
        let _ = writeln!(out, "<p class=\"role\">{}</p>", escape(paragraph.trim()));
    }
    freshness(out, expert);
    if !expert.provides.is_empty() {
        out.push_str("<h3>Promises</h3>\n<dl>\n");
        for (contract, promise) in &expert.provides {
            let _ = writeln!(
                out,
                "<dt>{}</dt><dd>{}{}</dd>",
                escape(contract),
                escape(&promise.summary),
                files(&promise.files)
            );
        }
        out.push_str("</dl>\n");
    }
    if !expert.neighbors.is_empty() {
        out.push_str("<h3>Depends on</h3>\n<dl>\n");
        for (provider, edge) in &expert.neighbors {
            let _ = write!(out, "<dt>{}</dt><dd>", link(provider));
            for contract in &edge.contracts {
                let why = edge.needs.get(contract).map_or("", String::as_str);
                let dash = if why.is_empty() { "" } else { ": " };
                let _ = write!(
                    out,
                    "<p><code>{}</code>{dash}{}</p>",
                    escape(contract),
                    escape(why)
                );
            }
            out.push_str("</dd>\n");
        }
        out.push_str("</dl>\n");
    }
    let consumers = graph.consumers(&expert.name);
    if !consumers.is_empty() {
        let links: Vec<String> = consumers.iter().map(|name| link(name)).collect();
        let _ = write!(
            out,
            "<h3>Is depended on by</h3>\n<p>{}</p>\n",
            links.join(", ")
        );
    }
    if !expert.checks.is_empty() {
        out.push_str("<h3>Proves a change with</h3>\n");
        for check in &expert.checks {
            let _ = writeln!(out, "<pre>{}</pre>", escape(check));
        }
    }
    out.push_str("</article>\n");
}

fn freshness(out: &mut String, expert: &Expert) {
    let Some(status) = shown(expert) else {
        return;
    };
    let class = word(status);
    let _ = write!(out, "<div class=\"freshness {class}\"><b>{class}</b>");
    let fresh = &expert.freshness;
    if status != Status::Fresh {
        let changes = [
            ("new", &fresh.files.added),
            ("changed", &fresh.files.changed),
            ("gone", &fresh.files.removed),
            ("other files in", &fresh.folders),
        ];
        for (what, paths) in changes {
            if !paths.is_empty() {
                let _ = write!(out, "<p>{what}:{}</p>", files(paths));
            }
        }
        for change in &fresh.contracts {
            let _ = write!(
                out,
                "<p>contract <code>{}</code> of {}: {}</p>",
                escape(&change.contract),
                link(&change.neighbor),
                escape(&change.change)
            );
        }
        if !fresh.declaration.is_empty() {
            let _ = write!(
                out,
                "<p>declared anew: {}</p>",
                escape(&fresh.declaration.join(", "))
            );
        }
        if !fresh.repair.is_empty() {
            let _ = write!(out, "<pre>{}</pre>", escape(&fresh.repair));
        }
    }
    out.push_str("</div>\n");
}

pub(super) fn files(paths: &[String]) -> String {
    let mut out = String::new();
    for path in paths.iter().take(FILES) {
        let _ = write!(out, " <code>{}</code>", escape(path));
    }
    if paths.len() > FILES {
        let _ = write!(out, " and {} more", paths.len() - FILES);
    }
    out
}

pub(super) fn link(name: &str) -> String {
    let name = escape(name);
    format!("<a href=\"#expert-{name}\">{name}</a>")
}

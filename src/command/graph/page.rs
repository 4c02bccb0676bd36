//! The graph as one HTML page that needs nothing else: no network, no script to be read, none of the
//! repository's text as markup.

use std::fmt::Write as _;

use base64::Engine as _;
use sha2::{Digest, Sha256};

use super::layout::{Layout, Place, lay_out};
use crate::expert::{Expert, Graph, Location, Status};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Signs of a name that a box shows.
const SHOWN: usize = 32;
/// Files named of each kind of change.
const FILES: usize = 12;
/// Edges up to which the names of contracts are written on them all; else on those of the expert that is looked at.
const LABELLED: usize = 60;

/// The whole page.
pub fn page(graph: &Graph) -> String {
    let layout = lay_out(graph, box_width);
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(SCRIPT));
    let mut out = String::new();
    let root = escape(&graph.root);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\">\n\
         <title>{root}: its experts</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    );
    header(&mut out, graph);
    out.push_str("<main>\n");
    drawing(&mut out, graph, &layout);
    out.push_str("<aside id=\"panel\" aria-live=\"polite\">\n<p class=\"hint\">Choose an expert to read its role, its contracts and what it depends on.</p>\n");
    for expert in graph.experts.values() {
        card(&mut out, graph, expert);
    }
    let _ = write!(
        out,
        "</aside>\n</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    );
    out
}

fn header(out: &mut String, graph: &Graph) {
    let count = |status: Status| {
        let experts = graph.experts.values();
        experts.filter(|e| shown(e) == Some(status)).count()
    };
    let (stale, unlearned) = (count(Status::Stale), count(Status::Unlearned));
    let _ = write!(
        out,
        "<header>\n<h1>{}</h1>\n<p>{} {}, {} {}",
        escape(&graph.root),
        graph.experts.len(),
        plural(graph.experts.len(), "expert"),
        graph.edges(),
        plural(graph.edges(), "edge"),
    );
    for (number, class) in [(stale, "stale"), (unlearned, "unlearned")] {
        if number > 0 {
            let _ = write!(out, ", <b class=\"{class}\">{number} {class}</b>");
        }
    }
    if stale + unlearned == 0 {
        out.push_str(", <b class=\"fresh\">all fresh</b>");
    }
    out.push_str(
        "</p>\n<input id=\"find\" type=\"search\" placeholder=\"Find an expert or a contract\" aria-label=\"Find an expert or a contract\">\n\
         <p class=\"legend\">An arrow runs from a consumer to the provider it depends on.</p>\n</header>\n",
    );
}

fn drawing(out: &mut String, graph: &Graph, layout: &Layout) {
    let labelled = if graph.edges() <= LABELLED {
        " labelled"
    } else {
        ""
    };
    let _ = write!(
        out,
        "<svg id=\"graph\" class=\"graph{labelled}\" role=\"group\" aria-label=\"The graph of experts\" \
         viewBox=\"0 0 {:.0} {:.0}\" data-width=\"{:.0}\" data-height=\"{:.0}\">\n\
         <defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7.5\" refY=\"4\" markerUnits=\"userSpaceOnUse\" markerWidth=\"11\" markerHeight=\"11\" orient=\"auto\">\
         <path d=\"M0 0.5 7.5 4 0 7.5z\"/></marker></defs>\n",
        layout.width, layout.height, layout.width, layout.height
    );
    for ((consumer, provider), points) in &layout.edges {
        let contracts = graph
            .expert(consumer)
            .and_then(|expert| expert.neighbors.get(provider))
            .map(|edge| edge.contracts.join(", "))
            .unwrap_or_default();
        let _ = write!(
            out,
            "<g class=\"edge\" data-from=\"{}\" data-to=\"{}\"><path d=\"{}\" marker-end=\"url(#arrow)\"/>",
            escape(consumer),
            escape(provider),
            curve(points)
        );
        if let [.., before, (x, y)] = points[..] {
            let _ = write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                (x + before.0) / 2.0,
                (y + before.1) / 2.0 - 7.0,
                escape(&clipped(&contracts))
            );
        }
        out.push_str("</g>\n");
    }
    for expert in graph.experts.values() {
        if let Some(place) = layout.places.get(&expert.name) {
            node(out, graph, expert, place);
        }
    }
    out.push_str("</svg>\n");
}

fn node(out: &mut String, graph: &Graph, expert: &Expert, place: &Place) {
    let name = escape(&expert.name);
    let mut classes = String::from("expert");
    if expert.name == graph.root {
        classes.push_str(" root");
    }
    if !expert.is_local() {
        classes.push_str(" elsewhere");
    }
    let status = shown(expert).map_or("", word);
    let contracts: Vec<&str> = expert.provides.keys().map(String::as_str).collect();
    let _ = write!(
        out,
        "<a class=\"{classes} {status}\" href=\"#expert-{name}\" data-name=\"{name}\" data-contracts=\"{}\" \
         transform=\"translate({:.1} {:.1})\"><title>{name}{}</title>\
         <rect width=\"{:.1}\" height=\"40\" rx=\"6\"/><text x=\"14\" y=\"{}\">{}</text>",
        escape(&contracts.join(" ")),
        place.x,
        place.y - 20.0,
        if status.is_empty() {
            String::new()
        } else {
            format!(": {status}")
        },
        place.width,
        if status.is_empty() || status == "fresh" {
            25
        } else {
            18
        },
        escape(&clipped(&expert.name)),
    );
    if !status.is_empty() && status != "fresh" {
        let _ = write!(
            out,
            "<text class=\"status\" x=\"14\" y=\"33\">{status}</text>"
        );
    }
    out.push_str("</a>\n");
}

/// What can be read about an expert when it is chosen; shown by the address alone, script or not.
fn card(out: &mut String, graph: &Graph, expert: &Expert) {
    let name = escape(&expert.name);
    let _ = write!(
        out,
        "<article id=\"expert-{name}\">\n<h2>{name}</h2>\n<p class=\"place\">"
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

/// The verdict that is worth showing: whoever lives elsewhere is kept fresh by its own owner.
fn shown(expert: &Expert) -> Option<Status> {
    match expert.freshness.status {
        Status::Unlearned if !expert.is_local() => None,
        status => Some(status),
    }
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Fresh => "fresh",
        Status::Stale => "stale",
        Status::Unlearned => "unlearned",
    }
}

fn files(paths: &[String]) -> String {
    let mut out = String::new();
    for path in paths.iter().take(FILES) {
        let _ = write!(out, " <code>{}</code>", escape(path));
    }
    if paths.len() > FILES {
        let _ = write!(out, " and {} more", paths.len() - FILES);
    }
    out
}

fn link(name: &str) -> String {
    let name = escape(name);
    format!("<a href=\"#expert-{name}\">{name}</a>")
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 {
        word.into()
    } else {
        format!("{word}s")
    }
}

/// A smooth line through the points, level at each of them.
fn curve(points: &[(f64, f64)]) -> String {
    let mut out = String::new();
    if let Some((x, y)) = points.first() {
        let _ = write!(out, "M{x:.1} {y:.1}");
    }
    for pair in points.windows(2) {
        let ((a, b), (c, d)) = (pair[0], pair[1]);
        let middle = (a + c) / 2.0;
        let _ = write!(out, "C{middle:.1} {b:.1} {middle:.1} {d:.1} {c:.1} {d:.1}");
    }
    out
}

fn box_width(name: &str) -> f64 {
    28.0 + 8.2 * (clipped(name).chars().count().max(8) as f64)
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Text as it may stand in an element or an attribute.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(sign),
            sign if sign.is_control() => out.push('\u{fffd}'),
            sign => out.push(sign),
        }
    }
    out
}

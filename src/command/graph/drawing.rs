//! The drawing: a box for each expert, a line for each edge, with its contracts on it.

use std::fmt::Write as _;

use super::layout::{LABELLED, Place, lay_out};
use super::page::{escape, shown, word};
use crate::expert::{Expert, Graph};

/// Signs of a name that a box shows.
const SHOWN: usize = 32;

/// The drawing of the whole graph: lines, then what is written on them, then the experts.
pub fn drawing(out: &mut String, graph: &Graph, asked: &str) {
    let text = |consumer: &str, provider: &str| sign_width(&contracts(graph, consumer, provider));
    let layout = lay_out(graph, box_width, text);
    let labelled = if graph.edges() <= LABELLED {
        " labelled"
    } else {
        ""
    };
    let _ = write!(
        out,
        "<svg id=\"graph\" class=\"graph{labelled}\" role=\"group\" aria-label=\"The graph of experts\" \
         viewBox=\"0 0 {:.0} {:.0}\" data-width=\"{:.0}\" data-height=\"{:.0}\" data-asked=\"{}\">\n\
         <defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7.5\" refY=\"4\" markerUnits=\"userSpaceOnUse\" markerWidth=\"11\" markerHeight=\"11\" orient=\"auto\">\
         <path d=\"M0 0.5 7.5 4 0 7.5z\"/></marker></defs>\n",
        layout.width,
        layout.height,
        layout.width,
        layout.height,
        escape(asked)
    );
    for ((consumer, provider), points) in &layout.edges {
        edge(out, consumer, provider);
        let _ = writeln!(
            out,
            "<path d=\"{}\" marker-end=\"url(#arrow)\"/></g>",
            curve(points)
        );
    }
    for ((consumer, provider), (x, y)) in &layout.labels {
        edge(out, consumer, provider);
        let _ = writeln!(
            out,
            "<text x=\"{x:.1}\" y=\"{:.1}\">{}</text></g>",
            y - 7.0,
            escape(&contracts(graph, consumer, provider)),
        );
    }
    for expert in graph.experts.values() {
        if let Some(place) = layout.places.get(&expert.name) {
            node(out, graph, expert, place);
        }
    }
    out.push_str("</svg>\n");
}

fn edge(out: &mut String, consumer: &str, provider: &str) {
    let _ = write!(
        out,
        "<g class=\"edge\" data-from=\"{}\" data-to=\"{}\">",
        escape(consumer),
        escape(provider)
    );
}

/// What is written on an edge.
fn contracts(graph: &Graph, consumer: &str, provider: &str) -> String {
    let edge = graph
        .expert(consumer)
        .and_then(|expert| expert.neighbors.get(provider));
    edge.map_or_else(String::new, |edge| clipped(&edge.contracts.join(", ")))
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
            17
        },
        escape(&clipped(&expert.name)),
    );
    if !status.is_empty() && status != "fresh" {
        let _ = write!(
            out,
            "<text class=\"status\" x=\"14\" y=\"34\">{status}</text>"
        );
    }
    out.push_str("</a>\n");
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

/// How wide a text on an edge is at most, in the fonts that browsers choose.
fn sign_width(text: &str) -> f64 {
    let wide = |sign: char| if sign.is_ascii() { 7.2 } else { 12.5 };
    text.chars().map(wide).sum()
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

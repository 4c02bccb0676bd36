//! The graph as one HTML page that needs nothing else: no network, no script to be read, none of the
//! repository's text as markup.

use std::fmt::Write as _;

use base64::Engine as _;
use sha2::{Digest, Sha256};

use super::card::{self, card, link};
use super::drawing::drawing;
use crate::expert::{Expert, Graph, Status};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The whole page; it opens with the expert `asked`.
pub fn page(graph: &Graph, asked: &str) -> String {
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
    out.push_str("<div class=\"drawing\">\n");
    drawing(&mut out, graph, asked);
    out.push_str(
        "<div class=\"tools\" role=\"toolbar\" aria-label=\"The drawing\">\
         <button id=\"smaller\" type=\"button\" aria-label=\"Smaller\">−</button>\
         <button id=\"larger\" type=\"button\" aria-label=\"Larger\">+</button>\
         <button id=\"all\" type=\"button\">All</button></div>\n</div>\n\
         <section id=\"panel\" aria-label=\"The chosen expert\" aria-live=\"polite\" tabindex=\"0\">\n",
    );
    for expert in graph.experts.values() {
        card(&mut out, graph, expert, expert.name == asked);
    }
    stale(&mut out, graph);
    let _ = write!(
        out,
        "</section>\n</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
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
         <p class=\"legend\">An arrow runs from a consumer to the provider it depends on. Arrow keys go along the edges; a double click shows the whole drawing.</p>\n</header>\n",
    );
}

/// Every expert that does not know its flake as it is, with what differs: under each card.
fn stale(out: &mut String, graph: &Graph) {
    let all = graph.experts.values();
    let stale: Vec<&Expert> = all
        .filter(|expert| !matches!(shown(expert), None | Some(Status::Fresh)))
        .collect();
    if stale.is_empty() {
        return;
    }
    out.push_str("<div class=\"stale-list\">\n<h2>Not fresh</h2>\n<ul>\n");
    for expert in stale {
        let files = &expert.freshness.files;
        let paths = [&files.changed, &files.added, &files.removed];
        let paths: Vec<String> = paths.into_iter().flatten().cloned().collect();
        let _ = writeln!(
            out,
            "<li>{} is {}{}</li>",
            link(&expert.name),
            shown(expert).map_or("", word),
            match paths.is_empty() {
                true => String::new(),
                false => format!(":{}", card::files(&paths)),
            }
        );
    }
    out.push_str("</ul>\n</div>\n");
}

/// The verdict that is worth showing: whoever lives elsewhere is kept fresh by its own owner.
pub(super) fn shown(expert: &Expert) -> Option<Status> {
    match expert.freshness.status {
        Status::Unlearned if !expert.is_local() => None,
        status => Some(status),
    }
}

pub(super) fn word(status: Status) -> &'static str {
    match status {
        Status::Fresh => "fresh",
        Status::Stale => "stale",
        Status::Unlearned => "unlearned",
    }
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 {
        word.into()
    } else {
        format!("{word}s")
    }
}

/// Text as it may stand in an element or an attribute.
pub(super) fn escape(text: &str) -> String {
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

//! Pictures: whether one can be drawn, shows something, and runs and loads nothing.
//!
//! Drawn by usvg up to the geometry that resvg would put on pixels: it costs 0.7 MB in the program, resvg with it 1.1 MB, a
//! browser is not everywhere. Fonts are not looked for, so that text alone does not count as something to be seen.

use usvg::roxmltree::{Document, Node};

const SVG: &str = "http://www.w3.org/2000/svg";
/// Elements that run, load or embed something.
const ACTIVE: [&str; 9] = [
    "script",
    "foreignObject",
    "iframe",
    "object",
    "embed",
    "audio",
    "video",
    "handler",
    "a",
];
/// Most elements.
const ELEMENTS: u32 = 20_000;

/// What a picture lacks, each in one line.
pub(super) fn lacks(text: &str) -> Vec<String> {
    let options = usvg::roxmltree::ParsingOptions {
        nodes_limit: ELEMENTS,
        ..Default::default()
    };
    let document = match Document::parse_with_options(text, options) {
        Ok(document) => document,
        Err(error) => return vec![format!("it is no XML: {error}")],
    };
    let root = document.root_element();
    if root.tag_name().name() != "svg" || root.tag_name().namespace() != Some(SVG) {
        return vec![format!("it does not begin with <svg xmlns=\"{SVG}\">")];
    }
    let mut lacks: Vec<String> = root.descendants().filter_map(active).collect();
    lacks.dedup();
    if root.attribute("viewBox").is_none() {
        lacks.push("it has no viewBox".into());
    }
    let title = root
        .children()
        .find(|node| node.tag_name().name() == "title");
    if title
        .and_then(|title| title.text())
        .is_none_or(|text| text.trim().is_empty())
    {
        lacks.push("it has no <title> that says what it shows".into());
    }
    // What is active is not drawn.
    if lacks.is_empty() {
        lacks.extend(undrawn(&document));
    }
    lacks
}

/// What of an element runs or loads something.
fn active(node: Node<'_, '_>) -> Option<String> {
    let name = node.tag_name().name();
    let line = || node.document().text_pos_at(node.range().start).row;
    if node.is_pi() {
        return Some(format!(
            "line {}: it holds an instruction to a program",
            line()
        ));
    }
    if ACTIVE.contains(&name) {
        return Some(format!("line {}: it holds <{name}>", line()));
    }
    let inside = |value: &str| value.starts_with('#') || value.starts_with("data:image/png");
    for attribute in node.attributes() {
        let (name, value) = (attribute.name(), attribute.value().trim());
        let moved = name == "attributeName" && value.ends_with("href");
        if name.to_ascii_lowercase().starts_with("on") || moved {
            return Some(format!("line {}: it runs something on '{name}'", line()));
        }
        if (name == "href" || name == "src") && !inside(value) {
            return Some(format!("line {}: '{name}' leads elsewhere", line()));
        }
        if loads(value) {
            return Some(format!("line {}: '{name}' loads something", line()));
        }
    }
    let style = (name == "style").then(|| node.text()).flatten();
    style
        .is_some_and(loads)
        .then(|| format!("line {}: its style loads something", line()))
}

/// Whether a style names anything outside of the picture.
fn loads(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    let mut urls = style.split("url(").skip(1);
    style.contains("@import")
        || style.contains('\\')
        || urls.any(|url| !url.trim_start_matches([' ', '\'', '"']).starts_with('#'))
}

/// Why nothing of a picture would be seen.
fn undrawn(document: &Document<'_>) -> Option<String> {
    let nothing = usvg::ImageHrefResolver {
        resolve_string: Box::new(|_, _| None),
        ..Default::default()
    };
    let options = usvg::Options {
        image_href_resolver: nothing,
        ..Default::default()
    };
    let tree = match usvg::Tree::from_xmltree(document, &options) {
        Ok(tree) => tree,
        Err(error) => return Some(format!("it cannot be drawn: {error}")),
    };
    let shown = tree.root().abs_stroke_bounding_box();
    let size = tree.size();
    let seen = shown.width().max(shown.height()) > 0.0
        && shown.left() < size.width()
        && shown.top() < size.height()
        && shown.right() > 0.0
        && shown.bottom() > 0.0;
    (!seen).then(|| "nothing can be seen in it: no shape lies in its viewBox".into())
}

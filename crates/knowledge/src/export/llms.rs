//! llms.txt: links to the files worth reading, see <https://llmstxt.org>. Its form: a title, a summary as a quote, words
//! without headings, then sections that are lists of links.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::facts::Facts;
use super::text::{cut, label, one_line, target, without_headings};
use poag_core::name::shown;

/// Characters of the summary.
const SUMMARY: usize = 300;
const DOCUMENTS: [&str; 6] = ["md", "markdown", "rst", "adoc", "txt", "org"];
const TESTS: [&str; 6] = ["test", "tests", "__tests__", "spec", "specs", "testing"];

pub(super) fn front(facts: &Facts) -> String {
    let role = without_headings(&facts.role);
    let (first, rest) = role.trim().split_once("\n\n").unwrap_or((role.trim(), ""));
    let first = one_line(first);
    let summary = cut(&first, SUMMARY);
    let mut front = format!("# {}\n\n> {summary}\n\n", facts.name);
    // A first paragraph that had to be cut comes whole, too.
    let whole = if summary == first { "" } else { first.as_str() };
    for part in [whole, rest.trim()] {
        if !part.is_empty() {
            let _ = write!(front, "{part}\n\n");
        }
    }
    front
}

pub(super) fn body(facts: &Facts) -> String {
    let mut out = String::new();
    let mut listed = BTreeSet::new();
    let mut contracts = String::new();
    for promise in &facts.provides {
        for file in &promise.files {
            if listed.insert(file.as_str()) {
                link(
                    &mut contracts,
                    file,
                    &format!("{}: {}", promise.name, promise.summary),
                );
            }
        }
    }
    section(&mut out, "Contracts", &contracts);
    let (mut documents, mut sources, mut optional) = (String::new(), String::new(), String::new());
    for (path, title) in &facts.files {
        if !listed.insert(path) {
            continue;
        }
        let extension = path.rsplit_once('.').map_or("", |(_, end)| end);
        let kind = match path.split('/').any(|part| TESTS.contains(&part)) {
            true => &mut optional,
            false if DOCUMENTS.contains(&extension) => &mut documents,
            false => &mut sources,
        };
        link(kind, path, title);
    }
    section(&mut out, "Documentation", &documents);
    section(&mut out, "Sources", &sources);
    section(&mut out, "Optional", &optional);
    out
}

fn link(list: &mut String, path: &str, title: &str) {
    let _ = write!(list, "- [{}]({})", label(&shown(path)), target(path));
    if !title.is_empty() {
        let _ = write!(list, ": {}", one_line(title));
    }
    list.push('\n');
}

fn section(out: &mut String, name: &str, links: &str) {
    if !links.is_empty() {
        let _ = write!(out, "\n## {name}\n\n{links}");
    }
}

//! The first sentence of a document that says what a thing is: of a README, or of the documentation of a module.

/// Lines of a document that are looked at.
const MAX_LINES: usize = 250;
/// Words that a sentence needs to say something.
const MIN_WORDS: usize = 4;
/// What sentences begin with that do not say what a thing is.
const BESIDE: [&str; 50] = [
    "all ",
    "as of ",
    "badge",
    "before ",
    "build status",
    "by default",
    "caution",
    "changelog",
    "check ",
    "checklist",
    "click ",
    "contents",
    "copyright",
    "currently",
    "deprecated",
    "documentation:",
    "each ",
    "for ",
    "from ",
    "here ",
    "however",
    "if ",
    "important",
    "in order",
    "install",
    "it ",
    "latest release",
    "licensed",
    "make sure",
    "many ",
    "most of ",
    "note",
    "now ",
    "only ",
    "our ",
    "please",
    "read ",
    "run ",
    "see ",
    "since ",
    "spdx-license",
    "status:",
    "table of contents",
    "these ",
    "this template ",
    "to ",
    "todo",
    "warning",
    "we ",
    "you ",
];
/// What they hold that do not.
const ELSEWHERE: [&str; 12] = [
    "add your description",
    "bootstrapped with",
    "can be found",
    "click here",
    "continuously deployed",
    "is deprecated",
    "is generated",
    "refer to",
    "see the ",
    "shields.io",
    "under development",
    "was generated",
];
/// Paragraphs of a document that are looked at.
const MAX_PARAGRAPHS: usize = 6;
/// What ends in a point and ends no sentence.
const SHORT: [&str; 8] = [
    "e.g.", "i.e.", "etc.", "vs.", "cf.", "incl.", "approx.", "resp.",
];

/// The first sentence of a document in Markdown or reStructuredText, and its line: no heading, badge, picture, list,
/// table, note or markup.
#[must_use]
pub fn first_sentence(text: &str) -> Option<(String, usize)> {
    let lines: Vec<&str> = text.lines().take(MAX_LINES).collect();
    let mut state = Skipped::default();
    let (mut at, mut paragraphs) = (0, 0);
    // Front matter of a site generator.
    if lines.first().is_some_and(|line| line.trim() == "---") {
        at = lines.iter().skip(1).position(|line| line.trim() == "---")? + 2;
    }
    while at < lines.len() {
        let begin = at;
        let mut paragraph = String::new();
        while at < lines.len() && state.is_prose(&lines, at) {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(lines[at].trim());
            at += 1;
        }
        if let Some(said) = sentence(&unmarked(&paragraph)) {
            return Some((said, begin + 1));
        }
        paragraphs += usize::from(!paragraph.is_empty());
        if paragraphs > MAX_PARAGRAPHS {
            break;
        }
        at = at.max(begin + 1);
    }
    None
}

/// What is open while a document is read.
#[derive(Default)]
struct Skipped {
    fenced: bool,
    comment: bool,
}

impl Skipped {
    /// Whether a line is part of a paragraph.
    fn is_prose(&mut self, lines: &[&str], at: usize) -> bool {
        let line = lines[at].trim();
        if self.comment || line.starts_with("<!--") {
            self.comment = !line.contains("-->");
            return false;
        }
        if line.starts_with("```") || line.starts_with("~~~") {
            self.fenced = !self.fenced;
            return false;
        }
        let opens = line.starts_with(|c: char| {
            c.is_alphanumeric() || matches!(c, '*' | '_' | '`' | '[' | '"' | '@')
        });
        let list = line.starts_with("* ")
            || line
                .split_once(". ")
                .is_some_and(|(number, _)| number.chars().all(|c| c.is_ascii_digit()));
        let only_link =
            line.starts_with("[!") || (line.starts_with('[') && line.ends_with([')', ']']));
        let target = line.starts_with('[') && line.contains("]: ");
        let underline = |next: &&str| {
            let next = next.trim();
            next.len() > 2
                && next
                    .chars()
                    .all(|c| matches!(c, '=' | '-' | '~' | '^' | '*'))
        };
        let heading = lines.get(at + 1).is_some_and(underline) || underline(&lines[at]);
        let html = line.contains("<img") || line.contains("</");
        let code = lines[at].starts_with("    ") || lines[at].starts_with('\t');
        opens && !list && !only_link && !target && !heading && !html && !code && !self.fenced
    }
}

/// The first sentence of a paragraph, where it says something.
#[must_use]
pub fn sentence(paragraph: &str) -> Option<String> {
    let said = before_list(first(paragraph));
    let low = said.to_lowercase();
    let beside = BESIDE.iter().any(|begin| low.starts_with(begin))
        || ELSEWHERE.iter().any(|words| low.contains(words));
    let words = said.split_whitespace().count();
    let ends = !said.ends_with([':', '?']);
    (words >= MIN_WORDS && !beside && !low.starts_with("http") && ends).then_some(said)
}

/// Without the clause that introduces a list: `x is a store, with a focus on being:` says what x is before its last comma.
fn before_list(said: String) -> String {
    let cut = said
        .strip_suffix(':')
        .and_then(|said| said.rsplit_once(", "));
    match cut {
        Some((says, _)) if says.contains(" is a") => says.to_owned(),
        _ => said,
    }
}

/// Up to the first point that ends a sentence.
fn first(text: &str) -> String {
    let text = text.trim();
    for (at, _) in text.match_indices(['.', '!', '?']) {
        let (said, rest) = text.split_at(at + 1);
        let last = said
            .split_whitespace()
            .next_back()
            .unwrap_or_default()
            .to_lowercase();
        let mut next = rest.chars();
        let space = next.next().is_none_or(char::is_whitespace);
        let begins = next
            .find(|c| !c.is_whitespace())
            .is_none_or(|c| !c.is_lowercase());
        if space && begins && !SHORT.contains(&last.trim_start_matches('(')) && last.len() > 2 {
            return said.to_owned();
        }
    }
    text.to_owned()
}

/// Without the targets of links, pictures, roles and emphasis.
#[must_use]
pub fn unmarked(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("](") {
        // The text of a picture is no text.
        let picture = rest[..at].rfind("![");
        out.push_str(&rest[..picture.unwrap_or(at)]);
        rest = rest[at..].find(')').map_or("", |end| &rest[at + end + 1..]);
    }
    out.push_str(rest);
    // `text <https://…>`_ and [text][target].
    while let (Some(open), true) = (out.find("<http"), out.contains('>')) {
        let Some(close) = out[open..].find('>') else {
            break;
        };
        let after = out[open + close + 1..].trim_start_matches(['`', '_']);
        let end = out.len() - after.len();
        out.replace_range(open..end, "");
    }
    while let Some(open) = out.find("][") {
        let close = out[open + 1..]
            .find(']')
            .map_or(out.len(), |end| open + end + 2);
        out.replace_range(open..close.min(out.len()), "");
    }
    let out = out
        .replace(['[', ']', '*', '`'], "")
        .replace(" __", " ")
        .replace("__ ", " ");
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<String> {
        first_sentence(text).map(|(said, _)| said)
    }

    #[test]
    fn a_readme_begins_after_its_title_and_badges() {
        let text = "# Tool\n\n[![CI](https://x/y.svg)](https://x)\n\n<p>a</p>\n\nTool is a [fast](https://x) *thing*\nfor people. It is new.\n\nMore.\n";
        let (said, line) = first_sentence(text).unwrap();
        assert_eq!(
            (said.as_str(), line),
            ("Tool is a fast thing for people.", 7)
        );
    }

    #[test]
    fn what_says_nothing_of_the_thing_is_passed_by() {
        let text = "Tool\n====\n\n|pypi| |docs|\n\nLatest release: [1.2.3](https://x) of today here\n\n<!-- A comment\nthat goes on for long -->\n\n**Note** this is not it at all.\n\nA tool for people, e.g. you and me. More.\n";
        assert_eq!(
            said(text).as_deref(),
            Some("A tool for people, e.g. you and me.")
        );
    }

    #[test]
    fn what_a_template_left_behind_is_passed_by() {
        for left in [
            "This is a Next.js project bootstrapped with `create-next-app`.",
            "This project was generated using Angular CLI version 20.",
            "This template provides a minimal setup to get React working in Vite.",
            "Add your description here.",
            "TODO: say what this is.",
        ] {
            assert_eq!(said(&format!("# x\n\n{left}\n")), None, "{left}");
        }
    }

    #[test]
    fn a_sentence_that_introduces_a_list_says_what_it_is_before() {
        let text =
            "# x\n\nx is a store for the data of a system, with a focus on being:\n\n* simple\n";
        assert_eq!(
            said(text).as_deref(),
            Some("x is a store for the data of a system")
        );
        assert_eq!(
            said("# x\n\nHere are the steps, in order:\n\n* one\n"),
            None
        );
    }

    #[test]
    fn a_document_without_prose_says_nothing() {
        assert_eq!(
            said("# Tool\n\n- a\n- b\n\n```\ncode here is not prose\n```\n"),
            None
        );
        assert_eq!(said("---\ntitle: a b c d e\n---\n# x\n"), None);
    }

    #[test]
    fn links_are_their_text_once() {
        assert_eq!(
            unmarked("A [fast tool][1] of `Nix <https://nixos.org>`_ and [x](y)."),
            "A fast tool of Nix and x."
        );
    }
}

//! The name of an expert, and the one line that says what it owns.

use super::{FieldEvidence, Manifest, one_line};
use crate::declaration::plain_name;
use crate::flake::FlakeFile;
use crate::survey::Survey;

/// Characters of a role.
const MOST: usize = 240;
/// What templates of flakes say of themselves.
const EMPTY_WORDS: [&str; 5] = [
    "a very basic flake",
    "description for the project",
    "a basic flake",
    "a flake",
    "my flake",
];
/// Files that begin with what a project is.
const READMES: [&str; 6] = [
    "README.md",
    "Readme.md",
    "readme.md",
    "README",
    "README.rst",
    "README.org",
];

/// The expert's name: of the folder below the repository's root, else of a manifest, else of the folder.
#[must_use]
pub fn named(survey: &Survey, manifests: &[Manifest], dir: &str) -> (String, FieldEvidence) {
    let last = |path: &str| path.rsplit('/').next().map(str::to_owned);
    if let Some(name) = last(dir).as_deref().and_then(plain_name) {
        let says = format!("the folder is called {dir}");
        return (name, FieldEvidence::new("name", "", 0, says));
    }
    for manifest in manifests {
        let plain = |(said, line): &(String, usize)| Some((plain_name(said)?, said.clone(), *line));
        if let Some((name, said, line)) = manifest.name.as_ref().and_then(plain) {
            let evidence =
                FieldEvidence::new("name", &manifest.file, line, format!("is called {said}"));
            return (name, evidence);
        }
    }
    let folder = survey
        .folder
        .file_name()
        .and_then(|name| name.to_str())
        .and_then(plain_name);
    let name = folder.unwrap_or_else(|| "project".into());
    let says = format!("the folder is called {name}");
    (name, FieldEvidence::new("name", "", 0, says))
}

/// What the expert owns, in one line.
#[must_use]
pub fn role(
    survey: &Survey,
    flake: Option<&FlakeFile>,
    manifests: &[Manifest],
    name: &str,
) -> (String, FieldEvidence) {
    let (said, evidence) = match said(survey, flake, manifests) {
        Some(found) => found,
        None => {
            let says = "nothing here says what it is: please write it yourself";
            let role = format!("Owns {name}: its code, its interface and its tests.");
            return (role, FieldEvidence::new("role", "", 0, says));
        }
    };
    let said = one_line(&said, MOST);
    let said = said.trim_end_matches('.');
    let dot = if said.ends_with(['…', '!', '?']) {
        ""
    } else {
        "."
    };
    (format!("Owns {name}: {said}{dot}"), evidence)
}

fn said(
    survey: &Survey,
    flake: Option<&FlakeFile>,
    manifests: &[Manifest],
) -> Option<(String, FieldEvidence)> {
    let telling = |text: &str| {
        let plain = text.trim().trim_end_matches('.').to_lowercase();
        plain.split_whitespace().count() > 1 && !EMPTY_WORDS.contains(&plain.as_str())
    };
    let described = flake
        .and_then(FlakeFile::description)
        .filter(|(text, _)| telling(text));
    if let Some((text, line)) = described {
        return Some((
            text,
            FieldEvidence::new("role", "flake.nix", line, "describes the flake"),
        ));
    }
    for manifest in manifests {
        if let Some((text, line)) = manifest
            .description
            .as_ref()
            .filter(|(text, _)| telling(text))
        {
            return Some((
                text.clone(),
                FieldEvidence::new("role", &manifest.file, *line, "describes the project"),
            ));
        }
    }
    READMES.iter().find_map(|file| {
        let text = survey.text(file)?;
        let (first, line) = first_paragraph(&text)?;
        telling(&first).then(|| {
            (
                first,
                FieldEvidence::new("role", *file, line, "begins with it"),
            )
        })
    })
}

/// The first paragraph of a document that is prose: no heading, badge, picture, list, table or markup.
fn first_paragraph(text: &str) -> Option<(String, usize)> {
    let (mut found, mut begin, mut fenced) = (String::new(), 0, false);
    for (at, line) in text.lines().enumerate().take(200) {
        let line = line.trim();
        let fence = line.starts_with("```") || line.starts_with("~~~");
        fenced ^= fence;
        let opens = line
            .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '*' | '_' | '`' | '[' | '"'));
        let badge = line.starts_with("[!") || (line.starts_with('[') && line.ends_with(')'));
        let prose = opens && !fence && !badge && !line.starts_with("* ");
        let underlined =
            |next: &str| !next.is_empty() && next.chars().all(|c| matches!(c, '=' | '-' | '~'));
        let heading = text
            .lines()
            .nth(at + 1)
            .is_some_and(|next| underlined(next.trim()));
        match prose && !fenced && !heading {
            true => {
                if found.is_empty() {
                    begin = at + 1;
                } else {
                    found.push(' ');
                }
                found.push_str(line);
            }
            false if !found.is_empty() => break,
            false => (),
        }
    }
    (!found.is_empty()).then(|| (unmarked(&found), begin))
}

/// Without links' targets and emphasis.
fn unmarked(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("](") {
        out.push_str(&rest[..at]);
        rest = rest[at..].find(')').map_or("", |end| &rest[at + end + 1..]);
    }
    out.push_str(rest);
    out.replace(['[', ']', '*', '`'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_readme_begins_after_its_title_and_badges() {
        let text = "# Tool\n\n[![CI](https://x/y.svg)](https://x)\n\n<p>a</p>\n\nTool is a [fast](https://x) *thing*\nfor people.\n\nMore.\n";
        let (said, line) = first_paragraph(text).unwrap();
        assert_eq!(
            (said.as_str(), line),
            ("Tool is a fast thing for people.", 7)
        );
    }

    #[test]
    fn a_document_without_prose_says_nothing() {
        assert_eq!(
            first_paragraph("# Tool\n\n- a\n- b\n\n```\ncode here\n```\n"),
            None
        );
    }
}

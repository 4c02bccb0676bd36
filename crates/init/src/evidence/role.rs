//! The name of an expert, and the one line that says what it owns.

use super::module_doc::{module_doc, symbol_doc};
use super::{FieldEvidence, Manifest, one_line, prose};
use crate::declaration::plain_name;
use crate::flake::FlakeFile;
use crate::survey::Survey;

/// Characters of a role.
const MOST: usize = 240;
/// What templates say of themselves.
const EMPTY_WORDS: [&str; 7] = [
    "a very basic flake",
    "description for the project",
    "a basic flake",
    "a flake",
    "add your description here",
    "default template for pdm package",
    "my flake",
];
/// Words of a description that is better than the beginning of a README.
const MIN_WORDS: usize = 3;
/// What a package calls itself.
const KINDS: [&str; 15] = [
    "Go",
    "Gradle",
    "Maven",
    "Python",
    "Rust",
    "crate",
    "directory",
    "folder",
    "library",
    "module",
    "npm",
    "package",
    "project",
    "repo",
    "repository",
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
    let Some((said, evidence)) = said(survey, flake, manifests, name) else {
        let says = "nothing here says what it is: please write it yourself";
        let role = format!("Owns {name}: its code, its interface and its tests.");
        return (role, FieldEvidence::new("role", "", 0, says));
    };
    (owning(name, &said), evidence)
}

/// `Owns x: …`, without the name once more.
fn owning(name: &str, said: &str) -> String {
    let said = one_line(without_name(name, said), MOST);
    let said = said.trim_end_matches('.');
    let dot = if said.ends_with(['…', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("Owns {name}: {said}{dot}")
}

/// What is said behind the name: `x: y`, `x - y`, `x is a y`, `Package x provides y`.
fn without_name<'t>(name: &str, said: &'t str) -> &'t str {
    let said = said.trim();
    let rest = ["Package ", "Command ", "The ", "crate "]
        .iter()
        .find_map(|word| said.strip_prefix(word))
        .unwrap_or(said);
    let Some((first, rest)) = rest.split_once(|c: char| c.is_whitespace() || c == ':') else {
        return said;
    };
    let plain = |text: &str| -> String {
        let kept = text.chars().filter(char::is_ascii_alphanumeric);
        kept.map(|c| c.to_ascii_lowercase()).collect()
    };
    let (short, whole) = (plain(first), plain(name));
    let named = said.starts_with("Package ") || said.starts_with("Command ");
    let this = first == "This";
    if short.is_empty() || !(named || this || whole == short) {
        return said;
    }
    // `This Maven module contains …`; `This is …` says something else.
    let words = rest
        .split(' ')
        .take_while(|word| KINDS.contains(word))
        .count();
    if this && words == 0 {
        return said;
    }
    let rest = rest.splitn(words + 1, ' ').last().unwrap_or(rest);
    let rest = rest.trim_start_matches([':', '-', '–', '—', ' ']);
    let verbs = [
        "is ",
        "are ",
        "provides ",
        "implements ",
        "contains ",
        "defines ",
        "has ",
        "crate ",
    ];
    let rest = verbs
        .iter()
        .find_map(|verb| rest.strip_prefix(verb))
        .unwrap_or(rest);
    match rest.is_empty() {
        true => said,
        false => rest,
    }
}

fn said(
    survey: &Survey,
    flake: Option<&FlakeFile>,
    manifests: &[Manifest],
    name: &str,
) -> Option<(String, FieldEvidence)> {
    let telling = |text: &str| {
        let plain = text.trim().trim_end_matches('.').to_lowercase();
        let words = plain.split_whitespace().count();
        words > 1 && !EMPTY_WORDS.contains(&plain.as_str()) && plain != name.to_lowercase()
    };
    let found = |text: String, file: &str, line: usize, says: &str| {
        Some((text, FieldEvidence::new("role", file, line, says)))
    };
    let described = flake.and_then(FlakeFile::description);
    let described = described.map(|(text, line)| (text, "flake.nix", line, "describes the flake"));
    let of_manifests = manifests.iter().filter_map(|manifest| {
        let (text, line) = manifest.description.clone()?;
        Some((text, manifest.file.as_str(), line, "describes the project"))
    });
    let mut short = None;
    for (text, file, line, says) in described.into_iter().chain(of_manifests) {
        if text.split_whitespace().count() >= MIN_WORDS && telling(&text) {
            return found(text, file, line, says);
        }
        if short.is_none() && telling(&text) {
            short = found(text, file, line, says);
        }
    }
    // The code says it of a part, the README of the whole.
    let code = || {
        let (text, file, line) = module_doc(survey)?;
        found(text, &file, line, "documents the entry")
    };
    let readme = || {
        READMES.iter().find_map(|file| {
            let (text, line) = prose::first_sentence(&survey.text(file)?)?;
            found(text, file, line, "begins with it")
        })
    };
    let symbol = || {
        let (text, file, line) = symbol_doc(survey)?;
        found(text, &file, line, "documents what comes first")
    };
    readme().or_else(code).or(short).or_else(symbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_does_not_say_its_name_twice() {
        for (name, said, role) in [
            (
                "axum-core",
                "axum-core: Core types.",
                "Owns axum-core: Core types.",
            ),
            (
                "axum-core",
                "Core types and traits for axum",
                "Owns axum-core: Core types and traits for axum.",
            ),
            (
                "gson",
                "This Maven module contains the Gson source code.",
                "Owns gson: the Gson source code.",
            ),
            ("x", "This is new for you.", "Owns x: This is new for you."),
            (
                "schema",
                "The schema module contains packages.",
                "Owns schema: packages.",
            ),
            (
                "trace",
                "Package trace provides tracing of code.",
                "Owns trace: tracing of code.",
            ),
            (
                "attic",
                "Attic is a cache for Nix",
                "Owns attic: a cache for Nix.",
            ),
            (
                "sdk-log",
                "Package log has the SDK of logs!",
                "Owns sdk-log: the SDK of logs!",
            ),
            (
                "vue",
                "The progressive framework.",
                "Owns vue: The progressive framework.",
            ),
        ] {
            assert_eq!(owning(name, said), role);
        }
    }
}

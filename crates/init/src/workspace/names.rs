//! Names of experts out of names of packages: short, readable, each once.

use std::collections::{BTreeMap, BTreeSet};

use super::{BuildTool, Package};
use crate::declaration::plain_name;

/// Last parts of a folder that say nothing alone.
const EMPTY: [&str; 14] = [
    "app", "cmd", "core", "go", "internal", "java", "js", "lib", "main", "pkg", "python", "rust",
    "src", "tools",
];

/// A name for each package, by folder; none is one of `taken`.
#[must_use]
pub fn named<'p>(
    packages: impl Iterator<Item = &'p Package> + Clone,
    taken: &BTreeSet<String>,
) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut used = taken.clone();
    let choices: BTreeMap<&str, Vec<String>> = packages
        .map(|package| (package.dir.as_str(), choices(package)))
        .collect();
    let mut wanted: BTreeMap<&str, usize> = BTreeMap::new();
    for choice in choices.values().filter_map(|choices| choices.first()) {
        *wanted.entry(choice).or_default() += 1;
    }
    for (dir, choices) in &choices {
        // What two would be called is clear for neither.
        let clear = |choice: &&String| {
            wanted.get(choice.as_str()).copied().unwrap_or(0) < 2 && !used.contains(*choice)
        };
        let found = choices.iter().find(clear).cloned();
        let name = found.unwrap_or_else(|| numbered(choices.last(), &used));
        used.insert(name.clone());
        out.insert((*dir).to_owned(), name);
    }
    out
}

/// What a package may be called, the shortest first.
fn choices(package: &Package) -> Vec<String> {
    let parts: Vec<&str> = package
        .dir
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    let own = match package.tool {
        BuildTool::Cargo | BuildTool::Python => Some(package.name.as_str()),
        // Without the scope, which all of a repository share as a rule.
        BuildTool::Npm => package.name.rsplit('/').next(),
        BuildTool::Maven => package.name.rsplit(':').next(),
        BuildTool::Go | BuildTool::Gradle => None,
    };
    let mut out: Vec<String> = own.and_then(plain_name).into_iter().collect();
    if package.tool == BuildTool::Npm {
        out.extend(plain_name(&package.name));
    }
    let last = |count: usize| plain_name(&parts[parts.len() - count.min(parts.len())..].join("-"));
    let empty = parts.last().is_some_and(|part| is_empty(part));
    let shortest = if empty { 2 } else { 1 };
    out.extend((shortest..=parts.len().max(shortest)).filter_map(last));
    if parts.is_empty() {
        let mut words = package.name.split(['/', ':']);
        out.extend(words.rfind(|word| !is_version(word)).and_then(plain_name));
    }
    out
}

/// Whether a folder's name says nothing without the one around it.
fn is_empty(part: &str) -> bool {
    part.len() < 2 || EMPTY.contains(&part) || is_version(part)
}

/// `v2`, as Go has it at the end of a module's path.
fn is_version(part: &str) -> bool {
    let digits = part.strip_prefix('v');
    digits.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
}

fn numbered(base: Option<&String>, used: &BTreeSet<String>) -> String {
    let base = base.map_or("package", String::as_str);
    let free = |name: &String| !used.contains(name);
    let mut names = (2..).map(|number| format!("{base}-{number}"));
    match used.contains(base) {
        false => base.to_owned(),
        true => names.find(free).unwrap_or_default(),
    }
}

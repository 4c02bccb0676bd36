//! What the packages of a repository use of one another: names, and the places they are imported from.
//!
//! Read from import lines and qualified names, for each language by its own small grammar. What is found only ranks
//! files and fills a summary; nothing is decided by it.

mod extract;

use std::collections::{BTreeMap, BTreeSet};

use poag_knowledge::outline::{Symbol, SymbolKind, outline};

use crate::survey::Survey;
use crate::workspace::path::join;
use crate::workspace::{BuildTool, Package, Workspace};

/// Files of one repository that are searched for imports.
const MAX_SEARCHED: usize = 20_000;
/// Files of one package whose definitions are looked at.
const MAX_OUTLINED: usize = 400;
/// Files that may define a name before it says nothing.
const MAX_DEFINERS: usize = 3;

/// One use of a package by another: the place that is imported (`a/b`, without a suffix; empty where the package itself
/// is meant) and the name (empty where the whole place is).
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct UsedName {
    /// The place inside the package, as the language writes it, with `/`.
    pub place: String,
    /// The name.
    pub name: String,
}

/// How often something is used, and where first.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct UseCount {
    /// Times.
    pub count: usize,
    /// The first file, relative to the repository, and the line there.
    pub first: (String, usize),
}

/// All uses in one repository.
#[derive(Debug, Default)]
pub struct Usage {
    /// Consumer's folder, provider's folder → what is used.
    uses: BTreeMap<(String, String), BTreeMap<UsedName, UseCount>>,
}

/// A file that holds what others use, and how much of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UsedFile {
    /// The file, relative to the package.
    pub file: String,
    /// Uses of what it defines.
    pub count: usize,
    /// What is used of it, and how often, most often first.
    pub names: Vec<(String, usize)>,
}

impl Usage {
    /// Searches the files of a repository.
    #[must_use]
    pub fn of(survey: &Survey, workspace: &Workspace) -> Self {
        let mut usage = Self::default();
        let imports = extract::Imports::of(survey, workspace);
        if imports.is_empty() {
            return usage;
        }
        let code = survey.files.iter().filter(|file| extract::is_code(file));
        for file in code.take(MAX_SEARCHED) {
            let consumer = owner(workspace, file);
            let Some(text) = survey.text(file) else {
                continue;
            };
            for (provider, used, line) in imports.uses(file, &text) {
                if provider == consumer {
                    continue;
                }
                let all = usage
                    .uses
                    .entry((consumer.to_owned(), provider))
                    .or_default();
                let one = all.entry(used).or_insert_with(|| UseCount {
                    count: 0,
                    first: (file.clone(), line),
                });
                one.count += 1;
            }
        }
        usage
    }

    /// What one package uses of another: names, most often first, and where the first of them is.
    #[must_use]
    pub fn between(
        &self,
        consumer: &str,
        provider: &str,
    ) -> (Vec<String>, Option<(String, usize)>) {
        let found = self.uses.get(&(consumer.to_owned(), provider.to_owned()));
        let mut names: Vec<(&str, &UseCount)> = found
            .into_iter()
            .flatten()
            .filter(|(used, _)| !used.name.is_empty())
            .map(|(used, count)| (used.name.as_str(), count))
            .collect();
        names.sort_by(|a, b| b.1.count.cmp(&a.1.count).then(a.0.cmp(b.0)));
        let place = names.first().map(|(_, count)| count.first.clone());
        let place = place.or_else(|| found?.values().next().map(|count| count.first.clone()));
        (once(names.iter().map(|(name, _)| *name)), place)
    }

    /// The files of a package that define what others use, most used first.
    #[must_use]
    pub fn files(&self, package: &Survey, dir: &str, tool: BuildTool) -> Vec<UsedFile> {
        let mut counts: BTreeMap<&UsedName, usize> = BTreeMap::new();
        let of = self
            .uses
            .iter()
            .filter(|((_, provider), _)| provider == dir);
        for (used, count) in of.flat_map(|(_, all)| all) {
            *counts.entry(used).or_default() += count.count;
        }
        if counts.is_empty() {
            return Vec::new();
        }
        let defined = definitions(package, tool);
        let mut by_file: BTreeMap<&str, (usize, BTreeMap<&str, usize>)> = BTreeMap::new();
        for (used, count) in counts {
            for file in definers(&defined, used) {
                let (all, names) = by_file.entry(file).or_default();
                *all += count;
                if !used.name.is_empty() {
                    *names.entry(used.name.as_str()).or_default() += count;
                }
            }
        }
        let mut out: Vec<UsedFile> = by_file
            .into_iter()
            .map(|(file, (count, names))| {
                let mut names: Vec<(&str, usize)> = names.into_iter().collect();
                names.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
                let names = names
                    .into_iter()
                    .map(|(name, count)| (name.to_owned(), count));
                UsedFile {
                    file: file.to_owned(),
                    count,
                    names: names.collect(),
                }
            })
            .collect();
        out.sort_by(|a, b| b.count.cmp(&a.count).then(a.file.cmp(&b.file)));
        out
    }
}

/// The package that a file belongs to: the nearest around it.
fn owner<'w>(workspace: &'w Workspace, file: &str) -> &'w str {
    let mut around = crate::workspace::path::around(file);
    let found = around.find_map(|dir| workspace.packages.get(dir));
    found.map_or("", |package: &Package| package.dir.as_str())
}

/// File → public definitions, of the code that is no test.
fn definitions(package: &Survey, tool: BuildTool) -> BTreeMap<&str, Vec<String>> {
    let code = package
        .files
        .iter()
        .filter(|file| extract::is_product(file, tool));
    code.take(MAX_OUTLINED)
        .filter_map(|file| {
            let symbols = outline(file, &package.text(file)?);
            let names = public(&symbols).map(|one| one.name.clone()).collect();
            Some((file.as_str(), names))
        })
        .collect()
}

/// What others can use of it.
pub fn public(symbols: &[Symbol]) -> impl Iterator<Item = &Symbol> {
    symbols.iter().filter(|one| {
        one.public && !one.test && one.kind != SymbolKind::Section && !one.name.starts_with('_')
    })
}

/// The files that define a used name: those at its place, else the few anywhere.
fn definers<'d>(defined: &BTreeMap<&'d str, Vec<String>>, used: &UsedName) -> Vec<&'d str> {
    let at_place = |file: &str| extract::is_at(file, &used.place);
    if used.name.is_empty() {
        let found = defined.keys().filter(|file| at_place(file));
        return found.copied().take(MAX_DEFINERS).collect();
    }
    let defines = |names: &Vec<String>| names.contains(&used.name);
    let all = defined.iter().filter(|(_, names)| defines(names));
    let all: Vec<&str> = all.map(|(file, _)| *file).collect();
    let here: Vec<&str> = all.iter().copied().filter(|file| at_place(file)).collect();
    match here.is_empty() {
        false => here,
        true if all.len() <= MAX_DEFINERS => all,
        true => Vec::new(),
    }
}

fn once<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names
        .filter(|name| seen.insert(*name))
        .map(str::to_owned)
        .collect()
}

/// The files of one package, as a folder of their own.
#[must_use]
pub fn files_of(survey: &Survey, workspace: &Workspace, dir: &str) -> Survey {
    let inside = join(dir, "");
    let own = survey.files.iter().filter(|file| match dir {
        "" => owner(workspace, file).is_empty(),
        dir => file.starts_with(&inside) && owner(workspace, file) == dir,
    });
    Survey {
        folder: survey.folder.join(dir),
        files: own.map(|file| file[inside.len()..].to_owned()).collect(),
    }
}

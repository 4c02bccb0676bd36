//! Which packages get an expert of their own, and what is said of the others.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal as _, stdin};
use std::path::Path;

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::Init;
use crate::command::style;
use crate::engine::{InitSurvey, PackageChoice};
use crate::error::Error;
use crate::terminal;

/// Packages that are taken without a question.
const MANY: usize = 30;

/// The folders of the packages of one flake that get an expert.
pub fn packages(args: &Init, survey: &InitSurvey, place: &Path) -> Result<BTreeSet<String>, Error> {
    let all = survey.packages.get(place).map_or(&[][..], Vec::as_slice);
    if all.is_empty() || !args.all {
        return Ok(BTreeSet::new());
    }
    if !args.only.is_empty() {
        return matching(all, args.only.iter().map(String::as_str));
    }
    let asked =
        all.len() > MANY && !args.yes && !args.json && !args.dry_run && stdin().is_terminal();
    if !asked {
        return Ok(folders(all));
    }
    for one in all {
        terminal::note(&format!("  {:<32} {}", one.name, style::dim(&one.folder)));
    }
    let question = format!(
        "Which of these {} packages get an expert? [all, none, or names and folders such as `crates/*`] ",
        all.len()
    );
    match super::ask(&question)?.as_str() {
        "" | "all" => Ok(folders(all)),
        "none" => Ok(BTreeSet::new()),
        some => matching(all, some.split([' ', ',']).filter(|word| !word.is_empty())),
    }
}

fn folders(all: &[PackageChoice]) -> BTreeSet<String> {
    all.iter().map(|one| one.folder.clone()).collect()
}

/// Those whose folder or name matches one of the patterns, each of which must match.
fn matching<'p>(
    all: &[PackageChoice],
    patterns: impl Iterator<Item = &'p str>,
) -> Result<BTreeSet<String>, Error> {
    let mut globs = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = Glob::new(pattern.trim_start_matches("./").trim_end_matches('/'));
        let glob = glob.map_err(|error| {
            Error::Usage(format!(
                "'{pattern}' is no pattern: {error}\nrepair: write for instance `crates/*`"
            ))
        })?;
        let one: GlobSet = GlobSetBuilder::new()
            .add(glob.clone())
            .build()
            .unwrap_or_default();
        if !all.iter().any(|package| is_one(&one, package)) {
            return Err(Error::Usage(format!(
                "no package has the folder or name '{pattern}'\nrepair: `poag init --all --dry-run` lists them"
            )));
        }
        globs.add(glob);
    }
    let globs = globs.build().unwrap_or_default();
    let taken = all.iter().filter(|package| is_one(&globs, package));
    Ok(taken.map(|package| package.folder.clone()).collect())
}

fn is_one(globs: &GlobSet, package: &PackageChoice) -> bool {
    globs.is_match(&package.folder) || globs.is_match(&package.name)
}

/// What is passed by.
pub fn notes(args: &Init, survey: &InitSurvey) {
    let note = style::warn("note:");
    for place in &survey.samples {
        let place = place.display();
        terminal::note(&format!(
            "{note} {place} is passed by as a sample; `poag init {place}` takes it all the same"
        ));
    }
    for place in &survey.near {
        let place = place
            .strip_prefix(&survey.folder)
            .unwrap_or(place)
            .display();
        terminal::note(&format!(
            "{note} there is a flake in {place}: `poag init {place}` gives that one the experts instead"
        ));
    }
    if args.all {
        return;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for package in survey.packages.values().flatten() {
        *counts.entry(package.tool).or_default() += 1;
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(tool, count)| format!("{count} {tool}"))
        .collect();
    if !counts.is_empty() {
        terminal::note(&format!(
            "{note} there are packages in subfolders ({}): `poag init --all` gives each an expert of its own, with the edges that their manifests tell",
            counts.join(", ")
        ));
    }
}

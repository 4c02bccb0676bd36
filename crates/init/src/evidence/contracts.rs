//! What others may rely on: libraries, programs, headers, schemas, and the outputs of the flake.

use std::collections::BTreeMap;

use super::{FieldEvidence, Manifest, code, nix, one_line};
use crate::declaration::{DraftContract, MAX_FILES};
use crate::flake::FlakeFile;
use crate::survey::Survey;
use crate::usage::UsedFile;

/// Characters of a summary.
const MOST: usize = 200;
/// Names in a summary.
const NAMES: usize = 8;

/// The contracts, and what each rests on; `used` are the files that hold what other packages use.
#[must_use]
pub fn contracts(
    survey: &Survey,
    flake: Option<&FlakeFile>,
    manifests: &[Manifest],
    used: &[UsedFile],
) -> (BTreeMap<String, DraftContract>, Vec<FieldEvidence>) {
    let (mut provides, mut evidence) = (BTreeMap::new(), Vec::new());
    let mut add =
        |name: String, mut contract: DraftContract, (file, line, says): (String, usize, String)| {
            contract.summary = one_line(&contract.summary, MOST);
            contract.files.retain(|file| survey.holds(file));
            contract.files.truncate(MAX_FILES);
            evidence.push(FieldEvidence::new(
                format!("provides.{name}"),
                file,
                line,
                says,
            ));
            provides.insert(name, contract);
        };
    for (name, contract, place) in code::found(survey, used) {
        add(name, contract, place);
    }
    if let Some((contract, place)) = programs(manifests) {
        add("command-line".into(), contract, place);
    }
    for (name, contract, place) in flake
        .map(|flake| outputs(survey, flake))
        .unwrap_or_default()
    {
        add(name, contract, place);
    }
    (provides, evidence)
}

fn programs(manifests: &[Manifest]) -> Option<(DraftContract, (String, usize, String))> {
    let with = manifests
        .iter()
        .filter(|manifest| !manifest.programs.is_empty());
    let mut all = Vec::new();
    let mut place = None;
    for manifest in with {
        place.get_or_insert_with(|| manifest.file.clone());
        all.extend(manifest.programs.iter());
    }
    let names: Vec<&str> = all
        .iter()
        .take(NAMES)
        .map(|(name, _)| name.as_str())
        .collect();
    let mut files: Vec<String> = all.iter().filter_map(|(_, file)| file.clone()).collect();
    files.sort();
    files.dedup();
    let more = if all.len() > NAMES { ", …" } else { "" };
    let word = if all.len() == 1 {
        "program"
    } else {
        "programs"
    };
    let summary = format!(
        "the {word} {}{more}: arguments, output and exit codes",
        names.join(", ")
    );
    let says = format!("names the {word} {}{more}", names.join(", "));
    let place = match files.first() {
        Some(file)
            if place.as_deref() == Some("Cargo.toml") || place.as_deref() == Some("go.mod") =>
        {
            file.clone()
        }
        _ => place?,
    };
    let says = match place.as_str() {
        "pyproject.toml" | "package.json" | "Cargo.toml" => says,
        _ => format!(
            "is where the {word} {}{more} begin{}",
            names.join(", "),
            if all.len() == 1 { "s" } else { "" }
        ),
    };
    Some((DraftContract { summary, files }, (place, 0, says)))
}

fn outputs(survey: &Survey, flake: &FlakeFile) -> Vec<code::FoundContract> {
    let mut merged: BTreeMap<&str, (&str, nix::NixOutput)> = BTreeMap::new();
    let found = nix::outputs(flake);
    for (output, contract, what) in nix::KINDS {
        let Some(one) = found.get(output) else {
            continue;
        };
        let (_, all) = merged
            .entry(contract)
            .or_insert((what, nix::NixOutput::default()));
        if all.line == 0 {
            all.line = one.line;
        }
        all.names.extend(one.names.iter().cloned());
        all.paths.extend(one.paths.iter().cloned());
    }
    let mut out = Vec::new();
    for (contract, (what, output)) in merged {
        let mut names = output.names;
        names.sort();
        names.dedup();
        let more = if names.len() > NAMES { ", …" } else { "" };
        let shown = names
            .iter()
            .take(NAMES)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        let summary = match shown.is_empty() {
            true => format!("the {what} of this flake"),
            false => format!("the {what} {shown}{more}"),
        };
        // A package's recipe is no promise to others; a module is.
        let kept = match contract {
            "packages" | "templates" => Vec::new(),
            _ => output
                .paths
                .iter()
                .filter(|path| {
                    let code = path.ends_with(".nix") && survey.has(path);
                    code || survey.has(&format!("{path}/default.nix"))
                })
                .cloned()
                .collect(),
        };
        let says = match shown.is_empty() {
            true => format!("makes the {what}"),
            false => format!("makes the {what} {shown}{more}"),
        };
        let place = ("flake.nix".to_owned(), output.line, says);
        out.push((
            contract.to_owned(),
            DraftContract {
                summary,
                files: kept,
            },
            place,
        ));
    }
    out
}

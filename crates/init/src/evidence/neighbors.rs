//! Inputs that become neighbours: folders of this repository, and flakes that declare an expert.

use std::collections::BTreeMap;

use super::FieldEvidence;
use crate::declaration::DraftNeighbor;
use crate::flake::{Declared, Input};
use crate::survey::Survey;

/// Files of a consumer that are searched for what it uses of a neighbour.
const SEARCHED: usize = 400;

/// What is known of the flakes around: by input.
#[derive(Clone, Debug, Default)]
pub struct Nearby {
    /// Inputs that are folders of this repository → where they are, and the expert there; none where there is none.
    pub local: BTreeMap<String, (String, Option<Declared>)>,
    /// Inputs elsewhere → the name of their expert, as nix told.
    pub remote: BTreeMap<String, String>,
    /// Inputs elsewhere that take poag as an input themselves, by the lock file, and could not be asked.
    pub likely: Vec<String>,
}

/// The neighbours, what each rests on, and what a person should know.
#[must_use]
pub fn neighbors(
    survey: &Survey,
    inputs: &BTreeMap<String, Input>,
    nearby: &Nearby,
) -> (
    BTreeMap<String, DraftNeighbor>,
    Vec<FieldEvidence>,
    Vec<String>,
) {
    let (mut found, mut evidence, mut notes) = (BTreeMap::new(), Vec::new(), Vec::new());
    for (input, (place, expert)) in &nearby.local {
        let line = inputs.get(input).map_or(0, |input| input.line);
        match expert {
            Some(Declared { name: Some(name), contracts, .. }) => {
                let mut needs = BTreeMap::new();
                let mut used = String::new();
                if let Some((file, at, word)) = use_of(survey, name) {
                    used = format!("; {file}:{at} uses {word}");
                    if let [contract] = &contracts[..] {
                        needs.insert(contract.clone(), format!("{file} uses {word}"));
                    }
                }
                let says = format!("input {input} is the folder {place}, which has the expert {name}{used}");
                evidence.push(FieldEvidence::new(format!("neighbors.{name}"), "flake.nix", line, says));
                found.insert(name.clone(), DraftNeighbor { input: input.clone(), needs, development: false });
            }
            Some(_) => notes.push(format!(
                "input {input} ({place}) declares an expert whose name is not spelled out: add `neighbors.NAME = {{ expert = {input}.poag; }};` by hand"
            )),
            None => notes.push(format!(
                "input {input} is the folder {place}, which has no expert yet: `poag init --all` gives every flake of this repository one"
            )),
        }
    }
    for (input, name) in &nearby.remote {
        let line = inputs.get(input).map_or(0, |input| input.line);
        let says = format!("input {input} has the expert {name}, as nix says");
        evidence.push(FieldEvidence::new(
            format!("neighbors.{name}"),
            "flake.nix",
            line,
            says,
        ));
        found.insert(
            name.clone(),
            DraftNeighbor {
                input: input.clone(),
                ..DraftNeighbor::default()
            },
        );
    }
    for input in &nearby.likely {
        notes.push(format!(
            "flake.lock says that input {input} takes poag itself, so it may have an expert: then add `neighbors.NAME = {{ expert = {input}.poag; }};`"
        ));
    }
    (found, evidence, notes)
}

/// Where a consumer's code names a neighbour as its languages would: `hello_rs`, `hello-rs`, `hello_rs.h`.
fn use_of(survey: &Survey, name: &str) -> Option<(String, usize, String)> {
    let snake = name.replace('-', "_");
    let code = [
        ".rs", ".py", ".js", ".mjs", ".ts", ".c", ".h", ".cpp", ".go", ".toml",
    ];
    let files = survey
        .files
        .iter()
        .filter(|file| code.iter().any(|end| file.ends_with(end)));
    for file in files.take(SEARCHED) {
        let Some(text) = survey.text(file) else {
            continue;
        };
        for word in [snake.as_str(), name] {
            let whole = |at: usize| {
                let inside = |c: Option<char>| {
                    c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-')
                };
                !inside(text[..at].chars().next_back())
                    && !inside(text[at + word.len()..].chars().next())
            };
            if let Some((at, _)) = text.match_indices(word).find(|(at, _)| whole(*at)) {
                return Some((file.clone(), crate::tree::line(&text, at), word.to_owned()));
            }
        }
    }
    None
}

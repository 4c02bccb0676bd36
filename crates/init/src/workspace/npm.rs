//! npm, pnpm and yarn: the `workspaces` of package.json, or pnpm-workspace.yaml; edges by name.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser};
use serde_json::Value;

use super::path::{Members, around, join};
use super::{BuildTool, Package, PackageDependency, folders_with};
use crate::survey::Survey;

/// Tables of dependencies, and whether only tests and builds need what is there.
const TABLES: [(&str, bool); 4] = [
    ("dependencies", false),
    ("peerDependencies", false),
    ("optionalDependencies", false),
    ("devDependencies", true),
];

/// The packages of all workspaces, and those that are in none.
pub fn packages(survey: &Survey) -> Vec<Package> {
    let manifests: BTreeMap<String, Value> = folders_with(survey, "package.json")
        .filter_map(|dir| {
            let text = survey.text(&join(&dir, "package.json"))?;
            Some((dir, serde_json::from_str(&text).ok()?))
        })
        .collect();
    let roots: BTreeMap<&str, Members> = manifests
        .iter()
        .filter_map(|(dir, json)| Some((dir.as_str(), members(survey, dir, json)?)))
        .collect();
    let taken = |dir: &str| {
        let mut root = around(dir).filter_map(|dir| roots.get(dir));
        root.next().is_none_or(|members| members.has(dir))
    };
    let named: Vec<(&String, &Value, &str)> = manifests
        .iter()
        .filter(|(dir, _)| taken(dir))
        .filter_map(|(dir, json)| Some((dir, json, json.get("name")?.as_str()?)))
        .collect();
    let places: BTreeMap<&str, &String> =
        named.iter().map(|(dir, _, name)| (*name, *dir)).collect();
    named
        .iter()
        .map(|(dir, json, name)| Package {
            tool: BuildTool::Npm,
            name: (*name).to_owned(),
            dir: (*dir).clone(),
            manifest: join(dir, "package.json"),
            description: json
                .get("description")
                .and_then(Value::as_str)
                .map(str::to_owned),
            dependencies: dependencies(json, &places),
        })
        .collect()
}

/// The patterns of the workspace that a folder is the root of.
fn members(survey: &Survey, dir: &str, json: &Value) -> Option<Members> {
    if let Some(text) = survey.text(&join(dir, "pnpm-workspace.yaml")) {
        let patterns = listed(&text, "packages");
        return Some(Members::new(dir, patterns.iter().map(String::as_str)));
    }
    let said = json.get("workspaces")?;
    let list = said
        .as_array()
        .or_else(|| said.get("packages")?.as_array())?;
    Some(Members::new(dir, list.iter().filter_map(Value::as_str)))
}

fn dependencies(json: &Value, places: &BTreeMap<&str, &String>) -> Vec<PackageDependency> {
    let mut out = Vec::new();
    for (table, development) in TABLES {
        let found = json.get(table).and_then(Value::as_object);
        for (name, version) in found.into_iter().flatten() {
            // `npm:` takes another package under this name, from elsewhere.
            let elsewhere = version
                .as_str()
                .is_some_and(|text| text.starts_with("npm:"));
            if let Some(dir) = places.get(name.as_str()).filter(|_| !elsewhere) {
                out.push(PackageDependency {
                    dir: (*dir).clone(),
                    development,
                });
            }
        }
    }
    out
}

/// The texts of the list that a top-level key of a YAML document has. Events alone are looked at: an alias is not
/// followed, so that none can grow.
fn listed(text: &str, key: &str) -> Vec<String> {
    let (mut out, mut depth, mut inside, mut last) = (Vec::new(), 0_usize, false, None);
    for event in Parser::new_from_str(text) {
        match event {
            Ok((Event::Scalar(said, ..), _)) => {
                if inside && depth == 2 {
                    out.push(said.into_owned());
                } else if depth == 1 {
                    // Keys and plain values alternate; a value is never followed by a list.
                    last = Some(said.into_owned());
                }
            }
            Ok((Event::SequenceStart(..), _)) => {
                inside = depth == 1 && last.as_deref() == Some(key);
                depth += 1;
            }
            Ok((Event::MappingStart(..), _)) => depth += 1,
            Ok((Event::SequenceEnd | Event::MappingEnd, _)) => {
                depth = depth.saturating_sub(1);
                if depth == 1 {
                    inside = false;
                }
            }
            Ok(_) => (),
            Err(_) => break,
        }
    }
    out
}

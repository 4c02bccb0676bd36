//! Cargo: `[workspace]` with its members, and dependencies by path, also those that the workspace names.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::path::{Members, around, join, resolve};
use super::{BuildTool, Package, PackageDependency, folders_with};
use crate::survey::Survey;

/// Tables of dependencies, and whether only tests and benchmarks need what is there.
const TABLES: [(&str, bool); 3] = [
    ("dependencies", false),
    ("build-dependencies", false),
    ("dev-dependencies", true),
];

/// The packages of all workspaces, and those that are in none.
pub fn packages(survey: &Survey) -> Vec<Package> {
    let manifests: BTreeMap<String, Table> = folders_with(survey, "Cargo.toml")
        .filter_map(|dir| {
            let text = survey.text(&join(&dir, "Cargo.toml"))?;
            Some((dir, text.parse().ok()?))
        })
        .collect();
    let roots: BTreeMap<&str, Root> = manifests
        .iter()
        .filter_map(|(dir, table)| Some((dir.as_str(), Root::of(dir, table)?)))
        .collect();
    let taken = members(&manifests, &roots);
    let named = manifests.iter().filter(|(dir, _)| taken.contains(*dir));
    named
        .filter_map(|(dir, table)| package(dir, table, root_of(dir, &roots)))
        .collect()
}

/// A manifest with `[workspace]`.
struct Root<'t> {
    dir: &'t str,
    members: Members,
    exclude: Vec<String>,
    table: &'t Table,
}

impl<'t> Root<'t> {
    fn of(dir: &'t str, manifest: &'t Table) -> Option<Self> {
        let table = manifest.get("workspace")?.as_table()?;
        let exclude = strings(table, "exclude").filter_map(|path| resolve(dir, path));
        Some(Self {
            dir,
            members: Members::new(dir, strings(table, "members")),
            exclude: exclude.collect(),
            table,
        })
    }

    fn excludes(&self, dir: &str) -> bool {
        let below = |folder: &String| dir == folder || dir.starts_with(&format!("{folder}/"));
        self.exclude.iter().any(below)
    }
}

/// The workspace that a folder is in, or would be.
fn root_of<'r, 't>(dir: &str, roots: &'r BTreeMap<&'t str, Root<'t>>) -> Option<&'r Root<'t>> {
    let found = std::iter::once(dir).chain(around(dir));
    let mut found = found.filter_map(|dir| roots.get(dir));
    found.next().filter(|root| !root.excludes(dir))
}

/// The folders of members, of what they depend on by path, and of packages outside of any workspace.
fn members(
    manifests: &BTreeMap<String, Table>,
    roots: &BTreeMap<&str, Root<'_>>,
) -> BTreeSet<String> {
    let first = manifests.keys().filter(|dir| match root_of(dir, roots) {
        Some(root) => root.dir == dir.as_str() || root.members.has(dir),
        None => true,
    });
    let mut taken: BTreeSet<String> = first.cloned().collect();
    let mut open: Vec<String> = taken.iter().cloned().collect();
    while let Some(dir) = open.pop() {
        let Some(table) = manifests.get(&dir) else {
            continue;
        };
        for one in dependencies(&dir, table, root_of(&dir, roots)) {
            if manifests.contains_key(&one.dir) && taken.insert(one.dir.clone()) {
                open.push(one.dir);
            }
        }
    }
    taken
}

fn package(dir: &str, table: &Table, root: Option<&Root<'_>>) -> Option<Package> {
    let own = table.get("package")?.as_table()?;
    let word = |field: &str| match own.get(field)? {
        Value::String(text) => Some(text.clone()),
        Value::Table(inherited) if inherited.get("workspace") == Some(&Value::Boolean(true)) => {
            let shared = root?.table.get("package")?.get(field)?;
            Some(shared.as_str()?.to_owned())
        }
        _ => None,
    };
    Some(Package {
        tool: BuildTool::Cargo,
        name: word("name")?,
        dir: dir.to_owned(),
        manifest: join(dir, "Cargo.toml"),
        description: word("description"),
        dependencies: dependencies(dir, table, root),
    })
}

fn dependencies(dir: &str, table: &Table, root: Option<&Root<'_>>) -> Vec<PackageDependency> {
    let of_target = table.get("target").and_then(Value::as_table);
    let of_target = of_target.into_iter().flat_map(|all| all.values());
    let places = std::iter::once(table).chain(of_target.filter_map(Value::as_table));
    let mut out = Vec::new();
    for place in places {
        for (name, development) in TABLES {
            let found = place.get(name).and_then(Value::as_table);
            for (name, said) in found.into_iter().flatten() {
                let dir = path_of(dir, name, said, root);
                out.extend(dir.map(|dir| PackageDependency { dir, development }));
            }
        }
    }
    out
}

/// The folder of a dependency that is given by path: here, or in the workspace.
fn path_of(dir: &str, name: &str, said: &Value, root: Option<&Root<'_>>) -> Option<String> {
    if let Some(path) = said.get("path").and_then(Value::as_str) {
        return resolve(dir, path);
    }
    if said.get("workspace").and_then(Value::as_bool) != Some(true) {
        return None;
    }
    let root = root?;
    let shared = root.table.get("dependencies")?.get(name)?;
    resolve(root.dir, shared.get("path")?.as_str()?)
}

fn strings<'t>(table: &'t Table, field: &str) -> impl Iterator<Item = &'t str> + use<'t> {
    let list = table.get(field).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str)
}

//! Which files use what others define, and which are named alike.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::corpus::name;
use super::field::Document;
use crate::text::role::Role;

/// Files that may define one name; a name of more tells nothing.
const DEFINERS: usize = 3;
/// Files that may be named alike; more are a habit, not a pair.
const ALIKE: usize = 6;
/// Names that many files bear.
const HABITS: &[&str] = &[
    "mod",
    "lib",
    "main",
    "index",
    "__init__",
    "readme",
    "cargo",
    "package",
    "tests",
    "test",
    "changelog",
    "license",
    "deno",
    "default",
    "",
];

/// Edges from each file: to whom, and how strong.
pub type Edges = Vec<Vec<(u32, f32)>>;

/// The graphs between files.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct NameGraph {
    /// To the files that define what it uses.
    pub uses: Edges,
    /// To the files that use what it defines.
    pub used: Edges,
    /// To the files of the same name.
    pub pairs: Edges,
}

impl NameGraph {
    /// The graphs of files with the names they define and the terms they hold.
    pub fn new(paths: &[String], names: &[Vec<u32>], bodies: &[Document]) -> Self {
        let mut definers: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (file, names) in (0u32..).zip(names) {
            for name in names {
                definers.entry(*name).or_default().push(file);
            }
        }
        definers.retain(|_, files| files.len() <= DEFINERS);
        let mut holding: BTreeMap<u32, u32> = definers.keys().map(|name| (*name, 0)).collect();
        for body in bodies {
            for (term, _) in body {
                if let Some(count) = holding.get_mut(term) {
                    *count += 1;
                }
            }
        }
        let mut graph = Self {
            uses: vec![Vec::new(); paths.len()],
            used: vec![Vec::new(); paths.len()],
            pairs: pairs(paths),
        };
        for (user, body) in (0u32..).zip(bodies) {
            let role = Role::of(&paths[user as usize]);
            if matches!(role, Role::Document | Role::Configure | Role::Record) {
                continue;
            }
            let mut found: BTreeMap<u32, f64> = BTreeMap::new();
            for (term, _) in body {
                let Some(files) = definers.get(term) else {
                    continue;
                };
                let held = f64::from(holding.get(term).copied().unwrap_or(1));
                for file in files.iter().filter(|file| **file != user) {
                    *found.entry(*file).or_default() += 1.0 / files.len() as f64 / held.sqrt();
                }
            }
            for (file, weight) in found {
                graph.uses[user as usize].push((file, weight as f32));
                graph.used[file as usize].push((user, weight as f32));
            }
        }
        graph
    }
}

fn pairs(paths: &[String]) -> Edges {
    let mut alike: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (file, path) in (0u32..).zip(paths) {
        let stem = name(path).split('.').next().unwrap_or("").to_lowercase();
        let stem = stem.strip_prefix("test_").unwrap_or(&stem);
        let stem = ["_test", "-test", "_tests", "-tests", "_spec", "-spec"]
            .iter()
            .find_map(|end| stem.strip_suffix(end))
            .unwrap_or(stem);
        if !HABITS.contains(&stem) {
            alike.entry(stem.to_owned()).or_default().push(file);
        }
    }
    let mut edges = vec![Vec::new(); paths.len()];
    for files in alike.values().filter(|files| files.len() <= ALIKE) {
        for one in files {
            let others = files.iter().filter(|other| *other != one);
            edges[*one as usize].extend(others.map(|other| (*other, 1.0)));
        }
    }
    edges
}

/// What flows along edges from some files, each with what it gives.
pub fn flow(edges: &Edges, from: &[(u32, f64)], files: usize) -> Vec<f64> {
    let mut reached = vec![0.0; files];
    for (file, gives) in from {
        for (to, weight) in &edges[*file as usize] {
            reached[*to as usize] += gives * f64::from(*weight);
        }
    }
    reached
}

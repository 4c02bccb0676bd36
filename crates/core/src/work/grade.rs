//! How right a plan was, by what landed.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{Plan, is_read};

/// A plan beside what was changed when it was carried out. Paths are from the repository's root.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanGrade {
    /// Named as to be changed, and changed.
    pub hit: BTreeSet<String>,
    /// Named as to be changed, and not changed.
    pub unneeded: BTreeSet<String>,
    /// Changed, and not named.
    pub missed: BTreeSet<String>,
}

impl PlanGrade {
    /// Share of the files named that changed, from 0 to 1; none where none was named.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        share(self.hit.len(), self.hit.len() + self.unneeded.len())
    }

    /// Share of the files changed that were named, from 0 to 1; none where none changed.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        share(self.hit.len(), self.hit.len() + self.missed.len())
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    (whole > 0).then(|| number(part) / number(whole))
}

/// The files that a plan names as to be changed, from the repository's root, each with its hint. `folders` tells the
/// folder of each expert of the repository from its root, empty for the root itself; other experts are left out.
#[must_use]
pub fn named(plan: &Plan, folders: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let experts = plan.subflakes.iter();
    let experts = experts.filter_map(|(name, hints)| Some((folders.get(name)?, hints)));
    let files = experts.flat_map(|(folder, hints)| {
        let changed = hints.iter().filter(|(_, hint)| !is_read(hint));
        changed.map(move |(path, hint)| (from_root(folder, path), hint.clone()))
    });
    files.collect()
}

fn from_root(folder: &str, path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    match folder.trim_end_matches('/') {
        "" => path.to_owned(),
        folder => format!("{folder}/{path}"),
    }
}

/// Compares what a plan names with what was changed. Files that poag itself writes are left out: no plan names them.
#[must_use]
pub fn grade(named: &BTreeSet<String>, changed: &BTreeSet<String>) -> PlanGrade {
    let own = |path: &&String| path.rsplit('/').next() == Some("poag.lock");
    let changed: BTreeSet<String> = changed.iter().filter(|path| !own(path)).cloned().collect();
    PlanGrade {
        hit: named.intersection(&changed).cloned().collect(),
        unneeded: named.difference(&changed).cloned().collect(),
        missed: changed.difference(named).cloned().collect(),
    }
}

/// The parts of a grade: expert → that of the files of its own flake, with paths from there; those without any are left out.
#[must_use]
pub fn by_expert(
    grade: &PlanGrade,
    folders: &BTreeMap<String, String>,
) -> BTreeMap<String, PlanGrade> {
    let mut parts: BTreeMap<String, PlanGrade> = BTreeMap::new();
    type List = fn(&mut PlanGrade) -> &mut BTreeSet<String>;
    let lists: [(&BTreeSet<String>, List); 3] = [
        (&grade.hit, |part| &mut part.hit),
        (&grade.unneeded, |part| &mut part.unneeded),
        (&grade.missed, |part| &mut part.missed),
    ];
    for (paths, list) in lists {
        for path in paths {
            if let Some((expert, own)) = owner(path, folders) {
                list(parts.entry(expert.to_owned()).or_default()).insert(own.to_owned());
            }
        }
    }
    parts
}

/// Whose file it is: the expert with the deepest folder above it, and the path from there.
fn owner<'a>(path: &'a str, folders: &'a BTreeMap<String, String>) -> Option<(&'a str, &'a str)> {
    let own = |folder: &str| match folder.trim_end_matches('/') {
        "" => Some(path),
        folder => path.strip_prefix(folder)?.strip_prefix('/'),
    };
    let owners = folders.iter();
    let owners = owners.filter_map(|(expert, folder)| Some((expert.as_str(), own(folder)?)));
    owners.min_by_key(|(_, own)| own.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::council::assemble;
    use crate::testing;

    fn set(paths: &[&str]) -> BTreeSet<String> {
        paths.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_plan_is_graded_by_what_changed() {
        let named = set(&["a.rs", "sub/b.rs", "c.rs"]);
        let changed = set(&["a.rs", "sub/b.rs", "d.rs", "sub/poag.lock"]);
        let grade = grade(&named, &changed);
        assert_eq!(grade.hit, set(&["a.rs", "sub/b.rs"]));
        assert_eq!(grade.unneeded, set(&["c.rs"]));
        assert_eq!(grade.missed, set(&["d.rs"]));
        assert_eq!(grade.precision(), Some(2.0 / 3.0));
        assert_eq!(grade.recall(), Some(2.0 / 3.0));
    }

    #[test]
    fn each_expert_has_its_own_part_with_paths_of_its_flake() {
        let grade = PlanGrade {
            hit: set(&["a.rs", "sub/b.rs"]),
            unneeded: set(&["sub/deep/c.rs"]),
            missed: set(&["subway.rs"]),
        };
        let folders = [("top", ""), ("sub", "sub"), ("deep", "sub/deep/")];
        let folders = folders.map(|(name, folder)| (name.to_owned(), folder.to_owned()));
        let parts = by_expert(&grade, &BTreeMap::from(folders));
        assert_eq!(parts["top"].hit, set(&["a.rs"]));
        assert_eq!(parts["top"].missed, set(&["subway.rs"]));
        assert_eq!(parts["sub"].hit, set(&["b.rs"]));
        assert_eq!(parts["deep"].unneeded, set(&["c.rs"]));
        assert_eq!(parts.len(), 3);
    }

    #[test]
    fn nothing_has_no_share() {
        let grade = grade(&set(&[]), &set(&["poag.lock"]));
        assert_eq!((grade.precision(), grade.recall()), (None, None));
    }

    #[test]
    fn paths_are_from_the_root_and_what_is_read_is_not_named() {
        let graph = testing::graph(vec![testing::flake("sub", &[])]);
        let plan = Plan {
            subflakes: BTreeMap::from([
                (
                    "sub".to_owned(),
                    BTreeMap::from([
                        ("./src/x.rs".to_owned(), "change it".to_owned()),
                        ("./README.md".to_owned(), "(read) for why".to_owned()),
                    ]),
                ),
                (
                    "elsewhere".to_owned(),
                    BTreeMap::from([("./y.rs".to_owned(), "change it".to_owned())]),
                ),
            ]),
            ..assemble(&testing::council(&graph))
        };
        let folders = BTreeMap::from([("sub".to_owned(), "crates/sub".to_owned())]);
        let named: Vec<String> = named(&plan, &folders).into_keys().collect();
        assert_eq!(named, ["crates/sub/src/x.rs"]);
        assert_eq!(from_root("", "./x"), "x");
    }
}

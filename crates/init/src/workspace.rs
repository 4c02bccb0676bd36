//! The packages of a repository, as the manifests of its build tools list them: Cargo, npm, Go, Python, Maven, Gradle.
//!
//! A pure model: manifests are read as data, within bounds, and nothing of the repository runs. A path that leads out of
//! it belongs to no package.

mod cargo;
mod edges;
mod go;
mod gradle;
pub(crate) mod maven;
mod names;
mod npm;
pub(crate) mod path;
mod pip;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::survey::{self, Survey};
pub use edges::{WorkspaceEdge, edges};
pub(crate) use go::imports as go_imports;
pub(crate) use maven::Pom;
pub use names::named;

/// Packages of one repository that are looked at.
pub const MAX_PACKAGES: usize = 2_000;
/// Folders whose packages are no product: they stay with the package, or the flake, around them.
const ASIDE: [&str; 21] = [
    "__fixtures__",
    "__tests__",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "demo",
    "demos",
    "e2e",
    "fuzz",
    "integration",
    "node_modules",
    "playground",
    "playgrounds",
    "sample",
    "samples",
    "sandbox",
    "test-data",
    "test-utils",
    "third_party",
    "vendor",
];

/// Last words of such folders: `dts-tests`, `js-examples`.
const ENDS_ASIDE: [&str; 9] = [
    "benchmark",
    "benchmarks",
    "demo",
    "demos",
    "example",
    "examples",
    "samples",
    "testdata",
    "tests",
];

/// Whose manifest it is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BuildTool {
    /// `Cargo.toml`.
    Cargo,
    /// `package.json`, of npm, pnpm or yarn.
    Npm,
    /// `go.mod`.
    Go,
    /// `pyproject.toml`, `setup.cfg` or `setup.py`.
    Python,
    /// `pom.xml`.
    Maven,
    /// `build.gradle` or `build.gradle.kts`.
    Gradle,
}

/// One package.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Package {
    /// The build tool.
    pub tool: BuildTool,
    /// Its name, as the manifest says it: `@scope/name`, `example.org/a/b/v2`, `group:artifact`.
    pub name: String,
    /// The folder, relative to the repository's; empty for that itself.
    pub dir: String,
    /// The manifest, relative to the repository's folder.
    pub manifest: String,
    /// What the manifest says it is.
    pub description: Option<String>,
    /// The packages of the same repository that it depends on.
    pub dependencies: Vec<PackageDependency>,
}

/// One dependency inside a repository.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct PackageDependency {
    /// The folder of the package that is depended on.
    pub dir: String,
    /// Whether only tests, benchmarks and the like need it.
    pub development: bool,
}

/// The packages of one flake's folder.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// The packages in subfolders and at the root, by folder. One folder has one package: that of the first build tool
    /// in the order of [`BuildTool`], with the dependencies of all.
    pub packages: BTreeMap<String, Package>,
    /// Folders with packages of examples, tests and the like, which stay with what is around them.
    pub aside: Vec<String>,
}

impl Workspace {
    /// Finds the packages among the files of a flake.
    #[must_use]
    pub fn of(survey: &Survey) -> Self {
        let found = [
            cargo::packages(survey),
            npm::packages(survey),
            go::packages(survey),
            pip::packages(survey),
            maven::packages(survey),
            gradle::packages(survey),
        ];
        let mut packages: BTreeMap<String, Package> = BTreeMap::new();
        let mut aside = BTreeSet::new();
        for package in found.into_iter().flatten() {
            if is_aside(&package.dir) {
                aside.insert(package.dir);
                continue;
            }
            if let Some(first) = packages.get_mut(&package.dir) {
                first.dependencies.extend(package.dependencies);
            } else if packages.len() < MAX_PACKAGES {
                packages.insert(package.dir.clone(), package);
            }
        }
        let known: BTreeSet<String> = packages.keys().cloned().collect();
        for package in packages.values_mut() {
            package.tidy(&known);
        }
        Self {
            packages,
            aside: aside.into_iter().collect(),
        }
    }

    /// The packages that are not the root itself.
    pub fn below(&self) -> impl Iterator<Item = &Package> + Clone {
        self.packages.values().filter(|one| !one.dir.is_empty())
    }
}

impl Package {
    /// Each dependency once; one that is needed at all is no development-only one.
    fn tidy(&mut self, known: &BTreeSet<String>) {
        let mut once: BTreeMap<String, bool> = BTreeMap::new();
        for one in self.dependencies.drain(..) {
            if one.dir != self.dir && known.contains(&one.dir) {
                *once.entry(one.dir).or_insert(true) &= one.development;
            }
        }
        self.dependencies = once
            .into_iter()
            .map(|(dir, development)| PackageDependency { dir, development })
            .collect();
    }
}

/// Whether a folder holds examples, tests and the like.
fn is_aside(dir: &str) -> bool {
    let of_no_product = |part: &str| {
        let last = part.rsplit(['-', '_']).next();
        let last = last.filter(|last| *last != part);
        let named = last.is_some_and(|last| ENDS_ASIDE.contains(&last));
        survey::is_sample(part) || ASIDE.contains(&part) || part.starts_with('.') || named
    };
    dir.split('/')
        .any(|part| !part.is_empty() && of_no_product(part))
}

/// The folders, relative to the root, that hold a file of that name.
fn folders_with<'s>(survey: &'s Survey, name: &'s str) -> impl Iterator<Item = String> + 's {
    let holds = move |file: &String| match file.strip_suffix(name) {
        Some("") => Some(String::new()),
        Some(dir) => dir.strip_suffix('/').map(str::to_owned),
        None => None,
    };
    survey.files.iter().filter_map(holds).take(MAX_PACKAGES)
}

#[cfg(test)]
mod tests;

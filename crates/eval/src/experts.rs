//! Which expert a file belongs to, where a repository declares none: by folders.

use std::collections::BTreeSet;

use super::BenchError;
use globset::{GlobBuilder, GlobMatcher};

/// Names of files that make their folder a package.
const MANIFESTS: [&str; 20] = [
    "Cargo.toml",
    "package.json",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "deno.json",
    "deno.jsonc",
    "composer.json",
    "mix.exs",
    "pubspec.yaml",
    "Package.swift",
    "Gemfile",
    "build.sbt",
    "dune-project",
    "rebar.config",
    "CMakeLists.txt",
];
/// The name of the package that holds what no other holds.
pub const ROOT: &str = ".";

/// The packages of one tree. The first is the root's.
#[derive(Clone, Debug)]
pub struct Packages {
    /// Folders from the top of the repository, sorted; the first is [`ROOT`].
    pub folders: Vec<String>,
    /// What makes a folder a package, as a sentence has it.
    pub by: String,
}

/// A pattern of folders from the top of the repository, in which a star stays within a name.
fn matcher(pattern: &str) -> Option<GlobMatcher> {
    let pattern = pattern.trim_start_matches("./").trim_matches('/');
    let mut glob = GlobBuilder::new(pattern);
    Some(glob.literal_separator(true).build().ok()?.compile_matcher())
}

impl Packages {
    /// From the paths of a tree: the folders that match a pattern; without patterns those that hold a `flake.nix`, and
    /// where only the root does, those that hold a manifest.
    pub fn of<'p>(
        paths: impl Iterator<Item = &'p str> + Clone,
        patterns: &[String],
    ) -> Result<Self, BenchError> {
        if !patterns.is_empty() {
            let all: BTreeSet<&str> = paths.flat_map(above).collect();
            let mut matchers = Vec::new();
            for pattern in patterns {
                let matcher = matcher(pattern)
                    .filter(|matcher| all.iter().any(|folder| matcher.is_match(folder)));
                matchers.push(matcher.ok_or_else(|| BenchError::NoFolder {
                    pattern: pattern.clone(),
                })?);
            }
            let fits = |folder: &&str| matchers.iter().any(|matcher| matcher.is_match(folder));
            let by = format!("folders that match {}", patterns.join(", "));
            return Ok(Self::new(all.into_iter().filter(fits), by));
        }
        let holding = |names: &[&str]| -> BTreeSet<&'p str> {
            let named = paths.clone().filter_map(|path| {
                let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
                names.contains(&name).then_some(folder)
            });
            named.filter(|folder| !folder.is_empty()).collect()
        };
        let flakes = holding(&["flake.nix"]);
        if !flakes.is_empty() {
            let by = "folders that hold a flake.nix".to_owned();
            return Ok(Self::new(flakes.into_iter(), by));
        }
        let manifests = holding(&MANIFESTS);
        let by = match manifests.is_empty() {
            true => "the whole repository: no folder holds a flake.nix or a manifest",
            false => {
                "folders that hold a manifest (Cargo.toml, package.json, pyproject.toml, go.mod, pom.xml, …)"
            }
        };
        Ok(Self::new(manifests.into_iter(), by.to_owned()))
    }

    fn new<'p>(folders: impl Iterator<Item = &'p str>, by: String) -> Self {
        let mut all = vec![ROOT.to_owned()];
        all.extend(folders.map(str::to_owned));
        all.sort_unstable();
        // `.` may stand behind a folder whose name begins with `-`.
        all.retain(|folder| folder != ROOT);
        all.insert(0, ROOT.to_owned());
        Self { folders: all, by }
    }

    /// The number of the package that a file belongs to: the deepest folder around it.
    pub fn holding(&self, path: &str) -> usize {
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            if let Ok(at) = self.folders[1..].binary_search_by(|it| it.as_str().cmp(above)) {
                return at + 1;
            }
            folder = above;
        }
        0
    }
}

/// The folders around a file, the nearest first.
fn above(path: &str) -> impl Iterator<Item = &str> {
    let up = |path: &&'_ str| -> Option<usize> { path.rfind('/') };
    let first = up(&path).map(|at| &path[..at]);
    std::iter::successors(first, move |folder| up(folder).map(|at| &folder[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packages(paths: &[&str], patterns: &[&str]) -> Packages {
        let patterns: Vec<String> = patterns.iter().map(|it| (*it).to_owned()).collect();
        Packages::of(paths.iter().copied(), &patterns).unwrap()
    }

    #[test]
    fn a_file_belongs_to_the_deepest_folder_and_else_to_the_root() {
        let paths = ["README.md", "a/x.rs", "a/b/c/y.rs", "a-b/z.rs", "-c/d/e.rs"];
        let found = packages(&paths, &["a", "a/b", "a-b", "-c/*"]);
        assert_eq!(found.folders, [".", "-c/d", "a", "a-b", "a/b"]);
        let held: Vec<&str> = paths
            .iter()
            .map(|path| found.folders[found.holding(path)].as_str())
            .collect();
        assert_eq!(held, [".", "a", "a/b", "a-b", "-c/d"]);
    }

    #[test]
    fn without_a_pattern_flakes_make_packages_and_else_manifests_do() {
        let paths = ["flake.nix", "a/flake.nix", "b/Cargo.toml"];
        let found = packages(&paths, &[]);
        assert_eq!(found.folders, [".", "a"]);
        assert!(found.by.contains("flake.nix"));
        let paths = [
            "flake.nix",
            "Cargo.toml",
            "b/Cargo.toml",
            "c/d/package.json",
        ];
        let found = packages(&paths, &[]);
        assert_eq!(found.folders, [".", "b", "c/d"]);
        assert!(found.by.contains("manifest"));
        assert_eq!(packages(&["x.c"], &[]).folders, ["."]);
    }

    #[test]
    fn a_pattern_that_matches_nothing_is_an_error_with_its_repair() {
        let error = Packages::of(["a/b"].into_iter(), &["crates/*".into()]).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("'crates/*'") && text.contains("\nrepair: "),
            "{text}"
        );
    }
}

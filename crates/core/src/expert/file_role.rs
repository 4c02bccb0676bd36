//! What a file is for in its flake, by its name and place alone.

use serde::{Deserialize, Serialize};

/// The part a file plays in its flake.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub enum FileRole {
    /// Defines what the flake does.
    Source,
    /// Proves it.
    Test,
    /// Shows it in use.
    Example,
    /// Explains it.
    Document,
    /// Configures how it is built, checked or run.
    Configure,
    /// Written by a program, or text about the law: hardly ever what a request is about.
    Record,
}

const MANIFESTS: &[&str] = &[
    "cargo.toml",
    "package.json",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "go.mod",
    "flake.nix",
    "makefile",
    "justfile",
    "dockerfile",
    "cmakelists.txt",
    "pom.xml",
    "build.gradle",
    "gemfile",
    "tsconfig.json",
    "requirements.txt",
    "composer.json",
    "mix.exs",
    "dune-project",
];
const RECORDS: &[&str] = &[
    "license",
    "licence",
    "copying",
    "authors",
    "notice",
    "codeowners",
    "contributors",
];

impl FileRole {
    /// The role of the file of that path, which is relative to the flake.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let path = path.to_lowercase();
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let inside = |names: &[&str]| folders.split('/').any(|folder| names.contains(&folder));
        let starts = |names: &[&str]| {
            let first = stem.split(['-', '.']).next().unwrap_or(stem);
            names.contains(&first)
        };
        if extension == "lock"
            || name.ends_with("-lock.json")
            || name.ends_with("lock.yaml")
            || name == "go.sum"
            || starts(RECORDS)
            || name.contains(".min.")
        {
            Self::Record
        } else if is_test(stem, &inside) {
            Self::Test
        } else if inside(&[
            "examples",
            "example",
            "samples",
            "demo",
            "demos",
            "bench",
            "benches",
            "benchmarks",
        ]) {
            Self::Example
        } else if ["md", "mdx", "rst", "adoc", "txt", "org", "tex"].contains(&extension)
            && !MANIFESTS.contains(&name)
            || ["readme", "changelog", "contributing"].contains(&stem)
        {
            Self::Document
        } else if MANIFESTS.contains(&name)
            || name.starts_with('.')
            || inside(&[".github", ".ci", ".circleci"])
            || ["toml", "yaml", "yml", "ini", "cfg", "json", "conf"].contains(&extension)
        {
            Self::Configure
        } else {
            Self::Source
        }
    }

    /// Whether it is data of a test: what is expected or put in, and no test itself.
    #[must_use]
    pub fn is_fixture(path: &str) -> bool {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let data = [
            "stderr", "stdout", "snap", "out", "golden", "expected", "json", "yaml", "yml", "toml",
            "txt", "csv", "svg", "html", "xml", "term",
        ];
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let kept = |folder| {
            [
                "snapshots",
                "__snapshots__",
                "fixtures",
                "golden",
                "expected",
            ]
            .contains(&folder)
        };
        let bare = !name.trim_start_matches('.').contains('.');
        let held = name.starts_with('.') || bare && folders.split('/').any(kept);
        (data.contains(&extension) || held) && Self::of(path) == Self::Test
    }

    /// Whether it lists what changed, version by version: its words belong to the past.
    #[must_use]
    pub fn is_history(path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
        [
            "changelog",
            "changes",
            "history",
            "news",
            "releases",
            "release-notes",
        ]
        .iter()
        .any(|start| name.split('.').next() == Some(start))
    }
}

fn is_test(stem: &str, inside: &dyn Fn(&[&str]) -> bool) -> bool {
    inside(&[
        "test",
        "tests",
        "spec",
        "specs",
        "__tests__",
        "testing",
        "testdata",
        "fixtures",
        "e2e",
        "cases",
        "checks",
        "expected",
        "golden",
        "snapshots",
        "__snapshots__",
    ]) || ["test", "tests", "conftest", "spec"].contains(&stem)
        || stem.starts_with("test_")
        || [
            "_test", "_tests", ".test", ".spec", "_spec", "-test", ".tests",
        ]
        .iter()
        .any(|end| stem.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_and_the_name_of_a_file_tell_its_role() {
        for (path, role) in [
            ("src/lib.rs", FileRole::Source),
            ("src/parser/tests.rs", FileRole::Test),
            ("tests/cli.rs", FileRole::Test),
            ("web/date.spec.ts", FileRole::Test),
            ("app/test_views.py", FileRole::Test),
            ("pkg/date_test.go", FileRole::Test),
            ("examples/tour.rs", FileRole::Example),
            ("README.md", FileRole::Document),
            ("README", FileRole::Document),
            ("docs/usage.rst", FileRole::Document),
            ("Cargo.toml", FileRole::Configure),
            ("CMakeLists.txt", FileRole::Configure),
            ("Cargo.lock", FileRole::Record),
            ("LICENSE-MIT", FileRole::Record),
            ("package-lock.json", FileRole::Record),
            ("lib/mkGreeter.nix", FileRole::Source),
        ] {
            assert_eq!(FileRole::of(path), role, "{path}");
        }
    }

    #[test]
    fn data_of_a_test_is_no_test() {
        assert!(FileRole::is_fixture("tests/ui/fail/body.stderr"));
        assert!(FileRole::is_fixture("src/snapshots/a.snap"));
        assert!(FileRole::is_fixture("tests/snapshots/zsh/_words"));
        assert!(!FileRole::is_fixture("checks/run"));
        assert!(!FileRole::is_fixture("tests/ui/fail/body.rs"));
        assert!(!FileRole::is_fixture("package.json"));
    }

    #[test]
    fn a_change_log_is_history() {
        assert!(FileRole::is_history("docs/CHANGELOG.md"));
        assert!(!FileRole::is_history("src/history_view.py"));
    }
}

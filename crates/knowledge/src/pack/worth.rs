//! What a file is worth to its expert: contracts first, then what explains, what does, what proves.

use std::cmp::Reverse;

use super::survey::FileFacts;

/// The classes, worth most first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Worth {
    /// Named by a contract of this expert.
    Contract,
    /// README and its like, of the whole.
    Front,
    /// What the flake and its package declare, of the whole.
    Manifest,
    /// Sources.
    Source,
    /// Further documentation.
    Document,
    /// Tests.
    Test,
    /// Any other text.
    Other,
    /// Made by a tool, or the same in every repository.
    Generated,
}

const SOURCES: &[&str] = &[
    "rs", "py", "pyi", "js", "mjs", "cjs", "jsx", "ts", "tsx", "mts", "cts", "nix", "sh", "bash",
    "go", "c", "h", "cc", "cpp", "cxx", "hh", "hpp", "hxx", "java", "kt", "rb", "php", "cs",
    "swift", "scala", "hs", "ml", "ex", "exs", "erl", "lua", "pl", "r", "jl", "zig", "sql",
    "proto", "graphql", "html", "css", "vue", "svelte", "wit",
];
const MANIFESTS: &[&str] = &[
    "flake.nix",
    "default.nix",
    "Cargo.toml",
    "pyproject.toml",
    "setup.py",
    "package.json",
    "go.mod",
    "Makefile",
    "justfile",
    "pom.xml",
    "build.gradle",
    "CMakeLists.txt",
    "meson.build",
];
const LOCKS: &[&str] = &[
    "flake.lock",
    "poag.lock",
    "Cargo.lock",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "uv.lock",
    "Pipfile.lock",
    "composer.lock",
    "Gemfile.lock",
    "go.sum",
];
const TEST_FOLDERS: &[&str] = &["test", "tests", "__tests__", "spec", "specs", "testing"];
const DATA_FOLDERS: &[&str] = &[
    "testdata",
    "fixtures",
    "snapshots",
    "__snapshots__",
    "vendor",
    "third_party",
];

/// The class of a file that no contract names.
pub(super) fn worth(path: &str) -> Worth {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let lower = name.to_ascii_lowercase();
    let (stem, extension) = lower.rsplit_once('.').unwrap_or((&lower, ""));
    let within = |known: &[&str]| folders.split('/').any(|folder| known.contains(&folder));
    let generated = [
        "license",
        "licence",
        "copying",
        "unlicense",
        "changelog",
        "changes",
    ];
    if LOCKS.contains(&name)
        || generated.iter().any(|word| stem.starts_with(word))
        || lower.contains(".min.")
        || matches!(
            extension,
            "svg" | "map" | "snap" | "csv" | "tsv" | "patch" | "diff"
        )
    {
        return Worth::Generated;
    }
    if within(DATA_FOLDERS) {
        return Worth::Other;
    }
    let test = within(TEST_FOLDERS)
        || stem.starts_with("test_")
        || ["_test", ".test", ".spec", "_spec"]
            .iter()
            .any(|end| stem.ends_with(end));
    match extension {
        _ if test => Worth::Test,
        _ if MANIFESTS.contains(&name) && folders.is_empty() => Worth::Manifest,
        // Of a part: what it declares says less than what it does.
        _ if MANIFESTS.contains(&name) && !SOURCES.contains(&extension) => Worth::Document,
        "md" | "markdown" | "rst" | "adoc" | "txt" => {
            let first = [
                "readme",
                "architecture",
                "design",
                "overview",
                "index",
                "usage",
            ];
            let here = matches!(folders, "" | "doc" | "docs");
            match here && first.iter().any(|word| stem.starts_with(word)) {
                true => Worth::Front,
                false => Worth::Document,
            }
        }
        _ if SOURCES.contains(&extension) => Worth::Source,
        _ => Worth::Other,
    }
}

/// The order of the files, worth most first; among equals those that others use more, then those nearer to the root,
/// then by path.
pub(super) fn ranked(worths: &[Worth], facts: &[FileFacts], uses: &[u64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..facts.len()).collect();
    order.sort_by_cached_key(|at| {
        let (worth, path) = (worths[*at], facts[*at].path.as_str());
        let uses = match worth {
            Worth::Source | Worth::Contract => uses[*at],
            _ => 0,
        };
        let unread = facts[*at].unread;
        (
            unread,
            worth,
            Reverse(uses),
            path.matches('/').count(),
            path,
        )
    });
    order
}

#[cfg(test)]
mod tests {
    use super::{Worth, worth};

    #[test]
    fn files_fall_into_the_class_their_name_says() {
        for (path, class) in [
            ("README.md", Worth::Front),
            ("docs/index.md", Worth::Front),
            ("docs/guide/more.md", Worth::Document),
            ("flake.nix", Worth::Manifest),
            ("crates/a/Cargo.toml", Worth::Document),
            ("crates/a/README.md", Worth::Document),
            ("lib/default.nix", Worth::Source),
            ("src/lib.rs", Worth::Source),
            ("web/index.html", Worth::Source),
            ("tests/a.rs", Worth::Test),
            ("src/test_greet.py", Worth::Test),
            ("src/greet.test.js", Worth::Test),
            ("src/latest.rs", Worth::Source),
            ("tests/fixtures/a.rs", Worth::Other),
            ("config.yaml", Worth::Other),
            ("Cargo.lock", Worth::Generated),
            ("LICENSE-MIT", Worth::Generated),
            ("dist/a.min.js", Worth::Generated),
            ("CHANGELOG.md", Worth::Generated),
        ] {
            assert_eq!(worth(path), class, "{path}");
        }
    }
}

//! Where a reader would look for an answer: documentation and documented definitions first; what holds the same words but
//! tells nobody how to do it comes after them.

use crate::text::role::Role;

/// What a file is to somebody who asks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AnswerPlace {
    /// A text for readers.
    Documentation,
    /// A text for who works on the project, not with it.
    Project,
    /// Code, which may be documented.
    Source,
    /// Code that shows how something is used.
    Example,
    /// Settings of the project, which may be explained in place.
    Configuration,
    /// What answers only where nothing else does: tests and their data, texts that are measured, change logs, translations,
    /// licences, declarations of poag.
    Aside,
}

/// Endings of texts for readers.
const TEXTS: &[&str] = &[
    "md", "mdx", "markdown", "rst", "adoc", "asciidoc", "txt", "org",
];
/// Folders of what is put into a program or expected of it.
const DATA: &[&str] = &[
    "tests",
    "test",
    "testdata",
    "fixtures",
    "fixture",
    "__tests__",
    "__fixtures__",
    "snapshots",
    "__snapshots__",
    "golden",
    "expected",
    "e2e",
    "cases",
    "checks",
    "testsuite",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "benchsuite",
    "data",
    "vendor",
    "third_party",
    "node_modules",
];
/// Beginnings of the names of texts about the past or the law.
const PAST: &[&str] = &[
    "changelog",
    "changelogs",
    "changes",
    "history",
    "news",
    "releases",
    "release-notes",
    "release_notes",
    "license",
    "licence",
    "copying",
    "authors",
    "notice",
    "contributors",
    "codeowners",
    "announce",
    "announcements",
    "changeset",
    "code_of_conduct",
];
/// Names of texts and folders for who works on a project: files that hosts of repositories know by these names, and records
/// of decisions.
const PROJECT: &[&str] = &[
    "contributing",
    "security",
    "governance",
    "maintainers",
    "quality_declaration",
    "releasing",
    "hacking",
    "development",
    "pull_request_template",
    "issue_template",
    "support",
    "agents",
    "claude",
    "decisions",
    "rfcs",
    "rfc",
    "adr",
    "adrs",
    "roadmap",
];
/// Languages, as files and folders are named after them.
const TONGUES: &[&str] = &[
    "ar", "bn", "ckb", "cn", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "he", "hi", "hu",
    "id", "it", "ja", "jp", "ko", "kr", "nl", "no", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk",
    "ur", "vi", "zh",
];

impl AnswerPlace {
    /// What the file of a path is.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let lower = path.to_lowercase();
        let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let stem = name.split('.').next().unwrap_or(name);
        let text = TEXTS.contains(&extension) || stem == "readme";
        let data = folders.split('/').any(|folder| DATA.contains(&folder));
        let past = PAST.iter().any(|start| {
            let rest = stem.strip_prefix(start);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
                && (text || extension.is_empty())
        });
        let past = past || text && folders.split('/').any(|folder| PAST.contains(&folder));
        if data || past || name == "flake.nix" || is_translation(&lower) {
            return Self::Aside;
        }
        let mut parts = folders.split('/').chain([stem]);
        let project = parts.any(|part| PROJECT.contains(&part)) || folders.starts_with('.');
        match Role::of(path) {
            _ if text && project => Self::Project,
            _ if text => Self::Documentation,
            Role::Source => Self::Source,
            Role::Document => Self::Documentation,
            Role::Example => Self::Example,
            Role::Configure => Self::Configuration,
            Role::Test | Role::Record => Self::Aside,
        }
    }
}

/// Whether a text is in another language than the one beside it: `README.zh.md`, `docs/ja-JP/…`, `README_CN.md`,
/// `README.中文.md`.
fn is_translation(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split('.').next().unwrap_or(name);
    let mut parts = name
        .split('.')
        .skip(1)
        .chain(stem.split_once(['_', '-']).map(|(_, end)| end));
    parts.any(|part| is_tongue(part) || !part.is_ascii()) || folders.split('/').any(is_tongue)
}

/// Whether a word names a language, perhaps as it is spoken somewhere: `pt`, `pt-br`, `zh_cn`, `zh-hans`.
fn is_tongue(word: &str) -> bool {
    let (tongue, region) = word.split_once(['-', '_']).unwrap_or((word, ""));
    TONGUES.contains(&tongue)
        && (region.len() <= 4 && region.chars().all(|c| c.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_nobody_how_to_do_it_is_set_aside() {
        for (path, place) in [
            ("README.md", AnswerPlace::Documentation),
            ("guide/src/cli/test.md", AnswerPlace::Documentation),
            ("doc/en/example/simple.rst", AnswerPlace::Documentation),
            ("examples/generator.md", AnswerPlace::Documentation),
            ("docs/guide/index.md", AnswerPlace::Documentation),
            ("CONTRIBUTING.md", AnswerPlace::Project),
            (".github/ISSUE_TEMPLATE/bug.md", AnswerPlace::Project),
            ("src/lib.rs", AnswerPlace::Source),
            ("src/history.rs", AnswerPlace::Source),
            ("examples/tour.rs", AnswerPlace::Example),
            ("Cargo.toml", AnswerPlace::Configuration),
            ("tests/cli.rs", AnswerPlace::Aside),
            ("tests/data/README.md", AnswerPlace::Aside),
            ("checks/lib/cases/a/error.txt", AnswerPlace::Aside),
            ("CHANGELOG.md", AnswerPlace::Aside),
            ("changelogs/0.2.x.md", AnswerPlace::Aside),
            ("LICENSE-MIT", AnswerPlace::Aside),
            ("README.中文.md", AnswerPlace::Aside),
            ("README_CN.md", AnswerPlace::Aside),
            ("docs/pt-BR/guide/README.md", AnswerPlace::Aside),
            ("benchsuite/subtitles.txt", AnswerPlace::Aside),
            ("flake.nix", AnswerPlace::Aside),
        ] {
            assert_eq!(AnswerPlace::of(path), place, "{path}");
        }
    }
}

//! Which commits are asked about, and why others are not.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use poag_git::history::{ChangeKind, Commit};

/// Files of the snapshot that a commit touches at least, and at most.
pub const FILES: std::ops::RangeInclusive<usize> = 2..=10;

/// Authors that are programs.
const ROBOTS: [&str; 8] = [
    "dependabot",
    "renovate",
    "greenkeeper",
    "github-actions",
    "github actions",
    "pre-commit-ci",
    "web-flow",
    "mergify",
];

#[expect(clippy::unwrap_used, reason = "a fixed pattern, tried by the tests")]
static RELEASE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^ (?: [\w./-]+ (?:\([^)]*\))? !? : \s* | \[[^\]]*\] \s* )?
          (?: (?:pre-?)?release s? \b | bump \b | publish \b | prepare \s .* \b release
            | prepare \s [\w-]+ \s v?\d | (?:update|adjust|merge) \s changelog | version \s+ (?:bump|v?\d)
            | v?\d+\.\d+ )",
    )
    .unwrap()
});

/// Why a commit is not asked about.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Excluded {
    /// Its message is empty.
    pub without_message: usize,
    /// Its author is a program.
    pub by_robots: usize,
    /// It makes a release: its subject begins with release, bump, publish, prepare X 1.2, a version.
    pub releases: usize,
    /// It changes lock files and change logs only.
    pub records: usize,
    /// It touches fewer than two text files of the snapshot.
    pub too_few_files: usize,
    /// It touches more than ten of them.
    pub too_many_files: usize,
}

impl Excluded {
    /// Those of another repository as well.
    pub fn add(&mut self, other: Self) {
        self.without_message += other.without_message;
        self.by_robots += other.by_robots;
        self.releases += other.releases;
        self.records += other.records;
        self.too_few_files += other.too_few_files;
        self.too_many_files += other.too_many_files;
    }

    /// All of them.
    pub fn total(&self) -> usize {
        let Self {
            without_message,
            by_robots,
            releases,
            records,
            too_few_files,
            too_many_files,
        } = self;
        without_message + by_robots + releases + records + too_few_files + too_many_files
    }
}

/// Whose commits are asked about, of those whose files fit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Whose {
    /// Those of people, about more than releases and records.
    Peoples,
    /// All of them.
    All,
}

/// The files of the snapshot that a commit touches, by the names they have there; none, and counted, where the commit
/// is left out. `known` tells whether the snapshot has a text file of that name.
pub fn relevant(
    commit: &Commit,
    whose: Whose,
    known: &dyn Fn(&str) -> bool,
    excluded: &mut Excluded,
) -> Option<BTreeSet<String>> {
    let names = commit.changes.iter().flat_map(|change| {
        let from = match &change.kind {
            ChangeKind::Renamed { from } => Some(from),
            ChangeKind::Added | ChangeKind::Modified | ChangeKind::Deleted => None,
        };
        std::iter::once(&change.path).chain(from)
    });
    let files: BTreeSet<String> = names.filter(|name| known(name)).cloned().collect();
    let choosy = whose == Whose::Peoples;
    let reason = if commit.message.trim().is_empty() {
        &mut excluded.without_message
    } else if choosy && is_robot(&commit.author) {
        &mut excluded.by_robots
    } else if choosy && RELEASE.is_match(commit.message.trim_start()) {
        &mut excluded.releases
    } else if choosy && !files.is_empty() && files.iter().all(|path| is_record(path)) {
        &mut excluded.records
    } else if files.len() < *FILES.start() {
        &mut excluded.too_few_files
    } else if files.len() > *FILES.end() {
        &mut excluded.too_many_files
    } else {
        return Some(files);
    };
    *reason += 1;
    None
}

fn is_robot(author: &str) -> bool {
    let author = author.trim().to_lowercase();
    author.contains("[bot]")
        || ROBOTS.iter().any(|name| author.starts_with(name))
        || author.rsplit([' ', '-', '_']).next() == Some("bot")
}

/// Lock files and change logs.
fn is_record(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let stem = name.split('.').next().unwrap_or(&name);
    name.ends_with(".lock")
        || matches!(
            name.as_str(),
            "package-lock.json" | "pnpm-lock.yaml" | "npm-shrinkwrap.json" | "go.sum" | "deno.lock"
        )
        || matches!(stem, "changelog" | "changes" | "history" | "releases")
}

#[cfg(test)]
mod tests {
    use super::*;
    use poag_git::history::Change;

    fn commit(author: &str, message: &str, paths: &[&str]) -> Commit {
        let changes = paths.iter().map(|path| Change {
            path: (*path).into(),
            kind: ChangeKind::Modified,
        });
        Commit {
            id: "0".repeat(40),
            time: 0,
            author: author.into(),
            message: message.into(),
            changes: changes.collect(),
        }
    }

    fn left_out(author: &str, message: &str, paths: &[&str]) -> Excluded {
        let mut excluded = Excluded::default();
        let known = |path: &str| !path.starts_with("new");
        let commit = commit(author, message, paths);
        let found = relevant(&commit, Whose::Peoples, &known, &mut excluded);
        assert_eq!(found.is_some(), excluded.total() == 0);
        excluded
    }

    #[test]
    fn a_commit_is_asked_about_when_it_touches_two_to_ten_known_files() {
        let kept = Excluded::default();
        assert_eq!(left_out("Ada", "fix it", &["a", "b", "new"]), kept);
        assert_eq!(left_out("Ada", "fix it", &["a", "new"]).too_few_files, 1);
        let many: Vec<String> = (0..11).map(|at| at.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(left_out("Ada", "fix it", &many).too_many_files, 1);
        assert_eq!(left_out("Ada", "fix it", &many[..10]), kept);
        assert_eq!(left_out("Ada", " \n", &["a", "b"]).without_message, 1);
    }

    #[test]
    fn where_every_commit_is_asked_about_only_its_files_decide() {
        let known = |path: &str| !path.starts_with("new");
        let mut excluded = Excluded::default();
        let mut asked = |author: &str, message: &str, paths: &[&str]| {
            let commit = commit(author, message, paths);
            relevant(&commit, Whose::All, &known, &mut excluded).is_some()
        };
        assert!(asked("dependabot[bot]", "bump it", &["a", "b"]));
        assert!(asked(
            "Ada",
            "Release 1.0.0",
            &["Cargo.lock", "CHANGELOG.md"]
        ));
        assert!(!asked("Ada", "fix it", &["a", "new"]));
        assert!(!asked("Ada", "", &["a", "b"]));
    }

    #[test]
    fn a_rename_touches_the_name_that_the_snapshot_has() {
        let mut moved = commit("Ada", "move it", &["a"]);
        moved.changes.push(Change {
            path: "new/b".into(),
            kind: ChangeKind::Renamed { from: "b".into() },
        });
        let known = |path: &str| !path.starts_with("new");
        let found = relevant(&moved, Whose::Peoples, &known, &mut Excluded::default()).unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn programs_releases_and_records_are_left_out_and_people_are_not() {
        for author in [
            "dependabot[bot]",
            "Renovate Bot",
            "some-bot",
            "github-actions",
        ] {
            assert_eq!(
                left_out(author, "fix", &["a", "b"]).by_robots,
                1,
                "{author}"
            );
        }
        assert_eq!(
            left_out("Talbot Bottomley", "fix", &["a", "b"]).by_robots,
            0
        );
        for subject in [
            "Release gix-note v0.1.0, gix v0.87.0",
            "chore: release 1.0",
            "chore(release): bump to 1.2.3",
            "chore: prepare tracing-appender 0.2.5 (#3522)",
            "v1.2.0",
            "0.224.1 (#1)",
            "[core] Bump version",
            "update changelogs prior to release",
        ] {
            assert_eq!(
                left_out("Ada", subject, &["a", "b"]).releases,
                1,
                "{subject}"
            );
        }
        for subject in [
            "Released memory is used again",
            "fix: prepare the parser",
            "bumpy ride",
        ] {
            assert_eq!(
                left_out("Ada", subject, &["a", "b"]).releases,
                0,
                "{subject}"
            );
        }
        let records = ["Cargo.lock", "x/CHANGELOG.md", "yarn.lock"];
        assert_eq!(left_out("Ada", "update", &records).records, 1);
        assert_eq!(
            left_out("Ada", "update", &["Cargo.lock", "Cargo.toml"]).records,
            0
        );
    }
}

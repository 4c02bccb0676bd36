//! Commits as they come back.

use std::process::Command;

use tempfile::TempDir;

use crate::history::{Change, ChangeKind, Log, Past, first_parents, locate, read, renew, since};
use crate::testing::Repository;

fn change(path: &str, kind: ChangeKind) -> Change {
    Change {
        path: path.into(),
        kind,
    }
}

fn renamed(from: &str, path: &str) -> Change {
    change(path, ChangeKind::Renamed { from: from.into() })
}

fn messages(past: &Past) -> Vec<&str> {
    let all = past.commits.iter();
    all.map(|commit| commit.message.as_str()).collect()
}

#[test]
fn commits_come_newest_first_with_message_author_and_changes() {
    let made = Repository::new();
    made.write("a.txt", "one\n");
    made.write("b/c.txt", "two\n");
    let first = made.commit("begin");
    made.write("a.txt", "three\n");
    std::fs::remove_file(made.path().join("b/c.txt")).unwrap();
    let second = made.commit("go on\n\nWith a body\nof two lines: é.");
    let past = read(made.path(), "HEAD", "", 10).unwrap();
    assert_eq!(past.head, second);
    assert_eq!(past.note, None);
    assert!(!past.shallow);
    let ids: Vec<&str> = past
        .commits
        .iter()
        .map(|commit| commit.id.as_str())
        .collect();
    assert_eq!(ids, [second.as_str(), first.as_str()]);
    assert_eq!(
        messages(&past),
        ["go on\n\nWith a body\nof two lines: é.", "begin"]
    );
    assert_eq!(past.commits[0].author, "Ada");
    assert!(past.commits[0].time > 1_500_000_000);
    assert_eq!(
        past.commits[0].changes,
        [
            change("a.txt", ChangeKind::Modified),
            change("b/c.txt", ChangeKind::Deleted)
        ]
    );
    assert_eq!(
        past.commits[1].changes,
        [
            change("a.txt", ChangeKind::Added),
            change("b/c.txt", ChangeKind::Added)
        ]
    );
}

#[test]
fn only_the_newest_are_read_when_that_is_asked_and_older_revisions_know_nothing_newer() {
    let made = Repository::new();
    for number in 0..5 {
        made.write("a.txt", format!("{number}\n"));
        made.commit(&format!("number {number}"));
    }
    let past = read(made.path(), "main", "", 2).unwrap();
    assert_eq!(messages(&past), ["number 4", "number 3"]);
    let past = read(made.path(), "main~3", "", 10).unwrap();
    assert_eq!(messages(&past), ["number 1", "number 0"]);
}

#[test]
fn a_file_that_moved_is_followed_by_its_content_or_by_its_name() {
    let made = Repository::new();
    made.write("same.rs", "fn same() {}\n");
    made.write("src/changed.rs", "fn before() {}\n");
    made.write("one/mod.rs", "1\n");
    made.write("two/mod.rs", "2\n");
    made.commit("begin");
    made.git(&["mv", "same.rs", "other.rs"]);
    made.git(&[
        "rm",
        "--quiet",
        "src/changed.rs",
        "one/mod.rs",
        "two/mod.rs",
    ]);
    made.write("lib/changed.rs", "a text that is not alike at all\n");
    made.write("three/mod.rs", "3\n");
    made.commit("move");
    let past = read(made.path(), "HEAD", "", 10).unwrap();
    let mut changes = past.commits[0].changes.clone();
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    assert_eq!(
        changes,
        [
            renamed("src/changed.rs", "lib/changed.rs"),
            change("one/mod.rs", ChangeKind::Deleted),
            renamed("same.rs", "other.rs"),
            change("three/mod.rs", ChangeKind::Added),
            change("two/mod.rs", ChangeKind::Deleted),
        ]
    );
}

#[test]
fn merges_are_left_out_and_both_their_sides_are_there() {
    let made = Repository::new();
    made.write("a.txt", "a\n");
    let base = made.commit("base");
    made.git(&["switch", "--quiet", "--create", "side"]);
    made.write("side.txt", "s\n");
    let side = made.commit("side");
    made.git(&["switch", "--quiet", "main"]);
    made.write("main.txt", "m\n");
    let main = made.commit("main");
    made.git(&["merge", "--quiet", "--no-ff", "-m", "both", "side"]);
    let past = read(made.path(), "HEAD", "", 10).unwrap();
    let mut told = messages(&past);
    told.sort_unstable();
    assert_eq!(told, ["base", "main", "side"]);
    let line = first_parents(made.path(), "HEAD", 10).unwrap();
    assert_eq!(line[1..], [main.clone(), base]);
    assert_eq!(since(made.path(), "HEAD", &main).unwrap(), [side]);
}

#[test]
fn names_with_newlines_tabs_quotes_and_other_scripts_come_whole() {
    let made = Repository::new();
    let names = [
        "a\nb.txt",
        "c\td.txt",
        "e\"f.txt",
        "ж/é.txt",
        ":g",
        "\u{1}h",
    ];
    for name in names {
        made.write(name, name);
    }
    made.commit("\u{1}begin with what begins a commit\n:100644");
    let past = read(made.path(), "HEAD", "", 10).unwrap();
    let mut told: Vec<&str> = past.commits[0]
        .changes
        .iter()
        .map(|it| it.path.as_str())
        .collect();
    told.sort_unstable();
    let mut names = names.to_vec();
    names.sort_unstable();
    assert_eq!(told, names);
    assert_eq!(
        past.commits[0].message,
        "\u{1}begin with what begins a commit\n:100644"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_name_that_is_not_utf_8_is_left_out_and_the_rest_is_told() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let made = Repository::new();
    made.write(OsStr::from_bytes(b"bad\xff.txt"), "x\n");
    made.write("good.txt", "y\n");
    made.commit("begin");
    let past = read(made.path(), "HEAD", "", 10).unwrap();
    assert_eq!(
        past.commits[0].changes,
        [change("good.txt", ChangeKind::Added)]
    );
}

#[test]
fn a_folder_restricts_commits_and_changes_and_is_taken_by_the_letter() {
    let made = Repository::new();
    made.write("in/a.txt", "a\n");
    made.write("out/b.txt", "b\n");
    made.write("in[x]*/c.txt", "c\n");
    made.commit("all");
    made.write("out/b.txt", "bb\n");
    made.commit("out");
    made.write("in/a.txt", "aa\n");
    made.commit("in");
    // From a folder inside as well: names are told from the top.
    for from in [made.path().to_owned(), made.path().join("out")] {
        let past = read(&from, "HEAD", "in", 10).unwrap();
        assert_eq!(messages(&past), ["in", "all"]);
        assert_eq!(
            past.commits[1].changes,
            [change("in/a.txt", ChangeKind::Added)]
        );
        let past = read(&from, "HEAD", "in[x]*", 10).unwrap();
        assert_eq!(messages(&past), ["all"]);
    }
    assert_eq!(
        locate(&made.path().join("in[x]*")).unwrap().1,
        "in[x]*".to_owned()
    );
}

#[test]
fn a_shallow_clone_says_so_and_its_oldest_commit_adds_nothing() {
    let made = Repository::new();
    for number in 0..4 {
        made.write("a.txt", format!("{number}\n"));
        made.commit(&format!("number {number}"));
    }
    let clone = TempDir::new().unwrap();
    let status = Command::new("git")
        .args(["clone", "--quiet", "--depth=2", "--bare"])
        .arg(format!("file://{}", made.path().display()))
        .arg(clone.path())
        .status()
        .unwrap();
    assert!(status.success());
    let past = read(clone.path(), "HEAD", "", 10).unwrap();
    assert!(past.shallow);
    assert_eq!(messages(&past), ["number 3"]);
    assert!(past.note.unwrap().contains("shallow"));
}

/// The past by what was known before, which must be the past as it is.
fn renewed(folder: &std::path::Path, most: usize, older: Option<Log>) -> Log {
    let log = renew(folder, "HEAD", most, older).unwrap();
    assert_eq!(log.past, read(folder, "HEAD", "", most).unwrap());
    log
}

#[test]
fn what_was_read_before_is_not_read_again_and_the_past_is_the_same() {
    let made = Repository::new();
    for number in 0..6 {
        made.write(format!("{}.txt", number % 2), format!("{number}\n"));
        made.commit(&format!("number {number}"));
    }
    let clone = TempDir::new().unwrap();
    let url = format!("file://{}", made.path().display());
    let git = |args: &[&str]| {
        let status = Command::new("git").args(args).status().unwrap();
        assert!(status.success());
    };
    let place = clone.path().to_str().unwrap();
    git(&["clone", "--quiet", "--depth=3", &url, place]);
    let mut log = renewed(clone.path(), 10, None);
    assert_eq!(log.past.commits.len(), 2);
    git(&["-C", place, "fetch", "--quiet", "--deepen=2"]);
    log = renewed(clone.path(), 10, Some(log));
    assert_eq!(log.past.commits.len(), 4);
    git(&["-C", place, "fetch", "--quiet", "--unshallow"]);
    log = renewed(clone.path(), 10, Some(log));
    assert_eq!(log.past.commits.len(), 6);

    let mut log = renewed(made.path(), 4, Some(log));
    assert_eq!(log.past.commits.len(), 4);
    made.write("new.txt", "new\n");
    made.commit("something new");
    made.commit("nothing at all");
    log = renewed(made.path(), 4, Some(log));
    made.git(&["reset", "--quiet", "--hard", "HEAD~3"]);
    made.write("other.txt", "other\n");
    made.commit("another way");
    log = renewed(made.path(), 10, Some(log));
    assert_eq!(messages(&log.past)[..2], ["another way", "number 4"]);
    renewed(made.path(), 10, Some(log));
}

#[test]
fn where_there_is_no_repository_or_no_commit_the_past_is_empty_and_says_why() {
    let folder = TempDir::new().unwrap();
    let none = Past::known(folder.path(), "HEAD", "", 10);
    assert!(none.commits.is_empty());
    assert!(none.note.unwrap().contains("no git repository"));
    let made = Repository::new();
    let none = Past::known(made.path(), "HEAD", "", 10);
    assert!(none.note.unwrap().contains("no commit 'HEAD'"));
    let none = Past::known(made.path(), "--output=/tmp/x", "", 10);
    assert!(none.note.unwrap().contains("no commit"));
    let none = Past::known(&folder.path().join("nothing"), "HEAD", "", 10);
    assert!(none.note.is_some());
}

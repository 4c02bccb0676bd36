use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::{NAME, Site, inside, write};
use crate::testing::git;
use crate::work::{Tamper, WorkGitError};

#[test]
fn commits_of_the_agent_on_its_own_branch_count() {
    let site = Site::new();
    let tree = site.worktree("ada/t1");
    write(&tree, "a.txt", "own\n");
    inside(&tree, &["commit", "-qam", "own"]);
    write(&tree, "b.txt", "left\n");
    let left = site.work.commit_left(&tree, "left", &site.ada()).unwrap();
    assert_eq!((left.own_commits, left.committed), (1, true));
    assert_eq!(inside(&tree, &["log", "--format=%s", "-2"]), "left\nown");
}

#[test]
fn an_agent_on_another_branch_commits_nothing_through_poag() {
    let site = Site::new();
    let before = site.git(&["rev-parse", "main"]);
    let tree = site.worktree("ada/t1");
    write(&tree, "a.txt", "x\n");
    inside(&tree, &["checkout", "-q", "-b", "elsewhere"]);
    let error = site.work.commit_left(&tree, "no", &site.ada()).unwrap_err();
    let WorkGitError::Tampered { what, .. } = &error else {
        panic!("{error}")
    };
    assert!(matches!(what, Tamper::Branch { is } if is == "refs/heads/elsewhere"));
    assert_eq!(site.git(&["rev-parse", "elsewhere"]), before);
    let salvage = site.work.remove_worktree(&tree, &NAME, &site.ada());
    assert_eq!(site.show(&salvage.unwrap().unwrap().commit, "a.txt"), "x");
}

#[test]
fn files_of_another_repository_are_refused_and_stay() {
    let site = Site::new();
    let tree = site.worktree("ada/t1");
    git(&tree.path, &["init", "-q", "vendored"]);
    write(&tree, "vendored/x", "x\n");
    git(&tree.path.join("vendored"), &["add", "x"]);
    git(&tree.path.join("vendored"), &["commit", "-qm", "x"]);
    let error = site.work.commit_left(&tree, "no", &site.ada()).unwrap_err();
    let WorkGitError::Embedded { paths } = error else {
        panic!("{error}")
    };
    assert_eq!(paths, ["vendored/"]);
    assert!(tree.path.join("vendored/x").exists());
    // The same, where the agent committed it by itself.
    inside(&tree, &["add", "vendored"]);
    inside(&tree, &["commit", "-qm", "vendored"]);
    let error = site.work.commit_left(&tree, "no", &site.ada()).unwrap_err();
    assert!(matches!(error, WorkGitError::Embedded { .. }), "{error}");
}

#[test]
fn marks_that_hide_a_change_from_git_hide_it_from_nobody() {
    let site = Site::new();
    let tree = site.worktree("ada/t1");
    inside(&tree, &["update-index", "--assume-unchanged", "a.txt"]);
    inside(&tree, &["update-index", "--skip-worktree", "sub/b.txt"]);
    write(&tree, "a.txt", "changed\n");
    write(&tree, "sub/b.txt", "changed\n");
    assert_eq!(inside(&tree, &["status", "--porcelain"]), "");
    let left = site.work.commit_left(&tree, "all", &site.ada()).unwrap();
    assert_eq!(site.show(&left.commit, "a.txt"), "changed");
    assert_eq!(site.show(&left.commit, "sub/b.txt"), "changed");
}

#[test]
fn files_become_folders_and_folders_become_links() {
    let site = Site::new();
    let tree = site.worktree("ada/t1");
    fs::remove_file(tree.path.join("a.txt")).unwrap();
    write(&tree, "a.txt/inside", "x\n");
    fs::remove_dir_all(tree.path.join("sub")).unwrap();
    std::os::unix::fs::symlink("/etc", tree.path.join("sub")).unwrap();
    let left = site.work.commit_left(&tree, "all", &site.ada()).unwrap();
    let names = site.git(&["ls-tree", "-r", &left.commit]);
    assert!(names.contains("a.txt/inside"), "{names}");
    let link = names.lines().find(|line| line.ends_with("\tsub")).unwrap();
    assert!(link.starts_with("120000"));
    assert_eq!(site.show(&left.commit, "sub"), "/etc");
    assert!(!names.contains("passwd"));
}

#[test]
fn settings_and_hooks_of_the_repository_run_nothing() {
    let site = Site::new();
    let mark = site.place("ran");
    let program = site.place("evil");
    let text = format!("#!/bin/sh\necho \"$0 $*\" >>'{}'\ncat\n", mark.display());
    fs::write(&program, text).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let program = program.to_str().unwrap();
    for setting in [
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "merge.evil.driver",
        "diff.evil.textconv",
        "diff.evil.command",
        "core.fsmonitor",
        "diff.external",
        "gpg.program",
    ] {
        site.git(&["config", setting, program]);
    }
    site.git(&["config", "commit.gpgSign", "true"]);
    let attributes = "*.txt filter=evil merge=evil diff=evil\n";
    fs::create_dir_all(site.made.path().join(".git/info")).unwrap();
    site.made.write(".git/info/attributes", attributes);
    site.git(&["config", "--unset", "filter.evil.process"]);
    let one = site.branch(
        "ada/one",
        &[(".gitattributes", attributes), ("a.txt", "a\nend\n")],
    );
    let two = site.branch("ada/two", &[("a.txt", "begin\na\n")]);
    let made = site
        .work
        .candidate("main", &[(&one, "one"), (&two, "two")], &site.ada());
    // Merged as git merges text, by the driver that stands in for theirs.
    assert_eq!(site.show(&made.unwrap().commit, "a.txt"), "begin\na\nend");
    let made = site.work.candidate("main", &[(&one, "one")], &site.ada());
    let made = made.unwrap();
    site.work.difference("main", &made.commit, 1 << 20).unwrap();
    site.work.land("main", &made.commit).unwrap();
    let tree = site.worktree("ada/three");
    write(&tree, "a.txt", "three\n");
    site.work
        .remove_worktree(&tree, &NAME, &site.ada())
        .unwrap();
    assert_eq!(fs::read_to_string(&mark).unwrap_or_default(), "");
}

#[test]
fn folders_that_were_made_read_only_go_too() {
    let site = Site::new();
    let tree = site.worktree("ada/t1");
    write(&tree, "deep/er/file", "x\n");
    fs::set_permissions(tree.path.join("deep/er"), fs::Permissions::from_mode(0o555)).unwrap();
    fs::set_permissions(tree.path.join("deep"), fs::Permissions::from_mode(0o555)).unwrap();
    let salvage = site.work.remove_worktree(&tree, &NAME, &site.ada());
    assert!(salvage.unwrap().is_some());
    assert!(!tree.path.exists());
}

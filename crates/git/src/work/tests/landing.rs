use std::fs;

use super::Site;
use crate::testing::git;
use crate::work::{Rollback, WorkGitError};

fn text(site: &Site, path: &str) -> String {
    fs::read_to_string(site.made.path().join(path)).unwrap()
}

#[test]
fn a_clean_target_moves_with_its_checkout_and_back() {
    let site = Site::new();
    let tip = site.branch("ada/one", &[("a.txt", "one\n"), ("new.txt", "new\n")]);
    let landing = site.work.land("main", &tip).unwrap();
    assert_eq!(site.git(&["rev-parse", "main"]), tip);
    assert_eq!(
        (text(&site, "a.txt"), text(&site, "new.txt")),
        ("one\n".into(), "new\n".into())
    );
    assert_eq!(site.git(&["status", "--porcelain"]), "");
    let back = site.work.rollback(&landing, "Take it back", &site.ada());
    assert_eq!(back.unwrap(), Rollback::MovedBack);
    assert_eq!(site.git(&["rev-parse", "main"]), landing.before);
    assert_eq!(text(&site, "a.txt"), "a\n");
    assert!(!site.made.path().join("new.txt").exists());
    assert_eq!(site.git(&["status", "--porcelain"]), "");
    let kept = format!("refs/poag/kept/{tip}");
    assert_eq!(site.work.reference(&kept).unwrap(), Some(tip));
}

#[test]
fn a_branch_that_nobody_has_checked_out_moves_alone() {
    let site = Site::new();
    site.git(&["checkout", "-q", "-b", "person"]);
    site.made.write("a.txt", "not committed\n");
    let tip = site.branch("ada/one", &[("a.txt", "one\n")]);
    let landing = site.work.land("main", &tip).unwrap();
    assert_eq!(site.git(&["rev-parse", "main"]), tip);
    assert_eq!(text(&site, "a.txt"), "not committed\n");
    site.work.rollback(&landing, "back", &site.ada()).unwrap();
    assert_eq!(site.git(&["rev-parse", "main"]), landing.before);
    assert_eq!(text(&site, "a.txt"), "not committed\n");
}

#[test]
fn a_dirty_target_is_said_and_nothing_changes() {
    let site = Site::new();
    let before = site.git(&["rev-parse", "main"]);
    let tip = site.branch("ada/one", &[("a.txt", "one\n"), ("new.txt", "new\n")]);
    site.made.write("sub/b.txt", "precious\n");
    let error = site.work.land("main", &tip).unwrap_err();
    let WorkGitError::Dirty { paths, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(paths, &["sub/b.txt"]);
    assert!(error.to_string().contains("repair: commit or stash"));
    assert_eq!(site.git(&["rev-parse", "main"]), before);
    assert_eq!(
        (text(&site, "sub/b.txt"), text(&site, "a.txt")),
        ("precious\n".into(), "a\n".into())
    );
    // Staged is as precious.
    site.git(&["add", "sub/b.txt"]);
    assert!(matches!(
        site.work.land("main", &tip),
        Err(WorkGitError::Dirty { .. })
    ));
    site.git(&["reset", "-q", "--hard"]);
    // A file that git does not know, where one would come.
    site.made.write("new.txt", "mine\n");
    let error = site.work.land("main", &tip).unwrap_err();
    assert!(matches!(error, WorkGitError::Dirty { .. }), "{error}");
    assert_eq!(site.git(&["rev-parse", "main"]), before);
    assert_eq!(
        (text(&site, "new.txt"), text(&site, "a.txt")),
        ("mine\n".into(), "a\n".into())
    );
    // One that is in nobody's way stays.
    fs::rename(
        site.made.path().join("new.txt"),
        site.made.path().join("other.txt"),
    )
    .unwrap();
    site.work.land("main", &tip).unwrap();
    assert_eq!(text(&site, "other.txt"), "mine\n");
}

#[test]
fn a_target_that_moved_is_said() {
    let site = Site::new();
    let tip = site.branch("ada/one", &[("a.txt", "one\n")]);
    site.made.write("sub/b.txt", "meanwhile\n");
    let moved = site.made.commit("meanwhile");
    let error = site.work.land("main", &tip).unwrap_err();
    let WorkGitError::NotForward { is, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(is, &moved);
    assert_eq!(site.git(&["rev-parse", "main"]), moved);
}

#[test]
fn a_branch_in_the_middle_of_a_rebase_is_left_alone() {
    let site = Site::new();
    let tip = site.branch("ada/one", &[("a.txt", "one\n")]);
    let other = site.branch("ada/two", &[("a.txt", "two\n")]);
    site.git(&["checkout", "-q", "-b", "person"]);
    site.made.write("a.txt", "person\n");
    site.made.commit("person");
    let rebase = std::process::Command::new("git")
        .arg("-C")
        .arg(site.made.path())
        .args(["-c", "user.name=a", "-c", "user.email=b", "rebase", &other])
        .output()
        .unwrap();
    assert!(!rebase.status.success());
    let before = site.work.branch_tip("person").unwrap().unwrap();
    let on_top = site.branch_on("person", "ada/three", &[("c.txt", "c\n")]);
    let error = site.work.land("person", &on_top).unwrap_err();
    assert!(matches!(error, WorkGitError::InUse { .. }), "{error}");
    assert_eq!(site.work.branch_tip("person").unwrap(), Some(before));
    site.work.land("main", &tip).unwrap();
}

#[test]
fn what_was_published_or_built_upon_is_taken_back_by_a_commit() {
    let site = Site::new();
    let tip = site.branch("ada/one", &[("a.txt", "one\n")]);
    let landing = site.work.land("main", &tip).unwrap();
    site.made.write("sub/b.txt", "later\n");
    let later = site.made.commit("later");
    let back = site.work.rollback(&landing, "Take it back", &site.ada());
    let Rollback::Reverted { commit } = back.unwrap() else {
        panic!("it moved back")
    };
    assert!(site.work.is_ancestor(&later, &commit).unwrap());
    assert_eq!(
        (text(&site, "a.txt"), text(&site, "sub/b.txt")),
        ("a\n".into(), "later\n".into())
    );
    assert_eq!(site.git(&["status", "--porcelain"]), "");

    let site = Site::new();
    let tip = site.branch("ada/one", &[("a.txt", "one\n")]);
    let landing = site.work.land("main", &tip).unwrap();
    git(
        site.made.path(),
        &["update-ref", "refs/remotes/origin/main", &tip],
    );
    let back = site.work.rollback(&landing, "Take it back", &site.ada());
    assert!(matches!(back, Ok(Rollback::Reverted { .. })), "{back:?}");
    assert_eq!(text(&site, "a.txt"), "a\n");

    // Where the same lines changed since, a person decides.
    let site = Site::new();
    let tip = site.branch("ada/one", &[("a.txt", "one\n")]);
    let landing = site.work.land("main", &tip).unwrap();
    site.made.write("a.txt", "later\n");
    let later = site.made.commit("later");
    let back = site.work.rollback(&landing, "Take it back", &site.ada());
    assert!(
        matches!(back, Err(WorkGitError::Conflict { .. })),
        "{back:?}"
    );
    assert_eq!(site.git(&["rev-parse", "main"]), later);
}

#[test]
fn a_rollback_that_died_before_its_word_comes_to_the_same_again() {
    let site = Site::new();
    let commit = site.branch("actor/t1", &[("a.txt", "changed\n")]);
    let landing = site.work.land("main", &commit).unwrap();
    let ada = site.ada();
    for _ in 0..2 {
        let back = site.work.rollback(&landing, "back", &ada).unwrap();
        assert_eq!(back, Rollback::MovedBack);
    }
    assert_eq!(site.git(&["rev-parse", "main"]), landing.before);
    let landing = site.work.land("main", &commit).unwrap();
    site.made.write("later", "later\n");
    site.made.commit("later");
    let first = site.work.rollback(&landing, "back", &ada).unwrap();
    let second = site.work.rollback(&landing, "back", &ada).unwrap();
    assert_eq!(first, second);
}

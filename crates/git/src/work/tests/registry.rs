//! Worktrees while other gits make and remove some of theirs.

use std::fs;
use std::time::Duration;

use super::Site;
use crate::work::WorkGitError;

/// As git leaves it between two of its steps.
fn half_made(site: &Site) -> std::path::PathBuf {
    let record = site.made.path().join(".git/worktrees/half");
    fs::create_dir_all(&record).unwrap();
    let place = site.place("half").join(".git");
    fs::write(record.join("gitdir"), format!("{}\n", place.display())).unwrap();
    fs::write(record.join("HEAD"), "ref: refs/heads/main\n").unwrap();
    fs::write(record.join("commondir"), "").unwrap();
    record
}

#[test]
fn a_worktree_is_made_listed_and_removed_while_another_git_is_half_way_through_its_own() {
    let site = Site::new();
    let record = half_made(&site);
    let whole = record.join("commondir");
    let finishing = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        fs::write(whole, "../..\n").unwrap();
    });
    let tree = site.worktree("ada/t1");
    finishing.join().unwrap();
    site.work.prove(&tree).unwrap();
}

#[test]
fn a_record_that_stays_half_made_is_named_with_what_to_do() {
    let site = Site::new();
    let record = half_made(&site);
    let list = ["worktree", "list"];
    let refused = site.work.worktrees_within(Duration::ZERO, "listing", &list);
    let Err(WorkGitError::HalfMade { record: named }) = refused else {
        panic!("it was listed")
    };
    assert_eq!(named, record.canonicalize().unwrap());
    fs::remove_dir_all(record).unwrap();
    site.worktree("ada/t1");
}

/// Gits fail of themselves here about once in a hundred times.
#[test]
fn many_at_once_make_and_remove_worktrees_of_one_repository() {
    let site = Site::new();
    std::thread::scope(|scope| {
        for actor in 0..8 {
            let site = &site;
            scope.spawn(move || {
                for task in 0..4 {
                    let tree = site.worktree(&format!("a{actor}/t{task}"));
                    site.work.prove(&tree).unwrap();
                    site.work.discard(&tree).unwrap();
                }
            });
        }
    });
    assert_eq!(site.git(&["worktree", "list"]).lines().count(), 1);
}

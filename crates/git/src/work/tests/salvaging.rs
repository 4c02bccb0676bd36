use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::{NAME, Site, inside, write};
use crate::testing::git;
use crate::work::{SalvageName, WorkRepository};

#[test]
fn what_nobody_committed_is_in_a_ref_before_the_worktree_goes() {
    let site = Site::new();
    let tree = site.worktree("ada/t1");
    write(&tree, "a.txt", "changed\n");
    write(&tree, "new file", "new\n");
    write(&tree, "crlf.txt", "one\r\ntwo\r\n");
    write(&tree, ".gitattributes", "* text=auto eol=lf\n");
    write(&tree, "ignored", "built\n");
    std::os::unix::fs::symlink("/etc/passwd", tree.path.join("link")).unwrap();
    fs::remove_file(tree.path.join("sub/b.txt")).unwrap();
    let salvage = site.work.remove_worktree(&tree, &NAME, &site.ada());
    let salvage = salvage.unwrap().unwrap();
    assert_eq!(salvage.reference, "refs/poag/salvage/w1/t1/1");
    assert!(!tree.path.exists());
    assert_eq!(site.git(&["rev-parse", &salvage.reference]), salvage.commit);
    assert_eq!(site.show(&salvage.commit, "a.txt"), "changed");
    assert_eq!(site.show(&salvage.commit, "new file"), "new");
    assert_eq!(site.show(&salvage.commit, "link"), "/etc/passwd");
    // Byte for byte.
    let size = site.git(&["cat-file", "-s", &format!("{}:crlf.txt", salvage.reference)]);
    assert_eq!(size, "10");
    let names = site.git(&["ls-tree", "-r", "--name-only", &salvage.commit]);
    assert!(!names.contains("sub/b.txt") && !names.contains("\nignored"));
    // The branch stays, and nothing of it moved.
    assert_eq!(site.work.branch_tip("ada/t1").unwrap(), Some(tree.base));
    assert_eq!(site.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_clean_worktree_needs_no_salvage() {
    let site = Site::new();
    let tree = site.worktree("ada/t1");
    write(&tree, "a.txt", "changed\n");
    site.work.commit_left(&tree, "all", &site.ada()).unwrap();
    assert_eq!(site.work.salvage(&tree, &NAME, &site.ada()).unwrap(), None);
    fs::remove_dir_all(&tree.path).unwrap();
    assert_eq!(
        site.work
            .remove_worktree(&tree, &NAME, &site.ada())
            .unwrap(),
        None
    );
    assert!(!site.git(&["worktree", "list"]).contains("ada-t1"));
}

#[test]
fn an_agent_that_deletes_its_git_file_loses_nothing() {
    let site = Site::new();
    let tree = site.worktree("ada/t1");
    write(&tree, "work.txt", "work\n");
    fs::remove_file(tree.path.join(".git")).unwrap();
    let salvage = site.work.remove_worktree(&tree, &NAME, &site.ada());
    let salvage = salvage.unwrap().unwrap();
    assert_eq!(site.show(&salvage.commit, "work.txt"), "work");
    assert!(!tree.path.exists());
}

#[test]
fn repositories_that_an_agent_made_inside_are_salvaged_with_their_objects() {
    let site = Site::new();
    let tree = site.worktree("ada/t1");
    git(&tree.path, &["init", "-q", "inner"]);
    write(&tree, "inner/deep/file", "deep\n");
    fs::set_permissions(
        tree.path.join("inner/deep/file"),
        fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    // One without a commit stops `git add`, one with a commit would become an id without content.
    let inner = tree.path.join("second");
    git(&tree.path, &["init", "-q", "second"]);
    write(&tree, "second/x", "x\n");
    git(&inner, &["add", "x"]);
    git(&inner, &["commit", "-qm", "x"]);
    fs::remove_file(tree.path.join(".git")).unwrap();
    git(&tree.path, &["init", "-q"]);
    let salvage = site.work.remove_worktree(&tree, &NAME, &site.ada());
    let salvage = salvage.unwrap().unwrap();
    let names = site.git(&["ls-tree", "-r", &salvage.commit]);
    assert!(names.contains("second/x"), "{names}");
    assert!(names.contains("second/dot-git/HEAD"), "{names}");
    assert!(names.contains("dot-git/config"), "{names}");
    assert!(!names.contains("160000"), "{names}");
    assert!(
        names
            .lines()
            .any(|line| line.starts_with("100755") && line.ends_with("inner/deep/file"))
    );
}

#[test]
fn what_an_agent_staged_and_committed_nowhere_is_salvaged_too() {
    let site = Site::new();
    let tree = site.worktree("ada/t1");
    inside(&tree, &["checkout", "-q", "--detach"]);
    write(&tree, "one", "committed\n");
    inside(&tree, &["add", "one"]);
    inside(&tree, &["commit", "-qm", "on no branch"]);
    let alone = inside(&tree, &["rev-parse", "HEAD"]);
    write(&tree, "two", "staged\n");
    inside(&tree, &["add", "two"]);
    write(&tree, "two", "on disk\n");
    let salvage = site.work.remove_worktree(&tree, &NAME, &site.ada());
    let salvage = salvage.unwrap().unwrap();
    assert_eq!(site.show(&salvage.commit, "one"), "committed");
    assert_eq!(site.show(&salvage.commit, "two"), "on disk");
    let parents = site.git(&["show", "-s", "--format=%P", &salvage.commit]);
    let parents: Vec<&str> = parents.split(' ').collect();
    assert_eq!(parents[0], alone);
    let staged = parents.iter().any(|parent| {
        site.git(&["ls-tree", parent, "two"]).contains("blob")
            && site.show(parent, "two") == "staged"
    });
    assert!(staged, "{parents:?}");
}

#[test]
fn a_rule_that_an_agent_wrote_hides_nothing_from_its_salvage() {
    let site = Site::new();
    let tree = site.worktree("ada/t1");
    write(&tree, "hidden.txt", "hidden\n");
    write(&tree, "deep/also", "hidden\n");
    write(&tree, ".gitignore", "*\n");
    let salvage = site.work.remove_worktree(&tree, &NAME, &site.ada());
    let salvage = salvage.unwrap().unwrap();
    assert_eq!(site.show(&salvage.commit, "hidden.txt"), "hidden");
    assert_eq!(site.show(&salvage.commit, "deep/also"), "hidden");
}

#[test]
fn a_second_salvage_of_an_attempt_holds_the_first() {
    let site = Site::new();
    let tree = site.worktree("ada/t1");
    write(&tree, "one", "1\n");
    let first = site.work.salvage(&tree, &NAME, &site.ada()).unwrap();
    let first = first.unwrap();
    let same = site.work.salvage(&tree, &NAME, &site.ada()).unwrap();
    assert_eq!(same.as_ref(), Some(&first));
    fs::remove_file(tree.path.join("one")).unwrap();
    write(&tree, "two", "2\n");
    let second = site.work.salvage(&tree, &NAME, &site.ada()).unwrap();
    let second = second.unwrap();
    assert!(
        site.work
            .is_ancestor(&first.commit, &second.commit)
            .unwrap()
    );
    let other = SalvageName { attempt: 2, ..NAME };
    let other = site.work.salvage(&tree, &other, &site.ada()).unwrap();
    assert_eq!(other.unwrap().reference, "refs/poag/salvage/w1/t1/2");
    let all = site.work.references_below("refs/poag/salvage/").unwrap();
    assert_eq!(all.len(), 2);
    // And a new worktree can go on with it, uncommitted as it was.
    let next = site.worktree("ada/t2");
    site.work.unpack(&next, &second.reference).unwrap();
    site.work.prove(&next).unwrap();
    assert_eq!(inside(&next, &["status", "--porcelain"]), "?? two");
}

/// Who aborts a work has no time for many files: what is left of them is deleted by who comes next.
#[test]
fn a_worktree_that_is_put_aside_is_gone_at_once_and_its_files_when_there_is_time() {
    let site = Site::new();
    let tree = site.worktree("ada/t1");
    write(&tree, "new/deep.txt", "precious\n");
    let salvage = site.work.put_aside(&tree, &NAME, &site.ada()).unwrap();
    let salvage = salvage.unwrap().reference;
    assert_eq!(
        site.git(&["show", &format!("{salvage}:new/deep.txt")]),
        "precious"
    );
    assert!(!tree.path.exists());
    assert_eq!(site.git(&["worktree", "list"]).lines().count(), 1);
    let folder = tree.path.parent().unwrap();
    let count = || fs::read_dir(folder).unwrap().count();
    let over = std::time::Instant::now();
    assert!(!WorkRepository::delete_aside(folder, Some(over)));
    assert_eq!(count(), 1);
    let later = over + std::time::Duration::from_secs(600);
    assert!(WorkRepository::delete_aside(folder, Some(later)));
    assert_eq!(count(), 0);
}

//! What a poag that was killed in the middle leaves of worktrees in which nobody worked.

use super::*;

#[test]
fn a_worktree_that_was_never_used_goes_with_its_branch_at_any_stage_of_it() {
    let site = Site::new();
    let base = site.git(&["rev-parse", "main"]);
    let branches = ["actor/t1".to_owned(), "actor/t1-1.1".to_owned()];
    let clear = |place: &Path| {
        let made = (&branches[..], base.as_str());
        site.work.clear_unused(place, made, "a test").unwrap();
    };
    let is_clean = || {
        assert_eq!(site.git(&["worktree", "list"]).lines().count(), 1);
        assert_eq!(site.work.branch_tip("actor/t1").unwrap(), None);
    };
    // The branch alone.
    let place = site.place("tree");
    site.work.make_branch("actor/t1", &base, "a test").unwrap();
    clear(&place);
    is_clean();
    // All of it.
    let make = || {
        let made = site
            .work
            .make_worktree(&place, "actor/t1", "main", "a test");
        made.unwrap()
    };
    make();
    clear(&place);
    assert!(!place.exists());
    is_clean();
    // Half removed: git's record of it is left.
    fs::remove_dir_all(make().path).unwrap();
    clear(&place);
    is_clean();
    // An empty folder, and one with something in it.
    fs::create_dir(&place).unwrap();
    clear(&place);
    assert!(!place.exists());
    fs::create_dir(&place).unwrap();
    fs::write(place.join("mine"), "mine").unwrap();
    clear(&place);
    assert!(place.join("mine").exists());
}

#[test]
fn branches_of_others_and_with_commits_stay() {
    let site = Site::new();
    let base = site.git(&["rev-parse", "main"]);
    site.git(&["branch", "actor/t1"]);
    let tip = site.branch("actor/t2", &[("a.txt", "more\n")]);
    let branches = ["actor/t1".to_owned(), "actor/t2".to_owned()];
    let made = (&branches[..], base.as_str());
    let place = site.place("tree");
    site.work.clear_unused(&place, made, "a test").unwrap();
    assert_eq!(site.work.branch_tip("actor/t1").unwrap(), Some(base));
    assert_eq!(site.work.branch_tip("actor/t2").unwrap(), Some(tip));
}

#[test]
fn checkouts_of_a_work_that_are_left_go_and_those_of_others_stay() {
    let site = Site::new();
    let tree = site.worktree("actor/t1");
    let folder = site.place("merges");
    fs::create_dir(&folder).unwrap();
    let checkout = |name: &str| {
        let made = site.work.checkout(&folder.join(name), "main", "checks");
        made.unwrap()
    };
    checkout("w1-a");
    let half = checkout("w1-b");
    let other = checkout("w2-a");
    fs::remove_dir_all(half.path).unwrap();
    site.work.clear_checkouts(&folder, "w1-").unwrap();
    let listed = site.git(&["worktree", "list"]);
    assert_eq!(listed.lines().count(), 3, "{listed}");
    site.work.prove(&tree).unwrap();
    site.work.prove(&other).unwrap();
}

/// Found by killing a supervisor while it removed the checkout of a merge: nobody could go on with its work.
#[test]
fn a_checkout_whose_removal_was_killed_half_way_goes() {
    let site = Site::new();
    let place = site.place("w1-half");
    site.work.checkout(&place, "main", "checks").unwrap();
    std::fs::remove_file(place.join(".git")).unwrap();
    site.work.clear_checkouts(&site.place(""), "w1-").unwrap();
    assert!(!place.exists());
    assert_eq!(site.git(&["worktree", "list"]).lines().count(), 1);
}

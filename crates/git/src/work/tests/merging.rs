use super::{NAME, Site, write};
use crate::work::WorkGitError;

#[test]
fn a_candidate_merges_branches_without_a_checkout_and_hides_no_ancestry() {
    let site = Site::new();
    let main = site.git(&["rev-parse", "main"]);
    let one = site.branch("ada/one", &[("a.txt", "one\n")]);
    let two = site.branch("bob/two", &[("sub/b.txt", "two\n")]);
    let branches = [("ada/one", "Merge one"), ("bob/two", "Merge two")];
    let made = site.work.candidate("main", &branches, &site.ada()).unwrap();
    assert_eq!(made.onto, main);
    assert_eq!(site.show(&made.commit, "a.txt"), "one");
    assert_eq!(site.show(&made.commit, "sub/b.txt"), "two");
    assert_eq!(site.work.tree_of(&made.commit).unwrap(), made.tree);
    for branch in [&one, &two, &main] {
        assert!(site.work.is_ancestor(branch, &made.commit).unwrap());
    }
    // Nothing moved, and nobody's files changed.
    assert_eq!(site.git(&["rev-parse", "main"]), main);
    assert_eq!(site.git(&["status", "--porcelain"]), "");
    let again = site
        .work
        .candidate(&made.commit, &branches, &site.ada())
        .unwrap();
    assert_eq!(again.commit, made.commit);
}

#[test]
fn a_conflict_names_branch_and_files() {
    let site = Site::new();
    site.branch("ada/one", &[("a.txt", "one\n"), ("sub/b.txt", "one\n")]);
    site.branch("bob/two", &[("a.txt", "two\n")]);
    let branches = [("ada/one", "one"), ("bob/two", "two")];
    let error = site.work.candidate("main", &branches, &site.ada());
    let Err(WorkGitError::Conflict { branch, paths, .. }) = error else {
        panic!("{error:?}")
    };
    assert_eq!(
        (branch.as_str(), paths),
        ("bob/two", vec!["a.txt".to_owned()])
    );
}

#[test]
fn the_integration_branch_moves_by_compare_and_swap() {
    let site = Site::new();
    let main = site.git(&["rev-parse", "main"]);
    let one = site.branch("ada/one", &[("a.txt", "one\n")]);
    let two = site.branch("bob/two", &[("a.txt", "two\n")]);
    let branch = "refs/heads/poag/w1";
    site.work.move_reference(branch, &main, None).unwrap();
    site.work.move_reference(branch, &one, Some(&main)).unwrap();
    let late = site.work.move_reference(branch, &two, Some(&main));
    let Err(WorkGitError::Moved { is, expected, .. }) = late else {
        panic!("{late:?}")
    };
    assert_eq!((is, expected), (one.clone(), main));
    let there = site.work.move_reference(branch, &two, None);
    assert!(matches!(there, Err(WorkGitError::Moved { .. })));
    assert_eq!(site.work.reference(branch).unwrap(), Some(one));
}

#[test]
fn of_many_that_move_a_ref_at_once_one_wins() {
    let site = Site::new();
    let main = site.git(&["rev-parse", "main"]);
    let reference = "refs/heads/poag/w1";
    site.work.move_reference(reference, &main, None).unwrap();
    let commits: Vec<String> = (0..8)
        .map(|at| {
            let tree = site.work.tree_of("main").unwrap();
            let message = format!("commit {at}");
            let made = site
                .work
                .commit_tree(&tree, &[&main], &message, &site.ada());
            made.unwrap()
        })
        .collect();
    let won = std::thread::scope(|scope| {
        let tries: Vec<_> = commits
            .iter()
            .map(|to| {
                let (work, from) = (&site.work, &main);
                scope.spawn(move || work.move_reference(reference, to, Some(from)).is_ok())
            })
            .collect();
        let won = tries.into_iter().map(|tried| tried.join().unwrap());
        won.filter(|won| *won).count()
    });
    assert_eq!(won, 1);
}

#[test]
fn equal_changes_have_equal_patch_ids_wherever_they_apply() {
    let site = Site::new();
    let main = site.git(&["rev-parse", "main"]);
    let one = site.branch("ada/one", &[("a.txt", "changed\n")]);
    site.made.write("sub/b.txt", "moved on\n");
    let next = site.made.commit("moved on");
    let again = site.branch("ada/again", &[("a.txt", "changed\n")]);
    let other = site.branch("ada/other", &[("a.txt", "otherwise\n")]);
    let id = |from: &str, to: &str| site.work.patch_id(from, to).unwrap();
    assert_eq!(id(&main, &one), id(&next, &again));
    assert_ne!(id(&main, &one), id(&next, &other));
    assert_eq!(id(&main, &main), None);
    // Nor are files without text equal when they are not.
    let tree = site.worktree("ada/bytes");
    write(&tree, "bytes", [0, 1, 2]);
    let first = site.work.commit_left(&tree, "x", &site.ada()).unwrap();
    write(&tree, "bytes", [0, 1, 3]);
    let second = site.work.commit_left(&tree, "x", &site.ada()).unwrap();
    assert_ne!(id(&next, &first.commit), id(&next, &second.commit));
    site.work
        .remove_worktree(&tree, &NAME, &site.ada())
        .unwrap();
}

#[test]
fn a_branch_is_deleted_only_where_its_commits_stay() {
    let site = Site::new();
    let tip = site.branch("ada/one", &[("a.txt", "one\n")]);
    let wrong = site.work.delete_branch("ada/one", &"1".repeat(40));
    assert!(wrong.is_err());
    site.work.delete_branch("ada/one", &tip).unwrap();
    assert_eq!(site.work.branch_tip("ada/one").unwrap(), None);
    let kept = site.work.references_below("refs/poag/kept/").unwrap();
    assert_eq!(kept, [(format!("refs/poag/kept/{tip}"), tip)]);
}

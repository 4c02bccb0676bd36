use std::fs;

use super::{NAME, Site, inside, write};
use crate::GitError;
use crate::testing::{Repository, git};
use crate::work::{Identity, Tamper, WorkGitError, WorkRepository};

#[test]
fn a_worktree_is_made_locked_on_a_branch_of_its_own_and_the_checkout_stays_as_it_is() {
    let site = Site::new();
    let tree = site.worktree("ada/t1");
    site.work.prove(&tree).unwrap();
    assert_eq!(inside(&tree, &["branch", "--show-current"]), "ada/t1");
    assert_eq!(tree.base, site.git(&["rev-parse", "main"]));
    let list = site.git(&["worktree", "list", "--porcelain"]);
    assert!(list.contains("locked a test"), "{list}");
    assert_eq!(site.git(&["status", "--porcelain"]), "");
    assert_eq!(site.git(&["branch", "--show-current"]), "main");
    // What git would clean up stays.
    site.git(&["worktree", "prune"]);
    site.work.prove(&tree).unwrap();
    // It may be written down and read again.
    let text = format!("{tree:?}");
    assert!(text.contains("ada/t1"));
}

#[test]
fn what_cannot_be_worked_in_is_refused_with_what_to_do() {
    let empty = Repository::new();
    let error = WorkRepository::open(empty.path()).unwrap_err();
    assert!(matches!(error, WorkGitError::NoCommits { .. }), "{error}");
    assert!(error.to_string().contains("repair: commit something"));

    let none = tempfile::tempdir().unwrap();
    let error = WorkRepository::open(none.path()).unwrap_err();
    let none = matches!(error, WorkGitError::Git(GitError::NoRepository { .. }));
    assert!(none, "{error}");

    let site = Site::new();
    site.made.write("a.txt", "second\n");
    site.made.commit("second");
    let from = format!("file://{}", site.made.path().display());
    let clone = site.place("clone");
    let clone = clone.to_str().unwrap();
    git(
        site.state.path(),
        &["clone", "-q", "--depth", "1", &from, clone],
    );
    let error = WorkRepository::open(clone.as_ref()).unwrap_err();
    assert!(matches!(error, WorkGitError::Shallow { .. }), "{error}");
    assert!(error.to_string().contains("--unshallow"));

    let inner = site.made.path().join("inner");
    git(site.made.path(), &["init", "-q", "inner"]);
    git(&inner, &["commit", "-q", "--allow-empty", "-m", "inner"]);
    site.git(&["add", "inner"]);
    site.git(&["commit", "-q", "-m", "a submodule"]);
    let error = WorkRepository::open(site.made.path()).unwrap_err();
    let WorkGitError::Submodules { paths } = error else {
        panic!("{error}")
    };
    assert_eq!(paths, ["inner"]);
}

#[test]
fn a_taken_path_and_a_taken_name_are_refused() {
    let site = Site::new();
    let base = "main";
    fs::create_dir(site.place("there")).unwrap();
    let taken = site
        .work
        .make_worktree(&site.place("there"), "ada/t", base, "x");
    assert!(matches!(taken, Err(WorkGitError::PathTaken { .. })));
    assert_eq!(site.work.branch_tip("ada/t").unwrap(), None);

    // A worktree that somebody removed without telling git.
    let gone = site.worktree("ada/gone");
    fs::remove_dir_all(&gone.path).unwrap();
    let taken = site.work.make_worktree(&gone.path, "ada/other", base, "x");
    assert!(
        matches!(taken, Err(WorkGitError::PathTaken { .. })),
        "{taken:?}"
    );

    site.git(&["branch", "eve"]);
    site.git(&["branch", "bob/t/1"]);
    for (name, by) in [
        ("ada/gone", "ada/gone"),
        ("eve/t", "eve"),
        ("bob/t", "bob/t/1"),
    ] {
        let error = site.work.make_worktree(&site.place("n"), name, base, "x");
        let Err(WorkGitError::BranchTaken { branch, by: found }) = error else {
            panic!("{error:?}")
        };
        assert_eq!((branch.as_str(), found.as_str()), (name, by));
    }
    for name in ["", "-x", "a..b", "a b", "a/", "x.lock", "@{"] {
        let error = site.work.make_worktree(&site.place("n"), name, base, "x");
        let refused = matches!(
            error,
            Err(WorkGitError::BranchName { .. } | WorkGitError::BranchTaken { .. })
        );
        assert!(refused, "{name}: {error:?}");
        assert!(!site.place("n").exists());
    }
    let none = site
        .work
        .make_worktree(&site.place("n"), "ada/n", "nowhere", "x");
    assert!(matches!(
        none,
        Err(WorkGitError::Git(GitError::NoCommit { .. }))
    ));
}

#[test]
fn poag_commits_what_an_agent_left_without_hooks_and_as_the_person() {
    let site = Site::new();
    let hooks = site.made.path().join(".git/hooks");
    fs::create_dir_all(&hooks).unwrap();
    for hook in [
        "pre-commit",
        "post-checkout",
        "commit-msg",
        "reference-transaction",
    ] {
        use std::os::unix::fs::PermissionsExt as _;
        let mark = site.place("ran");
        let text = format!("#!/bin/sh\necho {hook} >>'{}'\nexit 1\n", mark.display());
        fs::write(hooks.join(hook), text).unwrap();
        fs::set_permissions(hooks.join(hook), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let tree = site.worktree("ada/t1");
    let nothing = site.work.commit_left(&tree, "none", &site.ada()).unwrap();
    assert!(!nothing.is_something());
    assert_eq!(nothing.commit, tree.base);

    write(&tree, "a.txt", "changed\n");
    write(&tree, "new/ü c", "new\n");
    write(&tree, "ignored", "no\n");
    fs::remove_file(tree.path.join("sub/b.txt")).unwrap();
    let left = site
        .work
        .commit_left(&tree, "greet: be polite\n\nBody", &site.ada());
    let left = left.unwrap();
    assert!(left.is_something() && left.committed && left.own_commits == 0);
    assert!(!site.place("ran").exists());
    assert_eq!(
        site.work.branch_tip("ada/t1").unwrap().as_ref(),
        Some(&left.commit)
    );
    assert_eq!(inside(&tree, &["status", "--porcelain"]), "");
    let shown = inside(
        &tree,
        &["log", "-1", "--format=%an %ce %s", "--", "new/ü c"],
    );
    assert_eq!(shown, "Ada ada@example.org greet: be polite");
    let difference = site
        .work
        .difference(&tree.base, &left.commit, 1 << 20)
        .unwrap();
    let files: Vec<_> = difference
        .files
        .iter()
        .map(|file| (file.path.as_str(), file.added, file.removed))
        .collect();
    assert_eq!(
        files,
        [
            ("a.txt", Some(1), Some(1)),
            ("new/ü c", Some(1), Some(0)),
            ("sub/b.txt", Some(0), Some(1))
        ]
    );
    assert!(difference.whole && difference.text.contains("+changed"));
    let cut = site.work.difference(&tree.base, &left.commit, 200).unwrap();
    assert!(!cut.whole && cut.text.len() <= 200 && cut.text.ends_with('\n'));
    assert_eq!(site.git(&["status", "--porcelain"]), "");
}

#[test]
fn who_commits_must_be_set() {
    let made = Repository::new();
    made.write("a", "a");
    made.commit("a");
    made.git(&["config", "user.name", ""]);
    made.git(&["config", "user.email", ""]);
    let work = WorkRepository::open(made.path()).unwrap();
    let error = work.identity().unwrap_err();
    assert!(
        error.to_string().contains("git config --global user.name"),
        "{error}"
    );
    made.git(&["config", "user.name", "Ada"]);
    let error = work.identity().unwrap_err();
    assert!(error.to_string().starts_with("git does not know who"));
    assert!(error.to_string().contains("user.email"));
    made.git(&["config", "user.email", "ada@example.org"]);
    let ada = Identity {
        name: "Ada".to_owned(),
        email: "ada@example.org".to_owned(),
    };
    assert_eq!(work.identity().unwrap(), ada);
}

#[test]
fn a_further_attempt_goes_on_on_its_branch() {
    let site = Site::new();
    let tree = site.worktree("ada/t1");
    write(&tree, "a.txt", "first\n");
    site.work.commit_left(&tree, "first", &site.ada()).unwrap();
    let busy = site
        .work
        .remake_worktree(&site.place("two"), "ada/t1", &tree.base, "x");
    assert!(matches!(busy, Err(WorkGitError::InUse { .. })), "{busy:?}");
    site.work
        .remove_worktree(&tree, &NAME, &site.ada())
        .unwrap();
    assert!(!tree.path.exists());
    let again = site
        .work
        .remake_worktree(&site.place("two"), "ada/t1", &tree.base, "x");
    let again = again.unwrap();
    site.work.prove(&again).unwrap();
    assert_eq!(
        fs::read_to_string(again.path.join("a.txt")).unwrap(),
        "first\n"
    );
}

#[test]
fn a_checkout_for_checks_holds_one_commit_and_goes_away() {
    let site = Site::new();
    let commit = site.branch("ada/t1", &[("a.txt", "x\n")]);
    let tree = site
        .work
        .checkout(&site.place("check"), &commit, "checks")
        .unwrap();
    site.work.prove(&tree).unwrap();
    assert_eq!(fs::read_to_string(tree.path.join("a.txt")).unwrap(), "x\n");
    write(&tree, "target/out", "built\n");
    site.work.remove_checkout(&tree).unwrap();
    assert!(!tree.path.exists());
    assert!(!site.git(&["worktree", "list"]).contains("check"));
    let tree = site.worktree("ada/t2");
    assert!(matches!(
        site.work.remove_checkout(&tree),
        Err(WorkGitError::InUse { .. })
    ));
    assert!(tree.path.exists());
}

#[test]
fn isolation_that_is_broken_is_found() {
    let site = Site::new();
    let broken = |name: &str, act: &dyn Fn(&crate::work::Worktree)| {
        let tree = site.worktree(name);
        site.work.prove(&tree).unwrap();
        act(&tree);
        match site.work.prove(&tree) {
            Err(WorkGitError::Tampered { what, .. }) => what,
            other => panic!("{name}: {other:?}"),
        }
    };
    let main = site.made.path().join(".git");
    let pointer = |tree: &crate::work::Worktree| tree.path.join(".git");
    let gone = broken("t/1", &|tree| fs::remove_file(pointer(tree)).unwrap());
    assert_eq!(gone, Tamper::PointerGone);
    let changed = broken("t/2", &|tree| {
        fs::write(pointer(tree), format!("gitdir: {}\n", main.display())).unwrap();
    });
    assert_eq!(changed, Tamper::PointerChanged);
    let own = broken("t/3", &|tree| {
        fs::remove_file(pointer(tree)).unwrap();
        git(&tree.path, &["init", "-q"]);
    });
    assert_eq!(own, Tamper::PointerChanged);
    let other = broken("t/4", &|tree| {
        inside(tree, &["checkout", "-q", "-b", "else"]);
    });
    assert_eq!(
        other,
        Tamper::Branch {
            is: "refs/heads/else".to_owned()
        }
    );
    let detached = broken("t/5", &|tree| {
        inside(tree, &["checkout", "-q", "--detach"]);
    });
    assert!(matches!(detached, Tamper::Branch { .. }));
    let based = broken("t/6", &|tree| {
        let empty = inside(
            tree,
            &[
                "commit-tree",
                "-m",
                "x",
                "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
            ],
        );
        inside(tree, &["reset", "-q", "--soft", &empty]);
    });
    assert!(matches!(based, Tamper::Base { .. }));
    let folder = broken("t/7", &|tree| fs::remove_dir_all(&tree.path).unwrap());
    assert_eq!(folder, Tamper::Folder);
    let link = broken("t/8", &|tree| {
        fs::rename(&tree.path, site.place("moved")).unwrap();
        std::os::unix::fs::symlink(site.place("moved"), &tree.path).unwrap();
    });
    assert_eq!(link, Tamper::Folder);
    let record = broken("t/9", &|tree| {
        site.git(&["worktree", "unlock", tree.path.to_str().unwrap()]);
    });
    assert_eq!(record, Tamper::Registration);
}

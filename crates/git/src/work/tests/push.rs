//! A branch on a remote.

use super::Site;
use crate::testing::git;
use crate::work::WorkGitError;

#[test]
fn a_branch_is_pushed_once_and_again_forward_and_never_over_another() {
    let site = Site::new();
    let bare = site.place("remote.git");
    let place = bare.to_str().unwrap();
    git(site.state.path(), &["init", "-q", "--bare", place]);
    site.git(&["remote", "add", "origin", place]);
    site.git(&["branch", "poag/w", "main"]);
    let there = || git(&bare, &["rev-parse", "refs/heads/poag/w"]);
    site.work.push("poag/w", "origin").unwrap();
    assert_eq!(there(), site.git(&["rev-parse", "main"]));
    site.work.push("poag/w", "origin").unwrap();

    let tree = site.git(&["rev-parse", "main^{tree}"]);
    let other = site.git(&["commit-tree", "-m", "another root", &tree]);
    site.git(&["update-ref", "refs/heads/poag/w", &other]);
    let refused = site.work.push("poag/w", "origin").unwrap_err();
    assert!(
        matches!(refused, WorkGitError::NotPushed { .. }),
        "{refused}"
    );
    assert_eq!(there(), site.git(&["rev-parse", "main"]));

    let refused = site.work.push("poag/w", "upstream").unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("there is no remote 'upstream' (there is: \"origin\")"),
        "{refused}"
    );
    // An address that names a program is none.
    site.git(&["remote", "add", "evil", "ext::sh -c touch% ran"]);
    site.git(&["config", "protocol.ext.allow", "always"]);
    let refused = site.work.push("main", "evil").unwrap_err();
    assert!(
        matches!(refused, WorkGitError::NotPushed { .. }),
        "{refused}"
    );
    assert!(!site.made.path().join("ran").exists());
}

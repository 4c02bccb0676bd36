use super::{NAME, Site, write};
use crate::work::{BranchFate, MadeBranch};

#[test]
fn every_branch_is_landed_pending_or_abandoned() {
    let site = Site::new();
    let base = site.git(&["rev-parse", "main"]);
    let merged = site.branch("ada/merged", &[("a.txt", "merged\n")]);
    let picked = site.branch("ada/picked", &[("b1.txt", "1\n")]);
    let squashed = site.worktree("ada/squashed");
    write(&squashed, "c1.txt", "1\n");
    site.work.commit_left(&squashed, "1", &site.ada()).unwrap();
    write(&squashed, "c2.txt", "2\n");
    let squashed_tip = site.work.commit_left(&squashed, "2", &site.ada());
    let squashed_tip = squashed_tip.unwrap().commit;
    site.work
        .remove_worktree(&squashed, &NAME, &site.ada())
        .unwrap();
    let pending = site.branch("ada/pending", &[("d.txt", "1\n")]);
    let given_up = site.branch("ada/givenup", &[("e.txt", "1\n")]);
    let half = site.worktree("ada/half");
    write(&half, "f1.txt", "1\n");
    site.work.commit_left(&half, "1", &site.ada()).unwrap();
    let first_half = site.work.branch_tip("ada/half").unwrap().unwrap();
    write(&half, "f2.txt", "2\n");
    let half_tip = site
        .work
        .commit_left(&half, "2", &site.ada())
        .unwrap()
        .commit;
    let deleted = site.branch("ada/deleted", &[("g.txt", "1\n")]);
    site.work.delete_branch("ada/deleted", &deleted).unwrap();
    let lost = site.branch("ada/lost", &[("h.txt", "1\n")]);
    site.git(&["update-ref", "-d", "refs/heads/ada/lost"]);
    let nothing = site.worktree("ada/nothing");

    site.work.land("main", &merged).unwrap();
    site.git(&["cherry-pick", &picked]);
    site.git(&["merge", "-q", "--squash", "ada/squashed"]);
    site.git(&["commit", "-qm", "squashed"]);
    site.git(&["cherry-pick", &first_half]);

    let made = |branch, tip, given_up| MadeBranch {
        branch,
        base: &base,
        tip,
        given_up,
    };
    let fates = site.work.audit(
        &[
            made("ada/merged", &merged, false),
            made("ada/picked", &picked, false),
            made("ada/squashed", &squashed_tip, true),
            made("ada/pending", &pending, false),
            made("ada/givenup", &given_up, true),
            made("ada/half", &half_tip, false),
            made("ada/deleted", &deleted, true),
            made("ada/lost", &lost, true),
            made("ada/nothing", &nothing.base, true),
        ],
        &["main"],
    );
    use BranchFate::{Abandoned, Landed, Lost, Pending};
    let expected = [
        Landed, Landed, Landed, Pending, Abandoned, Pending, Abandoned, Lost, Abandoned,
    ];
    assert_eq!(fates.unwrap(), expected);
}

//! Reviews, the merge queue and the landing.

use super::stage::*;
use crate::work::axis::{MergePhase, Verdict};
use crate::work::{Board, WorkEvent, WorkPhase};

#[test]
fn approvals_count_of_others_on_this_tree_alone() {
    let mut board = board();
    to_review(&mut board, "lib", "ann");
    let approve = |name, tree| review("lib", name, tree, Verdict::Approve {});
    for (event, why) in [
        (approve("ann", "tree"), "wrote part of it"),
        (approve("one", "older"), "not the one that is proven"),
        (approve("rules", "tree"), "approves nothing"),
    ] {
        let refusal = take(&mut board, &event).unwrap_err().to_string();
        assert!(refusal.contains(why), "{refusal}");
    }
    all(&mut board, &[approve("one", "tree")]);
    let queue = WorkEvent::Enqueued { task: id("lib") };
    let refusal = take(&mut board, &queue).unwrap_err().to_string();
    assert!(refusal.contains("1 approve, 2 must"), "{refusal}");
    all(
        &mut board,
        &[
            approve("two", "tree"),
            review("lib", "three", "tree", object()),
        ],
    );
    take(&mut board, &queue).unwrap_err();
    all(
        &mut board,
        &[WorkEvent::SentBack {
            task: id("lib"),
            log: "no".into(),
        }],
    );
    // After another commit, nothing that was said of the one before counts.
    let event = claim(&board, &["lib"], "ann");
    all(&mut board, &[event]);
    let event = begin(&board, "lib", 2);
    all(
        &mut board,
        &[
            event,
            began("lib", 2),
            done("lib", 2),
            proven("lib", 2, "newer"),
        ],
    );
    assert_eq!(board.task("lib").unwrap().tally(), (0, 0));
    take(&mut board, &approve("one", "tree")).unwrap_err();
}

#[test]
fn what_was_not_tested_on_this_tip_does_not_land() {
    let mut board = board();
    to_review(&mut board, "lib", "ann");
    to_review(&mut board, "docs", "ben");
    to_queue(&mut board, "lib");
    to_queue(&mut board, "docs");
    to_green(&mut board, "lib");
    to_green(&mut board, "docs");
    all(&mut board, &[landed("docs")]);
    let refusal = take(&mut board, &landed("lib")).unwrap_err().to_string();
    assert!(
        refusal.contains("not green on the tip as it is"),
        "{refusal}"
    );
    all(
        &mut board,
        &[WorkEvent::SentBack {
            task: id("lib"),
            log: "moved".into(),
        }],
    );
    assert_eq!(board.task("lib").unwrap().merge, MergePhase::None {});
}

/// `lib` and `docs` in the queue.
fn two_queued() -> Board {
    let mut board = board();
    to_review(&mut board, "lib", "ann");
    to_review(&mut board, "docs", "ben");
    to_queue(&mut board, "lib");
    to_queue(&mut board, "docs");
    board
}

#[test]
fn tasks_that_are_merged_together_land_together_or_not_at_all() {
    let both = || vec![id("lib"), id("docs")];
    let checking = WorkEvent::CandidateChecking { tasks: both() };
    let green = WorkEvent::CandidateGreen {
        tasks: both(),
        checks: Vec::new(),
    };
    let land = |tasks| WorkEvent::TasksLanded {
        tasks,
        commit: "merge-lib".into(),
    };
    let mut board = two_queued();
    let made = together(&board, &["lib", "docs"]);
    all(&mut board, &[made]);
    // Not one of them alone, and not in another order than they were merged in.
    for tasks in [vec![id("lib")], vec![id("docs"), id("lib")], Vec::new()] {
        take(&mut board, &WorkEvent::CandidateChecking { tasks }).unwrap_err();
    }
    all(&mut board, &[checking, green]);
    for tasks in [vec![id("lib")], vec![id("docs"), id("lib")], Vec::new()] {
        take(&mut board, &land(tasks)).unwrap_err();
    }
    let sent_back = WorkEvent::SentBack {
        task: id("lib"),
        log: "no".into(),
    };
    // What was sent back meanwhile does not come in with the other.
    let mut without = board.clone();
    all(&mut without, &[sent_back]);
    take(&mut without, &land(both())).unwrap_err();
    take(&mut without, &land(vec![id("docs")])).unwrap_err();
    to_green(&mut without, "docs");
    all(&mut without, &[landed("docs")]);
    all(&mut board, &[land(both())]);
    assert_eq!(board.tip, "merge-lib");
    assert!(board.queue.is_empty());
}

#[test]
fn of_tasks_that_are_red_together_none_is_red_before_it_is_found() {
    let mut board = two_queued();
    let red = |tasks| WorkEvent::CandidateRed {
        tasks,
        log: "why".into(),
    };
    let both = || vec![id("lib"), id("docs")];
    take(&mut board, &red(both())).unwrap_err();
    let made = together(&board, &["lib", "docs"]);
    let checking = WorkEvent::CandidateChecking { tasks: both() };
    all(&mut board, &[made, checking, red(both())]);
    for name in ["lib", "docs"] {
        assert_eq!(board.task(name).unwrap().merge, MergePhase::None {});
    }
    all(&mut board, &[red(vec![id("docs")])]);
    assert_eq!(board.task("docs").unwrap().merge.word(), "red");
    to_green(&mut board, "lib");
    all(&mut board, &[landed("lib")]);
}

#[test]
fn a_landed_work_can_be_taken_back() {
    let mut board = Board::new(start(vec![task("docs", &[])])).unwrap();
    let land_all = WorkEvent::Landed {
        branch: "refs/heads/main".into(),
        from: "base".into(),
        to: "merge-docs".into(),
        by: "me".into(),
    };
    take(&mut board, &land_all).unwrap_err();
    land(&mut board, "docs", "ann");
    all(&mut board, &[land_all]);
    assert!(matches!(board.phase, WorkPhase::Landed { .. }));
    all(
        &mut board,
        &[WorkEvent::RolledBack {
            to: "base".into(),
            by: "me".into(),
        }],
    );
    assert!(matches!(
        board.task("docs").unwrap().merge,
        MergePhase::Reverted { .. }
    ));
}

//! What follows from what.

use super::stage::*;
use crate::work::axis::{AttemptPhase, ProviderHealth, TaskPhase};
use crate::work::{AttemptEnd, Board, BoardRefusal, Task, WorkEvent};

#[test]
fn providers_first_and_unrelated_tasks_at_once() {
    let mut board = board();
    assert_eq!(ready(&board), ["docs", "lib"]);
    land(&mut board, "lib", "ann");
    assert_eq!(ready(&board), ["app", "docs", "web"]);
    for task in ["app", "docs", "web"] {
        assert!(!board.is_through());
        land(&mut board, task, "ben");
    }
    assert!(board.is_through());
    assert_eq!(board.tip, "merge-web");
    assert_eq!(board.view(0).state, "done");
}

#[test]
fn of_two_claims_one_wins_and_the_other_is_told_why() {
    let mut board = board();
    let (one, other) = (
        claim(&board, &["lib"], "ann"),
        claim(&board, &["lib"], "ben"),
    );
    take(&mut board, &one).unwrap();
    let refusal = take(&mut board, &other).unwrap_err();
    assert!(
        matches!(refusal, BoardRefusal::NotReady { .. }),
        "{refusal}"
    );
    let after = claim(&board, &["lib"], "ben");
    let refusal = take(&mut board, &after).unwrap_err();
    assert!(refusal.to_string().contains("it is leased"), "{refusal}");
}

#[test]
fn who_comes_late_changes_nothing_and_is_shown() {
    let mut board = board();
    let first = claim(&board, &["lib"], "ann");
    all(&mut board, &[first]);
    let event = begin(&board, "lib", 1);
    all(&mut board, &[event, began("lib", 1)]);
    let early = WorkEvent::Expired {
        epoch: 1,
        at: 60_999,
    };
    assert_eq!(
        take(&mut board, &early),
        Err(BoardRefusal::NotExpired { epoch: 1 })
    );
    all(
        &mut board,
        &[WorkEvent::Expired {
            epoch: 1,
            at: 61_000,
        }],
    );
    // It failed once, and is tried again a little later.
    assert_eq!(board.ready(61_000).count(), 1);
    assert_eq!(board.ready(71_000).count(), 2);
    let second = WorkEvent::Claimed {
        tasks: vec![id("lib")],
        actor: "ben".into(),
        epoch: 2,
        at: 71_000,
        until: 90_000,
        supervised: false,
    };
    all(&mut board, &[second]);
    let before = board.clone();
    let late = BoardRefusal::Late {
        task: id("lib"),
        epoch: 1,
    };
    for event in [done("lib", 1), proven("lib", 1, "t"), failed("lib", 1)] {
        assert_eq!(take(&mut board, &event), Err(late.clone()));
    }
    assert_eq!(board, before);
    let wrote = WorkEvent::WroteLate {
        task: id("lib"),
        epoch: 1,
        what: "claimedDone".into(),
    };
    all(&mut board, &[wrote.clone(), wrote]);
    let record = board.task("lib").unwrap();
    assert_eq!(record.late_count, 2);
    assert_eq!(record.attempts[0].phase, AttemptPhase::Late {});
    assert_eq!(board.view(0).tasks[1].late, 2);
    let own = WorkEvent::WroteLate {
        task: id("lib"),
        epoch: 2,
        what: "x".into(),
    };
    take(&mut board, &own).unwrap_err();
}

#[test]
fn a_path_goes_no_further_than_what_asks_for_the_same() {
    let change: [fn(&mut Task); 3] = [
        |task| task.requires_skills = ["rust".to_owned()].into(),
        |task| task.prefers_skills = ["ux".to_owned()].into(),
        |task| task.tools_required = ["cargo".to_owned()].into(),
    ];
    for change in change {
        let mut tasks = vec![task("a", &[]), task("b", &["a"]), task("c", &["b"])];
        for task in &mut tasks {
            task.expert = "one".into();
        }
        change(&mut tasks[1]);
        let board = Board::new(start(tasks)).unwrap();
        assert_eq!(board.trajectory(&id("a"), 9), [id("a")]);
    }
}

#[test]
fn a_path_of_one_experts_tasks_is_claimed_at_once() {
    let mut tasks = vec![
        task("a", &[]),
        task("b", &["a"]),
        task("c", &["b"]),
        task("d", &["c"]),
    ];
    for task in &mut tasks[..3] {
        task.expert = "one".into();
    }
    let mut board = Board::new(start(tasks)).unwrap();
    assert_eq!(board.trajectory(&id("a"), 9), [id("a"), id("b"), id("c")]);
    assert_eq!(board.trajectory(&id("a"), 2), [id("a"), id("b")]);
    let other = claim(&board, &["a", "b", "c", "d"], "ann");
    take(&mut board, &other).unwrap_err();
    let gap = claim(&board, &["a", "c"], "ann");
    take(&mut board, &gap).unwrap_err();
    let event = claim(&board, &["a", "b", "c"], "ann");
    all(&mut board, &[event]);
    // The second begins when the first is proven, from its commit, though it has not landed.
    let event = begin(&board, "b", 1);
    take(&mut board, &event).unwrap_err();
    let event = begin(&board, "a", 1);
    all(
        &mut board,
        &[event, began("a", 1), done("a", 1), proven("a", 1, "tree")],
    );
    let event = begin(&board, "b", 1);
    all(&mut board, &[event]);
    all(
        &mut board,
        &[WorkEvent::Expired {
            epoch: 1,
            at: 61_000,
        }],
    );
    assert_eq!(board.task("b").unwrap().phase, TaskPhase::Waiting {});
    assert_eq!(board.task("a").unwrap().phase, TaskPhase::InReview {});
    assert!(board.leases.is_empty());
}

#[test]
fn a_failure_is_tried_again_by_the_same_holder_as_often_as_allowed() {
    let mut board = board();
    let event = claim(&board, &["lib"], "ann");
    all(&mut board, &[event]);
    for _ in 0..3 {
        let event = begin(&board, "lib", 1);
        all(&mut board, &[event, failed("lib", 1)]);
    }
    let event = begin(&board, "lib", 1);
    let refusal = take(&mut board, &event).unwrap_err();
    assert!(refusal.to_string().contains("tried 3 times"), "{refusal}");
    all(
        &mut board,
        &[WorkEvent::Parked {
            task: id("lib"),
            reason: "3 times red".into(),
        }],
    );
    assert!(board.leases.is_empty());
    assert_eq!(board.view(0).needs_you.len(), 1);
    all(
        &mut board,
        &[WorkEvent::Retried {
            task: id("lib"),
            by: "me".into(),
        }],
    );
    to_review(&mut board, "lib", "ben");
    assert_eq!(board.task("lib").unwrap().attempts.len(), 4);
}

#[test]
fn a_provider_that_is_busy_counts_against_no_task() {
    let mut board = board();
    let event = claim(&board, &["lib"], "ann");
    all(&mut board, &[event]);
    let event = begin(&board, "lib", 1);
    let ended = WorkEvent::AttemptEnded {
        task: id("lib"),
        epoch: 1,
        end: AttemptEnd::Failed {
            reason: "busy".into(),
        },
        log: String::new(),
        not_before: 0,
        counts: false,
    };
    let limited = ProviderHealth::Limited { until: 5000 };
    let changed = |health| WorkEvent::ProviderChanged {
        backend: "command".into(),
        health,
    };
    all(&mut board, &[event, ended, changed(limited)]);
    assert_eq!(board.task("lib").unwrap().failures, 0);
    let busy = board.best(board.task("lib").unwrap(), 0, 4999, |_| Default::default());
    assert!(
        busy.unwrap_err()
            .to_string()
            .contains("does not answer now")
    );
    assert!(take(&mut board, &changed(limited)).is_err());
    all(&mut board, &[changed(ProviderHealth::Healthy {})]);
}

#[test]
fn a_finished_generation_does_not_open_again() {
    let mut board = board();
    land(&mut board, "docs", "ann");
    for event in [
        claim(&board, &["docs"], "ann"),
        WorkEvent::Retried {
            task: id("docs"),
            by: "me".into(),
        },
        WorkEvent::Abandoned {
            task: id("docs"),
            reason: "x".into(),
        },
        WorkEvent::SentBack {
            task: id("docs"),
            log: "x".into(),
        },
    ] {
        take(&mut board, &event).unwrap_err();
    }
    let redo = WorkEvent::Redone {
        task: id("docs"),
        by: "me".into(),
        reason: "wrong".into(),
    };
    all(&mut board, &[redo]);
    let record = board.task("docs").unwrap();
    assert_eq!(
        (record.task.generation, &record.before[..]),
        (2, &[TaskPhase::Landed {}][..])
    );
    assert_eq!(ready(&board), ["docs", "lib"]);
}

#[test]
fn turns_are_reserved_before_and_settled_after() {
    let mut board = board();
    board.start.policy.budget.usd = Some(1.0);
    board.start.policy.budget.task_output_tokens = Some(100);
    let reserve = |turn: &str, task: &str, usd, output_tokens| WorkEvent::Reserved {
        turn: turn.into(),
        task: id(task),
        usd,
        output_tokens,
    };
    all(&mut board, &[reserve("1", "lib", 0.6, 60)]);
    for (event, why) in [
        (reserve("2", "docs", 0.6, 1), "the work has spent"),
        (reserve("2", "lib", 0.1, 60), "the task has spent"),
    ] {
        let refusal = take(&mut board, &event).unwrap_err().to_string();
        assert!(refusal.contains(why), "{refusal}");
    }
    let usage = crate::agent::Usage {
        cost_usd: 0.1,
        output_tokens: 10,
        ..Default::default()
    };
    all(
        &mut board,
        &[
            WorkEvent::Settled {
                turn: "1".into(),
                usage,
            },
            reserve("2", "docs", 0.6, 1),
        ],
    );
    assert_eq!(board.task("lib").unwrap().spent.output_tokens, 10);
    assert_eq!(board.spent.output_tokens, 10);
}

#[test]
fn an_aborted_work_takes_no_more_than_what_ends_it() {
    let mut board = board();
    let event = claim(&board, &["lib"], "ann");
    all(&mut board, &[event]);
    let event = begin(&board, "lib", 1);
    all(&mut board, &[event, worktree("lib", 1), began("lib", 1)]);
    all(
        &mut board,
        &[WorkEvent::Aborted {
            by: "me".into(),
            reason: "enough".into(),
        }],
    );
    assert_eq!(
        board.task("lib").unwrap().attempts[0].phase,
        AttemptPhase::Cancelled {}
    );
    assert_eq!(ready(&board), Vec::<&str>::new());
    let late = WorkEvent::WroteLate {
        task: id("lib"),
        epoch: 1,
        what: "x".into(),
    };
    let ended = WorkEvent::ProcessEnded {
        task: id("lib"),
        attempt: 1,
        code: None,
    };
    let salvage = WorkEvent::Salvaged {
        task: id("lib"),
        attempt: 1,
        salvage: "refs/s".into(),
    };
    let removed = WorkEvent::WorktreeRemoved {
        task: id("lib"),
        attempt: 1,
    };
    all(&mut board, &[late, ended, salvage, removed]);
    let event = claim(&board, &["docs"], "ann");
    take(&mut board, &event).unwrap_err();
}

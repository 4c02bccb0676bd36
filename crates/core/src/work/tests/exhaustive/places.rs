//! Where a task can stand.

use std::collections::BTreeMap;

use crate::work::axis::Verdict;
use crate::work::tests::stage::*;
use crate::work::{Board, WorkEvent};

/// Where the task `lib` stands, by name → the board.
pub fn places() -> BTreeMap<&'static str, Board> {
    let mut all = BTreeMap::new();
    let mut at = board();
    all.insert("ready", at.clone());
    all.insert("waiting", {
        let tasks = vec![task("docs", &[]), task("lib", &["docs"])];
        Board::new(start(tasks)).unwrap()
    });
    let with = |board: &Board, events: &[WorkEvent]| {
        let mut board = board.clone();
        crate::work::tests::stage::all(&mut board, events);
        board
    };
    let reason = || "why".to_owned();
    all.insert(
        "parked",
        with(
            &at,
            &[WorkEvent::Parked {
                task: id("lib"),
                reason: reason(),
            }],
        ),
    );
    all.insert(
        "abandoned",
        with(
            &at,
            &[WorkEvent::Abandoned {
                task: id("lib"),
                reason: reason(),
            }],
        ),
    );
    let asked = WorkEvent::Asked {
        task: id("lib"),
        epoch: None,
        question: reason(),
    };
    all.insert("asking", with(&at, &[asked]));
    at = with(&at, &[claim(&at, &["lib"], "ann")]);
    all.insert("leased", at.clone());
    at = with(&at, &[begin(&at, "lib", 1)]);
    all.insert("starting", at.clone());
    at = with(&at, &[worktree("lib", 1)]);
    all.insert("starting in a worktree", at.clone());
    let alone = with(
        &at,
        &[WorkEvent::WorkBegan {
            task: id("lib"),
            epoch: 1,
            pid: None,
            at: 1,
        }],
    );
    all.insert("working without a process", alone);
    at = with(&at, &[began("lib", 1)]);
    all.insert("working", at.clone());
    all.insert("failed", with(&at, &[failed("lib", 1)]));
    all.insert(
        "expired",
        with(
            &at,
            &[WorkEvent::Expired {
                epoch: 1,
                at: 61_000,
            }],
        ),
    );
    let ended = WorkEvent::ProcessEnded {
        task: id("lib"),
        attempt: 1,
        code: Some(0),
    };
    at = with(&at, &[ended, done("lib", 1)]);
    all.insert("claimed done", at.clone());
    at = with(&at, &[proven("lib", 1, "tree")]);
    all.insert("in review", at.clone());
    all.insert(
        "in review, objected to",
        with(&at, &[review("lib", "one", "tree", object())]),
    );
    let approve = |name| review("lib", name, "tree", Verdict::Approve {});
    at = with(&at, &[approve("one"), approve("two")]);
    all.insert("approved", at.clone());
    at = with(&at, &[WorkEvent::Enqueued { task: id("lib") }]);
    all.insert("queued", at.clone());
    let red = WorkEvent::CandidateRed {
        tasks: vec![id("lib")],
        log: reason(),
    };
    all.insert("not to be merged", with(&at, std::slice::from_ref(&red)));
    at = with(&at, &[candidate(&at, "lib")]);
    all.insert("candidate", at.clone());
    let tasks = vec![id("lib")];
    at = with(&at, &[WorkEvent::CandidateChecking { tasks }]);
    all.insert("checking", at.clone());
    all.insert("red", with(&at, &[red]));
    let green = WorkEvent::CandidateGreen {
        tasks: vec![id("lib")],
        checks: Vec::new(),
    };
    at = with(&at, &[green]);
    all.insert("green", at.clone());
    at = with(&at, &[landed("lib")]);
    all.insert("landed", at);
    all
}

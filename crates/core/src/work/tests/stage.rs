//! Works for tests.

use std::collections::BTreeSet;

use crate::work::assignment::Proof;
use crate::work::axis::{ReviewRecord, Reviewer, ReviewerKind, Verdict};
use crate::work::policy::WorkPolicy;
use crate::work::{
    Actor, AttemptEnd, Board, BoardRefusal, CheckOutcome, Task, TaskId, WorkEvent, WorkStart,
};

pub fn id(name: &str) -> TaskId {
    TaskId::new(name).unwrap()
}

/// A task of an expert of its own name.
pub fn task(name: &str, after: &[&str]) -> Task {
    let mut task = Task::new(id(name), name, name, "do it");
    task.depends_on = after.iter().map(|name| id(name)).collect();
    task
}

pub fn start(tasks: Vec<Task>) -> WorkStart {
    let actor = |name: &str| Actor {
        name: name.into(),
        capacity: 4,
        ..Actor::of("command")
    };
    WorkStart {
        milestones: Vec::new(),
        work: "w".into(),
        request: "do all of it".into(),
        flake: "/f".into(),
        run: None,
        base: "base".into(),
        target: Some("refs/heads/main".into()),
        branch: "refs/heads/poag/w".into(),
        actors: vec![actor("ann"), actor("ben")],
        reviewers: Vec::new(),
        policy: WorkPolicy::default(),
        tasks,
    }
}

/// `lib` ← `app`, `lib` ← `web`, and `docs` by itself.
pub fn board() -> Board {
    let tasks = vec![
        task("app", &["lib"]),
        task("docs", &[]),
        task("lib", &[]),
        task("web", &["lib"]),
    ];
    Board::new(start(tasks)).unwrap()
}

pub fn claim(board: &Board, tasks: &[&str], actor: &str) -> WorkEvent {
    WorkEvent::Claimed {
        tasks: tasks.iter().map(|name| id(name)).collect(),
        actor: actor.into(),
        epoch: board.epoch + 1,
        at: 1000,
        until: 61_000,
        supervised: true,
    }
}

pub fn begin(board: &Board, task: &str, epoch: u64) -> WorkEvent {
    let attempts = board.task(task).map_or(0, |record| record.attempts.len());
    WorkEvent::AttemptStarted {
        task: id(task),
        epoch,
        attempt: u32::try_from(attempts).unwrap() + 1,
        speaks_as: None,
    }
}

pub fn worktree(task: &str, epoch: u64) -> WorkEvent {
    WorkEvent::WorktreeProven {
        task: id(task),
        epoch,
        path: "/w".into(),
        branch: "b".into(),
        base: "base".into(),
    }
}

pub fn began(task: &str, epoch: u64) -> WorkEvent {
    WorkEvent::WorkBegan {
        task: id(task),
        epoch,
        pid: Some(7),
        at: 2000,
    }
}

pub fn done(task: &str, epoch: u64) -> WorkEvent {
    WorkEvent::ClaimedDone {
        task: id(task),
        epoch,
        summary: "it is".into(),
        conversation: None,
    }
}

pub fn proof(tree: &str) -> Proof {
    Proof {
        commit: format!("commit-{tree}"),
        tree: tree.into(),
        base: "base".into(),
        patch: None,
        changed: vec!["lib/a".into()],
        checks: vec![CheckOutcome {
            command: "true".into(),
            green: true,
            ..CheckOutcome::default()
        }],
    }
}

pub fn proven(task: &str, epoch: u64, tree: &str) -> WorkEvent {
    WorkEvent::AttemptProven {
        task: id(task),
        epoch,
        proof: Box::new(proof(tree)),
    }
}

pub fn failed(task: &str, epoch: u64) -> WorkEvent {
    WorkEvent::AttemptEnded {
        task: id(task),
        epoch,
        end: AttemptEnd::Failed {
            reason: "red".into(),
        },
        log: "the log".into(),
        not_before: 0,
        counts: true,
    }
}

pub fn review(task: &str, name: &str, tree: &str, verdict: Verdict) -> WorkEvent {
    WorkEvent::Reviewed {
        task: id(task),
        review: Box::new(ReviewRecord {
            reviewer: Reviewer {
                name: name.into(),
                kind: match name {
                    "rules" => ReviewerKind::Rules,
                    _ => ReviewerKind::Expert,
                },
                through: None,
            },
            tree: tree.into(),
            patch: None,
            verdict,
        }),
    }
}

pub fn object() -> Verdict {
    Verdict::Object {
        reason: "no".into(),
        places: Vec::new(),
    }
}

pub fn candidate(board: &Board, task: &str) -> WorkEvent {
    together(board, &[task])
}

/// A merge of several tasks, named after the first.
pub fn together(board: &Board, tasks: &[&str]) -> WorkEvent {
    WorkEvent::CandidateMade {
        tasks: tasks.iter().map(|task| id(task)).collect(),
        tree: "merged".into(),
        commit: format!("merge-{}", tasks[0]),
        onto: board.tip.clone(),
    }
}

pub fn landed(task: &str) -> WorkEvent {
    WorkEvent::TasksLanded {
        tasks: vec![id(task)],
        commit: format!("merge-{task}"),
    }
}

/// Applies, and compares with what a replay of the event's JSON gives.
pub fn take(board: &mut Board, event: &WorkEvent) -> Result<(), BoardRefusal> {
    let json = serde_json::to_string(event).unwrap();
    let again: WorkEvent = serde_json::from_str(&json).unwrap();
    assert_eq!(*event, again);
    let mut other = board.clone();
    let result = board.apply(event);
    assert_eq!(other.apply(&again), result);
    assert_eq!(*board, other);
    result
}

pub fn all(board: &mut Board, events: &[WorkEvent]) {
    for event in events {
        take(board, event).unwrap_or_else(|refusal| panic!("{event:?}: {refusal}"));
    }
}

/// Takes a task from ready to in review.
pub fn to_review(board: &mut Board, task: &str, actor: &str) {
    let event = claim(board, &[task], actor);
    all(board, &[event]);
    let epoch = board.epoch;
    let begin = begin(board, task, epoch);
    all(
        board,
        &[
            begin,
            worktree(task, epoch),
            began(task, epoch),
            done(task, epoch),
        ],
    );
    all(board, &[proven(task, epoch, "tree")]);
}

/// Takes a task from in review to queued.
pub fn to_queue(board: &mut Board, task: &str) {
    let approve = |name| review(task, name, "tree", Verdict::Approve {});
    all(
        board,
        &[
            approve("one"),
            approve("two"),
            WorkEvent::Enqueued { task: id(task) },
        ],
    );
}

/// Takes a task from queued to green.
pub fn to_green(board: &mut Board, task: &str) {
    let made = candidate(board, task);
    let tasks = vec![id(task)];
    all(
        board,
        &[
            made,
            WorkEvent::CandidateChecking {
                tasks: tasks.clone(),
            },
            WorkEvent::CandidateGreen {
                tasks,
                checks: Vec::new(),
            },
        ],
    );
}

/// Takes a task from ready to landed.
pub fn land(board: &mut Board, task: &str, actor: &str) {
    to_review(board, task, actor);
    to_queue(board, task);
    to_green(board, task);
    all(board, &[landed(task)]);
}

pub fn ready(board: &Board) -> Vec<&str> {
    board
        .ready(1000)
        .map(|record| record.task.id.as_str())
        .collect()
}

pub fn set(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
